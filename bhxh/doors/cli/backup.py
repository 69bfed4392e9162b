"""Copy an installation, and take a copy back only when its log proves to be the same, and no other than was published.

A backup is a folder: `database.dump` (pg_dump's custom format), `warehouse/` (encrypted files named by their content's digest),
`warehouse.sha256` (their list, in the form `sha256sum -c` reads) and `manifest.json`. Private keys are not in it, nor the master keys that
open the files: they are a secret of another class and are kept apart (key ceremony or hardware module).

The database part and the row counts are of one snapshot. Files are copied after it: a file is always stored before the row
that names it commits, so the copy holds at least what the rows name.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.db import connection, transaction

from bhxh.audit.flows import seal_head, sequence, sequence_to_end
from bhxh.audit.ports import RootSealer
from bhxh.audit.queries import SealedHeadSeen, is_head_sealed
from bhxh.audit.verification import KeptHead, verify_tables
from bhxh.doors.cli.backup_errors import (
    BAK_DATABASE_IN_USE,
    BAK_EMPTY_LOG,
    BAK_NOT_EQUAL,
    BAK_OLDER_THAN_PUBLISHED,
    BAK_PART_DAMAGED,
    BAK_PROGRAM_FAILED,
    BAK_TARGET_EXISTS,
)
from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.errors import Conflict, Defect, Invalid

_FORMAT = 1
_DUMP, _FILES, _LIST, _MANIFEST = "database.dump", "warehouse", "warehouse.sha256", "manifest.json"
_HORIZON_PATIENCE_S = 120.0  # LIMIT: longer than any statement may run (60 s), so only a stuck transaction exceeds it


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an installation's parts lie; wiring fills it."""

    owner_address: str
    """Connection address as bhxh_owner, to the same database as this process's own connection."""
    program: Callable[[str], str]
    """Path of a PostgreSQL client program (`pg_dump`, `pg_restore`) of the server's version or later."""
    warehouse_folder: Path
    prove_file: Callable[[str], None]
    """Reads an encrypted file of the warehouse to its end, by its digest. Raises Defect where it is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What a backup or a restore proved."""

    folder: Path
    size: int
    root: str
    rows: int
    files: int


def backup(target: Path, *, at: datetime, place: Place, sealer: RootSealer) -> BackupReport:
    """Number the log to its end, seal its head, copy database and files, write the manifest last.

    Raises: Conflict BAK-001, BAK-006; Unavailable AUD-006; Defect BAK-002, BAK-003 where a stored file no longer has its digest.
    """
    staging = target.with_name(f"{target.name}.partial")
    if target.exists() or staging.exists():
        raise Conflict(BAK_TARGET_EXISTS, folder=target.name)
    sequence_to_end(at, patience_s=_HORIZON_PATIENCE_S)
    head = seal_head(at, sealer)
    if head is None:
        raise Conflict(BAK_EMPTY_LOG)
    staging.mkdir(mode=0o700, parents=True)
    try:
        report = _fill(staging, head, at=at, place=place)
        staging.rename(target)
    except BaseException:
        shutil.rmtree(staging)
        raise
    return replace(report, folder=target)


def restore(source: Path, *, at: datetime, place: Place, open_seal: Callable[[bytes], bytes], published: KeptHead) -> BackupReport:
    """Take a backup back into an empty database, and accept it only if it proves equal, and to be the log whose head was published.

    Shape:  this process's own database connection must be to the database that `place` names, as bhxh_owner.
            Equal means: every part has its digest, every table its number of rows, the log recomputed row by row is
            whole, its root at the manifest's size is the manifest's root, and it begins with the published log. Whoever makes up a whole
            backup, manifest and all, still does not meet a root that is kept elsewhere. Then a new epoch of the log is opened.
    Raises: Conflict BAK-004, BAK-008; Invalid BAK-003; Defect BAK-002, BAK-005. After BAK-005 the database must not be used.
    """
    manifest = _read_manifest(source)
    if manifest["size"] < published.size:
        raise Conflict(BAK_OLDER_THAN_PUBLISHED, published=published.size, size=manifest["size"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        if cursor.fetchone()[0]:
            raise Conflict(BAK_DATABASE_IN_USE)
    _run(
        place.program("pg_restore"),
        "--no-owner",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={place.owner_address}",
        source / _DUMP,
    )
    connection.close()  # WHY: what this connection had prepared is older than the tables
    with transaction.atomic():
        if (counts := _count_rows()) != manifest["counts"]:
            different = sorted(name for name in {*counts, *manifest["counts"]} if counts.get(name) != manifest["counts"].get(name))
            raise Defect(BAK_NOT_EQUAL, what=f"rows of {', '.join(different)}")
    listed = (source / _LIST).read_text().splitlines()
    copied = list(_copy_files(source / _FILES, place.warehouse_folder))
    if sorted(listed) not in (sorted(copied), sorted(line.rpartition("/")[2] for line in copied)):  # LEGACY: before encryption, names alone
        raise Defect(BAK_NOT_EQUAL, what="files")
    report = verify_tables(open_seal, published)
    if not report.is_whole:
        raise Defect(BAK_NOT_EQUAL, what=f"log, {report.problem} at leaf {report.first_bad_leaf}")
    if not is_head_sealed(size=manifest["size"], root=bytes.fromhex(manifest["root"])):
        raise Defect(BAK_NOT_EQUAL, what="root of the log")
    sequence(at)
    return BackupReport(folder=source, size=manifest["size"], root=manifest["root"], rows=sum(counts.values()), files=len(listed))


def _fill(folder: Path, head: SealedHeadSeen, *, at: datetime, place: Place) -> BackupReport:
    counts = _dump(folder / _DUMP, place)
    files = list(_copy_files(place.warehouse_folder, folder / _FILES, prove=place.prove_file))
    (folder / _LIST).write_text("".join(f"{file}\n" for file in files))
    manifest: dict[str, Json] = {
        "at": at.isoformat(),
        "counts": counts,
        "files": len(files),
        "format": _FORMAT,
        "parts": {name: _sha256_of(folder / name) for name in (_DUMP, _LIST)},
        "root": head.root.hex(),
        "sealed_head": head.sealed.decode("utf-8", errors="backslashreplace"),
        "size": head.size,
    }
    (folder / _MANIFEST).write_bytes(canonical_bytes(manifest))
    return BackupReport(folder=folder, size=head.size, root=head.root.hex(), rows=sum(counts.values()), files=len(files))


def _dump(file: Path, place: Place) -> Mapping[str, int]:
    """Write the dump; returns the row counts of the same snapshot."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _run(place.program("pg_dump"), "--format=custom", f"--snapshot={snapshot}", f"--dbname={place.owner_address}", f"--file={file}")
        return _count_rows()


def _count_rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        counts: dict[str, int] = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


def _copy_files(source: Path, target: Path, *, prove: Callable[[str], None] | None = None) -> Iterator[str]:
    """Copy content-addressed files; gives a line of the list for each, in order. A file that is there already is not copied again.

    Shape:  of encrypted files each is opened by `prove`; without it the list, which the manifest vouches for, proves them afterwards.
    """
    for folder in ("sealed", "sha256"):  # LEGACY: the second holds what was kept before encryption
        for file in sorted((source / folder).rglob("*")):
            if not file.is_file() or file.name.startswith("."):
                continue
            digest = _sha256_of(file)
            if folder == "sha256" and digest != file.name:
                raise Defect(BAK_PART_DAMAGED, part=file.name)
            if folder == "sealed" and prove is not None:
                prove(file.name)
            copy = target / file.relative_to(source)
            if not copy.exists() or _sha256_of(copy) != digest:
                copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
                copy.chmod(0o600)
            yield f"{digest}  {_FILES}/{file.relative_to(source).as_posix()}"


def _read_manifest(source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = orjson.loads((source / _MANIFEST).read_bytes())
        parts = manifest["parts"]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        raise Invalid(BAK_PART_DAMAGED, part=_MANIFEST) from None
    for name in (_DUMP, _LIST):
        if not (source / name).is_file() or _sha256_of(source / name) != parts.get(name):
            raise Invalid(BAK_PART_DAMAGED, part=name)
    return manifest


def _sha256_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _run(program: str, *arguments: str | Path) -> None:
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Defect(BAK_PROGRAM_FAILED, program=Path(program).name, status=done.returncode)
