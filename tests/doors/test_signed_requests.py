"""A person's request as JSON signed by their own certificate: taken without a confirmation, and only from that person."""

from datetime import UTC, datetime
from typing import Any

import orjson

from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.identifiers import Pin
from bhxh.procedures.confirmation_extract.form import compose_document
from bhxh.signing.jws import complete_json, prepare_json
from bhxh.signing.profiles import JSON_FILER
from sandbox.pki.authority import open_authority
from sandbox.pki.token import sign_with
from tests.doors.test_answers import check_problem
from tests.doors.world import World


def signed_request(api: World, role: str, *, of: str = "", **wishes: str) -> bytes:
    """The request of `role`, signed by the certificate of `of` (the same person where nobody else is named)."""
    pin = api.people[role]
    authority = open_authority(api.sandbox.folder / "pki")
    by = authority.issue_leaf(f"person-{of or role}", name="NGƯỜI DÂN", uids=(f"CCCD:{api.people[of or role]}",))
    document = compose_document(Pin.parse(pin), wishes, asked_on=day_in_vietnam(now()))
    prepared = prepare_json(document, certificate=by.der, at=datetime.now(UTC))
    return complete_json(prepared, sign_with(by.key, prepared.to_sign), profile=JSON_FILER)


def file(api: World, signed: bytes, role: str = "citizen") -> Any:
    return api.call("POST", "/confirmation-extract/filings", role, data=signed, content_type="application/jose+json")


def test_a_signed_request_is_filed_and_says_how_it_was_signed(api: World) -> None:
    signed = signed_request(api, "citizen", purpose="Ký số")
    first, again = file(api, signed), file(api, signed)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    code = first.json()["code"]
    assert again.json()["code"] == code
    shown = api.get(f"/dossiers/{code}", "citizen").json()
    assert shown["proof"] == "certificate"
    [said] = shown["signatures"]
    assert (said["form"], said["intact"], said["trusted"], said["component"]) == ("jws", "yes", "yes", "")
    assert said["conclusion"] in {"good", "indeterminate"}
    assert orjson.loads(api.get(f"/dossiers/{code}/document", "citizen").content) == orjson.loads(signed)


def test_only_ones_own_request_by_ones_own_certificate(api: World) -> None:
    check_problem(file(api, signed_request(api, "citizen", of="other citizen", purpose="Khác")), 403, "DOS-006")
    check_problem(file(api, signed_request(api, "other citizen", purpose="Khác")), 422, "DOS-007")


def test_a_changed_request_and_an_unsigned_one_are_refused(api: World) -> None:
    signed = orjson.loads(signed_request(api, "citizen", purpose="Ký số"))
    other = orjson.loads(signed_request(api, "citizen", purpose="Vay tiền"))
    check_problem(file(api, orjson.dumps({**signed, "payload": other["payload"]})), 422, "SIG-010")
    check_problem(file(api, b"{}"), 422, "SIG-009")
    check_problem(file(api, b""), 422, "SIG-009")
