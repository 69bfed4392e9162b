import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psycopg
import pytest
from django.db import connection

from bhxh.audit.commands import command, record, record_looks
from bhxh.audit.flows import seal_head, sequence_to_end
from bhxh.audit.models import Entry, Epoch
from bhxh.audit.verification import KeptHead, verify_tables
from bhxh.doors.cli.backup import BackupReport, Place, backup, restore
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.canonical import canonical_bytes, sha256_hex
from bhxh.kernel.errors import Conflict, Defect, Invalid
from bhxh.kernel.who import SYSTEM
from bhxh.signing.errors import SIG_SEAL_FORM
from bhxh.warehouse.owner_keys import FileOwnerKeys
from bhxh.warehouse.store import BlobStore
from bhxh.wiring.configuration import configuration
from tools.databases import drop_database

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")

pytestmark = pytest.mark.skipif(
    bool(configuration().database_url), reason="NOT TRIED: a backup with the embedded server's pg_dump. Run without DATABASE_URL"
)


class Sealer:
    def seal(self, payload: bytes) -> bytes:
        return b"sealed:" + payload


def opened(sealed: bytes) -> bytes:
    if not sealed.startswith(b"sealed:"):
        raise Invalid(SIG_SEAL_FORM, reason="test")
    return sealed.removeprefix(b"sealed:")


def published(copy: Path) -> KeptHead:
    """The head that the world saw when the copy was taken."""
    return KeptHead.open(json.loads((copy / "manifest.json").read_text())["sealed_head"].encode(), opened)


def take_back(copy: Path, folder: Path, kept: KeptHead | None = None) -> BackupReport:
    return restore(copy, at=AT, place=place(folder), open_seal=opened, published=kept or published(copy))


def store_in(folder: Path) -> BlobStore:
    return BlobStore(folder, keys=FileOwnerKeys(folder.with_name("keys"), sealed_folder=folder / "sealed"))


def place(folder: Path) -> Place:
    name = connection.settings_dict["NAME"]
    postgres = configuration().postgres
    return Place(
        owner_address=postgres.url("bhxh_owner", str(name)),
        program=postgres.program,
        warehouse_folder=folder,
        prove_file=store_in(folder).prove,
    )


def write(count: int) -> None:
    _write(actor=ACTOR, count=count)


@command(by=SYSTEM)
def _write(*, actor: Actor, count: int) -> None:
    for n in range(count):
        record(actor=actor, at=AT, verb="audit.test.write", person_id=n)


def stored(folder: Path, content: bytes) -> Path:
    digest = sha256_hex(content)
    file = folder / "sha256" / digest[:2] / digest[2:4] / digest
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    return file


@contextmanager
def another_database(name: str) -> Iterator[None]:
    """This process connected to an empty database of its own."""
    url, mine = configuration().postgres.url("bhxh_owner", "postgres"), connection.settings_dict["NAME"]
    with psycopg.connect(url, autocommit=True) as admin:
        drop_database(admin, name)
        admin.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = mine
        with psycopg.connect(url, autocommit=True) as admin:
            drop_database(admin, name)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")


@pytest.fixture
def copied(database: None, tmp_path: Path) -> Path:
    write(3)
    record_looks(actor=ACTOR, at=AT, person_ids=[1, 2], what="book")
    stored(tmp_path / "warehouse", b"a decision")  # kept before files were encrypted
    store_in(tmp_path / "warehouse").write(b"an encrypted decision")
    report = backup(tmp_path / "copy", at=AT, place=place(tmp_path / "warehouse"), sealer=Sealer())
    assert (report.size, report.files) == (5, 2)
    write(1)  # after the copy; not in it
    return tmp_path / "copy"


def test_a_copy_comes_back_equal_and_the_log_goes_on(copied: Path, tmp_path: Path) -> None:
    with another_database("bhxh_restored_equal"):
        report = take_back(copied, tmp_path / "again")
        assert report.size == 5
        assert Entry.objects.count() == 3
        assert set(stored_names(tmp_path / "again")) == {sha256_hex(b"a decision"), sha256_hex(b"an encrypted decision")}
        assert store_in(tmp_path / "again").read(sha256_hex(b"an encrypted decision")) == b"an encrypted decision"
        write(2)
        assert verify_tables().is_whole
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('bhxh_app', 'audit_entry', 'UPDATE')")
            assert cursor.fetchone() == (False,)
        with pytest.raises(Conflict):
            take_back(copied, tmp_path / "again")
    assert Epoch.objects.count() == 1


def stored_names(folder: Path) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file()]


def test_a_backup_overwrites_nothing(copied: Path, tmp_path: Path) -> None:
    with pytest.raises(Conflict) as caught:
        backup(copied, at=AT, place=place(tmp_path / "warehouse"), sealer=Sealer())
    assert caught.value.code == "BAK-001"


@pytest.mark.parametrize("part", ["database.dump", "warehouse.sha256", "manifest.json"])
def test_a_changed_part_is_refused_before_anything_is_restored(copied: Path, tmp_path: Path, part: str) -> None:
    changed, kept = (copied / part).read_bytes(), published(copied)
    (copied / part).write_bytes(changed[:-1] if part == "manifest.json" else changed + b"x")
    with another_database("bhxh_restored_changed"):
        with pytest.raises(Invalid):
            take_back(copied, tmp_path / "again", kept)
        assert "audit_entry" not in connection.introspection.table_names()


def test_a_lost_file_is_noticed(copied: Path, tmp_path: Path) -> None:
    shutil.rmtree(copied / "warehouse" / "sha256")
    with another_database("bhxh_restored_lost"), pytest.raises(Defect) as caught:
        take_back(copied, tmp_path / "again")
    assert caught.value.code == "BAK-005"


def test_a_copy_of_before_encryption_comes_back(copied: Path, tmp_path: Path) -> None:
    shutil.rmtree(copied / "warehouse" / "sealed")
    _list_anew(copied, f"{sha256_hex(b'a decision')}\n")
    with another_database("bhxh_restored_old"):
        assert take_back(copied, tmp_path / "again").files == 1


def _list_anew(copied: Path, listed: str) -> None:
    (copied / "warehouse.sha256").write_text(listed)
    manifest = orjson.loads((copied / "manifest.json").read_bytes())
    manifest["parts"]["warehouse.sha256"] = sha256_hex(listed.encode())
    (copied / "manifest.json").write_bytes(canonical_bytes(manifest))


def test_a_changed_encrypted_file_is_noticed_without_its_key(copied: Path, tmp_path: Path) -> None:
    file = copied / "warehouse" / "sealed" / (digest := sha256_hex(b"an encrypted decision"))[:2] / digest[2:4] / digest
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with another_database("bhxh_restored_changed_file"), pytest.raises(Defect) as caught:
        take_back(copied, tmp_path / "again")
    assert caught.value.code == "BAK-005"


def test_without_the_master_keys_nothing_opens_and_with_their_own_copy_everything_does(copied: Path, tmp_path: Path) -> None:
    """The copy holds no key: nowhere in it are the bytes of one."""
    elsewhere, keys = tmp_path / "elsewhere" / "warehouse", tmp_path / "keys"
    [master] = keys.glob("*.key")
    assert not any(master.read_bytes() in file.read_bytes() for file in copied.rglob("*") if file.is_file())
    with another_database("bhxh_restored_no_keys"):
        take_back(copied, elsewhere)
    with pytest.raises(Defect) as caught:
        list(store_in(elsewhere).prove_all())
    assert caught.value.code in {"WAR-010", "WAR-011"}
    assert not list((tmp_path / "elsewhere" / "keys").glob("*.key")), "no new key hides the loss"
    shutil.copytree(keys, tmp_path / "elsewhere" / "keys", dirs_exist_ok=True)
    assert list(store_in(elsewhere).prove_all()) == [sha256_hex(b"an encrypted decision")]


def test_a_damaged_encrypted_file_stops_the_backup(database: None, tmp_path: Path) -> None:
    write(1)
    digest = store_in(tmp_path / "warehouse").write(b"a decision")
    [file] = (tmp_path / "warehouse").rglob(digest)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(Defect) as caught:
        backup(tmp_path / "copy", at=AT, place=place(tmp_path / "warehouse"), sealer=Sealer())
    assert caught.value.code == "WAR-001"


def test_another_root_is_refused(copied: Path, tmp_path: Path) -> None:
    manifest = (copied / "manifest.json").read_text()
    start = manifest.index('"root":"') + len('"root":"')
    (copied / "manifest.json").write_text(manifest[:start] + "0" * 64 + manifest[start + 64 :])
    with another_database("bhxh_restored_root"), pytest.raises(Defect) as caught:
        take_back(copied, tmp_path / "again")
    assert caught.value.code == "BAK-005"


def test_a_copy_older_than_what_was_published_is_refused_before_anything_is_restored(copied: Path, tmp_path: Path) -> None:
    sequence_to_end(AT, patience_s=60)
    later = seal_head(AT, Sealer())
    assert later is not None and later.size == 6
    with another_database("bhxh_restored_older"):
        with pytest.raises(Conflict) as caught:
            take_back(copied, tmp_path / "again", KeptHead.open(later.sealed, opened))
        assert (caught.value.code, caught.value.parameters["published"], caught.value.parameters["size"]) == ("BAK-008", 6, 5)
        assert "audit_entry" not in connection.introspection.table_names()


@pytest.mark.parametrize(
    "edit",
    [
        "DELETE FROM audit_entry WHERE person_id = 1",
        "UPDATE audit_look SET txid = '3'",
    ],
    ids=["a removed entry", "rows in another order"],
)
def test_a_copy_made_up_whole_does_not_meet_the_published_root(copied: Path, tmp_path: Path, edit: str) -> None:
    """Whoever owns database, manifest and even the seal key makes everything agree but what others kept."""
    kept = published(copied)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("TRUNCATE audit_leaf, audit_inner_node, audit_head, audit_sealed_head, audit_epoch")
        cursor.execute(edit)
        cursor.execute("SET ROLE bhxh_app")
    made_up = tmp_path / "made-up"
    backup(made_up, at=AT, place=place(tmp_path / "warehouse"), sealer=Sealer())
    with another_database("bhxh_restored_made_up"), pytest.raises(Defect) as caught:
        take_back(made_up, tmp_path / "again", kept)
    assert (caught.value.code, "other_than_published" in str(caught.value.parameters["what"])) == ("BAK-005", True)
    with another_database("bhxh_restored_believed"):
        assert take_back(made_up, tmp_path / "believed").size == published(made_up).size, "only what was kept outside tells"


def test_a_damaged_stored_file_stops_the_backup(database: None, tmp_path: Path) -> None:
    write(1)
    stored(tmp_path / "warehouse", b"a decision").write_bytes(b"another")
    with pytest.raises(Defect) as caught:
        backup(tmp_path / "copy", at=AT, place=place(tmp_path / "warehouse"), sealer=Sealer())
    assert caught.value.code == "BAK-003"
    assert [file.name for file in tmp_path.iterdir()] == ["warehouse"], "nothing half made is left"
