"""What the signing room asks of the outside: revocation data, time stamps, and the key that seals."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from bhxh.kernel.canonical import Json


class RevocationKind(StrEnum):
    """The two forms in which an authority says what it took back."""

    OCSP = "ocsp"
    CRL = "crl"


@dataclass(frozen=True, slots=True)
class RevocationAnswer:
    """An authority's signed answer as it came over the wire. Its signature and age are judged by the caller."""

    kind: RevocationKind
    content: bytes
    """DER of an OCSPResponse or of a CertificateList."""
    source: str
    """The address it came from."""


class RevocationSource(Protocol):
    """Where revocation data come from."""

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        """The answer for one certificate. Raises Unavailable, Rejected or Nonsense: all mean "could not find out"."""


class TimeStamper(Protocol):
    """A time-stamping authority (RFC 3161)."""

    def stamp(self, sha256: bytes) -> bytes:
        """A time-stamp token (DER) over a SHA-256 digest. Raises Trouble."""


class RemoteSigner(Protocol):
    """A service that keeps people's signing keys and asks the holder each time."""

    def find_credential(self, holder: str) -> tuple[str, bytes] | None:
        """(the service's name for it, certificate DER) of a holder as certificates name them; None without one. Raises Trouble."""

    def ask(self, *, credential: str, digest: bytes, digest_name: str, shown: str) -> str:
        """Ask the holder to sign a digest. Gives the request's id. Raises Trouble."""

    def collect(self, request_id: str) -> bytes | None:
        """The value, None while the holder has not answered. Raises NotAllowed where they declined; Trouble."""


class SealKey(Protocol):
    """An ES256 key that seals; a file in development, a hardware module in production."""

    @property
    def kid(self) -> str:
        """`<custodian>-<purpose>-<thumbprint>`."""

    def sign(self, data: bytes) -> bytes:
        """Raw r||s, 64 bytes."""

    def public_jwk(self) -> dict[str, Json]:
        """The public half as a JWK, with kid, custodian, purpose and window."""


class KeyModule(Protocol):
    """A hardware module: P-256 keys are made in it and never leave it."""

    def make(self, label: str) -> tuple[str, ec.EllipticCurvePublicKey]:
        """(the new key's id in the module, its public half). Raises Unavailable."""

    def sign(self, key_id: str, data: bytes) -> bytes:
        """ECDSA over SHA-256 of the data: raw r||s, 64 bytes. Raises Unavailable."""
