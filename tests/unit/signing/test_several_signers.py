"""Employer, worker and agency on one document: each signs the same part by its Id."""

import copy
from collections.abc import Callable
from itertools import permutations

import pytest
from lxml import etree

from bhxh.signing.profiles import HOSO_SEVERAL
from bhxh.signing.several import VerifiedPart, verify_several
from bhxh.signing.xades import complete_signature
from bhxh.signing.xades_signing import prepare_part_signature
from sandbox.pki.certificates import Issued
from sandbox.pki.token import sign_with
from tests.foreign_signer import D
from tests.unit.signing.conftest import PIN, TAX_CODE, Desk

DOCUMENT = (
    '<Hoso xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><NoiDung><Ten>Nguyễn Thị Hương</Ten><Luong>9</Luong></NoiDung></Hoso>'
).encode()


@pytest.fixture
def people(desk: Desk) -> dict[str, Issued]:
    issue = desk.authority.issue_leaf
    return {
        "employer": desk.employer,
        "worker": issue("worker", name="NGUYỄN THỊ HƯƠNG", uids=("CCCD:001190000009",)),
        "agency": issue("agency", name="CƠ QUAN BẢO HIỂM", uids=("MST:0100109107",)),
    }


def sign(desk: Desk, people: dict[str, Issued], *roles: str, document: bytes = DOCUMENT) -> bytes:
    for role in roles:
        prepared = prepare_part_signature(document, profile=HOSO_SEVERAL, role=role, certificate=people[role].der, at=desk.at)
        document = complete_signature(prepared, sign_with(people[role].key, prepared.to_sign))
    return document


def verify(desk: Desk, data: bytes) -> VerifiedPart:
    return verify_several(data, profile=HOSO_SEVERAL, anchors=desk.trust.anchors, at=desk.at)


@pytest.mark.parametrize("order", [("employer",), *permutations(("employer", "worker")), *permutations(("employer", "worker", "agency"))])
def test_each_signs_in_any_order(desk: Desk, people: dict[str, Issued], order: tuple[str, ...]) -> None:
    found = verify(desk, sign(desk, people, *order))
    assert set(found.by_role) == set(order)
    assert found.by_role["employer"].signer.tax_code == TAX_CODE and found.by_role["employer"].signer.pin == PIN
    assert {role: one.profile_name for role, one in found.by_role.items()} == {role: f"hoso_several.{role}" for role in order}
    part = etree.fromstring(found.signed_xml)
    assert (part.tag, part.findtext("Ten"), part.get("Id")) == ("NoiDung", "Nguyễn Thị Hương", "NoiDung")
    assert all(one.signed_xml == found.signed_xml and one.claimed_signed_at == desk.at for one in found.by_role.values())


def test_signing_twice_in_one_place_is_refused(desk: Desk, people: dict[str, Issued], refused: Callable[..., str]) -> None:
    assert refused(lambda: sign(desk, people, "employer", "employer")) == "SIG-030"


def test_a_comment_in_a_value_cannot_cut_it(desk: Desk, people: dict[str, Issued]) -> None:
    data = sign(desk, people, "employer", "worker").replace("Nguyễn ".encode(), "Nguyễn <!-- -->".encode())
    assert etree.fromstring(verify(desk, data).signed_xml).findtext("Ten") == "Nguyễn Thị Hương"


def test_what_stands_beside_the_part_is_not_handed_on(desk: Desk, people: dict[str, Issued]) -> None:
    data = sign(desk, people, "employer").replace(b"</Hoso>", b"<Ten>EVIL</Ten></Hoso>")
    assert b"EVIL" not in verify(desk, data).signed_xml


Change = Callable[[etree._Element], None]


def _part(root: etree._Element) -> etree._Element:
    found = root.find("NoiDung")
    assert found is not None
    return found


def _place(root: etree._Element, name: str) -> etree._Element:
    found = root.find(f"CacChuKy/{name}")
    assert found is not None
    return found


def value_changed(root: etree._Element) -> None:
    _part(root)[1].text = "99"


def part_replaced(root: etree._Element) -> None:
    """The signed part moved aside, another in its place without an Id."""
    good = _part(root)
    evil = etree.fromstring("<NoiDung><Ten>EVIL</Ten></NoiDung>")
    good.addprevious(evil)
    etree.SubElement(root, "Them").append(good)


def part_replaced_with_the_id(root: etree._Element) -> None:
    part_replaced(root)
    _part(root).set("Id", "NoiDung")


def part_replaced_with_another_kind_of_id(root: etree._Element) -> None:
    part_replaced(root)
    _part(root).set("ID", "NoiDung")


def second_part(root: etree._Element) -> None:
    _part(root).addnext(etree.fromstring("<NoiDung><Ten>EVIL</Ten></NoiDung>"))


def employer_left_out(root: etree._Element) -> None:
    _place(root, "CKy_Dvi").clear()


def signature_elsewhere(root: etree._Element) -> None:
    root.append(copy.deepcopy(_place(root, "CKy_NLD")[0]))


def signature_inside_the_part(root: etree._Element) -> None:
    _part(root).append(_place(root, "CKy_NLD")[0])


def two_in_one_place(root: etree._Element) -> None:
    place = _place(root, "CKy_NLD")
    place.append(copy.deepcopy(place[0]))


def two_places(root: etree._Element) -> None:
    place = _place(root, "CKy_NLD")
    place.addnext(copy.deepcopy(place))


def certificate_taken_out(root: etree._Element) -> None:
    found = next(_place(root, "CKy_NLD").iter(f"{D}X509Certificate"))
    found.getparent().remove(found)  # type: ignore[union-attr]


def whole_root_referenced(root: etree._Element) -> None:
    next(_place(root, "CKy_NLD").iter(f"{D}Reference")).set("URI", "")


def nothing_of_the_part_referenced(root: etree._Element) -> None:
    references = list(_place(root, "CKy_NLD").iter(f"{D}Reference"))
    references[0].set("URI", references[1].get("URI") or "")


ATTACKS: dict[str, tuple[Change, str]] = {
    "value changed": (value_changed, "SIG-010"),
    "part replaced": (part_replaced, "SIG-009"),
    "part replaced, with the Id": (part_replaced_with_the_id, "SIG-009"),
    "part replaced, the Id by another attribute": (part_replaced_with_another_kind_of_id, "SIG-009"),
    "second part": (second_part, "SIG-012"),
    "employer left out": (employer_left_out, "SIG-007"),
    "signature elsewhere": (signature_elsewhere, "SIG-008"),
    "signature inside the part": (signature_inside_the_part, "SIG-008"),
    "two in one place": (two_in_one_place, "SIG-008"),
    "two places": (two_places, "SIG-008"),
    "no certificate": (certificate_taken_out, "SIG-011"),
    "the whole root referenced": (whole_root_referenced, "SIG-012"),
    "the part not referenced": (nothing_of_the_part_referenced, "SIG-009"),
}


@pytest.mark.parametrize(("change", "code"), ATTACKS.values(), ids=ATTACKS.keys())
def test_attack_on_several_is_refused(
    desk: Desk, people: dict[str, Issued], change: Change, code: str, refused: Callable[..., str]
) -> None:
    root = etree.fromstring(sign(desk, people, "employer", "worker"))
    change(root)
    data = etree.tostring(root)
    assert refused(lambda: verify(desk, data)) == code


def test_one_poor_certificate_refuses_the_document(desk: Desk, people: dict[str, Issued], refused: Callable[..., str]) -> None:
    people["worker"] = desk.authority.leaf("unknown-ca")
    data = sign(desk, people, "employer", "worker")
    assert refused(lambda: verify(desk, data)) == "SIG-024"


def test_swapped_places_swap_the_signers_and_nothing_else(desk: Desk, people: dict[str, Issued]) -> None:
    """A place is not signed: who must sign where is the caller's question, and the answer says who did."""
    root = etree.fromstring(sign(desk, people, "employer", "worker"))
    employer, worker = _place(root, "CKy_Dvi"), _place(root, "CKy_NLD")
    first, second = employer[0], worker[0]
    employer.append(second)
    worker.append(first)
    found = verify(desk, etree.tostring(root))
    assert (found.by_role["employer"].signer.pin, found.by_role["worker"].signer.tax_code) == ("001190000009", TAX_CODE)
