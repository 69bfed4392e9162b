"""What people try with XML signatures; each row one attack and the answer it gets."""

import copy
import textwrap
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod

from bhxh.kernel.errors import Invalid
from bhxh.signing.certificates import check_certificate
from bhxh.signing.signature_shape import DS, XADES
from bhxh.signing.signers import signer_of
from bhxh.signing.xades_signing import _Signer
from bhxh.signing.xml_door import serialise
from sandbox.pki.certificates import issue, subject
from tests.unit.signing.conftest import DOCUMENT, PIN, TAX_CODE, Desk

D = f"{{{DS}}}"


def _freely(desk: Desk, document: bytes, *, by: list[x509.Certificate], key: Any, **options: Any) -> bytes:
    """A signature made by a tool that does what the attacker wants."""
    root = etree.fromstring(document)
    holder = root.find("./CKy_Dvi")
    holder = etree.SubElement(root, "CKy_Dvi") if holder is None else holder
    etree.SubElement(holder, f"{D}Signature", nsmap={"ds": DS}).set("Id", "placeholder")
    signer = _Signer(desk.at, options.pop("method", SignatureMethod.ECDSA_SHA256))
    if "c14n" in options:
        signer.c14n_alg = options.pop("c14n")
    named, names_by = options.pop("named", by), options.pop("names_by", signer.digest_alg)
    plainly = signer.add_signing_certificate

    def name(node: Any, sig_root: Any, signing_settings: Any) -> None:
        signer.digest_alg, usual = names_by, signer.digest_alg
        plainly(node, sig_root, replace(signing_settings, cert_chain=named))
        signer.digest_alg = usual

    steps = signer.signed_signature_properties_annotators
    signer.signed_signature_properties_annotators = [name if step == plainly else step for step in steps]
    if options.pop("without_key_info_reference", False):
        add = signer._add_reference_to_signed_info
        signer._add_reference_to_signed_info = lambda sig, node, **attrs: add(sig, node, **attrs) if attrs else None
    return serialise(signer.sign(root, key=key, cert=by, always_add_key_value=False, **options))


def _edited(data: bytes, change: Callable[[etree._Element], None]) -> bytes:
    root = etree.fromstring(data)
    change(root)
    return serialise(root)


def _signature(root: etree._Element) -> etree._Element:
    found = root.find(f"./CKy_Dvi/{D}Signature")
    assert found is not None
    return found


def wrapping(desk: Desk) -> bytes:
    good = etree.fromstring(desk.sign())
    signature = _signature(good)
    evil = etree.fromstring(b"<Hoso><NguoiLD>EVIL</NguoiLD><CKy_Dvi/><Them/></Hoso>")
    evil[1].append(copy.deepcopy(signature))
    signature.getparent().remove(signature)  # type: ignore[union-attr]
    evil[2].append(good)
    return serialise(evil)


def wrapping_with_the_same_id(desk: Desk) -> bytes:
    return _edited(wrapping(desk), lambda root: root.set("Id", "goc"))


def wrapping_with_another_kind_of_id(desk: Desk) -> bytes:
    return _edited(wrapping(desk), lambda root: root.set("ID", "goc"))


def many_certificates(desk: Desk) -> bytes:
    def stuff(root: etree._Element) -> None:
        first = next(root.iter(f"{D}X509Certificate"))
        for _ in range(50):
            first.addnext(copy.deepcopy(first))

    return _edited(desk.sign(), stuff)


def many_parts(desk: Desk) -> bytes:
    """Not signed where KeyInfo is not, so any holder of a signed list could add them."""
    return desk.sign().replace(b"</ds:KeyInfo>", b"<ds:X509Data/>" * 200_000 + b"</ds:KeyInfo>")


def wrapping_inside_the_signature(desk: Desk) -> bytes:
    def move(root: etree._Element) -> None:
        signature = _signature(root)
        original = copy.deepcopy(root)
        inner = _signature(original)
        inner.getparent().remove(inner)  # type: ignore[union-attr]
        etree.SubElement(signature, f"{D}Object").append(original)
        root.set("Id", "khac")
        root.find("./NguoiLD").text = "EVIL"  # type: ignore[union-attr]

    return _edited(desk.sign(), move)


def duplicate_id(desk: Desk) -> bytes:
    return _edited(desk.sign(), lambda root: etree.SubElement(root, "Them").set("Id", "goc"))


def only_a_side_element(desk: Desk) -> bytes:
    document = b'<Hoso><NguoiLD>EVIL</NguoiLD><Phu Id="phu">GOOD</Phu><CKy_Dvi/></Hoso>'
    return _freely(desk, document, by=[desk.employer.certificate], key=desk.employer.key, reference_uri="#phu")


def changed_value(desk: Desk) -> bytes:
    return desk.sign().replace("Hương".encode(), "Hường".encode())


def added_element(desk: Desk) -> bytes:
    return _edited(desk.sign(), lambda root: root.insert(0, etree.Element("Them")))


def changed_signing_time(desk: Desk) -> bytes:
    def change(root: etree._Element) -> None:
        next(root.iter(f"{{{XADES}}}SigningTime")).text = "2020-01-01T00:00:00+00:00"

    return _edited(desk.sign(), change)


def no_certificate(desk: Desk) -> bytes:
    def strip(root: etree._Element) -> None:
        data = _signature(root).find(f"./{D}KeyInfo/{D}X509Data")
        assert data is not None
        data.getparent().remove(data)  # type: ignore[union-attr]

    return _edited(desk.sign(), strip)


def garbage_certificate(desk: Desk) -> bytes:
    def spoil(root: etree._Element) -> None:
        next(root.iter(f"{D}X509Certificate")).text = "QUJD"

    return _edited(desk.sign(), spoil)


def self_signed_look_alike(desk: Desk) -> bytes:
    twin = issue(desk.employer.certificate.subject, issuer=None, from_at=desk.at - timedelta(days=1), days=30, is_signer=True)
    return desk.sign(by=twin)


def look_alike_of_the_authority(desk: Desk) -> bytes:
    fake = issue(
        desk.authority.ca("issuing").certificate.subject, issuer=None, from_at=desk.at - timedelta(days=1), days=30, is_authority=True
    )
    mine = issue(desk.employer.certificate.subject, issuer=fake, from_at=desk.at - timedelta(days=1), days=30, is_signer=True)
    return _freely(desk, DOCUMENT, by=[mine.certificate, fake.certificate], key=mine.key)


def issued_by_a_leaf(desk: Desk) -> bytes:
    below = issue(
        subject("CON", uids=(f"MST:{TAX_CODE}",)), issuer=desk.employer, from_at=desk.at - timedelta(days=1), days=30, is_signer=True
    )
    return _freely(desk, DOCUMENT, by=[below.certificate, desk.employer.certificate], key=below.key)


def another_name_on_the_same_key(desk: Desk) -> bytes:
    """A certificate of the signer's own making, with their key and another firm's tax code, in front of the real one."""
    other = issue(
        subject("KHÁC", uids=("MST:0300588569",)),
        issuer=None,
        from_at=desk.at - timedelta(days=1),
        days=30,
        is_signer=True,
        key=desk.employer.key,
    )
    return _freely(desk, DOCUMENT, by=[other.certificate, desk.employer.certificate], key=desk.employer.key)


def _by_service(name: str) -> Callable[[Desk], bytes]:
    return lambda desk: desk.sign(by=desk.authority.ca(name))


def time_stamper_with_all_usages(desk: Desk) -> bytes:
    service = issue(
        subject("TSA"),
        issuer=desk.authority.ca("issuing"),
        from_at=desk.at - timedelta(days=1),
        days=30,
        is_signer=True,
        usage=ExtendedKeyUsageOID.TIME_STAMPING,
    )
    return desk.sign(by=service)


def external_reference(desk: Desk) -> bytes:
    def point_out(root: etree._Element) -> None:
        next(_signature(root).iter(f"{D}Reference")).set("URI", "file:///etc/passwd")

    return _edited(desk.sign(), point_out)


def an_xslt_transform(desk: Desk) -> bytes:
    def add(root: etree._Element) -> None:
        transforms = next(_signature(root).iter(f"{D}Transforms"))
        etree.SubElement(transforms, f"{D}Transform").set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")

    return _edited(desk.sign(), add)


def exclusive_c14n(desk: Desk) -> bytes:
    c14n = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
    return _freely(desk, DOCUMENT, by=[desk.employer.certificate], key=desk.employer.key, c14n=c14n)


def _method(algorithm: str) -> Callable[[Desk], bytes]:
    def change(root: etree._Element) -> None:
        next(root.iter(f"{D}SignatureMethod")).set("Algorithm", algorithm)

    return lambda desk: _edited(desk.sign(), change)


def _entities(dtd: bytes) -> Callable[[Desk], bytes]:
    return lambda desk: desk.sign().replace(b"?>", b"?>" + dtd, 1)


def two_signatures(desk: Desk) -> bytes:
    def double(root: etree._Element) -> None:
        etree.SubElement(root, "CKy_Khac").append(copy.deepcopy(_signature(root)))

    return _edited(desk.sign(), double)


def elsewhere(desk: Desk) -> bytes:
    def move(root: etree._Element) -> None:
        root.append(_signature(root))

    return _edited(desk.sign(), move)


def two_places(desk: Desk) -> bytes:
    return _edited(desk.sign(), lambda root: root.insert(0, etree.Element("CKy_Dvi")))


def another_root(desk: Desk) -> bytes:
    return desk.sign().replace(b"<Hoso", b"<HoSo").replace(b"</Hoso", b"</HoSo")


def not_signed(desk: Desk) -> bytes:
    return DOCUMENT


def empty_value(desk: Desk) -> bytes:
    def clear(root: etree._Element) -> None:
        next(root.iter(f"{D}SignatureValue")).text = ""

    return _edited(desk.sign(), clear)


def value_that_is_no_base64(desk: Desk) -> bytes:
    def spoil(root: etree._Element) -> None:
        next(root.iter(f"{D}SignatureValue")).text = "Xin chào"

    return _edited(desk.sign(), spoil)


def unknown_digest(desk: Desk) -> bytes:
    def change(root: etree._Element) -> None:
        next(root.iter(f"{D}DigestMethod")).set("Algorithm", "http://www.w3.org/2001/04/xmlenc#sha-unknown")

    return _edited(desk.sign(), change)


def reference_without_uri(desk: Desk) -> bytes:
    def strip(root: etree._Element) -> None:
        del next(_signature(root).iter(f"{D}Reference")).attrib["URI"]

    return _edited(desk.sign(), strip)


def signed_properties_of_another_certificate(desk: Desk) -> bytes:
    """Rightly signed by the key of one certificate, but the signed properties name another."""
    other = desk.authority.issue_leaf("other-holder", name="KHÁC", uids=("MST:0300588569",))
    return _freely(desk, DOCUMENT, by=[desk.employer.certificate], key=desk.employer.key, named=[other.certificate])


def signed_properties_of_no_certificate(desk: Desk) -> bytes:
    """WHY it matters: where KeyInfo is not signed either, nothing ties the signature to this of the key's certificates."""
    return _freely(desk, DOCUMENT, by=[desk.employer.certificate], key=desk.employer.key, named=[], without_key_info_reference=True)


def certificate_named_by_sha1(desk: Desk) -> bytes:
    return _freely(desk, DOCUMENT, by=[desk.employer.certificate], key=desk.employer.key, names_by=DigestAlgorithm.SHA1)


def without_signed_properties(desk: Desk) -> bytes:
    def drop(root: etree._Element) -> None:
        held = _signature(root).find(f"./{D}Object")
        assert held is not None
        _signature(root).remove(held)

    return _edited(desk.sign(), drop)


ATTACKS: dict[str, tuple[Callable[[Desk], bytes], str]] = {
    "wrapping": (wrapping, "SIG-012"),
    "wrapping, evil root takes the Id": (wrapping_with_the_same_id, "SIG-009"),
    "wrapping, evil root takes the Id by another attribute": (wrapping_with_another_kind_of_id, "SIG-012"),
    "fifty certificates": (many_certificates, "SIG-009"),
    "two hundred thousand parts": (many_parts, "SIG-009"),
    "wrapping, original hidden in the signature": (wrapping_inside_the_signature, "SIG-009"),
    "duplicate Id": (duplicate_id, "SIG-009"),
    "only a side element signed": (only_a_side_element, "SIG-012"),
    "value changed": (changed_value, "SIG-010"),
    "element added": (added_element, "SIG-010"),
    "signing time changed": (changed_signing_time, "SIG-010"),
    "no certificate": (no_certificate, "SIG-011"),
    "garbage as certificate": (garbage_certificate, "SIG-009"),
    "self-signed look-alike": (self_signed_look_alike, "SIG-024"),
    "look-alike of the authority": (look_alike_of_the_authority, "SIG-024"),
    "issued by a leaf": (issued_by_a_leaf, "SIG-010"),
    "another name on the same key": (another_name_on_the_same_key, "SIG-010"),
    "signed by a time-stamping authority": (_by_service("tsa"), "SIG-023"),
    "signed by a time-stamping authority with non-repudiation": (time_stamper_with_all_usages, "SIG-023"),
    "signed by an OCSP responder": (_by_service("ocsp-issuing"), "SIG-023"),
    "signed by an authority": (_by_service("issuing"), "SIG-023"),
    "signed by the root": (_by_service("root"), "SIG-023"),
    "external reference": (external_reference, "SIG-012"),
    "XSLT transform": (an_xslt_transform, "SIG-009"),
    "exclusive canonicalisation": (exclusive_c14n, "SIG-009"),
    "HMAC": (_method("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"), "SIG-009"),
    "SHA-1": (_method("http://www.w3.org/2000/09/xmldsig#rsa-sha1"), "SIG-009"),
    "method of another key": (_method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"), "SIG-009"),
    "entity bomb": (_entities(b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'), "SIG-002"),
    "external entity": (_entities(b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'), "SIG-002"),
    "external DTD": (_entities(b'<!DOCTYPE Hoso SYSTEM "http://127.0.0.1/x.dtd">'), "SIG-002"),
    "two signatures": (two_signatures, "SIG-008"),
    "signature elsewhere": (elsewhere, "SIG-007"),
    "two places for it": (two_places, "SIG-007"),
    "another root": (another_root, "SIG-012"),
    "not signed": (not_signed, "SIG-007"),
    "empty value": (empty_value, "SIG-009"),
    "value is no Base64": (value_that_is_no_base64, "SIG-009"),
    "unknown digest": (unknown_digest, "SIG-009"),
    "reference without URI": (reference_without_uri, "SIG-012"),
    "signed properties name another certificate": (signed_properties_of_another_certificate, "SIG-010"),
    "signed properties name no certificate": (signed_properties_of_no_certificate, "SIG-009"),
    "certificate named by SHA-1": (certificate_named_by_sha1, "SIG-009"),
    "without signed properties": (without_signed_properties, "SIG-012"),
}


@pytest.mark.parametrize(("attack", "code"), ATTACKS.values(), ids=ATTACKS.keys())
def test_attack_is_refused(desk: Desk, attack: Callable[[Desk], bytes], code: str, refused: Callable[..., str]) -> None:
    data = attack(desk)
    assert refused(lambda: desk.verify(data)) == code


@pytest.mark.parametrize(
    ("label", "code"), [("expired", "SIG-020"), ("not-yet-valid", "SIG-021"), ("wrong-usage", "SIG-023"), ("unknown-ca", "SIG-024")]
)
def test_bad_certificate_is_named(desk: Desk, label: str, code: str, refused: Callable[..., str]) -> None:
    data = desk.sign(by=desk.authority.leaf(label))
    assert refused(lambda: desk.verify(data)) == code


KEYS: dict[str, tuple[Callable[[], Any], SignatureMethod, str]] = {
    "RSA-1024": (lambda: rsa.generate_private_key(65537, 1024), SignatureMethod.RSA_SHA256, "SIG-032"),
    "RSA-2047": (lambda: rsa.generate_private_key(65537, 2047), SignatureMethod.RSA_SHA256, "SIG-032"),
    "RSA-2048": (lambda: rsa.generate_private_key(65537, 2048), SignatureMethod.RSA_SHA256, ""),
    "RSA-3072 with SHA-512": (lambda: rsa.generate_private_key(65537, 3072), SignatureMethod.RSA_SHA512, ""),
    "P-256 with SHA-512": (lambda: ec.generate_private_key(ec.SECP256R1()), SignatureMethod.ECDSA_SHA512, ""),
    "P-384": (lambda: ec.generate_private_key(ec.SECP384R1()), SignatureMethod.ECDSA_SHA384, ""),
    "P-224": (lambda: ec.generate_private_key(ec.SECP224R1()), SignatureMethod.ECDSA_SHA256, "SIG-032"),
    "P-521": (lambda: ec.generate_private_key(ec.SECP521R1()), SignatureMethod.ECDSA_SHA512, "SIG-032"),
    "secp256k1": (lambda: ec.generate_private_key(ec.SECP256K1()), SignatureMethod.ECDSA_SHA256, "SIG-032"),
    "brainpool": (lambda: ec.generate_private_key(ec.BrainpoolP256R1()), SignatureMethod.ECDSA_SHA256, "SIG-032"),
}


@pytest.mark.parametrize(("make", "method", "code"), KEYS.values(), ids=KEYS.keys())
def test_a_licensed_certificate_with_a_poor_key_signs_nothing(
    desk: Desk, make: Callable[[], Any], method: SignatureMethod, code: str, refused: Callable[..., str]
) -> None:
    """The authority was careless; the signature itself is right."""
    issuing = desk.authority.ca("issuing")
    made = issue(
        subject("ĐƠN VỊ", uids=(f"MST:{TAX_CODE}",)),
        issuer=issuing,
        from_at=desk.at - timedelta(days=1),
        days=30,
        is_signer=True,
        key=make(),
    )
    data = _freely(desk, DOCUMENT, by=[made.certificate], key=made.key, method=method)
    if not code:
        assert desk.verify(data).signer.tax_code == TAX_CODE
        return
    assert refused(lambda: desk.verify(data)) == code
    silent: Any = None  # never asked: the key is looked at first
    signer = signer_of(made.certificate)
    assert refused(lambda: check_certificate(signer=signer, trust=desk.trust, at=desk.at, revocation=silent, budget_s=1.0)) == code


def test_a_good_one_passes(desk: Desk) -> None:
    found = desk.verify(desk.sign())
    assert found.signer.tax_code == TAX_CODE and found.signer.pin == PIN
    assert found.claimed_signed_at == desk.at and found.profile_name == "hoso_unit"
    assert etree.fromstring(found.signed_xml).findtext("NguoiLD") == "Nguyễn Thị Hương"
    assert b"Signature" not in found.signed_xml


def test_a_comment_in_a_value_cannot_cut_it(desk: Desk) -> None:
    data = desk.sign().replace("Nguyễn Thị Hương".encode(), "Nguyễn <!-- -->Thị Hương".encode())
    assert etree.fromstring(data).findtext("NguoiLD") == "Nguyễn "  # what a naive reader sees
    assert etree.fromstring(desk.verify(data).signed_xml).findtext("NguoiLD") == "Nguyễn Thị Hương"


def test_two_references_as_other_tools_write_them(desk: Desk) -> None:
    data = _freely(desk, DOCUMENT, by=[desk.employer.certificate], key=desk.employer.key, without_key_info_reference=True)
    assert data.count(b"<ds:Reference ") == 2
    assert desk.verify(data).signer.tax_code == TAX_CODE


def test_a_document_without_id_and_with_namespaces(desk: Desk) -> None:
    document = '<Hoso xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><A xsi:type="x">Đỗ</A><CKy_Dvi/></Hoso>'.encode()
    assert "Đỗ".encode() in desk.verify(desk.sign(document)).signed_xml


def test_signature_over_a_large_list_is_quick(desk: Desk) -> None:
    from time import process_time

    document = b"<Hoso>" + b"".join(b"<D><N>%d</N><T>abcdefghijklmnopqrstuvwxyz</T></D>" % n for n in range(4000)) + b"</Hoso>"
    data = desk.sign(document)
    start = process_time()
    desk.verify(data)
    assert process_time() - start < 1.5, "a generous guard for noisy machines; 200 KB takes some 20 ms of CPU"


def test_no_library_writes_the_document_into_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    import logging

    with caplog.at_level(logging.DEBUG):
        desk.verify(desk.sign())
    assert "Hương" not in caplog.text and "VÍ DỤ" not in caplog.text and TAX_CODE not in caplog.text


@pytest.mark.parametrize(
    ("write", "is_read"),
    [
        (lambda letters: letters, True),
        (lambda letters: f"\n    {textwrap.fill(letters, 64)}\n  ", True),
        (lambda letters: "\r\n".join(textwrap.wrap(letters, 76)), True),
        (lambda letters: " \t".join(textwrap.wrap(letters, 5)), True),
        (lambda letters: f"{letters[:64]}\N{NO-BREAK SPACE}{letters[64:]}", True),
        (lambda letters: f"-----BEGIN CERTIFICATE-----\n{textwrap.fill(letters, 64)}\n-----END CERTIFICATE-----\n", False),
        (lambda letters: f"{letters[:64]}-{letters[64:]}", False),
        (lambda letters: f"Kind: plain\n\n{letters}", False),
        (lambda letters: "", False),
    ],
)
def test_a_certificate_is_read_however_its_letters_are_folded(desk: Desk, write: Callable[[str], str], is_read: bool) -> None:
    """Its place in the signature is not signed here, as with many tools; the letters are those of the signer."""
    signed = _freely(desk, DOCUMENT, by=[desk.employer.certificate], key=desk.employer.key, without_key_info_reference=True)

    def fold(root: etree._Element) -> None:
        held = next(root.iter(f"{D}X509Certificate"))
        held.text = write("".join((held.text or "").split()))

    folded = _edited(signed, fold)
    if is_read:
        assert desk.verify(folded).signer == signer_of(desk.employer.certificate)
    else:
        with pytest.raises(Invalid):
            desk.verify(folded)
