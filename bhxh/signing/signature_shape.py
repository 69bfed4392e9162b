"""What a signature looks like before any cryptography: one, in its place, over the whole root, by known methods."""

from itertools import islice
from typing import cast

from lxml import etree

from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import SIG_MANY_SIGNATURES, SIG_NO_CERTIFICATE, SIG_NO_SIGNATURE, SIG_SHAPE, SIG_WRONG_ROOT
from bhxh.signing.profiles import DIGEST_METHODS, SIGNATURE_METHODS, SignatureProfile

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_IDS = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
_WITH_ID = etree.XPath("//*[@Id = $own_id or @ID = $own_id or @id = $own_id or @xml:id = $own_id]")
MAXIMUM_CERTIFICATES = 8
"""LIMIT: a path has three or four; more would only buy an attacker path-building time."""

MAXIMUM_NODES = 2000
"""LIMIT: of a signature. One has some 40; with time stamps and revocation values some hundreds. Verifiers take the square of it."""


def check_shape(root: etree._Element, profile: SignatureProfile) -> int:
    """The number of references of the one signature, once its outer form is exactly the profile's.

    Raises: Invalid SIG-007 (none, or elsewhere), SIG-008 (several), SIG-009 (form), SIG-011 (no certificate), SIG-012 (root).
    """
    if root.tag != profile.root:
        raise Invalid(SIG_WRONG_ROOT, expected=profile.root)
    count = sum(1 for _ in root.iter(f"{{{DS}}}Signature"))
    if count > 1:
        raise Invalid(SIG_MANY_SIGNATURES, count=count)
    signature = root.find(f"./{profile.location}/{{{DS}}}Signature")
    if signature is None or len(root.findall(f"./{profile.location}")) != 1:
        raise Invalid(SIG_NO_SIGNATURE, where=profile.location, location=f"{profile.root}/{profile.location}")
    if sum(1 for _ in islice(signature.iter(), MAXIMUM_NODES + 1)) > MAXIMUM_NODES:
        raise _wrong(profile, "chữ ký có quá nhiều phần", "it has too many parts")
    references = _check_methods(signature, profile)
    certificates = signature.findall(f"./{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    if not certificates:
        raise Invalid(SIG_NO_CERTIFICATE, where=profile.location)
    if len(certificates) > MAXIMUM_CERTIFICATES:
        raise _wrong(profile, f"kèm {len(certificates)} chứng thư", f"it carries {len(certificates)} certificates")
    _check_references(root, signature, references, profile)
    return len(references)


def _check_methods(signature: etree._Element, profile: SignatureProfile) -> list[etree._Element]:
    signed_info = signature.find(f"./{{{DS}}}SignedInfo")
    if signed_info is None:
        raise _wrong(profile, "thiếu SignedInfo", "SignedInfo is missing")
    if _algorithm(signed_info, "CanonicalizationMethod") not in profile.canonicalisations:
        raise _wrong(profile, "phương pháp chuẩn hóa XML không được nhận", "its canonicalisation is not accepted")
    if _algorithm(signed_info, "SignatureMethod") not in SIGNATURE_METHODS:
        raise _wrong(profile, "thuật toán ký không được nhận", "its signature algorithm is not accepted")
    references = signed_info.findall(f"./{{{DS}}}Reference")
    if len(references) not in profile.reference_counts:
        raise _wrong(profile, f"có {len(references)} tham chiếu", f"it has {len(references)} references")
    for reference in references:
        if _algorithm(reference, "DigestMethod") not in DIGEST_METHODS:
            raise _wrong(profile, "thuật toán băm không được nhận", "a digest algorithm is not accepted")
    return references


def _check_references(root: etree._Element, signature: etree._Element, references: list[etree._Element], profile: SignatureProfile) -> None:
    """One reference covers the root by the enveloped transform; the others point into this signature."""
    own_id = root.get("Id")
    if own_id and len(cast("list[object]", _WITH_ID(root, own_id=own_id))) > 1:
        # WHY: verifiers differ in which attribute they call the Id, and would find different elements.
        raise _wrong(profile, "Id của phần gốc bị trùng", "the Id of the root is not unique")
    inside = {element.get(name) for element in signature.iter() for name in _IDS if element.get(name)}
    payloads = 0
    for reference in references:
        uri = reference.get("URI")
        transforms = [step.get("Algorithm") for step in reference.findall(f"./{{{DS}}}Transforms/{{{DS}}}Transform")]
        if uri == "" or (own_id and uri == f"#{own_id}"):
            payloads += 1
            if transforms[:1] != [_ENVELOPED] or not set(transforms[1:]) <= profile.canonicalisations or len(transforms) > 2:
                raise _wrong(profile, "phép biến đổi của phần nội dung không được nhận", "the transforms of the content are not accepted")
        elif uri is None or not uri.startswith("#") or uri[1:] not in inside:
            raise Invalid(SIG_WRONG_ROOT, where=profile.location, expected=profile.root)
        elif not set(transforms) <= profile.canonicalisations:
            raise _wrong(profile, "phép biến đổi không được nhận", "a transform is not accepted")
    if payloads != 1:
        raise Invalid(SIG_WRONG_ROOT, where=profile.location, expected=profile.root)


def _algorithm(parent: etree._Element, name: str) -> str:
    found = parent.find(f"./{{{DS}}}{name}")
    return "" if found is None else found.get("Algorithm", "")


def _wrong(profile: SignatureProfile, reason: str, reason_en: str) -> Invalid:
    return Invalid(SIG_SHAPE, where=profile.location, profile=profile.name, reason=reason, reason_en=reason_en)
