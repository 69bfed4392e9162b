"""The extract as PDF: same input, same bytes; what a bank wants to read stands there; nobody's words become markup."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bhxh.dossiers.rendering import payload_of, seal_shown
from bhxh.procedures.confirmation_extract.presenting import present_extract
from bhxh.procedures.confirmation_extract.rendering import render_extract_pdf
from tests.other_programs import INSTALLED_BY
from tests.unit.book.books import months
from tests.unit.procedures.extracts import CODE, sealed_extract

ROOT = Path(__file__).parents[3]
URL = "https://bhxh.example"
WORK = [*months("2013-01", 30), *months("2020-01", 40, start=31, unit_name="Công ty TNHH Điện tử Kinh Bắc", job_title="Kỹ sư")]


def test_the_same_extract_gives_the_same_bytes_in_another_process() -> None:
    sealed = sealed_extract(WORK, purpose="Vay mua nhà")
    program = (
        "import sys, hashlib, django; sys.path.insert(0, '.'); django.setup()\n"
        "from bhxh.procedures.confirmation_extract.rendering import render_extract_pdf\n"
        f"print(hashlib.sha256(render_extract_pdf(sys.stdin.buffer.read(), public_url={URL!r})).hexdigest())"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bhxh.wiring.settings", "BHXH_SECRET_KEY": "unused"}
    other = subprocess.run([sys.executable, "-c", program], cwd=ROOT, input=sealed, capture_output=True, check=True, env=environment)
    assert other.stdout.decode().strip() == hashlib.sha256(render_extract_pdf(sealed, public_url=URL)).hexdigest()


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason=f"NOT READ as others read it: the program pdftotext is not installed. {INSTALLED_BY}"
)
def test_the_page_says_who_how_long_where_and_how_to_verify() -> None:
    pdf = render_extract_pdf(sealed_extract(WORK, from_month="2014-01", until_month="2024-12", purpose="Vay mua nhà"), public_url=URL)
    text = " ".join(subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode().split())
    for wanted in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Nguyễn Thị Minh Hạnh",
        "079 188 000 123",
        "01/2014 – 12/2024",
        "01:30 ngày 22/11/2026",
        "Vay mua nhà",
        "4 năm 10 tháng",
        "5 năm 10 tháng",
        "Công ty TNHH Điện tử Kinh Bắc",
        "01/2014 – 06/2015",
        "Khớp với sổ",
        "Agrees with the sealed version 1",
        f"{URL}/api/v1/open/keys",
        CODE,
    ):
        assert wanted in text, wanted


def test_words_of_the_person_are_never_typst_source() -> None:
    wishes = {"purpose": '#panic("x") $ * _ \\ ` ] }'}
    assert render_extract_pdf(sealed_extract(WORK, **wishes), public_url=URL).startswith(b"%PDF")


def test_an_extract_of_nothing_and_one_of_an_unsealed_book_say_so() -> None:
    import json

    sealed = sealed_extract([], is_sealed=False)
    view = present_extract(json.loads(payload_of(sealed)), seal=seal_shown(sealed), public_url=URL)
    assert view["periods"]["rows"] == []
    assert "sẽ được ký" in view["book"]["vi"]
    assert view["facts"][2]["value"] == "Toàn bộ · everything"
    assert render_extract_pdf(sealed, public_url=URL).startswith(b"%PDF")
