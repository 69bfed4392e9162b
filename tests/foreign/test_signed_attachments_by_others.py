"""PDFs signed by their filers: what openssl, poppler and mupdf say of them, and where we refuse what they let pass."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bhxh.signing.pdf_signatures import verify_pdf
from bhxh.signing.status import Answer, Conclusion, SignatureStatus
from bhxh.signing.trust import TrustList
from sandbox.pki.authority import Authority, issue_employer_certificate, open_authority
from tests.other_programs import needs
from tests.signing_kit import AskedDirectly, appended, blank_pdf, draw_over, sign_pdf
from tools.foreign import openssl, page_readers
from tools.foreign.spoiling import flipped

NAME = "CÔNG TY TNHH VÍ DỤ"


@dataclass(frozen=True)
class Desk:
    """An authority, and a contract that an employer signed."""

    authority: Authority
    signed: bytes

    @property
    def root(self) -> Path:
        return self.authority.trust_folder / "sandbox-root.pem"

    def ours(self, pdf: bytes) -> SignatureStatus:
        trust, asked = TrustList.load(self.authority.trust_folder), AskedDirectly(self.authority)
        [found] = verify_pdf(pdf, trust=trust, at=datetime.now(UTC) + timedelta(minutes=1), revocation=asked, budget_s=5.0)
        return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    authority = open_authority(tmp_path_factory.mktemp("pki"))
    issue_employer_certificate(authority.folder, "0100109106", NAME)
    return Desk(authority, sign_pdf(blank_pdf(), authority.leaf("employer-0100109106"), authority))


def test_all_agree_on_a_good_one(desk: Desk) -> None:
    needs("openssl", "pdfsig", "mutool")
    assert openssl.page(desk.signed, desk.root).holds
    assert page_readers.pdfsig(desk.signed, signer=NAME).holds
    assert page_readers.mutool(desk.signed).holds
    assert desk.ours(desk.signed).conclusion is Conclusion.GOOD


def test_all_refuse_a_changed_byte(desk: Desk) -> None:
    needs("openssl", "pdfsig", "mutool")
    changed = flipped(desk.signed, desk.signed.index(b"Hop dong") + 2)
    assert not openssl.page(changed, desk.root).holds
    assert not page_readers.pdfsig(changed, signer=NAME).holds
    assert not page_readers.mutool(changed).holds
    assert desk.ours(changed).intact is Answer.NO


def test_what_is_drawn_over_a_signed_page_they_call_valid_and_grown_and_we_refuse(desk: Desk) -> None:
    """The cryptography holds for what was signed: only who asks for the whole file is not fooled."""
    needs("openssl", "pdfsig", "mutool")
    overlaid = appended(desk.signed, draw_over)
    assert openssl.page(overlaid, desk.root).holds
    assert page_readers.pdfsig(overlaid, signer=NAME, is_whole=False).holds and not page_readers.pdfsig(overlaid, signer=NAME).holds
    assert page_readers.mutool(overlaid, is_whole=False).holds and not page_readers.mutool(overlaid).holds
    found = desk.ours(overlaid)
    assert found.intact is Answer.NO and found.conclusion is not Conclusion.GOOD


def test_who_is_unknown_to_the_authorities_is_refused_by_whoever_asks_for_the_path(desk: Desk, tmp_path: Path) -> None:
    needs("openssl")
    strangers = open_authority(tmp_path / "strangers")
    issue_employer_certificate(strangers.folder, "0100109106", NAME)
    signed = sign_pdf(blank_pdf(), strangers.leaf("employer-0100109106"), strangers)
    assert openssl.page(signed, strangers.trust_folder / "sandbox-root.pem").holds
    assert not openssl.page(signed, desk.root).holds
    assert desk.ours(signed).trusted is not Answer.YES
