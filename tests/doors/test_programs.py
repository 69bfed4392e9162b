"""Programs through HTTP: registered and looked after by their organisation, a token for an assertion, filing under a mandate."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from bhxh.kernel.who import Capacity
from tests.doors.test_filing import check_problem
from tests.doors.test_mandates import HOUR_S, file, grant, prepare, revoke, signed_in
from tests.doors.test_matrix import ask_least
from tests.doors.world import World
from tools.matrix import routes

KEY, NEXT = ECKey.generate_key("P-256", auto_kid=True), ECKey.generate_key("P-256", auto_kid=True)
CLIENT = "payroll-90"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
VENDOR = {"role": "other clerk", "employer": 1}
"""The second organisation of the world makes payroll software."""


def vendor(api: World, **more: Any) -> dict[str, str]:
    return signed_in(api, **VENDOR, **more)


def register(api: World, headers: dict[str, str] | None = None, **more: Any) -> Any:
    body = {"client_id": CLIENT, "name": "Phần mềm lương", "keys": [public(KEY)], **more}
    return api.post("/programs", body, headers=headers or vendor(api))


def public(key: ECKey) -> dict[str, Any]:
    return {name: key.as_dict(private=False)[name] for name in ("kty", "crv", "x", "y", "kid")}


def assertion(key: ECKey = KEY, **changes: Any) -> str:
    from bhxh.doors.partners import partners

    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": CLIENT, "sub": CLIENT, "aud": partners().sender.public_url, "iat": now, "exp": now + 60, "jti": uuid4().hex, **changes}
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])


def ask(api: World, made: str | None = None, **more: str) -> Any:
    form = {"grant_type": "client_credentials", "client_assertion_type": _ASSERTION, "client_assertion": made or assertion(), **more}
    return api.call("POST", "/oauth/token", data=urlencode(form), content_type="application/x-www-form-urlencoded")


def program(api: World, *, employer: int | None = None, key: ECKey = KEY) -> dict[str, str]:
    """Headers of the program, for one of the employers."""
    reply = ask(api, assertion(key))
    assert reply.status_code == 200, reply.content
    acting_for = {} if employer is None else {"Acting-For-Employer": api.population.employers[employer].tax_code}
    return {"Authorization": f"Bearer {reply.json()['access_token']}", **acting_for}


def test_a_vendors_program_files_for_an_employer_that_gave_it_a_mandate(api: World) -> None:
    assert register(api).status_code == 201
    check_problem(prepare(api, program(api, employer=0), batch=2), 403, "ACC-014")
    given = grant(api, role="AGENT", holder={"kind": "program", "number": CLIENT})
    assert given.status_code == 201, given.content
    headers = program(api, employer=0)
    filed = file(api, prepare(api, headers, batch=2).json(), headers, "by-program")
    assert filed.status_code == 201, filed.content
    code = filed.json()["code"]
    assert api.get(f"/dossiers/{code}/lines", headers=headers).status_code == 200
    assert code in {one["code"] for one in api.get("/dossiers", headers=headers).json()}
    check_problem(api.post(f"/dossiers/{code}/withdrawal", {"row_version": 0}, headers=headers), 403, "ACC-020")
    check_problem(api.get(f"/dossiers/{code}", headers=program(api, employer=2)), 403, "ACC-014")
    check_problem(api.get(f"/dossiers/{code}", headers=program(api)), 404, "API-008")
    assert api.get("/dossiers", headers=program(api)).json() == []
    revoke(api, given.json()["mandate_id"])
    check_problem(api.get(f"/dossiers/{code}", headers=headers), 403, "ACC-101")


def test_a_mandate_to_the_vendor_covers_its_programs(api: World) -> None:
    register(api)
    firm = api.population.employers[1]
    assert grant(api, role="AGENT", holder={"kind": "organisation", "number": firm.tax_code}).status_code == 201
    assert prepare(api, program(api, employer=0), batch=2).status_code == 200


def test_no_other_address_lets_a_program_in(api: World) -> None:
    """Each that demands a sign-in and does not name programs says so; none falls over a caller who is no person."""
    register(api)
    grant(api, role="AGENT", holder={"kind": "program", "number": CLIENT})
    headers, tried = program(api, employer=0), 0
    for route in routes():
        assert route.admission is not None, route.name
        if route.needs_sign_in and not any(capacity is Capacity.MACHINE for capacity, _ in route.admission.who.admitted):
            reply = ask_least(api, route, "stranger", headers=headers)
            assert reply.status_code == 403, (route.name, reply.status_code, reply.content[:200])
            tried += 1
    assert tried > 50


@pytest.mark.parametrize("path", ["/me/book", "/me/looks", "/office/queue", "/mandates", "/programs", "/session", "/session/all"])
def test_a_program_is_nobody_elsewhere(api: World, path: str) -> None:
    register(api)
    grant(api, role="AGENT", holder={"kind": "program", "number": CLIENT})
    for headers in (program(api), program(api, employer=0)):
        assert api.get(path, headers=headers).status_code == 403


def test_the_token_endpoint_speaks_oauth(api: World) -> None:
    register(api)
    reply = ask(api, scope="FILE_FOR_EMPLOYERS")
    assert (reply.status_code, reply["Cache-Control"]) == (200, "no-store")
    assert reply.json() | {"access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "FILE_FOR_EMPLOYERS",
    }
    once = assertion()
    assert ask(api, once).status_code == 200
    refusals = {
        "a replayed assertion": (ask(api, once), 401, "ACC-004", "invalid_client"),
        "another's key": (ask(api, assertion(NEXT)), 401, "ACC-003", "invalid_client"),
        "another audience": (ask(api, assertion(aud="https://other.example")), 401, "ACC-001", "invalid_client"),
        "an hour long": (ask(api, assertion(exp=int(datetime.now(UTC).timestamp()) + 3600)), 401, "ACC-001", "invalid_client"),
        "another client": (ask(api, assertion(iss="npsp")), 401, "ACC-003", "invalid_client"),
        "nobody": (ask(api, assertion(iss="nobody", sub="nobody")), 401, "ACC-016", "invalid_client"),
        "garbage": (ask(api, "a.b.c"), 401, "ACC-016", "invalid_client"),
        "a wider scope": (ask(api, scope="FILE_FOR_PERSONS"), 400, "ACC-122", "invalid_scope"),
        "another grant": (ask(api, grant_type="password"), 400, "ACC-121", "invalid_request"),
    }
    for what, (answer, status, code, error) in refusals.items():
        check_problem(answer, status, code)
        assert answer.json()["error"] == error, what


@pytest.mark.parametrize("what", ["broken", "of another issuer", "unsigned"])
def test_a_token_amiss_opens_nothing(api: World, what: str) -> None:
    register(api)
    token = program(api)["Authorization"].removeprefix("Bearer ")
    header, payload, signature = token.split(".")
    amiss = {
        "broken": f"{header}.{payload}.{signature[:-6]}AAAAAA",
        "of another issuer": jwt.encode({"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}, _claims(payload), KEY, algorithms=["ES256"]),
        "unsigned": f"{header}.{payload}.",
    }[what]
    reply = api.get("/dossiers", headers={"Authorization": f"Bearer {amiss}"})
    check_problem(reply, 401)
    assert reply.json()["code"] in {"ACC-001", "ACC-003"}


def _claims(payload: str) -> dict[str, Any]:
    import json

    claims: dict[str, Any] = json.loads(b64decode(payload + "==", altchars=b"-_"))
    return claims


def test_a_program_asks_so_often_and_no_oftener(api: World) -> None:
    """The limit of one program is its own: another goes on."""
    from dataclasses import replace

    from bhxh.access.limits import Limits, LimitsPerMinute
    from bhxh.doors import partners

    register(api)
    headers = program(api)
    side = partners.partners().signing_in
    limits = Limits(LimitsPerMinute(machine=2), processes=1, monotonic=lambda: 1000.0)
    partners.bind(replace(partners.partners(), signing_in=replace(side, limits=limits)))
    statuses = [api.get("/me/looks", headers=headers).status_code for _ in range(3)]
    assert statuses == [403, 403, 429]
    assert api.get("/me/looks", "citizen").status_code == 200


# -- looking after it -------------------------------------------------------------------------------------------------


def test_keys_are_turned_by_the_owner_alone(api: World) -> None:
    register(api)
    old = program(api)
    added = api.post(f"/programs/{CLIENT}/keys", public(NEXT), headers=vendor(api))
    assert added.status_code == 201, added.content
    assert [key["is_in_force"] for key in added.json()["keys"]] == [True, True]
    new = program(api, key=NEXT)
    check_problem(api.post(f"/programs/{CLIENT}/keys/{KEY.kid}/retirement", {}, headers=signed_in(api)), 404, "ACC-016")
    for unclear in ("2026-11-22T08:00:00", "2026-11-22T08:00:00+16:00", "9999-12-31T23:59:59-07:00"):
        refused = api.post(f"/programs/{CLIENT}/keys/{KEY.kid}/retirement", {"from_at": unclear}, headers=vendor(api))
        check_problem(refused, 422, "KER-006")
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    retired = api.post(f"/programs/{CLIENT}/keys/{KEY.kid}/retirement", {"from_at": later}, headers=vendor(api))
    assert [key["is_in_force"] for key in retired.json()["keys"]] == [True, True], "an hour in which both are good"
    assert api.get("/dossiers", headers=old).status_code == 200
    path, much_later = f"/programs/{CLIENT}/keys/{KEY.kid}/retirement", (datetime.now(UTC) + timedelta(days=900)).isoformat()
    lengthened = api.post(path, {"from_at": much_later}, headers=vendor(api, age_s=HOUR_S)).json()["keys"][0]
    apart = datetime.fromisoformat(lengthened["not_after"]) - datetime.fromisoformat(later)
    assert abs(apart) < timedelta(seconds=1), "without a fresh sign-in a key ends, it lives no longer"
    at_once = api.post(f"/programs/{CLIENT}/keys/{KEY.kid}/retirement", {}, headers=vendor(api, age_s=HOUR_S))
    assert [key["is_in_force"] for key in at_once.json()["keys"]] == [False, True], "closing a door asks for no fresh sign-in"
    check_problem(api.get("/dossiers", headers=old), 401, "ACC-123")
    assert api.get("/dossiers", headers=new).status_code == 200
    [listed] = api.get("/programs", headers=vendor(api)).json()
    assert (listed["client_id"], listed["grants"]) == (CLIENT, ["FILE_FOR_EMPLOYERS"])
    gone = api.post(f"/programs/{CLIENT}/retirement", {}, headers=vendor(api))
    assert gone.json()["until_on"] is not None
    check_problem(api.get("/dossiers", headers=new), 401, "ACC-016")


def test_registering_asks_for_the_representative_freshly_signed_in(api: World) -> None:
    check_problem(register(api, vendor(api, age_s=HOUR_S)), 403, "ACC-030")
    check_problem(register(api, signed_in(api, "mandated clerk")), 403, "ACC-020")
    assert register(api).status_code == 201
    check_problem(api.post(f"/programs/{CLIENT}/keys", public(NEXT), headers=vendor(api, age_s=HOUR_S)), 403, "ACC-030")
    check_problem(register(api, signed_in(api)), 409, "ACC-124")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"client_id": "Lương"}, "ACC-125"),
        ({"grants": ["FILE_FOR_PERSONS"]}, "ACC-129"),
        ({"keys": [{**public(KEY), "d": "secret"}]}, "ACC-024"),
        ({"keys": [{**public(KEY), "crv": "P-384"}]}, "ACC-024"),
        ({"keys": []}, "API-001"),
    ],
)
def test_what_cannot_be_registered(api: World, more: dict[str, Any], code: str) -> None:
    check_problem(register(api, **more), 422, code)
