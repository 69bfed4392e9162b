"""Sealed books, receipts, decisions and extracts judged by other people's tools: openssl, poppler, qpdf; and what PDF/A and PDF/UA ask."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from lxml import etree
from pyhanko.pdf_utils.reader import PdfFileReader

from bhxh.signing.pdf_archiving import Archivist
from bhxh.signing.pdf_seals import FIELD, seal_pdf
from bhxh.signing.trust import TrustList
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.service import PkiApplication
from tests.foreign.test_documents_for_archives import MAKERS, made
from tests.other_programs import INSTALLED_BY
from tests.page_seal_kit import OFFICE, certified_keys, judged
from tests.unit.signing.test_archive_copies import Answers, Stampers

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


def _needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"NOT CHECKED by other people's tools: the program {program} is not installed. {INSTALLED_BY}")
    return found


@cache
def _root(authority_folder: Path) -> Path:
    return authority_folder / "trust" / "sandbox-root.pem"


def _openssl(office: Office, pdf: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    """The CMS taken out of the file by its ByteRange alone, and what it covers."""
    first, length, second, rest = (int(number) for number in re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", pdf)[0])
    (folder / "covered").write_bytes(pdf[first : first + length] + pdf[second : second + rest])
    (folder / "seal.der").write_bytes(bytes.fromhex(pdf[length + 1 : second - 1].decode()))
    command = [_needs("openssl"), "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", str(folder / "seal.der")]
    command += ["-content", str(folder / "covered"), "-CAfile", str(_root(office.authority.folder)), "-purpose", "any", "-out", "/dev/null"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


@every_document
def test_openssl_accepts_the_seal_and_refuses_a_changed_byte(name: str, office: Office, tmp_path: Path) -> None:
    pdf = office.sealed[name]
    assert _openssl(office, pdf, tmp_path).returncode == 0
    position = pdf.index(b"/Lang")
    assert _openssl(office, pdf[:position] + b"/Lanh" + pdf[position + 5 :], tmp_path).returncode != 0


@every_document
def test_poppler_says_valid_and_whose(name: str, office: Office, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(office.sealed[name])
    said = subprocess.run([_needs("pdfsig"), "-nocert", str(tmp_path / "page.pdf")], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said and "Total document signed" in said and OFFICE in said, said


@every_document
def test_qpdf_has_nothing_against_it(name: str, office: Office, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(office.sealed[name])
    done = subprocess.run([_needs("qpdf"), "--check", str(tmp_path / "page.pdf")], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


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


def test_openssl_accepts_the_seal_and_the_time_stamp_of_an_archive_copy(office: Office, tmp_path: Path) -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    trust = TrustList.load(office.authority.trust_folder)
    archivist = Archivist(Stampers(office.authority, at), Answers(PkiApplication(office.authority), at), lambda: trust)
    copy = archivist.archive(office.sealed["receipt"], at=at)
    assert _openssl(office, copy, tmp_path).returncode == 0
    first, length, second, rest = (int(number) for number in re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", copy)[-1])
    assert second + rest == len(copy), "the newest time stamp covers all of it"
    (tmp_path / "covered").write_bytes(copy[first : first + length] + copy[second : second + rest])
    (tmp_path / "stamp.der").write_bytes(cms.ContentInfo.load(bytes.fromhex(copy[length + 1 : second - 1].decode())).dump())
    command = [_needs("openssl"), "ts", "-verify", "-data", str(tmp_path / "covered"), "-in", str(tmp_path / "stamp.der"), "-token_in"]
    command += ["-CAfile", str(_root(office.authority.folder))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert subprocess.run([_needs("qpdf"), "--check", str(_written(copy, tmp_path))], capture_output=True, check=False).returncode == 0


def _written(pdf: bytes, folder: Path) -> Path:
    (folder / "copy.pdf").write_bytes(pdf)
    return folder / "copy.pdf"
