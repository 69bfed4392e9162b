"""Which archive copies there are, which are due, and whether any is about to be lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from bhxh.book.models import ArchiveCopy

_LATE: Final = timedelta(days=7)
"""LIMIT: a copy that was due so long ago is an alarm; it still holds for most of a year."""
_SOON: Final = timedelta(days=90)
"""LIMIT: so long before the end of any copy the alarm rings, whatever stands in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCopy:
    """A version's archive copy as it was renewed last."""

    person_id: int
    version: int
    item_id: UUID
    stamped_at: datetime
    lasts_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveHealth:
    """How the copies stand, as numbers."""

    late: int
    in_trouble: int
    ending: int

    @property
    def alarms(self) -> tuple[str, ...]:
        """What rings."""
        said = {"archive_late": self.late, "archive_trouble": self.in_trouble, "archive_ending": self.ending}
        return tuple(name for name, count in said.items() if count)


def find_archive_copy(person_id: int, version: int) -> KeptCopy | None:
    """A version's copy; None where nobody asked for one yet."""
    row = ArchiveCopy.objects.filter(person_id=person_id, n=version).first()
    return _kept(row) if row is not None else None


def list_due_copies(at: datetime, *, trust_version: str, limit: int) -> tuple[KeptCopy, ...]:
    """Copies whose time has come, the one that ends first before the others; then those judged under another trust list."""
    due = [_kept(row) for row in ArchiveCopy.objects.filter(due_at__lte=at).order_by("due_at")[:limit]]
    ranges = ({"trust_version__lt": trust_version}, {"trust_version__gt": trust_version})
    # WHY two ranges and not "other than": each reads only what it finds, however many copies there are.
    for other in ranges:
        rows = ArchiveCopy.objects.filter(due_at__gt=at, **other).order_by("trust_version")[: limit - len(due)]
        due += [_kept(row) for row in rows]
    return tuple(due)


def archive_health(at: datetime) -> ArchiveHealth:
    """Three small counts, each by its index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM book_archive_copy WHERE due_at < %s), (SELECT count(*) FROM book_archive_copy WHERE trouble <> ''),"
            " (SELECT count(*) FROM book_archive_copy WHERE lasts_until < %s)",
            [at - _LATE, at + _SOON],
        )
        late, in_trouble, ending = cursor.fetchone()
    return ArchiveHealth(late=late, in_trouble=in_trouble, ending=ending)


def _kept(row: ArchiveCopy) -> KeptCopy:
    return KeptCopy(person_id=row.person_id, version=row.n, item_id=row.item_id, stamped_at=row.stamped_at, lasts_until=row.lasts_until)
