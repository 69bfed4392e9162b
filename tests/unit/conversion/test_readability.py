"""What is measured on a page, and that the limits stand where drawn papers change from easy to hard to read."""

import pytest
from PIL import Image

from bhxh.conversion.originals import Paper
from bhxh.conversion.readability import PageReading, ReadableFrom, read_page
from sandbox.papers import BookPage, an_old_book, as_file, draw, photograph
from tests.unit.conversion.pdfs import as_picture

PAGES = an_old_book(name="Nguyễn Thị Mẫu", number="0110123456", unit="Công ty Mẫu")


def measured(picture: Image.Image, paper: Paper = Paper.A5) -> PageReading:
    """After the camera packed it."""
    return read_page(as_picture(as_file(picture)), number=1, paper=paper)


def why(reading: PageReading, limits: ReadableFrom | None = None) -> str:
    found = reading.shortcoming(limits or ReadableFrom())
    return found[0].code if found else ""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("dots", [150, 200, 300])
def test_what_a_scanner_makes_is_readable(page: BookPage, dots: int) -> None:
    reading = measured(draw(page, dots_per_inch=dots))
    assert abs(reading.dots_per_inch - dots) <= 1 and reading.sharpness > 100 and reading.contrast > 150
    assert why(reading) == ""


@pytest.mark.parametrize(("page", "grain"), [(PAGES[0], 6), (PAGES[1], 6), (PAGES[1], 20)], ids=["cover", "leaf", "grainy leaf"])
def test_focus_decides_whatever_the_cameras_grain(page: BookPage, grain: int) -> None:
    sheet = draw(page, dots_per_inch=200)
    by_focus = [measured(photograph(sheet, out_of_focus=focus, grain=grain)) for focus in (0.0, 0.1, 0.2, 0.4)]
    assert [why(reading) for reading in by_focus] == ["", "", "CNV-003", "CNV-003"]
    sharpness = [reading.sharpness for reading in by_focus]
    assert sharpness == sorted(sharpness, reverse=True)


def test_too_few_dots_are_told_before_anything_else() -> None:
    assert why(measured(draw(PAGES[1], dots_per_inch=100))) == "CNV-002"
    assert why(measured(draw(PAGES[1], dots_per_inch=200), Paper.A3)) == "CNV-002", "the same dots on a sheet twice as large"


def test_pale_and_blank_pages_are_told_apart_from_blurred_ones() -> None:
    assert why(measured(draw(PAGES[0], dots_per_inch=200, ink=(205, 200, 180)))) == "CNV-004"
    assert why(measured(draw(PAGES[0], dots_per_inch=200, ink=(150, 150, 150)))) == "", "a pencil's grey"
    blank = measured(photograph(draw(BookPage(title="", lines=()), dots_per_inch=300)))
    assert (blank.contrast, why(blank)) == (0, "CNV-004")


def test_a_picture_of_nothing_much_is_no_page() -> None:
    for size in ((1, 1), (3000, 10)):
        assert why(measured(Image.new("RGB", size, "white"))) in {"CNV-002", "CNV-004"}


def test_an_operator_may_set_other_limits() -> None:
    reading = measured(draw(PAGES[1], dots_per_inch=100))
    assert why(reading, ReadableFrom(least_dots_per_inch=90)) == ""
    assert why(reading, ReadableFrom(least_dots_per_inch=90, least_sharpness=900)) == "CNV-003"
