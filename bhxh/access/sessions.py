"""A signed-in browser: what its session proves, and the rules sessions live by. Pure."""

import hmac
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from bhxh.access.roles import AccountType
from bhxh.access.tokens import EidClaims
from bhxh.signing.base64url import encode

SHUT_OUT_AT = datetime(9999, 1, 1, tzinfo=UTC)
"""An account that is let in no more was signed out at the end of time: nothing that it can present is younger."""
_MOST = 10_000  # LIMIT: some 20 MB; beyond it the session longest unread is read from the table again


class ActingAs(StrEnum):
    """In which of their roles somebody who has several is signed in. One at a time: who decides a case does not file in the same breath."""

    SELF = "SELF"
    EMPLOYER = "EMPLOYER"
    OFFICER = "OFFICER"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRules:
    """What an operator sets."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=8)
    per_account: int = 10
    fresh: timedelta = timedelta(minutes=5)
    """How long ago a sign-in may be where a fresh one is demanded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One signed-in browser. Holds a personal number: never log it."""

    session_id: UUID
    secret_sha256: str
    """What evidence may name the session by: nobody gets in with it."""
    claims: EidClaims
    """What the e-ID said at the last sign-in in this browser; the name and the day of birth are not kept."""
    acting_as: ActingAs
    employer_id: int | None
    """For whom, where `acting_as` is EMPLOYER and the account is the person's own."""
    acting_for: str
    """Reference of the child or ward for whom the person goes on; empty: for themselves. It proves nothing: the registers are asked each time."""
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime
    """At the latest; idleness ends it sooner."""
    device: str


@dataclass(slots=True)
class KnownSession:
    """A session as a request found it. Holds personal data: never log it."""

    session: Session
    person_id: int | None = None
    """Whom the account belonged to when last asked. Proves nothing: who relies on it asks again in the statement that does."""

    @property
    def claims(self) -> EidClaims:
        """What the e-ID said at the last sign-in."""
        return self.session.claims


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """One of a person's own sessions, as they see it."""

    session_id: UUID
    begun_at: datetime
    seen_at: datetime
    device: str


def new_secret() -> str:
    """What a browser's cookie holds: 256 random bits, known to nobody else and kept nowhere."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What the table holds instead."""
    return sha256(secret.encode(errors="replace")).hexdigest()


def csrf_token(secret: str) -> str:
    """What a page or a program of the same origin sends back with whatever changes something.

    WHY from the cookie: who knows the cookie may have it, nobody else can make it, and the cookie does not follow from it.
    """
    return encode(sha256(f"csrf\n{secret}".encode(errors="replace")).digest())


def is_csrf_token(given: str, *, secret: str) -> bool:
    """Whether this is the one of the session."""
    return hmac.compare_digest(given.encode(errors="replace"), csrf_token(secret).encode())


def is_fresh(claims: EidClaims, *, at: datetime, within: timedelta) -> bool:
    """Whether the person proved themselves to the e-ID that short ago. Where it does not say when: no."""
    return claims.signed_in_at is not None and claims.signed_in_at > at - within


class KnownSessions:
    """A process's memory of sessions it has seen, for the one statement that proves them again."""

    def __init__(self, most: int = _MOST) -> None:
        self._kept: dict[str, KnownSession] = {}
        self._most = most
        self._lock = threading.Lock()

    def find(self, secret_sha256: str) -> KnownSession | None:
        """As last seen. Proves nothing."""
        return self._kept.get(secret_sha256)

    def keep(self, session: Session) -> KnownSession:
        """As just read from the table."""
        with self._lock:
            known = self._kept.pop(session.secret_sha256, None)
            made = KnownSession(session, known.person_id if known else None)
            if len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[session.secret_sha256] = made
        return made

    def forget(self, secret_sha256: str) -> None:
        """It is over."""
        with self._lock:
            self._kept.pop(secret_sha256, None)


def own_roles(account_type: AccountType) -> tuple[ActingAs, ...]:
    """In which roles an account of this type may act at all. An organisation's account acts for the organisation and for nobody else."""
    return (ActingAs.EMPLOYER,) if account_type is AccountType.ORG else (ActingAs.SELF, ActingAs.EMPLOYER, ActingAs.OFFICER)
