"""Time zones and the one clock. Only doors and jobs read the clock; everybody else is handed `at` or `on`."""

from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "ICT")
"""UTC+7, no daylight saving since 1975."""


def now() -> datetime:
    """The present instant, aware, UTC. For doors, jobs and programs only."""
    return datetime.now(UTC)


def day_in_vietnam(at: datetime) -> date:
    """The calendar day an instant falls on where the law counts days."""
    return at.astimezone(VIETNAM).date()


def shown(at: datetime) -> str:
    """As letters write an instant: 21:05 ngày 21/11/2026."""
    return at.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")
