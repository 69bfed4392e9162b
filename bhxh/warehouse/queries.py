"""Read an owner's warehouse. Whoever shows a person's item to somebody writes down the look (audit) first."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import NotFound
from bhxh.warehouse.errors import WAR_NO_ITEM
from bhxh.warehouse.models import Item, Lifetime
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.store import OwnedKey, bound_store
from bhxh.warehouse.uploads import OWN_KINDS

PAGE = 200  # LIMIT: longest page of a list; a warehouse grows by a few items a year
_OWN = frozenset(f"own_{kind}" for kind in OWN_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """What is known of one document, without its bytes."""

    item_id: UUID
    owner: Owner
    sha256: str
    size_bytes: int
    media_type: str
    kind: str
    title_vi: str
    title_en: str
    dossier_id: UUID | None
    provenance: dict[str, Json]
    at: datetime
    conversion_direction: str | None
    keep_until_on: date | None
    """The first day on which it may go, unless something rests on it. None: never."""
    sealed_key: bytes | None = field(default=None, repr=False)

    @property
    def is_own(self) -> bool:
        """Whether its owner sent it in for themselves, and may remove it.

        LAW: R-215: records and results are kept for the legal period; for a paper of one's own no article was found (`retention.yaml`).
        """
        return self.kind in _OWN and self.dossier_id is None

    @property
    def owned_key(self) -> OwnedKey | None:
        """The file's key as wrapped for the owner."""
        return None if self.sealed_key is None else OwnedKey(self.owner, self.sealed_key)


def list_items(owner: Owner, *, dossier_id: UUID | None = None, before: UUID | None = None, limit: int = PAGE) -> tuple[StoredItem, ...]:
    """The owner's documents, newest first, of one dossier where given; `before` is the last item of the page before."""
    rows = _living().filter(owner_id=owner.id, owner_kind=owner.kind)
    if dossier_id is not None:
        rows = rows.filter(dossier_id=dossier_id)
    if before is not None:
        rows = rows.filter(item_id__lt=before)
    return tuple(_stored(row) for row in rows.order_by("-item_id")[: min(limit, PAGE)])


def list_named(item_ids: Collection[UUID], *, owner: Owner) -> dict[UUID, StoredItem]:
    """Those of these documents that are the owner's and have not ended, by id."""
    rows = _living().filter(owner_id=owner.id, owner_kind=owner.kind, item_id__in=list(item_ids))
    return {row.item_id: _stored(row) for row in rows}


def get_item(item_id: UUID, *, owner: Owner | None = None) -> StoredItem:
    """One document. Doors pass `owner`: another owner's item is as if it did not exist, like one that has ended. Raises NotFound WAR-005."""
    rows = _living().filter(item_id=item_id)
    if owner is not None:
        rows = rows.filter(owner_id=owner.id, owner_kind=owner.kind)
    row = rows.first()
    if row is None:
        raise NotFound(WAR_NO_ITEM)
    return _stored(row)


def has_ended(item_id: UUID, *, owner: Owner) -> bool:
    """Whether there was such a document of this owner, and nobody reads it any more."""
    times = Lifetime.objects.filter(owner_id=owner.id, owner_kind=owner.kind, item_id=item_id, ended_at__isnull=False)
    return bool(times.exists())


def read_item(item_id: UUID, *, owner: Owner | None = None) -> bytes:
    """A document's bytes, proven against its digest."""
    item = get_item(item_id, owner=owner)
    return bound_store().read(item.sha256, owned=item.owned_key)


def stream_item(item: StoredItem) -> Iterator[bytes]:
    """The same, piece by piece. Raises NotFound WAR-002, Defect WAR-001, before the first where nothing can be read."""
    return bound_store().stream(item.sha256, owned=item.owned_key)


def _living() -> Any:
    """Items whose time has not ended, with until when they are kept."""
    times = Lifetime.objects.filter(owner_id=OuterRef("owner_id"), owner_kind=OuterRef("owner_kind"), item_id=OuterRef("item_id"))
    return Item.objects.annotate(
        until_on=Coalesce(Subquery(times.values("keep_until_on")), F("keep_until_on")), ended_at=Subquery(times.values("ended_at"))
    ).filter(ended_at__isnull=True)


def _stored(row: Any) -> StoredItem:
    return StoredItem(
        item_id=row.item_id,
        owner=Owner(cast("Literal['person', 'employer', 'installation']", row.owner_kind), row.owner_id),
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        media_type=row.media_type,
        kind=row.kind,
        title_vi=row.title_vi,
        title_en=row.title_en,
        dossier_id=row.dossier_id,
        provenance=row.provenance,
        at=row.at,
        conversion_direction=row.conversion_direction,
        keep_until_on=row.until_on,
        sealed_key=None if row.sealed_key is None else bytes(row.sealed_key),
    )
