"""Seal keys as files: 0600 in a 0700 folder, made on first use, replaced by rotation, never deleted.

For development and small installations. A hardware module implements the same port `SealKey`.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.kernel.custodian import Custodian
from bhxh.signing.base64url import encode
from bhxh.signing.keysets import KeySet, PublishedKey

Purpose = Literal["book", "decision", "receipt", "audit", "consent", "machine", "sign-in", "confirmation", "mandate", "token"]
_ES256 = ec.ECDSA(hashes.SHA256())


class FileSealKey:
    """A private key in memory with its published half."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, published: PublishedKey) -> None:
        self._private = private
        self._published = published

    @property
    def kid(self) -> str:
        """`<custodian>-<purpose>-<first 16 of the thumbprint>`."""
        return self._published.kid

    def sign(self, data: bytes) -> bytes:
        """Raw r||s, 64 bytes."""
        r, s = decode_dss_signature(self._private.sign(data, _ES256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def public_jwk(self) -> dict[str, Json]:
        """The public half."""
        return self._published.as_jwk()


class FileKeys:
    """All seal keys of one installation.

    LIMIT: a process keeps the key it loaded; after a rotation restart the others, else their seals use a key past its end.
    """

    def __init__(self, folder: Path, custodian: Custodian | str) -> None:
        self._folder = folder
        self._custodian = Custodian(custodian).value
        self._loaded: dict[str, FileSealKey] = {}

    def seal_key(self, purpose: Purpose) -> FileSealKey:
        """The present key of a purpose; made where there is none yet."""
        if purpose not in self._loaded:
            with self._locked():
                index = self._index()
                listed = index.get(purpose) or self._add(index, purpose, not_before=None)
                self._loaded[purpose] = self._load(str(listed[-1]["kid"]))
        return self._loaded[purpose]

    def rotate(self, purpose: Purpose, *, at: datetime) -> FileSealKey:
        """A new key from `at` on; the old one stays published with its end, so that old seals stay verifiable."""
        with self._locked():
            index = self._index()
            if index.get(purpose):
                index[purpose][-1]["not_after"] = at.isoformat()
            listed = self._add(index, purpose, not_before=at)
            self._loaded[purpose] = self._load(str(listed[-1]["kid"]))
        return self._loaded[purpose]

    def key_set(self) -> KeySet:
        """The public halves of all keys, past and present."""
        with self._locked():
            return KeySet([self._load(str(entry["kid"]))._published for listed in self._index().values() for entry in listed])  # noqa: SLF001

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # WHY: web and job processes start together, and must not each make a first key.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        lock = os.open(self._folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _index(self) -> dict[str, list[dict[str, str]]]:
        file = self._folder / "index.json"
        if not file.exists():
            return {}
        index: dict[str, list[dict[str, str]]] = orjson.loads(file.read_bytes())
        return index

    def _add(self, index: dict[str, list[dict[str, str]]], purpose: str, *, not_before: datetime | None) -> list[dict[str, str]]:
        private = ec.generate_private_key(ec.SECP256R1())
        kid = f"{self._custodian}-{purpose}-{_thumbprint(private.public_key())[:16]}"
        self._write(f"{kid}.pem", private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        entry = {"kid": kid, "purpose": purpose, "custodian": self._custodian}
        if not_before is not None:
            entry["not_before"] = not_before.isoformat()
        index.setdefault(purpose, []).append(entry)
        self._write("index.json", orjson.dumps(index, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
        return index[purpose]

    def _write(self, name: str, content: bytes) -> None:
        """Whole or not at all, readable by us only."""
        draft = self._folder / f".{name}.new"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / name)

    def _load(self, kid: str) -> FileSealKey:
        private = load_pem_private_key((self._folder / f"{kid}.pem").read_bytes(), password=None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        entry = next(entry for listed in self._index().values() for entry in listed if entry["kid"] == kid)
        published = PublishedKey(kid=kid, custodian=entry["custodian"], purpose=entry["purpose"], public=private.public_key())
        for name in ("not_before", "not_after"):
            if name in entry:
                published = replace(published, **{name: datetime.fromisoformat(entry[name])})  # type: ignore[arg-type]
        return FileSealKey(private, published)


def _thumbprint(public: ec.EllipticCurvePublicKey) -> str:
    """RFC 7638 thumbprint, in hexadecimal."""
    numbers = public.public_numbers()
    jwk: dict[str, Json] = {
        "crv": "P-256",
        "kty": "EC",
        "x": encode(numbers.x.to_bytes(32, "big")),
        "y": encode(numbers.y.to_bytes(32, "big")),
    }
    return sha256_hex(canonical_bytes(jwk))
