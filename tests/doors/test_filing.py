"""Filing and deciding over HTTP: once and only once, nobody overwrites anybody, and every look is written down."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from tests.doors.test_answers import check_problem
from tests.doors.world import World


def looks(what: str, request_id: str) -> set[int]:
    """Whose data a request showed, as the log has it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM audit_look WHERE what = %s AND request_id = %s", [what, request_id])
        return {row[0] for row in cursor.fetchall()}


def persons_of(dossier_id: UUID, numbers: Sequence[int] | None = None) -> set[int]:
    from bhxh.dossiers.queries import list_all_lines

    lines = list_all_lines(dossier_id)
    return {line.person_id for line in lines if line.person_id is not None and (numbers is None or line.number in numbers)}


def person_of(world: World, role: str) -> int:
    from bhxh.registry.queries import find_person

    found = find_person("PIN", world.people[role])
    assert found is not None
    return found.person_id


# -- once and only once ---------------------------------------------------------------------------------------------


def test_the_same_filing_again_gets_the_first_receipt(api: World) -> None:
    draft, to_sign = api.prepare_list(batch=2)
    first, again = (api.file_draft(draft, to_sign, key="a") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["receipt"] == first.json()["receipt"]
    assert (first.json()["is_repeat"], again.json()["is_repeat"]) == (False, True)


def test_the_same_content_under_another_key_too(api: World) -> None:
    draft, to_sign = api.prepare_list(batch=2)
    first, again = api.file_draft(draft, to_sign, key="a"), api.file_draft(draft, to_sign, key="b")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["code"] == first.json()["code"]


def test_the_same_key_for_other_content_is_a_conflict(api: World) -> None:
    api.file_draft(*api.prepare_list(batch=2), key="a")
    check_problem(api.file_draft(*api.prepare_list(batch=3), key="a"), 409)


def test_without_a_key_nothing_is_filed(api: World) -> None:
    from bhxh.dossiers.models import Dossier

    before = Dossier.objects.count()
    check_problem(api.file_draft(*api.prepare_list(batch=2), key=""), 422, "API-005")
    check_problem(api.file_draft(*api.prepare_list(batch=2), key="k" * 201), 422, "API-001")
    assert Dossier.objects.count() == before


def test_another_employers_draft_does_not_exist(api: World) -> None:
    draft, to_sign = api.prepare_list(batch=2)
    check_problem(api.file_draft(draft, to_sign, key="a", role="other clerk"), 404)


def test_a_signature_over_other_bytes_is_refused(api: World) -> None:
    draft, to_sign = api.prepare_list(batch=2)
    check_problem(api.file_draft(draft, to_sign + b"x", key="a"), 422)


def test_a_document_signed_for_another_employer_is_refused(api: World) -> None:
    from bhxh.dossiers.queries import get_dossier
    from bhxh.warehouse.store import read_blob

    signed = read_blob(get_dossier(api.code).document_sha256)
    reply = api.call(
        "POST",
        "/register-employees/filings",
        "other clerk",
        data=signed,
        content_type="application/xml",
        headers={"Idempotency-Key": "theirs"},
    )
    check_problem(reply, 422, "DOS-007")


def test_the_signed_document_itself_sent_again_is_the_same_filing(api: World) -> None:
    from bhxh.dossiers.queries import get_dossier
    from bhxh.warehouse.store import read_blob

    signed = read_blob(get_dossier(api.code).document_sha256)
    reply = api.call(
        "POST", "/register-employees/filings", "clerk", data=signed, content_type="application/xml", headers={"Idempotency-Key": "x"}
    )
    assert (reply.status_code, reply.json()["code"]) == (200, api.code)


# -- the national portal --------------------------------------------------------------------------------------------


def test_a_citizen_asks_through_the_portal_and_again_another_day(api: World) -> None:
    message = api.intake(api.people["citizen"], reference="DVCQG-000001")
    first, again = api.take(message), api.take(message)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert again.json()["code"] == first.json()["code"]
    same_day = api.take(api.intake(api.people["citizen"], reference="DVCQG-000002"))
    assert same_day.json()["code"] == first.json()["code"], "the same wish on the same day is the same filing"
    other_wish = api.take(api.intake(api.people["citizen"], reference="DVCQG-000003", form={"purpose": "Vay mua nhà"}))
    assert (other_wish.status_code, other_wish.json()["code"] != first.json()["code"]) == (201, True)


def test_asked_on_another_day_it_is_another_dossier(api: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    from bhxh.doors.api import portal_intake

    first = api.take(api.intake(api.people["citizen"], reference="DVCQG-000004"))
    monkeypatch.setattr(portal_intake, "day_in_vietnam", lambda at: date(2030, 1, 1))
    later = api.take(api.intake(api.people["citizen"], reference="DVCQG-000005"))
    assert (first.status_code, later.status_code) == (201, 201)
    assert later.json()["code"] != first.json()["code"]


def test_a_portal_that_is_not_registered_files_for_nobody(api: World) -> None:
    from bhxh.access.models import Machine

    Machine.objects.filter(client_id="npsp").delete()
    check_problem(api.take(api.intake(api.people["citizen"])), 403, "ACC-016")


def test_a_portal_without_the_grant_files_for_nobody(api: World) -> None:
    from bhxh.access.models import Machine

    Machine.objects.filter(client_id="npsp").update(grants=["READ_BY_DUTY"])
    check_problem(api.take(api.intake(api.people["citizen"])), 403, "ACC-020")


@pytest.mark.parametrize(
    ("role", "more", "status", "code"),
    [
        ("citizen", {"assurance_level": 1}, 403, "ACC-010"),
        ("soldier", {}, 422, "API-009"),
        ("unregistered", {}, 422, "API-009"),
        ("citizen", {"procedure": "D02"}, 422, "API-010"),
        ("citizen", {"audience": "elsewhere"}, 422, "CON-005"),
        ("citizen", {"form": {"from_month": "13/2025"}}, 422, "CFX-001"),
        ("citizen", {"form": {"pin": "001199000001", "asked_on": "2020-01-01"}}, 201, ""),
    ],
)
def test_what_the_portal_may_hand_over(api: World, role: str, more: dict[str, Any], status: int, code: str) -> None:
    reply = api.take(api.intake(api.people[role], **more))
    if code:
        check_problem(reply, status, code)
    assert reply.status_code == status


def test_a_new_key_of_the_portal_is_fetched_once_more(api: World) -> None:
    """Our kept keys are of before; the message names one we do not hold."""
    from bhxh.doors.partners import partners

    class OldThenNew:
        def __init__(self) -> None:
            self.asked: list[bool] = []

        def get(self, *, is_refresh_wanted: bool = False) -> Any:
            self.asked.append(is_refresh_wanted)
            return real.get() if is_refresh_wanted else {"keys": [other]}

    from dataclasses import replace

    from bhxh.doors import partners as room

    real = partners().portal_keys
    other = {**partners().keys.seal_key("machine").public_jwk(), "kid": "of-before"}
    keys = OldThenNew()
    room.bind(replace(partners(), portal_keys=keys))
    assert api.take(api.intake(api.people["citizen"])).status_code == 201
    assert keys.asked == [False, True]


def test_a_broken_signature_does_not_make_us_fetch(api: World) -> None:
    message = api.intake(api.people["citizen"])
    check_problem(api.take(message[:-6] + "AAAAAA"), 422, "CON-005")


# -- nobody overwrites anybody --------------------------------------------------------------------------------------


def _waiting(api: World) -> tuple[list[int], int]:
    lines = [line["number"] for line in api.get(f"/office/dossiers/{api.code}/lines", "officer").json()]
    return lines, api.get(f"/dossiers/{api.code}", "clerk").json()["row_version"]


def test_two_officers_decide_and_a_stale_page_overwrites_nothing(api: World) -> None:
    lines, version = _waiting(api)
    assert len(lines) == 1
    proposal = {"lines": lines, "proposal": "grant", "reason": "Đã đối chiếu.", "row_version": version}
    check_problem(api.post(f"/office/dossiers/{api.code}/appraisals", {**proposal, "row_version": version - 1}, "officer"), 409)
    assert api.post(f"/office/dossiers/{api.code}/appraisals", proposal, "officer").status_code == 201
    check_problem(api.post(f"/office/dossiers/{api.code}/appraisals", proposal, "other officer"), 409)
    now_at = _waiting(api)[1]
    check_problem(api.post(f"/office/dossiers/{api.code}/approvals", {"row_version": now_at}, "officer"), 403)
    check_problem(api.post(f"/office/dossiers/{api.code}/approvals", {"row_version": version}, "other officer"), 409)
    approved = api.post(f"/office/dossiers/{api.code}/approvals", {"row_version": now_at}, "other officer")
    assert (approved.status_code, approved.json()) == (201, {"decided": 1})


def test_an_officer_without_the_role_decides_nothing(api: World) -> None:
    lines, version = _waiting(api)
    proposal = {"lines": lines, "proposal": "grant", "reason": "x", "row_version": version}
    check_problem(api.post(f"/office/dossiers/{api.code}/appraisals", proposal, "operator"), 403, "ACC-020")


def test_an_officer_dismissed_today_is_out_today(api: World) -> None:
    from bhxh.access.models import Officer
    from bhxh.kernel.clock import day_in_vietnam, now

    Officer.objects.filter(login="lan").update(until_on=day_in_vietnam(now()))
    check_problem(api.get("/office/queue", "officer"), 403, "ACC-015")


# -- every look is written down ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/me/book", "/me/book.pdf"])
def test_reading_ones_own_book_is_a_look(api: World, path: str) -> None:
    reply = api.get(path, "citizen")
    assert reply.status_code == 200
    assert looks("book", reply["X-Request-Id"]) == {person_of(api, "citizen")}
    shown = api.get("/me/looks", "citizen").json()
    assert any(look["what"] == "book" and look["purpose"] == "own_book" for look in shown)


@pytest.mark.parametrize(
    ("path", "role", "what"),
    [
        ("/dossiers/{code}/lines", "clerk", "dossier_line"),
        ("/office/dossiers/{code}/lines", "officer", "dossier_line"),
        ("/dossiers/{code}/decisions/1", "clerk", "decision"),
        ("/dossiers/{code}/decisions/1.pdf", "clerk", "decision"),
    ],
)
def test_everybody_a_page_names_has_a_look(api: World, dossier_id: UUID, path: str, role: str, what: str) -> None:
    from bhxh.dossiers.queries import get_decisions

    reply = api.get(path.format(code=api.code), role)
    assert reply.status_code == 200
    if what == "decision":
        decision = get_decisions(dossier_id)[0]
        named = persons_of(dossier_id, [*decision.granted_lines, *decision.refused_lines])
    else:
        named = persons_of(dossier_id, [line["number"] for line in reply.json()])
    assert named
    assert looks(what, reply["X-Request-Id"]) == named


def test_evidence_is_a_look(api: World, dossier_id: UUID) -> None:
    [number], _ = _waiting(api)
    reply = api.get(f"/office/dossiers/{api.code}/lines/{number}/evidence", "officer")
    assert reply.json()[0]["register_asked"] == "population"
    assert looks("evidence", reply["X-Request-Id"]) == persons_of(dossier_id, [number])


def test_a_refused_reading_is_no_look(api: World) -> None:
    for path in (f"/dossiers/{api.code}/lines", f"/office/dossiers/{api.code}/lines", "/me/book"):
        reply = api.get(path, "other clerk")
        assert reply.status_code in {403, 404}
        assert not any(looks(what, reply["X-Request-Id"]) for what in ("dossier_line", "book", "evidence"))


def test_results_of_the_portals_dossier_reach_only_their_person(api: World) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    code = api.take(api.intake(api.people["citizen"])).json()["code"]
    dossier = get_dossier(code)
    tasks.gather(dossier_id=str(dossier.dossier_id))
    tasks.deliver(dossier_id=str(dossier.dossier_id))
    [extract] = [item for item in api.get(f"/dossiers/{code}/results", "citizen").json() if item["kind"] == "extract"]
    reply = api.get(f"/dossiers/{code}/results/{extract['sha256']}", "citizen")
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/jose+json")
    assert looks("extract", reply["X-Request-Id"]) == {person_of(api, "citizen")}
    check_problem(api.get(f"/dossiers/{code}/results/{extract['sha256']}", "other citizen"), 404)
    page = api.get(f"/dossiers/{code}/results/{extract['sha256']}.pdf", "citizen")
    assert (page.status_code, page["Content-Type"], page.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert page.content == api.get(f"/dossiers/{code}/results/{extract['sha256']}.pdf", "citizen").content
    assert looks("extract", page["X-Request-Id"]) == {person_of(api, "citizen")}
    check_problem(api.get(f"/dossiers/{code}/results/{extract['sha256']}.pdf", "other citizen"), 404)
    [decision] = [item for item in api.get(f"/dossiers/{code}/results", "citizen").json() if item["kind"] == "decision"]
    check_problem(api.get(f"/dossiers/{code}/results/{decision['sha256']}.pdf", "citizen"), 404)


def test_a_person_asks_for_an_extract_and_reads_it(api: World) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    wish = {"from_month": "01/2025", "purpose": "Vay mua nhà"}
    first, again = (api.post("/confirmation-extract/requests", wish, "citizen") for _ in range(2))
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 200, first.json()["code"])
    other = api.post("/confirmation-extract/requests", {**wish, "purpose": ""}, "citizen")
    assert (other.status_code, other.json()["code"] != first.json()["code"]) == (201, True)
    code = first.json()["code"]
    dossier = get_dossier(code)
    assert (dossier.proof["kind"], dossier.proof["assurance_level"], dossier.channel) == ("eid", 2, "API")
    tasks.gather(dossier_id=str(dossier.dossier_id))
    tasks.deliver(dossier_id=str(dossier.dossier_id))
    [extract] = [item for item in api.get(f"/dossiers/{code}/results", "citizen").json() if item["kind"] == "extract"]
    assert api.get(f"/dossiers/{code}/results/{extract['sha256']}.pdf", "citizen").content.startswith(b"%PDF")


@pytest.mark.parametrize(("wish", "code"), [({"from_month": "13/2025"}, "CFX-001"), ({"from_month": "x" * 11}, "API-001")])
def test_a_wish_that_cannot_be_read_is_refused(api: World, wish: dict[str, str], code: str) -> None:
    check_problem(api.post("/confirmation-extract/requests", wish, "citizen"), 422, code)


@pytest.mark.parametrize("path", ["/dossiers/{code}/receipt", "/dossiers/{code}/receipt.pdf"])
def test_a_persons_receipt_is_a_look_and_an_employers_names_nobody(api: World, path: str) -> None:
    code = api.take(api.intake(api.people["citizen"])).json()["code"]
    reply = api.get(path.format(code=code), "citizen")
    assert (reply.status_code, looks("receipt", reply["X-Request-Id"])) == (200, {person_of(api, "citizen")})
    reply = api.get(path.format(code=api.code), "clerk")
    assert (reply.status_code, looks("receipt", reply["X-Request-Id"])) == (200, set())


def test_a_result_that_is_no_sealed_document_has_no_page(api: World) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_decisions, get_dossier

    lines, version = _waiting(api)
    proposal = {"lines": lines, "proposal": "grant", "reason": "Đã đối chiếu.", "row_version": version}
    assert api.post(f"/office/dossiers/{api.code}/appraisals", proposal, "officer").status_code == 201
    assert api.post(f"/office/dossiers/{api.code}/approvals", {"row_version": _waiting(api)[1]}, "other officer").status_code == 201
    dossier = get_dossier(api.code)
    for decision in get_decisions(dossier.dossier_id):
        tasks.seal(dossier_id=str(dossier.dossier_id), person_ids=list(decision.touched_person_ids))
    tasks.deliver(dossier_id=str(dossier.dossier_id))
    [workbook] = [item for item in api.get(f"/dossiers/{api.code}/results", "clerk").json() if item["kind"] == "line_results"]
    assert api.get(f"/dossiers/{api.code}/results/{workbook['sha256']}", "clerk").status_code == 200
    check_problem(api.get(f"/dossiers/{api.code}/results/{workbook['sha256']}.pdf", "clerk"), 404)


# -- the number of statements does not grow ---------------------------------------------------------------------------

STATEMENTS = {
    ("/dossiers", "clerk"): 6,
    ("/dossiers/{code}", "clerk"): 7,
    ("/dossiers/{code}/lines", "clerk"): 8,
    ("/dossiers/{code}/results", "clerk"): 7,
    ("/office/queue", "officer"): 4,
    ("/office/dossiers/{code}/lines", "officer"): 6,
    ("/me/looks", "officer"): 5,
}
"""Statements of each list page, sign-in included."""


def statements(world: World, path: str, role: str) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    world.token(role)
    world.get("/dossiers", role)  # an account is linked on first sight
    with CaptureQueriesContext(connection) as captured:
        assert world.get(path.format(code=world.code), role).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize(("path", "role"), STATEMENTS)
def test_statements_of_a_list_page(api: World, path: str, role: str) -> None:
    made = statements(api, path, role)
    assert len(made) == STATEMENTS[path, role], "\n".join(made)


@pytest.mark.parametrize(("path", "role"), [("/dossiers", "clerk"), ("/office/queue", "officer"), ("/dossiers/{code}/lines", "clerk")])
def test_more_rows_take_no_more_statements(api: World, path: str, role: str, dossier_id: UUID) -> None:
    from django.db import connection

    before, shown = len(statements(api, path, role)), len(api.get(path.format(code=api.code), role).json())
    for batch in (2, 3):
        assert api.file_draft(*api.prepare_list(batch=batch), key=f"more-{batch}").status_code == 201
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dossiers_dossier SET state = 'IN_PROCESS', lines_officer = lines_total,"
            " lines_pending = 0, lines_clean = 0, lines_refused = 0, lines_superseded = 0"
        )
        cursor.execute(
            "INSERT INTO dossiers_line SELECT (l).* FROM (SELECT jsonb_populate_record(x, jsonb_build_object('number', x.number + 100)) AS l"
            " FROM dossiers_line x WHERE dossier_id = %s) made",
            [dossier_id],
        )
    assert len(api.get(path.format(code=api.code), role).json()) > shown
    assert len(statements(api, path, role)) == before
