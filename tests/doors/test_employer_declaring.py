"""From a spreadsheet to the receipt on an organisation's pages: what is refused and why, what is kept, what is done once."""

import io
import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.doors.browser import Browser
from tests.doors.test_employer_pages import Opened, opened, text_of
from tests.doors.test_filing import looks
from tests.doors.test_remote_signing import Device
from tests.doors.world import World

__all__ = ["opened"]


def upload(browser: Browser, content: bytes, *, name: str = "d02.xlsx", once: str = "one", **more: str) -> Any:
    fields = {"csrf": browser.csrf, "lan": once, "ky": browser.world.period, "dot": "9", **more}
    return browser.client.post("/don-vi/khai-bao", {**fields, "tep": SimpleUploadedFile(name, content)})


def checked(browser: Browser, content: bytes, **more: str) -> str:
    """The page of a list whose check is done."""
    from bhxh.doors.jobs import tasks

    address = str(upload(browser, content, **more)["Location"])
    tasks.check_list(check_id=address.rpartition("/")[2])
    return address


def test_the_template_is_an_empty_list(api: World, opened: Opened) -> None:
    from bhxh.kernel.errors import Invalid
    from bhxh.procedures.register_employees.workbook_reading import read_workbook

    reply = opened().get("/don-vi/khai-bao/mau.xlsx")
    assert reply["Content-Disposition"] == 'attachment; filename="mau-d02.xlsx"'
    with pytest.raises(Invalid) as refused:
        read_workbook(reply.content)
    assert refused.value.code == "D02-008", "understood, and no row is filled"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "EMP-001", "Chọn tệp"),
        (b"so,ten\n1,An", "D02-002", "xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 password", "D02-003", "mật khẩu"),
    ],
)
def test_what_is_no_workbook_is_said_at_once_and_the_period_stays(opened: Opened, content: bytes, code: str, words: str) -> None:
    from bhxh.dossiers.models import ListCheck

    browser = opened()
    reply = upload(browser, content, ky="10/2026") if content else browser.submit("/don-vi/khai-bao", csrf=browser.csrf, ky="10/2026")
    assert reply.status_code == 422 and words in text_of(reply)
    assert 'value="10/2026"' in text_of(reply) and "<title>Lỗi:" in text_of(reply)
    assert not ListCheck.objects.exists()


@pytest.mark.parametrize("batch", ["0", "1000", "0001000", "0999" + "9" * 20, "0001" + "9" * 5_000, "một"])
def test_the_number_of_a_list_is_one_to_999(api: World, opened: Opened, batch: str) -> None:
    from bhxh.dossiers.models import ListCheck

    reply = upload(opened(), api.workbook, dot=batch)
    assert reply.status_code == 422 and "số đợt từ 1 đến 999" in text_of(reply)
    assert not ListCheck.objects.exists()


def test_a_bomb_and_macros_are_refused(opened: Opened) -> None:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    assert upload(opened(), packed.getvalue()).status_code == 422


def test_a_file_too_large_is_refused_before_it_is_read(api: World, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from bhxh.doors import partners

    partners.bind(replace(partners.partners(), maximum_upload_bytes=1024))
    reply = upload(opened(), api.workbook)
    assert reply.status_code == 413 and "Tệp nặng hơn" in text_of(reply)


def test_a_list_is_checked_step_by_step_and_its_verdicts_stand_at_their_cells(api: World, opened: Opened) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.models import Dossier

    before = Dossier.objects.count()
    browser = opened()
    address = str(upload(browser, api.workbook)["Location"])
    waits = text_of(browser.get(address))
    assert 'hx-trigger="every 2s"' in waits and "đang chờ" in waits
    tasks.check_list(check_id=address.rpartition("/")[2])
    done = browser.get(address)
    text = text_of(done)
    assert "hx-trigger" not in text
    assert "dòng cần sửa trong 32 dòng" in text and "D02-141" in text and re.search(r'class="cell code">[A-Z]+\d+<', text)
    assert "Chênh lệch phải đóng" in text
    assert looks("identity_check", done["X-Request-Id"])
    assert Dossier.objects.count() == before, "nothing is filed by checking"
    tasks.check_list(check_id=address.rpartition("/")[2])
    assert _without_keys(text_of(browser.get(address))) == _without_keys(text), "a job that runs twice changes nothing"


def test_the_marked_file_comes_back_with_a_result_in_every_row(api: World, opened: Opened) -> None:
    import openpyxl

    browser = opened()
    reply = browser.get(f"{checked(browser, api.workbook)}/tep-danh-dau")
    sheet = openpyxl.load_workbook(io.BytesIO(reply.content)).worksheets[0]
    results = [str(row[-1].value) for row in sheet.iter_rows(min_row=4) if row[-1].value]
    assert len(results) == 32
    assert {text.partition(".")[0].partition(",")[0] for text in results} >= {"Đạt", "Chưa đạt", "Cán bộ sẽ xem xét"}
    assert "Đã giải quyết" not in "".join(results), "nothing was decided"
    assert looks("identity_check", reply["X-Request-Id"])


def test_what_the_page_says_it_will_cost_is_what_granting_writes(api: World, opened: Opened) -> None:
    """The money told before signing is the money in the ledger after the clean lines were granted."""
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.models import ListCheck
    from bhxh.dossiers.queries import get_dossier
    from bhxh.ledger.models import ContributionLine

    def in_ledger() -> int:
        return sum(
            (1 if line.reverses_n is None else -1) * (line.worker_vnd + line.employer_vnd) for line in ContributionLine.objects.all()
        )

    browser = opened()
    address = checked(browser, _hires(api))
    money = ListCheck.objects.get(check_id=address.rpartition("/")[2]).money
    before = in_ledger()
    code = _sign_by_token(api, browser, address)
    tasks.gather(dossier_id=str(get_dossier(code).dossier_id))
    foreseen = money["worker_vnd"] + money["employer_vnd"] - money["taken_back_worker_vnd"] - money["taken_back_employer_vnd"]
    assert money["lines"] > 0 and in_ledger() - before == foreseen > 0


def test_a_double_click_is_one_list_and_another_file_by_the_same_form_is_another(api: World, opened: Opened) -> None:
    browser = opened()
    first, again = (upload(browser, api.workbook)["Location"] for _ in range(2))
    assert first == again
    assert upload(browser, _hires(api))["Location"] != first


def test_the_right_lines_are_filed_and_the_wrong_ones_left_out(api: World, opened: Opened) -> None:
    from bhxh.dossiers.queries import get_dossier, list_all_lines

    browser = opened()
    address = checked(browser, api.workbook)
    text = text_of(browser.get(address))
    right = re.findall(r"Nộp (\d+) dòng đúng trước", text)[0]
    code = _sign_by_token(api, browser, address)
    lines = list_all_lines(get_dossier(code).dossier_id)
    assert len(lines) == int(right) < 32
    page = text_of(browser.get(f"/don-vi/ho-so/{code}/da-nop"))
    assert re.search(r"\d\d:\d\d \d\d/\d\d/\d{4}", page) and code in page
    assert code in text_of(browser.get(f"{address}/ky")), "what was filed is told where it was prepared"


def test_the_same_signature_sent_twice_files_once(api: World, opened: Opened) -> None:
    from bhxh.dossiers.models import Dossier

    browser = opened()
    draft = _prepared(api, browser, checked(browser, api.workbook))
    before = Dossier.objects.count()
    replies = [_signed(api, browser, draft) for _ in range(2)]
    assert {reply["Location"] for reply in replies} == {replies[0]["Location"]}
    assert Dossier.objects.count() == before + 1
    assert browser.get(draft)["Location"] == replies[0]["Location"]


def test_a_signature_of_another_document_is_refused_and_the_draft_stays(api: World, opened: Opened) -> None:
    browser = opened()
    draft = _prepared(api, browser, checked(browser, api.workbook))
    assert api.signer is not None
    wrong = browser.client.post(
        draft, {"csrf": browser.csrf, "viec": "ky", "chu-ky": SimpleUploadedFile("s.bin", api.signer.sign(b"another document"))}
    )
    assert wrong.status_code == 422 and "<title>Lỗi:" in text_of(wrong)
    assert _signed(api, browser, draft).status_code == 303


def test_the_holder_is_asked_on_the_device_declines_and_approves(api: World, opened: Opened) -> None:
    for left in Device(api).waiting():  # by other tests
        Device(api).answer(left, "refuse")
    browser = opened()
    address = checked(browser, api.workbook)
    draft = str(browser.submit(f"{address}/ky", csrf=browser.csrf, lan="k", cach="dich-vu")["Location"])
    asked = browser.submit(draft, csrf=browser.csrf, viec="hoi")
    assert asked["Location"] == f"{draft}/cho"
    waits = browser.get(f"{draft}/cho")
    assert 'hx-trigger="every 3s"' in text_of(waits)
    by_itself = {"csrf": browser.csrf, "tu-hoi": "1"}
    poll = browser.client.post(f"{draft}/cho", by_itself, headers={"HX-Request": "true"})
    assert poll.status_code == 204, "no news, nothing moves"
    sent_again = browser.client.post(f"{draft}/cho", by_itself)
    assert sent_again.status_code == 200 and "Đã gửi câu hỏi" in text_of(sent_again), "a person pressed, after signing in again"
    still = browser.submit(f"{draft}/cho", csrf=browser.csrf)
    assert still.status_code == 200 and "Đã gửi câu hỏi" in text_of(still)
    _say(api, "refuse")
    declined = browser.submit(f"{draft}/cho", csrf=browser.csrf)
    assert declined.status_code == 403 and "CON-104" in text_of(declined) and "Chưa có gì được nộp" in text_of(declined)
    by_script = browser.client.post(f"{draft}/cho", {"csrf": browser.csrf}, headers={"HX-Request": "true"})
    assert by_script.status_code == 200 and "hx-post" not in text_of(by_script), "a script shows what it is answered, and asks no more"
    assert "Chưa có gì được nộp" in text_of(by_script)
    browser.submit(draft, csrf=browser.csrf, viec="hoi")
    _say(api, "approve")
    filed = browser.client.post(f"{draft}/cho", {"csrf": browser.csrf}, headers={"HX-Request": "true"})
    assert filed.status_code == 204 and filed["HX-Redirect"].endswith("/da-nop")
    assert browser.submit(f"{draft}/cho", csrf=browser.csrf)["Location"] == filed["HX-Redirect"]
    code = filed["HX-Redirect"].split("/")[3]
    for path in (address, "/don-vi/khai-bao"):
        assert "Đã nộp" in text_of(browser.get(path)), path
    checked_page = text_of(browser.get(address))
    assert f'href="/don-vi/ho-so/{code}"' in checked_page and "Chưa có gì được nộp" not in checked_page and "Ký và nộp" not in checked_page


def test_a_list_is_confirmed_by_e_id_while_the_rule_allows(api: World, opened: Opened) -> None:
    from bhxh.dossiers.queries import get_dossier

    browser = opened()
    address = checked(browser, api.workbook)
    draft = str(browser.submit(f"{address}/ky", csrf=browser.csrf, lan="e", cach="dinh-danh")["Location"])
    digest = re.findall(r'name="ma-bam" value="([0-9a-f]{64})"', text_of(browser.get(draft)))[0]
    other = browser.submit(draft, csrf=browser.csrf, viec="xac-nhan", **{"ma-bam": "0" * 64})
    assert other.status_code == 422, "they saw something else"
    filed = browser.submit(draft, csrf=browser.csrf, viec="xac-nhan", **{"ma-bam": digest})
    code = filed["Location"].split("/")[3]
    assert re.search(
        r"trước \d\d:\d\d \d\d/\d\d/\d{4}, thường trong vài giây|đã gửi đến \S+ lúc \d\d:\d\d", text_of(browser.get(filed["Location"]))
    )
    assert get_dossier(code).proof["kind"] == "eid" and get_dossier(code).channel == "PORTAL"
    assert "Xác nhận bằng tài khoản định danh" in text_of(browser.get(f"/don-vi/ho-so/{code}"))


def test_repairs_that_the_clerk_confirms_are_judged_again(api: World, opened: Opened) -> None:
    browser = opened()
    address = checked(browser, api.workbook)
    assert "Có phải tệp muốn viết như sau?" in text_of(browser.get(address))
    first = re.findall(r'name="dong" id="[^"]+" value="(\d+)"', browser.get(address).content.decode())[0]
    switched = browser.client.post(f"{address}?lang=en", {"csrf": browser.csrf, "dong": first})
    assert f'value="{first}" checked' in switched.content.decode(), "the language changes, what was ticked stays"
    browser.get("/?lang=vi")
    nothing = browser.submit(f"{address}/xac-nhan", csrf=browser.csrf)
    assert nothing.status_code == 422 and "<title>Lỗi:" in text_of(nothing) and "Đánh dấu ít nhất một dòng" in text_of(nothing)
    reply = browser.client.post(f"{address}/xac-nhan", {"csrf": browser.csrf, "tat-ca": "1"})
    from bhxh.doors.jobs import tasks

    tasks.check_list(check_id=reply["Location"].rpartition("/")[2])
    wrong = [int(re.findall(r"(\d+) dòng cần sửa trong", text_of(browser.get(one)))[0]) for one in (address, reply["Location"])]
    assert wrong[1] < wrong[0]


def test_another_organisations_list_and_draft_are_not_there(api: World, opened: Opened) -> None:
    browser, other = opened(), opened("other clerk")
    address = checked(browser, api.workbook)
    draft = _prepared(api, browser, address)
    for path in (address, f"{address}/tep-danh-dau", f"{address}/ky", draft, f"{draft}/noi-dung", f"{draft}/tai-lieu", f"{draft}/cho"):
        assert browser.get(path).status_code == 200, path
        assert other.get(path).status_code == 404, path
    assert "d02.xlsx" not in text_of(other.get("/don-vi/khai-bao"))


def test_a_register_that_is_down_leaves_lines_to_officers_and_says_so(api: World, opened: Opened) -> None:
    api.misbehave("population", "down")
    browser = opened()
    text = text_of(browser.get(f"{checked(browser, _hires(api))}?xem=tat-ca"))
    assert "Cán bộ sẽ xem" in text and "Chưa có gì được nộp" in text


def test_an_error_of_ours_is_told_and_nothing_hangs(api: World, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    from bhxh.doors.jobs import tasks

    browser = opened()
    address = str(upload(browser, api.workbook)["Location"])

    def crash(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(tasks, "check_kept_list", crash)
    tasks.check_list(check_id=address.rpartition("/")[2])
    text = text_of(browser.get(address))
    assert "Có lỗi ở phía chúng tôi" in text and "hx-trigger" not in text


def test_lists_go_after_their_week(api: World, opened: Opened) -> None:
    from datetime import timedelta

    from bhxh.doors.partners import partners
    from bhxh.dossiers.flows import sweep
    from bhxh.dossiers.models import ListCheck
    from bhxh.kernel.clock import now

    browser = opened()
    address = checked(browser, api.workbook)
    ListCheck.objects.update(expires_at=now() - timedelta(seconds=1))
    assert browser.get(address).status_code == 404
    sweep(now(), sender=partners().sender)
    assert not ListCheck.objects.exists()


def _say(api: World, answer: str) -> None:
    device = Device(api)
    [question] = device.waiting()
    device.answer(question, answer)


def _without_keys(text: str) -> str:
    return re.sub(r'name="lan" value="[0-9a-f]+"', "", text)


def test_however_many_documents_were_prepared_they_are_looked_up_together(api: World, opened: Opened) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = opened()
    address = checked(browser, _hires(api))
    costs = []
    for once in ("one", "two", "three"):
        _prepared(api, browser, address, once=once)
        with CaptureQueriesContext(connection) as captured:
            shown = text_of(browser.get(f"{address}/ky"))
        costs.append(len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]]))
    assert len(set(re.findall(r'href="/don-vi/ky/[0-9a-f-]{36}"', shown))) > 1
    assert len(set(costs)) == 1, costs


def _hires(api: World, count: int = 6) -> bytes:
    """People who join and about whom nothing is doubtful."""
    from bhxh.registry.synthetic import register_view
    from samples.make_d02_workbook import _hire, demo_lines, demo_period, make_large

    view, month = register_view(api.population), demo_period(api.population)
    listed = {str(line["si_code"]) for line in demo_lines(api.population)} | {*view.mismatched_pins, *view.missing_pins}
    free = [one for one in api.population.hire_candidates if one.pin not in listed and one.pin.lstrip("0") not in listed]
    assert len(free) >= count
    return make_large([{**_hire(one, month, 0), "worker_reference": number} for number, one in enumerate(free[:count], 1)])


def _prepared(api: World, browser: Browser, address: str, *, once: str = "sign") -> str:
    assert api.signer is not None
    certificate = SimpleUploadedFile("c.der", api.signer.certificate)
    reply = browser.client.post(f"{address}/ky", {"csrf": browser.csrf, "lan": once, "cach": "token", "chung-thu": certificate})
    assert reply.status_code == 303, text_of(reply)
    return str(reply["Location"])


def _signed(api: World, browser: Browser, draft: str) -> Any:
    from bhxh.dossiers.models import Draft

    assert api.signer is not None
    to_sign = bytes(Draft.objects.get(draft_id=UUID(draft.rpartition("/")[2])).to_sign)
    fields = {"csrf": browser.csrf, "viec": "ky", "chu-ky": SimpleUploadedFile("s.bin", api.signer.sign(to_sign))}
    return browser.client.post(draft, fields)


def _sign_by_token(api: World, browser: Browser, address: str) -> str:
    reply = _signed(api, browser, _prepared(api, browser, address))
    assert reply.status_code == 303, text_of(reply)
    return str(reply["Location"].split("/")[3])
