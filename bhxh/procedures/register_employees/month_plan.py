"""Which months a list posts and takes back: pure, from the granted changes, what then holds, and the lines in effect now.

A change touches months: from its first one up to the declared one, and later ones that are written already. What a touched month should
look like follows from what holds in it once every change of the list is applied (`standing`); where the ledger says otherwise
the line in effect is taken back and the month is posted anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bhxh.kernel.months import Month
from bhxh.procedures.register_employees.change_codes import Effect
from bhxh.procedures.register_employees.form import Line
from bhxh.procedures.register_employees.standing import ON_LEAVE, WORKING, Standing, Terms, months_of

MATERNITY = "TS"
"""Of the leaves the one whose months count as insured."""


class Posting(StrEnum):
    """How a month is written."""

    COUNTED = "counted"
    SECOND_CONTRACT = "second_contract"
    """Counted with another employer already: written as not counted, only the accident fund is due."""
    PAUSED = "paused"
    """Not contributed and not counted: unpaid leave, long sickness."""
    INSURED = "insured"
    """Not contributed, and counted as insured: maternity leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One granted line about one person."""

    person_id: int
    number: int
    line: Line
    effect: Effect

    def order(self, period: Month) -> tuple[Month, int]:
        """Changes of one person are applied in order of month, within a month in order of the list."""
        return self.line.starts or period, self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMonth:
    """One month to post, with what holds in it and the line that touched it last."""

    person_id: int
    month: Month
    posting: Posting
    line: Line
    terms: Terms
    was_hazardous: bool = False
    """The line taken back was of hazardous work."""


@dataclass(slots=True)
class MonthPlan:
    """What is taken back first, and what is posted then."""

    taken_back: list[tuple[int, Month]] = field(default_factory=list)
    posted: list[PlannedMonth] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class InEffect:
    """The months of one person that have a line now."""

    counted_here: frozenset[Month] = frozenset()
    insured_here: frozenset[Month] = frozenset()
    """Counted here, nothing paid: maternity leave."""
    paused_here: frozenset[Month] = frozenset()
    """Written here as not counted, nothing paid."""
    second_here: frozenset[Month] = frozenset()
    """Written here as not counted, because another employer's line counts."""
    counted_elsewhere: frozenset[Month] = frozenset()
    hazardous_here: frozenset[Month] = frozenset()

    @property
    def here(self) -> frozenset[Month]:
        """Months that have any line here."""
        return self.counted_here | self.insured_here | self.paused_here | self.second_here


_NOTHING = InEffect()


def plan_months(
    changes: Sequence[Change], *, period: Month, standing: Mapping[int, Standing], in_effect: Mapping[int, InEffect]
) -> MonthPlan:
    """Reversals and postings for all changes of a list, in the order of persons and months.

    Shape:  `standing` is what holds once all changes are applied.
    """
    touched: dict[tuple[int, Month], list[Change]] = {}
    for change in sorted(changes, key=lambda change: change.order(period)):
        for month in _months_touched(change, period, in_effect.get(change.person_id, _NOTHING)):
            touched.setdefault((change.person_id, month), []).append(change)
    plan = MonthPlan()
    for (person_id, month), touching in sorted(touched.items(), key=lambda item: item[0]):
        now = in_effect.get(person_id, _NOTHING)
        terms = standing[person_id].at(month)
        posting = _posting(terms, month, now, touching)
        is_only_start = all(change.effect is Effect.START for change in touching)
        if posting is not None and _is_written(posting, month, now, is_only_start=is_only_start):
            continue
        is_counted, is_uncounted = month in now.counted_here | now.insured_here, month in now.paused_here | now.second_here
        plan.taken_back += [(person_id, month)] * (is_counted + is_uncounted)
        if posting is not None and terms is not None:
            plan.posted.append(
                PlannedMonth(
                    person_id=person_id,
                    month=month,
                    posting=posting,
                    line=touching[-1].line,
                    terms=terms,
                    was_hazardous=month in now.hazardous_here,
                )
            )
    return plan


def _posting(terms: Terms | None, month: Month, now: InEffect, touching: Sequence[Change]) -> Posting | None:
    if terms is not None and terms.status == ON_LEAVE:
        leaves = [change.line.change_code for change in touching if change.effect is Effect.PAUSE]
        is_maternity = leaves[-1] == MATERNITY if leaves else month in now.insured_here
        # WHY not where another employer's line counts: a month counts once
        return Posting.INSURED if is_maternity and month not in now.counted_elsewhere else Posting.PAUSED
    if terms is None or terms.status != WORKING:
        return None
    return Posting.SECOND_CONTRACT if month in now.counted_elsewhere else Posting.COUNTED


def _is_written(posting: Posting, month: Month, now: InEffect, *, is_only_start: bool) -> bool:
    """Whether the line in effect stays: leave that is written already, and for somebody who joins what counts here already."""
    if posting is Posting.INSURED:
        return month in now.insured_here
    if posting is Posting.PAUSED:
        return month in now.paused_here and month not in now.counted_here | now.insured_here
    return is_only_start and (month in now.counted_here or (posting is Posting.SECOND_CONTRACT and month in now.second_here))


def _months_touched(change: Change, period: Month, now: InEffect) -> list[Month]:
    """Up to the declared month, and for a change of what is written already also later months."""
    if change.effect in (Effect.TITLE, Effect.UNKNOWN):
        return []
    first, until = months_of(change.line, change.effect, period)
    if change.effect is Effect.WAGE and change.line.ends is not None:
        until = change.line.ends.plus(1)
    months = {first.plus(offset) for offset in range(max(0, first.until(period) + 1))}
    if change.effect is not Effect.START:
        months |= {month for month in now.here if month >= first}
    return sorted(month for month in months if until is None or month < until)
