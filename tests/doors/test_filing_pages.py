"""Filing by a person over pages: from the catalogue to the receipt, on one device or two, with everything that goes wrong on the way."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.component.warehouse.test_uploads import JPEG, PDF
from tests.doors.browser import Browser
from tests.doors.test_filing import looks, person_of
from tests.doors.test_public_pages import silence_population
from tests.doors.test_session_end import OURS
from tests.doors.world import World

EXTRACT, REPORT = "confirmation_extract", "report_mistake"
SAID = {"q-group": "social_insurance", "q-words": "Thiếu tháng 3/2025", "q-about": "", "q-right": ""}


class Filer(Browser):
    """Somebody who fills in pages."""

    def field(self, text: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', text)
        assert found, f"no field {name}"
        return unescape(found[1])

    def page(self, path: str, status: int = 200) -> str:
        reply = self.get(path)
        assert reply.status_code == status, reply.content.decode()[:2000]
        return str(reply.content.decode())

    def press(self, path: str, *, shown: str = "", headers: dict[str, str] | None = None, **fields: Any) -> Any:
        """Send the form of the page that `shown` is, or of the page at `path`."""
        text = shown or self.page(path)
        hidden = {name: self.field(text, name) for name in ("csrf", "lan", "cua")}
        if 'name="ban"' in text:
            hidden["ban"] = self.field(text, "ban")
        return self.client.post(path, {**hidden, **fields}, headers=headers)

    def begin(self, slug: str, **given: Any) -> str:
        """Address of a new draft, with what a link filled in."""
        reply = self.press(f"/ho-so/moi/{slug}", **given)
        assert reply.status_code == 303, reply.content.decode()
        return str(reply["Location"])

    def confirm(self, draft: str) -> Any:
        shown = self.page(f"{draft}/kiem-tra")
        return self.press(f"{draft}/kiem-tra", shown=shown, **{"noi-dung": self.field(shown, "noi-dung")})

    def send_file(self, draft: str, name: str, content: bytes, *, by_script: bool = False) -> Any:
        text = self.page(f"{draft}/giay-to")
        sent = {"csrf": self.field(text, "csrf"), "lan": "x", "muc": "proof", "q-proof": SimpleUploadedFile(name, content)}
        return self.client.post(f"{draft}/giay-to/tep", sent, headers={"X-Autosave": "1"} if by_script else {})


@pytest.fixture
def filer(api: World) -> Callable[..., Filer]:
    def sign_in(role: str = "citizen", **more: Any) -> Filer:
        browser = Filer(api)
        assert browser.sign_in(role, **more).status_code == 303
        return browser

    return sign_in


def examine_all() -> None:
    """What the worker does with files that wait."""
    from bhxh.doors.jobs import tasks
    from bhxh.warehouse.models import Upload

    for row in Upload.objects.filter(state="received"):
        tasks.examine_upload(upload_id=str(row.upload_id), owner_kind=row.owner_kind, owner_id=row.owner_id)


def dossiers_of(api: World, role: str = "citizen") -> list[Any]:
    from bhxh.dossiers.queries import list_dossiers

    return list(list_dossiers(person_id=person_of(api, role)))


@pytest.mark.parametrize("words", ["vay ngan hang", "Trích sao", "CF-01", "loan"])
def test_a_procedure_is_found_by_anybodys_words(api: World, words: str) -> None:
    reply = Browser(api).get("/thu-tuc", data={"tim": words})
    text = reply.content.decode()
    assert f"/thu-tuc/{EXTRACT}" in text and f"/thu-tuc/{REPORT}" not in text


def test_a_procedure_is_found_by_what_happened(api: World) -> None:
    text = Browser(api).get("/thu-tuc?viec=thong-tin-ca-nhan").content.decode()
    assert f"/thu-tuc/{REPORT}" in text and f"/thu-tuc/{EXTRACT}" not in text
    assert "Không có thủ tục nào khớp" in Browser(api).get("/thu-tuc?tim=zzz").content.decode()


def test_a_procedures_page_says_what_need_not_be_brought(api: World) -> None:
    text = Browser(api).get(f"/thu-tuc/{EXTRACT}").content.decode()
    assert "Căn cước của người yêu cầu" in text and "lấy từ" in text and f"/ho-so/moi/{EXTRACT}" in text
    assert Browser(api).get("/thu-tuc/no_such").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_that_a_procedure_declares_stands(filer: Callable[..., Filer], language: str) -> None:
    from bhxh.procedures import PROCEDURES

    me = filer()
    for procedure in PROCEDURES:
        assert procedure.title_en in unescape(me.page(f"/thu-tuc/{procedure.slug}?lang=en"))
        if procedure.questions is None:
            assert me.get(f"/ho-so/moi/{procedure.slug}").status_code == 404
            continue
        everything = {f"q-{one.field}": [choice.value for choice in one.choices] for one in procedure.questions.every if one.choices}
        draft = me.begin(procedure.slug, **everything)
        shown = {group.code: me.page(f"{draft}/{group.code}?lang={language}") for group in procedure.questions.groups}
        for group in procedure.questions.groups:
            assert group.title[language == "en"] in unescape(shown[group.code])
            reply = me.press(f"{draft}/{group.code}", shown=shown[group.code])
            assert reply.status_code in {303, 422}, reply.content.decode()


def test_filing_needs_nothing_where_nothing_is_asked(api: World, filer: Callable[..., Filer]) -> None:
    me = filer()
    text = me.page(f"/ho-so/moi/{EXTRACT}")
    citizen = api.population.by_pin()[api.people["citizen"]]
    assert citizen.full_name in text and "Cơ sở dữ liệu quốc gia" in text, "what is known comes first"
    draft = me.begin(EXTRACT)
    assert "Không bắt buộc" in me.page(draft) and "Không có phần nào bắt buộc." in me.page(draft)
    reply = me.confirm(draft)
    assert reply.status_code == 303, reply.content.decode()
    assert looks("receipt", reply["X-Request-Id"]) == {person_of(api, "citizen")}
    done = me.page(reply["Location"])
    [dossier] = dossiers_of(api)
    assert dossier.code in done and "Phiếu tiếp nhận" in done
    assert re.search(r"trước \d\d:\d\d ngày \d\d/\d\d/\d{4}", done), "a clock time, not a span"
    assert (dossier.channel, dossier.proof["acted_for"]) == ("PORTAL", "self")
    assert dossier.code in me.page("/ho-so") and "Bản nháp" not in me.page("/ho-so")


def test_what_was_filed_is_what_was_typed(api: World, filer: Callable[..., Filer]) -> None:
    from bhxh.warehouse.store import read_blob

    me = filer()
    draft = me.begin(EXTRACT)
    typed = {
        "q-from_month-m": "1",
        "q-from_month-y": "2020",
        "q-until_month-m": "10/2026",
        "q-until_month-y": "",
        "q-purpose": " Vay  mua nhà ",
    }
    assert me.press(f"{draft}/noi-dung", **typed)["Location"] == f"{draft}/kiem-tra"
    shown = me.page(f"{draft}/kiem-tra")
    assert "01/2020" in shown and "10/2026" in shown and "Vay mua nhà" in shown
    assert me.confirm(draft).status_code == 303
    [dossier] = dossiers_of(api)
    assert b'"from_month":"2020-01"' in read_blob(dossier.document_sha256)
    assert b'"until_month":"2026-10"' in read_blob(dossier.document_sha256)


def test_a_wrong_answer_comes_back_with_what_to_do_and_is_kept(filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(EXTRACT)
    reply = me.press(f"{draft}/noi-dung", **{"q-from_month-m": "13", "q-from_month-y": "2020", "q-purpose": "Vay"})
    text = reply.content.decode()
    assert reply.status_code == 422
    assert "<title>Lỗi:" in text and "Có 1 chỗ cần sửa" in text and 'href="#q-from_month-m"' in text
    assert text.count("Từ tháng: không có 13/2020. Kiểm tra lại") == 2, "in the summary and at the field"
    assert 'value="13"' in text and 'value="Vay"' in text
    assert "Có lỗi" in me.page(draft) and 'value="13"' in me.page(f"{draft}/noi-dung")
    assert me.get(f"{draft}/kiem-tra")["Location"] == draft, "nothing is filed while something is wrong"


def test_a_register_that_is_silent_is_said_before_filing_where_it_will_be_asked(
    api: World, filer: Callable[..., Filer], asked_anew: Callable[[], None]
) -> None:
    me = filer()
    wish, report = me.begin("change_personal_data"), me.begin(REPORT)
    me.press(f"{wish}/doi-gi", **{"q-changes": "identity"})
    me.press(f"{report}/noi-dung", **SAID)
    me.press(f"{report}/giay-to")
    assert "Đang chậm trả lời" not in me.page(f"{wish}/kiem-tra")
    silence_population(api)
    asked_anew()
    text = me.page(f"{wish}/kiem-tra")
    assert text.count("quốc gia về dân cư: Đang chậm trả lời. Bạn cứ nộp") == 1 and "noi-dung" in text
    assert "Đang chậm trả lời" not in me.page(f"{report}/kiem-tra"), "nobody is asked about it"


def test_what_must_be_answered_is_asked_for_by_name(filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(REPORT)
    assert "Chưa thể bắt đầu" in me.page(draft)
    text = me.press(f"{draft}/noi-dung", **{**SAID, "q-words": ""}).content.decode()
    assert "Ghi điều bạn thấy sai" in text and 'value="social_insurance" checked' in text


def test_a_part_that_nobody_has_to_answer_is_not_called_done_before_somebody_was_there(filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(REPORT)
    assert "Đã xong 0 trên 1 phần" in me.page(draft)
    me.press(f"{draft}/giay-to")
    assert "Đã xong 1 trên 2 phần" in me.page(draft)


def test_a_link_from_what_is_known_fills_in_which_line_is_wrong(filer: Callable[..., Filer]) -> None:
    me = filer()
    shown = me.page(f"/ho-so/moi/{REPORT}?q-group=basic&q-about=Ng%C3%A0y%20sinh")
    reply = me.press(f"/ho-so/moi/{REPORT}", shown=shown, **{"q-group": "basic", "q-about": me.field(shown, "q-about")})
    text = me.page(f"{reply['Location']}/noi-dung")
    assert 'value="basic" checked' in text and 'value="Ngày sinh"' in text


def test_the_draft_that_is_there_is_offered_first_and_beginning_twice_is_beginning_once(filer: Callable[..., Filer]) -> None:
    me = filer()
    shown = me.page(f"/ho-so/moi/{EXTRACT}")
    first, again = (me.press(f"/ho-so/moi/{EXTRACT}", shown=shown)["Location"] for _ in range(2))
    assert first == again
    assert "Bạn đang có 1 bản nháp" in me.page(f"/ho-so/moi/{EXTRACT}") and first in me.page("/ho-so")
    assert me.press(f"{first}/xoa")["Location"] == "/ho-so?xong=xoa"
    assert first not in me.page("/ho-so") and me.get(first).status_code == 404


def test_a_draft_goes_on_after_the_session_ended_and_on_another_device(filer: Callable[..., Filer]) -> None:
    phone = filer()
    draft = phone.begin(REPORT)
    phone.press(f"{draft}/noi-dung", **SAID)
    phone.client.cookies.clear()
    assert phone.get(draft)["Location"].startswith("/dang-nhap?tiep=%2Fho-so%2Fnhap%2F")
    assert "Thiếu tháng 3/2025" in filer().page(f"{draft}/noi-dung")


def test_two_devices_on_one_page_never_overwrite_each_other(filer: Callable[..., Filer]) -> None:
    phone, desk = filer(), filer()
    draft = phone.begin(REPORT)
    path = f"{draft}/noi-dung"
    on_phone, on_desk = phone.page(path), desk.page(path)
    assert phone.press(path, shown=on_phone, **SAID).status_code == 303
    both = desk.press(path, shown=on_desk, **{**SAID, "q-words": "Sai lương"})
    text = both.content.decode()
    assert both.status_code == 409 and "Thiếu tháng 3/2025" in text and "Sai lương" in text
    assert "Thiếu tháng 3/2025" in phone.page(path), "nothing was overwritten"
    assert desk.press(path, shown=text, **{**SAID, "q-words": "Sai lương"}).status_code == 303
    assert "Sai lương" in phone.page(path)


def test_what_is_typed_is_kept_while_it_is_typed(filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(REPORT)
    path = f"{draft}/noi-dung"
    shown = me.page(path)
    half = {**SAID, "q-words": "Thiếu th"}
    for _ in range(2):
        kept = me.press(path, shown=shown, headers={"X-Autosave": "1"}, **half)
        assert kept.status_code == 204 and not looks("document", kept["X-Request-Id"]), "nothing was shown"
    assert "Thiếu th" in filer().page(path)
    assert me.press(path, shown=shown, **SAID).status_code == 303, "the same window goes on without being asked"
    stale = me.press(path, shown=shown.replace(me.field(shown, "lan"), "0" * 32), headers={"X-Autosave": "1"}, **half)
    assert stale.status_code == 409, "a window that was left open does not overwrite what came after"


def test_the_language_changes_and_what_was_typed_stays(filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(REPORT)
    shown = me.page(f"{draft}/noi-dung")
    reply = me.press(f"{draft}/noi-dung?lang=en", shown=shown, **SAID)
    text = reply.content.decode()
    assert reply.status_code == 200 and "What is wrong" in text and "Thiếu tháng 3/2025" in text
    assert "Thiếu tháng 3/2025" not in me.page(f"{draft}/noi-dung"), "nothing was done"


def test_pressed_twice_or_in_two_tabs_it_is_filed_once(api: World, filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(EXTRACT)
    shown = me.page(f"{draft}/kiem-tra")
    seen = me.field(shown, "noi-dung")
    first, second = (me.press(f"{draft}/kiem-tra", shown=shown, **{"noi-dung": seen}) for _ in range(2))
    assert first["Location"] == second["Location"] and first["Location"].endswith("/da-nop")
    assert me.get(draft)["Location"] == first["Location"] == me.get(f"{draft}/noi-dung")["Location"], "back leads to what was filed"
    other = me.begin(EXTRACT)
    again = me.confirm(other)["Location"]
    assert again == f"{first['Location']}?da-co=1", "the same content on the same day is the same dossier"
    assert "Bạn đã nộp hồ sơ có đúng nội dung này lúc" in me.page(again)
    assert len(dossiers_of(api)) == 1


def test_only_what_was_shown_is_confirmed(api: World, filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(EXTRACT)
    shown = me.page(f"{draft}/kiem-tra")
    me.press(f"{draft}/noi-dung", **{"q-purpose": "Vay"})
    reply = me.press(f"{draft}/kiem-tra", shown=shown, **{"noi-dung": me.field(shown, "noi-dung")})
    assert reply.status_code == 409 and "Nội dung đã thay đổi" in reply.content.decode()
    assert dossiers_of(api) == []
    assert (
        me.press(
            f"{draft}/kiem-tra", shown=reply.content.decode(), **{"noi-dung": me.field(reply.content.decode(), "noi-dung")}
        ).status_code
        == 303
    )


def test_who_signed_in_long_ago_proves_themselves_again_and_loses_nothing(api: World, filer: Callable[..., Filer]) -> None:
    from bhxh.access.models import Session

    me = filer()
    draft = me.begin(REPORT)
    me.press(f"{draft}/noi-dung", **SAID)
    shown = me.page(f"{draft}/kiem-tra")
    _make_old()
    late = me.press(f"{draft}/kiem-tra", shown=shown, **{"noi-dung": me.field(shown, "noi-dung")})
    text = late.content.decode()
    assert late.status_code == 403 and f"/dang-nhap?moi=1&amp;tiep={draft}/kiem-tra".replace("/ho-so", "%2Fho-so")[:30] in text
    assert "Xác thực lại với VNeID" in text and "Thiếu tháng 3/2025" in text
    assert dossiers_of(api) == [] and Session.objects.exists()
    back = me.get(me.choose(me.leave(f"?moi=1&tiep={draft}/kiem-tra")))
    assert back["Location"] == f"{draft}/kiem-tra"
    assert me.confirm(draft).status_code == 303


def test_a_session_that_ends_on_the_last_page_loses_nothing_and_files_once(api: World, filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(REPORT)
    me.press(f"{draft}/noi-dung", **SAID)
    shown = me.page(f"{draft}/kiem-tra")
    seen = me.field(shown, "noi-dung")
    me.client.cookies["bhxh-session"] = "of-nobody"
    over = me.press(f"{draft}/kiem-tra", shown=shown, headers=OURS, **{"noi-dung": seen})
    kept = over.content.decode()
    assert over.status_code == 401 and f'name="noi-dung" value="{seen}"' in kept
    assert dossiers_of(api) == []
    assert me.sign_in().status_code == 303
    for _ in range(2):
        reply = me.client.post(f"{draft}/kiem-tra", {"csrf": me.csrf, "lan": me.field(shown, "lan"), "noi-dung": seen})
        assert reply["Location"].endswith("/da-nop")
    assert len(dossiers_of(api)) == 1


def test_a_file_goes_up_is_examined_and_is_filed_with_the_answers(api: World, filer: Callable[..., Filer]) -> None:
    from bhxh.dossiers.queries import list_components

    me = filer()
    draft = me.begin(REPORT)
    me.press(f"{draft}/noi-dung", **SAID)
    assert me.send_file(draft, "hop-dong.pdf", PDF)["Location"] == f"{draft}/giay-to"
    assert me.send_file(draft, "bang-luong.jpg", JPEG, by_script=True).status_code == 204
    text = me.page(f"{draft}/giay-to")
    assert text.count("Đang kiểm tra") == 2 and "hop-dong.pdf" in text and "data-waits" in text
    assert me.press(f"{draft}/giay-to")["Location"] == f"{draft}/kiem-tra"
    shown = me.page(f"{draft}/kiem-tra")
    assert "hop-dong.pdf đang được kiểm tra" in shown and 'name="noi-dung"' not in shown, "nothing is left behind"
    examine_all()
    assert "Đã nhận" in me.page(f"{draft}/giay-to") and "data-waits" not in me.page(f"{draft}/giay-to")
    assert me.confirm(draft).status_code == 303
    [dossier] = dossiers_of(api)
    assert [one.code for one in list_components(dossier.dossier_id) if one.code == "proof"] == ["proof", "proof"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("anh.heic", b"\x00\x00\x00 ftypheic" + b"x" * 50, "anh.heic"),
        ("trong.pdf", b"", "trong.pdf"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_by_name_and_the_rest_stays(
    filer: Callable[..., Filer], name: str, content: bytes, said: str
) -> None:
    me = filer()
    draft = me.begin(REPORT)
    me.press(f"{draft}/noi-dung", **SAID)
    me.send_file(draft, "hop-dong.pdf", PDF)
    reply = me.send_file(draft, name, content)
    text = reply.content.decode()
    assert reply.status_code == 422 and "<title>Lỗi:" in text and said in text and "hop-dong.pdf" in text
    by_script = me.send_file(draft, name, content, by_script=True)
    assert (by_script.status_code, by_script["Content-Type"]) == (422, "text/plain; charset=utf-8") and said in by_script.content.decode()


def test_a_file_that_is_too_large_is_told_with_the_limit(filer: Callable[..., Filer]) -> None:
    from dataclasses import replace

    from bhxh.doors import partners

    me = filer()
    draft = me.begin(REPORT)
    bound = partners.partners()
    partners.bind(replace(bound, maximum_upload_bytes=1024 * 1024))
    try:
        slightly = me.send_file(draft, "giay-ra-vien.pdf", PDF + b"x" * (1024 * 1024))
        assert slightly.status_code == 422
        assert "Tệp giay-ra-vien.pdf nặng 1 MB, tối đa 1 MB" in slightly.content.decode()
        form = me.page(f"{draft}/giay-to")
        sent = {"csrf": me.field(form, "csrf"), "muc": "proof", "q-proof": SimpleUploadedFile("a.pdf", PDF + b"x" * (3 * 1024 * 1024))}
        much = me.client.post(f"{draft}/giay-to/tep", sent, headers={"Referer": f"http://localhost{draft}/giay-to"})
        assert much.status_code == 413
        assert "Bạn gửi 3 MB, tối đa 1 MB" in much.content.decode() and f'href="{draft}/giay-to"' in much.content.decode()
    finally:
        partners.bind(bound)


def test_a_refused_file_says_why_and_is_removed(filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(REPORT)
    me.press(f"{draft}/noi-dung", **SAID)
    me.send_file(draft, "hong.pdf", b"%PDF-1.7 broken")
    examine_all()
    text = me.page(f"{draft}/giay-to")
    assert "Không nhận được" in text and "bị hỏng" in text
    assert "Tệp hong.pdf không nhận được" in me.page(f"{draft}/kiem-tra")
    reply = me.client.post(f"{draft}/bo-tep", {"csrf": me.field(text, "csrf"), "tep": me.field(text, "tep")})
    assert reply["Location"] == f"{draft}/giay-to" and "hong.pdf" not in me.page(f"{draft}/giay-to")


def test_another_persons_draft_is_not_there(api: World, filer: Callable[..., Filer]) -> None:
    draft = filer().begin(REPORT)
    other = filer("other citizen")
    text = other.page("/ho-so")
    for path in (draft, f"{draft}/noi-dung", f"{draft}/kiem-tra", f"{draft}/xoa", f"/ho-so/nhap/{uuid4()}"):
        assert other.get(path).status_code == 404, path
    for path in (f"{draft}/noi-dung", f"{draft}/giay-to/tep", f"{draft}/bo-tep", f"{draft}/xoa", f"{draft}/kiem-tra"):
        assert other.client.post(path, {"csrf": other.csrf}).status_code == 404, path
    assert draft not in text
    assert Filer(api).get(draft)["Location"].startswith("/dang-nhap")


def test_nothing_is_done_that_does_not_come_from_our_page(filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(REPORT)
    assert me.client.post(f"{draft}/noi-dung", SAID).status_code == 403
    assert "Thiếu tháng" not in me.page(f"{draft}/noi-dung")


def test_where_a_dossier_is_followed_it_is_read_back_even_without_the_warehouses_files(filer: Callable[..., Filer]) -> None:
    from datetime import timedelta

    from bhxh.dossiers.queries import get_dossier
    from bhxh.kernel.clock import now
    from bhxh.warehouse.store import bound_store

    me = filer()
    draft = me.begin(REPORT)
    me.press(f"{draft}/noi-dung", **SAID | {"q-words": f"Thiếu tháng 9/2024, nháp {draft[-8:]}"})
    me.press(f"{draft}/giay-to")
    code = str(me.confirm(draft)["Location"]).split("/")[2]
    text = me.page(f"/ho-so/{code}/theo-doi")
    shown = re.findall(r"<dt[^>]*>\s*([^<]*?)\s*</dt>\s*<dd[^>]*>\s*([^<]*?)\s*</dd>", text)
    assert ("Sai thế nào?", f"Thiếu tháng 9/2024, nháp {draft[-8:]}") in shown, shown
    assert bound_store().remove(get_dossier(code).canonical_sha256, untouched_since=now() + timedelta(days=1))
    without = me.page(f"/ho-so/{code}/theo-doi")
    assert "Thiếu tháng 9/2024" not in without and "Các bước" in without


def test_what_officers_miss_is_supplied_all_at_once(api: World, filer: Callable[..., Filer]) -> None:
    from bhxh.dossiers.queries import get_dossier, list_components

    me = filer()
    code = asked_to_supply(api, me)
    tracking = me.page(f"/ho-so/{code}/theo-doi")
    assert f"/ho-so/{code}/bo-sung" in tracking and "Thư đã gửi bạn" in tracking
    text = me.page(f"/ho-so/{code}/bo-sung")
    assert "Hợp đồng lao động năm 2025" in text and "Bảng lương tháng 3" in text and "cần thêm 2 mục" in text
    empty = me.press(f"/ho-so/{code}/bo-sung", shown=text)
    assert empty.status_code == 422 and "<title>Lỗi:" in empty.content.decode()
    for part in ("0:proof", "1:supplement"):
        sent = {"csrf": me.field(text, "csrf"), "muc": part, f"tep-{part[0]}": SimpleUploadedFile("hop-dong.pdf", PDF)}
        assert me.client.post(f"/ho-so/{code}/bo-sung/tep", sent).status_code == 303
    waiting = me.press(f"/ho-so/{code}/bo-sung")
    assert waiting.status_code == 422 and "đang được kiểm tra" in waiting.content.decode()
    examine_all()
    shown = me.page(f"/ho-so/{code}/bo-sung")
    reply = me.press(f"/ho-so/{code}/bo-sung", shown=shown)
    assert reply["Location"] == f"/ho-so/{code}/theo-doi?xong=bo-sung"
    assert "Đã nhận phần bổ sung" in me.page(reply["Location"])
    assert me.press(f"/ho-so/{code}/bo-sung", shown=shown)["Location"] == f"/ho-so/{code}/theo-doi", "sent again: where it stands"
    dossier = get_dossier(code)
    assert dossier.state.value == "RECEIVED"
    assert {one.code for one in list_components(dossier.dossier_id) if one.source_system == "warehouse"} == {"proof", "supplement"}
    assert "Bản nháp" not in me.page("/ho-so"), "what was gathered for it is no draft of a dossier"


def test_a_dossier_is_taken_back_and_again_changes_nothing(api: World, filer: Callable[..., Filer]) -> None:
    me = filer()
    code = _reported(api, me)
    text = me.page(f"/ho-so/{code}/rut")
    switched = me.press(f"/ho-so/{code}/rut?lang=en", shown=text, **{"ly-do": "Nhầm thủ tục"}).content.decode()
    assert "Withdraw this dossier?" in switched and 'value="Nhầm thủ tục"' in switched, "the language changes, nothing else"
    me.get("/?lang=vi")
    for _ in range(2):
        reply = me.press(f"/ho-so/{code}/rut", shown=text, **{"ly-do": "Nhầm thủ tục"})
        assert reply["Location"] == f"/ho-so/{code}/theo-doi?xong=rut"
    shown = me.page(reply["Location"])
    assert "Đã rút hồ sơ" in shown and f"/ho-so/{code}/rut" not in shown
    assert me.get(f"/ho-so/{code}/rut").status_code == 303
    assert filer("other citizen").get(f"/ho-so/{code}/rut").status_code == 404


def test_what_a_page_costs(filer: Callable[..., Filer]) -> None:
    me = filer()
    draft = me.begin(REPORT)
    me.press(f"{draft}/noi-dung", **SAID)
    me.send_file(draft, "hop-dong.pdf", PDF)
    counted = {}
    for path in ("/thu-tuc", f"/ho-so/moi/{REPORT}", draft, f"{draft}/noi-dung", f"{draft}/giay-to", f"{draft}/kiem-tra"):
        me.page(path)
        with CaptureQueriesContext(connection) as captured:
            me.page(path)
        counted[path.removeprefix(draft)] = len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]])
    assert counted == {"/thu-tuc": 0, f"/ho-so/moi/{REPORT}": 8, "": 10, "/noi-dung": 8, "/giay-to": 8, "/kiem-tra": 10}


def _make_old() -> None:
    from datetime import timedelta

    from django.db.models import F

    from bhxh.access.models import Session
    from bhxh.doors import signed_in as room

    Session.objects.update(signed_in_at=F("signed_in_at") - timedelta(minutes=30))
    room._sessions._kept.clear()


def _reported(api: World, me: Filer) -> str:
    from bhxh.doors.jobs import tasks

    draft = me.begin(REPORT)
    me.press(f"{draft}/noi-dung", **SAID)
    assert me.confirm(draft).status_code == 303
    dossier = dossiers_of(api)[0]
    tasks.gather(dossier_id=str(dossier.dossier_id))
    return str(dossier.code)


def asked_to_supply(api: World, me: Filer) -> str:
    from bhxh.dossiers.queries import get_dossier

    code = _reported(api, me)
    defects = [
        {"vi": "Hợp đồng lao động năm 2025", "en": "The labour contract of 2025", "component": "proof"},
        {"vi": "Bảng lương tháng 3", "en": "The pay slip of March"},
    ]
    body = {"row_version": get_dossier(code).row_version, "defects": defects}
    reply = api.post(f"/office/dossiers/{code}/supplement-requests", body, "officer")
    assert reply.status_code == 201, reply.content
    return code


def test_a_file_of_a_draft_stays_in_the_warehouse_until_it_is_taken_out(api: World, filer: Callable[..., Filer]) -> None:
    from bhxh.warehouse.models import Upload

    me = filer()
    draft = me.begin(REPORT, **SAID)
    assert me.send_file(draft, "hop-dong.pdf", PDF).status_code == 303
    examine_all()
    upload = Upload.objects.get()
    address = f"/kho/{upload.item_id}/xoa"
    assert "chưa nộp hoặc đang bổ sung" in me.page(address) and me.client.post(address, {"csrf": me.csrf}).status_code == 409
    me.press(f"{draft}/bo-tep", shown=me.page(f"{draft}/giay-to"), tep=str(upload.upload_id))
    assert me.client.post(address, {"csrf": me.csrf})["Location"] == "/kho?xong=xoa"


def test_what_was_gathered_for_a_dossier_that_was_taken_back_holds_nothing(api: World, filer: Callable[..., Filer]) -> None:
    from bhxh.warehouse.models import Upload

    me = filer()
    code = asked_to_supply(api, me)
    sent = {"csrf": me.csrf, "muc": "0:proof", "tep-0": SimpleUploadedFile("hop-dong.pdf", PDF)}
    assert me.client.post(f"/ho-so/{code}/bo-sung/tep", sent).status_code == 303
    examine_all()
    address = f"/kho/{Upload.objects.get().item_id}/xoa"
    assert "chưa nộp hoặc đang bổ sung" in me.page(address) and me.client.post(address, {"csrf": me.csrf}).status_code == 409
    me.press(f"/ho-so/{code}/rut", **{"ly-do": "Nhầm thủ tục"})
    assert me.get(f"/ho-so/{code}/bo-sung").status_code == 303, "no page takes the file out any more"
    assert "Xóa giấy tờ này?" in me.page(address) and me.client.post(address, {"csrf": me.csrf})["Location"] == "/kho?xong=xoa"


def test_a_file_that_is_sent_twice_without_scripts_is_one(api: World, filer: Callable[..., Filer]) -> None:
    from bhxh.warehouse.models import Upload

    me = filer()
    draft = me.begin(REPORT, **SAID)
    for _ in range(2):
        assert me.send_file(draft, "hop-dong.pdf", PDF).status_code == 303
    assert Upload.objects.count() == 1 and me.page(f"{draft}/giay-to").count("hop-dong.pdf") == 2, "its name, and again at the button"
    assert me.send_file(draft, "bang-luong.jpg", JPEG).status_code == 303
    assert Upload.objects.count() == 2


def test_a_draft_that_is_deleted_twice_ends_at_the_list(filer: Callable[..., Filer]) -> None:
    me, stranger = filer(), filer("other citizen")
    draft = me.begin(REPORT, **SAID)
    shown = me.page(f"{draft}/xoa")
    mark = {"da-hoi": me.field(shown, "da-hoi")}
    assert stranger.client.post(f"{draft}/xoa", {"csrf": stranger.csrf, **mark}).status_code == 404
    for _ in range(2):
        assert me.client.post(f"{draft}/xoa", {"csrf": me.csrf, **mark})["Location"] == "/ho-so?xong=xoa"
    assert "Bản nháp đã xóa" in me.page("/ho-so?xong=xoa")
    assert me.client.post(f"{draft}/xoa", {"csrf": me.csrf}).status_code == 404
