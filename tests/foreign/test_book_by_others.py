"""Our books read by other people's tools: openssl judges the seal, poppler and zbar read the page."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bhxh.book.rendering import render_pdf
from bhxh.signing.key_files import FileKeys
from bhxh.signing.seals import openssl_parts
from tests.other_programs import INSTALLED_BY
from tests.unit.book.books import composed, months, sealed

ADDRESS = "https://bhxh.example/xac-minh/"


def _needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"NOT CHECKED by other people's tools: the program {program} is not installed. {INSTALLED_BY}")
    return found


def _run(*command: str | Path, **rest: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(part) for part in command], capture_output=True, check=False, **rest)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("book")
    keys = FileKeys(folder / "keys", "mof")
    made = composed(months("2024-01", 30))
    flattened = sealed(made, keys.seal_key("book"))
    pdf = folder / "book.pdf"
    pdf.write_bytes(render_pdf(made.payload, flattened, verification_address=ADDRESS + made.digest.hex()))
    return {"folder": folder, "keys": keys.key_set(), "made": made, "flattened": flattened, "pdf": pdf}


def test_openssl_accepts_the_seal_and_refuses_a_changed_byte(book: dict[str, Any], tmp_path: Path) -> None:
    openssl = _needs("openssl")
    signed, signature, public = openssl_parts(book["flattened"], keys=book["keys"])
    for name, content in (("signature", signature), ("public.pem", public), ("good", signed), ("bad", signed[:-1] + b"A")):
        (tmp_path / name).write_bytes(content)
    if signed.endswith(b"A"):
        (tmp_path / "bad").write_bytes(signed[:-1] + b"B")
    command = (openssl, "dgst", "-sha256", "-verify", tmp_path / "public.pem", "-signature", tmp_path / "signature")
    assert _run(*command, tmp_path / "good").stdout.strip() == b"Verified OK"
    assert _run(*command, tmp_path / "bad").returncode != 0


def test_poppler_reads_the_vietnamese_text(book: dict[str, Any]) -> None:
    text = _run(_needs("pdftotext"), "-layout", book["pdf"], "-").stdout.decode()
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
    said = _run(_needs("pdfinfo"), book["pdf"]).stdout.decode()
    assert re.search(r"Tagged:\s+yes", said)
    assert re.search(r"Page size:.*A4", said)


def test_the_attachment_taken_out_is_the_original(book: dict[str, Any], tmp_path: Path) -> None:
    taken = tmp_path / "so.json"
    assert _run(_needs("pdfdetach"), "-save", "1", "-o", taken, book["pdf"]).returncode == 0
    assert taken.read_bytes() == book["flattened"]
    assert set(json.loads(taken.read_bytes())) == {"payload", "protected", "signature"}


def test_all_fonts_are_inside(book: dict[str, Any]) -> None:
    rows = _run(_needs("pdffonts"), book["pdf"]).stdout.decode().splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"\s(yes)\s+(yes)\s+(yes)\s+\d+\s+\d+$", row), row


def test_the_qr_on_a_photocopy_leads_to_the_verification_page(book: dict[str, Any], tmp_path: Path) -> None:
    zbar = _needs("zbarimg")
    assert _run(_needs("pdftoppm"), "-r", "150", "-gray", "-png", "-f", "1", "-l", "1", book["pdf"], tmp_path / "page").returncode == 0
    [page] = tmp_path.glob("page*.png")
    said = _run(zbar, "--raw", "-q", "-Sdisable", "-Sqrcode.enable", page).stdout.decode().strip()
    assert said == ADDRESS + book["made"].digest.hex()
