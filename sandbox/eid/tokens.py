"""What the e-ID system signs, right; and, where a test asks for it, wrong in exactly one way."""

import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from sandbox.eid import LEVELS
from sandbox.serving import own_key, public_set

_HOUR_S = 3600
Claims = dict[str, Any]


def _aged(seconds: int) -> Callable[[Claims], None]:
    def age(claims: Claims) -> None:
        for name in ("iat", "exp", "auth_time"):
            if name in claims:
                claims[name] += seconds

    return age


def _set(**values: Any) -> Callable[[Claims], None]:
    return lambda claims: claims.update(values)


def _without(*names: str) -> Callable[[Claims], None]:
    def drop(claims: Claims) -> None:
        for name in names:
            claims.pop(name, None)

    return drop


def _audiences(claims: Claims) -> None:
    claims["aud"] = [claims["aud"], "another-client"]


def _stale(claims: Claims) -> None:
    claims["auth_time"] -= _HOUR_S


_OF_CLAIMS: dict[str, Callable[[Claims], None]] = {
    "wrong_aud": _set(aud="another-client"),
    "two_audiences": _audiences,
    "wrong_iss": _set(iss="https://another.example"),
    "expired": _aged(-2 * _HOUR_S),
    "issued_ahead": _aged(2 * _HOUR_S),
    "no_subject": _without("sub", "sid"),
    "no_sid": _without("sid"),
}
_OF_ID_TOKENS: dict[str, Callable[[Claims], None]] = {
    **_OF_CLAIMS,
    "wrong_nonce": _set(nonce="another-nonce"),
    "no_nonce": _without("nonce"),
    "level_1": _set(acr=LEVELS[1], assurance_level=1),
    "other_acr": _set(acr="urn:another:level-2"),
    "no_acr": _without("acr", "assurance_level"),
    "old_auth_time": _stale,
    "no_auth_time": _without("auth_time"),
    "wrong_at_hash": _set(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}
_OF_LOGOUT_TOKENS: dict[str, Callable[[Claims], None]] = {
    **_OF_CLAIMS,
    "with_nonce": _set(nonce="n"),
    "no_events": _without("events"),
    "other_event": _set(events={"https://another.example/event": {}}),
    "no_jti": _without("jti"),
}
OF_SIGNATURES = frozenset({"wrong_key", "unlisted_key", "alg_none", "hs256"})
OF_REDIRECTS = frozenset({"redirect_other_iss", "redirect_no_iss", "redirect_other_state"})
OF_LOGINS = frozenset({*_OF_ID_TOKENS, *OF_SIGNATURES, *OF_REDIRECTS, "no_id_token"})
"""Ways in which one sign-in can go wrong after the person chose who they are."""
OF_LOGOUTS = frozenset({*_OF_LOGOUT_TOKENS, *OF_SIGNATURES, "wrong_typ"})
"""Ways in which one notice of sign-out can be wrong."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of token: its `typ`, and what can be wrong with its claims."""

    typ: str
    flaws: dict[str, Callable[[Claims], None]]


ID_TOKEN = Kind("JWT", _OF_ID_TOKENS)
ACCESS_TOKEN = Kind("at+jwt", {})
LOGOUT_TOKEN = Kind("logout+jwt", _OF_LOGOUT_TOKENS)


class KeyRing:
    """The issuer's signing keys, the newest first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys = [own_key(folder, "token-1")]

    def rotate(self) -> str:
        """A new key signs from now on; the old ones stay listed. Returns its name."""
        self._keys = [own_key(self._folder, f"token-{len(self._keys) + 1}"), *self._keys]
        return str(self._keys[0].kid)

    def published(self) -> dict[str, Any]:
        """The key set (JWKS)."""
        return public_set(*self._keys)

    def verify(self, token: str) -> Claims:
        """Claims of a token that one of our keys signed; whether it has ended is the caller's question. Raises JoseError, ValueError."""
        return dict(jwt.decode(token, KeySet([*self._keys]), algorithms=["ES256"]).claims)

    def sign(self, kind: Kind, claims: Claims, flaw: str = "") -> str:
        """A compact token; with a flaw that is none of this kind of token's, a right one."""
        made = dict(claims)
        if flaw in kind.flaws:
            kind.flaws[flaw](made)
        key = self._keys[0]
        header = {"alg": "ES256", "kid": key.kid, "typ": "JWT" if flaw == "wrong_typ" else kind.typ}
        match flaw:
            case "alg_none":
                return f"{_parts({**header, 'alg': 'none'}, made)}."
            case "hs256":  # WHY: whoever takes the public key for a shared secret believes this
                signed = _parts({**header, "alg": "HS256"}, made)
                return f"{signed}.{_text(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"
            case "wrong_key":
                return jwt.encode(header, made, ECKey.generate_key("P-256"), algorithms=["ES256"])
            case "unlisted_key":
                return jwt.encode({**header, "kid": secrets.token_hex(8)}, made, ECKey.generate_key("P-256"), algorithms=["ES256"])
        return jwt.encode(header, made, key, algorithms=["ES256"])


def half_hash(token: str) -> str:
    """`at_hash`: the left half of the digest of a token (OpenID Connect Core, 3.1.3.6)."""
    return _text(sha256(token.encode()).digest()[:16])


def challenge_of(verifier: str) -> str:
    """The S256 code challenge of a verifier (RFC 7636)."""
    return _text(sha256(verifier.encode()).digest())


def _parts(*content: dict[str, Any]) -> str:
    return ".".join(_text(json.dumps(part).encode()) for part in content)


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
