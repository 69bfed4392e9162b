"""Programs: an organisation looks after its own, turns their keys, shuts them out; a program gets its token."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Form, Path, Router, Schema, Status
from pydantic import Field

from bhxh.access.errors import ACC_NO_MACHINE, NotSignedIn
from bhxh.access.machine_commands import add_machine_key, register_own_machine, retire_machine, retire_machine_key
from bhxh.access.machine_errors import ACC_TOKEN_REQUEST
from bhxh.access.machine_flows import issue_token
from bhxh.access.machine_queries import ProgramSummary, find_program, list_programs
from bhxh.access.permissions import check_manage_program
from bhxh.access.roles import Grant
from bhxh.doors.admission import lets_in
from bhxh.doors.api.problems import problem
from bhxh.doors.api.shapes import Instant
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.who import EMPLOYER, machine

router = Router(tags=["programs"])
tokens = Router(tags=["programs"])
TOKEN_PATH = "/api/v1/oauth/token"  # noqa: S105  # an address
_PURPOSE = "programs"
_NO_NUL = r"^[^\x00]*$"
_GRANT_TYPE = "client_credentials"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ClientId = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9._-]+$", description="client id of the program")]
KeyName = Annotated[str, Path(max_length=200, pattern=r"^[A-Za-z0-9._~-]+$", description="kid of the key")]


class KeyIn(Schema):
    """A public P-256 key as JWK. A private one is refused, and was given away by being sent."""

    kty: str = Field(max_length=10)
    crv: str = Field(max_length=20)
    x: str = Field(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")
    y: str = Field(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")
    kid: str = Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9._~-]+$")
    d: str = Field("", max_length=100, description="never send it")

    def as_jwk(self) -> dict[str, Any]:
        """As a key set holds it."""
        jwk = self.model_dump()
        return jwk if self.d else {name: value for name, value in jwk.items() if name != "d"}


class ProgramIn(Schema):
    """A program of the organisation's own."""

    client_id: str = Field(max_length=60, pattern=_NO_NUL, description="3 to 40 lower-case letters, digits and hyphens")
    name: str = Field(min_length=1, max_length=200, pattern=_NO_NUL)
    keys: list[KeyIn] = Field(min_length=1, max_length=10)
    grants: list[Grant] = Field([Grant.FILE_FOR_EMPLOYERS], min_length=1, max_length=len(Grant))


class KeyRetirementIn(Schema):
    """When a key ends."""

    from_at: Instant | None = Field(
        None, description="with an offset from UTC; now where not given; later leaves time to turn to the next key"
    )


class KeyOut(Schema):
    """One key, and when it is good."""

    kid: str
    not_before: datetime | None
    not_after: datetime | None
    is_in_force: bool


class ProgramOut(Schema):
    """A program as its owner sees it."""

    client_id: str
    name: str
    grants: list[Grant]
    registered_at: datetime
    until_on: date | None = Field(description="exclusive; not given: in service")
    keys: list[KeyOut]

    @classmethod
    def of(cls, program: ProgramSummary) -> "ProgramOut":
        """From the room's view."""
        return cls(
            client_id=program.client_id,
            name=program.name,
            grants=sorted(program.grants),
            registered_at=program.registered_at,
            until_on=program.until_on,
            keys=[
                KeyOut(kid=key.kid, not_before=key.not_before, not_after=key.not_after, is_in_force=key.is_in_force) for key in program.keys
            ],
        )


class TokenOut(Schema):
    """RFC 6749, section 5.1."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105  # a kind of token, none itself
    expires_in: int
    scope: str


@router.get("", response=list[ProgramOut], summary="The organisation's programs and their keys")
@lets_in(EMPLOYER)
def list_own(request: HttpRequest) -> list[ProgramOut]:
    """Retired ones included. For its representative."""
    _, employer_id = _owner(request)
    return [ProgramOut.of(program) for program in list_programs(owner_employer_id=employer_id, at=now())]


@router.post("", response={201: ProgramOut}, summary="Register a program by its public keys, freshly signed in")
@lets_in(EMPLOYER)
def register(request: HttpRequest, body: ProgramIn) -> Status[ProgramOut]:
    """It may do nothing yet: each organisation it shall file for gives it, or its owner, a mandate."""
    actor, employer_id = _owner(request)
    _signed_in(request).check_fresh()
    jwks = {"keys": [key.as_jwk() for key in body.keys]}
    register_own_machine(
        actor=actor, at=now(), client_id=body.client_id, name=body.name, jwks=jwks, grants=body.grants, owner_employer_id=employer_id
    )
    return Status(201, _shown(body.client_id))


@router.post("/{client_id}/keys", response={201: ProgramOut}, summary="Add a public key, in force at once beside the old one")
@lets_in(EMPLOYER)
def add_key(request: HttpRequest, client_id: ClientId, body: KeyIn) -> Status[ProgramOut]:
    """Four at most are in force at a time. Freshly signed in."""
    actor = _owner_of(request, client_id)
    _signed_in(request).check_fresh()
    add_machine_key(actor=actor, at=now(), client_id=client_id, jwk=body.as_jwk())
    return Status(201, _shown(client_id))


@router.post("/{client_id}/keys/{kid}/retirement", response=ProgramOut, summary="End a key, now or later")
@lets_in(EMPLOYER)
def retire_key(request: HttpRequest, client_id: ClientId, kid: KeyName, body: KeyRetirementIn) -> ProgramOut:
    """Tokens that were got with it end with it. No fresh sign-in is asked for: what closes a door must be quick."""
    actor, at = _owner_of(request, client_id), now()
    retire_machine_key(actor=actor, at=at, client_id=client_id, kid=kid, from_at=body.from_at or at)
    return _shown(client_id)


@router.post("/{client_id}/retirement", response=ProgramOut, summary="Shut a program out from today")
@lets_in(EMPLOYER)
def retire(request: HttpRequest, client_id: ClientId) -> ProgramOut:
    """Its tokens end at once."""
    actor, at = _owner_of(request, client_id), now()
    retire_machine(actor=actor, at=at, client_id=client_id, on=day_in_vietnam(at))
    return _shown(client_id)


@tokens.post("/token", response=TokenOut, auth=None, summary="A program's token for its assertion (client credentials, private_key_jwt)")
@lets_in(machine(), proof="an assertion signed with the program's registered key (private_key_jwt), good once")
def issue(
    request: HttpRequest,
    response: HttpResponse,
    grant_type: Annotated[str, Form(max_length=100)],
    client_assertion_type: Annotated[str, Form(max_length=200)],
    client_assertion: Annotated[str, Form(max_length=8192)],
    scope: Annotated[str, Form(max_length=200, description="grants with spaces between; all registered ones where empty")] = "",
) -> TokenOut | HttpResponse:
    """Five minutes long. The assertion (RFC 7523): iss = sub = client id, aud = this address or ours, iat, exp, jti; ES256.

    A refusal is a problem document like every other; its member `error` is RFC 6749's word for it.
    """
    if grant_type != _GRANT_TYPE or client_assertion_type != _ASSERTION_TYPE:
        return problem(request, 400, ACC_TOKEN_REQUEST, {"reason": "grant_type, client_assertion_type"}, error="invalid_request")
    known = partners()
    ours = known.sender.public_url.rstrip("/")
    try:
        made = issue_token(
            client_assertion,
            scope=scope,
            audiences=(ours, f"{ours}{TOKEN_PATH}"),
            issuer=ours,
            key=known.keys.seal_key("token"),
            at=now(),
            request_id=str(request.META["BHXH_REQUEST_ID"]),
        )
    except NotSignedIn as error:
        return problem(request, error.status, error.sentence, error.parameters, error="invalid_client")
    except Invalid as error:
        return problem(request, 400, error.sentence, error.parameters, error="invalid_scope")
    response["Cache-Control"] = "no-store"
    return TokenOut(access_token=made.access_token, expires_in=made.expires_in_s, scope=" ".join(sorted(made.grants)))


def _signed_in(request: HttpRequest) -> SignedIn:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in


def _owner(request: HttpRequest) -> tuple[Actor, int]:
    who = _signed_in(request).standing(_PURPOSE)
    assert who.actor.employer_id is not None, "lets_in admits nobody without an employer"
    check_manage_program(who.actor, owner_employer_id=who.actor.employer_id, authority=who.authority)
    return who.actor, who.actor.employer_id


def _owner_of(request: HttpRequest, client_id: str) -> Actor:
    """The owner's representative. Whether another's program exists is not told. Raises NotFound ACC-016."""
    actor, employer_id = _owner(request)
    program = find_program(client_id, at=now())
    if program is None or program.owner_employer_id != employer_id:
        raise NotFound(ACC_NO_MACHINE)
    return actor


def _shown(client_id: str) -> ProgramOut:
    program = find_program(client_id, at=now())
    assert program is not None, "it was there a moment ago"
    return ProgramOut.of(program)
