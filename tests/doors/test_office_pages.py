"""Officers' pages by HTTP: who gets in, what is written down, what is done once, what a page costs. How they look: `test_pages_in_a_browser.py`."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sandbox.papers import as_file
from tests.doors.browser import Browser
from tests.doors.test_acts import file_another, version
from tests.doors.test_filing import looks, persons_of
from tests.doors.world import World
from tests.unit.conversion.pdfs import SHEET, changed, scanned

QUEUE = "/can-bo/viec"
REASON = "Đã đối chiếu giấy khai sinh bản gốc."
At = Callable[..., Browser]


@pytest.fixture
def at_work(api: World) -> At:
    """An officer's browser, in their role, with the key shown."""

    return lambda role, **more: Browser(api).go_to_work(role, **more)


def case(api: World) -> str:
    return f"/can-bo/ho-so/{api.code}"


def line(api: World) -> str:
    return str(api.get(f"/office/dossiers/{api.code}/lines", "officer").json()[0]["number"])


def submit(browser: Browser, path: str, act: str, **fields: str) -> Any:
    return browser.submit(path, csrf=browser.csrf, viec=act, **{name.replace("_", "-"): value for name, value in fields.items()})


def proposed(api: World, browser: Browser, **more: str) -> Any:
    given = {"dong": line(api), "de_xuat": "chap-nhan", "ly_do": REASON, "phien_ban": str(version(api, api.code)), **more}
    return submit(browser, case(api), "de-xuat", **given)


def statements(captured: CaptureQueriesContext) -> int:
    return len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]])


# -- who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [QUEUE, f"{QUEUE}/tiep", "/can-bo/ho-so/G12"])
def test_without_the_key_an_officer_shows_it_first_and_comes_back(at_work: At, path: str) -> None:
    reply = at_work("officer", has_shown=False).get(f"{path}?han=qua-han")
    assert reply.status_code == 303
    assert reply["Location"].startswith("/can-bo/khoa?tiep=%2Fcan-bo%2F") and "han%3Dqua-han" in reply["Location"]


def test_the_key_page_sends_nobody_elsewhere(at_work: At) -> None:
    browser = at_work("officer", has_shown=False)
    page = browser.get("/can-bo/khoa?tiep=https://evil.example/").content.decode()
    assert 'data-next="https' not in page and 'data-next="/"' in page
    assert 'data-next="/can-bo/viec?han=qua-han"' in browser.get("/can-bo/khoa?tiep=%2Fcan-bo%2Fviec%3Fhan%3Dqua-han").content.decode()
    assert "noscript" in page


def test_a_lost_key_is_ended_and_what_it_opened_is_closed(api: World, at_work: At) -> None:
    browser = at_work("officer")
    keys = browser.get("/api/v1/officers/keys").json()
    reply = browser.submit("/can-bo/khoa", csrf=browser.csrf, khoa=keys[0]["key_id"], **{"ly-do": "lost"})
    assert reply["Location"] == "/can-bo/khoa?xong=bo"
    assert browser.get(QUEUE)["Location"].startswith("/can-bo/khoa")


@pytest.mark.parametrize(
    ("role", "status"),
    [("officer", 200), ("officer RECEPTION", 200), ("officer SUPERVISOR", 200), ("officer CONVERTER", 403), ("operator", 403)],
)
def test_each_role_sees_what_is_its_own(api: World, at_work: At, role: str, status: int) -> None:
    browser = at_work(role)
    assert browser.get(QUEUE).status_code == browser.get(case(api)).status_code == status


@pytest.mark.parametrize("path", [QUEUE, f"{QUEUE}/tiep", "/can-bo/ho-so/G12", "/can-bo/khoa"])
def test_who_is_no_officer_sees_nothing(api: World, path: str) -> None:
    browser = Browser(api)
    assert browser.get(path)["Location"].startswith("/dang-nhap?tiep=")
    browser.sign_in("citizen")
    assert browser.get(path).status_code == 403
    browser = Browser(api)
    browser.sign_in("officer")
    assert "ACC-038" in browser.get(path).content.decode(), "an officer signed in for themselves"


# -- the queue --------------------------------------------------------------------------------------------------------


def test_a_row_says_what_differs_and_nobodys_name(api: World, at_work: At) -> None:
    reply = at_work("officer").get(QUEUE)
    text = reply.content.decode()
    assert api.code in text and "Lệch ngày sinh" in text and "Chờ thẩm định" in text
    assert looks("dossier_line", reply["X-Request-Id"]) == set()
    assert not any(citizen.full_name in text for citizen in api.population.citizens)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("", True),
        ("?thu-tuc=register_employees&thu-tuc=report_mistake", True),
        ("?thu-tuc=report_mistake", False),
        ("?cho=tham-dinh", True),
        ("?cho=phe-duyet", False),
        ("?cho=chu-ky&cho=bo-sung", False),
        ("?cho=phe-duyet&cho=tham-dinh", True),
        ("?han=qua-han", False),
        ("?han=qua-han&han=hom-nay&han=ba-ngay&han=sau-do", True),
        ("?xac-minh=chua-ro", True),
        ("?xac-minh=sach", False),
        ("?xac-minh=sach&xac-minh=chua-ro", True),
        ("?cua-toi=1", False),
        ("?thu-tuc='; DROP TABLE x&han=never&sau=x~y", True),
    ],
)
def test_several_values_of_one_kind_widen_and_several_kinds_narrow(api: World, at_work: At, query: str, is_found: bool) -> None:
    text = at_work("officer").get(f"{QUEUE}{query}").content.decode()
    assert (f">{api.code}</a>" in text) is is_found
    assert ("Không có hồ sơ nào khớp" in text) is not is_found


def test_the_queue_goes_on_where_the_page_before_ended(api: World) -> None:
    from datetime import timedelta

    from bhxh.dossiers.models import Dossier
    from bhxh.dossiers.office_queue import QueueFilter, list_page
    from bhxh.kernel.clock import day_in_vietnam, now
    from bhxh.kernel.ids import uuid7

    row, on = Dossier.objects.get(code=api.code), day_in_vietnam(now())
    for n in range(7):
        row.dossier_id, row.code, row.idempotency_key, row.canonical_sha256 = uuid7(now()), f"L-{n}", f"L-{n}", f"L-{n}"
        row.due_on = on + timedelta(days=n // 3)
        row.save(force_insert=True)
    wanted, seen, after = QueueFilter(), [], None
    while rows := list_page(wanted, on=on, after=after, limit=3):
        seen += [(one.due_on, one.dossier_id) for one in rows]
        after = seen[-1]
    assert len(seen) == 8 and seen == sorted(seen) and len(set(seen)) == 8


def test_a_code_leads_straight_to_its_dossier(api: World, at_work: At) -> None:
    assert at_work("officer").get(f"{QUEUE}?ma={api.code.lower()}")["Location"] == case(api)


def test_the_next_dossier_keeps_the_filter_and_ends_at_the_queue(api: World, at_work: At) -> None:
    from bhxh.dossiers.queries import get_dossier

    browser = at_work("officer")
    assert browser.get(f"{QUEUE}/tiep?cho=tham-dinh")["Location"] == f"{case(api)}?cho=tham-dinh"
    found = get_dossier(api.code)
    after = f"{found.due_on}~{found.dossier_id}"
    assert browser.get(f"{QUEUE}/tiep?sau={after}&xong={api.code}")["Location"] == f"{QUEUE}?xong={api.code}"


def test_a_row_tells_nothing_that_stands_behind_a_look(api: World, at_work: At, dossier_id: UUID) -> None:
    from bhxh.dossiers.models import Line

    written = "72096698742"
    waiting = Line.objects.get(dossier_id=dossier_id, state="officer")
    waiting.findings = [
        {**waiting.findings[0], "code": "D02-101", "vi": f"Số “{written}” chỉ có 11 chữ số.", "parameters": {"written": written}}
    ]
    waiting.save()
    text = at_work("officer").get(QUEUE).content.decode()
    assert "Số “…” chỉ có … chữ số" in text and written not in text


# -- identical clean cases --------------------------------------------------------------------------------------------


def clean_reports(api: World, count: int = 3) -> list[str]:
    """Reports on which the rules found nothing to doubt, as a procedure that holds back its clean lines leaves them."""
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.models import Line
    from bhxh.dossiers.queries import get_dossier

    codes = []
    for n in range(count):
        code = api.post("/me/mistakes", {"group": "basic", "words": f"Sai {n}."}, "citizen").json()["code"]
        dossier_id = get_dossier(code).dossier_id
        tasks.gather(dossier_id=str(dossier_id))
        row = Line.objects.get(dossier_id=dossier_id)
        row.findings = [{**row.findings[0], "outcome": "computed"}]
        row.save()
        codes.append(code)
    return codes


def members(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="ho-so" value="')[1:]]


def test_identical_clean_cases_are_decided_together_and_each_by_itself(api: World, at_work: At) -> None:
    from bhxh.dossiers.queries import get_decisions, get_dossier

    codes, first, second = clean_reports(api), at_work("officer"), at_work("other officer")
    page = first.get(f"{QUEUE}/hang-loat").content.decode()
    assert [one.split("~")[0] for one in members(page)] == codes and api.code not in page
    given = {"csrf": first.csrf, "viec": "de-xuat", "ho-so": members(page), "ly-do": REASON}
    unread = first.client.post(f"{QUEUE}/hang-loat", given)
    assert unread.status_code == 422 and f"{REASON}</textarea>" in unread.content.decode()
    submit(second, f"/can-bo/ho-so/{codes[2]}", "nhan")
    for _ in range(2):
        text = first.client.post(f"{QUEUE}/hang-loat", {**given, "da-xem": "1"}).content.decode()
        assert "Đã xong 2 trên 3" in text and text.count("Đã đề xuất chấp nhận") == 2 and "đã thay đổi sau khi" in text
    page = second.get(f"{QUEUE}/hang-loat").content.decode()
    assert "Phê duyệt 2 hồ sơ" in page
    given = {"csrf": second.csrf, "viec": "phe-duyet", "ho-so": members(page), "da-xem": "1"}
    for _ in range(2):
        assert "Đã xong 2 trên 2" in second.client.post(f"{QUEUE}/hang-loat", given).content.decode()
    assert [len(get_decisions(get_dossier(code).dossier_id)) for code in codes] == [1, 1, 0]
    own = first.client.post(f"{QUEUE}/hang-loat", {**given, "csrf": first.csrf}).content.decode()
    assert "Đã xong 0 trên 2" in own


def test_a_tick_stays_only_over_the_cases_that_were_looked_at(api: World, at_work: At) -> None:
    first, other = at_work("officer"), at_work("other officer")
    codes = clean_reports(api)
    page = first.get(f"{QUEUE}/hang-loat").content.decode()
    [group] = re.findall(r'name="nhom" value="([^"]*)"', page)
    given = {"csrf": first.csrf, "viec": "de-xuat", "nhom": group, "ho-so": members(page), "ly-do": REASON, "da-xem": "1"}

    def in_english(**changed: object) -> str:
        return first.client.post(f"{QUEUE}/hang-loat?lang=en", given | changed).content.decode()

    same = in_english()
    assert f"{REASON}</textarea>" in same and " checked>" in same and "Decide together" in same
    assert REASON not in (gone := in_english(nhom="de-xuat~what_was_there~X")) and " checked>" not in gone
    submit(other, f"/can-bo/ho-so/{codes[2]}", "nhan")
    fewer = in_english()
    assert f"{REASON}</textarea>" in fewer and " checked>" not in fewer


def test_what_is_missing_is_said_in_the_group_it_is_missing_in(api: World, at_work: At) -> None:
    first, second = at_work("officer"), at_work("other officer")
    clean_reports(api, 4)
    half = members(first.get(f"{QUEUE}/hang-loat").content.decode())[:2]
    taken = {"csrf": first.csrf, "viec": "de-xuat", "ly-do": REASON, "da-xem": "1", "ho-so": half}
    assert "Đã xong 2 trên 2" in first.client.post(f"{QUEUE}/hang-loat", taken).content.decode()
    forms = second.get(f"{QUEUE}/hang-loat").content.decode().split('<form method="post"')[1:]
    assert len(forms) == 2
    for n, form in enumerate(forms):
        fields = dict(re.findall(r'<input type="hidden" name="(viec|nhom)" value="([^"]*)">', form))
        reply = second.submit(f"{QUEUE}/hang-loat", csrf=second.csrf, **{**fields, "ly-do": "Một lý do"})
        at_fault, other = reply.content.decode().split('<form method="post"')[1:][:: 1 if n == 0 else -1]
        assert reply.status_code == 422 and 'id="da-xem"' in at_fault and "govuk-error-message" in at_fault
        assert 'id="da-xem"' not in other and "govuk-error-message" not in other and "Một lý do" not in other


def test_what_is_doubtful_is_never_decided_together(api: World, at_work: At) -> None:
    browser = at_work("officer")
    assert "Không có hồ sơ nào giống nhau" in browser.get(f"{QUEUE}/hang-loat").content.decode()
    given = {
        "csrf": browser.csrf,
        "viec": "de-xuat",
        "ly-do": REASON,
        "da-xem": "1",
        "ho-so": [f"{api.code}~{version(api, api.code)}", "G12~1"],
    }
    text = browser.client.post(f"{QUEUE}/hang-loat", given).content.decode()
    assert "Đã xong 0 trên 2" in text and "mở riêng" in text and "Không tìm thấy hồ sơ" in text
    assert at_work("officer RECEPTION").get(f"{QUEUE}/hang-loat").status_code == 403


# -- a dossier --------------------------------------------------------------------------------------------------------


def test_whoever_is_shown_sees_the_look(api: World, at_work: At, dossier_id: UUID) -> None:
    reply = at_work("officer RECEPTION").get(case(api))
    text = reply.content.decode()
    assert looks("dossier_line", reply["X-Request-Id"]) == persons_of(dossier_id, [int(line(api))])
    assert "Cần xem" in text and "D02-110" in text and "Nghị định số 164/2025" in text
    assert "Đề xuất quyết định" not in text and 'value="nhan"' not in text, "reception decides nothing"


def test_taken_and_given_back(api: World, at_work: At) -> None:
    browser, other = at_work("officer"), at_work("other officer")
    assert submit(browser, case(api), "nhan")["Location"] == case(api)
    assert "đang do lan làm" in other.get(case(api)).content.decode()
    assert api.code in browser.get(f"{QUEUE}?cua-toi=1").content.decode()
    submit(other, case(api), "tra")
    assert "Trả lại hàng việc" in browser.get(case(api)).content.decode(), "only who has it gives it back"
    submit(browser, case(api), "tra")
    assert "đang do" not in browser.get(case(api)).content.decode()


def test_what_is_missing_is_said_at_its_field_and_typed_words_stay(api: World, at_work: At) -> None:
    reply = proposed(api, at_work("officer"), de_xuat="tu-choi", ly_do="Giấy tờ không khớp")
    text = reply.content.decode()
    assert reply.status_code == 422 and "<title>Lỗi:" in text
    assert text.index("govuk-error-summary") < text.index("<h1") and 'href="#can-cu"' in text
    assert "Giấy tờ không khớp</textarea>" in text
    assert proposed(api, at_work("officer"), dong="", ly_do="").content.decode().count("govuk-error-message") == 2


def test_granted_by_two_and_a_double_click_decides_once(api: World, at_work: At, dossier_id: UUID) -> None:
    from bhxh.dossiers.queries import get_decisions, list_appraisals

    first, second = at_work("officer"), at_work("other officer")
    seen = version(api, api.code)
    for _ in range(2):
        reply = proposed(api, first, phien_ban=str(seen))
        assert (reply.status_code, reply["Location"].split("&")[0].split("=")[0]) == (303, f"{QUEUE}/tiep?sau")
    assert len(list_appraisals(dossier_id)) == 1
    page = first.get(case(api)).content.decode()
    assert "nguyên tắc bốn mắt" in page and "Có thể phê duyệt: minh" in page
    assert submit(first, case(api), "phe-duyet", dong=line(api), phien_ban=str(version(api, api.code))).status_code == 403
    before, seen, number = len(get_decisions(dossier_id)), version(api, api.code), line(api)
    assert REASON in second.get(case(api)).content.decode()
    for _ in range(2):
        assert submit(second, case(api), "phe-duyet", dong=number, phien_ban=str(seen)).status_code == 303
    assert len(get_decisions(dossier_id)) == before + 1
    assert "Đã xử lý xong" in second.get(case(api)).content.decode()


def test_a_refusal_is_read_as_a_letter_before_it_is_proposed(api: World, at_work: At, dossier_id: UUID) -> None:
    from bhxh.dossiers.queries import list_appraisals

    browser = at_work("officer")
    law = "Luật số 41/2024/QH15, Điều 31"
    given = {"de_xuat": "tu-choi", "ly_do": "Ngày sinh không đúng", "can_cu": law, "phien_ban": str(version(api, api.code))}
    preview = proposed(api, browser, **given)
    text = preview.content.decode()
    assert preview.status_code == 200 and f"Ngày sinh không đúng. Căn cứ: {law}." in text and api.code in text
    assert re.search(r"Cán bộ đang xem:(<br>|\s)*0\b", text), "as it will be, not as it is"
    assert list_appraisals(dossier_id) == ()
    again = proposed(api, browser, **given, sua="1")
    assert again.status_code == 200 and "Ngày sinh không đúng</textarea>" in again.content.decode()
    assert proposed(api, browser, **given, da_xem="1").status_code == 303
    [made] = list_appraisals(dossier_id)
    assert (made.proposal, made.reason) == ("refuse", f"Ngày sinh không đúng. Căn cứ: {law}.")


def test_everything_missing_is_asked_at_once_and_once(api: World, at_work: At, dossier_id: UUID) -> None:
    from bhxh.notices.models import Message

    browser = at_work("officer")
    nothing = submit(browser, case(api), "bo-sung", so_ngay="0")
    assert nothing.status_code == 422 and nothing.content.decode().count("govuk-error-message") == 2
    page = browser.get(case(api)).content.decode()
    ticked = page.split('name="thieu" value="')[1].split('"')[0]
    given = {
        "thieu": ticked,
        "thieu_1": "Thiếu hợp đồng lao động",
        "thieu_2": "Thiếu tờ khai",
        "thieu_2_en": "A form is missing",
        "so_ngay": "10",
        "phien_ban": str(version(api, api.code)),
    }
    preview = submit(browser, case(api), "bo-sung", **given).content.decode()
    assert "Thiếu hợp đồng lao động" in preview and "A form is missing" in preview and "Hồ sơ cần bổ sung" in preview
    assert not Message.objects.filter(kind="supplement", dossier_id=dossier_id).exists()
    for _ in range(2):
        assert submit(browser, case(api), "bo-sung", **given, da_xem="1").status_code == 303
    letter = Message.objects.get(kind="supplement", dossier_id=dossier_id)
    assert letter.body_text.count("Thiếu hợp đồng lao động") >= 1 and "Ngày sinh" in letter.body_text
    assert api.code in browser.get(f"{QUEUE}?cho=bo-sung").content.decode()
    assert submit(browser, case(api), "bo-sung", so_ngay="0").status_code == 303, "done already"


def test_a_page_that_is_out_of_date_says_so_and_keeps_the_words(api: World, at_work: At) -> None:
    first, second = at_work("officer"), at_work("other officer")
    seen = version(api, api.code)
    submit(second, case(api), "nhan")
    reply = proposed(api, first, phien_ban=str(seen), ly_do="Ý kiến của tôi")
    text = reply.content.decode()
    assert reply.status_code == 409 and "Ý kiến của tôi" in text and "DOS-004" in text and f'href="{case(api)}"' in text


def test_changing_the_language_does_nothing_and_keeps_the_words(api: World, at_work: At, dossier_id: UUID) -> None:
    from bhxh.dossiers.queries import get_dossier, list_appraisals

    browser = at_work("officer")
    assert 'form="form" formaction=' in browser.get(case(api)).content.decode(), "the switch sends what was typed"
    path, there = f"{case(api)}?lang=en", {"csrf": browser.csrf, "phien-ban": str(version(api, api.code))}
    grant = {**there, "viec": "de-xuat", "dong": line(api), "de-xuat": "chap-nhan", "ly-do": REASON}
    text = browser.client.post(path, grant).content.decode()
    assert "Propose a decision" in text and f"{REASON}</textarea>" in text and 'value="chap-nhan" checked' in text
    asked = {**there, "viec": "bo-sung", "thieu-1": "Thiếu tờ khai", "so-ngay": "12"}
    text = browser.client.post(path, asked).content.decode()
    assert 'value="Thiếu tờ khai"' in text and 'value="12"' in text and "What the rules found unclear" in text
    law = "Luật số 41/2024/QH15, Điều 31"
    for letter in ({**grant, "de-xuat": "tu-choi", "can-cu": law}, asked):
        text = browser.client.post(path, {**letter, "doc-thu": "1"}).content.decode()
        assert "Read the letter first" in text and 'name="doc-thu" value="1"' in text
    assert list_appraisals(dossier_id) == () and get_dossier(api.code).state == "IN_PROCESS"


def test_what_was_written_for_many_cases_is_kept_when_the_language_changes(api: World, at_work: At) -> None:
    clean_reports(api)
    browser = at_work("officer")
    page = browser.get(f"{QUEUE}/hang-loat").content.decode()
    group = re.findall(r'name="nhom" value="([^"]*)"', page)[-1]
    given = {"csrf": browser.csrf, "viec": "de-xuat", "nhom": group, "ho-so": members(page), "ly-do": REASON, "da-xem": "1"}
    text = browser.client.post(f"{QUEUE}/hang-loat?lang=en", given).content.decode()
    assert f"{REASON}</textarea>" in text and 'name="da-xem" value="1" checked' in text and "Decide together" in text
    assert members(text) == members(page), "nothing was done"


def test_a_form_of_somewhere_else_does_nothing(api: World, at_work: At) -> None:
    browser = at_work("officer")
    assert browser.submit(case(api), viec="nhan", csrf="made-up").status_code == 403


def test_a_signature_nobody_proves_is_ended(api: World, at_work: At) -> None:
    from bhxh.dossiers.models import Dossier
    from bhxh.dossiers.signature_commands import ASKED_AT_LEAST

    code, browser = file_another(api), at_work("officer")
    Dossier.objects.filter(code=code).update(signature_pending=True, gather_rounds=ASKED_AT_LEAST)
    assert code in browser.get(f"{QUEUE}?cho=chu-ky").content.decode()
    path = f"/can-bo/ho-so/{code}"
    assert submit(browser, path, "chu-ky", phien_ban=str(version(api, code))).status_code == 422
    reply = submit(browser, path, "chu-ky", ly_do_chu_ky="Khóa bị báo mất", phien_ban=str(version(api, code)))
    assert reply.status_code == 303
    assert Dossier.objects.get(code=code).state == "STOPPED"


def test_a_document_is_saved_and_everybody_it_may_name_sees_the_look(api: World, at_work: At, dossier_id: UUID) -> None:
    from bhxh.dossiers.queries import list_all_lines

    browser = at_work("officer CONVERTER")
    digest = api.get(f"/office/dossiers/{api.code}/documents", "officer").json()[0]["sha256"]
    frame = browser.get(f"{case(api)}/giay-to/{digest}?khung=1")
    assert frame.status_code == 200 and looks("document", frame["X-Request-Id"]) == set()
    reply = browser.get(f"{case(api)}/giay-to/{digest}")
    assert (reply.status_code, reply["Content-Disposition"], reply["Cache-Control"]) == (200, "attachment", "no-store")
    assert "sandbox" in reply["Content-Security-Policy"]
    assert looks("document", reply["X-Request-Id"]) == persons_of(dossier_id, [one.number for one in list_all_lines(dossier_id)])
    assert browser.get(f"{case(api)}/giay-to/{'0' * 64}").status_code == 404


def supplied(dossier_id: UUID, content: bytes, media_type: str = "application/pdf") -> str:
    """A paper that the filer sent along. Returns its digest."""
    from bhxh.dossiers.models import SuppliedComponent
    from bhxh.warehouse.owners import Owner
    from bhxh.warehouse.store import store_blob

    digest = store_blob(content, owner=Owner("employer", 1))
    SuppliedComponent.objects.create(
        dossier_id=dossier_id,
        n=SuppliedComponent.objects.filter(dossier_id=dossier_id).count() + 50,
        code="proof",
        is_reused=False,
        source_kind="SUBMITTER",
        source_system="submitter",
        content_sha256=digest,
        media_type=media_type,
    )
    return digest


def test_a_scan_lies_beside_the_case_page_by_page_without_a_script(api: World, at_work: At, dossier_id: UUID) -> None:
    from bhxh.dossiers.queries import list_all_lines

    digest, browser = supplied(dossier_id, scanned(3)), at_work("officer")
    file = f"{case(api)}/giay-to/{digest}"
    listed = browser.get(f"{case(api)}?cho=tham-dinh").content.decode()
    assert (
        f'href="{case(api)}?cho=tham-dinh&amp;xem={digest}&amp;trang=1#viewer" hx-get="{file}?cho=tham-dinh&amp;khung=1&amp;trang=1"'
        in listed
    )
    beside = browser.get(f"{case(api)}?cho=tham-dinh&xem={digest}&trang=2")
    text = beside.content.decode()
    assert f'<img src="{file}/trang/2"' in text and "Trang 2 trên 3" in text
    assert f"xem={digest}&amp;trang=1#viewer" in text and f"xem={digest}&amp;trang=3#viewer" in text
    assert looks("document", beside["X-Request-Id"]) == set(), "the sheet is a look of its own"
    part = browser.get(f"{file}?khung=1&trang=3").content.decode()
    assert f'<img src="{file}/trang/3"' in part and 'rel="next"' not in part and "<html" not in part
    reply = browser.get(f"{file}/trang/2")
    assert (reply["Content-Type"], reply["Content-Disposition"], reply["Cache-Control"]) == ("image/jpeg", "inline", "no-store")
    assert (reply["Content-Security-Policy"], reply["X-Content-Type-Options"]) == ("default-src 'none'; sandbox", "nosniff")
    assert looks("document", reply["X-Request-Id"]) == persons_of(dossier_id, [one.number for one in list_all_lines(dossier_id)])


def test_a_photograph_is_looked_at_and_a_text_is_said_to_be_saved(api: World, at_work: At, dossier_id: UUID) -> None:
    browser = at_work("officer")
    photograph, text = supplied(dossier_id, as_file(SHEET), "image/jpeg"), supplied(dossier_id, changed(b"BT /F1 9 Tf (1) Tj ET"))
    file = f"{case(api)}/giay-to/{photograph}"
    assert f'<img src="{file}"' in browser.get(f"{case(api)}?xem={photograph}&trang=999").content.decode()
    shown = browser.get(f"{case(api)}?xem={text}").content.decode()
    assert "không phải bản quét" in shown and f'href="{case(api)}/giay-to/{text}" download' in shown and "<img src" not in shown


@pytest.mark.parametrize(
    "path", ["{text}/trang/1", "{scan}/trang/2", "{scan}/trang/0", "{other}/trang/1", "{scan}/trang/99999999999999999999"]
)
def test_what_is_no_sheet_of_this_dossier_is_not_shown(api: World, at_work: At, dossier_id: UUID, path: str) -> None:
    other = supplied(UUID(int=7), scanned(2))
    digests = {"text": supplied(dossier_id, changed(b"BT /F1 9 Tf (1) Tj ET")), "scan": supplied(dossier_id, scanned()), "other": other}
    reply = at_work("officer").get(f"{case(api)}/giay-to/{path.format(**digests)}")
    assert reply.status_code == 404 and looks("document", reply["X-Request-Id"]) == set()
    assert at_work("officer").get(f"{case(api)}?xem={other}").status_code == 404
    assert at_work("operator").get(f"{case(api)}/giay-to/{digests['scan']}/trang/1").status_code == 403


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("de-xuat", {"de_xuat": "tu-choi", "ly_do": "Giấy khai sinh khác.", "can_cu": "{law}"}),
        ("bo-sung", {"thieu-1": "Bản sao giấy khai sinh", "so_ngay": "15"}),
    ],
)
def test_a_letter_read_before_it_is_sent_is_a_look(api: World, at_work: At, dossier_id: UUID, act: str, fields: dict[str, str]) -> None:
    """It may tell what stands on the lines."""
    browser = at_work("officer")
    law = re.findall(r"<option>([^<]+)</option>", browser.get(case(api)).content.decode())[0]
    given = {name: value.format(law=html.unescape(law)) for name, value in fields.items()}
    reply = submit(browser, case(api), act, dong=line(api), phien_ban=str(version(api, api.code)), **given)
    assert reply.status_code == 200 and "Xem thư trước khi gửi" in reply.content.decode()
    assert looks("dossier_line", reply["X-Request-Id"]) == persons_of(dossier_id, [int(line(api))])


def test_who_may_approve_is_named_however_many_officers_there_are(api: World, at_work: At) -> None:
    from bhxh.access.models import Officer
    from bhxh.kernel.clock import day_in_vietnam, now

    on, minh = day_in_vietnam(now()), Officer.objects.get(login="minh")
    for n in range(600):
        Officer.objects.create(login=f"a-{n}", account=f"eid:x:{n}", agency_code=minh.agency_code, roles=["APPRAISER"], from_on=on)
    Officer.objects.create(login="b-skilled", account="eid:x:b", agency_code="1", roles=["APPROVER"], skills=["report_mistake"], from_on=on)
    browser = at_work("officer")
    assert proposed(api, browser).status_code == 303
    text = browser.get(case(api)).content.decode()
    assert "minh" in text.split("Có thể phê duyệt: ")[1].split("</p>")[0] and "b-skilled" not in text


def test_what_was_asked_is_shown_in_the_words_in_which_it_was_asked(api: World, at_work: At) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    code = api.post("/me/mistakes", {"group": "social_insurance", "words": "Thiếu tháng 3."}, "citizen").json()["code"]
    tasks.gather(dossier_id=str(get_dossier(code).dossier_id))
    browser = at_work("officer")
    text = browser.get(f"/can-bo/ho-so/{code}").content.decode()
    assert "<dt>Phần nào bị sai?</dt>" in text and "<dt>Sai thế nào?</dt>" in text and ">social_insurance<" not in text
    assert "<dt>Which part is wrong?</dt>" in browser.get(f"/can-bo/ho-so/{code}?lang=en").content.decode()


@pytest.mark.parametrize("number", ["²", "٣", "-1", "9999999", "x", "1e3"])
def test_a_number_that_is_none_is_none(api: World, at_work: At, dossier_id: UUID, number: str) -> None:
    browser, scan = at_work("officer"), supplied(dossier_id, scanned(2))
    reply = browser.get(f"{case(api)}?{urlencode({'dong': number, 'xem': scan, 'trang': number})}")
    text = reply.content.decode()
    assert reply.status_code == 200 and (f"/giay-to/{scan}/trang/1" in text or f"/giay-to/{scan}/trang/2" in text)
    given = {"dong": number, "de_xuat": "chap-nhan", "ly_do": REASON, "phien_ban": number}
    assert submit(browser, case(api), "de-xuat", **given).status_code == 422
    assert submit(browser, case(api), "bo-sung", **{"thieu-1": "Giấy", "so_ngay": number}).status_code == 422
    bulk = {"csrf": browser.csrf, "viec": "de-xuat", "ly-do": REASON, "da-xem": "1", "ho-so": f"{api.code}~{number}"}
    assert "Đã xong 0 trên 1" in browser.client.post(f"{QUEUE}/hang-loat", bulk).content.decode()


def test_a_code_that_was_made_up_stays_with_us(at_work: At) -> None:
    browser = at_work("officer")
    for made_up in ("//evil.example", "../../dang-xuat", "x?lang=en#y", "a\r\nSet-Cookie: b"):
        reply = browser.get(f"{QUEUE}?{urlencode({'ma': made_up})}")
        assert reply.status_code == 303 and re.fullmatch(r"/can-bo/ho-so/[^/?#\s]+", reply["Location"]), reply["Location"]


def test_how_many_statements_a_page_costs(api: World, at_work: At) -> None:
    """A snapshot. What it costs in time: `python -m bench pages`."""
    browser, counted = at_work("officer"), {}
    for path in (QUEUE, f"{QUEUE}?xac-minh=chua-ro&cho=tham-dinh&han=sau-do", case(api)):
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        counted[path.partition("?")[0]] = statements(captured)
    assert counted == {QUEUE: 7, case(api): 12}
