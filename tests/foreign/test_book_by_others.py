"""Our books read by other people's tools: openssl judges the seal, poppler and zbar read the page."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bhxh.book.rendering import render_pdf
from bhxh.signing.key_files import FileKeys
from tests.other_programs import needs
from tests.unit.book.books import composed, months, sealed
from tools.foreign import openssl, page_readers
from tools.foreign.programs import run
from tools.foreign.spoiling import letter_of

ADDRESS = "https://bhxh.example/xac-minh/"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("book")
    keys = FileKeys(folder / "keys", "mof")
    made = composed(months("2024-01", 30))
    flattened = sealed(made, keys.seal_key("book"))
    pdf = folder / "book.pdf"
    pdf.write_bytes(render_pdf(made.payload, flattened, verification_address=ADDRESS + made.digest.hex()))
    return {"keys": keys.key_set(), "made": made, "flattened": flattened, "pdf": pdf}


def _said(program: str, *arguments: str | Path) -> str:
    needs(program)
    return run(program, *arguments).stdout.decode()


def test_openssl_accepts_the_seal_and_refuses_a_changed_byte(book: dict[str, Any]) -> None:
    needs("openssl")
    assert openssl.seal(book["flattened"], book["keys"]).holds
    assert not openssl.seal(letter_of("payload")(book["flattened"]), book["keys"]).holds


def test_poppler_reads_the_vietnamese_text(book: dict[str, Any]) -> None:
    text = _said("pdftotext", "-layout", book["pdf"], "-")
    for words in (
        "Nguyễn Thị Minh Hạnh",
        "Sổ bảo hiểm xã hội điện tử",
        "079 188 000 123",
        "01/2024 – 06/2026",
        "10.000.000",
        "2 năm 6 tháng",
    ):
        assert words in text, words


def test_poppler_says_tagged(book: dict[str, Any]) -> None:
    said = _said("pdfinfo", book["pdf"])
    assert re.search(r"Tagged:\s+yes", said)
    assert re.search(r"Page size:.*A4", said)


def test_the_attachment_taken_out_is_the_original(book: dict[str, Any], tmp_path: Path) -> None:
    taken = tmp_path / "so.json"
    _said("pdfdetach", "-save", "1", "-o", taken, book["pdf"])
    assert taken.read_bytes() == book["flattened"]
    assert set(json.loads(taken.read_bytes())) == {"payload", "protected", "signature"}
    needs("qpdf")
    assert page_readers.attached(book["pdf"].read_bytes(), book["flattened"]).holds
    assert not page_readers.attached(book["pdf"].read_bytes(), letter_of("payload")(book["flattened"])).holds


def test_all_fonts_are_inside(book: dict[str, Any]) -> None:
    rows = _said("pdffonts", book["pdf"]).splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"\s(yes)\s+(yes)\s+(yes)\s+\d+\s+\d+$", row), row


def test_the_qr_on_a_photocopy_leads_to_the_verification_page(book: dict[str, Any]) -> None:
    needs("pdftoppm", "zbarimg")
    assert page_readers.codes_on_pages(book["pdf"].read_bytes()) == [ADDRESS + book["made"].digest.hex()]
