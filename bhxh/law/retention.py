"""How long an owner's warehouse keeps what lies in it, by its kind: dated figures, looked up by the day it was kept. Pure.

Law:  decree-164 R-215 (from memory): records of social insurance are kept effectively for ever. For papers of a person's own no article
      was found; the years in `law/figures/retention.yaml` are assumed, and everybody who is shown a day is told so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import Field

from bhxh.kernel.decisions import Citation
from bhxh.kernel.months import Month
from bhxh.law.dated_tables import DatedTable, Row, read_figures

_OTHERWISE: Final = "everything_else"


class RetentionRow(Row):
    """How many years; None for as long as there is a warehouse."""

    years: int | None = Field(None, ge=1, le=100)


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when something is kept, and by which rule."""

    until_on: date | None
    """The first day on which it may go, unless something rests on it; None: never."""
    ground: Citation


_TABLES: Final[Mapping[str, DatedTable[RetentionRow]]] = {
    kind: DatedTable.of(f"retention {kind}", rows)
    for kind, rows in read_figures("retention.yaml", dict[str, tuple[RetentionRow, ...]]).items()
}


def retention_of(kind: str, *, kept_on: date) -> Retention:
    """By the rule of the month in which it was kept.

    Law:  `law/figures/retention.yaml`, whose rows say what is assumed.
    Units: whole years from the day itself.
    """
    row = _TABLES.get(kind, _TABLES[_OTHERWISE]).at(Month.of(kept_on))
    return Retention(None if row.years is None else _years_later(kept_on, row.years), row.citation)


def _years_later(day: date, years: int) -> date:
    """Of 29 February the first of March: nothing is kept a day too short."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
