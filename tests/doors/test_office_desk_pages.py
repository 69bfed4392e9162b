"""Officers' pages about persons, books and paper by HTTP: who gets in, what is shown and written down, what is done once."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.component.conversion.conftest import photo
from tests.doors.browser import Browser
from tests.doors.test_conversions import CONVERTER, SECOND, WHY, make_second
from tests.doors.test_filing import looks, person_of
from tests.doors.test_officers import WORDS, looks_of
from tests.doors.world import World
from tests.unit.conversion.pdfs import scanned

PERSONS, BOOKS, DESK, MISTAKES = "/can-bo/tra-cuu", "/can-bo/so", "/can-bo/so-hoa", "/can-bo/bao-sai"
At = Callable[..., Browser]


@pytest.fixture
def at_work(api: World) -> At:
    """An officer's browser, in their role, with the key shown."""
    return lambda role, **more: Browser(api).go_to_work(role, **more)


def submit(browser: Browser, path: str, **fields: Any) -> Any:
    return browser.submit(path, csrf=browser.csrf, **{name.replace("_", "-"): value for name, value in fields.items()})


@pytest.mark.parametrize(
    ("path", "let_in", "kept_out"),
    [
        (PERSONS, ("officer", "officer REGISTRAR", "officer AUDITOR"), ("operator",)),
        (BOOKS, ("officer", "officer REGISTRAR", "officer APPROVER"), ("officer RECEPTION", "operator")),
        (DESK, (CONVERTER,), ("officer", "operator")),
        (MISTAKES, ("officer", "officer RECEPTION", "officer SUPERVISOR"), (CONVERTER, "operator")),
    ],
)
def test_each_role_sees_what_is_its_own(at_work: At, path: str, let_in: tuple[str, ...], kept_out: tuple[str, ...]) -> None:
    assert {role: at_work(role).get(path).status_code for role in (*let_in, *kept_out)} == {
        **dict.fromkeys(let_in, 200),
        **dict.fromkeys(kept_out, 403),
    }
    assert at_work("officer", has_shown=False).get(path)["Location"].startswith("/can-bo/khoa?tiep=")


@pytest.mark.parametrize(
    ("role", "places"),
    [("officer", ["viec", "so", "tra-cuu", "bao-sai"]), (CONVERTER, ["so-hoa", "tra-cuu"]), ("officer REGISTRAR", ["so", "tra-cuu"])],
)
def test_the_bar_shows_what_a_role_may_open(at_work: At, role: str, places: list[str]) -> None:
    bar = at_work(role).get(PERSONS).content.decode().split('<nav class="places"')[1].split("</nav>")[0]
    assert [part.split('"')[0] for part in bar.split('href="/can-bo/')[1:]] == places


# -- a person ---------------------------------------------------------------------------------------------------------


def test_only_what_was_asked_for_is_shown_and_the_person_sees_the_look(api: World, at_work: At) -> None:
    browser, number = at_work("officer"), api.people["citizen"]
    reply = submit(browser, PERSONS, so=number, nhom=["employer"], ho_so=api.code)
    text = reply.content.decode()
    name = api.population.by_pin()[number].full_name
    assert reply.status_code == 200 and "Nơi làm việc" in text and f">{name}<" not in text
    assert looks("person_record", reply["X-Request-Id"]) == {person_of(api, "citizen")}
    newest = looks_of(api, "citizen")[0]
    assert (newest.groups, newest.purpose) == (("employer",), "dossier")
    text = submit(browser, PERSONS, so=number, nhom=["basic", "social_insurance", "contact"], ho_so=api.code).content.decode()
    assert name in text and "tháng" in text and "Thư điện tử" in text


@pytest.mark.parametrize(
    ("role", "fields", "status", "at"),
    [
        ("officer", {"so": ""}, 422, "so"),
        ("officer", {"nhom": []}, 422, "nhom"),
        ("officer", {}, 422, "muc-dich"),
        ("officer RECEPTION", {"muc_dich": "at_counter", "loi": "ngắn"}, 422, "loi"),
        ("officer", {"ho_so": "G12.99.01-261122-9999"}, 404, "ho-so"),
        ("officer", {"so": "001199999999", "ho_so": "{code}"}, 404, "so"),
    ],
    ids=["no number", "no group", "no reason", "short reason", "no dossier", "nobody"],
)
def test_what_is_missing_is_said_at_its_field(api: World, at_work: At, role: str, fields: dict[str, Any], status: int, at: str) -> None:
    given = {"so": api.people["citizen"], "nhom": ["basic"], **fields}
    given = {name: value.format(code=api.code) if isinstance(value, str) else value for name, value in given.items()}
    before = len(looks_of(api, "citizen"))
    reply = submit(at_work(role), PERSONS, **given)
    text = reply.content.decode()
    assert reply.status_code == status and f'href="#{at}"' in text and f'id="{at}"' in text
    assert len(looks_of(api, "citizen")) == before


def test_a_purpose_with_words_is_enough_where_the_role_may_state_it(api: World, at_work: At) -> None:
    reply = submit(at_work("officer RECEPTION"), PERSONS, so=api.people["citizen"], nhom=["basic"], muc_dich="at_counter", loi=WORDS)
    assert reply.status_code == 200
    assert (looks_of(api, "citizen")[0].purpose, looks_of(api, "citizen")[0].reason) == ("at_counter", WORDS)
    page = at_work("officer").get(PERSONS).content.decode()
    assert "at_counter" not in page and "chỉ tra cứu theo mã hồ sơ" in page


def test_nobody_looks_themselves_up(api: World, at_work: At) -> None:
    reply = submit(at_work("officer RECEPTION"), PERSONS, so=api.people["officer RECEPTION"], nhom=["basic"], muc_dich="enquiry", loi=WORDS)
    assert reply.status_code == 403 and "ACC-072" not in reply.content.decode() and "chính mình" in reply.content.decode()


def test_changing_the_language_looks_nobody_up(api: World, at_work: At) -> None:
    browser = at_work("officer")
    fields = {"csrf": browser.csrf, "so": api.people["citizen"], "nhom": "basic", "ho-so": api.code}
    before = len(looks_of(api, "citizen"))
    reply = browser.client.post(f"{PERSONS}?lang=en", fields)
    assert reply.status_code == 200 and f'value="{api.code}"' in reply.content.decode()
    assert len(looks_of(api, "citizen")) == before


# -- books ------------------------------------------------------------------------------------------------------------


def test_a_book_is_withdrawn_by_two_and_each_press_counts_once(api: World, at_work: At) -> None:
    from bhxh.credentials.models import Proposal
    from bhxh.credentials.suspension_queries import find_own_standing

    first, second, person_id = at_work("officer"), at_work("other officer"), person_of(api, "citizen")
    given = {"viec": "de-xuat", "so": api.people["citizen"], "ly_do": "SUSPECTED_FRAUD", "loi": "Hai sổ trùng một người."}
    for _ in range(2):
        assert submit(first, BOOKS, **given)["Location"] == f"{BOOKS}?xong=de-xuat"
    [made] = Proposal.objects.filter(person_id=person_id)
    page = first.get(BOOKS).content.decode()
    assert "cán bộ khác phải duyệt" in page and 'value="duyet"' not in page and api.people["citizen"] not in page
    decide = {"de_xuat": str(made.proposal_id)}
    assert submit(first, BOOKS, viec="duyet", **decide).status_code == 403
    assert "Hai sổ trùng một người." in second.get(BOOKS).content.decode()
    for _ in range(2):
        assert submit(second, BOOKS, viec="duyet", **decide)["Location"] == f"{BOOKS}?xong=duyet"
    standing = find_own_standing(person_id)
    assert standing is not None and standing.state.value == "SUSPENDED"
    assert "Không có đề xuất nào chờ" in second.get(f"{BOOKS}?xong=duyet").content.decode()


def test_a_proposal_is_declined(api: World, at_work: At) -> None:
    from bhxh.credentials.models import Proposal

    submit(
        at_work("officer REGISTRAR"), BOOKS, viec="de-xuat", so=api.people["citizen"], ly_do="SUSPECTED_FORGERY", loi="Con dấu trên sổ lạ."
    )
    made = Proposal.objects.get()
    assert submit(at_work("officer"), BOOKS, viec="bac", de_xuat=str(made.proposal_id))["Location"] == f"{BOOKS}?xong=bac"
    assert Proposal.objects.get().outcome == "DECLINED"
    assert submit(at_work("other officer"), BOOKS, viec="bac", de_xuat=str(made.proposal_id)).status_code == 404
    assert submit(at_work("other officer"), BOOKS, viec="bac", de_xuat="x").status_code == 404


def test_what_cannot_be_proposed_is_said_at_its_field(api: World, at_work: At) -> None:
    browser = at_work("officer")
    text = submit(browser, BOOKS, viec="de-xuat").content.decode()
    assert text.count("govuk-error-message") == 3 and "<title>Lỗi:" in text
    reply = submit(browser, BOOKS, viec="de-xuat", so=api.people["citizen"], ly_do="CLEARED", loi="Đã xác minh xong, không sai.")
    assert reply.status_code == 409 and "Đã xác minh xong, không sai.</textarea>" in reply.content.decode()


# -- paper ------------------------------------------------------------------------------------------------------------


def opened(browser: Browser, api: World, loai: str = "contract", *, pages: int = 1) -> str:
    reply = submit(browser, DESK, viec="mo", so=api.people["citizen"], loai=loai, kho="A5", so_trang=str(pages))
    assert reply.status_code == 303, reply.content.decode()
    return str(reply["Location"])


def sent_in(browser: Browser, address: str, content: bytes) -> str:
    """A file through the page, examined by the job; the address afterwards."""
    from bhxh.doors.jobs import tasks
    from bhxh.warehouse.models import Upload

    file = SimpleUploadedFile("quet.jpg", content, content_type="image/jpeg")
    reply = browser.client.post(address, {"csrf": browser.csrf, "viec": "gui", "tep": file})
    assert reply.status_code == 303, reply.content.decode()
    assert "Đang kiểm tra" in browser.get(reply["Location"]).content.decode()
    row = Upload.objects.order_by("-upload_id")[0]
    tasks.examine_upload(upload_id=str(row.upload_id), owner_kind=row.owner_kind, owner_id=row.owner_id)
    return str(reply["Location"])


def test_a_paper_is_sent_in_measured_and_certified(api: World, at_work: At) -> None:
    browser = at_work(CONVERTER)
    address = opened(browser, api)
    assert api.people["citizen"] not in address
    shown = browser.get(address)
    assert looks("conversion", shown["X-Request-Id"]) == {person_of(api, "citizen")}
    assert submit(browser, address, viec="gui").status_code == 422
    address = sent_in(browser, address, photo())
    assert "Dùng được" in browser.get(address).content.decode()
    assert "Đủ trang" in submit(browser, address, viec="kiem-tra").content.decode()
    refused = submit(browser, address, viec="chung-nhan", ghi_chu="Giấy hơi nhàu")
    assert refused.status_code == 422 and "Giấy hơi nhàu</textarea>" in refused.content.decode()
    switched = submit(browser, f"{address}&lang=en", viec="chung-nhan", ghi_chu="Giấy hơi nhàu", da_so="1").content.decode()
    assert "Giấy hơi nhàu</textarea>" in switched and 'name="da-so" value="1" checked' in switched, "nothing is certified"
    browser.get("/?lang=vi")
    for _ in range(2):
        done = submit(browser, address, viec="chung-nhan", da_so="1")
        assert done.status_code == 303
    text = browser.get(done["Location"]).content.decode()
    assert "Đã chứng nhận" in text
    file = browser.get(text.split('<p><a class="govuk-link" href="')[1].split('"')[0])
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    assert submit(browser, done["Location"], viec="thu-hoi", loi="sai").status_code == 422
    assert submit(browser, done["Location"], viec="thu-hoi", loi=WHY).status_code == 303
    assert "đã thu hồi" in browser.get(done["Location"]).content.decode()


def test_the_scan_lies_beside_what_is_judged(api: World, at_work: At) -> None:
    make_second(api)
    first, second = at_work(CONVERTER), at_work(SECOND)
    address = sent_in(first, opened(first, api, "paper_book", pages=2), scanned(2))
    shown = [part.split('"')[0] for part in first.get(address).content.decode().split('<img src="')[1:]]
    assert len(shown) == 2
    for sheet in shown:
        reply = first.get(sheet)
        assert (reply["Content-Type"], reply["Content-Disposition"], reply["Cache-Control"]) == ("image/jpeg", "inline", "no-store")
        assert (reply["Content-Security-Policy"], reply["X-Content-Type-Options"]) == ("default-src 'none'; sandbox", "nosniff")
        assert looks("conversion", reply["X-Request-Id"]) == {person_of(api, "citizen")}
    assert first.get(shown[0].replace("/trang/1", "/trang/3")).status_code == 404
    case = urlsplit(submit(first, address, viec="chung-nhan", da_so="1")["Location"]).path
    put_forward = [part.split('"')[0] for part in second.get(case).content.decode().split('<img src="')[1:]]
    assert len(put_forward) == 2 and put_forward != shown, "what is judged is what was put forward"
    assert second.get(put_forward[1])["Content-Type"] == "image/jpeg"


def test_what_its_owner_keeps_for_themselves_is_not_the_desks_to_look_at(api: World, at_work: At) -> None:
    browser = at_work(CONVERTER)
    earlier = sent_in(browser, opened(browser, api, "contract"), photo())
    [sheet] = [part.split('"')[0] for part in browser.get(earlier).content.decode().split('<img src="')[1:]]
    later = opened(browser, api, "contract")
    elsewhere = sheet.replace(urlsplit(earlier).path, urlsplit(later).path)
    assert elsewhere != sheet and browser.get(sheet).status_code == 200
    reply = browser.get(elsewhere)
    assert reply.status_code == 404 and looks("conversion", reply["X-Request-Id"]) == set()
    assert at_work("officer").get(sheet).status_code == 403


def test_a_book_is_compared_by_two(api: World, at_work: At) -> None:
    make_second(api)
    first, second = at_work(CONVERTER), at_work(SECOND)
    address = sent_in(first, opened(first, api, "paper_book"), photo())
    case = urlsplit(submit(first, address, viec="chung-nhan", da_so="1")["Location"]).path
    assert "Một cán bộ số hóa khác" in first.get(case).content.decode()
    assert submit(first, case, viec="xac-nhan", da_so="1").status_code == 403
    assert f'href="{case}"' in second.get(DESK).content.decode()
    assert submit(second, case, viec="xac-nhan").status_code == 422
    assert submit(second, case, viec="tu-choi", loi=WHY).status_code == 303
    assert "bị từ chối" in first.get(case).content.decode()
    submit(first, address, viec="chung-nhan", da_so="1")
    assert submit(second, case, viec="xac-nhan", da_so="1").status_code == 303
    assert "Đã chứng nhận" in second.get(case).content.decode()


def test_a_paper_book_is_printed_on_request(api: World, at_work: At) -> None:
    browser = at_work(CONVERTER)
    reply = submit(browser, DESK, viec="in", so=api.people["citizen"])
    page = browser.get(reply["Location"])
    assert looks("conversion", page["X-Request-Id"]) == {person_of(api, "citizen")}
    assert "/xac-minh/" in page.content.decode()
    file = browser.get(f"{reply['Location']}?tep=1")
    assert b"".join(file.streaming_content).startswith(b"%PDF-") and file["Cache-Control"] == "no-store"
    assert submit(browser, DESK, viec="in", so=api.people["citizen"])["Location"] == reply["Location"], "once a day"


@pytest.mark.parametrize(
    ("fields", "fields_at_fault"),
    [
        ({"viec": "mo"}, ["so", "loai", "kho", "so-trang"]),
        ({"viec": "mo", "so": "1", "don_vi": "2", "loai": "contract", "kho": "A4", "so_trang": "1"}, ["so"]),
        ({"viec": "mo", "so": "001199999999", "loai": "contract", "kho": "A4", "so_trang": "1"}, ["so"]),
        ({"viec": "in", "so": "", "giay_to": "x"}, ["so", "giay-to"]),
    ],
)
def test_what_the_desk_cannot_take_is_said_at_its_field(at_work: At, fields: dict[str, str], fields_at_fault: list[str]) -> None:
    reply = submit(at_work(CONVERTER), DESK, **fields)
    text = reply.content.decode()
    assert reply.status_code in {404, 422}
    assert [part.split('"')[0] for part in text.split('<li><a href="#')[1:]] == fields_at_fault


def test_changing_the_language_keeps_what_was_typed_in_either_form(api: World, at_work: At) -> None:
    browser = at_work(CONVERTER)
    for act, field in (("mo", "so"), ("in", "in-so")):
        reply = browser.client.post(f"{DESK}?lang=en", {"csrf": browser.csrf, "viec": act, "so": api.people["citizen"]})
        text = reply.content.decode()
        assert reply.status_code == 200 and "govuk-error-summary" not in text and "Paper to electronic" in text
        [typed] = [tag for tag in text.split("<input") if f' id="{field}"' in tag.partition(">")[0]]
        assert f'value="{api.people["citizen"]}"' in typed.partition(">")[0]


# -- reports of mistakes ----------------------------------------------------------------------------------------------


def test_a_report_waits_where_it_is_answered(api: World, at_work: At) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    code = api.post("/me/mistakes", {"group": "basic", "words": "Ngày sinh sai."}, "citizen").json()["code"]
    tasks.gather(dossier_id=str(get_dossier(code).dossier_id))
    browser = at_work("officer")
    text = browser.get(MISTAKES).content.decode()
    assert code in text and api.code not in text and "Người dân báo sai" in text and "Ngày sinh sai" not in text
    reply = browser.get(f"/can-bo/ho-so/{code}")
    assert "Ngày sinh sai." in reply.content.decode()
    assert looks("dossier_line", reply["X-Request-Id"]) == {person_of(api, "citizen")}
