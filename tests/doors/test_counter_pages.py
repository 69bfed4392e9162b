"""The counter on pages: somebody who came in person is found, their answers are typed, filed once and answered by letter; every bad day of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bhxh.signing.confirmations import SignerKind, verify_confirmation
from bhxh.signing.keysets import KeySet
from tests.component.dossiers.test_answering import begun as typed_for
from tests.component.dossiers.test_answering import receptionist
from tests.component.warehouse.test_uploads import PDF
from tests.doors.test_counter import at_counter, letters, own, state
from tests.doors.test_filing import looks, person_of
from tests.doors.test_filing_pages import SAID, Filer, _make_old, dossiers_of, examine_all
from tests.doors.test_officers import WORDS, looks_of
from tests.doors.test_session_end import OURS
from tests.doors.world import World

COUNTER, DESK = "/can-bo/tai-quay", "officer RECEPTION"
At = Callable[..., Filer]


@pytest.fixture
def at_work(api: World) -> At:
    """An officer's browser, in their role, with the key shown."""

    def go(role: str = DESK, **more: Any) -> Filer:
        browser = Filer(api)
        browser.go_to_work(role, **more)
        return browser

    return go


def find(browser: Filer, api: World, **changed: str) -> Any:
    return browser.press(COUNTER, **{"viec": "tim", "so": api.people["citizen"], "loi": WORDS, **changed})


def begun(browser: Filer, api: World, slug: str = "report_mistake") -> str:
    """Address of a draft for the citizen."""
    found = find(browser, api)
    reply = begin(browser, found.content.decode(), api, slug)
    assert reply.status_code == 303, reply.content.decode()
    return str(reply["Location"])


def begin(browser: Filer, shown: str, api: World, slug: str, **changed: str) -> Any:
    return browser.press(COUNTER, shown=shown, **{"viec": "bat-dau", "so": api.people["citizen"], "loi": WORDS, "thu-tuc": slug, **changed})


def answered(browser: Filer, api: World) -> str:
    """The same with its questions answered and no paper."""
    draft = begun(browser, api)
    assert browser.press(f"{draft}/noi-dung", **SAID).status_code == 303
    return draft


def confirm(browser: Filer, draft: str, why: str = "no_account", **fields: str) -> Any:
    shown = browser.page(f"{draft}/kiem-tra")
    given = {"noi-dung": browser.field(shown, "noi-dung"), "vi-sao": why, **fields}
    return browser.press(f"{draft}/kiem-tra", shown=shown, **given)


# -- who, and for whom ------------------------------------------------------------------------------------------------


def test_only_reception_is_let_in_and_finds_its_place_in_the_bar(api: World, at_work: At) -> None:
    for role in ("officer", "officer CONVERTER", "operator", "officer SUPERVISOR"):
        assert at_work(role).get(COUNTER).status_code == 403
        assert f'href="{COUNTER}"' not in at_work(role).get("/can-bo/tra-cuu").content.decode()
    assert at_work(DESK, has_shown=False).get(COUNTER)["Location"].startswith("/can-bo/khoa?tiep=")
    bar = at_work().page(COUNTER).split('<nav class="places"')[1].split("</nav>")[0]
    assert [part.split('"')[0] for part in bar.split('href="/can-bo/')[1:]] == ["tai-quay", "viec", "tra-cuu"]
    citizen = Filer(api)
    citizen.sign_in()
    assert citizen.get(COUNTER).status_code == 403


def test_the_person_is_shown_once_looked_at_and_no_address_holds_the_number(api: World, at_work: At) -> None:
    browser = at_work()
    reply = find(browser, api)
    text = reply.content.decode()
    assert reply.status_code == 200 and api.population.by_pin()[api.people["citizen"]].full_name in text
    assert looks("person_record", reply["X-Request-Id"]) == {person_of(api, "citizen")}
    assert (looks_of(api, "citizen")[0].purpose, looks_of(api, "citizen")[0].reason) == ("at_counter", WORDS)
    assert "register_employees" not in text and "confirmation_extract" in text
    draft = begin(browser, text, api, "confirmation_extract")["Location"]
    assert api.people["citizen"] not in draft
    shown = browser.get(draft)
    assert "Nộp thay" in shown.content.decode() and looks("counter_filing", shown["X-Request-Id"]) == {person_of(api, "citizen")}


def test_whoevers_number_is_sent_reads_why_it_was_begun_for_them(api: World, at_work: At) -> None:
    browser = at_work()
    found = find(browser, api).content.decode()
    before = len(looks_of(api, "other citizen"))
    reply = begin(browser, found, api, "report_mistake", so=api.people["other citizen"])
    assert looks("counter_filing", reply["X-Request-Id"]) == {person_of(api, "other citizen")}
    [look] = looks_of(api, "other citizen")[: len(looks_of(api, "other citizen")) - before]
    assert (look.purpose, look.reason, look.account) == ("at_counter", WORDS, "officer:only-reception")
    assert browser.page(reply["Location"]), "and only then a page of it is opened"


@pytest.mark.parametrize(
    ("fields", "status", "at"),
    [
        ({"so": ""}, 422, "so"),
        ({"loi": "ngắn"}, 422, "loi"),
        ({"so": "001199999999"}, 404, "so"),
        ({"so": "{soldier}"}, 404, "so"),
        ({"so": "{officer RECEPTION}"}, 403, "so"),
        ({"viec": "bat-dau", "thu-tuc": "register_employees"}, 422, "thu-tuc"),
        ({"viec": "bat-dau"}, 422, "thu-tuc"),
    ],
    ids=["no number", "short reason", "nobody", "another custodian", "oneself", "not at a counter", "nothing chosen"],
)
def test_what_is_wrong_is_said_at_its_field(api: World, at_work: At, fields: dict[str, str], status: int, at: str) -> None:
    given = {name: value.format_map(api.people) if "{" in value else value for name, value in fields.items()}
    reply = find(at_work(), api, **given)
    text = reply.content.decode()
    assert reply.status_code == status and f'href="#{at}"' in text and f'id="{at}"' in text and "<title>Lỗi:" in text
    assert given.get("so", api.people["citizen"]) in text, "what was typed stands there"


def test_nothing_is_filed_for_the_dead(api: World, at_work: At) -> None:
    browser = at_work()
    draft = answered(browser, api)
    state(person_of(api, "citizen"), vital_status="DECEASED", died_on="2026-11-01")
    assert find(browser, api).status_code == 422
    assert browser.get(f"{draft}/kiem-tra").status_code == 422
    assert dossiers_of(api) == []


# -- from the number to the receipt -----------------------------------------------------------------------------------


def test_from_the_number_to_the_receipt_with_a_paper(api: World, at_work: At) -> None:
    from bhxh.dossiers.queries import get_dossier, list_components

    browser = at_work()
    before = letters("filed_for_you")
    draft = answered(browser, api)
    assert browser.send_file(draft, "hop-dong.pdf", PDF).status_code == 303
    waiting = confirm_unfinished(browser, draft)
    assert waiting.status_code == 422 and "đang được kiểm tra" in waiting.content.decode()
    examine_all()
    first = confirm(browser, draft, why="cannot_use")
    assert first.status_code == 303, first.content.decode()
    filed = first["Location"]
    shown = browser.get(filed)
    text = shown.content.decode()
    code = filed.rpartition("/")[2]
    assert code in text and "ốm đau" in text and looks("receipt", shown["X-Request-Id"]) == {person_of(api, "citizen")}
    sealed = browser.get(f"{filed}/phieu.pdf")
    assert sealed.content.startswith(b"%PDF-") and sealed["Cache-Control"] == "no-store"
    assert letters("filed_for_you") == before + 1
    [listed] = own(api)
    assert (listed["code"], listed["why"], listed["answer"]) == (code, "cannot_use", "")
    keys = KeySet.from_json(api.get("/open/keys").content)
    signer = verify_confirmation(api.get(f"/dossiers/{code}/confirmation", "citizen").content, keys=keys).confirmed.signer
    assert (signer.account, signer.kind) == ("officer:only-reception", SignerKind.OFFICER)
    filed_with = [one.source_system for one in list_components(get_dossier(code).dossier_id)]
    assert filed_with.count("warehouse") == 1, "the paper is filed with it"


def confirm_unfinished(browser: Filer, draft: str) -> Any:
    shown = browser.page(f"{draft}/kiem-tra")
    given = {"csrf": browser.field(browser.page(f"{draft}/noi-dung"), "csrf"), "vi-sao": "no_account", "noi-dung": "x"}
    assert "Ký và nộp thay" not in shown
    return browser.client.post(f"{draft}/kiem-tra", given)


def test_pressed_twice_or_after_going_back_it_is_filed_once(api: World, at_work: At) -> None:
    browser = at_work()
    draft = answered(browser, api)
    shown = browser.page(f"{draft}/kiem-tra")
    given = {"noi-dung": browser.field(shown, "noi-dung"), "vi-sao": "no_account"}
    addresses = {browser.press(f"{draft}/kiem-tra", shown=shown, **given)["Location"] for _ in range(2)}
    assert len(addresses) == 1 and len(own(api)) == 1 and letters("filed_for_you") == 1
    assert browser.get(draft)["Location"] == browser.get(f"{draft}/noi-dung")["Location"] == addresses.pop()
    found = find(browser, api).content.decode()
    twice = {begin(browser, found, api, "confirmation_extract")["Location"] for _ in range(2)}
    assert len(twice) == 1, "one showing of the page begins one draft"


def test_the_same_wish_from_a_second_draft_is_no_second_dossier(api: World, at_work: At) -> None:
    browser = at_work()
    first = confirm(browser, answered(browser, api))["Location"]
    again = confirm(browser, answered(browser, api))["Location"]
    assert again == f"{first}?da-co=1" and len(own(api)) == 1
    assert "Không có hồ sơ thứ hai" in browser.page(again)


def test_who_filed_the_same_at_home_has_no_second_dossier(api: World, at_work: At) -> None:
    citizen, browser = Filer(api), at_work()
    citizen.sign_in()
    at_home = citizen.begin("report_mistake")
    citizen.press(f"{at_home}/noi-dung", **SAID)
    code = citizen.confirm(at_home)["Location"].split("/")[2]
    draft = answered(browser, api)
    reply = confirm(browser, draft)
    assert reply.status_code == 409 and code in reply.content.decode() and own(api) == []
    assert looks_in(reply) == [(person_of(api, "citizen"), "counter_filing")]
    assert browser.press(f"{draft}/xoa")["Location"] == f"{COUNTER}?xong=xoa"


def test_why_it_is_filed_here_is_asked_and_what_was_read_out_is_what_is_filed(api: World, at_work: At) -> None:
    browser = at_work()
    draft = answered(browser, api)
    missing = confirm(browser, draft, why="")
    assert missing.status_code == 422 and 'href="#vi-sao"' in missing.content.decode()
    changed = confirm(browser, draft, **{"noi-dung": "0" * 64})
    assert changed.status_code == 409 and own(api) == []
    assert 'value="no_account" checked' in changed.content.decode()


def test_a_wrong_answer_is_said_at_its_field_and_kept(api: World, at_work: At) -> None:
    browser = at_work()
    draft = begun(browser, api)
    reply = browser.press(f"{draft}/noi-dung", **{**SAID, "q-words": ""})
    assert reply.status_code == 422 and 'href="#q-words"' in reply.content.decode() and "Nộp thay" in reply.content.decode()
    assert browser.get(f"{draft}/kiem-tra")["Location"] == draft


def test_the_language_is_changed_on_each_page_and_nothing_is_lost(api: World, at_work: At) -> None:
    browser = at_work()
    typed = browser.press(f"{COUNTER}?lang=en", shown=browser.page(COUNTER), viec="tim", so=api.people["citizen"], loi=WORDS)
    assert api.people["citizen"] in typed.content.decode() and looks("person_record", typed["X-Request-Id"]) == set()
    found = find(browser, api).content.decode()
    chosen = browser.press(
        f"{COUNTER}?lang=en", shown=found, **{"viec": "bat-dau", "so": api.people["citizen"], "loi": WORDS, "thu-tuc": "report_mistake"}
    )
    assert 'value="report_mistake" checked' in chosen.content.decode() and 'lang="en"' in chosen.content.decode()
    assert looks("person_record", chosen["X-Request-Id"]) == {person_of(api, "citizen")}, "it is shown once more"
    draft = answered(browser, api)
    page = browser.page(f"{draft}/noi-dung")
    assert "vẫn còn" in browser.press(f"{draft}/noi-dung?lang=en", shown=page, **{**SAID, "q-words": "vẫn còn"}).content.decode()
    shown = browser.page(f"{draft}/kiem-tra")
    kept = browser.press(f"{draft}/kiem-tra?lang=en", shown=shown, **{"vi-sao": "level_1"})
    assert kept.status_code == 200 and 'value="level_1" checked' in kept.content.decode() and own(api) == []


def test_when_the_session_is_over_what_was_typed_comes_back(api: World, at_work: At) -> None:
    browser = at_work()
    draft = begun(browser, api)
    page = browser.page(f"{draft}/noi-dung")
    browser.client.cookies.clear()
    reply = browser.press(f"{draft}/noi-dung", shown=page, headers=OURS, **{**SAID, "q-words": "Thiếu một năm"})
    assert reply.status_code == 401 and "Thiếu một năm" in reply.content.decode()


def test_what_did_not_come_from_our_page_does_nothing(api: World, at_work: At) -> None:
    browser = at_work()
    draft = answered(browser, api)
    shown = browser.page(f"{draft}/kiem-tra")
    sent = {"csrf": "wrong", "noi-dung": browser.field(shown, "noi-dung"), "vi-sao": "no_account"}
    assert browser.client.post(f"{draft}/kiem-tra", sent).status_code == 403
    assert browser.client.post(COUNTER, {"viec": "tim", "so": api.people["citizen"], "loi": WORDS}).status_code == 403
    assert own(api) == []


def test_a_draft_and_a_receipt_are_their_officers_alone(api: World, at_work: At) -> None:
    from bhxh.access.models import Officer

    row = Officer.objects.get(login="minh")
    row.roles = [*row.roles, "RECEPTION"]
    row.save()
    browser, other, citizen = at_work(), at_work("other officer"), Filer(api)
    citizen.sign_in()
    draft = answered(browser, api)
    own_page = citizen.page("/ho-so")
    assert draft.rpartition("/")[2] not in own_page and citizen.get(draft.replace(COUNTER, "/ho-so")).status_code == 404
    for path in (draft, f"{draft}/noi-dung", f"{draft}/kiem-tra", f"{draft}/xoa"):
        assert other.get(path).status_code == 404
    assert draft in browser.page(COUNTER) and draft not in other.page(COUNTER)
    begun_at_home = citizen.begin("report_mistake")
    assert browser.get(begun_at_home.replace("/ho-so", COUNTER)).status_code == 404, "what they began at home is not the counter's"
    filed = confirm(browser, draft)["Location"]
    assert other.get(filed).status_code == other.get(f"{filed}/phieu.pdf").status_code == 404
    assert browser.get(f"{COUNTER}/da-nop/G12").status_code == 404


def test_a_paper_of_an_officers_draft_is_held_by_a_sentence_of_its_own(api: World, at_work: At) -> None:
    from bhxh.warehouse.models import Upload

    browser, citizen = at_work(), Filer(api)
    citizen.sign_in()
    draft = begun(browser, api)
    assert browser.send_file(draft, "hop-dong.pdf", PDF).status_code == 303
    examine_all()
    address = f"/kho/{Upload.objects.get().item_id}/xoa"
    for reply, status in ((citizen.get(address), 200), (citizen.client.post(address, {"csrf": citizen.csrf}), 409)):
        text = reply.content.decode()
        assert reply.status_code == status and "cán bộ đang lập cho bạn tại quầy" in text and "Bỏ tệp khỏi hồ sơ" not in text
    shown = browser.page(f"{draft}/xoa")
    browser.press(f"{draft}/xoa", shown=shown, **{"da-hoi": browser.field(shown, "da-hoi")})
    assert citizen.client.post(address, {"csrf": citizen.csrf})["Location"] == "/kho?xong=xoa"


def test_who_comes_back_with_a_paper_is_shown_their_draft_however_many_came_since(api: World, at_work: At) -> None:
    from bhxh.dossiers.answering import MOST_DRAFTS
    from bhxh.kernel.clock import now

    browser = at_work()
    draft = begun(browser, api)
    for number in range(MOST_DRAFTS):
        typed_for(actor=receptionist("only-reception", whom=-1 - number), at=now())
    assert draft not in browser.page(COUNTER), "the latest of everybody"
    assert draft in find(browser, api).content.decode()


# -- what the person sees of it among their looks -----------------------------------------------------------------------

BY_SCRIPT = {"X-Autosave": "1"}


def looks_in(reply: Any) -> list[tuple[int, str]]:
    """Everybody whom a request noted as looked at, each as often as it did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, what FROM audit_look WHERE request_id = %s", [reply["X-Request-Id"]])
        return list(cursor.fetchall())


def test_what_a_script_keeps_by_itself_is_no_look(api: World, at_work: At) -> None:
    browser = at_work()
    draft = begun(browser, api)
    path = f"{draft}/noi-dung"
    shown = browser.page(path)
    before = len(looks_of(api, "citizen"))
    for typed in ("T", "Th", "Thiếu"):
        kept = browser.press(path, shown=shown, headers=BY_SCRIPT, **{**SAID, "q-words": typed})
        assert (kept.status_code, kept.content) == (204, b"")
    stale = shown.replace(browser.field(shown, "lan"), "0" * 32)
    elsewhere = browser.press(path, shown=stale, headers=BY_SCRIPT, **{**SAID, "q-words": "khác"})
    assert (elsewhere.status_code, elsewhere.content) == (409, b"")
    assert browser.send_file(draft, "hop-dong.pdf", PDF, by_script=True).status_code == 204
    refused = browser.send_file(draft, "thu.pdf", b"no document", by_script=True)
    assert refused.status_code == 422 and refused["Content-Type"].startswith("text/plain")
    assert looks_in(kept) == looks_in(elsewhere) == looks_in(refused) == []
    assert len(looks_of(api, "citizen")) == before + 2, "the two pages of files that were opened on the way"
    assert "Thiếu" in browser.page(path) and "hop-dong.pdf" in browser.page(f"{draft}/giay-to")


def test_whatever_shows_the_draft_is_a_look_whoever_asks_for_it(api: World, at_work: At) -> None:
    browser, seen = at_work(), [(person_of(api, "citizen"), "counter_filing")]
    draft = answered(browser, api)
    path = f"{draft}/noi-dung"
    shown = browser.page(path)
    for reply in (
        browser.get(path, headers=BY_SCRIPT),
        browser.get(f"{draft}/kiem-tra", headers=BY_SCRIPT),
        browser.press(f"{path}?lang=en", shown=shown, headers=BY_SCRIPT, **SAID),
        browser.press(path, shown=shown, **{**SAID, "q-words": ""}),
    ):
        assert "Nộp thay" in reply.content.decode() or "Filed for" in reply.content.decode()
        assert looks_in(reply) == seen


def test_one_request_is_one_look(api: World, at_work: At) -> None:
    browser, seen = at_work(), [(person_of(api, "citizen"), "counter_filing")]
    found = find(browser, api)
    assert looks_in(found) == [(person_of(api, "citizen"), "person_record")]
    started = begin(browser, found.content.decode(), api, "report_mistake")
    draft = str(started["Location"])
    replies = [started, browser.press(f"{draft}/noi-dung", **SAID)]
    files = browser.page(f"{draft}/giay-to")
    replies += [browser.send_file(draft, "hop-dong.pdf", PDF), browser.send_file(draft, "thu.pdf", b"no document")]
    for name, content in (("luong.pdf", PDF + b" "), ("khac.pdf", b"no document")):
        replies.append(browser.press(f"{draft}/giay-to", shown=files, **{"muc": "proof", "q-proof": SimpleUploadedFile(name, content)}))
    assert [reply.status_code for reply in replies] == [303, 303, 303, 422, 303, 422]
    examine_all()
    replies += [browser.get(f"{draft}/kiem-tra"), confirm(browser, draft, why=""), confirm(browser, draft)]
    assert [reply.status_code for reply in replies[-3:]] == [200, 422, 303]
    assert [looks_in(reply) for reply in replies] == [seen] * len(replies)
    [dossier] = dossiers_of(api)
    latest = next(look for look in looks_of(api, "citizen") if look.what == "counter_filing")
    assert latest.dossier_id == dossier.dossier_id, "the look of the filing names what became of it"


def test_a_draft_is_deleted_after_one_more_question(api: World, at_work: At) -> None:
    browser = at_work()
    draft = begun(browser, api)
    shown = browser.page(f"{draft}/xoa")
    assert "kho giấy tờ của người này" in shown
    given = {"da-hoi": browser.field(shown, "da-hoi")}
    for _ in range(2):
        assert browser.press(f"{draft}/xoa", shown=shown, **given)["Location"] == f"{COUNTER}?xong=xoa"
    assert browser.get(draft).status_code == 404
    after = browser.page(f"{COUNTER}?xong=xoa")
    assert draft not in after and "Bản nháp đã xóa." in after


# -- what the person says to it ---------------------------------------------------------------------------------------


def handed(api: World) -> str:
    """Code of what an officer filed for the citizen."""
    return str(at_counter(api, DESK, form={"purpose": "Vay mua nhà"}).json()["code"])


def test_the_person_sees_what_was_filed_and_confirms_it_once(api: World) -> None:
    code, citizen = handed(api), Filer(api)
    citizen.sign_in()
    here = f"/ho-so/{code}/nop-thay"
    assert here in citizen.page(f"/ho-so/{code}/theo-doi")
    reply = citizen.get(here)
    shown = reply.content.decode()
    assert (
        "Vay" in shown
        and "Tôi không yêu cầu hồ sơ này" in shown
        and looks("counter_filing", reply["X-Request-Id"]) == {person_of(api, "citizen")}
    )
    given = {"viec": "xac-nhan", "noi-dung": citizen.field(shown, "noi-dung")}
    assert citizen.press(here, shown=shown, viec="xac-nhan", **{"noi-dung": "0" * 64}).status_code == 422
    for _ in range(2):
        assert citizen.press(here, shown=shown, **given)["Location"] == here
    assert own(api)[0]["answer"] == "confirmed" and "Bạn đã xác nhận" in citizen.page(here)
    other_way = citizen.press(here, shown=shown, viec="tu-choi")
    assert other_way.status_code == 409 and own(api)[0]["answer"] == "confirmed"


def test_the_person_never_asked_for_it(api: World) -> None:
    code, citizen = handed(api), Filer(api)
    citizen.sign_in()
    here = f"/ho-so/{code}/nop-thay"
    shown = citizen.page(here)
    for _ in range(2):
        assert citizen.press(here, shown=shown, viec="tu-choi")["Location"] == here
    assert own(api)[0]["answer"] == "refused" and "không yêu cầu" in citizen.page(here)
    assert api.get(f"/dossiers/{code}", "citizen").json()["state"] == "WITHDRAWN"


def test_who_supervises_sees_what_was_never_asked_for(api: World, at_work: At) -> None:
    place = f"{COUNTER}/tu-choi"
    assert "Chưa ai từ chối" in at_work("officer SUPERVISOR").page(place)
    code = handed(api)
    assert api.post(f"/me/counter-filings/{code}/refusal", {}, "citizen").status_code == 200
    shown = at_work("officer SUPERVISOR").page(place)
    assert code in shown and "only-reception" in shown and "hồ sơ đã rút" in shown
    assert api.people["citizen"] not in shown and api.population.by_pin()[api.people["citizen"]].full_name not in shown
    for role in ("officer CONVERTER", "officer AUDITOR", "operator"):
        assert at_work(role).get(place).status_code == 403
    for path in (COUNTER, "/can-bo/viec"):
        assert place in at_work().page(path)


def test_nobody_else_answers_and_confirming_asks_for_a_fresh_sign_in(api: World) -> None:
    code, citizen, other = handed(api), Filer(api), Filer(api)
    other.sign_in("other citizen")
    here = f"/ho-so/{code}/nop-thay"
    assert other.get(here).status_code == 404
    citizen.sign_in()
    shown = citizen.page(here)
    assert citizen.client.post(here, {"csrf": "wrong", "viec": "tu-choi"}).status_code == 403
    _make_old()
    assert "Xác thực lại với VNeID" in citizen.page(here) and "Tôi không yêu cầu" in citizen.page(here)
    assert citizen.press(here, shown=shown, viec="xac-nhan", **{"noi-dung": citizen.field(shown, "noi-dung")}).status_code == 403
    assert own(api)[0]["answer"] == ""
    assert citizen.press(here, shown=shown, viec="tu-choi").status_code == 303, "to refuse needs no fresh sign-in"


def test_how_many_statements_a_page_costs(api: World, at_work: At) -> None:
    """A snapshot. What it costs in time: `python -m bench pages`."""
    browser, counted = at_work(), {}
    draft = answered(browser, api)
    filed = confirm(browser, answered(browser, api))["Location"].partition("?")[0]
    for name, path in (
        ("counter", COUNTER),
        ("draft", draft),
        ("part", f"{draft}/noi-dung"),
        ("check", f"{draft}/kiem-tra"),
        ("filed", filed),
    ):
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        counted[name] = len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]])
    assert counted == {"counter": 4, "draft": 9, "part": 7, "check": 7, "filed": 8}
