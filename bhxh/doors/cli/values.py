"""What was typed, as the rooms take it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from bhxh.doors.cli.errors import CLI_BAD_VALUE
from bhxh.kernel.clock import checked_instant
from bhxh.kernel.errors import Invalid

_T = TypeVar("_T")


def parsed(kind: Callable[[str], _T], text: str, option: str) -> _T:
    """A word of a list, a number, an identifier. Raises Invalid CLI-008."""
    try:
        return kind(text)
    except ValueError:
        raise Invalid(CLI_BAD_VALUE, where=option, option=option) from None


def parsed_papers(given: Sequence[str], *, otherwise: str = "") -> list[tuple[str, UUID]]:
    """COMPONENT=ITEM: papers of the filer's warehouse, each with the component it is for. Raises Invalid CLI-008."""
    parts = [text.rpartition("=") for text in given]
    return [(component or otherwise, parsed(UUID, item, "--paper")) for component, _, item in parts]


def parsed_day(text: str, otherwise: date | None) -> Any:
    """YYYY-MM-DD, or something else where nothing was typed. Raises Invalid CLI-008."""
    return parsed(date.fromisoformat, text, "YYYY-MM-DD") if text else otherwise


def parsed_instant(text: str, otherwise: datetime, option: str) -> datetime:
    """ISO 8601 with an offset from UTC, or something else where nothing was typed. Raises Invalid CLI-008, KER-006."""
    return checked_instant(parsed(datetime.fromisoformat, text, option), option) if text else otherwise
