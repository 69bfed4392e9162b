"""What the e-ID system remembers: who is signed in at it, and which codes are waiting to be exchanged. In memory, bounded."""

import secrets
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sandbox.eid.identities import Identity

CODE_S = 60  # LIMIT: a code is exchanged at once or not at all
_SESSION_S = 12 * 3600
_MOST = 50_000  # LIMIT: above it the oldest are forgotten


@dataclass(slots=True, kw_only=True)
class EidSession:
    """Somebody signed in at the e-ID system."""

    identity: Identity
    level: int
    auth_time: int
    sid: str = field(default_factory=lambda: secrets.token_hex(16))
    clients: set[str] = field(default_factory=set)
    """Who was told of this session, and is to hear of its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A sign-in that its client may exchange for tokens, once."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    session: EidSession
    auth_time: int
    flaw: str
    ends_at: float


_Kept = TypeVar("_Kept")


class _Bounded(Generic[_Kept]):
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def keep(self, name: str, one: _Kept) -> None:
        with self._lock:
            while len(self._kept) >= _MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[name] = one

    def find(self, name: str) -> _Kept | None:
        return self._kept.get(name)

    def take(self, name: str) -> _Kept | None:
        with self._lock:
            return self._kept.pop(name, None)

    def all(self) -> list[_Kept]:
        with self._lock:
            return list(self._kept.values())


class SignIns:
    """Sessions and codes."""

    def __init__(self) -> None:
        self._sessions: _Bounded[EidSession] = _Bounded()
        self._by_cookie: _Bounded[str] = _Bounded()
        self._codes: _Bounded[Code] = _Bounded()

    def begin(self, identity: Identity, level: int) -> tuple[EidSession, str]:
        """Somebody proved who they are now. Returns the session and the secret of its cookie."""
        session = EidSession(identity=identity, level=level, auth_time=int(time.time()))
        cookie = secrets.token_urlsafe(32)
        self._sessions.keep(session.sid, session)
        self._by_cookie.keep(cookie, session.sid)
        return session, cookie

    def find(self, cookie: str) -> EidSession | None:
        """Who is signed in under a cookie."""
        session = self._sessions.find(self._by_cookie.find(cookie) or "")
        return session if session is not None and time.time() - session.auth_time < _SESSION_S else None

    def find_by_sid(self, sid: str) -> EidSession | None:
        """A session by the name that tokens give it."""
        return self._sessions.find(sid)

    def sessions_of(self, subject: str) -> Collection[EidSession]:
        """All sessions of one account."""
        return [session for session in self._sessions.all() if session.identity.subject == subject]

    def end(self, session: EidSession) -> None:
        """It is over; cookies that named it name nothing."""
        self._sessions.take(session.sid)

    def issue_code(self, *, client_id: str, redirect_uri: str, challenge: str, nonce: str, session: EidSession, flaw: str) -> str:
        """A code for the client; the session will be ended at the client too when it ends."""
        session.clients.add(client_id)
        code = secrets.token_urlsafe(32)
        self._codes.keep(
            code,
            Code(
                client_id=client_id,
                redirect_uri=redirect_uri,
                challenge=challenge,
                nonce=nonce,
                session=session,
                auth_time=session.auth_time,
                flaw=flaw,
                ends_at=time.monotonic() + CODE_S,
            ),
        )
        return code

    def take_code(self, code: str) -> Code | None:
        """The sign-in behind a code, to whoever asks first within its time."""
        taken = self._codes.take(code)
        return taken if taken is not None and time.monotonic() < taken.ends_at else None
