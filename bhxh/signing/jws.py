"""JSON signed by its filer: flattened JWS with the certificate in the protected header (JAdES B-B), verified and prepared in two phases.

The header may say what is listed here and nothing else: no key to fetch, no key of its own, no algorithm without a key.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Invalid
from bhxh.signing.base64url import decode, encode
from bhxh.signing.errors import SIG_BROKEN, SIG_NO_CERTIFICATE, SIG_NOT_BY_CERTIFICATE, SIG_SHAPE, SIG_TOO_LARGE
from bhxh.signing.profiles import JsonProfile
from bhxh.signing.signers import SignerCertificate, read_certificate, signer_of
from bhxh.signing.usage import check_key

_HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_CURVE_OF: Final = {"ES256": "secp256r1", "ES384": "secp384r1"}
_ALGORITHM_OF_CURVE: Final = {"secp256r1": "ES256", "secp384r1": "ES384"}
_PARTS: Final = frozenset({"payload", "protected", "signature"})
_HEADER: Final = frozenset({"alg", "cty", "typ", "crit", "x5c", "x5t#S256", "sigT", "iat"})
_UNDERSTOOD: Final = frozenset({"sigT"})
"""What may be called critical."""
_MAXIMUM_CERTIFICATES = 8


@dataclass(frozen=True, slots=True)
class VerifiedJson:
    """What a signature over JSON covers, and who made it."""

    payload: bytes
    signer: SignerCertificate
    claimed_signed_at: datetime | None
    profile_name: str
    form: str = "jws"
    digests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PreparedJson:
    """A document that waits for its signature value."""

    protected: str
    payload: str
    certificate: bytes

    @property
    def to_sign(self) -> bytes:
        """What the key signs, with SHA-256 (SHA-384 for P-384)."""
        return f"{self.protected}.{self.payload}".encode("ascii")


def verify_json(data: bytes, *, profile: JsonProfile) -> VerifiedJson:
    """Verify the signature by the key of the certificate it carries; whether that may be believed, `status.judge` says.

    Raises: Invalid SIG-001 (size), SIG-009 (form), SIG-010 (broken), SIG-011 (no certificate), SIG-027 and SIG-032 (certificate).
    """
    if len(data) > profile.maximum_bytes:
        raise Invalid(SIG_TOO_LARGE, size_bytes=len(data), maximum_bytes=profile.maximum_bytes)
    payload, protected, value, header = _open(data, profile)
    certificate = _certificate_of(header, profile)
    check_key(certificate)
    algorithm = header["alg"]
    if not isinstance(algorithm, str) or algorithm not in profile.algorithms:
        raise _wrong(profile, "thuật toán ký không được nhận", "its signature algorithm is not accepted")
    if not _holds(certificate, algorithm, value, f"{protected}.{payload}".encode("ascii")):
        raise Invalid(SIG_BROKEN)
    return VerifiedJson(
        payload=decode(payload),
        signer=signer_of(certificate),
        claimed_signed_at=_claimed(header, profile),
        profile_name=profile.name,
        digests=frozenset({f"sha{algorithm[2:]}"}),
    )


def prepare_json(payload: bytes, *, certificate: bytes, at: datetime) -> PreparedJson:
    """First phase: the header for this certificate; `at` becomes the claimed time. Raises Invalid SIG-027, SIG-032."""
    read = read_certificate(certificate)
    check_key(read)
    der, key = read.public_bytes(Encoding.DER), read.public_key()
    header = {
        "alg": _ALGORITHM_OF_CURVE[key.curve.name] if isinstance(key, ec.EllipticCurvePublicKey) else "RS256",
        "crit": ["sigT"],
        "cty": "json",
        "sigT": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "typ": "jose+json",
        "x5c": [base64.b64encode(der).decode()],
        "x5t#S256": encode(hashlib.sha256(der).digest()),
    }
    return PreparedJson(encode(canonical_bytes(header)), encode(payload), der)


def complete_json(prepared: PreparedJson, signature: bytes, *, profile: JsonProfile) -> bytes:
    """Second phase: the signed file, verified at once. An ECDSA value may come raw or as DER. Raises Invalid SIG-031."""
    key = read_certificate(prepared.certificate).public_key()
    value = signature
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and len(signature) != 2 * ((key.key_size + 7) // 8):
            size = (key.key_size + 7) // 8
            r, s = decode_dss_signature(signature)
            value = r.to_bytes(size, "big") + s.to_bytes(size, "big")
        made = b'{"payload":"%b","protected":"%b","signature":"%b"}' % tuple(
            part.encode("ascii") for part in (prepared.payload, prepared.protected, encode(value))
        )
        verify_json(made, profile=profile)
    except (ValueError, OverflowError):
        raise Invalid(SIG_NOT_BY_CERTIFICATE) from None
    except Invalid as refusal:
        raise (Invalid(SIG_NOT_BY_CERTIFICATE) if refusal.sentence is SIG_BROKEN else refusal) from None
    return made


def _open(data: bytes, profile: JsonProfile) -> tuple[str, str, bytes, Mapping[str, Any]]:
    """(payload, protected, value, header) of a file and a header that are each spelled in their one way."""
    try:
        outer = _read_once(data, only=_PARTS)
        payload, protected, value = outer["payload"], outer["protected"], decode(outer["signature"])
        decode(payload)
        header = _read_once(decode(protected), only=None)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise _wrong(profile, "không phải JWS dạng phẳng", "it is no flattened JWS") from None
    if not set(header) <= _HEADER or "alg" not in header:
        raise _wrong(profile, "phần đầu có nội dung không được nhận", "its header says what is not accepted")
    critical = header.get("crit", [])
    if not isinstance(critical, list) or not set(map(str, critical)) <= _UNDERSTOOD & set(header) or ("crit" in header and not critical):
        raise _wrong(profile, "phần đầu có điều kiện không được nhận", "its header demands what is not understood")
    return payload, protected, value, header


def _read_once(data: bytes, *, only: frozenset[str] | None) -> dict[str, Any]:
    """A JSON object in which each name stands once. WHY: what is read once by us would be read otherwise by others."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    read = json.loads(data, object_pairs_hook=once)
    if not isinstance(read, dict) or (only is not None and set(read) != only):
        raise TypeError("no object, or one of other parts")
    return read


def _certificate_of(header: Mapping[str, Any], profile: JsonProfile) -> x509.Certificate:
    chain = header.get("x5c")
    if not isinstance(chain, list) or not 0 < len(chain) <= _MAXIMUM_CERTIFICATES or not all(isinstance(one, str) for one in chain):
        raise Invalid(SIG_NO_CERTIFICATE)
    try:
        der = base64.b64decode(chain[0], validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(SIG_NO_CERTIFICATE) from None
    certificate = read_certificate(der)
    if header.get("x5t#S256") != encode(hashlib.sha256(der).digest()):
        raise _wrong(profile, "không nêu đúng chứng thư đã ký", "it does not name its certificate")
    return certificate


def _holds(certificate: x509.Certificate, algorithm: str, value: bytes, signed: bytes) -> bool:
    key, digest = certificate.public_key(), _HASHES[algorithm[2:]]
    try:
        if algorithm in _CURVE_OF and isinstance(key, ec.EllipticCurvePublicKey):
            size = (key.key_size + 7) // 8
            if key.curve.name != _CURVE_OF[algorithm] or len(value) != 2 * size:
                return False
            der = encode_dss_signature(int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big"))
            key.verify(der, signed, ec.ECDSA(digest))
        elif algorithm.startswith("RS") and isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), digest)
        elif algorithm.startswith("PS") and isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def _claimed(header: Mapping[str, Any], profile: JsonProfile) -> datetime | None:
    """What the signer's clock said: `sigT` as text, or `iat` in seconds."""
    try:
        if "sigT" in header:
            told = datetime.fromisoformat(header["sigT"])
            return told if told.tzinfo is not None else None
        return datetime.fromtimestamp(int(header["iat"]), UTC) if "iat" in header else None
    except (ValueError, TypeError, OverflowError, OSError):
        raise _wrong(profile, "thời điểm ký không đọc được", "its signing time cannot be read") from None


def _wrong(profile: JsonProfile, reason: str, reason_en: str) -> Invalid:
    return Invalid(SIG_SHAPE, profile=profile.name, reason=reason, reason_en=reason_en)
