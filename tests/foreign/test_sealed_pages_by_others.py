"""Sealed books, receipts, decisions and extracts judged by other people's tools: openssl, poppler, qpdf; and what PDF/A and PDF/UA ask."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from pyhanko.pdf_utils.reader import PdfFileReader

from bhxh.signing.pdf_archiving import Archivist
from bhxh.signing.pdf_seals import FIELD, seal_pdf
from bhxh.signing.trust import TrustList
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.other_times import AnswersAt, StamperAt
from tests.foreign.test_documents_for_archives import MAKERS, made
from tests.other_programs import needs
from tests.page_seal_kit import OFFICE, certified_keys, judged
from tools.foreign import openssl, page_readers
from tools.foreign.other_years import renewed_at
from tools.foreign.spoiling import flipped

NAMES = ("book, long", "receipt", "decision, officers", "extract")
every_document = pytest.mark.parametrize("name", NAMES)


@dataclass(frozen=True)
class Office:
    """An authority, and pages sealed under it."""

    authority: Authority
    sealed: dict[str, bytes]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    authority = open_authority(tmp_path_factory.mktemp("pki"))
    by = certified_keys(tmp_path_factory.mktemp("keys"), authority).certified("page")
    assert by is not None
    return Office(authority, {name: seal_pdf(made(name), by=by, at=datetime.now(UTC)).content for name in NAMES})


def _root(office: Office) -> Path:
    return office.authority.trust_folder / "sandbox-root.pem"


@every_document
def test_openssl_accepts_the_seal_and_refuses_a_changed_byte(name: str, office: Office) -> None:
    needs("openssl")
    pdf = office.sealed[name]
    assert openssl.page(pdf, _root(office)).holds
    assert not openssl.page(flipped(pdf, pdf.index(b"/Lang") + 4), _root(office)).holds


@every_document
def test_poppler_says_valid_and_whose(name: str, office: Office) -> None:
    needs("pdfsig")
    assert page_readers.pdfsig(office.sealed[name], signer=OFFICE).holds


@every_document
def test_mupdf_says_unchanged(name: str, office: Office) -> None:
    needs("mutool")
    assert page_readers.mutool(office.sealed[name]).holds


@every_document
def test_qpdf_has_nothing_against_it(name: str, office: Office) -> None:
    needs("qpdf")
    assert page_readers.qpdf(office.sealed[name]).holds


@every_document
def test_pyhanko_accepts_it(name: str, office: Office) -> None:
    assert judged(office.sealed[name], office.authority).bottom_line


@every_document
def test_it_is_still_for_archives_and_for_who_listens(name: str, office: Office) -> None:
    """ISO 19005-3, 6.3, 6.4.1, 6.6; ISO 14289-1, 7.18: the seal shows nothing, prints nothing, hides nothing; metadata are untouched."""
    before, after = PdfFileReader(BytesIO(made(name))), PdfFileReader(BytesIO(office.sealed[name]))
    assert after.root["/Metadata"].data == before.root["/Metadata"].data
    assert dict(after.trailer["/Info"]) == dict(before.trailer["/Info"])
    conformance = etree.fromstring(after.root["/Metadata"].data).xpath("//*[local-name()='conformance']/text()")
    assert conformance == ["A"]
    form = after.root["/AcroForm"]
    assert "/XFA" not in form and "/NeedAppearances" not in form
    [field] = form["/Fields"]
    widget = field.get_object()
    assert (widget["/FT"], str(widget["/T"])) == ("/Sig", FIELD)
    assert widget["/TU"], "who listens hears what it is"
    left, bottom, right, top = (float(side) for side in widget["/Rect"])
    assert (left, bottom) == (right, top) and left < 0, "no size, and outside the page: it need not be in the structure"
    flags = int(widget["/F"])
    assert flags & 4 and not flags & (1 | 2 | 32), "printable, not invisible, not hidden, not NoView"
    assert "/AA" not in widget and "/A" not in widget
    page = widget["/P"]
    assert page["/Tabs"] == "/S"
    assert "/AF" in after.root and MAKERS[name][1] in str(after.root["/Names"]["/EmbeddedFiles"]["/Names"])


def test_openssl_travels_in_time_with_an_archive_copy(office: Office) -> None:
    """It holds in 2031 after the seal's certificate ended, is lost in 2036 without a renewal, and holds with one: by openssl alone."""
    needs("openssl", "qpdf")
    today = datetime.now(UTC).replace(microsecond=0)
    in_five, in_ten = today + timedelta(days=5 * 365), today + timedelta(days=10 * 365)
    trust = TrustList.load(office.authority.trust_folder)
    archivist = Archivist(StamperAt(office.authority, today), AnswersAt(office.authority, today), lambda: trust)
    copy = archivist.archive(office.sealed["receipt"], at=today)
    renewed = renewed_at(in_five, copy, office.authority)
    assert page_readers.qpdf(copy).holds and page_readers.qpdf(renewed).holds
    assert not openssl.page(copy, _root(office), at=in_five).holds, "the seal alone has ended"
    holds = {
        (name, at.year - today.year): openssl.archive_copy(pdf, _root(office), at=at).holds
        for name, pdf in (("copy", copy), ("renewed", renewed))
        for at in (today, in_five, in_ten)
    }
    assert {one for one, is_so in holds.items() if is_so} == {("copy", 0), ("copy", 5), ("renewed", 5), ("renewed", 10)}
    for marker, offset in ((b"/Lang", 4), (b"/DSS", 2)):
        changed = flipped(renewed, renewed.index(marker) + offset)
        assert not openssl.archive_copy(changed, _root(office), at=in_ten).holds, marker
    assert not openssl.archive_copy(renewed + b"\n", _root(office), at=in_ten).holds, "nothing after the newest stamp"
