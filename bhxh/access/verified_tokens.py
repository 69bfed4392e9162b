"""Tokens already verified, kept by digest until they end: the same signature need not be checked at each request of a session.

Only what the token itself proves is kept. Whether its holder may still do something is asked of the database each time.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from bhxh.access.errors import ACC_KEY_UNKNOWN, NotSignedIn
from bhxh.access.ports import EidKeys
from bhxh.access.tokens import EidClaims, verify_eid_token

_MOST = 10_000  # LIMIT: some 20 MB; beyond it the longest kept is forgotten and verified again when it comes back


@dataclass(slots=True)
class VerifiedToken:
    """What a token proved, and under which keys. Holds personal data: never log it."""

    claims: EidClaims
    keys: Mapping[str, Any]
    verified_at: datetime
    person_id: int | None = None
    """Whom the account belonged to when last asked. Proves nothing: who relies on it asks again in the statement that does."""


class VerifiedTokens:
    """A process's memory of tokens. Forgets a token when it ends, and all of them when the issuer's keys change."""

    def __init__(self) -> None:
        self._kept: dict[bytes, VerifiedToken] = {}
        self._lock = threading.Lock()

    def read(self, token: str, *, keys: EidKeys, issuer: str, audience: str, at: datetime) -> VerifiedToken:
        """The token as verified, now or earlier.

        Raises: NotSignedIn ACC-001, ACC-002, ACC-003; Trouble where no keys can be had.
        """
        name = sha256(f"{issuer} {audience} {token}".encode(errors="replace")).digest()
        kept = self._kept.get(name)
        # WHY the key set's identity: a key that the issuer took back must not live on here.
        if kept is not None and kept.keys is keys.get() and kept.verified_at <= at < kept.claims.expires_at:
            return kept
        made = verify_under_present_keys(token, keys=keys, issuer=issuer, audience=audience, at=at)
        with self._lock:
            self._kept.pop(name, None)
            if len(self._kept) >= _MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[name] = made
        return made


def verify_under_present_keys(token: str, *, keys: EidKeys, issuer: str, audience: str, at: datetime) -> VerifiedToken:
    """Verify an e-ID token. A key that is not listed makes us fetch the issuer's keys once more, then give up. Raises as `read` does."""
    present = keys.get()
    try:
        claims = verify_eid_token(token, keys=present, issuer=issuer, audience=audience, at=at)
    except NotSignedIn as error:
        if error.sentence is not ACC_KEY_UNKNOWN:
            raise
        present = keys.get(is_refresh_wanted=True)
        claims = verify_eid_token(token, keys=present, issuer=issuer, audience=audience, at=at)
    return VerifiedToken(claims, present, at)
