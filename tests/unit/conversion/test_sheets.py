"""Sheets of paper inside files: what a scanner makes is taken apart, everything else is refused before it can hurt."""

import io
import zlib
from typing import Any

import pikepdf
import pytest
from PIL import Image

from bhxh.conversion.sheets import Sheet, SourceFile, count_sheets, find_sheet, read_sheets
from bhxh.kernel.errors import Invalid
from bhxh.warehouse.proving import JPEG, PDF, PNG
from sandbox.papers import as_file
from tests.unit.conversion.pdfs import SHEET, as_picture, changed, scanned, with_a_field, with_picture

PHOTO = as_file(SHEET)


def sheets(*files: tuple[str, bytes], most: int = 40) -> list[Sheet]:
    return read_sheets([SourceFile(kind, content) for kind, content in files], most=most)


def refused_with(*files: tuple[str, bytes], most: int = 40) -> str:
    with pytest.raises(Invalid) as caught:
        sheets(*files, most=most)
    return caught.value.code


def test_photographs_stay_as_they_came() -> None:
    scan = as_file(SHEET, "PNG")
    found = sheets((JPEG, PHOTO), (PNG, scan))
    assert [(sheet.source, sheet.kind, sheet.content) for sheet in found] == [(0, "jpg", PHOTO), (1, "png", scan)]


def test_each_page_of_a_scan_is_a_sheet() -> None:
    found = sheets((PDF, scanned(3)), (JPEG, PHOTO))
    assert [sheet.source for sheet in found] == [0, 0, 0, 1]
    assert {sheet.open().size for sheet in found} == {SHEET.size}


def test_a_telephone_held_sideways_gives_an_upright_page() -> None:
    turned, exif = SHEET.rotate(90, expand=True), Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif)
    [sheet] = sheets((JPEG, out.getvalue()))
    assert sheet.open().size == SHEET.size and sheet.content == out.getvalue()


def test_what_readers_would_show_differently_is_written_anew() -> None:
    out = io.BytesIO()
    SHEET.convert("CMYK").save(out, "JPEG")
    [sheet] = sheets((JPEG, out.getvalue()))
    assert (sheet.kind, sheet.open().mode) == ("png", "RGB")
    [rotated] = sheets((PDF, changed(Rotate=90)))
    assert rotated.kind == "png" and rotated.open().size == (SHEET.height, SHEET.width)


def test_the_text_a_scanner_read_is_no_obstacle_and_text_that_is_seen_is() -> None:
    assert len(sheets((PDF, changed(b"BT 3 Tr /F1 9 Tf (doc) Tj ET")))) == 1
    assert refused_with((PDF, changed(b"BT /F1 9 Tf (100.000.000) Tj ET"))) == "CNV-006"


@pytest.mark.parametrize(
    "instructions",
    [
        b"0 0 100 100 re f",
        b"BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI",
        b"q 595 0 0 842 0 0 cm /image Do Q /image Do",
        b"q 9 0 0 9 0 0 cm /nothing Do Q",
    ],
)
def test_whatever_else_would_be_lost_is_refused(instructions: bytes) -> None:
    assert refused_with((PDF, changed(instructions))) == "CNV-006"


def test_a_letter_with_a_logo_is_no_scan() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scanned())) as document:
        page = document.pages[0]
        page.obj.MediaBox = pikepdf.Array([0, 0, 5950, 8420])
        document.save(out)
    assert refused_with((PDF, out.getvalue())) == "CNV-006"


def test_notes_on_a_scan_are_not_lost_silently() -> None:
    assert refused_with((PDF, with_a_field("x"))) == "CNV-006"


def _bomb() -> bytes:
    packing = zlib.compressobj(9)
    piece = bytes(1024 * 1024)
    return b"".join([*(packing.compress(piece) for _ in range(64)), packing.flush()])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: with_picture(_bomb(), width=100, height=100), id="unpacks to more than it says"),
        pytest.param(lambda: with_picture(b"x", width=60_000, height=60_000), id="says it is huge"),
        pytest.param(lambda: with_picture(PHOTO, width=10, height=10, packed="/DCTDecode"), id="is another size inside"),
        pytest.param(lambda: with_picture(b"garbage", width=10, height=10, packed="/JPXDecode"), id="is none"),
        pytest.param(lambda: with_picture(zlib.compress(bytes(100)), width=10, height=10, packed="/LZWDecode"), id="rare packing"),
        pytest.param(lambda: with_picture(zlib.compress(bytes(100)), width=10, height=10, Mask=pikepdf.Array([0, 1])), id="is cut out"),
    ],
)
def test_pictures_that_are_not_what_they_say_are_refused(content: Any) -> None:
    assert refused_with((PDF, content())) == "CNV-006"


def test_limits() -> None:
    assert refused_with((PDF, scanned(3)), most=2) == "CNV-007"
    assert refused_with(("application/xml", b"<a/>")) == "CNV-005"


def test_a_packed_grey_scan_is_taken() -> None:
    grey = SHEET.convert("L")
    [sheet] = sheets((PDF, with_picture(zlib.compress(grey.tobytes()), width=grey.width, height=grey.height)))
    assert as_picture(sheet.content).convert("L").tobytes() == grey.tobytes(), "without loss"


def _locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scanned())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def test_each_sheet_of_a_scan_is_looked_at_as_it_would_be_converted() -> None:
    assert (count_sheets(PHOTO), count_sheets(scanned(3))) == (1, 3)
    assert find_sheet(PHOTO, 1) == sheets((JPEG, PHOTO))[0]
    assert [find_sheet(scanned(3), number) for number in (1, 2, 3)] == sheets((PDF, scanned(3)))
    assert {number: find_sheet(scanned(3), number) for number in (0, 4, -1)} == dict.fromkeys((0, 4, -1))
    assert find_sheet(PHOTO, 2) is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: changed(b"BT /F1 9 Tf (100.000.000) Tj ET"), id="text"),
        pytest.param(lambda: with_a_field("x"), id="a form"),
        pytest.param(lambda: with_picture(b"x", width=60_000, height=60_000), id="says it is huge"),
        pytest.param(_locked, id="locked"),
        pytest.param(lambda: scanned()[:-200], id="cut off"),
        pytest.param(lambda: PHOTO[: len(PHOTO) // 2], id="half a photograph"),
        pytest.param(lambda: b"<a/>", id="no picture at all"),
        pytest.param(lambda: b"", id="nothing"),
    ],
)
def test_what_is_no_scan_is_not_looked_at(content: Any) -> None:
    assert (count_sheets(content()), find_sheet(content(), 1)) == (0, None)


def test_a_picture_that_unpacks_to_more_than_it_says_is_not_shown() -> None:
    assert find_sheet(with_picture(_bomb(), width=100, height=100), 1) is None
