"""The steps of an item's end that are written down: it goes on, it has ended, its owner removed it, its file was looked after."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from bhxh.audit.commands import command, record, record_many
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict
from bhxh.kernel.who import EMPLOYER, PERSON, REPRESENTATIVE, SYSTEM
from bhxh.law.retention import retention_of
from bhxh.warehouse.errors import WAR_TO_BE_KEPT
from bhxh.warehouse.lifetimes import Ending
from bhxh.warehouse.models import Lifetime, Upload
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import StoredItem, get_item, has_ended


@command(by=SYSTEM)
def keep_longer(*, actor: Actor, at: datetime, items: Sequence[Ending], until_on: date, why: str) -> None:
    """They stay, or come back where they had ended, at least until that day."""
    written = _write(items, keep_until_on=[until_on for _ in items], ended_at=None)
    _record(actor, at, "warehouse.item.keep_longer", written, {"until_on": until_on.isoformat(), "why": why})


@command(by=SYSTEM)
def end_items(*, actor: Actor, at: datetime, items: Sequence[Ending]) -> None:
    """From now on nobody reads them. What they were, and by which digest, stays written down."""
    written = _write(items, keep_until_on=[item.keep_until_on for item in items], ended_at=at)
    _record(actor, at, "warehouse.item.end", written, {"kept_until_on": max(item.keep_until_on for item in items).isoformat()})


@command(by=PERSON | REPRESENTATIVE | EMPLOYER)
def remove_own(*, actor: Actor, at: datetime, owner: Owner, item_id: UUID, check_free: Callable[[StoredItem], None]) -> None:
    """Its owner wants it gone: from now on nobody reads it, and a day later its file goes. Removed or ended before: nothing more happens.

    `check_free` asks the rooms above and raises what they hold it with. Raises: NotFound WAR-005; Conflict WAR-031.
    """
    _lock(owner, item_id)
    if has_ended(item_id, owner=owner):
        detail: dict[str, Json] = {"item": str(item_id), "owner_kind": owner.kind, "owner_id": owner.id}
        record(actor=actor, at=at, verb="warehouse.item.remove_again", person_id=_person(owner), detail=detail)
        return
    item = get_item(item_id, owner=owner)
    if not item.is_own or item.keep_until_on is None:
        raise Conflict(WAR_TO_BE_KEPT)
    check_free(item)
    ending = Ending(
        owner=owner,
        item_id=item_id,
        kind=item.kind,
        sha256=item.sha256,
        kept_on=day_in_vietnam(item.at),
        keep_until_on=item.keep_until_on,
    )
    Lifetime.objects.filter(owner_id=owner.id, owner_kind=owner.kind, item_id=item_id).update(ended_at=at, is_removed=True, settled_at=None)
    _forget_once(owner, item_id)
    _record(actor, at, "warehouse.item.remove", [ending], {"kept_until_on": ending.keep_until_on.isoformat()})


@command(by=SYSTEM)
def settle(*, actor: Actor, at: datetime, item: Ending, is_file_gone: bool) -> None:
    """Its file is gone, or stays because somebody else holds the same content."""
    rows = Lifetime.objects.filter(owner_id=item.owner.id, owner_kind=item.owner.kind, item_id=item.item_id, ended_at__isnull=False)
    rows.update(settled_at=at)
    _record(actor, at, "warehouse.item.settle", [item], {"is_file_gone": is_file_gone})


def begin_anew(owner: Owner, item_id: UUID, *, at: datetime, kind: str) -> None:
    """An item that its owner sent in again: its years begin anew, also where it had ended. One that is new has its own already.

    Shape:  part of the command that took it in.
    """
    until_on = retention_of(kind, kept_on=day_in_vietnam(at)).until_on
    if until_on is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO warehouse_lifetime (owner_id, owner_kind, item_id, keep_until_on)"
            " SELECT owner_id, owner_kind, item_id, %s FROM warehouse_item"
            " WHERE owner_id = %s AND owner_kind = %s AND item_id = %s AND at < %s"
            " ON CONFLICT (owner_id, owner_kind, item_id) DO UPDATE"
            " SET keep_until_on = EXCLUDED.keep_until_on, ended_at = NULL, is_removed = FALSE, settled_at = NULL",
            (until_on, owner.id, owner.kind, item_id, at),
        )


def _lock(owner: Owner, item_id: UUID) -> None:
    """Until the command's end nothing else becomes of this item's time; one that had its own only has a row now.

    WHY: who sends the paper in again at this moment comes wholly before its removal or wholly after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO warehouse_lifetime (owner_id, owner_kind, item_id, keep_until_on)"
            " SELECT owner_id, owner_kind, item_id, COALESCE(l.keep_until_on, i.keep_until_on)"
            " FROM warehouse_item i LEFT JOIN warehouse_lifetime l USING (owner_id, owner_kind, item_id)"
            " WHERE owner_id = %s AND owner_kind = %s AND item_id = %s AND COALESCE(l.keep_until_on, i.keep_until_on) IS NOT NULL"
            " ON CONFLICT (owner_id, owner_kind, item_id) DO UPDATE SET keep_until_on = warehouse_lifetime.keep_until_on",
            (owner.id, owner.kind, item_id),
        )


def _forget_once(owner: Owner, item_id: UUID) -> None:
    """From now on the same content under the same key is taken in anew: what came of its uploads is gone."""
    Upload.objects.filter(owner_id=owner.id, owner_kind=owner.kind, item_id=item_id).update(once="")


def _person(owner: Owner) -> int | None:
    return owner.id if owner.kind == "person" else None


def _write(items: Sequence[Ending], *, keep_until_on: list[date], ended_at: datetime | None) -> list[Ending]:
    """Those that were written: where an owner has sent the paper in again meanwhile, or removed it, that stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO warehouse_lifetime (owner_id, owner_kind, item_id, keep_until_on, ended_at)"
            " SELECT owner_id, owner_kind, item_id, keep_until_on, %s"
            " FROM unnest(%s::bigint[], %s::text[], %s::uuid[], %s::date[]) AS given (owner_id, owner_kind, item_id, keep_until_on)"
            " ON CONFLICT (owner_id, owner_kind, item_id) DO UPDATE"
            " SET keep_until_on = EXCLUDED.keep_until_on, ended_at = EXCLUDED.ended_at, is_removed = FALSE, settled_at = NULL"
            " WHERE warehouse_lifetime.keep_until_on <= EXCLUDED.keep_until_on"
            " AND NOT (warehouse_lifetime.is_removed AND warehouse_lifetime.ended_at IS NOT NULL) RETURNING item_id",
            (
                *(ended_at, [item.owner.id for item in items], [item.owner.kind for item in items]),
                *([item.item_id for item in items], keep_until_on),
            ),
        )
        written = {row[0] for row in cursor.fetchall()}
    return [item for item in items if item.item_id in written]


def _record(actor: Actor, at: datetime, verb: str, items: Sequence[Ending], more: dict[str, Json]) -> None:
    """An entry for each: of a person's item in that person's journal. One of its own where all of them went otherwise meanwhile."""

    def told(item: Ending) -> dict[str, Json]:
        return {
            "item": str(item.item_id),
            "kind": item.kind,
            "sha256": item.sha256,
            "owner_kind": item.owner.kind,
            "owner_id": item.owner.id,
            **more,
        }

    if not items:
        record(actor=actor, at=at, verb=verb, detail={**more, "items": 0})
    persons = [(item.owner.id, told(item)) for item in items if item.owner.kind == "person"]
    record_many(actor=actor, at=at, verb=verb, subjects=persons)
    for item in items:
        if item.owner.kind != "person":
            record(actor=actor, at=at, verb=verb, detail=told(item))
