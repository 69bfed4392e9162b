"""Text of before Unicode: read where it is certain, left alone where it is Vietnamese, another language or a sign."""

import doctest
import unicodedata

import pytest

from bhxh.kernel import old_encodings
from bhxh.kernel.old_encodings import OldEncoding, is_syllable, recognise
from bhxh.registry.reference_files import read_rows
from tests.old_fonts import to_tcvn3, to_vni

NAMES = [f"{family} {middle} {given}" for family in ("Nguyễn", "Trần", "Phạm", "Vũ", "Đặng", "Đỗ", "Hoàng", "Dương", "Lưu", "Bùi")
         for middle in ("Thị", "Văn", "Đức", "Ngọc", "Quỳnh") for given in ("Hương", "Mẫu", "Nghĩa", "Tuyết", "Được", "Yến", "Giang")]  # fmt: skip


def test_the_examples_of_the_module() -> None:
    assert doctest.testmod(old_encodings).failed == 0


@pytest.mark.parametrize(("write", "encoding"), [(to_tcvn3, OldEncoding.TCVN3), (to_vni, OldEncoding.VNI)])
def test_whole_names_are_read_back_and_never_as_another(write, encoding: OldEncoding) -> None:
    certain = 0
    for wanted in [spelled for name in NAMES for spelled in (name, name.upper())]:
        read = recognise(write(wanted))
        assert read is not None, (wanted, write(wanted))
        assert encoding in read.encodings
        assert read.unicode in {wanted, ""}, write(wanted)
        certain += read.unicode == wanted
    assert certain / (2 * len(NAMES)) > 0.95  # WHY not all: `VUÕ THÒ GIANG` spells a name in both encodings


def test_no_name_of_the_shipped_lists_is_taken_for_old() -> None:
    names = {row["text"] if "text" in row else next(iter(row.values())) for row in read_rows("name_parts.csv")}
    names |= {row["name"] for row in read_rows("administrative_units.csv.gz")} | {
        row["name"] for row in read_rows("health_facilities.csv.gz")
    }
    assert len(names) > 10_000
    assert [name for name in sorted(names) if recognise(name) is not None] == []


@pytest.mark.parametrize(
    "text",
    ["", "Nguyen Van A", "Nguyễn Thị Mẫu", unicodedata.normalize("NFD", "Nguyễn Thị Mẫu"), "Lê Hà", "José García", "François Müller", "René", "Niê Y Blô",
     "Krông Năng", "5 µm", "2×3 m", "Sony®", "½", "© 2026", "40m²", "30°C", "a«b»c", "·", "\u00ad", "ß", "Þ"],
)  # fmt: skip
def test_what_is_left_alone(text: str) -> None:
    assert recognise(text) is None


def test_two_possible_readings_are_none() -> None:
    read = recognise("Thî may")
    assert read is not None
    assert (set(read.encodings), read.unicode) == ({OldEncoding.TCVN3, OldEncoding.VNI}, "")


def test_a_word_that_is_no_syllable_makes_the_reading_uncertain() -> None:
    read = recognise(to_tcvn3("Công ty Krông Phát Đạt"))
    assert read is not None
    assert (read.encodings, read.unicode) == ((OldEncoding.TCVN3,), "")


@pytest.mark.parametrize(("word", "holds"), [("nghiêng", True), ("Quỳnh", True), ("gì", True), ("hoà", True), ("hòa", True), ("cac", False), ("các", True),
                                             ("àá", False), ("bcd", False), ("Phượng", True)])  # fmt: skip
def test_syllables(word: str, holds: bool) -> None:
    assert is_syllable(word) is holds
