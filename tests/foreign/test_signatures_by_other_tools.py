"""Our signatures and seals read by xmlsec1 and openssl, and other people's files read by us."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from bhxh.connectors.revocation.client import HttpRevocationSource
from bhxh.connectors.timestamping import HttpTimeStamper
from bhxh.signing.key_files import FileKeys
from bhxh.signing.profiles import HOSO_SEVERAL, HOSO_UNIT
from bhxh.signing.seals import as_flattened, seal
from bhxh.signing.trust import TrustList
from bhxh.signing.xades import complete_signature, prepare_signature, verify_xades
from bhxh.signing.xades_signing import prepare_part_signature
from sandbox.pki.authority import issue_employer_certificate
from sandbox.pki.service import RunningPki
from sandbox.pki.token import sign_with
from tests.other_programs import needs
from tests.sandbox_fixtures import pki
from tools.foreign import openssl, xml_verifiers
from tools.foreign.programs import NotHereError, Said, run
from tools.foreign.spoiling import last_digit_of_time, letter_of
from tools.foreign.xml_verifiers import SIGNED_IDS

__all__ = ["pki"]

DOCUMENT = '<Hoso xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Ten>Nguyễn Thị Hương</Ten><So>079188000123</So></Hoso>'.encode()


def _signed(pki: RunningPki) -> bytes:
    der, key = issue_employer_certificate(pki.authority.folder, "0100109106", "CÔNG TY TNHH VÍ DỤ")
    prepared = prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=der, at=datetime.now(UTC))
    return complete_signature(prepared, sign_with(key, prepared.to_sign))


def _xmlsec1(pki: RunningPki, xml: bytes) -> Said:
    trust = pki.authority.trust_folder
    return xml_verifiers.xmlsec1(xml, root=trust / "sandbox-root.pem", issuer=trust / "sandbox-issuing.pem")


def test_xmlsec1_accepts_our_signature_and_refuses_a_changed_byte(pki: RunningPki) -> None:
    needs("xmlsec1")
    xml = _signed(pki)
    assert _xmlsec1(pki, xml).holds
    assert not _xmlsec1(pki, xml.replace(b"079188000123", b"079188000124")).holds


def test_npm_xadesjs_accepts_our_signature_and_refuses_changed_ones(pki: RunningPki) -> None:
    """Fetched once, skipped loudly where there is no Node or no registry."""
    xml = _signed(pki)
    try:
        good = xml_verifiers.xadesjs(xml)
    except NotHereError as missing:
        pytest.skip(f"NOT CHECKED by npm xadesjs: {missing}")
    assert good.holds and good.told["references"] == 3, good.words
    for old, new in ((b"079188000123", b"079188000124"), (b"<xades:SigningTime>20", b"<xades:SigningTime>21"), (b"MII", b"MIJ")):
        assert not xml_verifiers.xadesjs(xml.replace(old, new, 1)).holds, old
    place = xml.index(b"</ds:SignatureValue>") - 9
    assert not xml_verifiers.xadesjs(xml[:place] + (b"A" if xml[place : place + 1] != b"A" else b"B") + xml[place + 1 :]).holds


def test_xmlsec1_accepts_each_of_several_signatures_on_its_part(pki: RunningPki) -> None:
    """Each on a copy without the others, as that program looks at the first one it finds."""
    needs("xmlsec1")
    document = "<Hoso><NoiDung><Ten>Nguyễn Thị Hương</Ten></NoiDung></Hoso>".encode()
    for role, tax_code in (("employer", "0100109106"), ("agency", "0100109107")):
        der, key = issue_employer_certificate(pki.authority.folder, tax_code, "CÔNG TY TNHH VÍ DỤ")
        prepared = prepare_part_signature(document, profile=HOSO_SEVERAL, role=role, certificate=der, at=datetime.now(UTC))
        document = complete_signature(prepared, sign_with(key, prepared.to_sign))
    for other in ("CKy_CQ", "CKy_Dvi"):
        root = etree.fromstring(document)
        place = root.find(f"CacChuKy/{other}")
        assert place is not None and len(place) == 1
        place.clear()
        xml = etree.tostring(root)
        assert _xmlsec1(pki, xml).holds
        assert not _xmlsec1(pki, xml.replace(b"Ten>", b"TEN>")).holds


def test_we_accept_a_signature_that_xmlsec1_made(pki: RunningPki, tmp_path: Path) -> None:
    needs("xmlsec1")
    der, _ = issue_employer_certificate(pki.authority.folder, "0100109106", "CÔNG TY TNHH VÍ DỤ")
    at = datetime.now(UTC)
    prepared = prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=der, at=at)
    (tmp_path / "prepared.xml").write_bytes(prepared.xml)
    key = pki.authority.folder / "leaves" / "employer-0100109106.key"
    done = run("xmlsec1", "--sign", "--privkey-pem", key, "--output", tmp_path / "signed.xml", *SIGNED_IDS, tmp_path / "prepared.xml")
    assert done.returncode == 0, done.stderr
    anchors = TrustList.load(pki.authority.trust_folder).anchors
    found = verify_xades((tmp_path / "signed.xml").read_bytes(), profile=HOSO_UNIT, anchors=anchors, at=at)
    assert found.signer.tax_code == "0100109106" and "Hương".encode() in found.signed_xml


def test_openssl_accepts_our_seal_and_refuses_a_changed_byte(tmp_path: Path) -> None:
    needs("openssl")
    keys = FileKeys(tmp_path / "keys", "mof")
    payload = '{"name":"Nguyễn Thị Hương"}'.encode()
    sealed = as_flattened(payload, seal(payload, key=keys.seal_key("book"), type_name="bhxh-book+json"))
    assert openssl.seal(sealed, keys.key_set()).holds
    assert not openssl.seal(letter_of("payload")(sealed), keys.key_set()).holds


def test_openssl_accepts_a_time_stamp_of_the_sandbox(pki: RunningPki) -> None:
    needs("openssl")
    data, root = b"a root of the audit tree", pki.authority.trust_folder / "sandbox-root.pem"
    stamper = HttpTimeStamper(pki.tsa_address)
    token = stamper.stamp(sha256(data).digest())
    stamper.close()
    assert openssl.stamp(token, data, root).holds
    assert not openssl.stamp(token, data + b"s", root).holds
    assert not openssl.stamp(last_digit_of_time(token), data, root).holds


def test_openssl_reads_the_sandbox_ocsp(pki: RunningPki, tmp_path: Path) -> None:
    needs("openssl")
    trust = pki.authority.trust_folder
    issuer, root, source = trust / "sandbox-issuing.pem", trust / "sandbox-root.pem", HttpRevocationSource()
    for label, state in (("revoked-superseded", "revoked"), ("wrong-usage", "good")):
        leaf = pki.authority.leaf(label)
        certificate = tmp_path / f"{label}.pem"
        certificate.write_bytes(leaf.certificate.public_bytes(Encoding.PEM))
        answer = source.fetch(leaf.der, pki.authority.ca("issuing").der, 10.0).content
        assert openssl.revocation_answer(answer, certificate, issuer, root, expected=state).holds
        assert not openssl.revocation_answer(last_digit_of_time(answer), certificate, issuer, root, expected=state).holds
        assert not openssl.revocation_answer(answer, certificate, issuer, root, expected="unknown").holds
    source.close()
