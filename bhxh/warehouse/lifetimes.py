"""When an item has been kept long enough: which are due, which have ended and still have a file, whose content others hold too."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.db import connection

from bhxh.kernel.clock import day_in_vietnam
from bhxh.warehouse.owners import Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """An item that has been kept as long as the rule of its day said."""

    owner: Owner
    item_id: UUID
    kind: str
    sha256: str
    kept_on: date
    keep_until_on: date
    is_removed: bool = False
    """Whether its owner ended it, and not its time."""


_COLUMNS = "i.owner_kind, i.owner_id, i.item_id, i.kind, i.sha256, i.at, COALESCE(l.keep_until_on, i.keep_until_on), l.is_removed"
_ITEMS = "warehouse_item i LEFT JOIN warehouse_lifetime l USING (owner_id, owner_kind, item_id)"


def list_due(on: date, *, limit: int) -> tuple[Ending, ...]:
    """Items that may go by now, those longest kept first."""
    return _list(
        f"SELECT {_COLUMNS} FROM {_ITEMS} WHERE i.keep_until_on <= %s AND COALESCE(l.keep_until_on, i.keep_until_on) <= %s"
        " AND l.ended_at IS NULL ORDER BY i.keep_until_on, i.item_id LIMIT %s",
        (on, on, limit),
    )


def list_unsettled(*, ended_before: datetime, limit: int) -> tuple[Ending, ...]:
    """Items that ended before that instant and whose file was not looked after yet."""
    return _list(
        f"SELECT {_COLUMNS} FROM {_ITEMS} WHERE l.ended_at < %s AND l.settled_at IS NULL ORDER BY l.ended_at, i.item_id LIMIT %s",
        (ended_before, limit),
    )


def list_held(contents: Collection[str]) -> frozenset[str]:
    """Those of these contents, by digest, that are somebody's item still."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT i.sha256 FROM {_ITEMS} WHERE i.sha256 = ANY(%s) AND l.ended_at IS NULL", (list(contents),))
        return frozenset(row[0] for row in cursor.fetchall())


def _list(statement: str, parameters: tuple[date | datetime | int, ...]) -> tuple[Ending, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return tuple(_ending(row) for row in cursor.fetchall())


def _ending(row: tuple[Any, ...]) -> Ending:
    owner_kind, owner_id, item_id, kind, sha256, at, keep_until_on, is_removed = row
    return Ending(
        owner=Owner(cast("Literal['person', 'employer', 'installation']", owner_kind), owner_id),
        item_id=item_id,
        kind=kind,
        sha256=sha256,
        kept_on=day_in_vietnam(at),
        keep_until_on=keep_until_on,
        is_removed=bool(is_removed),
    )
