"""The three steps of an upload that are written down: it arrived, it is an item now, it was refused."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from bhxh.audit.commands import command, record
from bhxh.kernel import jobs
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Conflict, Sentence
from bhxh.kernel.who import EMPLOYER, PERSON, REPRESENTATIVE, SYSTEM, officer
from bhxh.warehouse.commands import Stored, put_stored
from bhxh.warehouse.errors import WAR_LOST, WAR_TOO_MANY_WAITING
from bhxh.warehouse.lifetime_commands import begin_anew
from bhxh.warehouse.models import Upload
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.uploads import OWN_KINDS, Scan, UploadState, UploadView, count_waiting, find_sent

JOB_EXAMINE: Final = jobs.name("warehouse.uploads.examine")
MOST_WAITING: Final = 20  # LIMIT: of one owner; examining one takes a second at most
_SENDERS = PERSON | REPRESENTATIVE | EMPLOYER | officer("CONVERTER", "RECEPTION")
"""Owners; and the desk and the counter, where a paper is scanned for whoever brought it."""


@command(by=_SENDERS)
def record_upload(
    *, actor: Actor, at: datetime, owner: Owner, upload_id: UUID, kind: str, sha256: str, size_bytes: int, once: str = ""
) -> UUID:
    """It lies in quarantine, whole; a job examines it. Returns its id, or of the one that came first under this key (`once`), maybe just now.

    Raises: Conflict WAR-022.
    """
    if (waiting := count_waiting(owner)) >= MOST_WAITING:
        raise Conflict(WAR_TOO_MANY_WAITING, count=waiting)
    row = Upload(
        owner_id=owner.id,
        owner_kind=owner.kind,
        upload_id=upload_id,
        kind=kind,
        once=once,
        sha256=sha256,
        size_bytes=size_bytes,
        received_at=at,
        state=UploadState.RECEIVED.value,
        scan=Scan.WAITING.value,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        first = find_sent(owner, once)
        if first is None:
            raise
        _record(actor, at, "warehouse.upload.repeat", owner, {"upload": str(first.upload_id)})
        return first.upload_id
    _defer_examination(upload_id, owner)
    _record(actor, at, "warehouse.upload.receive", owner, {"upload": str(upload_id), "kind": kind, "sha256": sha256})
    return upload_id


@command(by=SYSTEM)
def accept_upload(*, actor: Actor, at: datetime, upload: UploadView, media_type: str, scan: Scan) -> UUID | None:
    """It is an item of its owner from now on: the bytes lie in the store already. None where another run was first."""
    if not _is_still_waiting(upload):
        _record(actor, at, "warehouse.upload.repeat", upload.owner, {"upload": str(upload.upload_id)})
        return None
    title_vi, title_en = OWN_KINDS[upload.kind]
    item_id = put_stored(
        actor=actor,
        at=at,
        owner=upload.owner,
        stored=Stored(upload.sha256, upload.size_bytes, media_type),
        kind=f"own_{upload.kind}",
        title_vi=title_vi,
        title_en=title_en,
        provenance={
            "source_kind": "SUBMITTER",
            "source_system": "upload",
            "source_record_id": str(upload.upload_id),
            "received_at": upload.received_at.isoformat(),
            "scan": scan.value,
        },
    )
    begin_anew(upload.owner, item_id, at=at, kind=f"own_{upload.kind}")
    _write(upload, state=UploadState.USABLE.value, scan=scan.value, media_type=media_type, item_id=item_id, examined_at=at)
    _record(actor, at, "warehouse.upload.accept", upload.owner, {"upload": str(upload.upload_id), "scan": scan.value})
    return item_id


@command(by=SYSTEM)
def refuse_upload(*, actor: Actor, at: datetime, upload: UploadView, reason: Sentence, scan: Scan) -> None:
    """It is not taken, for this reason; its file goes after this."""
    if not _is_still_waiting(upload):
        _record(actor, at, "warehouse.upload.repeat", upload.owner, {"upload": str(upload.upload_id)})
        return
    _write(upload, state=UploadState.REFUSED.value, scan=scan.value, reason=reason.code, examined_at=at)
    if reason is WAR_LOST:
        _write(upload, once="")  # WHY: sent again under its key it is taken in anew
    _record(actor, at, "warehouse.upload.refuse", upload.owner, {"upload": str(upload.upload_id), "reason": reason.code})


@command(by=SYSTEM)
def examine_again(*, actor: Actor, at: datetime, uploads: tuple[UploadView, ...]) -> None:
    """Ask once more for uploads that wait too long: their job was given up while the scanner could not be asked."""
    for upload in uploads:
        _defer_examination(upload.upload_id, upload.owner)
    record(actor=actor, at=at, verb="warehouse.uploads.ask_again", detail={"uploads": len(uploads)})


def _defer_examination(upload_id: UUID, owner: Owner) -> None:
    """One waiting job for each upload."""
    jobs.defer(JOB_EXAMINE, once_key=f"examine-{upload_id}", upload_id=str(upload_id), owner_kind=owner.kind, owner_id=owner.id)


def _is_still_waiting(upload: UploadView) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM warehouse_upload WHERE owner_id = %s AND owner_kind = %s AND upload_id = %s FOR UPDATE",
            (upload.owner.id, upload.owner.kind, upload.upload_id),
        )
        row = cursor.fetchone()
    return row is not None and row[0] == UploadState.RECEIVED.value


def _write(upload: UploadView, **values: object) -> None:
    Upload.objects.filter(owner_id=upload.owner.id, owner_kind=upload.owner.kind, upload_id=upload.upload_id).update(**values)


def _record(actor: Actor, at: datetime, verb: str, owner: Owner, detail: dict[str, Json]) -> None:
    record(
        actor=actor,
        at=at,
        verb=verb,
        person_id=owner.id if owner.kind == "person" else None,
        detail={**detail, "owner_kind": owner.kind, "owner_id": owner.id},
    )
