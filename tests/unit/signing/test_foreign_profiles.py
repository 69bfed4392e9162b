"""Files by tools that are not ours: taken where a profile names their form, and each attack again in that form."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from bhxh.signing.filed_xml import verify_filed
from bhxh.signing.profiles import HOSO_ENVELOPING, HOSO_UNIT, HOSO_UNIT_FOREIGN, HOSO_UNIT_XMLDSIG, SignatureProfile
from bhxh.signing.xades import VerifiedXml
from tests.foreign_signer import BASE64, DS, ENVELOPED, EXCLUSIVE, INCLUSIVE, D, Tool
from tests.unit.signing.conftest import DOCUMENT, TAX_CODE, Desk

FOREIGN = (HOSO_UNIT, HOSO_UNIT_FOREIGN, HOSO_ENVELOPING)
PLAIN = (HOSO_UNIT, HOSO_UNIT_FOREIGN, HOSO_UNIT_XMLDSIG)


def verify(desk: Desk, data: bytes, profiles: Sequence[SignatureProfile] = FOREIGN) -> VerifiedXml:
    return verify_filed(data, profiles=profiles, anchors=desk.trust.anchors, at=desk.at)


def tool(desk: Desk, **wishes: Any) -> Tool:
    return Tool(wishes.pop("by", desk.employer), desk.at, **wishes)


@pytest.mark.parametrize("signs_key_info", [False, True])
def test_exclusive_canonicalisation_is_taken_where_it_is_named(desk: Desk, signs_key_info: bool, refused: Callable[..., str]) -> None:
    data = tool(desk, signs_key_info=signs_key_info).sign_whole(DOCUMENT, "CKy_Dvi")
    found = verify(desk, data)
    assert (found.profile_name, found.form, found.claimed_signed_at) == ("hoso_unit_foreign", "xades", desk.at)
    assert found.signer.tax_code == TAX_CODE and found.digests == {"sha256"}
    assert etree.fromstring(found.signed_xml).findtext("NguoiLD") == "Nguyễn Thị Hương"
    assert refused(lambda: desk.verify(data)) == "SIG-009"


def test_our_own_form_is_our_own_also_where_foreign_ones_are_taken(desk: Desk) -> None:
    signed = desk.sign()
    assert verify(desk, signed) == desk.verify(signed)
    assert verify(desk, tool(desk, c14n=INCLUSIVE).sign_whole(DOCUMENT, "CKy_Dvi")).profile_name == "hoso_unit"


def test_the_same_content_is_the_same_in_every_form(desk: Desk) -> None:
    place = DOCUMENT.replace(b"</Hoso>", b"<CKy_Dvi/></Hoso>")
    forms = [
        desk.sign(),
        tool(desk).sign_whole(DOCUMENT, "CKy_Dvi"),
        tool(desk).sign_around(place),
    ]
    assert len({verify(desk, data).signed_xml for data in forms}) == 1


@pytest.mark.parametrize("c14n", [EXCLUSIVE, INCLUSIVE])
@pytest.mark.parametrize("signs_key_info", [False, True])
def test_plain_xmldsig_is_taken_only_where_a_profile_allows_it(
    desk: Desk, c14n: str, signs_key_info: bool, refused: Callable[..., str]
) -> None:
    data = tool(desk, c14n=c14n, is_xades=False, signs_key_info=signs_key_info).sign_whole(DOCUMENT, "CKy_Dvi")
    found = verify(desk, data, PLAIN)
    assert (found.profile_name, found.form, found.claimed_signed_at) == ("hoso_unit_xmldsig", "xmldsig", None)
    assert found.signer.tax_code == TAX_CODE
    assert refused(lambda: verify(desk, data)) == "SIG-009"


def test_a_file_inside_the_signature_is_read_as_it_was_signed(desk: Desk) -> None:
    found = verify(desk, tool(desk).sign_around(DOCUMENT))
    assert (found.profile_name, found.signer.tax_code) == ("hoso_enveloping", TAX_CODE)
    assert etree.fromstring(found.signed_xml).findtext("NguoiLD") == "Nguyễn Thị Hương"
    commented = DOCUMENT.replace("Nguyễn ".encode(), "Nguyễn <!-- -->".encode())
    assert etree.fromstring(verify(desk, tool(desk).sign_around(commented)).signed_xml).findtext("NguoiLD") == "Nguyễn Thị Hương"


def _changed(data: bytes, change: Callable[[etree._Element], None]) -> bytes:
    root = etree.fromstring(data)
    change(root)
    return etree.tostring(root)


def _around(desk: Desk, **wishes: Any) -> bytes:
    asked = {name: wishes.pop(name) for name in ("uri", "steps", "objects") if name in wishes}
    return tool(desk, **wishes).sign_around(wishes.pop("file", DOCUMENT), **asked)


def other_content(desk: Desk) -> bytes:
    def change(root: etree._Element) -> None:
        held = next(root.iter(f"{D}Object"))
        held.text = (held.text or "")[:-8] + "AAAAAAA="

    return _changed(_around(desk), change)


def second_object_with_the_id(desk: Desk) -> bytes:
    def change(root: etree._Element) -> None:
        first = next(root.iter(f"{D}Object"))
        twin = etree.Element(f"{D}Object", Id="content")
        twin.text = "RVZJTA=="
        first.addprevious(twin)

    return _changed(_around(desk), change)


def other_kind_of_id(desk: Desk) -> bytes:
    def change(root: etree._Element) -> None:
        first = next(root.iter(f"{D}Object"))
        etree.SubElement(first, "Evil").set("ID", "content")

    return _changed(_around(desk), change)


def manifest_instead(desk: Desk) -> bytes:
    """What is signed is a list of digests, and the content is only named in it."""
    manifest = f'<ds:Object xmlns:ds="{DS}"><ds:Manifest Id="m"><ds:Reference URI="#content"/></ds:Manifest></ds:Object>'.encode()
    return _around(desk, uri="#m", steps=[EXCLUSIVE], objects=[manifest])


def elements_in_the_content(desk: Desk) -> bytes:
    return _changed(_around(desk), lambda root: next(root.iter(f"{D}Object")).append(etree.Element("Hoso")))


def wrapped_in_ours(desk: Desk) -> bytes:
    return b"<Hoso><NguoiLD>EVIL</NguoiLD><CKy_Dvi>" + _around(desk).partition(b"?>")[2] + b"</CKy_Dvi></Hoso>"


def signed_inside(desk: Desk) -> bytes:
    return tool(desk).sign_around(desk.sign())


def another_document_inside(desk: Desk) -> bytes:
    return tool(desk).sign_around(b"<Khac/>")


def entities_inside(desk: Desk) -> bytes:
    return tool(desk).sign_around(b'<!DOCTYPE Hoso [<!ENTITY a "b">]><Hoso>&a;</Hoso>')


def address_outside(desk: Desk) -> bytes:
    return _around(desk, uri="file:///etc/passwd")


def two_contents(desk: Desk) -> bytes:
    twin = f'<ds:Object xmlns:ds="{DS}" Id="other">RVZJTA==</ds:Object>'.encode()
    return _around(desk, objects=[twin], more=[("#other", [BASE64], b"EVIL")])


def enveloped_around(desk: Desk) -> bytes:
    return _around(desk, steps=[ENVELOPED, BASE64])


def stranger_around(desk: Desk) -> bytes:
    return _around(desk, by=desk.authority.leaf("unknown-ca"))


def expired_around(desk: Desk) -> bytes:
    return _around(desk, by=desk.authority.leaf("expired"))


def stamper_around(desk: Desk) -> bytes:
    return _around(desk, by=desk.authority.ca("tsa"))


def wrapped_foreign(desk: Desk) -> bytes:
    """The signed list moved inside, another in its place."""
    good = etree.fromstring(tool(desk).sign_whole(DOCUMENT, "CKy_Dvi"))
    signature = next(good.iter(f"{D}Signature"))
    evil = etree.fromstring(b"<Hoso><NguoiLD>EVIL</NguoiLD><CKy_Dvi/><Them/></Hoso>")
    evil[1].append(signature)
    evil[2].append(good)
    return etree.tostring(evil)


def changed_foreign(desk: Desk) -> bytes:
    return tool(desk).sign_whole(DOCUMENT, "CKy_Dvi").replace("Hương".encode(), "Huệ".encode())


def other_time_foreign(desk: Desk) -> bytes:
    return tool(desk).sign_whole(DOCUMENT, "CKy_Dvi").replace(b"SigningTime>2", b"SigningTime>1")


def with_comments_foreign(desk: Desk) -> bytes:
    return tool(desk).sign_whole(DOCUMENT, "CKy_Dvi").replace(b'xml-exc-c14n#"', b'xml-exc-c14n#WithComments"')


ATTACKS: dict[str, tuple[Callable[[Desk], bytes], str]] = {
    "content changed": (other_content, "SIG-010"),
    "second object with the Id": (second_object_with_the_id, "SIG-009"),
    "the Id by another attribute": (other_kind_of_id, "SIG-009"),
    "manifest instead of the content": (manifest_instead, "SIG-009"),
    "elements in the content": (elements_in_the_content, "SIG-009"),
    "enveloping where ours belongs": (wrapped_in_ours, "SIG-009"),
    "signed file inside": (signed_inside, "SIG-008"),
    "another document inside": (another_document_inside, "SIG-012"),
    "entities inside": (entities_inside, "SIG-009"),
    "address outside": (address_outside, "SIG-012"),
    "two contents": (two_contents, "SIG-012"),
    "enveloped step around": (enveloped_around, "SIG-009"),
    "unknown authority": (stranger_around, "SIG-024"),
    "expired": (expired_around, "SIG-020"),
    "signed by a time-stamping authority": (stamper_around, "SIG-023"),
    "exclusive: wrapping": (wrapped_foreign, "SIG-010"),
    "exclusive: value changed": (changed_foreign, "SIG-010"),
    "exclusive: signing time changed": (other_time_foreign, "SIG-010"),
    "exclusive: with comments": (with_comments_foreign, "SIG-009"),
}


@pytest.mark.parametrize(("attack", "code"), ATTACKS.values(), ids=ATTACKS.keys())
def test_attack_on_a_foreign_form_is_refused(desk: Desk, attack: Callable[[Desk], bytes], code: str, refused: Callable[..., str]) -> None:
    data = attack(desk)
    assert refused(lambda: verify(desk, data)) == code


def test_a_file_inside_is_bounded(desk: Desk, refused: Callable[..., str]) -> None:
    small = replace(HOSO_ENVELOPING, maximum_bytes=1000)
    data = _around(desk)
    assert refused(lambda: verify(desk, data, (HOSO_UNIT, small))) == "SIG-001"
