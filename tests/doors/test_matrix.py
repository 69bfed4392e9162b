"""Every address and every kind of somebody, by real requests: who is not declared is refused, who is declared is not.

The rows are the application's own addresses and what they declare (`tools/matrix.py`), so a new one is tried as soon as it is there. What
follows from facts, not from who somebody is (another's dossier, one's own proposal), stands in the tables below.
"""

import re
from json import dumps
from typing import Any

import pytest
from httpx import Request

from bhxh.access.roles import Grant, OfficerRole
from bhxh.kernel.who import SIGNED_IN, Capacity
from tests.doors.test_counter import acting_for, meet_family
from tests.doors.world import World
from tests.mandate_kit import BY, grant
from tools.matrix import Role, Route, roles, routes

_OFFICERS: dict[str, tuple[OfficerRole, ...]] = {
    "officer": (OfficerRole.APPRAISER, OfficerRole.APPROVER),
    "operator": (OfficerRole.OPERATOR,),
    **{f"officer {role.value}": (role,) for role in OfficerRole},
}
_CLERKS = ("clerk", "mandated clerk", "other clerk")
_WITHOUT_RIGHTS = ("level 1", "clerk of level 1", "unregistered", "soldier", "clerk without mandate")
SOMEBODIES: dict[str, tuple[Role, ...]] = {
    "stranger": (Role("", None),),
    **{name: (Role("", None),) for name in _WITHOUT_RIGHTS},
    **{name: (Role("", Capacity.PERSON),) for name in ("citizen", "other citizen")},
    **{name: (Role("", Capacity.EMPLOYER),) for name in _CLERKS},
    # WHY a person too: an officer signs in with their own account, and is a citizen wherever citizens are let in.
    **{name: (Role("", Capacity.PERSON), *(Role("", Capacity.OFFICER, role.value) for role in held)) for name, held in _OFFICERS.items()},
    "parent for a child": (Role("", Capacity.REPRESENTATIVE),),
    **{f"program {one.value}": (Role("", Capacity.MACHINE, one.value),) for one in Grant},
}
"""Who plays in the door tests, and as what they may come."""

_HOLDERS = ("unregistered", "soldier", "clerk without mandate")
"""They hold an account of level 2 and may act as nothing here; they may see that they are signed in, and sign out."""

_OWNERS = ("clerk", "mandated clerk", "program FILE_FOR_EMPLOYERS")
"""Whose dossier `{code}` is: to everybody else who files it is not there."""
_OF_REQUESTERS = (
    ("POST", "requests"),
    ("GET", "requests/{request_id}"),
    ("POST", "requests/{request_id}/cancellation"),
    ("POST", "consents/{consent_id}/reads"),
)
_OF_REPRESENTATIVES = (
    "GET mandates",
    "GET mandates/standing",
    "POST mandates",
    "POST mandates/wordings",
    "POST mandates/preparations",
    "POST mandates/signed",
    "POST mandates/{mandate_id}/revocation",
    "GET programs",
    "POST programs",
    "POST programs/{client_id}/keys",
    "POST programs/{client_id}/keys/{kid}/retirement",
    "POST programs/{client_id}/retirement",
)
_OF_THE_WAREHOUSE = (
    *("GET items", "GET items/{item_id}", "POST items/{item_id}/removal"),
    *("GET archive", "GET uploads", "GET uploads/{upload_id}", "POST uploads"),
)
_BY_FACT: dict[str, dict[str, int]] = {
    **{name.replace(" ", " /api/v1/warehouse/"): {"mandated clerk": 403} for name in _OF_THE_WAREHOUSE},
    **{name.replace(" ", " /api/v1/"): {"mandated clerk": 403} for name in _OF_REPRESENTATIVES},
    "POST /api/v1/office/dossiers/{code}/approvals": {"officer": 403, "officer APPROVER": 403},
    **{f"{method} /api/v1/sharing/{path}": dict.fromkeys(_CLERKS, 403) for method, path in _OF_REQUESTERS},
}
"""Refused although the role is let in, because of the facts: nobody has proposed anything; these employers are not registered to ask;
a clerk represents nobody."""
_BODIES: dict[str, Any] = {
    "/api/v1/dossiers/{code}/mail-address": {"email": "don-vi@vidu.example"},
    "/api/v1/sharing/agency-reads": {"scope": "matrix", "personal_number": "001188000001", "reference": "1"},
}
"""What is asked where the smallest thing that the description allows is still refused before anybody looks at who asks."""


def _listed() -> list[Route]:
    return sorted(routes(), key=lambda route: route.name)


_NOT_PLAYED = {Capacity.SYSTEM}
"""The installation itself sends no requests; it is tried as a caller of every command in `test_who_may_call.py`."""


def test_every_role_of_the_matrix_is_played() -> None:
    played = {(one.capacity, one.role) for somebody in SOMEBODIES.values() for one in somebody}
    assert {(role.capacity, role.role) for role in roles() if role.capacity not in _NOT_PLAYED} <= played


@pytest.fixture
def headers(api: World) -> dict[str, dict[str, str]]:
    """Of whoever is not known by an e-ID token alone: a parent who names the child, and a program of each grant, registered to ask persons
    too; the one that files has the first employer's mandate."""
    from bhxh.access.consents import ConsentPurpose, RequesterKind
    from bhxh.access.machine_commands import register_machine
    from bhxh.access.requester_commands import agree_scope, register_requester
    from bhxh.doors.partners import partners
    from bhxh.kernel.actor import LegalBasis
    from bhxh.kernel.clock import day_in_vietnam, now
    from bhxh.registry.queries import find_employer
    from tests.doors.test_programs import KEY, public  # WHY here: that module asks by this one's `ask_least`

    meet_family(api)
    at, unit, made = now(), api.population.employers[0].tax_code, {}
    for one in Grant:
        client = f"matrix-{one.value.lower().replace('_', '-')}"
        register_machine(actor=BY, at=at, client_id=client, name=client, jwks={"keys": [public(KEY)]}, grants=[one])
        register_requester(
            actor=BY,
            at=at,
            requester_id=client,
            name=client,
            kind=RequesterKind.OTHER,
            fields=["basic"],
            purposes=[ConsentPurpose.CREDIT],
            client_id=client,
        )
        made[f"program {one.value}"] = {"Authorization": f"Bearer {_token_of(api, client)}"}
    agree_scope(
        actor=BY,
        at=at,
        scope_id="matrix",
        requester_id="matrix-read-by-duty",
        legal_basis=LegalBasis.LEGAL_DUTY,
        purpose_vi="thử",
        purpose_en="a trial",
        ground="Thỏa thuận 1/2026",
        fields=["basic"],
        from_on=day_in_vietnam(at),
    )
    employer = find_employer(tax_code=unit)
    assert employer is not None
    holder = "machine:matrix-file-for-employers"
    key = partners().keys.seal_key("mandate")
    grant(at=at, key=key, employer_id=employer.employer_id, holder=holder, from_on=day_in_vietnam(at))
    made["program FILE_FOR_EMPLOYERS"]["Acting-For-Employer"] = unit
    made["parent for a child"] = {"Authorization": f"Bearer {api.token('parent')}", **acting_for(api, "parent")}
    return made


def _token_of(api: World, client: str) -> str:
    from tests.doors.test_programs import ask, assertion

    given = ask(api, assertion(iss=client, sub=client))
    assert given.status_code == 200, given.content
    return str(given.json()["access_token"])


@pytest.mark.parametrize("route", _listed(), ids=lambda route: route.name)
def test_who_gets_in(api: World, headers: dict[str, dict[str, str]], route: Route) -> None:
    assert route.admission is not None, "tools/matrix.py names it as undeclared"
    who = route.admission.who
    # WHY two of an open one: it asks nobody who they are, and a page or the description takes long to make.
    got = {
        name: ask_least(api, route, name, headers=headers.get(name)) for name in (("stranger", "citizen") if who.is_open else SOMEBODIES)
    }
    for name, reply in got.items():
        status = reply.status_code
        assert status < 500 or route.path.startswith("/health"), (name, status, reply.content[:300])
        if who.is_open or not route.needs_sign_in:
            assert route.admission.proof or status not in (401, 403), (name, status, "nobody is asked who they are here")
        elif not (any(role.is_let_in(who) for role in SOMEBODIES[name]) or (who == SIGNED_IN and name in _HOLDERS)):
            assert status == (401 if name == "stranger" else 403), (name, status, reply.content[:300])
        elif "/dossiers/{code}" in route.path and "/office/" not in route.path and name not in _OWNERS:
            assert status == 404, (name, status, "another's dossier is not there")
        elif name in _BY_FACT.get(route.name, {}):
            assert status == _BY_FACT[route.name][name], (name, status)
        else:
            assert status not in (401, 403), (name, status, reply.content[:300])
        if status >= 400 and route.path.startswith("/api/"):
            assert (reply["Content-Type"], reply.json()["status"]) == ("application/problem+json", status)


def ask_least(api: World, route: Route, name: str, *, headers: dict[str, str] | None = None) -> Any:
    """The smallest request that the published description allows."""
    method = "GET" if route.method == "*" else route.method
    operation = _description()["paths"].get(route.path, {}).get(method.lower(), {})
    values = {"code": api.code, "sha256": "0" * 64, "secret": "x", "number": "1", "digest": "0", "name": "app.css"}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            values.setdefault(parameter["name"], _sample(parameter["schema"]))
    for parameter in re.findall(r"{(\w+)}", route.path):  # of pages, which no description publishes
        values.setdefault(parameter, "01930000-0000-7000-8000-000000000000")
    address = route.path.format(**values)
    options: dict[str, Any] = {"headers": {"Idempotency-Key": "k", **(headers or {})}, "root": ""}
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        if media == "application/json":
            options |= {"data": dumps(_BODIES.get(route.path, _sample(content["schema"]))), "content_type": media}
        elif media == "multipart/form-data":
            fields = _sample(content["schema"])
            files = {key: ("x.pdf", b"%PDF-1.7") for key, value in fields.items() if value in (_FILE, [_FILE])}
            values = {key: str(value) for key, value in fields.items() if key not in files}
            form = Request("POST", "http://localhost/", files=files, data=values)
            options |= {"data": form.read(), "content_type": form.headers["Content-Type"]}
        else:
            options |= {"data": b"x", "content_type": media}
    return api.call(method, address, "stranger" if headers else name, **options)


_FILE = "<file>"
_SAID = ("grant", "0" * 64, "001188000001", "2026-11", "a@vidu.example")
"""What is said where a pattern is asked for: the first that fits."""


def _description() -> dict[str, Any]:
    from bhxh.doors.api.application import api

    if not _kept:
        _kept.update(api.get_openapi_schema(path_prefix="api/v1/"))
    return _kept


_kept: dict[str, Any] = {}


def _sample(schema: dict[str, Any]) -> Any:
    """The least that a schema of our description allows."""
    if "$ref" in schema:
        return _sample(_description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for chosen in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        return _sample(chosen)
    if "default" in schema:
        return schema["default"]
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: _sample(schema["properties"][name]) for name in schema.get("required", ())}
        case "array":
            return [_sample(schema["items"]) for _ in range(schema.get("minItems", 1))]
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case "string":
            if "pattern" in schema:
                said = ("x" * max(1, schema.get("minLength", 1)), *_SAID)
                return next(one for one in said if re.search(schema["pattern"], one) and len(one) >= schema.get("minLength", 0))
            of_format = {
                "binary": _FILE,
                "uuid": "01930000-0000-7000-8000-000000000000",
                "date": "2026-11-22",
                "date-time": "2026-11-22T00:00:00Z",
                "email": "a@vidu.example",
            }
            return of_format.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
    return None


def test_a_sample_has_what_is_required_and_no_more() -> None:
    assert _sample({"type": "object", "properties": {"a": {"type": "integer", "minimum": 3}, "b": {}}, "required": ["a"]}) == {"a": 3}
