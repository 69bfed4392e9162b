"""Time zones and the one clock. Only doors and jobs read the clock; everybody else is handed `at` or `on`."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from bhxh.kernel.errors import KER_BAD_INSTANT, Invalid

VIETNAM = timezone(timedelta(hours=7), "ICT")
"""UTC+7, no daylight saving since 1975."""
_NO_OFFSET: Final = timedelta(hours=16)
"""WHY: the database reads no offset from UTC this far; no place on earth is beyond fourteen hours."""


def now() -> datetime:
    """The present instant, aware, UTC. For doors, jobs and programs only."""
    return datetime.now(UTC)


def checked_instant(given: datetime, where: str) -> datetime:
    """An instant that somebody wrote, in UTC: the one rule of every door.

    WHY refused without an offset: who wrote it may have meant Vietnam's clock, UTC or their own, and an answer about another hour would
    look right.
    Raises: Invalid KER-006 without an offset, with one that no clock has, or outside the calendar.
    """
    offset = given.utcoffset()
    if offset is None or abs(offset) >= _NO_OFFSET:
        raise Invalid(KER_BAD_INSTANT, where=where)
    try:
        return given.astimezone(UTC)
    except OverflowError:
        raise Invalid(KER_BAD_INSTANT, where=where) from None


def day_in_vietnam(at: datetime) -> date:
    """The calendar day an instant falls on where the law counts days."""
    return at.astimezone(VIETNAM).date()


def shown(at: datetime) -> str:
    """As letters write an instant: 21:05 ngày 21/11/2026."""
    return at.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")
