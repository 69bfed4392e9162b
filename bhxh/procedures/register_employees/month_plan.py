"""Which months a list posts and takes back: pure, from the granted changes and the months that count now.

An increase posts each month from its first one up to the declared month. A leaver's later months are taken back. A wage change takes
its months back and posts them anew. Paused months are written as not counted. Several lines of one person are applied in order of month.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bhxh.kernel.months import Month
from bhxh.procedures.register_employees.change_codes import Effect
from bhxh.procedures.register_employees.form import Line


class Posting(StrEnum):
    """How a month is written."""

    COUNTED = "counted"
    SECOND_CONTRACT = "second_contract"
    """Counted with another employer already: written as not counted, only the accident fund is due."""
    PAUSED = "paused"
    """Not contributed: unpaid leave, long sickness, maternity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One granted line about one person."""

    person_id: int
    number: int
    line: Line
    effect: Effect
    starts: Month
    is_already_paused: bool = False
    """The person is on leave now: the months of the leave are written already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMonth:
    """One month to post, with the line whose terms it follows."""

    person_id: int
    month: Month
    posting: Posting
    line: Line


@dataclass(slots=True)
class MonthPlan:
    """What is taken back first, and what is posted then."""

    taken_back: list[tuple[int, Month]] = field(default_factory=list)
    posted: list[PlannedMonth] = field(default_factory=list)


def plan_months(
    changes: Sequence[Change],
    *,
    period: Month,
    counted_here: Mapping[int, Collection[Month]],
    counted_elsewhere: Mapping[int, Collection[Month]],
) -> MonthPlan:
    """Reversals and postings for all changes of a list, in the order of persons and months."""
    wanted: dict[tuple[int, Month], PlannedMonth | None] = {}
    for change in sorted(changes, key=lambda change: (change.person_id, change.starts, change.number)):
        here = counted_here.get(change.person_id, ())
        elsewhere = counted_elsewhere.get(change.person_id, ())
        for month in _months_of(change, period, here):
            key = (change.person_id, month)
            is_counted_now = month in here and key not in wanted
            match change.effect:
                case Effect.START if is_counted_now:
                    continue
                case Effect.START | Effect.WAGE:
                    posting = Posting.SECOND_CONTRACT if month in elsewhere else Posting.COUNTED
                    wanted[key] = PlannedMonth(person_id=change.person_id, month=month, posting=posting, line=change.line)
                case Effect.PAUSE if not change.is_already_paused:
                    wanted[key] = PlannedMonth(person_id=change.person_id, month=month, posting=Posting.PAUSED, line=change.line)
                case Effect.STOP:
                    wanted[key] = None
    plan = MonthPlan()
    for (person_id, month), planned in sorted(wanted.items(), key=lambda item: item[0]):
        if month in counted_here.get(person_id, ()):
            plan.taken_back.append((person_id, month))
        if planned is not None:
            plan.posted.append(planned)
    return plan


def _months_of(change: Change, period: Month, here: Collection[Month]) -> list[Month]:
    """The months a change speaks of: up to the declared one, and for a change of what counts already also later ones."""
    if change.effect is Effect.TITLE:
        return []
    last = change.line.ends
    months = {change.starts.plus(offset) for offset in range(max(0, change.starts.until(period) + 1))}
    if change.effect is not Effect.START:
        months |= {month for month in here if month >= change.starts}
    is_open_ended = last is None or change.effect is Effect.STOP
    return sorted(month for month in months if is_open_ended or month <= last)  # type: ignore[operator]
