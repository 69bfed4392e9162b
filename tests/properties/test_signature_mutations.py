"""Whatever is done to a signed list: our own refusal, quickly, with nothing opened or called; or exactly what was signed, by whom it was."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from signxml.xades.xades import XAdESSignatureConfiguration

from bhxh.kernel.errors import Invalid
from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.signers import read_certificate
from bhxh.signing.trust import TrustList
from bhxh.signing.usage import AUTHORITY_POLICY, SIGNER_POLICY
from bhxh.signing.xades import VerifiedXml, complete_signature, prepare_signature, verify_xades
from bhxh.signing.xades_verifier import HeldVerifier
from bhxh.signing.xml_door import hardened_parser
from sandbox.pki.authority import issue_employer_certificate, open_authority
from sandbox.pki.token import sign_with
from tests.canary import Canary
from tests.properties.signature_mutations import MUTATIONS, Materials, Mutation, other_spelling

AT = datetime.now(UTC)
SEEDS = 20
"""For each way; 340 spoilt lists in all."""


@dataclass(frozen=True)
class Office:
    materials: Materials
    trust: TrustList
    canary: Canary
    originals: set[tuple[bytes, str]] = field(default_factory=set)
    """What was signed, and by which certificate."""

    def verify(self, data: bytes) -> VerifiedXml:
        return verify_xades(data, profile=HOSO_UNIT, anchors=self.trust.anchors, at=AT)


def _list(month: str, workers: int) -> bytes:
    lines = "".join(f"<NguoiLD><Ten>Nguyễn Thị Hương</Ten><So>{n}</So><Luong>9500000</Luong></NguoiLD>\n" for n in range(workers))
    return f'<Hoso Id="goc" Ky="{month}">\n{lines}<CKy_Dvi/></Hoso>'.encode()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("mutations")

    def signed(document: bytes, tax_code: str) -> bytes:
        der, key = issue_employer_certificate(folder / "pki", tax_code, "CÔNG TY")
        prepared = prepare_signature(document, profile=HOSO_UNIT, certificate=der, at=AT)
        return complete_signature(prepared, sign_with(key, prepared.to_sign))

    canary = Canary(folder)
    materials = Materials(
        list_a=signed(_list("2026-11", 32), "0100109106"),
        list_b=signed(_list("2026-12", 3), "0100109106"),
        strangers=signed(_list("2026-11", 32), "0300588569"),
        file=str(canary.file),
        url=canary.url,
    )
    made = Office(materials, TrustList.load(open_authority(folder / "pki").trust_folder), canary)
    for found in map(made.verify, (materials.list_a, materials.list_b, materials.strangers)):
        made.originals.add((found.signed_xml, found.signer.sha256))
    yield made
    canary.close()


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_refused_or_what_was_signed(office: Office, mutation: Mutation, seed: int) -> None:
    spoilt = mutation(random.Random(f"{mutation.__name__} {seed}"), office.materials)
    with office.canary.nothing_happens(f"{mutation.__name__} {seed}"):
        try:
            found = office.verify(spoilt)
        except Invalid as refusal:
            assert refusal.code.startswith("SIG-0") and refusal.text("vi") and refusal.text("en")
            return
    assert (found.signed_xml, found.signer.sha256) in office.originals
    assert _by_signxml_alone(office, spoilt) == found.signed_xml


def test_spellings_that_change_nothing_are_accepted(office: Office) -> None:
    """WHY: a verifier that refuses everything would pass the test above."""
    honest = office.verify(office.materials.list_a).signed_xml
    accepted = 0
    for seed in range(60):
        try:
            spelt = other_spelling(random.Random(seed), office.materials)
            accepted += office.verify(spelt).signed_xml == honest == _by_signxml_alone(office, spelt)
        except Invalid:
            continue
    assert accepted >= 10


def _by_signxml_alone(office: Office, data: bytes) -> bytes:
    """What signxml finds digested when it reads the document its own way, with its own copies of the tree."""
    verifier = HeldVerifier([read_certificate(anchor) for anchor in office.trust.anchors])
    settings = XAdESSignatureConfiguration(location="./CKy_Dvi/", expect_references=3, verification_time=AT)
    results = verifier.verify(data, parser=hardened_parser(), expect_config=settings, ee_policy=SIGNER_POLICY, ca_policy=AUTHORITY_POLICY)
    return next(bytes(result.signed_data) for result in results if result.signed_xml is not None and result.signed_xml.tag == "Hoso")
