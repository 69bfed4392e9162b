"""Acting for a child or ward on pages: chosen once, said on every page, asked of the registers each time; nothing is done for the wrong person."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from tests.doors.browser import Browser
from tests.doors.test_counter import meet_family, person_of, state
from tests.doors.test_filing import looks
from tests.doors.test_filing_pages import Filer, filer
from tests.doors.test_session_end import OURS
from tests.doors.world import World

__all__ = ["filer"]
EXTRACT = "confirmation_extract"
PLACES = ("/so", "/so/lich-su", "/so/ma", "/the", "/kho", "/ho-so", "/thong-bao", "/toi", "/ai-da-xem", "/chia-se")


@pytest.fixture
def family(api: World) -> World:
    meet_family(api)
    return api


def name_of(api: World, role: str) -> str:
    return api.population.by_pin()[api.people[role]].full_name


def fields(me: Filer, path: str) -> dict[str, str]:
    """The hidden fields that every form of this page has."""
    text = me.page(path)
    return {name: me.field(text, name) for name in ("csrf", "lan", "cua")}


def act_for(me: Filer, api: World, child: str = "child") -> str:
    """Press "Làm thay". The reference of whom."""
    from tests.doors.test_counter import acting_for

    reference = acting_for(api, "parent", child)["Acting-For"]
    shown = me.page("/dai-dien")
    assert f'value="{reference}"' in shown and api.people[child] not in shown
    reply = me.client.post("/dai-dien", {**fields(me, "/dai-dien"), "ai": reference})
    assert (reply.status_code, reply["Location"]) == (303, "/so"), reply.content.decode()[:2000]
    return reference


def stop(me: Filer) -> None:
    reply = me.client.post("/dai-dien", {**fields(me, "/dai-dien"), "ai": ""})
    assert (reply.status_code, reply["Location"]) == (303, "/dai-dien?xong=thoi")


def seen_in(request_id: str) -> set[int]:
    """Whose data a request showed, whatever of them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM audit_look WHERE request_id = %s", [request_id])
        return {row[0] for row in cursor.fetchall()}


def is_about(api: World, shown: str, role: str) -> bool:
    return f"Bạn đang làm thay cho <strong>{name_of(api, role)}</strong>" in unescape(shown)


def test_every_place_is_the_childs_and_says_so_until_it_is_stopped(family: World, filer: Callable[..., Filer]) -> None:
    api, me = family, filer("parent")
    child, parent = person_of(api, "child"), person_of(api, "parent")
    assert not is_about(api, me.page("/ho-so"), "child")
    act_for(me, api)
    for path in PLACES:
        reply = me.get(path)
        shown = reply.content.decode()
        assert reply.status_code == 200, (path, shown[:2000])
        assert is_about(api, shown, "child"), path
        tab, head = re.findall(r"<title>(.*?)</title>", shown)[0], re.findall(r"<h1[^>]*>(.*?)</h1>", shown)[0]
        assert name_of(api, "child") not in unescape(tab) and "của tôi" not in tab + head, (
            path,
            "a tab's name stays in a shared telephone",
        )
        seen = seen_in(reply["X-Request-Id"])
        assert seen == {child} or (path == "/so/ma" and not seen), (path, "the look is at the child, and at nobody else")
    assert f">Sổ bảo hiểm xã hội của {name_of(api, 'child')}</h1>" in unescape(me.page("/so"))
    stop(me)
    assert ">Sổ bảo hiểm xã hội của tôi</h1>" in me.page("/so")
    shown = me.page("/dai-dien?xong=thoi")
    assert "Bạn đã thôi làm thay" in shown and not is_about(api, shown, "child")
    assert looks("book", me.get("/so")["X-Request-Id"]) == {parent}


def test_a_look_names_the_parent_to_the_child(family: World, filer: Callable[..., Filer]) -> None:
    from bhxh.doors.partners import partners
    from bhxh.own_data.looks import Recipient, tell_looks

    me = filer("parent")
    act_for(me, family)
    me.page("/so")
    told = tell_looks(person_of(family, "child"), office=partners().office, before=None, is_without_own=True, limit=9)
    [look] = [one for one in told if one.what == "book"]
    assert (look.recipient, look.who[0]) == (Recipient.REPRESENTATIVE, "người đại diện của bạn")


def test_a_dossier_filed_for_the_child_is_the_childs_as_through_the_api(family: World, filer: Callable[..., Filer]) -> None:
    from bhxh.dossiers.queries import list_dossiers

    api, me = family, filer("parent")
    child, parent = person_of(api, "child"), person_of(api, "parent")
    act_for(me, api)
    assert name_of(api, "child") in unescape(me.page(f"/ho-so/moi/{EXTRACT}")), "what is known is known of the child"
    draft = me.begin(EXTRACT)
    assert me.press(f"{draft}/noi-dung", **{"q-purpose": "Học bổng"}).status_code == 303
    reply = me.confirm(draft)
    assert reply.status_code == 303, reply.content.decode()[:2000]
    [dossier] = list_dossiers(person_id=child)
    assert list_dossiers(person_id=parent) == ()
    assert dossier.proof["acted_for"] != "self" and dossier.code in me.page("/ho-so")
    for path in (f"/ho-so/{dossier.code}/theo-doi", f"/ho-so/{dossier.code}/da-nop", f"/ho-so/{dossier.code}/rut"):
        assert is_about(api, me.page(path), "child")
    receipt = me.get(f"/api/v1/dossiers/{dossier.code}/receipt")
    assert receipt.status_code == 200, "what a page links to goes on for the same person"
    stop(me)
    for path in (draft, f"/ho-so/{dossier.code}/theo-doi", f"/api/v1/dossiers/{dossier.code}/receipt"):
        assert me.get(path).status_code == 404, "for themselves it is not theirs"
    assert dossier.code not in me.page("/ho-so")


def test_nobody_acts_for_whom_they_do_not_represent(family: World, filer: Callable[..., Filer]) -> None:
    api, me = family, filer("parent")
    reference = act_for(me, api)
    for role in ("spouse", "citizen"):
        other = filer(role)
        for wanted in (reference, "0" * 24, str(person_of(api, "child")), "x' OR 1=1"):
            reply = other.client.post("/dai-dien", {**fields(other, f"/ho-so/moi/{EXTRACT}"), "ai": wanted})
            assert reply.status_code == 403 and "Bạn không làm thay được cho người này" in reply.content.decode()
        assert not is_about(api, other.page("/so"), "child")


def test_a_representation_that_ended_shows_nothing_more_and_leads_out(family: World, filer: Callable[..., Filer]) -> None:
    api, me = family, filer("parent")
    act_for(me, api)
    draft = me.begin(EXTRACT)
    waiting = me.page(f"{draft}/noi-dung")
    state(person_of(api, "child"), legal_representative={"full_name": "Người giám hộ", "pin": api.people["citizen"]})
    for path in (*PLACES, draft):
        shown = me.page(path, 403)
        assert "Bạn không làm thay được cho người này" in shown and "Thôi làm thay" in shown and "/dai-dien" in shown
        assert name_of(api, "child") not in unescape(shown)
    assert me.press(f"{draft}/noi-dung", shown=waiting, **{"q-purpose": "Học bổng"}).status_code == 403
    shown = me.page("/dai-dien")
    assert "Bạn không còn đại diện cho người bạn đang làm thay" in shown
    stop(me)
    assert me.get("/so").status_code == 200


@pytest.mark.parametrize("first", ["for the child", "for oneself"])
def test_a_form_of_one_person_is_not_taken_for_another_and_loses_nothing(family: World, filer: Callable[..., Filer], first: str) -> None:
    from bhxh.dossiers.answering import list_answers

    api, me = family, filer("parent")
    child, parent = person_of(api, "child"), person_of(api, "parent")
    if first == "for the child":
        act_for(me, api)
    begun = me.page(f"/ho-so/moi/{EXTRACT}")
    sent = {name: me.field(begun, name) for name in ("csrf", "lan", "cua")} | {"q-purpose": "Học bổng của cháu"}
    if first == "for the child":
        stop(me)
    else:
        act_for(me, api)
    reply = me.client.post(f"/ho-so/moi/{EXTRACT}", sent, headers=OURS)
    shown = unescape(reply.content.decode())
    assert reply.status_code == 409 and "Chưa có gì được gửi" in shown and "Học bổng của cháu" in shown and "/dai-dien" in shown
    assert list_answers(child) == list_answers(parent) == ()
    if first == "for the child":
        act_for(me, api)
    else:
        stop(me)
    again = {**sent, "csrf": me.csrf}
    assert me.client.post(f"/ho-so/moi/{EXTRACT}", again, headers=OURS).status_code == 303
    [draft] = list_answers(child if first == "for the child" else parent)
    assert draft.typed["q-purpose"] == ["Học bổng của cháu"]


def test_a_script_is_told_that_somebody_acts_for_another_by_now(family: World, filer: Callable[..., Filer]) -> None:
    me = filer("parent")
    act_for(me, family)
    draft = me.begin("report_mistake")
    page, files = me.page(f"{draft}/noi-dung"), me.page(f"{draft}/giay-to")
    stop(me)
    for path, shown in ((f"{draft}/noi-dung", page), (f"{draft}/giay-to/tep", files)):
        reply = me.press(path, shown=shown, headers={"X-Autosave": "1", **OURS}, **{"q-words": "Thiếu tháng"})
        assert (reply.status_code, reply["Content-Type"]) == (409, "text/plain; charset=utf-8")
        assert reply.content.decode().startswith("Trang này mở ra trước khi bạn đổi người làm thay. Chưa có gì được gửi.")


def test_a_page_for_everybody_leads_back_to_the_same_person(family: World, filer: Callable[..., Filer]) -> None:
    me, stranger = filer("parent"), Browser(family)
    act_for(me, family)
    for path in ("/", "/thu-tuc", "/tra-cuu", "/tro-giup", "/xac-minh"):
        assert 'href="/dang-nhap/tiep"' in me.page(path) and "/dang-nhap/tiep" not in stranger.get(path).content.decode()
    assert me.get("/dang-nhap/tiep")["Location"] == "/so"
    assert is_about(family, me.page("/so"), "child")
    assert stranger.get("/dang-nhap/tiep")["Location"] == "/dang-nhap"


def test_a_form_without_marks_does_nothing_for_another(family: World, filer: Callable[..., Filer]) -> None:
    me = filer("parent")
    act_for(me, family)
    reply = me.client.post(f"/ho-so/moi/{EXTRACT}", {"csrf": me.csrf, "lan": "x"})
    assert reply.status_code == 409


def test_the_language_changes_and_the_person_stays(family: World, filer: Callable[..., Filer]) -> None:
    me = filer("parent")
    act_for(me, family)
    shown = unescape(me.page("/so?lang=en"))
    assert f"You are acting for <strong>{name_of(family, 'child')}</strong>" in shown and "Stop acting for them" in shown
    assert "data-keep-offline" not in shown, "a child's book is not kept under the parent's address"


def test_another_role_or_another_session_begins_with_oneself(family: World, filer: Callable[..., Filer]) -> None:
    api, me = family, filer("parent")
    act_for(me, api)
    reply = me.client.post("/dang-nhap/vai-tro", {"csrf": me.csrf, "vai-tro": "SELF"})
    assert reply.status_code == 303
    assert not is_about(api, me.page("/so"), "child")
    act_for(me, api)
    assert not is_about(api, filer("parent").page("/so"), "child")


def test_signing_in_anew_goes_on_for_the_same_person(family: World, filer: Callable[..., Filer]) -> None:
    api, me = family, filer("parent")
    act_for(me, api)
    assert me.sign_in("parent", query="?moi=1").status_code == 303
    assert is_about(api, me.page("/so"), "child")


def test_what_the_switch_costs(family: World, filer: Callable[..., Filer]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    me = filer("parent")
    counted: dict[str, Any] = {}
    for who in ("oneself", "child"):
        if who == "child":
            act_for(me, family)
        me.page("/ho-so")
        with CaptureQueriesContext(connection) as captured:
            me.page("/ho-so")
        counted[who] = len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]])
    assert counted["child"] - counted["oneself"] <= 8, counted
