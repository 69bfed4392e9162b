"""What an owner sends in, by its states: received (in quarantine), then usable as an item, or refused. What they are called in which language."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, cast
from uuid import UUID

from bhxh.kernel.errors import NotFound
from bhxh.warehouse.errors import WAR_NO_UPLOAD
from bhxh.warehouse.models import Upload
from bhxh.warehouse.owners import Owner

OWN_KINDS: Final[dict[str, tuple[str, str]]] = {
    "contract": ("Hợp đồng lao động", "Labour contract"),
    "identity": ("Giấy tờ tùy thân", "Identity paper"),
    "civil_status": ("Giấy tờ hộ tịch", "Civil status paper"),
    "medical": ("Giấy tờ y tế", "Medical paper"),
    "decision": ("Quyết định, giấy chứng nhận", "Decision or certificate"),
    "other": ("Giấy tờ khác", "Other paper"),
}
"""What an owner may keep. WHY no free title: names and diagnoses belong into the document, not into lists and logs."""
PAGE: Final = 200  # LIMIT: longest page of a list


class UploadState(StrEnum):
    """Where an upload stands."""

    RECEIVED = "received"
    USABLE = "usable"
    REFUSED = "refused"


class Scan(StrEnum):
    """What the virus scanner said. That nobody looked is not the same as clean, and never shown as such."""

    WAITING = "waiting"
    CLEAN = "clean"
    FOUND = "found"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadView:
    """One upload, as its owner sees it."""

    upload_id: UUID
    owner: Owner
    kind: str
    sha256: str
    size_bytes: int
    received_at: datetime
    state: UploadState
    scan: Scan
    media_type: str
    reason: str
    item_id: UUID | None
    examined_at: datetime | None


def get_upload(upload_id: UUID, *, owner: Owner) -> UploadView:
    """One upload; another owner's is as if it did not exist. Raises NotFound WAR-023."""
    row = Upload.objects.filter(owner_id=owner.id, owner_kind=owner.kind, upload_id=upload_id).first()
    if row is None:
        raise NotFound(WAR_NO_UPLOAD)
    return _view(row)


def find_sent(owner: Owner, once: str) -> UploadView | None:
    """What the owner sent in under this key; None where there is no such thing, or no key."""
    row = Upload.objects.filter(owner_id=owner.id, owner_kind=owner.kind, once=once).first() if once else None
    return None if row is None else _view(row)


def find_uploads(owner: Owner, upload_ids: Collection[UUID]) -> dict[UUID, UploadView]:
    """Several of the owner's uploads by their ids; what is not there is absent."""
    rows = Upload.objects.filter(owner_id=owner.id, owner_kind=owner.kind, upload_id__in=upload_ids)
    return {row.upload_id: _view(row) for row in rows}


def list_uploads_of(item_id: UUID, *, owner: Owner) -> tuple[UUID, ...]:
    """Ids of the uploads that became this paper: one that is sent in again stays the same paper."""
    rows = Upload.objects.filter(owner_id=owner.id, owner_kind=owner.kind, item_id=item_id)
    return tuple(rows.values_list("upload_id", flat=True))


def list_uploads(owner: Owner, *, before: UUID | None = None, limit: int = PAGE) -> tuple[UploadView, ...]:
    """The owner's uploads, newest first; `before` is the last one of the page before."""
    rows = Upload.objects.filter(owner_id=owner.id, owner_kind=owner.kind)
    if before is not None:
        rows = rows.filter(upload_id__lt=before)
    return tuple(_view(row) for row in rows.order_by("-upload_id")[: min(limit, PAGE)])


def count_waiting(owner: Owner) -> int:
    """How many of an owner's uploads were not examined yet."""
    return Upload.objects.filter(owner_id=owner.id, owner_kind=owner.kind, state=UploadState.RECEIVED.value).count()


def list_waiting(*, received_before: datetime, limit: int) -> tuple[UploadView, ...]:
    """Whosever uploads still wait although they came long ago, oldest first."""
    rows = Upload.objects.filter(state=UploadState.RECEIVED.value, received_at__lt=received_before)
    return tuple(_view(row) for row in rows.order_by("received_at")[:limit])


def is_waiting(upload_id: UUID) -> bool:
    """Whether a row of that id still needs its file in quarantine."""
    return Upload.objects.filter(upload_id=upload_id, state=UploadState.RECEIVED.value).exists()


def _view(row: Upload) -> UploadView:
    return UploadView(
        upload_id=row.upload_id,
        owner=Owner(cast("Literal['person', 'employer']", row.owner_kind), row.owner_id),
        kind=row.kind,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        received_at=row.received_at,
        state=UploadState(row.state),
        scan=Scan(row.scan),
        media_type=row.media_type,
        reason=row.reason,
        item_id=row.item_id,
        examined_at=row.examined_at,
    )
