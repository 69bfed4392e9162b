"""Officers' second factor: registering a security key, showing it, losing it; and what the operator does for officers."""

from datetime import timedelta

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.errors import ACC_NO_OFFICER
from bhxh.access.flows import show_key
from bhxh.access.officer_key_commands import (
    EndOfKey,
    end_officer_key,
    invite_officer_key,
    pose_known_key,
    pose_new_key,
    register_officer_key,
)
from bhxh.access.officer_key_queries import find_second_factor, list_officer_keys, list_officers
from bhxh.access.permissions import check_operate
from bhxh.access.queries import find_officer_by_login
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.access.security_keys import Site
from bhxh.doors.admission import lets_in
from bhxh.doors.api.officer_shapes import (
    AfterLogin,
    CodeIn,
    EndOfKeyIn,
    InvitationOut,
    KeyAnswerIn,
    KeyQuestionOut,
    LoginPath,
    NewKeyIn,
    NewKeyOut,
    OfficerKeyOut,
    OfficerOut,
    OfficerSessionOut,
)
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import officer

router = Router(tags=["officers"])
_PURPOSE = "second_factor"


@router.get("/session", response=OfficerSessionOut, summary="Whether this session is an officer's, and until when")
@lets_in(officer())
def session(request: HttpRequest) -> OfficerSessionOut:
    """After the e-ID sign-in; a key has still to be shown where `is_proven` is false."""
    signed_in, _, facts = _before_key(request)
    until_at = find_second_factor(session=signed_in.reference, login=facts.login, at=now())
    return OfficerSessionOut(login=facts.login, is_proven=until_at is not None, until_at=until_at, keys=_keys_in_use(facts.login))


@router.post("/session/challenge", response=KeyQuestionOut, summary="What to ask the officer's security key")
@lets_in(officer())
def challenge(request: HttpRequest) -> KeyQuestionOut:
    """Good once, for five minutes, in this session."""
    signed_in, actor, facts = _before_key(request)
    return KeyQuestionOut(**pose_known_key(actor=actor, at=now(), site=_site(), session=signed_in.reference, login=facts.login))


@router.post("/session", response={201: OfficerSessionOut}, summary="Show the security key: the session becomes an officer's")
@lets_in(officer())
def show(request: HttpRequest, body: KeyAnswerIn) -> Status[OfficerSessionOut]:
    """A key whose count of signatures did not rise was copied: it is ended, and the operator has to be told."""
    signed_in, actor, facts = _before_key(request)
    lives = timedelta(seconds=partners().officer_session_s)
    until_at = show_key(
        actor=actor, at=now(), site=_site(), session=signed_in.reference, login=facts.login, answer=body.answered(), lives=lives
    )
    return Status(201, OfficerSessionOut(login=facts.login, is_proven=True, until_at=until_at, keys=_keys_in_use(facts.login)))


@router.get("/keys", response=list[OfficerKeyOut], summary="One's own security keys")
@lets_in(officer())
def keys(request: HttpRequest) -> list[OfficerKeyOut]:
    """Ended ones too: a key is registered once."""
    _, _, facts = _before_key(request)
    return [OfficerKeyOut.of(key) for key in list_officer_keys(facts.login)]


@router.post("/keys/challenge", response=KeyQuestionOut, summary="What to ask a new security key")
@lets_in(officer())
def new_key(request: HttpRequest, body: CodeIn) -> KeyQuestionOut:
    """With the operator's one-time code; without it in a session in which another key was shown."""
    signed_in, actor, facts = _before_key(request)
    asked = pose_new_key(actor=actor, at=now(), site=_site(), session=signed_in.reference, login=facts.login, code=body.code)
    return KeyQuestionOut(**asked)


@router.post("/keys", response={201: NewKeyOut}, summary="Register a security key")
@lets_in(officer())
def register(request: HttpRequest, body: NewKeyIn) -> Status[NewKeyOut]:
    """Five at most. The key has still to be shown."""
    signed_in, actor, facts = _before_key(request)
    key_id = register_officer_key(
        actor=actor,
        at=now(),
        site=_site(),
        session=signed_in.reference,
        login=facts.login,
        code=body.code,
        name=body.name,
        answer=body.credential.answered(),
    )
    return Status(201, NewKeyOut(key_id=key_id))


@router.post("/keys/endings", response=list[OfficerKeyOut], summary="A key is lost or replaced: it opens nothing from now on")
@lets_in(officer())
def end_key(request: HttpRequest, body: EndOfKeyIn) -> list[OfficerKeyOut]:
    """Needs no key: who lost the only one must be able to say so. Whatever the key had opened is closed."""
    _, actor, facts = _before_key(request)
    end_officer_key(actor=actor, at=now(), login=facts.login, key_id=body.key_id, because=EndOfKey(body.because))
    return [OfficerKeyOut.of(key) for key in list_officer_keys(facts.login)]


@router.get("", response=list[OfficerOut], summary="Officers, their roles and how many keys they have")
@lets_in(officer(OfficerRole.OPERATOR))
def officers(request: HttpRequest, after: AfterLogin = "") -> list[OfficerOut]:
    """A page by login."""
    _operator(request)
    return [OfficerOut.of(one) for one in list_officers(after=after)]


@router.post("/{login}/key-codes", response={201: InvitationOut}, summary="A one-time code with which an officer registers a key")
@lets_in(officer(OfficerRole.OPERATOR))
def invite(request: HttpRequest, login: LoginPath) -> Status[InvitationOut]:
    """Good for a day, shown once. Hand it over in person: whoever has it and the officer's e-ID registers a key."""
    actor = _operator(request)
    return Status(201, InvitationOut(code=invite_officer_key(actor=actor, at=now(), login=_in_service(login).login)))


def _keys_in_use(login: str) -> int:
    return sum(key.ended_at is None for key in list_officer_keys(login))


def _site() -> Site:
    return Site.of(partners().sender.public_url, name=partners().sender.agency_name)


def _in_service(login: str) -> OfficerFacts:
    facts = find_officer_by_login(login=login, on=day_in_vietnam(now()))
    if facts is None:
        raise NotFound(ACC_NO_OFFICER)
    return facts


def _before_key(request: HttpRequest) -> tuple[SignedIn, Actor, OfficerFacts]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in, *signed_in.officer_without_key(_PURPOSE)


def _operator(request: HttpRequest) -> Actor:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, facts = signed_in.officer("operation")
    check_operate(actor, officer=facts)
    return actor
