"""Checks that a request comes from an installation we know: the bearer JWT over the body."""

import threading
import time
from hashlib import sha256
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from werkzeug.wrappers import Request

from sandbox.serving import published_keys

_REMEMBERED = 20_000  # LIMIT: above this many the expired ones are forgotten


class ClientProof:
    """Verifies assertions addressed to one partner; each is good once."""

    def __init__(self, *, partner: str, keys_file: Path) -> None:
        self._partner, self._keys_file = partner, keys_file
        self._lock = threading.Lock()
        self._seen: dict[str, int] = {}

    def find_client(self, request: Request) -> str | None:
        """The calling installation's name, or None where the proof does not hold."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        now = int(time.time())
        rules = jwt.JWTClaimsRegistry(
            now=now,
            leeway=30,
            iss={"essential": True},
            aud={"essential": True, "value": self._partner},
            exp={"essential": True},
            iat={"essential": True},
            jti={"essential": True},
            body_sha256={"essential": True, "value": sha256(request.get_data()).hexdigest()},
        )
        try:
            proof = jwt.decode(token, published_keys(self._keys_file), algorithms=["ES256"])
            rules.validate(proof.claims)
        except (JoseError, ValueError):
            return None
        return proof.claims["iss"] if self._is_new(proof.claims["jti"], proof.claims["exp"], now) else None

    def _is_new(self, jti: str, expires: int, now: int) -> bool:
        with self._lock:
            if len(self._seen) > _REMEMBERED:
                self._seen = {seen: until for seen, until in self._seen.items() if until > now - 60}
            if jti in self._seen:
                return False
            self._seen[jti] = expires
            return True
