"""What a signature looks like before any cryptography: one, in its place, over the whole root, by known methods."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, cast

from lxml import etree

from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import SIG_MANY_SIGNATURES, SIG_NO_CERTIFICATE, SIG_NO_SIGNATURE, SIG_SHAPE, SIG_WRONG_ROOT
from bhxh.signing.profiles import DIGEST_METHODS, SIGNATURE_METHODS, SignatureProfile

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
BASE64 = "http://www.w3.org/2000/09/xmldsig#base64"
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
    references = check_parts(signature, profile)
    _check_references(root, signature, references, profile)
    if profile.is_xades is (next(signature.iter(f"{{{XADES}}}SignedProperties"), None) is None):
        raise _wrong(profile, "thuộc tính được ký thiếu hoặc thừa", "signed properties are missing, or there and not wanted")
    return len(references)


def check_parts(signature: etree._Element, profile: SignatureProfile) -> list[etree._Element]:
    """The references of a signature whose size, methods and certificates are a profile's. Raises Invalid SIG-009, SIG-011."""
    if sum(1 for _ in islice(signature.iter(), MAXIMUM_NODES + 1)) > MAXIMUM_NODES:
        raise _wrong(profile, "chữ ký có quá nhiều phần", "it has too many parts")
    references = _check_methods(signature, profile)
    certificates = signature.findall(f"./{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    if not certificates:
        raise Invalid(SIG_NO_CERTIFICATE, where=profile.location)
    if len(certificates) > MAXIMUM_CERTIFICATES:
        raise _wrong(profile, f"kèm {len(certificates)} chứng thư", f"it carries {len(certificates)} certificates")
    return references


def check_part_signed(root: etree._Element, part: etree._Element, signature: etree._Element, profile: SignatureProfile) -> int:
    """The number of references of a signature that covers one part of the root by its Id, and nothing else but itself.

    Raises: Invalid SIG-009 (form), SIG-011 (no certificate), SIG-012 (something else is signed).
    """
    references = check_parts(signature, profile)
    part_id = part.get("Id")
    if not part_id or holders_of(root, part_id) != [part]:
        raise _wrong(profile, "phần nội dung không có Id riêng", "the part that is signed has no Id of its own")
    inside, covered = ids_in(signature), 0
    for reference in references:
        uri, transforms = reference.get("URI"), transforms_of(reference)
        if uri == f"#{part_id}":
            covered += 1
            rest = transforms[1:] if transforms[:1] == [ENVELOPED] else transforms
            if not set(rest) <= profile.canonicalisations or len(rest) > 1:
                raise _wrong(profile, "phép biến đổi của phần nội dung không được nhận", "the transforms of the content are not accepted")
        elif uri is None or not uri.startswith("#") or uri[1:] not in inside:
            raise Invalid(SIG_WRONG_ROOT, where=profile.location, expected=part.tag)
        elif not set(transforms) <= profile.canonicalisations:
            raise _wrong(profile, "phép biến đổi không được nhận", "a transform is not accepted")
    if covered != 1:
        raise Invalid(SIG_WRONG_ROOT, where=profile.location, expected=part.tag)
    return len(references)


def check_enveloping(root: etree._Element, profile: SignatureProfile) -> tuple[int, int]:
    """(number of references, which of them is the content's) of a root that is the signature, with the content as base64 inside it.

    Raises: Invalid SIG-007, SIG-008, SIG-009, SIG-011, SIG-012.
    """
    if root.tag != f"{{{DS}}}Signature":
        raise Invalid(SIG_NO_SIGNATURE, location="ds:Signature")
    count = sum(1 for _ in root.iter(f"{{{DS}}}Signature"))
    if count > 1:
        raise Invalid(SIG_MANY_SIGNATURES, count=count)
    references = check_parts(root, profile)
    contents, content_at = 0, 0
    for index, reference in enumerate(references):
        uri, transforms = reference.get("URI"), transforms_of(reference)
        if uri is None or not uri.startswith("#"):
            raise Invalid(SIG_WRONG_ROOT, expected=profile.root)
        held = holders_of(root, uri[1:])
        if len(held) != 1:
            raise _wrong(profile, "Id của một phần bị trùng hoặc không có", "the Id of a part is missing or not unique")
        [one] = held
        if one.tag == f"{{{DS}}}Object" and one.getparent() is root:
            # WHY no elements in it: what is not text would be read here and digested there.
            if transforms != [BASE64] or len(one):
                raise _wrong(profile, "nội dung không phải một tệp base64", "the content is not one file in base64")
            contents, content_at = contents + 1, index
        elif one.tag not in {f"{{{DS}}}KeyInfo", f"{{{XADES}}}SignedProperties"} or not set(transforms) <= profile.canonicalisations:
            raise _wrong(profile, "ký những phần ngoài dự kiến", "it signs unexpected parts")
    if contents != 1:
        raise Invalid(SIG_WRONG_ROOT, expected=profile.root)
    return len(references), content_at


def holders_of(root: etree._Element, own_id: str) -> list[etree._Element]:
    """Every element that any verifier might find by this Id."""
    return list(cast("Iterable[Any]", _WITH_ID(root, own_id=own_id)))


def ids_in(signature: etree._Element) -> frozenset[str]:
    """Every Id of a signature's parts."""
    return frozenset(found for element in signature.iter() for name in _IDS if (found := element.get(name)))


def transforms_of(reference: etree._Element) -> list[str | None]:
    """The steps of a reference."""
    return [step.get("Algorithm") for step in reference.findall(f"./{{{DS}}}Transforms/{{{DS}}}Transform")]


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
    if own_id and len(holders_of(root, own_id)) > 1:
        # WHY: verifiers differ in which attribute they call the Id, and would find different elements.
        raise _wrong(profile, "Id của phần gốc bị trùng", "the Id of the root is not unique")
    inside = ids_in(signature)
    payloads = 0
    for reference in references:
        uri, transforms = reference.get("URI"), transforms_of(reference)
        if uri == "" or (own_id and uri == f"#{own_id}"):
            payloads += 1
            if transforms[:1] != [ENVELOPED] or not set(transforms[1:]) <= profile.canonicalisations or len(transforms) > 2:
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
