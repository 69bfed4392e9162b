"""Keep archive copies of books' pages, and what is known of how long they hold."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bhxh.audit.commands import command, record
from bhxh.book.models import ArchiveCopy
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.who import PERSON, REPRESENTATIVE, SYSTEM
from bhxh.registry.commands import lock_persons
from bhxh.signing.pdf_archiving import renew_at
from bhxh.warehouse.commands import put
from bhxh.warehouse.owners import Owner

KIND = "book_archive"
"""Of the warehouse's items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCopy:
    """A copy that was made or renewed just now, and proven to hold."""

    content: bytes
    stamps: int
    stamped_at: datetime
    lasts_until: datetime
    trust_version: str


@command(by=PERSON | REPRESENTATIVE | SYSTEM)
def keep_archive_copy(*, actor: Actor, at: datetime, person_id: int, version: int, made: MadeCopy, instead_of: UUID | None = None) -> UUID:
    """Keep a version's archive copy, the first or the one after `instead_of`; returns the item that stands.

    Of two made at once the first stands, and the other leaves nothing but a line in the log.
    """
    lock_persons([person_id])
    kept = ArchiveCopy.objects.filter(person_id=person_id, n=version).first()
    stands = kept.item_id if kept is not None else None
    if stands != instead_of:
        assert stands is not None, "copies are never taken away"
        record(
            actor=actor,
            at=at,
            verb="book.archive.keep",
            person_id=person_id,
            detail={"version": version, "item": str(stands), "new": False},
        )
        return stands
    item_id = put(
        actor=actor,
        at=at,
        owner=Owner("person", person_id),
        content=made.content,
        media_type="application/pdf",
        kind=KIND,
        title_vi=f"Sổ bảo hiểm xã hội điện tử, phiên bản {version}: bản lưu trữ dài hạn",
        title_en=f"Electronic social insurance book, version {version}: copy for decades",
        provenance={"source_kind": "WAREHOUSE", "version": version, "stamps": made.stamps},
    )
    facts = {
        "item_id": item_id,
        "stamps": made.stamps,
        "stamped_at": made.stamped_at,
        "lasts_until": made.lasts_until,
        "due_at": renew_at(made.stamped_at, made.lasts_until),
        "trust_version": made.trust_version,
        "trouble": "",
    }
    ArchiveCopy.objects.update_or_create(person_id=person_id, n=version, defaults=facts)
    detail: dict[str, Json] = {
        "version": version,
        "item": str(item_id),
        "new": True,
        "stamps": made.stamps,
        "lasts_until": made.lasts_until.isoformat(),
    }
    record(actor=actor, at=at, verb="book.archive.keep", person_id=person_id, detail=detail)
    return item_id


@command(by=SYSTEM)
def judge_archive_copy(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    version: int,
    lasts_until: datetime,
    due_at: datetime,
    trust_version: str,
    trouble: str = "",
) -> None:
    """Write down until when a copy lasts under the present trust list, when it is due, and what stood in the way of renewing it."""
    ArchiveCopy.objects.filter(person_id=person_id, n=version).update(
        lasts_until=lasts_until, due_at=due_at, trust_version=trust_version, trouble=trouble
    )
    detail: dict[str, Json] = {"version": version, "lasts_until": lasts_until.isoformat(), "due_at": due_at.isoformat(), "trouble": trouble}
    record(actor=actor, at=at, verb="book.archive.judge", person_id=person_id, detail=detail)
