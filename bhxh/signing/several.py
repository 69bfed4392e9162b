"""Several signers of one document: each signs the same part by its Id, in a place of its own, in any order.

What is handed on is the part itself in canonical form, once every signature that stands there was found to cover it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from lxml import etree

from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import SIG_MANY_SIGNATURES, SIG_NO_SIGNATURE, SIG_SHAPE, SIG_WRONG_ROOT
from bhxh.signing.profiles import SeveralSigners, SignatureProfile, SignerPlace
from bhxh.signing.signature_shape import DS, XADES, check_part_signed
from bhxh.signing.signers import signer_of
from bhxh.signing.xades import VerifiedXml, digests_of, read_anchors, read_claims, run_verifier
from bhxh.signing.xades_verifier import OneTreeVerifier
from bhxh.signing.xml_door import parse_xml, signed_form


@dataclass(frozen=True, slots=True)
class VerifiedPart:
    """A part and who signed it."""

    signed_xml: bytes
    """The bytes of the part that were digested: canonical, without comments. Nothing outside of it was signed by anybody."""
    by_role: Mapping[str, VerifiedXml]


def verify_several(data: bytes, *, profile: SeveralSigners, anchors: Sequence[bytes | x509.Certificate], at: datetime) -> VerifiedPart:
    """Verify every signature of a document and demand those that must be there.

    Raises: Invalid SIG-001 to SIG-005 (not XML we read), SIG-007 (one that must be there is missing, or stands elsewhere), SIG-008
            to SIG-012 (signature), SIG-020 to SIG-024 and SIG-032 (certificate). One bad signature refuses the document.
    """
    root = parse_xml(data, maximum_bytes=profile.maximum_bytes)
    if root.tag != profile.root:
        raise Invalid(SIG_WRONG_ROOT, expected=profile.root)
    parts = root.findall(f"./{profile.part}")
    if len(parts) != 1:
        raise Invalid(SIG_WRONG_ROOT, expected=profile.part)
    [part] = parts
    if next(part.iter(f"{{{DS}}}Signature"), None) is not None:
        raise Invalid(SIG_MANY_SIGNATURES, count=sum(1 for _ in root.iter(f"{{{DS}}}Signature")))
    present = [(place, found) for place in profile.places if (found := _at(root, place)) is not None]
    _check_all_found(root, profile, present)
    references = {place.role: check_part_signed(root, part, signature, profile.at(place)) for place, signature in present}
    anchored = read_anchors(anchors)
    by_role = {place.role: _verify_one(root, part, profile.at(place), references[place.role], anchored, at) for place, _ in present}
    return VerifiedPart(by_role[present[0][0].role].signed_xml, by_role)


def is_signed_by_several(data: bytes, *, profile: SeveralSigners) -> bool:
    """Whether a document has places for several signers. Raises Invalid SIG-001 to SIG-005, where it is not XML we read."""
    holders = {place.location.partition("/")[0] for place in profile.places}
    # WHY the bytes first: nearly every document is signed by one, and need not be read twice.
    if not any(holder.encode() in data for holder in holders):
        return False
    root = parse_xml(data, maximum_bytes=profile.maximum_bytes)
    return root.tag == profile.root and any(root.find(f"./{holder}") is not None for holder in holders)


def as_signed_by_one(part: bytes, *, profile: SeveralSigners, location: str) -> bytes:
    """A verified part as the content of a document by one signer: in a root of its own, without its Id, that signer's place empty.

    WHY: the same list is the same filing, whoever else signed it.
    """
    root = etree.Element(profile.root)
    held = parse_xml(part, maximum_bytes=profile.maximum_bytes)
    held.attrib.pop("Id", "")
    root.append(held)
    etree.SubElement(root, location)
    return signed_form(root)


def _at(root: etree._Element, place: SignerPlace) -> etree._Element | None:
    """The one signature at a place, None where nobody signed there."""
    found = root.findall(f"./{place.location}/{{{DS}}}Signature")
    if len(found) > 1 or len(root.findall(f"./{place.location}")) > 1:
        raise Invalid(SIG_MANY_SIGNATURES, where=place.location, count=max(2, len(found)))
    return found[0] if found else None


def _check_all_found(root: etree._Element, profile: SeveralSigners, present: Sequence[tuple[SignerPlace, etree._Element]]) -> None:
    """Nobody who must sign is missing, and no signature stands where nobody looks."""
    there = {place.role for place, _ in present}
    for place in profile.places:
        if place.is_required and place.role not in there:
            raise Invalid(SIG_NO_SIGNATURE, where=place.location, location=f"{profile.root}/{place.location}")
    count = sum(1 for _ in root.iter(f"{{{DS}}}Signature"))
    if count != len(present):
        raise Invalid(SIG_MANY_SIGNATURES, count=count)


def _verify_one(
    root: etree._Element, part: etree._Element, profile: SignatureProfile, references: int, anchors: list[x509.Certificate], at: datetime
) -> VerifiedXml:
    """One signature. The tree is without it from then on, which changes nothing of the part."""
    verifier = OneTreeVerifier(anchors)
    verifier.part = part
    results = run_verifier(verifier, root, profile=profile, references=references, at=at)
    tags = sorted(str(result.signed_xml.tag) for result in results if result.signed_xml is not None)
    expected = [part.tag, f"{{{XADES}}}SignedProperties"] + ([f"{{{DS}}}KeyInfo"] if references > 2 else [])
    if tags != sorted(map(str, expected)):
        raise Invalid(
            SIG_SHAPE,
            where=profile.location,
            profile=profile.name,
            reason="ký những phần ngoài dự kiến",
            reason_en="it signs unexpected parts",
        )
    assert verifier.verified is not None
    properties = next(
        one.signed_xml for one in results if one.signed_xml is not None and one.signed_xml.tag == f"{{{XADES}}}SignedProperties"
    )
    return VerifiedXml(
        signed_xml=next(one.signed_data for one in results if one.signed_xml is not None and one.signed_xml.tag == part.tag),
        signer=signer_of(verifier.verified),
        claimed_signed_at=read_claims(properties, profile, verifier.verified),
        profile_name=profile.name,
        digests=digests_of(verifier.lifted),
    )
