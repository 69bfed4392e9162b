"""Working days and deadlines."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.dossiers.calendar import DaysOff, add_working_days, count_working_days, due_on, is_working_day
from bhxh.kernel.errors import Defect

NOVEMBER = DaysOff(holidays=frozenset({date(2026, 11, 24)}), worked=frozenset({date(2026, 11, 28)}))


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 24), False),
        (date(2026, 11, 28), True),
    ],
)
def test_the_week_and_its_exceptions(day: date, is_worked: bool) -> None:
    assert is_working_day(day, NOVEMBER) is is_worked


@pytest.mark.parametrize(
    ("received_at", "working_days", "due"),
    [
        # Friday 20 November, 16:00 in Viet Nam: Monday is the first day; Tuesday is off, Saturday 28 is worked.
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), 1, date(2026, 11, 23)),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), 2, date(2026, 11, 25)),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), 5, date(2026, 11, 28)),
        # 17:30 UTC on Thursday is half past midnight on Friday in Viet Nam: Friday is the day of receipt, not counted.
        (datetime(2026, 11, 19, 17, 30, tzinfo=UTC), 1, date(2026, 11, 23)),
        # Answered at once.
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), 0, date(2026, 11, 21)),
    ],
)
def test_the_day_of_receipt_is_not_counted(received_at: datetime, working_days: int, due: date) -> None:
    assert due_on(received_at, working_days, NOVEMBER) == due


@given(st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_a_deadline_is_a_working_day_and_counts_back(on: date, working_days: int) -> None:
    due = add_working_days(on, working_days, NOVEMBER)
    assert is_working_day(due, NOVEMBER)
    assert count_working_days(on, due, NOVEMBER) == working_days
    assert count_working_days(due, on, NOVEMBER) == -working_days


def test_a_calendar_without_any_working_day_is_our_defect() -> None:
    from datetime import timedelta

    all_off = DaysOff(holidays=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(1000)))
    with pytest.raises(Defect) as caught:
        add_working_days(date(2026, 1, 1), 1, all_off)
    assert caught.value.code == "DOS-028"


def test_rows_of_the_registry_become_days_off() -> None:
    assert DaysOff.of([(date(2026, 11, 24), False), (date(2026, 11, 28), True)]) == NOVEMBER
