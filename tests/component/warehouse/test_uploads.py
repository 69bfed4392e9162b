"""What owners send in: quarantine, scan, proof of the type, item or refusal; and what dead processes leave on the way."""

import io
import os
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from PIL import Image

from bhxh.kernel import jobs
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from bhxh.kernel.ids import uuid7
from bhxh.warehouse import flows
from bhxh.warehouse import store as store_module
from bhxh.warehouse.errors import WAR_NO_SCANNER
from bhxh.warehouse.lifetime_commands import remove_own
from bhxh.warehouse.owner_keys import FileOwnerKeys
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.proving import prove_type
from bhxh.warehouse.quarantine import bound_quarantine
from bhxh.warehouse.queries import list_items, read_item
from bhxh.warehouse.store import BlobStore, bind_store
from bhxh.warehouse.upload_commands import record_upload
from bhxh.warehouse.uploads import Scan, UploadState, UploadView, get_upload, list_uploads

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HANH, BINH = Owner("person", 1), Owner("person", 2)
CITIZEN = Actor(
    kind=ActorKind.PERSON,
    account="eid:sandbox:1",
    person_id=1,
    purpose="own_warehouse",
    legal_basis=LegalBasis.OWN_DATA,
    assurance_level=2,
    request_id="r1",
)
LIMIT = 1024 * 1024
_DSIG = "http://www.w3.org/2000/09/xmldsig#"


def a_pdf(**options: Any) -> bytes:
    made = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(made, **options)
    return made.getvalue()


def a_picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.frombytes("RGB", (64, 64), bytes(range(256)) * 48).save(made, kind)
    return made.getvalue()


def _png_of(width: int, height: int) -> bytes:
    """A picture that says how large it is, and is not."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


PDF, PNG, JPEG = a_pdf(), a_picture("PNG"), a_picture("JPEG")
SIGNED = f'<paper><Signature xmlns="{_DSIG}"/></paper>'.encode()
LOCKED = a_pdf(encryption=pikepdf.Encryption(owner="o", user="u", R=6))


class Finding:
    """A scanner that says what a test wants, having read everything."""

    def __init__(self, *, is_found: bool = False, is_there: bool = True) -> None:
        self.is_found, self.is_there, self.seen = is_found, is_there, b""

    def finds(self, content: Any) -> bool:
        if not self.is_there:
            raise Unavailable(WAR_NO_SCANNER, reason="test")
        self.seen = b"".join(content)
        return self.is_found


@pytest.fixture(autouse=True)
def deferred(tmp_path: Path) -> Iterator[list[dict[str, object]]]:
    noted: list[dict[str, object]] = []
    before = (list(jobs._binding), list(store_module._bound))
    jobs.bind(lambda job, payload, once_key: noted.append(payload))
    files = tmp_path / "files"
    bind_store(BlobStore(files, keys=FileOwnerKeys(tmp_path / "keys", sealed_folder=files / "sealed")))
    yield noted
    jobs._binding[:], store_module._bound[:] = before


def _receive(content: bytes = PDF, *, kind: str = "contract", length: int | None = None, once: str = "") -> UploadView:
    pieces = [content[start : start + 1000] for start in range(0, len(content), 1000)]
    expected = len(content) if length is None else length
    return flows.receive(
        actor=CITIZEN, at=AT, owner=HANH, kind=kind, content=pieces, expected_bytes=expected, maximum_bytes=LIMIT, once=once
    )


def _examine(upload: UploadView, scanner: Any = None) -> UploadView:
    return flows.examine(upload.upload_id, owner=HANH, at=AT, scanner=scanner)


def _waiting(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "files" / "quarantine").glob("*")) + list((tmp_path / "files" / "quarantine").glob(".*"))


def test_a_paper_becomes_usable_only_when_it_was_examined(db: None, deferred: list[dict[str, object]], tmp_path: Path) -> None:
    upload = _receive()
    assert (upload.state, upload.scan, upload.item_id) == (UploadState.RECEIVED, Scan.WAITING, None)
    assert deferred == [{"upload_id": str(upload.upload_id), "owner_kind": "person", "owner_id": 1}]
    assert list_items(HANH) == ()
    [file] = _waiting(tmp_path)
    assert PDF[:100] not in file.read_bytes(), "encrypted from the first byte on"
    scanner = Finding()
    examined = _examine(upload, scanner)
    assert scanner.seen == PDF
    assert (examined.state, examined.scan, examined.media_type) == (UploadState.USABLE, Scan.CLEAN, "application/pdf")
    [item] = list_items(HANH)
    assert (item.item_id, item.kind, item.title_vi) == (examined.item_id, "own_contract", "Hợp đồng lao động")
    assert item.provenance["source_kind"] == "SUBMITTER"
    assert (item.provenance["source_record_id"], item.provenance["scan"]) == (str(upload.upload_id), "clean")
    assert read_item(item.item_id, owner=HANH) == PDF
    assert _waiting(tmp_path) == []
    assert _examine(upload, Finding(is_found=True)) == examined, "a job that runs twice changes nothing"
    with pytest.raises(NotFound):
        get_upload(upload.upload_id, owner=BINH)
    assert list_uploads(BINH) == ()


def test_where_nobody_scans_nothing_is_called_clean(db: None) -> None:
    examined = _examine(_receive())
    assert (examined.state, examined.scan) == (UploadState.USABLE, Scan.NOT_SCANNED)
    assert list_items(HANH)[0].provenance["scan"] == "not_scanned"


def test_what_is_harmful_is_refused_and_removed(db: None, tmp_path: Path) -> None:
    examined = _examine(_receive(), Finding(is_found=True))
    assert (examined.state, examined.scan, examined.reason) == (UploadState.REFUSED, Scan.FOUND, "WAR-024")
    assert list_items(HANH) == ()
    assert [file for file in (tmp_path / "files").rglob("*") if file.is_file()] == []


def test_a_scanner_that_cannot_be_asked_lets_the_paper_wait(db: None, tmp_path: Path) -> None:
    upload = _receive()
    with pytest.raises(Unavailable):
        _examine(upload, Finding(is_there=False))
    assert get_upload(upload.upload_id, owner=HANH).state is UploadState.RECEIVED
    assert len(_waiting(tmp_path)) == 1
    assert _examine(upload, Finding()).state is UploadState.USABLE


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (SIGNED, "application/xml"),
        (b"\xef\xbb\xbf" + SIGNED, "application/xml"),
    ],
)
def test_the_closed_list_of_types(content: bytes, media_type: str) -> None:
    assert prove_type(io.BytesIO(content)) == media_type


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\x00" + PDF, "WAR-025"),
        (b"PK\x03\x04rest", "WAR-025"),
        (b"GIF89a", "WAR-025"),
        (b"x", "WAR-025"),
        (b"<html><script>1</script></html>", "WAR-025"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "WAR-025"),
        (b"%PDF-1.7<script>alert(1)</script>", "WAR-026"),
        (PDF[: len(PDF) // 2], "WAR-026"),
        (PNG[:-40], "WAR-026"),
        (PNG.replace(b"IDAT", b"IDAX"), "WAR-026"),
        (JPEG[: len(JPEG) // 2], "WAR-026"),
        (b"\xff\xd8\xff\xe0rest", "WAR-026"),
        (b"\x89PNG\r\n\x1a\nrest", "WAR-026"),
        (b"<paper>" + SIGNED, "WAR-026"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "WAR-026"),
        (LOCKED, "WAR-027"),
        (_png_of(30_000, 30_000), "WAR-028"),
        (_png_of(7_300, 7_300), "WAR-028"),
    ],
)
def test_what_a_real_parser_does_not_read_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        prove_type(io.BytesIO(content))
    assert refused.value.code == code


def test_a_wrong_type_is_refused_with_its_reason_and_removed(db: None, tmp_path: Path) -> None:
    examined = _examine(_receive(b"MZ\x90\x00rest"), Finding())
    assert (examined.state, examined.scan, examined.reason, examined.item_id) == (UploadState.REFUSED, Scan.CLEAN, "WAR-025", None)
    assert _waiting(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "length", "code"),
    [(b"", 0, "WAR-020"), (b"abc", 4, "WAR-021"), (b"abc", 2, "WAR-021"), (b"abc", LIMIT + 1, "WAR-004")],
    ids=["empty", "cut off", "more than said", "too large"],
)
def test_what_does_not_arrive_whole_leaves_nothing(db: None, tmp_path: Path, content: bytes, length: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        _receive(content, length=length)
    assert refused.value.code == code
    assert _waiting(tmp_path) == []
    assert list_uploads(HANH) == ()


def test_an_owner_cannot_let_any_number_of_files_wait(db: None, tmp_path: Path) -> None:
    for _ in range(20):
        _receive()
    with pytest.raises(Conflict) as refused:
        _receive()
    assert refused.value.code == "WAR-022"
    assert len(_waiting(tmp_path)) == 20, "the file of the refused one is gone"


def test_the_same_paper_again_is_the_same_item(db: None) -> None:
    first, second = _examine(_receive()), _examine(_receive())
    assert first.item_id == second.item_id
    assert len(list_items(HANH)) == 1


# -- what dead processes leave ----------------------------------------------------------------------------------------


def test_a_run_that_died_after_the_taking_over_is_gone_on_with(db: None) -> None:
    upload = _receive()
    bound_quarantine().take_over(upload.upload_id, upload.sha256, upload.size_bytes)
    assert list_items(HANH) == (), "nothing is visible before it is written down"
    assert _examine(upload, Finding()).state is UploadState.USABLE


def test_a_run_that_died_after_the_refusal_leaves_a_file_that_goes(db: None, tmp_path: Path) -> None:
    upload = _receive()
    kept = _waiting(tmp_path)[0].read_bytes()
    _examine(upload, Finding(is_found=True))
    (tmp_path / "files" / "quarantine" / upload.upload_id.hex).write_bytes(kept)
    assert _examine(upload, Finding()).state is UploadState.REFUSED
    assert _waiting(tmp_path) == []


def test_a_file_that_was_lost_is_told(db: None) -> None:
    upload = _receive()
    bound_quarantine().drop(upload.upload_id)
    assert _examine(upload, Finding()).reason == "WAR-029"


def test_the_sweeper_removes_what_nobody_waits_for_and_asks_again(db: None, deferred: list[dict[str, object]], tmp_path: Path) -> None:
    upload = _receive()
    folder, orphan = tmp_path / "files" / "quarantine", uuid7(AT)
    (folder / orphan.hex).write_bytes(b"of a process that died before the row")
    (folder / f".{orphan.hex}.ab").write_bytes(b"of one that died while receiving")
    now = datetime.now(UTC)
    assert flows.sweep(now) == 0, "nothing is old yet"
    deferred.clear()
    assert flows.sweep(now + timedelta(hours=7)) == 2
    assert [UUID(hex=file.name) for file in _waiting(tmp_path)] == [upload.upload_id], "it goes on waiting"
    assert [one["upload_id"] for one in deferred] == [str(upload.upload_id)]
    _examine(upload, Finding())
    assert flows.sweep(now + timedelta(hours=7)) == 0


@pytest.mark.parametrize("deadly", range(1, 5))
def test_a_death_while_receiving_leaves_nothing_that_is_seen(db: None, tmp_path: Path, deadly: int) -> None:
    from tests.component.warehouse.test_encryption import _die_at

    FileOwnerKeys(tmp_path / "keys", sealed_folder=tmp_path / "files" / "sealed").rotate()
    upload_id = uuid7(AT)
    if (child := os.fork()) == 0:  # pragma: no cover  # it is killed
        content = {"expected_bytes": len(PDF), "maximum_bytes": LIMIT, "owner": HANH}
        _die_at(deadly, lambda: bound_quarantine().receive(upload_id, [PDF], **content))  # type: ignore[arg-type]
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or deadly > 3, "a flush of the file, a renaming, a flush of the folder"
    assert list_uploads(HANH) == ()
    assert list_items(HANH) == ()
    assert flows.sweep(datetime.now(UTC) + timedelta(hours=7)) == 1, "what it left"
    assert _waiting(tmp_path) == []


def test_what_is_sent_again_under_the_same_key_is_the_first(db: None, tmp_path: Path) -> None:
    first = _receive(once="k")
    assert _receive(once="k") == first == _receive(once="k") and len(_waiting(tmp_path)) == 1
    assert len({_receive(once="another").upload_id, _receive().upload_id, _receive().upload_id, first.upload_id}) == 4
    _examine(first)
    assert _receive(once="k").state is UploadState.USABLE


def test_of_two_that_are_on_their_way_at_once_the_second_is_told_the_first(db: None) -> None:
    first, late = _receive(once="k"), uuid7(AT)
    told = record_upload(actor=CITIZEN, at=AT, owner=HANH, upload_id=late, kind="contract", sha256="0" * 64, size_bytes=1, once="k")
    assert told == first.upload_id and [one.upload_id for one in list_uploads(HANH)] == [first.upload_id]


def test_what_was_lost_or_removed_is_taken_anew_under_the_same_key(db: None) -> None:
    lost = _receive(once="k")
    bound_quarantine().drop(lost.upload_id)
    assert _examine(lost).state is UploadState.REFUSED
    kept = _examine(_receive(once="k"))
    assert kept.upload_id != lost.upload_id and kept.item_id is not None
    remove_own(actor=CITIZEN, at=AT, owner=HANH, item_id=kept.item_id, check_free=lambda _: None)
    assert _receive(once="k").upload_id != kept.upload_id
