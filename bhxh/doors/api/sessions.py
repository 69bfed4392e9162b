"""Who is signed in, in which role, until when; one's open sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import Field

from bhxh.access.errors import ACC_NO_SESSION, ACC_ROLE_NOT_OPEN
from bhxh.access.flows import check_level
from bhxh.access.session_commands import choose_role, end_session, end_sessions
from bhxh.access.session_flows import holder
from bhxh.access.session_queries import list_sessions
from bhxh.access.sessions import ActingAs, csrf_token, digest_of, new_secret
from bhxh.doors.admission import admit, lets_in
from bhxh.doors.partners import partners
from bhxh.doors.sessions import give_session, list_roles, session_secret, take_session
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotAllowed, NotFound
from bhxh.kernel.who import SIGNED_IN

router = Router(tags=["session"])


class RoleOut(Schema):
    """A role one may go on in."""

    acting_as: str = Field(description="SELF, EMPLOYER, OFFICER")
    employer_id: int | None = None
    name: str = Field("", description="of the organisation")


class SessionOut(Schema):
    """What the server knows of the sign-in that a request brought."""

    account_type: str
    assurance_level: int
    signed_in_at: datetime | None = Field(description="when the person last proved themselves to the e-ID; null where it does not say")
    is_fresh: bool = Field(description="whether that is short enough ago for what demands a fresh sign-in")
    fresh_for_s: int = Field(description="how long a sign-in counts as fresh")
    acting_as: str | None = Field(description="the chosen role; null where a token was sent")
    employer_id: int | None = None
    roles: list[RoleOut]
    ends_at: datetime = Field(description="at the latest")
    idle_s: int | None = Field(description="unused that long the session ends sooner; null where a token was sent")
    csrf: str = Field(description="to be sent back as X-CSRF-Token with whatever changes something by cookie; empty where a token was sent")
    e_id_answers: bool = Field(description="false: nobody can sign in just now; who is signed in works on")


class RoleIn(Schema):
    """The role to go on in."""

    acting_as: ActingAs
    employer_id: Annotated[int | None, Field(ge=1, le=2**62)] = None


class OpenSessionOut(Schema):
    """One of one's own browsers."""

    session_id: UUID
    begun_at: datetime
    seen_at: datetime
    device: str
    is_this_one: bool


@router.get("", response=SessionOut, summary="Who is signed in, in which role, how fresh")
@lets_in(SIGNED_IN)
def show(request: HttpRequest) -> SessionOut:
    """By token or by cookie. Asks the e-ID nothing."""
    signed_in, at, side = _signed_in(request), now(), partners().signing_in
    admit(_holder(signed_in))
    session = signed_in.session
    return SessionOut(
        account_type=signed_in.claims.account_type.value,
        assurance_level=signed_in.claims.assurance_level,
        signed_in_at=signed_in.claims.signed_in_at,
        is_fresh=signed_in.is_fresh(),
        fresh_for_s=int(side.rules.fresh.total_seconds()),
        acting_as=session.acting_as.value if session else None,
        employer_id=session.employer_id if session else None,
        roles=[
            RoleOut(acting_as=role.acting_as.value, employer_id=role.employer_id, name=role.name)
            for role in list_roles(signed_in.claims, at=at)
        ],
        ends_at=signed_in.claims.expires_at,
        idle_s=int(side.rules.idle.total_seconds()) if session else None,
        csrf=csrf_token(session_secret(request, side)) if session else "",
        e_id_answers=side.provider.is_reachable(),
    )


@router.post("/role", response={204: None}, summary="Go on in another of one's roles; the cookie changes")
@lets_in(SIGNED_IN)
def choose(request: HttpRequest, wanted: RoleIn) -> HttpResponse:
    """By cookie only: a token has no role to remember."""
    signed_in, at, side = _signed_in(request), now(), partners().signing_in
    actor, session = admit(_holder(signed_in)), signed_in.session
    if session is None:
        raise NotFound(ACC_NO_SESSION)
    if not any(
        (role.acting_as, role.employer_id) == (wanted.acting_as, wanted.employer_id) for role in list_roles(signed_in.claims, at=at)
    ):
        raise NotAllowed(ACC_ROLE_NOT_OPEN)
    secret = new_secret()
    choose_role(
        actor=actor,
        at=at,
        session_id=session.session_id,
        secret_sha256=digest_of(secret),
        acting_as=wanted.acting_as,
        employer_id=wanted.employer_id,
    )
    response = HttpResponse(status=204)
    give_session(response, secret, side)
    return response


@router.get("/all", response=list[OpenSessionOut], summary="The browsers in which one is signed in")
@lets_in(SIGNED_IN)
def show_all(request: HttpRequest) -> list[OpenSessionOut]:
    """The newest first."""
    signed_in = _signed_in(request)
    actor = admit(_holder(signed_in))
    this = signed_in.session.session_id if signed_in.session else None
    return [
        OpenSessionOut(
            session_id=one.session_id, begun_at=one.begun_at, seen_at=one.seen_at, device=one.device, is_this_one=one.session_id == this
        )
        for one in list_sessions(actor.account, at=now(), rules=partners().signing_in.rules)
    ]


@router.post("/all/ending", response={204: None}, summary="Sign out everywhere, tokens included")
@lets_in(SIGNED_IN)
def end_all(request: HttpRequest) -> HttpResponse:
    """For somebody who has lost a device."""
    signed_in = _signed_in(request)
    end_sessions(actor=admit(_holder(signed_in)), at=now(), issuer=signed_in.claims.issuer, subject=signed_in.claims.sub)
    response = HttpResponse(status=204)
    take_session(response, partners().signing_in)
    return response


@router.post("/{session_id}/ending", response={204: None}, summary="Sign out one browser")
@lets_in(SIGNED_IN)
def end(request: HttpRequest, session_id: Annotated[UUID, Path()]) -> HttpResponse:
    """This one or another of one's own."""
    signed_in = _signed_in(request)
    actor = admit(_holder(signed_in))
    end_session(actor=actor, at=now(), session_id=session_id, account=actor.account)
    response = HttpResponse(status=204)
    if signed_in.session is not None and signed_in.session.session_id == session_id:
        take_session(response, partners().signing_in)
    return response


def _signed_in(request: HttpRequest) -> SignedIn:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in


def _holder(signed_in: SignedIn) -> Actor:
    check_level(signed_in.claims.assurance_level)
    return holder(signed_in.claims, request_id=signed_in.request_id)
