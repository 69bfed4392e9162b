"""Every route: who gets in, who does not. The rows are derived from the API object, so a new route without a row fails."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.doors.world import World

OPEN = {
    ("POST", "/npsp/intakes"),  # the portal's signature is the proof
    ("POST", "/oauth/token"),  # the program's assertion is the proof
    ("GET", "/open/keys"),
    ("GET", "/open/log/head"),
    ("GET", "/open/procedures"),
    ("GET", "/open/completion/{code}"),
    ("GET", "/open/verification/{sha256}"),
    ("GET", "/open/data-catalogue"),
    ("GET", "/open/consents/{consent_id}"),
}
ROLES = (
    "stranger",
    "level 1",
    "clerk of level 1",
    "unregistered",
    "soldier",
    "citizen",
    "other citizen",
    "clerk",
    "mandated clerk",
    "clerk without mandate",
    "other clerk",
    "officer",
    "other officer",
    "operator",
)
_CLERKS = {"clerk": 200, "mandated clerk": 200}
_OWNERS = {**_CLERKS, "citizen": 404, "other citizen": 404, "other clerk": 404, "officer": 404, "other officer": 404, "operator": 404}
_PRIVATE = dict.fromkeys(("citizen", "other citizen"), 200)
_NO_BOOK = dict.fromkeys(("officer", "other officer", "operator"), 404)
_OFFICERS = dict.fromkeys(("officer", "other officer"), 200)
_ANY_ACCOUNT = dict.fromkeys(
    ("citizen", "other citizen", "clerk", "mandated clerk", "other clerk", "officer", "other officer", "operator"), 200
)
_REPRESENTATIVES = {"clerk": 200, "other clerk": 200}
"""By the register; the mandated clerk is none."""
_HOLDERS = [role for role in ROLES if role not in {"stranger", "level 1", "clerk of level 1"}]
"""Whoever holds an account of level 2 may see and end their own sessions, whatever else they may."""
_PERSONS = dict.fromkeys(("citizen", "other citizen", "officer", "other officer", "operator"), 200)
_ALL_CLERKS = dict.fromkeys(("clerk", "mandated clerk", "other clerk"), 422)
MATRIX: dict[tuple[str, str], dict[str, int]] = {
    ("POST", "/register-employees/checks"): _ALL_CLERKS,
    ("POST", "/register-employees/preparations"): _ALL_CLERKS,
    ("POST", "/register-employees/drafts/{draft_id}/filing"): dict.fromkeys(_ALL_CLERKS, 404),
    ("POST", "/register-employees/filings"): _ALL_CLERKS,
    ("POST", "/confirmation-extract/requests"): dict.fromkeys(("citizen", "other citizen", "officer", "other officer", "operator"), 201),
    ("POST", "/confirmation-extract/preparations"): dict.fromkeys(
        ("citizen", "other citizen", "officer", "other officer", "operator"), 201
    ),
    ("POST", "/register-employees/confirmation-preparations"): _ALL_CLERKS,
    ("GET", "/confirmations/{draft_id}"): dict.fromkeys(_ANY_ACCOUNT, 404),
    ("POST", "/confirmations/{draft_id}"): dict.fromkeys(_ANY_ACCOUNT, 404),
    ("GET", "/dossiers"): _ANY_ACCOUNT,
    ("GET", "/dossiers/{code}"): _OWNERS,
    ("POST", "/dossiers/{code}/mail-address"): _OWNERS,
    ("GET", "/dossiers/{code}/lines"): _OWNERS,
    ("GET", "/dossiers/{code}/receipt"): _OWNERS,
    ("GET", "/dossiers/{code}/receipt.pdf"): _OWNERS,
    ("GET", "/dossiers/{code}/document"): _OWNERS,
    ("GET", "/dossiers/{code}/confirmation"): {**_OWNERS, "clerk": 404, "mandated clerk": 404},
    ("GET", "/dossiers/{code}/decisions/{number}"): _OWNERS,
    ("GET", "/dossiers/{code}/decisions/{number}.pdf"): _OWNERS,
    ("GET", "/dossiers/{code}/results"): _OWNERS,
    ("GET", "/dossiers/{code}/results/{sha256}.pdf"): {**_OWNERS, "clerk": 404, "mandated clerk": 404},
    ("GET", "/dossiers/{code}/results/{sha256}"): {**_OWNERS, "clerk": 404, "mandated clerk": 404},
    ("GET", "/dossiers/{code}/history"): _OWNERS,
    ("POST", "/dossiers/{code}/withdrawal"): {**_OWNERS, "clerk": 409, "mandated clerk": 409},
    ("POST", "/dossiers/{code}/supplement"): {**_OWNERS, "clerk": 409, "mandated clerk": 409},
    ("GET", "/office/queue"): _OFFICERS,
    ("GET", "/office/dossiers/{code}/lines"): _OFFICERS,
    ("GET", "/office/dossiers/{code}/lines/{number}/evidence"): _OFFICERS,
    ("POST", "/office/dossiers/{code}/appraisals"): dict.fromkeys(_OFFICERS, 409),
    ("POST", "/office/dossiers/{code}/approvals"): {"officer": 403, "other officer": 403},
    ("POST", "/office/dossiers/{code}/supplement-requests"): dict.fromkeys(_OFFICERS, 409),
    ("GET", "/office/signatures"): _OFFICERS,
    ("POST", "/office/dossiers/{code}/signature-refusals"): dict.fromkeys(_OFFICERS, 409),
    ("GET", "/office/dossiers/{code}/documents"): _OFFICERS,
    ("GET", "/office/dossiers/{code}/documents/{sha256}"): dict.fromkeys(_OFFICERS, 404),
    ("POST", "/office/counter-filings"): {},
    ("GET", "/office/counter-filings/refused"): _OFFICERS,
    ("GET", "/me/represented"): _PERSONS,
    ("GET", "/me/counter-filings"): _PERSONS,
    ("POST", "/me/counter-filings/{code}/confirmation"): dict.fromkeys(_PERSONS, 404),
    ("POST", "/me/counter-filings/{code}/refusal"): dict.fromkeys(_PERSONS, 404),
    ("GET", "/me/consent-requests"): _PERSONS,
    ("POST", "/me/consent-requests/{request_id}/grant"): dict.fromkeys(_PERSONS, 404),
    ("POST", "/me/consent-requests/{request_id}/refusal"): dict.fromkeys(_PERSONS, 404),
    ("GET", "/me/consents"): _PERSONS,
    ("GET", "/me/consents/{consent_id}/receipt"): dict.fromkeys(_PERSONS, 404),
    ("POST", "/me/consents/{consent_id}/withdrawal"): dict.fromkeys(_PERSONS, 404),
    ("POST", "/sharing/requests"): {},
    ("GET", "/sharing/requests/{request_id}"): {},
    ("POST", "/sharing/requests/{request_id}/cancellation"): {},
    ("POST", "/sharing/consents/{consent_id}/reads"): {},
    ("POST", "/sharing/agency-reads"): {},
    ("GET", "/me/book"): {**_PRIVATE, **_NO_BOOK},
    ("GET", "/me/book.pdf"): {**_PRIVATE, **_NO_BOOK},
    ("GET", "/session"): dict.fromkeys(_HOLDERS, 200),
    ("POST", "/session/role"): dict.fromkeys(_HOLDERS, 404),
    ("GET", "/session/all"): dict.fromkeys(_HOLDERS, 200),
    ("POST", "/session/all/ending"): dict.fromkeys(_HOLDERS, 204),
    ("POST", "/session/{session_id}/ending"): dict.fromkeys(_HOLDERS, 404),
    ("GET", "/mandates"): _REPRESENTATIVES,
    ("GET", "/mandates/held"): _ANY_ACCOUNT,
    ("GET", "/mandates/standing"): _REPRESENTATIVES,
    ("POST", "/mandates/wordings"): dict.fromkeys(_REPRESENTATIVES, 422),
    ("POST", "/mandates"): dict.fromkeys(_REPRESENTATIVES, 422),
    ("POST", "/mandates/preparations"): dict.fromkeys(_REPRESENTATIVES, 422),
    ("POST", "/mandates/signed"): dict.fromkeys(_REPRESENTATIVES, 422),
    ("POST", "/mandates/{mandate_id}/revocation"): dict.fromkeys(_REPRESENTATIVES, 404),
    ("GET", "/mandates/{mandate_id}/documents/{number}"): dict.fromkeys(_ANY_ACCOUNT, 404),
    ("GET", "/office/mandates/standing"): {"operator": 404},
    ("GET", "/programs"): _REPRESENTATIVES,
    ("POST", "/programs"): dict.fromkeys(_REPRESENTATIVES, 422),
    ("POST", "/programs/{client_id}/keys"): dict.fromkeys(_REPRESENTATIVES, 404),
    ("POST", "/programs/{client_id}/keys/{kid}/retirement"): dict.fromkeys(_REPRESENTATIVES, 404),
    ("POST", "/programs/{client_id}/retirement"): dict.fromkeys(_REPRESENTATIVES, 404),
    ("GET", "/me/looks"): {**_PRIVATE, "officer": 200, "other officer": 200, "operator": 200},
    ("GET", "/me/copy"): {**_PRIVATE, "officer": 200, "other officer": 200, "operator": 200},
    ("POST", "/me/mistakes"): dict.fromkeys(("citizen", "other citizen", "officer", "other officer", "operator"), 201),
}
"""What a role gets that is let in at all; every other one 403, a stranger 401."""
_NO_ID = "01930000-0000-7000-8000-000000000000"
_ASKED = {"personal_number": "001199000001", "fields": ["basic"], "purpose": "CREDIT", "reason": "x", "until": "2199-01-01"}
_MANDATE = {
    "holder": {"kind": "organisation", "number": "x"},
    "role": "AGENT",
    "acts": ["FILE"],
    "from_on": "2026-11-22",
    "until_on": "2026-12-22",
}
_SIGNING = {"certificate": "AAAA", "document": "AAAA", "to_sign": "AAAA", "signature": "AAAA"}
_KEY = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "k"}
_BODIES: dict[str, Any] = {
    "/me/consent-requests/{request_id}/grant": {"fields": ["basic.sex"], "until": "2199-01-01"},
    "/sharing/requests": _ASKED,
    "/sharing/agency-reads": {"scope": "x", "personal_number": "001199000001", "reference": "x"},
    "/mandates/wordings": _MANDATE,
    "/mandates": {**_MANDATE, "content_sha256": "0" * 64},
    "/mandates/preparations": {**_MANDATE, "certificate": "AAAA"},
    "/mandates/signed": {**_MANDATE, **_SIGNING},
    "/programs": {"client_id": "x", "name": "x", "keys": [_KEY]},
    "/programs/{client_id}/keys": _KEY,
    "/session/role": {"acting_as": "SELF"},
    "/dossiers/{code}/mail-address": {"email": "don-vi@vidu.example"},
    "/register-employees/drafts/{draft_id}/filing": {"signature": "AAAA"},
    "/office/dossiers/{code}/appraisals": {"lines": [1], "proposal": "grant", "reason": "x", "row_version": 0},
    "/office/dossiers/{code}/approvals": {"row_version": 0},
    "/office/dossiers/{code}/supplement-requests": {"defects": [{"vi": "Thiếu", "en": "Missing"}], "row_version": 0},
    "/office/dossiers/{code}/signature-refusals": {"reason": "x", "row_version": 0},
    "/dossiers/{code}/withdrawal": {"row_version": 0},
    "/confirmations/{draft_id}": {"content_sha256": "0" * 64},
    "/me/counter-filings/{code}/confirmation": {"content_sha256": "0" * 64},
    "/office/counter-filings": {"pin": "001188000001", "procedure": "confirmation_extract", "why": "no_account"},
    "/me/mistakes": {"group": "basic", "words": "x"},
}


def routes() -> Iterator[tuple[str, str, bool]]:
    """(method, path, whether it needs a token) of every operation of the API object."""
    from bhxh.doors.api.application import api

    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, router.prefix + path, bool(operation.auth_callbacks)


def test_every_route_needs_a_token_but_the_listed_ones() -> None:
    assert {(method, path) for method, path, needs_token in routes() if not needs_token} == OPEN


def test_the_matrix_has_every_route() -> None:
    assert set(MATRIX) == {(method, path) for method, path, needs_token in routes() if needs_token}


@pytest.mark.parametrize(("method", "path"), MATRIX, ids=str)
def test_who_gets_in(api: World, method: str, path: str) -> None:
    address = path.format(
        code=api.code,
        number=1,
        sha256="0" * 64,
        draft_id=_NO_ID,
        session_id=_NO_ID,
        request_id=_NO_ID,
        consent_id=_NO_ID,
        mandate_id=_NO_ID,
        client_id="x",
        kid="k",
    )
    got = {}
    for role in ROLES:
        if path in ("/register-employees/checks", "/register-employees/preparations", "/register-employees/confirmation-preparations"):
            files = {"workbook": ("x.xlsx", b"no workbook"), "certificate": ("c", b"none")}
            reply = api.upload(address, files, role)
        elif path.endswith("/supplement"):
            reply = api.upload(address, {"documents": ("x.pdf", b"%PDF-1.7")}, role, row_version="0")
        elif method == "POST":
            reply = api.post(address, _BODIES.get(path, {}), role, headers={"Idempotency-Key": "k"})
        else:
            reply = api.call(method, address, role)
        got[role] = reply.status_code
        if reply.status_code >= 400:
            assert reply["Content-Type"] == "application/problem+json"
            assert reply.json()["status"] == reply.status_code
    wanted = {role: MATRIX[method, path].get(role, 401 if role == "stranger" else 403) for role in ROLES}
    assert got == wanted


@pytest.mark.parametrize("path", ["/dossiers/{code}", "/dossiers/{code}/lines", "/dossiers/{code}/results"])
def test_whether_somebody_elses_dossier_exists_is_not_told(api: World, path: str) -> None:
    existing = api.get(path.format(code=api.code), "other clerk").json()
    invented = api.get(path.format(code="G12.99.01-261122-9999"), "other clerk").json()
    assert {**existing, "instance": ""} == {**invented, "instance": ""}


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b.c", "Bearer", "ey" * 5000, "eyJhbGciOiJub25lIn0.e30.", "\u00e9.\u00e9.\u00e9", "A" * 3000 + "." + "B" * 3000 + ".C"],
    ids=range(8),
)
def test_a_token_of_garbage_is_refused_in_our_shape(api: World, token: str) -> None:
    reply = api.get("/me/looks", headers={"Authorization": f"Bearer {token}"})
    assert reply.status_code == 401
    assert reply.json()["code"] in {"ACC-001", "ACC-003", "API-002"}
    assert reply["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("flaw", ["wrong_key", "alg_none"])
def test_a_forged_token_is_refused(api: World, flaw: str) -> None:
    forged = api.sign_in(api.people["citizen"], flaw=flaw)
    assert api.get("/me/book", headers={"Authorization": f"Bearer {forged}"}).status_code == 401


def test_an_expired_token_says_so(api: World) -> None:
    expired = api.sign_in(api.people["citizen"], lifetime_s=-120)
    assert api.get("/me/book", headers={"Authorization": f"Bearer {expired}"}).json()["code"] == "ACC-002"


def test_while_the_issuer_is_down_its_kept_keys_still_serve(api: World) -> None:
    assert api.get("/me/looks", "citizen").status_code == 200
    api.misbehave("eid", "error")
    assert api.get("/me/looks", "citizen").status_code == 200


def test_a_level_1_account_is_not_even_linked(api: World) -> None:
    from bhxh.access.models import Account

    before = Account.objects.count()
    assert api.get("/me/book", "level 1").status_code == 403
    assert Account.objects.count() == before


def test_a_new_citizens_account_is_linked_on_first_sight_once(api: World) -> None:
    from bhxh.access.models import Account

    api.get("/me/looks", "other citizen")
    linked = Account.objects.count()
    api.get("/me/looks", "other citizen")
    assert Account.objects.count() == linked
