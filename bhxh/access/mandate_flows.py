"""A mandate confirmed by the organisation's digital signature: prepared here, signed outside, verified, and only then granted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from lxml import etree

from bhxh.access.mandate_commands import grant_mandate
from bhxh.access.mandate_documents import Confirmation, How, MandateContent
from bhxh.access.mandate_errors import ACC_MANDATE_CERTIFICATE, ACC_OTHER_CONTENT
from bhxh.access.roles import EmployerFacts
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Invalid, NotAllowed
from bhxh.signing.certificates import check_certificate
from bhxh.signing.ports import RevocationSource, SealKey
from bhxh.signing.profiles import SignatureProfile
from bhxh.signing.trust import TrustList
from bhxh.signing.xades import PreparedSignature, complete_signature, prepare_signature, verify_xades
from bhxh.signing.xml_door import parse_xml, serialise

MANDATE_PROFILE: Final = SignatureProfile("mandate", "CKy_Dvi", (3, 2), root="UyQuyen", maximum_bytes=256 * 1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateChecks:
    """What judging a certificate needs of the outside."""

    trust: TrustList
    revocation: RevocationSource
    budget_s: float


def unsigned_document(content: MandateContent, words: tuple[str, str]) -> bytes:
    """The content for machines and in plain words, as XML that signing programs take."""
    root = etree.Element(MANDATE_PROFILE.root)
    for name, text in (("NoiDung", canonical_bytes(content.as_json()).decode()), ("LoiVan", words[0]), ("Words", words[1])):
        etree.SubElement(root, name).text = text
    return serialise(root)


def prepare_document(content: MandateContent, words: tuple[str, str], *, certificate: bytes, at: datetime) -> PreparedSignature:
    """First phase: the document with an empty signature, and what the key outside must sign."""
    return prepare_signature(unsigned_document(content, words), profile=MANDATE_PROFILE, certificate=certificate, at=at)


def grant_by_certificate(
    *,
    actor: Actor,
    at: datetime,
    content: MandateContent,
    words: tuple[str, str],
    prepared: PreparedSignature,
    signature: bytes,
    tax_code: str,
    employer: EmployerFacts,
    checks: CertificateChecks,
    key: SealKey,
) -> UUID:
    """Second phase: verify the signature over exactly this content, by the unit's or its representative's certificate; then grant.

    Raises: Invalid SIG-..., ACC-107 (other content); NotAllowed ACC-110; and what `grant_mandate` raises.
    """
    signed = complete_signature(prepared, signature)
    verified = verify_xades(signed, profile=MANDATE_PROFILE, anchors=checks.trust.anchors, at=at)
    # WHY the unsigned form is made anew and compared: nothing of what the client sent back is believed but the signature.
    if _parts(verified.signed_xml) != _parts(unsigned_document(content, words)):
        raise Invalid(ACC_OTHER_CONTENT)
    signer = verified.signer
    checked = check_certificate(signer=signer, trust=checks.trust, at=at, revocation=checks.revocation, budget_s=checks.budget_s)
    is_units = bool(signer.tax_code) and signer.tax_code == tax_code
    is_representatives = bool(signer.pin) and signer.pin == employer.legal_representative_pin and signer.tax_code in ("", signer.pin)
    if checked.state != "good" or not (is_units or is_representatives):
        raise NotAllowed(ACC_MANDATE_CERTIFICATE, serial=signer.serial)
    confirmation = Confirmation(
        how=How.CERTIFICATE,
        facts={"account": actor.account, "serial": signer.serial, "certificate_sha256": signer.sha256, "checked_for": at.isoformat()},
        signed=signed,
    )
    return grant_mandate(actor=actor, at=at, content=content, confirmation=confirmation, key=key)


def _parts(xml: bytes) -> list[tuple[str, str]]:
    """Every part but the place of the signature, in order."""
    root = parse_xml(xml, maximum_bytes=MANDATE_PROFILE.maximum_bytes)
    return [(str(child.tag), child.text or "") for child in root if child.tag != MANDATE_PROFILE.location]
