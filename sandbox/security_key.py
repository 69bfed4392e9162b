"""A security key made of software: real keys, real signatures, the answers a browser would send (WebAuthn). For sandbox, tools and tests.

It is not attached to anything: `flaw` makes it lie, so that tests can see every lie refused.
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

Post = Callable[[str, Mapping[str, Any]], Any]
"""Send JSON to an address of the API as a signed-in officer; JSON of the answer. Raises where it was refused."""

_PRESENT_AND_VERIFIED = 0x01 | 0x04
_HOLDS_KEY = 0x40


@dataclass
class SecurityKey:
    """One key, for one officer at one site."""

    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    key_id: bytes = field(default_factory=lambda: os.urandom(32))
    counter: int = 0

    def create(self, options: Mapping[str, Any], *, origin: str, **flaw: Any) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        asked = options["publicKey"]
        flags = flaw.get("flags", _PRESENT_AND_VERIFIED | _HOLDS_KEY)
        held = self._held(flaw.get("public_key", self._public())) if flags & _HOLDS_KEY else b""
        shown = self._shown(flaw.get("host", asked["rp"]["id"]), flags, held, flaw)
        attestation = cbor.encode({"fmt": "none", "authData": shown, "attStmt": {}})
        client_data = _client_data("webauthn.create", asked["challenge"], origin, flaw)
        return self._answer({"clientDataJSON": _b64(client_data), "attestationObject": _b64(attestation)})

    def get(self, options: Mapping[str, Any], *, origin: str, **flaw: Any) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        asked = options["publicKey"]
        self.counter += 1
        shown = self._shown(flaw.get("host", asked["rpId"]), flaw.get("flags", _PRESENT_AND_VERIFIED), b"", flaw)
        client_data = _client_data("webauthn.get", asked["challenge"], origin, flaw)
        signed = flaw.get("signed_instead", shown + sha256(client_data).digest())
        signature = self.secret.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": _b64(client_data), "authenticatorData": _b64(shown), "signature": _b64(signature)})

    def save(self, file: Path) -> None:
        """Keep it between runs of the sandbox."""
        secret = self.secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps({"secret": secret, "key_id": _b64(self.key_id), "counter": self.counter}))

    @classmethod
    def load(cls, file: Path) -> "SecurityKey":
        """As it was saved."""
        kept = json.loads(file.read_text())
        secret = serialization.load_pem_private_key(kept["secret"].encode(), password=None)
        assert isinstance(secret, ec.EllipticCurvePrivateKey), "we saved it"
        return cls(secret, urlsafe_b64decode(kept["key_id"] + "=="), kept["counter"])

    def _public(self) -> dict[int, Any]:
        """As COSE says it: EC2, ES256, P-256, x, y."""
        point = self.secret.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}

    def _held(self, public: Mapping[int, Any]) -> bytes:
        """Make of the key (none said), its id, its public half."""
        return bytes(16) + len(self.key_id).to_bytes(2, "big") + self.key_id + cbor.encode(public)

    def _shown(self, host: str, flags: int, held: bytes, flaw: Mapping[str, Any]) -> bytes:
        counter = int(flaw.get("counter", self.counter))
        return sha256(host.encode()).digest() + bytes([flags]) + counter.to_bytes(4, "big") + held

    def _answer(self, response: Mapping[str, str]) -> dict[str, Any]:
        name = _b64(self.key_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": dict(response), "clientExtensionResults": {}}


def register(post: Post, key: SecurityKey, *, origin: str, code: str = "") -> None:
    """What a page does with a new key: ask for a question, let the key answer, send the answer. `code` is the operator's."""
    asked = post("/officers/keys/challenge", {"code": code})
    post("/officers/keys", {"code": code, "name": "khóa phần mềm", "credential": key.create(asked, origin=origin)})


def show(post: Post, key: SecurityKey, *, origin: str) -> None:
    """What a page does after an officer's e-ID sign-in: the session is an officer's from now on."""
    post("/officers/session", key.get(post("/officers/session/challenge", {}), origin=origin))


def _client_data(act: str, challenge: str, origin: str, flaw: Mapping[str, Any]) -> bytes:
    told = {
        "type": flaw.get("act", act),
        "challenge": flaw.get("challenge", challenge),
        "origin": flaw.get("origin", origin),
        "crossOrigin": flaw.get("cross_origin", False),
    }
    return json.dumps(told, separators=(",", ":")).encode()


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
