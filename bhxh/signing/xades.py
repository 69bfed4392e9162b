"""XAdES signatures: verify by a named profile and hand on only what was signed. Signing in two phases stands beside.

Business code reads `VerifiedXml.signed_xml` and nothing else: the bytes that were digested, never the uploaded tree.
Whether the certificate was good at the time (path, revocation, suspended authorities) is `certificates.check_certificate`.
"""

import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidCertificate, InvalidSignature, SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier
from signxml.xades.xades import XAdESSignatureConfiguration

from bhxh.kernel.clock import shown
from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import (
    SIG_BROKEN,
    SIG_EXPIRED,
    SIG_NO_CERTIFICATE,
    SIG_NO_SIGNATURE,
    SIG_NOT_YET_VALID,
    SIG_SHAPE,
    SIG_UNKNOWN_CA,
    SIG_WRONG_ROOT,
    SIG_WRONG_USAGE,
)
from bhxh.signing.profiles import DIGEST_METHODS, SIGNATURE_METHODS, SignatureProfile
from bhxh.signing.signature_shape import DS, XADES, check_shape
from bhxh.signing.signers import SignerCertificate, read_certificate, signer_of
from bhxh.signing.usage import AUTHORITY_POLICY, SIGNER_POLICY, may_sign_documents
from bhxh.signing.xades_signing import PreparedSignature, complete_signature, prepare_signature
from bhxh.signing.xades_verifier import HeldVerifier, OneTreeVerifier
from bhxh.signing.xml_door import hardened_parser, parse_xml

__all__ = ["PreparedSignature", "SignerCertificate", "VerifiedXml", "complete_signature", "prepare_signature", "verify_xades"]

_NAMED_BY = tuple(
    f"{{{XADES}}}SignedSignatureProperties/{{{XADES}}}{version}/{{{XADES}}}Cert/{{{XADES}}}CertDigest"
    for version in ("SigningCertificateV2", "SigningCertificate")
)
"""Where signed properties name the signer's certificate."""

_SIGNATURE_METHODS = frozenset(SignatureMethod(method) for method in SIGNATURE_METHODS)
_DIGEST_ALGORITHMS = frozenset(DigestAlgorithm(method) for method in DIGEST_METHODS)


@dataclass(frozen=True, slots=True)
class VerifiedXml:
    """What a signature covers, and who made it."""

    signed_xml: bytes
    """The canonical bytes that were digested: the root without its signature and without comments."""
    signer: SignerCertificate
    claimed_signed_at: datetime | None
    """What the signer's clock said. A claim: decide by our arrival time or by a time stamp."""
    profile_name: str
    form: str = "xades"
    digests: frozenset[str] = frozenset()
    """Digests that the signature leans on, as `policy.DIGESTS` names them."""


def verify_xades(data: bytes, *, profile: SignatureProfile, anchors: Sequence[bytes | x509.Certificate], at: datetime) -> VerifiedXml:
    """Verify one enveloped signature over the whole root.

    Shape:   anchors are the licensed roots *and* intermediates (DER, PEM or read): many tools send only their own certificate.
    Raises:  Invalid SIG-001 to SIG-005 (not XML we read), SIG-007 to SIG-012 (signature), SIG-020 to SIG-024 and SIG-032 (certificate).
    """
    root = parse_xml(data, maximum_bytes=profile.maximum_bytes)
    return verify_tree(root, profile=profile, references=check_shape(root, profile), anchors=anchors, at=at)


def verify_tree(
    root: etree._Element, *, profile: SignatureProfile, references: int, anchors: Sequence[bytes | x509.Certificate], at: datetime
) -> VerifiedXml:
    """The same of a document that came in by the XML door and has the profile's outer form. The tree is without its signature from then on."""
    verifier = OneTreeVerifier(read_anchors(anchors))
    results = run_verifier(verifier, root, profile=profile, references=references, at=at)
    return _judge(results, verifier, profile, references)


def read_anchors(anchors: Sequence[bytes | x509.Certificate]) -> list[x509.Certificate]:
    """Each licensed certificate, read."""
    return [anchor if isinstance(anchor, x509.Certificate) else _read_anchor(anchor) for anchor in anchors]


def run_verifier(
    verifier: HeldVerifier, data: etree._Element | bytes, *, profile: SignatureProfile, references: int, at: datetime
) -> list[VerifyResult]:
    """What the verifier found of each reference, in their order. Raises Invalid SIG-009 to SIG-011, SIG-020 to SIG-024, SIG-032."""
    settings: dict[str, Any] = {
        "location": f"./{profile.location}/" if profile.location else "./",
        "expect_references": references,
        "signature_methods": _SIGNATURE_METHODS,
        "digest_algorithms": _DIGEST_ALGORITHMS,
        "verification_time": at,
    }
    options: dict[str, Any] = {"parser": hardened_parser(), "ee_policy": SIGNER_POLICY, "ca_policy": AUTHORITY_POLICY}
    try:
        if profile.is_xades:
            return list(verifier.verify(data, expect_config=XAdESSignatureConfiguration(**settings), **options))
        plain = XMLVerifier.verify(verifier, data, expect_config=SignatureConfiguration(**settings), **options)
        return plain if isinstance(plain, list) else [plain]
    except InvalidCertificate:
        raise _why_refused(verifier.lifted, profile, at) from None
    except InvalidSignature:
        raise Invalid(SIG_BROKEN) from None
    except (SignXMLException, etree.LxmlError):
        raise _shape(profile, "không đọc được các phần của chữ ký", "its parts cannot be read") from None
    except (ValueError, TypeError, KeyError, AttributeError, NotImplementedError, binascii.Error, UnsupportedAlgorithm):
        # WHY: signxml lets the standard library's errors through when a certificate or a number is malformed.
        raise _shape(profile, "có giá trị hỏng", "it holds a malformed value") from None


@lru_cache(maxsize=64)
def _read_anchor(data: bytes) -> x509.Certificate:
    """The licensed authorities are few and the same for every filing."""
    return read_certificate(data)


def _judge(results: Sequence[Any], verifier: OneTreeVerifier, profile: SignatureProfile, references: int) -> VerifiedXml:
    """Accept only the results payload + SignedProperties (+ KeyInfo), and read the claims from the digested ones."""
    by_tag: dict[str, list[Any]] = {}
    for result in results:
        by_tag.setdefault("" if result.signed_xml is None else str(result.signed_xml.tag), []).append(result)
    own_parts = 2 if profile.is_xades else 1
    expected = {profile.root} | ({f"{{{XADES}}}SignedProperties"} if profile.is_xades else set())
    if references > own_parts:
        expected.add(f"{{{DS}}}KeyInfo")
    if profile.root not in by_tag:
        raise Invalid(SIG_WRONG_ROOT, expected=profile.root)
    if set(by_tag) != expected or any(len(found) != 1 for found in by_tag.values()):
        raise _shape(profile, "ký những phần ngoài dự kiến", "it signs unexpected parts")
    assert verifier.verified is not None
    claimed = read_claims(by_tag[f"{{{XADES}}}SignedProperties"][0].signed_xml, profile, verifier.verified) if profile.is_xades else None
    return VerifiedXml(
        signed_xml=by_tag[profile.root][0].signed_data,
        signer=signer_of(verifier.verified),
        claimed_signed_at=claimed,
        profile_name=profile.name,
        form="xades" if profile.is_xades else "xmldsig",
        digests=digests_of(verifier.lifted),
    )


def read_claims(properties: etree._Element | None, profile: SignatureProfile, certificate: x509.Certificate) -> datetime | None:
    """The claimed time of digested signed properties that name their certificate by an accepted digest, and by no other serial number.

    Raises: Invalid SIG-009.
    """
    assert properties is not None
    named = [method.get("Algorithm") for name in _NAMED_BY for method in properties.findall(f"./{name}/{{{DS}}}DigestMethod")]
    if not named or not set(named) <= DIGEST_METHODS:
        # WHY: signxml compares the digests that are there. Without any, the signature is tied to a key, not to this certificate of it.
        raise _shape(
            profile, "không nêu chứng thư đã ký bằng thuật toán băm được nhận", "it does not name its certificate by an accepted digest"
        )
    serials = _serials_named(properties, profile)
    if serials and certificate.serial_number not in serials:
        raise _shape(profile, "nêu số sê-ri của chứng thư khác", "it names the serial number of another certificate")
    return _instant(properties.findtext(f".//{{{XADES}}}SigningTime") or "")


def _serials_named(properties: etree._Element, profile: SignatureProfile) -> list[int]:
    """The serial numbers by which signed properties name certificates, the signer's first."""
    try:
        plain = [int(found.text or "") for found in properties.iter(f"{{{DS}}}X509SerialNumber")]
        encoded = [binascii.a2b_base64(found.text or "") for found in properties.iter(f"{{{XADES}}}IssuerSerialV2")]
        return (plain + [int(tsp.IssuerSerial.load(der, strict=True)["serial_number"].native) for der in encoded])[:1]
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise _shape(profile, "có giá trị hỏng", "it holds a malformed value") from None


def digests_of(signature: etree._Element | None) -> frozenset[str]:
    """The digests of its method and of its references."""
    assert signature is not None
    signed_info = f"./{{{DS}}}SignedInfo"
    named = [
        *signature.findall(f"{signed_info}/{{{DS}}}SignatureMethod"),
        *signature.findall(f"{signed_info}/{{{DS}}}Reference/{{{DS}}}DigestMethod"),
    ]
    return frozenset(f"sha{method.get('Algorithm', '')[-3:]}" for method in named)


def _instant(text: str) -> datetime | None:
    try:
        claimed = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return claimed if claimed.tzinfo is not None else None


def _shape(profile: SignatureProfile, reason: str, reason_en: str) -> Invalid:
    return Invalid(SIG_SHAPE, where=profile.location, profile=profile.name, reason=reason, reason_en=reason_en)


def _why_refused(signature: etree._Element | None, profile: SignatureProfile, at: datetime) -> Invalid:
    """Turn "no valid chain" into the sentence that helps the signer most."""
    held = None if signature is None else signature.findtext(f".//{{{DS}}}X509Certificate")
    if held is None:
        return Invalid(SIG_NO_SIGNATURE, location=profile.location)
    try:
        certificate = x509.load_der_x509_certificate(binascii.a2b_base64(held))
        if at > certificate.not_valid_after_utc:
            return Invalid(SIG_EXPIRED, not_after=shown(certificate.not_valid_after_utc))
        if at < certificate.not_valid_before_utc:
            return Invalid(SIG_NOT_YET_VALID, not_before=shown(certificate.not_valid_before_utc))
        return Invalid(SIG_UNKNOWN_CA if may_sign_documents(certificate) else SIG_WRONG_USAGE)
    except ValueError:
        return Invalid(SIG_NO_CERTIFICATE)
