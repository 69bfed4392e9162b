"""Who we are, proved to a partner: a short-lived ES256 JWT over the request's body, by the installation's machine key."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from bhxh.kernel.ids import uuid7

LIFETIME = timedelta(seconds=60)  # LIMIT: a captured request is useless a minute later, and useless at once for another body


class MachineKey(Protocol):
    """A P-256 private key, wherever it lies. `signing.ports.SealKey` is one."""

    @property
    def kid(self) -> str:
        """Its name in the published key set."""

    def sign(self, data: bytes) -> bytes:
        """ES256: raw r || s, 64 bytes."""

    def public_jwk(self) -> Mapping[str, Any]:
        """What is published."""


def assertion(*, key: MachineKey, client_id: str, partner: str, body: bytes, at: datetime) -> str:
    """The bearer token of one request: from us, to this partner, for this body, for a minute."""
    return _signed(key, client_id, partner, at, body_sha256=sha256(body).hexdigest())


def client_assertion(*, key: MachineKey, client_id: str, audience: str, at: datetime) -> str:
    """The proof of a client at a token endpoint (`private_key_jwt`, RFC 7523): good once, for a minute."""
    return _signed(key, client_id, audience, at)


def _signed(key: MachineKey, client_id: str, audience: str, at: datetime, **more: str) -> str:
    header = {"alg": "ES256", "kid": key.kid, "typ": "JWT"}
    issued_s = int(at.timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": issued_s,
        "exp": issued_s + int(LIFETIME.total_seconds()),
        "jti": str(uuid7(at)),
        **more,
    }
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{urlsafe_b64encode(key.sign(signed.encode())).rstrip(b'=').decode()}"


def publish_keys(keys: Sequence[MachineKey], file: Path) -> None:
    """Write the public halves where partners read them. The file appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half_written = file.with_suffix(".new")
    half_written.write_text(json.dumps({"keys": [{**key.public_jwk(), "kid": key.kid} for key in keys]}))
    half_written.replace(file)


def _part(content: Mapping[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).rstrip(b"=").decode()
