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

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidCertificate, InvalidSignature, SignXMLException
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
from bhxh.signing.xades_verifier import OneTreeVerifier
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


def verify_xades(data: bytes, *, profile: SignatureProfile, anchors: Sequence[bytes | x509.Certificate], at: datetime) -> VerifiedXml:
    """Verify one enveloped signature over the whole root.

    Shape:   anchors are the licensed roots *and* intermediates (DER, PEM or read): many tools send only their own certificate.
    Raises:  Invalid SIG-001 to SIG-005 (not XML we read), SIG-007 to SIG-012 (signature), SIG-020 to SIG-024 and SIG-032 (certificate).
    """
    root = parse_xml(data, maximum_bytes=profile.maximum_bytes)
    references = check_shape(root, profile)
    verifier = OneTreeVerifier([anchor if isinstance(anchor, x509.Certificate) else _read_anchor(anchor) for anchor in anchors])
    try:
        results = verifier.verify(
            root,
            parser=hardened_parser(),
            expect_config=XAdESSignatureConfiguration(
                location=f"./{profile.location}/",
                expect_references=references,
                signature_methods=_SIGNATURE_METHODS,
                digest_algorithms=_DIGEST_ALGORITHMS,
                verification_time=at,
            ),
            ee_policy=SIGNER_POLICY,
            ca_policy=AUTHORITY_POLICY,
        )
    except InvalidCertificate:
        raise _why_refused(verifier.lifted, profile, at) from None
    except InvalidSignature:
        raise Invalid(SIG_BROKEN) from None
    except (SignXMLException, etree.LxmlError):
        raise _shape(profile, "không đọc được các phần của chữ ký", "its parts cannot be read") from None
    except (ValueError, TypeError, KeyError, AttributeError, NotImplementedError, binascii.Error, UnsupportedAlgorithm):
        # WHY: signxml lets the standard library's errors through when a certificate or a number is malformed.
        raise _shape(profile, "có giá trị hỏng", "it holds a malformed value") from None
    return _judge(results, verifier, profile, references)


@lru_cache(maxsize=64)
def _read_anchor(data: bytes) -> x509.Certificate:
    """The licensed authorities are few and the same for every filing."""
    return read_certificate(data)


def _judge(results: Sequence[Any], verifier: OneTreeVerifier, profile: SignatureProfile, references: int) -> VerifiedXml:
    """Accept only the results payload + SignedProperties (+ KeyInfo), and read the claims from the digested ones."""
    by_tag: dict[str, list[Any]] = {}
    for result in results:
        by_tag.setdefault("" if result.signed_xml is None else str(result.signed_xml.tag), []).append(result)
    expected = {profile.root, f"{{{XADES}}}SignedProperties"} | ({f"{{{DS}}}KeyInfo"} if references == 3 else set())
    if profile.root not in by_tag:
        raise Invalid(SIG_WRONG_ROOT, expected=profile.root)
    if set(by_tag) != expected or any(len(found) != 1 for found in by_tag.values()):
        raise _shape(profile, "ký những phần ngoài dự kiến", "it signs unexpected parts")
    assert verifier.verified is not None
    properties = by_tag[f"{{{XADES}}}SignedProperties"][0].signed_xml
    named = [method.get("Algorithm") for name in _NAMED_BY for method in properties.findall(f"./{name}/{{{DS}}}DigestMethod")]
    if not named or not set(named) <= DIGEST_METHODS:
        # WHY: signxml compares the digests that are there. Without any, the signature is tied to a key, not to this certificate of it.
        raise _shape(
            profile, "không nêu chứng thư đã ký bằng thuật toán băm được nhận", "it does not name its certificate by an accepted digest"
        )
    time = properties.findtext(f".//{{{XADES}}}SigningTime")
    return VerifiedXml(
        signed_xml=by_tag[profile.root][0].signed_data,
        signer=signer_of(verifier.verified),
        claimed_signed_at=_instant(time or ""),
        profile_name=profile.name,
    )


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
