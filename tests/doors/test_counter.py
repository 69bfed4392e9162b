"""An officer files at the counter; the person confirms or refuses later. And parents act for children, as the registers say."""

from base64 import b64decode, urlsafe_b64decode
from datetime import timedelta
from typing import Any

import orjson
import pytest

from bhxh.doors.standing import FOR_EMPLOYER
from bhxh.signing.confirmations import PartyKind, SignerKind, verify_confirmation
from bhxh.signing.keysets import KeySet
from tests.doors.test_answers import check_problem
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World


@pytest.fixture
def reception(api: World) -> World:
    """Officer `lan` works at the counter too."""
    from bhxh.access.commands import appoint_officer
    from bhxh.access.queries import find_officer_by_login
    from bhxh.access.roles import OfficerRole
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.clock import day_in_vietnam, now

    on = day_in_vietnam(now())
    facts = find_officer_by_login(login="lan", on=on)
    assert facts is not None
    appoint_officer(
        actor=system_actor(name="test", request_id="r", purpose="operation"),
        at=now(),
        login="lan",
        account=facts.account,
        agency_code="00101",
        roles=(OfficerRole.RECEPTION, OfficerRole.APPRAISER),
        from_on=on,
    )
    return api


def at_counter(world: World, role: str = "officer", **more: Any) -> Any:
    wanted = {"pin": world.people["citizen"], "procedure": "confirmation_extract", "form": {"purpose": "Vay"}, "why": "no_account"}
    return world.post("/office/counter-filings", {**wanted, **more}, role)


def own(world: World, role: str = "citizen") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = world.get("/me/counter-filings", role).json()
    return listed


def gathered(code: str) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    tasks.gather(dossier_id=str(get_dossier(code).dossier_id))


def letters(kind: str) -> int:
    from bhxh.notices.models import Message

    return Message.objects.filter(kind=kind).count()


def test_the_officer_signs_and_the_person_confirms_later(reception: World) -> None:
    api = reception
    reply = at_counter(api)
    assert reply.status_code == 201, reply.content
    code = reply.json()["code"]
    assert looks("counter_filing", reply["X-Request-Id"]) == {person_of(api, "citizen")}
    assert letters("filed_for_you") == 1
    keys = KeySet.from_json(api.get("/open/keys").content)
    by_officer = verify_confirmation(api.get(f"/dossiers/{code}/confirmation", "citizen").content, keys=keys).confirmed
    assert (by_officer.signer.account, by_officer.signer.kind) == ("officer:lan", SignerKind.OFFICER)
    assert (by_officer.party.kind, by_officer.party.identifier, by_officer.party.right) == (
        PartyKind.PERSON,
        api.people["citizen"],
        "COUNTER",
    )
    [shown] = own(api)
    assert (shown["code"], shown["answer"], shown["why"]) == (code, "", "no_account")
    assert orjson.loads(b64decode(shown["content"]))["purpose"] == "Vay"
    path = f"/me/counter-filings/{code}/confirmation"
    answers = [api.post(path, {"content_sha256": shown["content_sha256"]}, "citizen") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert own(api)[0]["answer"] == "confirmed"
    check_problem(api.post(f"/me/counter-filings/{code}/refusal", {}, "citizen"), 409, "DOS-043")
    assert api.get("/office/counter-filings/refused", "officer").json() == []


def test_a_refusal_takes_it_back_while_nothing_is_decided(reception: World) -> None:
    api = reception
    code = at_counter(api).json()["code"]
    refused = api.post(f"/me/counter-filings/{code}/refusal", {}, "citizen")
    assert (refused.status_code, refused.json()["is_taken_back"]) == (200, True)
    assert api.get(f"/dossiers/{code}", "citizen").json()["state"] == "WITHDRAWN"
    assert api.post(f"/me/counter-filings/{code}/refusal", {}, "citizen").json()["is_taken_back"] is True
    [listed] = api.get("/office/counter-filings/refused", "officer").json()
    assert (listed["code"], listed["is_decided"]) == (code, False)
    [shown] = own(api)
    path = f"/me/counter-filings/{code}/confirmation"
    check_problem(api.post(path, {"content_sha256": shown["content_sha256"]}, "citizen"), 409, "DOS-043")


def test_a_refusal_after_the_decision_is_seen_by_whoever_supervises(reception: World) -> None:
    api = reception
    code = at_counter(api).json()["code"]
    gathered(code)
    refused = api.post(f"/me/counter-filings/{code}/refusal", {}, "citizen")
    assert (refused.status_code, refused.json()["is_taken_back"]) == (200, False)
    [listed] = api.get("/office/counter-filings/refused", "officer").json()
    assert (listed["code"], listed["is_decided"], listed["answer"]) == (code, True, "refused")


def test_nobody_else_answers_for_the_person(reception: World) -> None:
    api = reception
    code = at_counter(api).json()["code"]
    [shown] = own(api)
    for role in ("other citizen", "officer"):
        assert own(api, role) == []
        check_problem(api.post(f"/me/counter-filings/{code}/refusal", {}, role), 404, "DOS-042")
        body = {"content_sha256": shown["content_sha256"]}
        check_problem(api.post(f"/me/counter-filings/{code}/confirmation", body, role), 404, "DOS-042")


def test_a_stale_login_or_other_content_confirms_nothing(reception: World) -> None:
    api = reception
    code = at_counter(api).json()["code"]
    [shown] = own(api)
    path, body = f"/me/counter-filings/{code}/confirmation", {"content_sha256": shown["content_sha256"]}
    api.people["stale"], api.tokens["stale"] = api.people["citizen"], api.sign_in(api.people["citizen"], auth_age_s=600)
    check_problem(api.post(path, body, "stale"), 403, "ACC-030")
    check_problem(api.post(path, {"content_sha256": "0" * 64}, "citizen"), 422, "SIG-073")
    assert own(api)[0]["answer"] == ""


def test_only_reception_files_and_only_for_the_living_who_are_kept_here(reception: World) -> None:
    api = reception
    for role in ("citizen", "clerk", "other officer", "operator"):
        assert at_counter(api, role).status_code == 403
    check_problem(at_counter(api, pin=api.people["officer"]), 403, "ACC-020")
    check_problem(at_counter(api, pin=api.people["soldier"]), 422, "API-030")
    check_problem(at_counter(api, pin=api.people["unregistered"]), 422, "API-030")
    check_problem(at_counter(api, procedure="register_employees"), 422, "DOS-044")
    check_problem(at_counter(api, procedure="no_such"), 404, "DOS-001")
    state(person_of(api, "citizen"), vital_status="DECEASED", died_on="2026-11-01")
    check_problem(at_counter(api), 422, "API-030")


def test_who_took_the_dossier_back_is_not_reminded_of_it(reception: World) -> None:
    from bhxh.doors.partners import partners
    from bhxh.dossiers import flows
    from bhxh.kernel.clock import now

    api = reception
    code = at_counter(api).json()["code"]
    version = api.get(f"/dossiers/{code}", "citizen").json()["row_version"]
    taken_back = api.post(f"/dossiers/{code}/withdrawal", {"reason": "Đổi ý", "row_version": version}, "citizen")
    assert taken_back.json()["state"] == "WITHDRAWN", taken_back.content
    sent = letters("filed_for_you")
    flows.sweep(now() + timedelta(days=8), sender=partners().sender)
    assert letters("filed_for_you") == sent


def test_one_reminder_after_a_week_and_none_after_an_answer(reception: World) -> None:
    from bhxh.doors.partners import partners
    from bhxh.dossiers import flows
    from bhxh.kernel.clock import now

    api = reception
    at_counter(api)
    answered = at_counter(api, form={"purpose": "Khác"}).json()["code"]
    api.post(f"/me/counter-filings/{answered}/refusal", {}, "citizen")
    sent = letters("filed_for_you")
    for days, more in ((6, 0), (8, 1), (9, 1), (30, 1)):
        flows.sweep(now() + timedelta(days=days), sender=partners().sender)
        assert letters("filed_for_you") == sent + more


# -- parents and children ------------------------------------------------------------------------------------------


def state(person_id: int, **facts: Any) -> None:
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.clock import day_in_vietnam, now
    from bhxh.registry.commands import record_facts
    from bhxh.registry.facts import Provenance

    record_facts(
        actor=system_actor(name="test", request_id="r", purpose="operation"),
        at=now(),
        person_id=person_id,
        facts=facts,
        valid_from=day_in_vietnam(now()),
        provenance=Provenance(source_kind="NATIONAL_DB", source_system="population"),
    )


@pytest.fixture
def family(api: World) -> World:
    """A household's head, the head's child under eighteen, and the spouse, as the synthetic registers have them."""
    meet_family(api)
    return api


def meet_family(api: World) -> None:
    """They play `parent`, `child` and `spouse` from now on."""
    homes: dict[int, dict[str, list[Any]]] = {}
    for citizen in api.population.citizens:
        if citizen.is_registered and citizen.managed_by == "mof":
            homes.setdefault(citizen.household, {}).setdefault(citizen.relation, []).append(citizen)
    youngest = lambda home: max(child.birth_on for child in home["08"])  # noqa: E731
    home = max((home for home in homes.values() if "00" in home and "08" in home and ("01" in home or "02" in home)), key=youngest)
    api.people["parent"] = home["00"][0].pin
    api.people["spouse"] = (home.get("01") or home["02"])[0].pin
    api.people["child"] = max(home["08"], key=lambda child: child.birth_on).pin


def acting_for(world: World, role: str, child: str = "child") -> dict[str, str]:
    from bhxh.registry.queries import find_person

    pin = find_person("PIN", world.people[child])
    assert pin is not None
    found = world.get("/me/represented", role).json()
    return {"Acting-For": next(one["reference"] for one in found if one["full_name"] == pin.full_name)}


def test_a_parent_reads_the_childs_book_and_asks_for_its_extract(family: World) -> None:
    api = family
    child, parent = person_of(api, "child"), person_of(api, "parent")
    shown = api.get("/me/represented", "parent")
    assert looks("represented", shown["X-Request-Id"]) >= {child}
    as_parent = acting_for(api, "parent")
    reply = api.post("/confirmation-extract/requests", {"purpose": "Học bổng"}, "parent", headers=as_parent)
    assert reply.status_code == 201, reply.content
    code = reply.json()["code"]
    keys = KeySet.from_json(api.get("/open/keys").content)
    sealed = api.get(f"/dossiers/{code}/confirmation", "parent", headers=as_parent).content
    confirmed = verify_confirmation(sealed, keys=keys).confirmed
    assert (confirmed.signer.pin, confirmed.party.kind) == (api.people["parent"], PartyKind.PERSON)
    assert (confirmed.party.identifier, confirmed.party.right) == (api.people["child"], "HEAD_OF_HOUSEHOLD")
    [listed] = api.get("/dossiers", "parent", headers=as_parent).json()
    assert (listed["code"], listed["proof"], listed["acted_for"], listed["by_right"]) == (code, "eid", "person", "HEAD_OF_HOUSEHOLD")
    assert code not in own_codes(api, "parent", {}), "without the header a parent sees their own dossiers only"
    check_problem(api.get(f"/dossiers/{code}", "parent"), 404)
    seen = api.get("/me/looks", "parent", headers=as_parent)
    assert seen.status_code == 200
    assert (child, parent, child) in acting_looks(child), "the look says who acted for whom"


def test_the_short_way_to_the_book_is_never_taken_for_another(family: World) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    api, as_parent = family, acting_for(family, "parent")
    tasks.seal(dossier_id=str(get_dossier(api.code).dossier_id), person_ids=[person_of(api, who) for who in ("parent", "child")])
    holders = []
    for headers in ({}, {}, as_parent, {}, as_parent):
        reply = api.get("/me/book", "parent", headers=headers)
        assert reply.status_code == 200, reply.content
        payload = reply.json()["payload"]
        holders.append(orjson.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["person"]["pin"])
        assert looks("book", reply["X-Request-Id"]) == {person_of(api, "child" if headers else "parent")}
    own, child = api.people["parent"], api.people["child"]
    assert holders == [own, own, child, own, child]
    named = {FOR_EMPLOYER: api.population.employers[0].tax_code}
    assert api.get("/me/book", "parent", headers=named).status_code == 403, "nor for whoever says they act for a unit"


def own_codes(world: World, role: str, headers: dict[str, str]) -> list[str]:
    return [one["code"] for one in world.get("/dossiers", role, headers=headers).json()]


def acting_looks(person_id: int) -> set[tuple[int, int, int]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, acting_person_id, on_behalf_of_person_id FROM audit_look WHERE person_id = %s", [person_id])
        return set(cursor.fetchall())


def test_a_parent_answers_for_a_child_for_whom_an_officer_filed(family: World, reception: World) -> None:
    api = family
    code = at_counter(api, pin=api.people["child"]).json()["code"]
    as_parent = acting_for(api, "parent")
    assert own(api, "parent") == [], "not among the parent's own"
    [shown] = api.get("/me/counter-filings", "parent", headers=as_parent).json()
    path, body = f"/me/counter-filings/{code}/confirmation", {"content_sha256": shown["content_sha256"]}
    check_problem(api.post(path, body, "parent"), 404, "DOS-042")
    assert api.post(path, body, "parent", headers=as_parent).status_code == 200


def test_nobody_else_acts_for_the_child(family: World) -> None:
    api = family
    as_parent = acting_for(api, "parent")
    for role in ("spouse", "citizen", "officer"):
        check_problem(api.get("/dossiers", role, headers=as_parent), 403, "ACC-203")
        assert api.people["child"] not in str(api.get("/me/represented", role).json())
    check_problem(api.get("/me/book", "parent", headers={"Acting-For": "0" * 24}), 403, "ACC-203")
    check_problem(api.get("/dossiers", "clerk", headers=as_parent), 403, "ACC-204")


def test_a_guardian_named_by_the_register_takes_the_parents_place_at_once(family: World) -> None:
    api = family
    as_parent = acting_for(api, "parent")
    assert api.get("/dossiers", "parent", headers=as_parent).status_code == 200
    state(person_of(api, "child"), legal_representative={"full_name": "Người giám hộ", "pin": api.people["citizen"]})
    check_problem(api.get("/dossiers", "parent", headers=as_parent), 403, "ACC-203")
    assert api.get("/dossiers", "citizen", headers=acting_for(api, "citizen")).status_code == 200


def test_the_right_ends_with_the_childs_death_and_on_the_eighteenth_birthday(family: World) -> None:
    from bhxh.kernel.clock import day_in_vietnam, now

    api = family
    as_parent, today = acting_for(api, "parent"), day_in_vietnam(now())
    state(person_of(api, "child"), birth_on=today.replace(year=today.year - 18, day=min(today.day, 28)).isoformat())
    check_problem(api.get("/dossiers", "parent", headers=as_parent), 403, "ACC-203")
    state(person_of(api, "child"), birth_on=today.replace(year=today.year - 9, day=min(today.day, 28)).isoformat())
    assert api.get("/dossiers", "parent", headers=as_parent).status_code == 200
    state(person_of(api, "child"), vital_status="DECEASED", died_on=today.isoformat())
    check_problem(api.get("/dossiers", "parent", headers=as_parent), 403, "ACC-203")


# -- whom an account belonged to -----------------------------------------------------------------------------------


def test_a_dead_persons_account_stops_and_says_where_survivors_turn(api: World) -> None:
    assert api.get("/me/book", "citizen").status_code == 200
    assert api.get("/me/book", "citizen").status_code == 200, "also by the short way"
    state(person_of(api, "citizen"), vital_status="DECEASED", died_on="2026-11-01")
    for method, path in (("GET", "/me/book"), ("GET", "/dossiers"), ("GET", "/me/looks"), ("GET", "/me/represented")):
        check_problem(api.call(method, path, "citizen"), 403, "ACC-201")
    check_problem(api.post("/confirmation-extract/requests", {}, "citizen"), 403, "ACC-201")
    check_problem(api.take(api.intake(api.people["citizen"])), 403, "ACC-201")


def test_a_dead_clerk_and_a_dead_officer_stop_too(api: World) -> None:
    state(person_of(api, "clerk"), vital_status="DECEASED", died_on="2026-11-01")
    check_problem(api.get("/dossiers", "clerk"), 403, "ACC-201")
    state(person_of(api, "officer"), vital_status="DECEASED", died_on="2026-11-01")
    check_problem(api.get("/office/queue", "officer"), 403, "ACC-201")


def test_a_person_whom_another_ministry_keeps_now_is_sent_there(api: World) -> None:
    from django.db import connection

    assert api.get("/me/book", "citizen").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_person SET managed_by = 'mnd' WHERE person_id = %s", [person_of(api, "citizen")])
    check_problem(api.get("/me/book", "citizen"), 403, "ACC-202")
    check_problem(api.post("/confirmation-extract/requests", {}, "citizen"), 403, "ACC-202")
