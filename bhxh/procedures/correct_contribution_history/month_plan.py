"""What each month of a book does to the ledger: added, left as it is, corrected, written down without counting. Pure.

Source: decree-164 section 4.8: lines of the same unit must not overlap; of several units one pays and the others are flagged; a closed line is
changed by an adjusting line only. Which case is which is our reading (assumed).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bhxh.kernel.months import Month
from bhxh.transcripts.rows import Row


class Doing(StrEnum):
    """What happens to one month of the book."""

    NEW = "new"
    SAME = "same"
    CORRECTED = "corrected"
    """Held at the same unit on another wage: the old line is taken back."""
    ELSEWHERE = "elsewhere"
    """Counted at another unit: written down, not counted a second time."""
    LEFT = "left"
    """Held on another wage, and the book does not say at which unit: the database's line stays."""


@dataclass(frozen=True, slots=True)
class HeldMonth:
    """A counted month of the ledger."""

    unit_code: str
    base_vnd: int


@dataclass(frozen=True, slots=True)
class PlannedMonth:
    """One month of one line of the book."""

    month: Month
    row: Row
    doing: Doing


def plan_months(rows: Sequence[Row], held: Mapping[Month, HeldMonth]) -> tuple[PlannedMonth, ...]:
    """In order of month. Of two units in one month the line that comes first in the book counts."""
    counted = dict(held)
    plan = []
    for row in rows:
        for month in row.months:
            # WHY any region: the base of the social insurance funds does not depend on it.
            base_vnd = row.due(month, 1).si_base_vnd
            plan.append(PlannedMonth(month, row, _doing(row, base_vnd, counted.get(month))))
            counted.setdefault(month, HeldMonth(row.unit_code, base_vnd))
    return tuple(sorted(plan, key=lambda planned: planned.month))


def spans_shown(months: Sequence[Month]) -> str:
    """`03/2003–12/2005, 02/2006`."""
    spans: list[list[Month]] = []
    for month in sorted(set(months)):
        if spans and spans[-1][1].plus(1) == month:
            spans[-1][1] = month
        else:
            spans.append([month, month])
    return ", ".join(first.shown if first == last else f"{first.shown}–{last.shown}" for first, last in spans)


def _doing(row: Row, base_vnd: int, held: HeldMonth | None) -> Doing:
    if held is None:
        return Doing.NEW
    is_same_wage = held.base_vnd == base_vnd
    if not row.unit_code:
        return Doing.SAME if is_same_wage else Doing.LEFT
    if row.unit_code != held.unit_code:
        return Doing.ELSEWHERE
    return Doing.SAME if is_same_wage else Doing.CORRECTED
