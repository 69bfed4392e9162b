"""The warehouse on a real folder and a real database."""

import os
import resource
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bhxh.audit.models import Entry
from bhxh.kernel.actor import system_actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Defect, Invalid, NotFound, Unavailable
from bhxh.warehouse import store as store_module
from bhxh.warehouse.commands import Conversion, put, put_for_persons
from bhxh.warehouse.models import Item
from bhxh.warehouse.owner_keys import FileOwnerKeys
from bhxh.warehouse.owners import INSTALLATION, Owner
from bhxh.warehouse.queries import get_item, list_items, read_item
from bhxh.warehouse.store import BlobStore, bind_store, bound_store, read_blob, store_blob

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
HANH, BINH = Owner("person", 1), Owner("person", 2)
DOSSIER = UUID("01938f00-0000-7000-8000-000000000001")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    before = list(store_module._bound)
    bind_store(BlobStore(tmp_path / "files", keys=FileOwnerKeys(tmp_path / "keys", sealed_folder=tmp_path / "files" / "sealed")))
    yield tmp_path / "files"
    store_module._bound[:] = before


def _put(owner: Owner = HANH, content: bytes = b"giay", kind: str = "decision", dossier_id: UUID | None = None) -> UUID:
    return put(
        actor=ACTOR,
        at=AT,
        owner=owner,
        content=content,
        media_type="text/plain",
        kind=kind,
        title_vi="Quyết định",
        title_en="Decision",
        provenance={"source_kind": "OFFICER"},
        dossier_id=dossier_id,
    )


def test_bytes_lie_under_their_digest_and_only_we_may_read_them(folder: Path) -> None:
    digest = store_blob(b"so bao hiem")
    assert digest == sha256_hex(b"so bao hiem")
    file = folder / "sealed" / digest[:2] / digest[2:4] / digest
    assert b"so bao hiem" not in file.read_bytes()
    assert read_blob(digest) == b"so bao hiem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [digest], "no temporary name is left behind"


def test_the_same_bytes_again_are_not_written_again(folder: Path) -> None:
    """Its time says that somebody kept the content just now, so that nobody removes it meanwhile."""
    digest = store_blob(b"x")
    file = next(folder.rglob(digest))
    before = file.read_bytes(), file.stat().st_ino
    os.utime(file, (1, 1))
    store_blob(b"x")
    assert (file.read_bytes(), file.stat().st_ino) == before
    assert file.stat().st_mtime > 1


def test_half_a_file_left_by_a_dead_disk_is_written_anew(folder: Path) -> None:
    digest = store_blob(b"whole content")
    next(folder.rglob(digest)).write_bytes(b"half")
    store_blob(b"whole content")
    assert read_blob(digest) == b"whole content"


def test_a_changed_byte_is_an_alarm_not_an_answer(folder: Path) -> None:
    digest = store_blob(b"1000000")
    file = next(folder.rglob(digest))
    whole = file.read_bytes()
    for position in range(len(whole)):
        file.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        with pytest.raises(Defect) as caught:
            read_blob(digest)
        # the number of the master key is in the header too: another number is a key nobody has
        assert caught.value.code in ("WAR-001", "WAR-011"), position


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_a_digest_becomes_a_path(name: str) -> None:
    with pytest.raises(Invalid):
        read_blob(name)


def test_an_unknown_digest_is_not_found() -> None:
    with pytest.raises(NotFound):
        read_blob("0" * 64)
    assert not bound_store().has("0" * 64)


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MAXIMUM_BYTES", 3)
    with pytest.raises(Invalid) as caught:
        store_blob(b"four")
    assert caught.value.code == "WAR-004"


def test_without_a_bound_folder_nothing_is_kept() -> None:
    store_module._bound.clear()
    with pytest.raises(Defect) as caught:
        store_blob(b"x")
    assert caught.value.code == "WAR-003"


def test_put_twice_is_one_item(db: None) -> None:
    first = _put()
    assert _put() == first
    assert Item.objects.count() == 1
    assert Entry.objects.filter(verb="warehouse.item.put", person_id=1).count() == 2


def test_another_owner_kind_or_dossier_is_another_item(db: None) -> None:
    items = {_put(), _put(owner=BINH), _put(kind="extract"), _put(dossier_id=DOSSIER), _put(content=b"other")}
    assert len(items) == 5


def test_an_owner_sees_only_what_is_theirs(db: None) -> None:
    mine, theirs = _put(), _put(owner=BINH)
    assert [item.item_id for item in list_items(HANH)] == [mine]
    assert list_items(Owner("employer", 1)) == (), "an employer with the same number is somebody else"
    assert list_items(INSTALLATION) == ()
    with pytest.raises(NotFound):
        get_item(theirs, owner=HANH)
    with pytest.raises(NotFound):
        read_item(theirs, owner=HANH)
    assert read_item(theirs, owner=BINH) == b"giay"


def test_pages_go_backwards_in_time(db: None) -> None:
    ids = sorted(_put(content=bytes([n])) for n in range(5))
    first = list_items(HANH, limit=3)
    rest = list_items(HANH, before=first[-1].item_id, limit=3)
    assert [item.item_id for item in (*first, *rest)] == ids[::-1]


def test_a_conversion_says_what_it_was_made_from(db: None) -> None:
    conversion = Conversion(direction="TO_ELECTRONIC", from_sha256="a" * 64, converted_by="officer:lan", converted_at=AT)
    item_id = put(
        actor=ACTOR,
        at=AT,
        owner=HANH,
        content=b"scan",
        media_type="application/pdf",
        kind="scan",
        title_vi="Bản quét",
        title_en="Scan",
        provenance={},
        conversion=conversion,
    )
    assert get_item(item_id).conversion_direction == "TO_ELECTRONIC"


def test_a_rolled_back_put_leaves_no_item(database: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        _put()
        raise RuntimeError
    assert Item.objects.count() == 0


@pytest.mark.parametrize("statement", ["UPDATE warehouse_item SET kind = 'x'", "DELETE FROM warehouse_item", "TRUNCATE warehouse_item"])
def test_an_item_cannot_be_edited(db: None, statement: str) -> None:
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def _put_for_persons(*person_ids: int) -> int:
    return put_for_persons(
        actor=ACTOR,
        at=AT,
        person_ids=person_ids,
        content=b"so",
        media_type="application/json",
        kind="book_reference",
        title_vi="Sổ",
        title_en="Book",
        provenance={"source_kind": "SPECIALISED_DB"},
        dossier_id=DOSSIER,
    )


def test_one_document_for_many_persons_is_put_once_each(db: None) -> None:
    assert _put_for_persons(1, 2, 2) == 2
    assert _put_for_persons(2, 3) == 1
    assert _put_for_persons() == 0
    assert [len(list_items(Owner("person", person_id))) for person_id in (1, 2, 3)] == [1, 1, 1]
    assert read_item(list_items(BINH)[0].item_id, owner=BINH) == b"so"
    journal = Entry.objects.filter(verb="warehouse.item.put").values_list("person_id", flat=True)
    assert sorted(journal) == [1, 2, 3]
    assert Entry.objects.filter(verb="warehouse.items.put").count() == 3


def test_statements_do_not_grow_with_the_persons(db: None) -> None:
    counts = []
    for persons in (range(10, 12), range(100, 300)):
        with CaptureQueriesContext(connection) as captured:
            _put_for_persons(*persons)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_disk_without_room_is_said_and_nothing_is_left_behind(folder: Path) -> None:
    _, highest = resource.getrlimit(resource.RLIMIT_FSIZE)
    store_blob(b"")  # the master key is made at the first use
    before = [file for file in folder.rglob("*") if file.is_file()]
    resource.setrlimit(resource.RLIMIT_FSIZE, (3, highest))  # the kernel refuses the fourth byte of any file, as a full disk would
    try:
        with pytest.raises(Unavailable) as refused:
            store_blob(b"so bao hiem")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, highest))
    assert (refused.value.code, refused.value.status, refused.value.parameters["reason"]) == ("WAR-007", 503, "EFBIG")
    assert [file for file in folder.rglob("*") if file.is_file()] == before
    assert read_blob(store_blob(b"so bao hiem")) == b"so bao hiem"
