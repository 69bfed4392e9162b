"""Working days and deadlines. Pure: the days off are passed in.

Law:  decree-164 section 2.3: Monday to Friday except public holidays and declared compensatory days; the day of receipt
      is not counted; what arrives outside working time starts to count on the next working day (assumed).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bhxh.dossiers.errors import DOS_NO_DAYS_OFF
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Defect

_SATURDAY = 5
_LONGEST_SEARCH = 400  # LIMIT: no run of days off is longer than a year; beyond it the data are wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOff:
    """The declared exceptions to the week."""

    holidays: frozenset[date]
    """Days off on a weekday: public holidays and compensatory days."""
    worked: frozenset[date] = frozenset()
    """Saturdays or Sundays worked in exchange."""

    @classmethod
    def of(cls, rows: Iterable[tuple[date, bool]]) -> "DaysOff":
        """From rows of (day, is a working day)."""
        listed = tuple(rows)
        return cls(
            holidays=frozenset(day for day, is_worked in listed if not is_worked),
            worked=frozenset(day for day, is_worked in listed if is_worked),
        )


def is_working_day(on: date, days_off: DaysOff) -> bool:
    """Whether offices work on a day."""
    if on in days_off.worked:
        return True
    return on.weekday() < _SATURDAY and on not in days_off.holidays


def add_working_days(on: date, working_days: int, days_off: DaysOff) -> date:
    """The `working_days`-th working day after a day; the day itself is not counted.

    >>> add_working_days(date(2026, 11, 20), 1, DaysOff(holidays=frozenset()))
    datetime.date(2026, 11, 23)
    """
    day, left = on, working_days
    for _ in range(_LONGEST_SEARCH + working_days * 2):
        if left <= 0:
            return day
        day += timedelta(days=1)
        left -= is_working_day(day, days_off)
    raise Defect(DOS_NO_DAYS_OFF, year=day.year)


def due_on(received_at: datetime, working_days: int, days_off: DaysOff) -> date:
    """The last day on which the result is in time. With 0 working days, the day of receipt itself."""
    return add_working_days(day_in_vietnam(received_at), working_days, days_off)


def count_working_days(after: date, until: date, days_off: DaysOff) -> int:
    """Working days after one day up to and including another; negative where the other lies before."""
    if until < after:
        return -count_working_days(until, after, days_off)
    span = (until - after).days
    return sum(is_working_day(after + timedelta(days=offset), days_off) for offset in range(1, span + 1))
