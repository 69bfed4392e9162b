"""Taking in what an owner sends: quarantine first, then scanned and proven by a job, then an item or a refusal. No transaction is open here."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog

from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.errors import Invalid, Sentence
from bhxh.kernel.ids import uuid7
from bhxh.warehouse.errors import WAR_LOST, WAR_VIRUS
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.ports import FileScanner
from bhxh.warehouse.quarantine import bound_quarantine
from bhxh.warehouse.sealed_file import PIECE_BYTES
from bhxh.warehouse.store import bound_store
from bhxh.warehouse.upload_commands import accept_upload, examine_again, record_upload, refuse_upload
from bhxh.warehouse.uploads import Scan, UploadState, UploadView, find_sent, get_upload, is_waiting, list_waiting

_WAITS_TOO_LONG: Final = timedelta(minutes=90)
"""Longer than a job tries by itself."""
_FORGOTTEN: Final = timedelta(hours=6)
"""LIMIT: what is received takes minutes; a file without a waiting row that is older belongs to a process that died."""
_SWEPT_AT_ONCE: Final = 500  # LIMIT: of one beat; the next one takes the rest
_log = structlog.get_logger()


def receive(
    *,
    actor: Actor,
    at: datetime,
    owner: Owner,
    kind: str,
    content: Iterable[bytes],
    expected_bytes: int,
    maximum_bytes: int,
    once: str = "",
) -> UploadView:
    """Keep what is sent, encrypted, and let it be examined. The file is on the disk, whole, before any row says so.

    `once`: the same content sent again under the same key is the first one. The key has the content's digest in it.
    Raises: Invalid WAR-004, WAR-020, WAR-021; Conflict WAR-022; Unavailable WAR-007: nothing is kept then.
    """
    if (first := find_sent(owner, once)) is not None:
        return first
    quarantine, upload_id = bound_quarantine(), uuid7(at)
    sha256, size = quarantine.receive(upload_id, content, owner=owner, expected_bytes=expected_bytes, maximum_bytes=maximum_bytes)
    try:
        kept = record_upload(actor=actor, at=at, owner=owner, upload_id=upload_id, kind=kind, sha256=sha256, size_bytes=size, once=once)
    except BaseException:
        quarantine.drop(upload_id)
        raise
    if kept != upload_id:  # a double click: both were on their way at once
        quarantine.drop(upload_id)
    return get_upload(kept, owner=owner)


def examine(upload_id: UUID, *, owner: Owner, at: datetime, scanner: FileScanner | None) -> UploadView:
    """Scan, prove the type, take over or refuse. Runs twice without harm, and goes on where a dead run left off.

    Raises: Unavailable WAR-030 (asked again later), WAR-007; Defect WAR-001.
    """
    upload = get_upload(upload_id, owner=owner)
    if upload.state is not UploadState.RECEIVED:
        bound_quarantine().drop(upload_id)
        return upload
    actor = system_actor(name="warehouse", request_id=uuid4().hex, purpose="operation")
    scan, found = _judge(upload, scanner)
    if isinstance(found, Sentence):
        refuse_upload(actor=actor, at=at, upload=upload, reason=found, scan=scan)
        bound_quarantine().drop(upload_id)
    else:
        bound_quarantine().take_over(upload_id, upload.sha256, upload.size_bytes)
        accept_upload(actor=actor, at=at, upload=upload, media_type=found, scan=scan)
    _log.info("warehouse.upload.examined", upload=str(upload_id), scan=scan.value)
    return get_upload(upload_id, owner=owner)


def sweep(at: datetime) -> int:
    """Ask again for what waits too long, and remove what no row speaks of any more. Returns how many files were removed."""
    waiting = list_waiting(received_before=at - _WAITS_TOO_LONG, limit=_SWEPT_AT_ONCE)
    if waiting:
        examine_again(actor=system_actor(name="warehouse", request_id=uuid4().hex, purpose="operation"), at=at, uploads=waiting)
    return bound_quarantine().forget_older_than(at - _FORGOTTEN, is_waiting=is_waiting)


def _judge(upload: UploadView, scanner: FileScanner | None) -> tuple[Scan, str | Sentence]:
    """What the scanner said, and the proven media type or why it is refused."""
    from bhxh.warehouse.proving import prove_type  # WHY late: only whoever examines needs the parsers, and every process would hold them

    quarantine = bound_quarantine()
    # WHY the second place: a run that died after the taking over has left it there, and nothing written down.
    opened = quarantine.open(upload.upload_id, upload.sha256) if quarantine.has(upload.upload_id) else bound_store().opened(upload.sha256)
    scan = Scan.NOT_SCANNED
    try:
        with opened as file:
            if scanner is not None:
                if scanner.finds(iter(lambda: file.read(PIECE_BYTES), b"")):
                    return Scan.FOUND, WAR_VIRUS
                scan = Scan.CLEAN
            return scan, prove_type(file)
    except FileNotFoundError:
        return scan, WAR_LOST
    except Invalid as refused:
        return scan, refused.sentence
