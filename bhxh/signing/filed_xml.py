"""A signed XML file of whoever's tool: the procedure's own profile first, then the foreign ones that it names, each exactly or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cryptography import x509
from lxml import etree

from bhxh.kernel.errors import Invalid
from bhxh.signing.enveloping import verify_enveloping
from bhxh.signing.errors import SIG_MANY_SIGNATURES, SIG_SHAPE, SIG_WRONG_ROOT
from bhxh.signing.profiles import Form, SignatureProfile
from bhxh.signing.signature_shape import DS, check_shape
from bhxh.signing.xades import VerifiedXml, verify_tree
from bhxh.signing.xml_door import parse_xml


def verify_filed(
    data: bytes, *, profiles: Sequence[SignatureProfile], anchors: Sequence[bytes | x509.Certificate], at: datetime
) -> VerifiedXml:
    """Verify by the first profile whose outer form the file has. Which one that is, is settled before any cryptography.

    Shape:   the first profile is the procedure's own; where none fits, its refusal is what the signer is told.
    Raises:  as `verify_xades`; Invalid SIG-012 where the file inside an enveloping signature is not the document.
    """
    own, *foreign = profiles
    root = parse_xml(data, maximum_bytes=own.maximum_bytes)
    if root.tag == f"{{{DS}}}Signature":
        for profile in foreign:
            if profile.form is Form.ENVELOPING:
                return _from_inside(data, profile, anchors, at)
    profile, references = _fitting(root, (own, *(profile for profile in foreign if profile.form is not Form.ENVELOPING)))
    return verify_tree(root, profile=profile, references=references, anchors=anchors, at=at)


def _fitting(root: etree._Element, profiles: Sequence[SignatureProfile]) -> tuple[SignatureProfile, int]:
    """The first profile of this outer form, with its number of references. Raises what the first of them says."""
    first: Invalid | None = None
    for profile in profiles:
        try:
            return profile, check_shape(root, profile)
        except Invalid as refusal:
            first = first or refusal
            if refusal.sentence not in (SIG_SHAPE, SIG_WRONG_ROOT):
                break
    assert first is not None
    raise first


def _from_inside(data: bytes, profile: SignatureProfile, anchors: Sequence[bytes | x509.Certificate], at: datetime) -> VerifiedXml:
    found = verify_enveloping(data, profile=profile, anchors=anchors, at=at)
    inside = parse_xml(found.signed_xml, maximum_bytes=profile.maximum_bytes)
    if inside.tag != profile.root:
        raise Invalid(SIG_WRONG_ROOT, expected=profile.root)
    count = sum(1 for _ in inside.iter(f"{{{DS}}}Signature"))
    if count:
        raise Invalid(SIG_MANY_SIGNATURES, count=count + 1)
    # WHY: the same content is the same filing, whoever's tool wrapped it, and a comment must not cut a value in two.
    return replace(found, signed_xml=etree.tostring(inside, method="c14n", with_comments=False))
