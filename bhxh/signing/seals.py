"""Sealed JSON: ES256 signatures as flattened JWS, verified offline with nothing but the published key set.

The header is exactly `{"alg":"ES256","kid":...,"typ":...}` in canonical JSON: no algorithm to choose, no key to fetch, no
extension to understand. The whole file has one spelling, so one changed byte is always refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Defect, Invalid
from bhxh.signing.base64url import decode, encode, encode_bytes
from bhxh.signing.errors import (
    SIG_SEAL_BROKEN,
    SIG_SEAL_FORM,
    SIG_SEAL_KEY_WINDOW,
    SIG_SEAL_NOT_CANONICAL,
    SIG_SEAL_TOO_LARGE,
    SIG_SEAL_TYPE,
)
from bhxh.signing.keysets import KeySet, PublishedKey
from bhxh.signing.ports import SealKey

__all__ = ["KeySet", "PublishedKey", "Seal", "VerifiedSeal", "as_flattened", "openssl_parts", "seal", "seal_many", "verify_flattened"]

_ES256 = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal apart from its payload: what a row needs to keep."""

    protected: str
    signature: str
    kid: str


@dataclass(frozen=True, slots=True)
class VerifiedSeal:
    """A payload whose seal holds."""

    payload: bytes
    kid: str
    custodian: str


def seal(payload: bytes, *, key: SealKey, type_name: str) -> Seal:
    """Seal canonical JSON bytes. `type_name` says what they are (`bhxh-book+json`), and is checked at verification."""
    return seal_many([payload], key=key, type_name=type_name)[0]


def seal_many(payloads: Iterable[bytes], *, key: SealKey, type_name: str) -> list[Seal]:
    """Seal many payloads with one key; the header is made once."""
    kid, sign = key.kid, key.sign
    protected = encode(_header(kid, type_name))
    start = f"{protected}.".encode("ascii")
    return [Seal(protected, encode(sign(start + encode_bytes(payload))), kid) for payload in payloads]


def as_flattened(payload: bytes, made: Seal) -> bytes:
    """The sealed file: flattened JWS JSON serialisation (RFC 7515, 7.2.2), canonical."""
    return b'{"payload":"%b","protected":"%b","signature":"%b"}' % (
        encode_bytes(payload),
        made.protected.encode("ascii"),
        made.signature.encode("ascii"),
    )


def verify_flattened(
    data: bytes,
    *,
    keys: KeySet,
    type_name: str,
    maximum_bytes: int = 16 * 1024 * 1024,
    purpose: str | None = None,
    sealed_at: datetime | None = None,
) -> VerifiedSeal:
    """Check a sealed file. Pure: no network, no clock.

    Shape:   `purpose` demands a key of that purpose; `sealed_at`, read from a payload one trusts, demands its window.
    Raises:  Invalid SIG-040 to SIG-046.
    """
    if len(data) > maximum_bytes:
        raise Invalid(SIG_SEAL_TOO_LARGE, size_bytes=len(data), maximum_bytes=maximum_bytes)
    payload, protected, signature, kid = _open(data)
    key = keys.get(kid)
    if decode(protected) != _header(kid, type_name) or (purpose is not None and key.purpose != purpose):
        raise Invalid(SIG_SEAL_TYPE, expected=type_name)
    try:
        raw, content = decode(signature), decode(payload)
    except ValueError:
        raise Invalid(SIG_SEAL_FORM, reason="base64url") from None
    if len(raw) != 64:
        raise Invalid(SIG_SEAL_FORM, reason="signature length")
    try:
        key.public.verify(_der(raw), f"{protected}.{payload}".encode("ascii"), _ES256)
    except InvalidSignature:
        raise Invalid(SIG_SEAL_BROKEN) from None
    if sealed_at is not None and not key.is_in_force(sealed_at):
        raise Invalid(SIG_SEAL_KEY_WINDOW, kid=kid)
    _check_canonical(content)
    return VerifiedSeal(content, kid, key.custodian)


def openssl_parts(data: bytes, *, keys: KeySet) -> tuple[bytes, bytes, bytes]:
    """(signed bytes, DER signature, public key PEM), so that `openssl dgst -sha256 -verify` can judge a sealed file.

    Nothing is verified here: that is openssl's part.
    """
    payload, protected, signature, kid = _open(data)
    public = keys.get(kid).public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        return f"{protected}.{payload}".encode("ascii"), _der(decode(signature)), public
    except ValueError:
        raise Invalid(SIG_SEAL_FORM, reason="base64url") from None


def _header(kid: str, type_name: str) -> bytes:
    return canonical_bytes({"alg": "ES256", "kid": kid, "typ": type_name})


def _der(raw: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))


def _open(data: bytes) -> tuple[str, str, str, str]:
    """(payload, protected, signature, kid) as they stand in the file, once each has its one spelling."""
    try:
        outer = orjson.loads(data)
        payload, protected, signature = (outer[name] for name in ("payload", "protected", "signature"))
        if (
            b'{"payload":"%b","protected":"%b","signature":"%b"}' % tuple(part.encode("ascii") for part in (payload, protected, signature))
            != data
        ):
            raise Invalid(SIG_SEAL_FORM, reason="not the canonical spelling")
        header = orjson.loads(decode(protected))
        kid = header["kid"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(SIG_SEAL_FORM, reason=type(error).__name__) from None
    if not isinstance(kid, str) or set(header) != {"alg", "kid", "typ"} or header["alg"] != "ES256":
        raise Invalid(SIG_SEAL_FORM, reason="header")
    return payload, protected, signature, kid


def _check_canonical(content: bytes) -> None:
    try:
        same = canonical_bytes(orjson.loads(content)) == content
    except (ValueError, Defect):
        same = False
    if not same:
        raise Invalid(SIG_SEAL_NOT_CANONICAL)
