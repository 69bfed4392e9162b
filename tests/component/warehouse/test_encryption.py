"""Files at rest: whose key opens them, what is held in memory, what of before encryption is still read, and a death at every step."""

import hashlib
import os
import shutil
import signal
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bhxh.kernel.actor import system_actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Defect
from bhxh.warehouse import store as store_module
from bhxh.warehouse.commands import put, put_for_persons
from bhxh.warehouse.models import Item
from bhxh.warehouse.owner_keys import FileOwnerKeys
from bhxh.warehouse.owners import INSTALLATION, Owner
from bhxh.warehouse.queries import get_item, list_items, read_item, stream_item
from bhxh.warehouse.sealed_file import PIECE_BYTES, DamagedError, SealedReader, read_header, write_sealed
from bhxh.warehouse.store import BlobStore, OwnedKey, bind_store

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
HANH, BINH = Owner("person", 1), Owner("person", 2)


def _store(folder: Path) -> BlobStore:
    return BlobStore(folder / "files", keys=_keys(folder))


def _keys(folder: Path) -> FileOwnerKeys:
    return FileOwnerKeys(folder / "keys", sealed_folder=folder / "files" / "sealed")


@pytest.fixture
def bound(tmp_path: Path) -> Iterator[BlobStore]:
    before = list(store_module._bound)
    bind_store(_store(tmp_path))
    yield store_module.bound_store()
    store_module._bound[:] = before


def _kept_before_encryption(folder: Path, content: bytes) -> Path:
    digest = sha256_hex(content)
    file = folder / "files" / "sha256" / digest[:2] / digest[2:4] / digest
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_every_length_comes_back(tmp_path: Path, size: int) -> None:
    store, content = _store(tmp_path), os.urandom(size)
    digest = store.write(content)
    assert store.read(digest) == b"".join(store.stream(digest)) == content
    with store.opened(digest) as file:
        file.seek(max(0, size - 10))
        assert file.read() == content[-10:]
        file.seek(-min(size, PIECE_BYTES + 5), os.SEEK_END)
        assert file.read() == content[size - min(size, PIECE_BYTES + 5) :]


def test_pieces_can_be_neither_exchanged_nor_cut_off(tmp_path: Path) -> None:
    path, keys = tmp_path / "file", _keys(tmp_path)
    with path.open("wb") as file:
        digest, size = write_sealed(file, [os.urandom(3 * PIECE_BYTES)], owner=HANH, keys=keys)
    whole = path.read_bytes()
    start = len(whole) - 3 * (PIECE_BYTES + 16)
    step = PIECE_BYTES + 16
    exchanged = whole[:start] + whole[start + step : start + 2 * step] + whole[start : start + step] + whole[start + 2 * step :]
    shorter = bytearray(whole[: start + 2 * step])
    shorter[17:25] = (2 * PIECE_BYTES).to_bytes(8, "big")  # the header says so too
    for changed in (exchanged, bytes(shorter), whole[:-1], whole + b"x", b""):
        path.write_bytes(changed)
        with pytest.raises(DamagedError), path.open("rb") as file:
            find = lambda header: keys.unwrap(header.wrapped_key, owner=header.owner, about=bytes.fromhex(digest))  # noqa: E731
            list(SealedReader(file, find_key=find).pieces())
    assert size == 3 * PIECE_BYTES


def test_the_key_of_one_owner_opens_nothing_of_another(tmp_path: Path) -> None:
    keys = _keys(tmp_path)
    wrapped = keys.wrap(b"k" * 32, owner=HANH, about=b"a")
    assert keys.unwrap(wrapped, owner=HANH, about=b"a") == b"k" * 32
    for owner, about in ((BINH, b"a"), (Owner("employer", 1), b"a"), (INSTALLATION, b"a"), (HANH, b"b")):
        with pytest.raises(ValueError, match="changed"):
            keys.unwrap(wrapped, owner=owner, about=about)


def test_two_owners_of_the_same_content_have_one_file_and_a_key_each(bound: BlobStore, db: None, tmp_path: Path) -> None:
    kept = {"media_type": "text/plain", "kind": "book_reference", "title_vi": "Sổ", "title_en": "Book", "provenance": {}}
    put(actor=ACTOR, at=AT, owner=HANH, content=b"so", **kept)  # type: ignore[arg-type]
    put_for_persons(actor=ACTOR, at=AT, person_ids=[2, 3], content=b"so", **kept)  # type: ignore[arg-type]
    [file] = (file for file in (tmp_path / "files" / "sealed").rglob("*") if file.is_file())
    wrapped = {bytes(row.sealed_key) for row in Item.objects.all()}
    assert len(wrapped) == 3
    with file.open("rb") as opened:
        assert read_header(opened).owner == HANH
    [item] = list_items(BINH)
    assert read_item(item.item_id, owner=BINH) == b"".join(stream_item(item)) == b"so"
    assert item.sealed_key is not None
    with pytest.raises(Defect) as caught:
        bound.read(item.sha256, owned=OwnedKey(HANH, item.sealed_key))
    assert caught.value.code == "WAR-001"


def test_an_item_is_read_after_its_file_had_to_be_written_anew(bound: BlobStore, db: None, tmp_path: Path) -> None:
    kept = {"media_type": "text/plain", "kind": "decision", "title_vi": "Quyết định", "title_en": "Decision", "provenance": {}}
    item_id = put(actor=ACTOR, at=AT, owner=HANH, content=b"giay", **kept)  # type: ignore[arg-type]
    next((tmp_path / "files").rglob(get_item(item_id).sha256)).write_bytes(b"half")
    bound.write(b"giay")
    assert read_item(item_id) == b"giay"


def test_what_was_kept_before_encryption_is_read_and_sealed(tmp_path: Path) -> None:
    store, old = _store(tmp_path), _kept_before_encryption(tmp_path, b"so cu")
    digest = old.name
    assert store.has(digest)
    assert store.read(digest) == b"".join(store.stream(digest)) == b"so cu"
    assert list(store.seal_old()) == [digest]
    assert not old.exists()
    assert store.read(digest) == b"so cu"
    assert list(store.seal_old()) == []


def test_a_damaged_file_of_before_encryption_stays_and_is_told(tmp_path: Path) -> None:
    store, old = _store(tmp_path), _kept_before_encryption(tmp_path, b"so cu")
    old.write_bytes(b"khac")
    for refused in (lambda: store.read(old.name), lambda: list(store.stream(old.name)), lambda: list(store.seal_old())):
        with pytest.raises(Defect) as caught:
            refused()
        assert caught.value.code == "WAR-001"
    assert old.exists()


def test_a_new_master_key_leaves_old_files_readable(tmp_path: Path) -> None:
    store = _store(tmp_path)
    before = store.write(b"before")
    keys = _keys(tmp_path)
    assert keys.rotate() == 2
    renewed = BlobStore(tmp_path / "files", keys=keys)
    after = renewed.write(b"after")
    assert store.read(after) == b"after", "a process that started earlier learns of the new key when it meets it"
    assert renewed.read(before) == b"before"
    with next((tmp_path / "files").rglob(after)).open("rb") as file:
        assert read_header(file).wrapped_key[:4] == (2).to_bytes(4, "big")
    assert {oct(file.stat().st_mode & 0o777) for file in (tmp_path / "keys").glob("*.key")} == {"0o600"}


def test_a_lost_master_key_is_said_and_never_replaced(tmp_path: Path) -> None:
    digest = _store(tmp_path).write(b"so")
    shutil.rmtree(tmp_path / "keys")
    for act in (lambda: _store(tmp_path).write(b"khac"), lambda: _store(tmp_path).read(digest)):
        with pytest.raises(Defect) as caught:
            act()
        assert caught.value.code == "WAR-010"
    assert not list((tmp_path / "keys").glob("*.key"))


def test_fifty_megabytes_take_the_memory_of_a_few_pieces(tmp_path: Path) -> None:
    keys, path = _keys(tmp_path), tmp_path / "file"
    part = os.urandom(1024 * 1024)
    tracemalloc.start()
    try:
        with path.open("wb") as file:
            digest, size = write_sealed(file, (part for _ in range(50)), owner=HANH, keys=keys)
        target = tmp_path / "files" / "sealed" / digest[:2] / digest[2:4] / digest
        target.parent.mkdir(parents=True)
        path.rename(target)
        read = hashlib.sha256()
        for piece in _store(tmp_path).stream(digest):
            read.update(piece)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (read.hexdigest(), size) == (digest, 50 * 1024 * 1024)
    assert most < 4 * 1024 * 1024


@pytest.mark.parametrize("deadly", range(1, 8))
def test_a_death_at_any_flush_or_rename_leaves_nothing_half_visible(tmp_path: Path, deadly: int) -> None:
    """The process is killed at the n-th of these calls; whoever comes after reads all of it, or finds nothing and writes it."""
    content = os.urandom(3 * PIECE_BYTES)
    _keys(tmp_path).rotate()
    if (child := os.fork()) == 0:  # pragma: no cover  # it is killed
        _die_at(deadly, lambda: _store(tmp_path).write(content))
    _, status = os.waitpid(child, 0)
    store = _store(tmp_path)
    if store.has(digest := sha256_hex(content)):
        assert store.read(digest) == content
    assert os.WIFSIGNALED(status) or deadly > 5, "one flush of the file, one renaming, three flushes of folders"
    assert store.write(content) == digest
    assert store.read(digest) == content


def _die_at(number: int, act: object) -> None:  # pragma: no cover
    passed, fsync, rename = [0], os.fsync, Path.rename

    def passing() -> None:
        passed[0] += 1
        if passed[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched_fsync(descriptor: int) -> None:
        passing()
        fsync(descriptor)

    def watched_rename(self: Path, target: Path) -> Path:
        passing()
        return rename(self, target)

    os.fsync, Path.rename = watched_fsync, watched_rename  # type: ignore[assignment,method-assign]
    try:
        act()  # type: ignore[operator]
    finally:
        os._exit(0)
