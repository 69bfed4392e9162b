"""A copy of everything is written once and read back offline: whatever was added, taken out or changed is noticed."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bhxh.kernel.errors import Invalid
from bhxh.own_data.archive import stream
from bhxh.own_data.errors import OWN_NOT_AN_ARCHIVE
from bhxh.own_data.files import CopyFile
from bhxh.own_data.verification import MANIFEST, verify
from bhxh.signing.key_files import FileKeys
from bhxh.signing.keysets import KeySet

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FILES = [
    CopyFile("du-lieu/basic.json", "Thông tin cơ bản", "Basic data", b'{"a": 1}'),
    CopyFile("so-bhxh/so-bhxh.pdf", "Sổ", "Book", b"%PDF-1.7 not really"),
]
Parts = dict[str, bytes]


@pytest.fixture
def keys(tmp_path: Path) -> FileKeys:
    return FileKeys(tmp_path / "keys", "mof")


def written(keys: FileKeys, purpose: Any = "book") -> bytes:
    return b"".join(stream(FILES, subject={"book_id": "SBH-A"}, custodian="mof", at=AT, key=keys.seal_key(purpose)))


@pytest.fixture
def made(keys: FileKeys) -> bytes:
    return written(keys)


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def known(keys: FileKeys) -> KeySet:
    return keys.key_set()


def test_what_was_written_is_read_back(made: bytes, keys: FileKeys) -> None:
    assert verify(io.BytesIO(made), known(keys)) == keys.seal_key("book").kid
    assert parts_of(made).keys() == {file.name for file in FILES} | {MANIFEST}


def test_packed_anew_it_still_holds_because_the_contents_count(made: bytes, keys: FileKeys) -> None:
    assert verify(packed(parts_of(made)), known(keys))


def _changed(parts: Parts) -> Parts:
    return {**parts, "du-lieu/basic.json": b'{"a": 2}'}


def _added(parts: Parts) -> Parts:
    return {**parts, "du-lieu/more.json": b"{}"}


def _taken_out(parts: Parts) -> Parts:
    return {name: content for name, content in parts.items() if not name.endswith(".pdf")}


def _renamed(parts: Parts) -> Parts:
    return {name.replace("basic", "other"): content for name, content in parts.items()}


@pytest.mark.parametrize("spoil", [_changed, _added, _taken_out, _renamed])
def test_a_file_that_is_not_as_sealed_is_named(made: bytes, keys: FileKeys, spoil: Callable[[Parts], Parts]) -> None:
    with pytest.raises(Invalid) as caught:
        verify(packed(spoil(parts_of(made))), known(keys))
    assert caught.value.code == "OWN-002"


def test_a_manifest_of_another_key_is_refused(made: bytes, keys: FileKeys, tmp_path: Path) -> None:
    others = FileKeys(tmp_path / "others", "mof")
    with pytest.raises(Invalid):
        verify(io.BytesIO(written(others)), known(keys))


def test_a_seal_of_another_purpose_is_refused(keys: FileKeys) -> None:
    keys.seal_key("book")
    with pytest.raises(Invalid):
        verify(io.BytesIO(written(keys, "receipt")), known(keys))


def test_an_archive_without_a_manifest_is_none_of_ours(made: bytes, keys: FileKeys) -> None:
    parts = parts_of(made)
    del parts[MANIFEST]
    with pytest.raises(Invalid) as caught:
        verify(packed(parts), known(keys))
    assert caught.value.code == "OWN-001"


def test_one_damaged_byte_is_never_taken(made: bytes, keys: FileKeys) -> None:
    noticed = 0
    for place in range(0, len(made), 7):
        spoilt = bytearray(made)
        spoilt[place] ^= 0x55
        try:
            verify(io.BytesIO(bytes(spoilt)), known(keys))
        except Invalid:
            noticed += 1
        else:
            assert parts_of(bytes(spoilt)) == parts_of(made), "what is accepted says what was sealed"
    assert noticed > len(made) // 7 // 2


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"x" * 300, b"no archive"], ids=range(4))
def test_what_is_no_archive_is_refused(data: bytes, keys: FileKeys) -> None:
    with pytest.raises(Invalid) as caught:
        verify(io.BytesIO(data), known(keys))
    assert caught.value.code == "OWN-001"


def test_an_archive_that_breaks_off_does_not_open(keys: FileKeys) -> None:
    class Broken(Exception):
        pass

    def breaking() -> Iterator[CopyFile]:
        yield FILES[0]
        raise Broken

    sent = b""
    with pytest.raises(Broken):
        for piece in stream(breaking(), subject={"book_id": "SBH-A"}, custodian="mof", at=AT, key=keys.seal_key("book")):
            sent += piece
    assert sent, "it was under way"
    with pytest.raises(Invalid):
        verify(io.BytesIO(sent), known(keys))


def test_no_more_than_one_file_is_held(keys: FileKeys) -> None:
    made: list[str] = []

    def files() -> Iterator[CopyFile]:
        for file in FILES:
            made.append(file.name)
            yield file

    pieces = stream(files(), subject={"book_id": "SBH-A"}, custodian="mof", at=AT, key=keys.seal_key("book"))
    next(pieces)
    assert made == [FILES[0].name]
    assert b"".join(pieces)


def test_who_is_refused_is_refused_before_anything_is_sent(keys: FileKeys) -> None:
    def refused() -> Iterator[CopyFile]:
        raise Invalid(OWN_NOT_AN_ARCHIVE)
        yield FILES[0]

    with pytest.raises(Invalid):
        stream(refused(), subject={"book_id": "SBH-A"}, custodian="mof", at=AT, key=keys.seal_key("book"))
