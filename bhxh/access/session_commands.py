"""Begin, renew and end sessions; take the issuer's word that somebody signed out there."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bhxh.access.commands import use_assertion
from bhxh.access.errors import ACC_NO_SESSION, ACC_NOT_SHUT_OUT
from bhxh.access.models import Session, SignedOut
from bhxh.access.prepared import first_row
from bhxh.access.sessions import SHUT_OUT_AT, ActingAs, SessionRules
from bhxh.access.tokens import EidClaims, SignedOutClaims, account_reference
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import NotFound
from bhxh.kernel.ids import uuid7
from bhxh.kernel.who import PERSON, SYSTEM

_SIGNED_OUT_KEPT = timedelta(hours=13)  # LIMIT: a token lives twelve hours at most, clocks differ a little
_DEVICE_CHARACTERS = 200
SEEN_EVERY = timedelta(minutes=1)
_NOTE = (
    "INSERT INTO access_signed_out (issuer, name, at, kept_until) VALUES (%s, %s, %s, %s) ON CONFLICT (issuer, name)"
    " DO UPDATE SET at = EXCLUDED.at, kept_until = EXCLUDED.kept_until WHERE access_signed_out.at < EXCLUDED.at"
)
"""WHY never back, and in one statement: whoever was shut out stays out when somebody says in the same moment that they signed out."""
_BEGUN = (
    *("session_id", "secret_sha256", "account", "issuer", "subject", "sid", "account_type", "assurance_level", "pin", "org_id", "methods"),
    *("signed_in_at", "acting_as", "device", "begun_at", "seen_at", "ends_at"),
)
_BEGIN = (
    f"WITH begun AS (INSERT INTO access_session ({', '.join(_BEGUN)}) VALUES ({', '.join(['%s'] * len(_BEGUN))})),"
    " surplus AS (DELETE FROM access_session WHERE session_id IN"
    " (SELECT session_id FROM access_session WHERE account = %s ORDER BY begun_at DESC, session_id DESC OFFSET %s) RETURNING session_id)"
    " SELECT count(*) FROM surplus"
)
"""Both parts see the table as it was: what is beyond the limit is told from the sessions before this one."""


@command(by=PERSON)
def begin_session(
    *, actor: Actor, at: datetime, claims: EidClaims, secret_sha256: str, acting_as: ActingAs, device: str, rules: SessionRules
) -> UUID:
    """A browser is signed in. Of more sessions of one account than the rules allow, the oldest end."""
    session_id = uuid7(at)
    begun = {
        "session_id": session_id,
        "account": claims.account,
        "issuer": claims.issuer,
        "subject": claims.sub,
        "account_type": claims.account_type.value,
        "pin": claims.pin,
        "org_id": claims.org_id,
        "acting_as": acting_as.value,
        "device": device[:_DEVICE_CHARACTERS],
        "begun_at": at,
        **_of_this_sign_in(claims, at, secret_sha256, rules),
    }
    counted = first_row(_BEGIN, [*(begun[name] for name in _BEGUN), claims.account, rules.per_account - 1])
    assert counted is not None, "a count is one row"
    ended = int(counted[0])
    detail: dict[str, Json] = {"session": str(session_id), "level": claims.assurance_level, "sid": claims.sid, "ended": ended}
    record(actor=actor, at=at, verb="access.session.begin", detail=detail)
    return session_id


@command(by=PERSON)
def renew_session(*, actor: Actor, at: datetime, session_id: UUID, claims: EidClaims, secret_sha256: str, rules: SessionRules) -> None:
    """The same person proved themselves anew in the same browser: same role, new secret. Raises NotFound ACC-037."""
    values = _of_this_sign_in(claims, at, secret_sha256, rules)
    if not Session.objects.filter(session_id=session_id, account=claims.account).update(**values):
        raise NotFound(ACC_NO_SESSION)
    detail: dict[str, Json] = {"session": str(session_id), "level": claims.assurance_level, "sid": claims.sid}
    record(actor=actor, at=at, verb="access.session.renew", detail=detail)


@command(by=PERSON)
def choose_role(
    *, actor: Actor, at: datetime, session_id: UUID, secret_sha256: str, acting_as: ActingAs, employer_id: int | None = None
) -> None:
    """Go on in another of one's roles; the caller has seen that it is one. New secret, so that an officer's second factor is asked again.

    Raises: NotFound ACC-037.
    """
    changed = Session.objects.filter(session_id=session_id).update(
        acting_as=acting_as.value, employer_id=employer_id, acting_for="", secret_sha256=secret_sha256
    )
    if not changed:
        raise NotFound(ACC_NO_SESSION)
    detail = {"session": str(session_id), "as": acting_as.value, "employer": employer_id}
    record(actor=actor, at=at, verb="access.session.choose", detail=detail)


@command(by=PERSON)
def choose_whom_to_act_for(*, actor: Actor, at: datetime, session_id: UUID, secret_sha256: str, reference: str) -> None:
    """Go on for a child or ward, or (empty) for oneself again; the caller has asked the registers. New secret: what a process remembers of the
    session before is worth nothing any more.

    Raises: NotFound ACC-037.
    """
    chosen = Session.objects.filter(session_id=session_id, acting_as=ActingAs.SELF.value)
    if not chosen.update(acting_for=reference, secret_sha256=secret_sha256):
        raise NotFound(ACC_NO_SESSION)
    record(actor=actor, at=at, verb="access.session.represent", detail={"session": str(session_id), "for": reference})


@command(by=PERSON)
def end_session(*, actor: Actor, at: datetime, session_id: UUID, account: str) -> None:
    """Sign out one browser of an account. Raises NotFound ACC-037."""
    deleted, _ = Session.objects.filter(session_id=session_id, account=account).delete()
    if not deleted:
        raise NotFound(ACC_NO_SESSION)
    record(actor=actor, at=at, verb="access.session.end", detail={"session": str(session_id)})


@command(by=PERSON | SYSTEM)
def end_sessions(*, actor: Actor, at: datetime, issuer: str, subject: str) -> int:
    """Sign out every browser of an account, and let no token pass that was issued before. Returns how many sessions ended."""
    account = account_reference(issuer, subject)
    ended, _ = Session.objects.filter(account=account).delete()
    _note_signed_out(issuer, f"sub:{subject}", at)
    record(actor=actor, at=at, verb="access.session.end_all", detail={"account": account, "ended": ended})
    return ended


@command(by=SYSTEM)
def shut_out(*, actor: Actor, at: datetime, issuer: str, subject: str) -> int:
    """Let an account in no more, by browser or by token, until `let_in_again`. Returns how many sessions ended."""
    account = account_reference(issuer, subject)
    ended, _ = Session.objects.filter(account=account).delete()
    _note_signed_out(issuer, f"sub:{subject}", SHUT_OUT_AT)
    record(actor=actor, at=at, verb="access.account.shut_out", detail={"account": account, "ended": ended})
    return ended


@command(by=SYSTEM)
def let_in_again(*, actor: Actor, at: datetime, issuer: str, subject: str) -> None:
    """The account may sign in again; what was issued before stays out. Raises NotFound ACC-040."""
    name = f"sub:{subject}"
    changed = SignedOut.objects.filter(issuer=issuer, name=name, at=SHUT_OUT_AT).update(at=at, kept_until=at + _SIGNED_OUT_KEPT)
    if not changed:
        raise NotFound(ACC_NOT_SHUT_OUT)
    record(actor=actor, at=at, verb="access.account.let_in", detail={"account": account_reference(issuer, subject)})


@command(by=SYSTEM)
def end_signed_out(*, actor: Actor, at: datetime, notice: SignedOutClaims) -> int:
    """What the issuer says is over is over here: its sessions, and tokens of it. Returns how many sessions ended.

    Raises: NotSignedIn ACC-004 where this notice was used before.
    """
    use_assertion(actor=actor, at=at, client_id=f"logout:{notice.issuer}", jti=notice.jti)
    of_account = Q(account=account_reference(notice.issuer, notice.sub))
    if notice.sid:
        # WHY both where both are named: a sid that were not unique at the issuer must not end another's session.
        ended, _ = Session.objects.filter(*([of_account] if notice.sub else []), issuer=notice.issuer, sid=notice.sid).delete()
        _note_signed_out(notice.issuer, f"sid:{notice.sid}", at)
    else:
        ended, _ = Session.objects.filter(of_account).delete()
        _note_signed_out(notice.issuer, f"sub:{notice.sub}", notice.issued_at)
    record(actor=actor, at=at, verb="access.session.end_signed_out", detail={"sid": notice.sid, "ended": ended})
    return ended


@command(by=SYSTEM)
def forget_ended(*, actor: Actor, at: datetime, rules: SessionRules) -> int:
    """Remove sessions that nobody can use any more. Returns how many."""
    ended, _ = Session.objects.filter(Q(ends_at__lte=at) | Q(seen_at__lte=at - rules.idle)).delete()
    SignedOut.objects.filter(kept_until__lte=at).delete()
    record(actor=actor, at=at, verb="access.session.forget", detail={"ended": ended})
    return ended


def note_seen(*, session_id: UUID, at: datetime) -> None:
    """The browser is still there; written down at most once a minute.

    WHY no command: it says nothing about anybody's data, and an entry a minute for every open browser would bury the log.
    """
    Session.objects.filter(session_id=session_id, seen_at__lt=at - SEEN_EVERY).update(seen_at=at)


def _of_this_sign_in(claims: EidClaims, at: datetime, secret_sha256: str, rules: SessionRules) -> dict[str, object]:
    return {
        "secret_sha256": secret_sha256,
        "sid": claims.sid,
        "assurance_level": claims.assurance_level,
        "methods": list(claims.methods),
        "signed_in_at": claims.signed_in_at,
        "seen_at": at,
        "ends_at": at + rules.longest,
    }


def _note_signed_out(issuer: str, name: str, at: datetime) -> None:
    kept_until = SHUT_OUT_AT if at == SHUT_OUT_AT else at + _SIGNED_OUT_KEPT
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [issuer, name, at, kept_until])
