"""Signing in two phases: we prepare, a key outside signs, we complete. No employer's key ever comes here."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.util import xades_tag
from signxml.xades.xades import XAdESSigner

from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import SIG_ALREADY_SIGNED, SIG_KEY_KIND, SIG_NO_SIGNATURE, SIG_NOT_BY_CERTIFICATE, SIG_WRONG_ROOT
from bhxh.signing.profiles import SeveralSigners, SignatureProfile
from bhxh.signing.signature_shape import DS
from bhxh.signing.signers import read_certificate
from bhxh.signing.usage import check_key
from bhxh.signing.xml_door import hardened_parser, parse_xml, serialise

_CURVES: dict[str, tuple[SignatureMethod, hashes.HashAlgorithm]] = {
    "secp256r1": (SignatureMethod.ECDSA_SHA256, hashes.SHA256()),
    "secp384r1": (SignatureMethod.ECDSA_SHA384, hashes.SHA384()),
}


@dataclass(frozen=True, slots=True)
class PreparedSignature:
    """A document that waits for its signature value. May be stored and completed later, by another process."""

    xml: bytes
    """The document with everything but the value."""
    to_sign: bytes
    """What the key signs: RSA PKCS#1 v1.5 or ECDSA, with SHA-256 (SHA-384 for P-384), over these bytes."""
    certificate: bytes
    """DER of the certificate whose key must sign."""


def prepare_signature(xml: bytes, *, profile: SignatureProfile, certificate: bytes, at: datetime) -> PreparedSignature:
    """Put a XAdES B-B signature without value into its place; `at` becomes the claimed signing time.

    Shape:   the place (`Hoso/CKy_Dvi`) is made at the end of the root where it is missing.
    Raises:  Invalid SIG-030 (already signed), SIG-032 (kind of key), SIG-012 (root name), and the XML door's.
    """
    root = parse_xml(xml, maximum_bytes=profile.maximum_bytes)
    if root.tag != profile.root:
        raise Invalid(SIG_WRONG_ROOT, expected=profile.root)
    if next(root.iter(f"{{{DS}}}Signature"), None) is not None:
        raise Invalid(SIG_ALREADY_SIGNED)
    return _prepared(root, profile.location, certificate, at)


def prepare_part_signature(xml: bytes, *, profile: SeveralSigners, role: str, certificate: bytes, at: datetime) -> PreparedSignature:
    """The same for one of several signers: the signature covers the part by its Id, and stands in the signer's own place.

    Shape:   the part is given an Id where it has none; signatures of others stay as they are.
    Raises:  as `prepare_signature`; Invalid SIG-012 where there is not exactly one such part.
    """
    root = parse_xml(xml, maximum_bytes=profile.maximum_bytes)
    place = next(place for place in profile.places if place.role == role)
    parts = root.findall(f"./{profile.part}")
    if root.tag != profile.root or len(parts) != 1:
        raise Invalid(SIG_WRONG_ROOT, expected=profile.part)
    if root.find(f"./{place.location}/{{{DS}}}Signature") is not None:
        raise Invalid(SIG_ALREADY_SIGNED)
    if not parts[0].get("Id"):
        parts[0].set("Id", profile.part)
    return _prepared(root, place.location, certificate, at, covers=f"#{parts[0].get('Id')}")


def _prepared(root: etree._Element, location: str, certificate: bytes, at: datetime, *, covers: str | None = None) -> PreparedSignature:
    holder = root
    for name in location.split("/"):
        found = holder.find(f"./{name}")
        holder = etree.SubElement(holder, name) if found is None else found
    etree.SubElement(holder, f"{{{DS}}}Signature", nsmap={"ds": DS}).set("Id", "placeholder")
    read = read_certificate(certificate)
    method, key = _stand_in(read)
    signer = _Signer(at, method)
    signed = signer.sign(root, key=cast("ec.EllipticCurvePrivateKey", key), cert=[read], always_add_key_value=False, reference_uri=covers)
    assert key.captured is not None
    _value_of(signed, location).text = ""
    return PreparedSignature(serialise(signed), key.captured, read.public_bytes(Encoding.DER))


def complete_signature(prepared: PreparedSignature, signature: bytes) -> bytes:
    """The signed document. An ECDSA value may come raw (r||s) or as DER.

    Raises: Invalid SIG-031 where the value is not this certificate's over this document.
    """
    certificate = read_certificate(prepared.certificate)
    public, value = certificate.public_key(), signature
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            size = (public.key_size + 7) // 8
            if len(signature) != 2 * size:
                r, s = decode_dss_signature(signature)
                value = r.to_bytes(size, "big") + s.to_bytes(size, "big")
            der = encode_dss_signature(int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big"))
            public.verify(der, prepared.to_sign, ec.ECDSA(_CURVES[public.curve.name][1]))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, prepared.to_sign, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise Invalid(SIG_KEY_KIND)
    except (InvalidSignature, ValueError, OverflowError):
        raise Invalid(SIG_NOT_BY_CERTIFICATE) from None
    root = etree.fromstring(prepared.xml, parser=hardened_parser())
    # WHY the empty one: others may have signed before.
    found = next((value for value in root.iter(f"{{{DS}}}SignatureValue") if not (value.text or "").strip()), None)
    if found is None:
        raise Invalid(SIG_NO_SIGNATURE, location=str(root.tag))
    found.text = base64.b64encode(value).decode()
    return serialise(root)


def without_signature(xml: bytes, *, profile: SignatureProfile) -> bytes:
    """A prepared document as it was before it was prepared: its place is empty again. Raises what the XML door raises."""
    root = parse_xml(xml, maximum_bytes=profile.maximum_bytes)
    for place in root.findall(f"./{profile.location}"):
        place.clear()
    return serialise(root)


def _value_of(root: etree._Element, location: str) -> etree._Element:
    found = root.find(f"./{location}/{{{DS}}}Signature/{{{DS}}}SignatureValue")
    assert found is not None
    return found


class _StandInKey:
    """Takes the place of the private key and keeps what it was asked to sign."""

    def __init__(self, key_size: int, dummy: bytes) -> None:
        self.key_size = key_size
        self._dummy = dummy
        self.captured: bytes | None = None

    def sign(self, data: bytes, **_: Any) -> bytes:
        self.captured = data
        return self._dummy


def _stand_in(certificate: x509.Certificate) -> tuple[SignatureMethod, _StandInKey]:
    check_key(certificate)
    public = certificate.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        return _CURVES[public.curve.name][0], _StandInKey(public.key_size, encode_dss_signature(1, 1))
    assert isinstance(public, rsa.RSAPublicKey)
    return SignatureMethod.RSA_SHA256, _StandInKey(public.key_size, b"\x00")


class _Signer(XAdESSigner):
    """signxml's signer with the signing time passed in."""

    def __init__(self, at: datetime, method: SignatureMethod) -> None:
        super().__init__(
            signature_algorithm=method,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_1,
        )
        self._at = at

    def add_signing_time(self, signed_signature_properties: etree._Element, sig_root: object, signing_settings: object) -> None:
        time = etree.SubElement(signed_signature_properties, xades_tag("SigningTime"))
        time.text = self._at.astimezone(UTC).isoformat(timespec="seconds")
