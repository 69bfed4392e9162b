"""Which relying parties the e-ID system knows, and the proof that one of them is calling (`private_key_jwt`)."""

import json
import threading
import time
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path
from typing import Any, Self

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from joserfc.jws import extract_compact

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FETCH_TIMEOUT_S = 3
_ASKED_ANEW_AFTER_S = 5.0  # LIMIT: assertions that name invented keys must not make us hammer the client
_LONGEST_ASSERTION_S = 300
_REMEMBERED = 20_000  # LIMIT: above this many the expired ones are forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """A registered client, in the words of OpenID Connect Dynamic Client Registration."""

    client_id: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str = ""
    jwks_uri: str = ""
    jwks: dict[str, Any] | None = None
    """Its public keys; where they are not given they are fetched from `jwks_uri`."""

    @classmethod
    def read(cls, content: dict[str, Any]) -> Self:
        """From registration metadata; what we do not know is left out. Raises ValueError."""
        one = cls(
            client_id=content.get("client_id", ""),
            redirect_uris=tuple(content.get("redirect_uris", ())),
            post_logout_redirect_uris=tuple(content.get("post_logout_redirect_uris", ())),
            backchannel_logout_uri=content.get("backchannel_logout_uri", ""),
            jwks_uri=content.get("jwks_uri", ""),
            jwks=content.get("jwks"),
        )
        if not one.client_id or not one.redirect_uris or not (one.jwks_uri or one.jwks):
            raise ValueError("client_id, redirect_uris and jwks_uri or jwks are needed")
        return one


class RelyingParties:
    """The register of clients, kept in a file, with their keys and the assertions they used."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "relying-parties.json"
        self._lock = threading.Lock()
        self._fetched: dict[str, tuple[float, KeySet]] = {}
        self._seen: dict[tuple[str, str], int] = {}
        kept = json.loads(self._file.read_text()) if self._file.exists() else []
        self._known = {one["client_id"]: RelyingParty.read(one) for one in kept}

    def register(self, client: RelyingParty) -> None:
        """A client, new or changed."""
        with self._lock:
            self._known[client.client_id] = client
            self._fetched.pop(client.client_id, None)
            half_written = self._file.with_suffix(".new")
            half_written.write_text(json.dumps([asdict(one) for one in self._known.values()]))
            half_written.replace(self._file)

    def find(self, client_id: str) -> RelyingParty | None:
        """A registered client."""
        return self._known.get(client_id)

    def fetch_keys_early(self, client: RelyingParty) -> None:
        """Get a client's keys while nobody waits for us.

        WHY: a client asks for tokens with one of its few threads; if we asked it for its keys only then, and as many sign-ins as it has
        threads came at once, it would wait for us and we for it.
        """
        if client.client_id not in self._fetched:
            self._keys(client)

    def find_proved(self, *, assertion: str, client_id: str, audiences: tuple[str, ...]) -> RelyingParty | None:
        """The client that an assertion proves, good once and addressed to us; None where it proves nothing, or not `client_id` where given."""
        kid, claimed = _unverified(assertion)
        client_id = client_id or claimed
        client = self.find(client_id)
        now = int(time.time())
        if client is None:
            return None
        rules = jwt.JWTClaimsRegistry(
            now=now,
            leeway=30,
            iss={"essential": True, "value": client_id},
            sub={"essential": True, "value": client_id},
            aud={"essential": True, "values": list(audiences)},
            exp={"essential": True},
            jti={"essential": True},
        )
        try:
            proof = jwt.decode(assertion, self._keys(client, wanted=kid), algorithms=["ES256"])
            rules.validate(proof.claims)
        except (JoseError, ValueError):
            return None
        expires = int(proof.claims["exp"])
        if expires > now + _LONGEST_ASSERTION_S + 30 or not self._is_new(client_id, str(proof.claims["jti"]), expires, now):
            return None
        return client

    def _is_new(self, client_id: str, jti: str, expires: int, now: int) -> bool:
        with self._lock:
            if len(self._seen) > _REMEMBERED:
                self._seen = {seen: until for seen, until in self._seen.items() if until > now - 60}
            if (client_id, jti) in self._seen:
                return False
            self._seen[client_id, jti] = expires
            return True

    def _keys(self, client: RelyingParty, wanted: str = "") -> KeySet:
        if client.jwks is not None:
            return _usable(client.jwks)
        fetched_at, keys = self._fetched.get(client.client_id, (-inf, KeySet([])))
        is_missing = not keys.keys or (wanted and wanted not in {key.kid for key in keys.keys})
        if is_missing and time.monotonic() - fetched_at > _ASKED_ANEW_AFTER_S:
            try:
                keys = _usable(httpx.get(client.jwks_uri, timeout=_FETCH_TIMEOUT_S, trust_env=False).raise_for_status().json())
            except (httpx.HTTPError, ValueError):
                return keys
            self._fetched[client.client_id] = (time.monotonic(), keys)
        return keys


def _unverified(assertion: str) -> tuple[str, str]:
    """(key, client) that an assertion names: only to find what to verify it with."""
    try:
        read = extract_compact(assertion.encode())
        claims = json.loads(read.payload or b"")
    except (JoseError, ValueError):
        return "", ""
    return str(read.headers().get("kid", "")), str(claims.get("iss", "")) if isinstance(claims, dict) else ""


def _usable(listed: Any) -> KeySet:
    keys = listed.get("keys") if isinstance(listed, dict) else None
    return KeySet([ECKey.import_key(key) for key in keys or () if isinstance(key, dict) and key.get("kty") == "EC"])
