"""Kept copies of PDFs: never stale, never half a file, never more than the room given; and a document is there without them."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from bhxh.book import pdf_copies, typst_compiling
from bhxh.book.pdf_copies import PdfCopies, bind_copies
from bhxh.book.typst_compiling import Template, compile_pdf
from tests.unit.book.books import composed, months
from tests.unit.book.test_rendering import _pdf

MAXIMUM = 64_000


def name_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[PdfCopies]:
    kept = list(pdf_copies._bound)
    made = PdfCopies(tmp_path / "pdf", maximum_bytes=8 * 1024 * 1024)
    bind_copies(made)
    yield made
    pdf_copies._bound[:] = kept


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "pdf").iterdir())


def test_the_second_time_a_document_is_not_typeset(copies: PdfCopies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    payload = composed(months("2026-01", 3)).payload
    first = _pdf(payload)
    assert len(files(tmp_path)) == 1
    monkeypatch.setattr(typst_compiling.typst, "compile", lambda *anything, **more: pytest.fail("typeset again"))
    assert _pdf(payload) == first


def test_another_book_another_template_or_another_release_of_the_compiler_is_another_copy(
    copies: PdfCopies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Template({"main.typ": b'#set document(title: "a")\n#sys.inputs.at("x")'})
    other = Template({"main.typ": b'#set document(title: "a")\n#sys.inputs.at("x").'})
    made = {compile_pdf(page, {"x": "a"}), compile_pdf(page, {"x": "b"}), compile_pdf(other, {"x": "a"})}
    assert (len(made), len(files(tmp_path))) == (3, 3)
    monkeypatch.setattr(typst_compiling, "_COMPILER", "next")
    compile_pdf(page, {"x": "a"})
    assert len(files(tmp_path)) == 4


def test_what_stands_in_a_part_and_what_in_the_next_is_not_confused() -> None:
    page = Template({"main.typ": b""})
    assert typst_compiling._name(page, {"a": "bc"}) != typst_compiling._name(page, {"ab": "c"})


@pytest.mark.parametrize("harm", [lambda kept: kept[:-1], lambda kept: b"", lambda kept: kept[:-1] + b"\x00", lambda kept: kept + b"x"])
def test_a_damaged_copy_is_made_again(copies: PdfCopies, tmp_path: Path, harm: object) -> None:
    payload = composed(months("2026-01", 1)).payload
    first = _pdf(payload)
    [file] = files(tmp_path)
    file.write_bytes(harm(file.read_bytes()))  # type: ignore[operator]
    assert _pdf(payload) == first
    assert files(tmp_path) == [file]


def test_the_folder_stays_within_its_room_and_keeps_what_was_used_last(tmp_path: Path) -> None:
    copies = PdfCopies(tmp_path / "pdf", maximum_bytes=MAXIMUM)
    for number in range(200):
        copies.keep(name_of(str(number)), bytes(1000))
        os.utime(tmp_path / "pdf" / name_of(str(number)), (number, number))
        if number:
            assert copies.find(name_of("0")) == bytes(1000), "what is asked for again and again stays"
    assert sum(file.stat().st_size for file in files(tmp_path)) <= MAXIMUM * 17 // 16
    assert copies.find(name_of("199")) == bytes(1000)
    assert copies.find(name_of("1")) is None


def test_one_document_does_not_push_out_all_others(tmp_path: Path) -> None:
    copies = PdfCopies(tmp_path / "pdf", maximum_bytes=MAXIMUM)
    copies.keep(name_of("small"), b"x")
    copies.keep(name_of("large"), bytes(MAXIMUM // 2))
    assert [file.name for file in files(tmp_path)] == [name_of("small")]


def test_what_other_processes_left_counts_too(tmp_path: Path) -> None:
    for _ in range(3):
        copies = PdfCopies(tmp_path / "pdf", maximum_bytes=MAXIMUM)
        for number in range(60):
            copies.keep(name_of(os.urandom(8).hex() + str(number)), bytes(1000))
    PdfCopies(tmp_path / "pdf", maximum_bytes=MAXIMUM).keep(name_of("last"), b"x")
    assert sum(file.stat().st_size for file in files(tmp_path)) <= MAXIMUM


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "pdf").write_text("a file stands in the way")
    copies = PdfCopies(tmp_path / "pdf", maximum_bytes=MAXIMUM)
    copies.keep(name_of("a"), b"x")
    assert copies.find(name_of("a")) is None


def test_copies_are_for_this_installation_only(copies: PdfCopies, tmp_path: Path) -> None:
    _pdf(composed(months("2026-01", 1)).payload)
    [file] = files(tmp_path)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
