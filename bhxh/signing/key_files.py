"""Seal keys of one installation: 0600 files in a 0700 folder, made on first use, replaced by rotation, never deleted.

The private half of a key lies in the folder, or in a hardware module (`ports.KeyModule`); its window, its public half and its
certificate always lie in the folder.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, cast, get_args

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Defect
from bhxh.signing.base64url import encode
from bhxh.signing.errors import SIG_NO_KEY_MODULE
from bhxh.signing.keysets import KeySet, PublishedKey
from bhxh.signing.ports import KeyModule, SealKey
from bhxh.signing.seal_certificates import SealCertificate

Purpose = Literal[
    "book",
    "decision",
    "receipt",
    "audit",
    "consent",
    "machine",
    "sign-in",
    "confirmation",
    "mandate",
    "token",
    "conversion",
    "page",
    "credential",
    "trust-list",
    "root",
]
PURPOSES: tuple[Purpose, ...] = tuple(purpose for purpose in get_args(Purpose) if purpose != "root")
"""All but the root's, which lies in a folder of its own."""

_ES256 = ec.ECDSA(hashes.SHA256())
_Entry = dict[str, str]
"""A line of the index: kid, purpose, custodian; not_before, not_after; token_id where a module holds the private half."""


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


class ModuleSealKey:
    """A key whose private half a hardware module holds."""

    def __init__(self, module: KeyModule, token_id: str, published: PublishedKey) -> None:
        self._module = module
        self._token_id = token_id
        self._published = published

    @property
    def kid(self) -> str:
        """`<custodian>-<purpose>-<first 16 of the thumbprint>`."""
        return self._published.kid

    def sign(self, data: bytes) -> bytes:
        """Raw r||s, 64 bytes. Raises the module's Unavailable."""
        return self._module.sign(self._token_id, data)

    def public_jwk(self) -> dict[str, Json]:
        """The public half."""
        return self._published.as_jwk()


@dataclass(frozen=True, slots=True)
class CertifiedKey:
    """A seal key with the certificate an authority gave it: what seals pages."""

    key: SealKey
    certificate: SealCertificate


class FileKeys:
    """All seal keys of one installation.

    Shape:  a rotation by another process is seen at the next call: the index is read again when it changed. Who keeps a `SealKey` for
            longer than a request (the machine's own sign-in at partners) must end before the old key does: that is what overlap is for.
            Without `clock` the key listed last is the present one.
    """

    def __init__(
        self, folder: Path, custodian: Custodian | str, *, clock: Callable[[], datetime] | None = None, module: KeyModule | None = None
    ) -> None:
        self._folder = folder
        self._custodian = Custodian(custodian).value
        self._clock = clock
        self._module = module
        self._seen: tuple[int, int] | None = None
        self._listed: dict[str, list[_Entry]] = {}
        self._loaded: dict[str, FileSealKey | ModuleSealKey] = {}

    def seal_key(self, purpose: Purpose) -> SealKey:
        """The present key of a purpose; made where there is none yet."""
        listed = self._index().get(purpose)
        if not listed:
            with alone_in(self._folder):
                index = self._read_index()
                listed = index.get(purpose) or self._add(index, purpose, not_before=None)
        return self._key(self._present(listed))

    def newest_key(self, purpose: Purpose) -> SealKey:
        """The key made last, in force or about to be; made where there is none yet."""
        self.seal_key(purpose)
        return self._key(self._index()[purpose][-1])

    def listed_keys(self, purpose: Purpose) -> tuple[PublishedKey, ...]:
        """Every key of a purpose as it is published, in the order in which they were made."""
        return tuple(self._published(entry) for entry in self._index().get(purpose, []))

    def key_of(self, kid: str) -> SealKey:
        """A key that is not the present one, for what it still has to sign. Raises Defect SIG-110; FileNotFoundError where its file was destroyed."""
        return self._key(next(entry for listed in self._index().values() for entry in listed if entry["kid"] == kid))

    def rotate(self, purpose: Purpose, *, at: datetime, overlap: timedelta = timedelta(0)) -> SealKey:
        """A new key from `at` on; the old one stays published and ends an `overlap` later, so that old seals stay verifiable."""
        with alone_in(self._folder):
            index = self._read_index()
            for old in index.get(purpose, []):
                if "not_after" not in old or datetime.fromisoformat(old["not_after"]) > at + overlap:
                    old["not_after"] = (at + overlap).isoformat()
            fresh = self._add(index, purpose, not_before=at)[-1]
        return self._key(fresh)

    def key_set(self) -> KeySet:
        """The public halves of all keys, past and present."""
        return KeySet([self._published(entry) for listed in self._index().values() for entry in listed])

    def certified(self, purpose: Purpose) -> CertifiedKey | None:
        """The newest key in force that has a certificate; None where none has one. A rotated key has to be certified first."""
        for entry in reversed(self._index().get(purpose, [])):
            certificate = self.certificate_of(entry["kid"]) if self._is_in_force(entry) else None
            if certificate is not None and (self._clock is None or certificate.is_in_force(self._clock())):
                return CertifiedKey(self._key(entry), certificate)
        return None

    def certificate_of(self, kid: str) -> SealCertificate | None:
        """What an authority gave this key, None where nothing was installed."""
        file = self._folder / f"{kid}.certificate.pem"
        return SealCertificate.read(file.read_bytes()) if file.exists() else None

    def install_certificate(self, purpose: Purpose, chain: bytes) -> str:
        """Put an authority's answer beside the key it was made for; returns the kid. Raises Invalid SIG-023, SIG-027, SIG-111."""
        certificate = SealCertificate.read(chain)
        with alone_in(self._folder):
            index = self._read_index()
            published = [self._published(entry) for entry in index.get(purpose, [])]
            kid = certificate.find_key(published).kid
            self._write(f"{kid}.certificate.pem", certificate.to_pem())
        return kid

    def read_signed_set(self) -> bytes | None:
        """The key set as the root signed it last."""
        file = self._folder / "signed-keys.json"
        return file.read_bytes() if file.exists() else None

    def renew_signed_set(self, renew: Callable[[bytes | None], bytes]) -> bytes:
        """Put what the root signed beside the keys; one process at a time looks and signs."""
        with alone_in(self._folder):
            kept = self.read_signed_set()
            made = renew(kept)
            if made != kept:
                self._write("signed-keys.json", made)
        return made

    @property
    def is_empty(self) -> bool:
        """Whether no key was ever made here."""
        return not self._index()

    def _present(self, listed: Sequence[_Entry]) -> _Entry:
        in_force = [entry for entry in listed if self._is_in_force(entry)]
        # WHY not a refusal where all have ended: an old key's seal says by itself that it came too late, and the people wait.
        return in_force[-1] if in_force else listed[-1]

    def _is_in_force(self, entry: _Entry) -> bool:
        if self._clock is None:
            return True
        at = self._clock()
        return ("not_before" not in entry or datetime.fromisoformat(entry["not_before"]) <= at) and (
            "not_after" not in entry or at < datetime.fromisoformat(entry["not_after"])
        )

    def _index(self) -> dict[str, list[_Entry]]:
        """As it was read last, read again where the file changed. Nobody else writes into what is returned."""
        try:
            facts = (self._folder / "index.json").stat()
        except FileNotFoundError:
            return {}
        # WHY the inode too: two writes may fall into one tick of the file system's clock, but each makes a new file.
        seen = (facts.st_mtime_ns, facts.st_ino)
        if seen != self._seen:
            self._listed, self._loaded = self._read_index(), {}
            self._seen = seen
        return self._listed

    def _read_index(self) -> dict[str, list[_Entry]]:
        file = self._folder / "index.json"
        return cast("dict[str, list[_Entry]]", orjson.loads(file.read_bytes())) if file.exists() else {}

    def _add(self, index: dict[str, list[_Entry]], purpose: str, *, not_before: datetime | None) -> list[_Entry]:
        entry = self._make(purpose)
        if not_before is not None:
            entry["not_before"] = not_before.isoformat()
        index.setdefault(purpose, []).append(entry)
        self._write("index.json", orjson.dumps(index, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
        return index[purpose]

    def _make(self, purpose: str) -> _Entry:
        """A new pair, its halves written where they belong."""
        entry = {"purpose": purpose, "custodian": self._custodian}
        if self._module is None:
            private = ec.generate_private_key(ec.SECP256R1())
            public = private.public_key()
            entry["kid"] = self._kid(purpose, public)
            self._write(f"{entry['kid']}.pem", private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        else:
            entry["token_id"], public = self._module.make(f"bhxh-{self._custodian}-{purpose}")
            entry["kid"] = self._kid(purpose, public)
        self._write(f"{entry['kid']}.public.pem", public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        return entry

    def _kid(self, purpose: str, public: ec.EllipticCurvePublicKey) -> str:
        return f"{self._custodian}-{purpose}-{_thumbprint(public)[:16]}"

    def _write(self, name: str, content: bytes) -> None:
        """Whole or not at all, readable by us only."""
        draft = self._folder / f".{name}.new"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / name)

    def _key(self, entry: _Entry) -> FileSealKey | ModuleSealKey:
        kid = entry["kid"]
        if kid not in self._loaded:
            published = self._published(entry)
            if "token_id" not in entry:
                self._loaded[kid] = FileSealKey(self._private(kid), published)
            elif self._module is None:
                raise Defect(SIG_NO_KEY_MODULE, kid=kid)
            else:
                self._loaded[kid] = ModuleSealKey(self._module, entry["token_id"], published)
        return self._loaded[kid]

    def _private(self, kid: str) -> ec.EllipticCurvePrivateKey:
        private = load_pem_private_key((self._folder / f"{kid}.pem").read_bytes(), password=None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        return private

    def _published(self, entry: _Entry) -> PublishedKey:
        kid = entry["kid"]
        file = self._folder / f"{kid}.public.pem"
        # LEGACY: keys made before had the private half only.
        public = load_pem_public_key(file.read_bytes()) if file.exists() else self._private(kid).public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        not_before, not_after = (datetime.fromisoformat(entry[name]) if name in entry else None for name in ("not_before", "not_after"))
        return PublishedKey(kid, entry["custodian"], entry["purpose"], public, not_before, not_after)


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


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Only one process at a time works in a folder of keys. WHY: web and job processes start together, and must not each make a first key."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    lock = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
