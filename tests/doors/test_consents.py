"""Consent over HTTP: an organisation asks, the person reads it in plain words and decides, data come with the receipt, withdrawal acts at once."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bhxh.access.consents import ConsentPurpose, RequesterKind
from bhxh.access.machine_commands import register_machine
from bhxh.access.requester_commands import agree_scope, register_requester
from bhxh.access.roles import Grant
from bhxh.kernel.actor import LegalBasis, system_actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.registry.queries import find_employer
from tests.doors.test_programs import CLIENT, KEY, program, public
from tests.doors.world import World

_FIELDS = ["basic.full_name", "social_insurance.insured_on_day", "social_insurance.contribution_bases"]


@pytest.fixture
def bank(api: World) -> World:
    """The first employer is a registered requester; its clerk asks."""
    register_bank(api)
    return api


def register_bank(api: World) -> None:
    employer = find_employer(tax_code=api.population.employers[0].tax_code)
    assert employer is not None
    register_requester(
        actor=system_actor(name="test", request_id="r", purpose="operation"),
        at=now(),
        requester_id="bank-a",
        name="Ngân hàng Mẫu",
        kind=RequesterKind.BANK,
        fields=["basic", "social_insurance"],
        purposes=[ConsentPurpose.CREDIT],
        employer_id=employer.employer_id,
        contact="lienhe@example.vn",
        notice_url="https://bank.example/privacy",
    )


def until() -> str:
    return (day_in_vietnam(now()) + timedelta(days=20)).isoformat()


def question(world: World, **more: Any) -> dict[str, Any]:
    wanted = {"personal_number": world.people["citizen"], "fields": _FIELDS, "purpose": "CREDIT", "reason": "Vay mua nhà", "until": until()}
    return {**wanted, **more}


def asked(world: World, **more: Any) -> str:
    reply = world.post("/sharing/requests", question(world, **more), "clerk")
    assert reply.status_code == 202, reply.content
    return str(reply.json()["request_id"])


def granted(world: World, request_id: str, *fields: str) -> Any:
    body = {"fields": list(fields or _FIELDS), "until": until()}
    # WHY not the role's token: it may be older than five minutes by now.
    fresh = {"Authorization": f"Bearer {world.sign_in(world.people['citizen'])}"}
    return world.post(f"/me/consent-requests/{request_id}/grant", body, headers=fresh)


def test_from_the_question_to_the_refused_read(bank: World) -> None:
    request_id = asked(bank)
    [wanted] = [one for one in bank.get("/me/consent-requests", "citizen").json() if one["request_id"] == request_id]
    assert (wanted["requester"], wanted["purpose_vi"], wanted["tells_money"]) == ("Ngân hàng Mẫu", "xét cho bạn vay", True)
    assert wanted["words_vi"][0] == "Thông tin cá nhân: họ và tên" and wanted["until"] == until()
    reply = granted(bank, request_id, *_FIELDS[:2])
    assert reply.status_code == 201, reply.content
    consent_id = reply.json()["consent"]["consent_id"]
    assert bank.get(f"/sharing/requests/{request_id}", "clerk").json()["consent_id"] == consent_id

    read = bank.post(f"/sharing/consents/{consent_id}/reads", {}, "clerk")
    assert read.status_code == 200, read.content
    assert set(read.json()["data"]) == set(_FIELDS[:2])
    assert read.json()["receipt"] == reply.json()["receipt"]
    [look] = [one for one in bank.get("/me/looks", "citizen").json() if one["what"] == "consented"][:1]
    assert look["legal_basis"] == "CONSENT"

    assert _status(bank, consent_id) == "given"
    ended = bank.post(f"/me/consents/{consent_id}/withdrawal", {}, "citizen")
    assert ended.json()["status"] == "withdrawn"
    refused = bank.post(f"/sharing/consents/{consent_id}/reads", {}, "clerk")
    assert (refused.status_code, refused.json()["code"]) == (403, "ACC-149")
    assert _status(bank, consent_id) == "withdrawn"


def _status(world: World, consent_id: str) -> str:
    from bhxh.access.consent_receipts import STATUS_TYPE
    from bhxh.signing.keysets import KeySet
    from bhxh.signing.seals import verify_flattened

    keys = KeySet.from_json(world.get("/open/keys").content)
    sealed = world.get(f"/open/consents/{consent_id}").content
    return str(json.loads(verify_flattened(sealed, keys=keys, type_name=STATUS_TYPE, purpose="consent").payload)["status"])


def test_the_receipt_is_the_persons_and_verifies(bank: World) -> None:
    from bhxh.access.consent_receipts import read_receipt
    from bhxh.signing.keysets import KeySet

    consent_id = granted(bank, asked(bank)).json()["consent"]["consent_id"]
    receipt = bank.get(f"/me/consents/{consent_id}/receipt", "citizen")
    assert read_receipt(receipt.content, keys=KeySet.from_json(bank.get("/open/keys").content)).requester_id == "bank-a"
    assert bank.get(f"/me/consents/{consent_id}/receipt", "other citizen").status_code == 404
    assert [one["consent_id"] for one in bank.get("/me/consents", "citizen").json()] == [consent_id]
    assert bank.get("/me/consents", "other citizen").json() == []


def test_granting_needs_a_fresh_sign_in_withdrawing_does_not(bank: World) -> None:
    consent_id, request_id = granted(bank, asked(bank)).json()["consent"]["consent_id"], asked(bank)
    stale = {"Authorization": f"Bearer {bank.sign_in(bank.people['citizen'], auth_age_s=3600)}"}
    body = {"fields": _FIELDS, "until": until()}
    refused = bank.post(f"/me/consent-requests/{request_id}/grant", body, headers=stale)
    assert (refused.status_code, refused.json()["code"]) == (403, "ACC-030")
    assert bank.post(f"/me/consents/{consent_id}/withdrawal", {}, headers=stale).status_code == 200


def test_a_refusal_is_told_and_holds(bank: World) -> None:
    request_id = asked(bank)
    assert bank.post(f"/me/consent-requests/{request_id}/refusal", {}, "citizen").status_code == 204
    assert bank.get(f"/sharing/requests/{request_id}", "clerk").json()["state"] == "REFUSED"
    again = bank.post("/sharing/requests", question(bank), "clerk")
    assert (again.status_code, again.json()["code"]) == (409, "ACC-144")


def test_whether_a_number_is_known_is_not_told(bank: World) -> None:
    known, unknown = (
        bank.post("/sharing/requests", question(bank, personal_number=number), "clerk")
        for number in (bank.people["citizen"], bank.people["soldier"])
    )
    own = ("request_id", "asked_at", "lapses_at")
    assert {k: v for k, v in known.json().items() if k not in own} == {k: v for k, v in unknown.json().items() if k not in own}


def test_who_is_not_registered_asks_nobody(bank: World) -> None:
    for role in ("other clerk", "citizen", "officer"):
        reply = bank.post("/sharing/requests", question(bank), role)
        assert reply.status_code == 403, role


def test_another_organisation_sees_neither_request_nor_data(bank: World) -> None:
    other = find_employer(tax_code=bank.population.employers[1].tax_code)
    assert other is not None
    register_requester(
        actor=system_actor(name="test", request_id="r", purpose="operation"),
        at=now(),
        requester_id="bank-b",
        name="B",
        kind=RequesterKind.BANK,
        fields=["basic"],
        purposes=[ConsentPurpose.CREDIT],
        employer_id=other.employer_id,
    )
    request_id = asked(bank)
    consent_id = granted(bank, request_id).json()["consent"]["consent_id"]
    assert bank.get(f"/sharing/requests/{request_id}", "other clerk").json()["code"] == "ACC-145"
    assert bank.post(f"/sharing/consents/{consent_id}/reads", {}, "other clerk").json()["code"] == "ACC-148"


def test_a_request_taken_back_is_gone_for_the_person(bank: World) -> None:
    request_id = asked(bank)
    assert bank.post(f"/sharing/requests/{request_id}/cancellation", {}, "clerk").status_code == 204
    assert granted(bank, request_id).json()["code"] == "ACC-146"


def test_the_catalogue_and_the_status_are_open_and_name_nobody(bank: World) -> None:
    fields = bank.get("/open/data-catalogue").json()
    assert {"name", "group", "vi", "en", "is_on_a_day", "tells_money"} == set(fields[0])
    consent_id = granted(bank, asked(bank)).json()["consent"]["consent_id"]
    said = bank.get(f"/open/consents/{consent_id}").content
    assert bank.people["citizen"].encode() not in said
    assert bank.get("/open/consents/01930000-0000-7000-8000-000000000000").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"fields": []}, {"reason": ""}, {"purpose": "FUN"}, {"until": "tomorrow"}, {"fields": ["x" * 81]}, {"reason": "a\x00b"}],
    ids=str,
)
def test_a_question_of_the_wrong_shape_is_refused(bank: World, change: dict[str, Any]) -> None:
    assert bank.post("/sharing/requests", question(bank, **change), "clerk").status_code == 422


OPERATOR = system_actor(name="test", request_id="r", purpose="operation")


def let_in(world: World, grant: Grant) -> dict[str, str]:
    """The headers of a registered organisation's program."""
    fields, purposes = ["basic", "social_insurance"], [ConsentPurpose.CREDIT]
    register_machine(actor=OPERATOR, at=now(), client_id=CLIENT, name="P", jwks={"keys": [public(KEY)]}, grants=[grant])
    register_requester(
        actor=OPERATOR,
        at=now(),
        requester_id="program-of-it",
        name="P",
        kind=RequesterKind.OTHER,
        fields=fields,
        purposes=purposes,
        client_id=CLIENT,
    )
    return program(world)


def agree_tax_scope() -> None:
    """What that program may read by legal basis."""
    agree_scope(
        actor=OPERATOR,
        at=now(),
        scope_id="tax",
        requester_id="program-of-it",
        legal_basis=LegalBasis.LEGAL_DUTY,
        purpose_vi="quản lý thuế",
        purpose_en="tax",
        ground="Thỏa thuận 1/2026",
        fields=["social_insurance.insured_on_day"],
        from_on=day_in_vietnam(now()),
    )


def test_a_program_asks_and_reads_with_its_own_token(bank: World) -> None:
    headers = let_in(bank, Grant.READ_WITH_CONSENT)
    asked_by_program = bank.post("/sharing/requests", question(bank), headers=headers)
    assert asked_by_program.status_code == 202, asked_by_program.content
    consent_id = granted(bank, asked_by_program.json()["request_id"], _FIELDS[0]).json()["consent"]["consent_id"]
    read = bank.post(f"/sharing/consents/{consent_id}/reads", {}, headers=headers)
    assert read.status_code == 200 and set(read.json()["data"]) == {_FIELDS[0]}
    for path in ("/me/consents", "/me/consent-requests", "/me/book"):
        assert bank.get(path, headers=headers).status_code == 403, path
    by_duty = {"scope": "x", "personal_number": bank.people["citizen"], "reference": "1"}
    assert bank.post("/sharing/agency-reads", by_duty, headers=headers).json()["code"] == "ACC-020"


def test_an_agency_reads_within_its_scope_and_the_person_sees_the_case(bank: World) -> None:
    headers = let_in(bank, Grant.READ_BY_DUTY)
    agree_tax_scope()
    wanted = {"scope": "tax", "personal_number": bank.people["citizen"], "reference": "HS-9"}
    read = bank.post("/sharing/agency-reads", wanted, headers=headers)
    assert read.status_code == 200, read.content
    assert set(read.json()["data"]) == {"social_insurance.insured_on_day"} and read.json()["receipt"] is None
    assert _case_in_the_look() == "HS-9"
    beyond = bank.post("/sharing/agency-reads", {**wanted, "fields": ["basic.full_name"]}, headers=headers)
    assert (beyond.status_code, beyond.json()["code"]) == (403, "ACC-142")
    assert bank.post("/sharing/requests", question(bank), headers=headers).json()["code"] == "ACC-020"
    assert bank.post("/sharing/agency-reads", wanted, "clerk").status_code == 403


def _case_in_the_look() -> str:
    from bhxh.audit.models import Look

    reason = Look.objects.filter(what="agreed_scope").latest("look_id").reason or ""
    return reason.partition("(")[2].partition(")")[0]
