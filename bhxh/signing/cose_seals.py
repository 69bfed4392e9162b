"""Sealed claims small enough for a QR code: CWT (RFC 8392) in COSE_Sign1 (RFC 9052), ES256, in a zlib stream, in Base45, behind `VNB1:`.

The protected header is exactly `{1: -7, 4: the eight bytes at the end of the kid}`: no algorithm to choose, no key to fetch. Reading is capped before it is begun: characters,
then depth. What holds offline is only that the claims were genuine when they were sealed; whether they still are, a
status list says.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from bhxh.kernel.errors import Invalid
from bhxh.signing import base45, cbor
from bhxh.signing.cbor import Cbor
from bhxh.signing.errors import SIG_QR_FORM, SIG_SEAL_BROKEN, SIG_SEAL_TYPE, SIG_SEAL_UNKNOWN_KEY
from bhxh.signing.keysets import KeySet, PublishedKey
from bhxh.signing.ports import SealKey

PREFIX: Final = "VNB1:"
"""What it is, and its version: another way of packing gets another number."""
MOST_CHARACTERS: Final = 4096  # LIMIT: a QR code of the largest version holds 4,296
_BEFORE, _AFTER = 7, 4
"""Bytes of a stored zlib stream around what it holds."""
_ALGORITHM, _KID, _ES256_ID = 1, 4, -7
_SIGN1: Final = b"\xd2"
_KID_BYTES: Final = 8
"""WHY not the whole kid: its words would cost thirty characters of the code; the thumbprint at its end tells keys apart."""
_ES256: Final = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class VerifiedClaims:
    """Claims whose seal holds."""

    claims: Mapping[int | str, Cbor]
    key: PublishedKey


def seal_claims(claims: Mapping[int | str, Cbor], *, key: SealKey) -> str:
    """The text of the QR code."""
    protected, payload = _protected(key.kid), cbor.encode(claims)
    signature = key.sign(_to_sign(protected, payload))
    message = _SIGN1 + cbor.encode([protected, {}, payload, signature])
    return PREFIX + base45.encode(_packed(message))


def open_claims(text: str, *, keys: KeySet, purpose: str) -> VerifiedClaims:
    """Check a sealed text. Pure: no network, no clock; the caller asks whether the key was in force when the claims say they were sealed.

    Raises: Invalid SIG-090 (not of this form), SIG-042 (key not published), SIG-043 (a key for something else), SIG-044 (changed).
    """
    try:
        protected, payload, signature, kid = _parts(_inflated(text))
    except ValueError as error:
        raise Invalid(SIG_QR_FORM, reason=str(error)[:80]) from None
    key = _find(keys, kid, purpose)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.public.verify(encode_dss_signature(r, s), _to_sign(protected, payload), _ES256)
    except InvalidSignature:
        raise Invalid(SIG_SEAL_BROKEN) from None
    try:
        claims = cbor.decode(payload)
    except ValueError as error:
        raise Invalid(SIG_QR_FORM, reason=str(error)[:80]) from None
    if not isinstance(claims, Mapping):
        raise Invalid(SIG_QR_FORM, reason="no claims")
    return VerifiedClaims(dict(claims.items()), key)


@lru_cache(maxsize=16)  # LIMIT: an installation seals with one key at a time
def _protected(kid: str) -> bytes:
    return cbor.encode({_ALGORITHM: _ES256_ID, _KID: bytes.fromhex(kid[-2 * _KID_BYTES :])})


def _to_sign(protected: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", protected, b"", payload])


def _find(keys: KeySet, kid: bytes, purpose: str) -> PublishedKey:
    found = [key for key in keys if key.kid.endswith(f"-{kid.hex()}")]
    if len(found) != 1:
        raise Invalid(SIG_SEAL_UNKNOWN_KEY, kid=kid.hex())
    if found[0].purpose != purpose:
        raise Invalid(SIG_SEAL_TYPE, expected=purpose)
    return found[0]


def _inflated(text: str) -> bytes:
    if len(text) > MOST_CHARACTERS or not text.startswith(PREFIX):
        raise ValueError(f"does not begin with {PREFIX}, or is too long")
    packed = base45.decode(text[len(PREFIX) :])
    message = packed[_BEFORE:-_AFTER]
    if packed != _packed(message):
        raise ValueError("packed in another way, cut off, or something after the end")
    return message


def _packed(message: bytes) -> bytes:
    """A zlib stream of one block that is stored as it is.

    WHY not squeezed: the same bytes have many squeezed spellings, so that some changed bits would go unseen, and another release of zlib chooses
    another one. Signature and digest do not shrink; stored, a card is six bytes longer, and there is nothing to inflate that could burst.
    """
    size = len(message)
    return b"\x78\x01\x01%b%b%b%b" % (
        size.to_bytes(2, "little"),
        (size ^ 0xFFFF).to_bytes(2, "little"),
        message,
        zlib.adler32(message).to_bytes(4, "big"),
    )


def _parts(message: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """(protected header, payload, raw signature, end of the kid)."""
    if not message.startswith(_SIGN1):
        raise ValueError("no COSE_Sign1")
    match cbor.decode(message[1:]):
        case [bytes() as protected, {**unprotected}, bytes() as payload, bytes() as signature] if not unprotected and len(signature) == 64:
            header = cbor.decode(protected)
        case _:
            raise ValueError("no COSE_Sign1")
    match header:
        case {1: -7, 4: bytes() as kid, **rest} if not rest and len(kid) == _KID_BYTES:
            return protected, payload, signature, kid
    raise ValueError("header")
