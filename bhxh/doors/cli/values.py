"""What was typed, as the rooms take it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from bhxh.doors.cli.errors import CLI_BAD_VALUE
from bhxh.kernel.clock import VIETNAM
from bhxh.kernel.errors import Invalid

_T = TypeVar("_T")


def parsed(kind: Callable[[str], _T], text: str, option: str) -> _T:
    """A word of a list, a number, an identifier. Raises Invalid CLI-008."""
    try:
        return kind(text)
    except ValueError:
        raise Invalid(CLI_BAD_VALUE, where=option, option=option) from None


def parsed_day(text: str, otherwise: date | None) -> Any:
    """YYYY-MM-DD, or something else where nothing was typed. Raises Invalid CLI-008."""
    return parsed(date.fromisoformat, text, "YYYY-MM-DD") if text else otherwise


def parsed_instant(text: str, otherwise: datetime, option: str) -> datetime:
    """ISO 8601, or something else where nothing was typed; without a zone it is the clock on the wall. Raises Invalid CLI-008."""
    if not text:
        return otherwise
    read = parsed(datetime.fromisoformat, text, option)
    return (read if read.tzinfo is not None else read.replace(tzinfo=VIETNAM)).astimezone(UTC)
