"""Months and half-open spans of months."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month, MonthSpan

months = st.builds(Month, st.integers(1990, 2060), st.integers(1, 12))
spans = st.builds(MonthSpan, months, st.none() | months)


@pytest.mark.parametrize("text", ["11/2026", " 11/2026 ", "11-2026", "2026-11"])
def test_forms_of_one_month(text: str) -> None:
    assert Month.parse(text) == Month(2026, 11)


def test_a_month_of_one_digit_is_read() -> None:
    assert Month.parse("3/2026") == Month(2026, 3)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "00/2026", "13/2026", "2026-13", "2026-1", "2026/11", "11.2026", "01/11/2026", "112026", "12/1929", "01/2200", "١١/2026"],
)
def test_what_is_no_month_is_refused_with_the_words_typed(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Month.parse(text)
    assert refused.value.code == "KER-001"
    assert refused.value.parameters["value"] in {text, text.strip()} or text == "2026-13"


def test_a_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(Invalid) as refused:
        Month.parse("x" * 10_000)
    assert len(refused.value.text()) < 200


def test_the_first_and_last_months_there_are() -> None:
    assert Month.parse("01/1930").first_on == date(1930, 1, 1)
    assert Month.parse("12/2199").number == 219912
    assert Month(2199, 12).plus(1).number == 220001, "a span that ends with the last month ends before this one"
    with pytest.raises(Invalid):
        Month(2199, 12).plus(2)
    with pytest.raises(Invalid):
        Month.parse("01/2200")
    with pytest.raises(Invalid):
        Month.of(date(1929, 12, 31))
    with pytest.raises(Invalid):
        Month.from_number(202600)


@pytest.mark.parametrize(
    ("start", "steps", "end"),
    [
        (Month(2026, 12), 1, Month(2027, 1)),
        (Month(2026, 1), -1, Month(2025, 12)),
        (Month(2026, 6), 0, Month(2026, 6)),
        (Month(2026, 6), 30, Month(2028, 12)),
        (Month(2026, 6), -18, Month(2024, 12)),
    ],
)
def test_steps_across_years(start: Month, steps: int, end: Month) -> None:
    assert start.plus(steps) == end
    assert start.until(end) == steps


@given(months, months)
def test_until_and_plus_undo_each_other_and_keep_the_order(one: Month, other: Month) -> None:
    assert one.plus(one.until(other)) == other
    assert (one < other) == (one.number < other.number) == (str(one) < str(other))
    assert (one >= other) == (one.until(other) <= 0)


@given(months)
def test_every_written_form_reads_back(month: Month) -> None:
    assert Month.parse(str(month)) == Month.parse(month.shown) == Month.from_number(month.number) == Month.of(month.first_on) == month


def test_a_span_holds_its_start_and_not_its_end() -> None:
    span = MonthSpan(Month(2026, 11), Month(2027, 2))
    assert list(span.months()) == [Month(2026, 11), Month(2026, 12), Month(2027, 1)]
    assert Month(2026, 11) in span and Month(2027, 2) not in span and Month(2026, 10) not in span
    assert Month(2199, 1) in MonthSpan(Month(2026, 11), None)
    with pytest.raises(AssertionError):
        list(MonthSpan(Month(2026, 11), None).months())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("01/2026", "03/2026"), ("03/2026", "05/2026"), False),  # they touch
        (("01/2026", "04/2026"), ("03/2026", "05/2026"), True),
        (("01/2026", None), ("03/2026", "05/2026"), True),
        (("05/2026", None), ("03/2026", "05/2026"), False),
        (("05/2026", None), ("03/2026", None), True),
        (("01/2026", "09/2026"), ("03/2026", "04/2026"), True),  # one within the other
        (("03/2026", "03/2026"), ("01/2026", "05/2026"), False),  # an empty span shares nothing
        (("05/2026", "03/2026"), ("01/2026", "09/2026"), False),  # nor does one turned round
    ],
)
def test_overlaps(one: tuple[str, str | None], other: tuple[str, str | None], expected: bool) -> None:
    first, second = (MonthSpan(Month.parse(a), Month.parse(b) if b else None) for a, b in (one, other))
    assert first.overlaps(second) is second.overlaps(first) is expected


@given(spans, spans)
def test_spans_overlap_where_a_month_lies_in_both(one: MonthSpan, other: MonthSpan) -> None:
    edges = [span.from_month for span in (one, other)]
    every = [edge.plus(step) for edge in edges for step in range(-2, 3)]
    if one.overlaps(other):
        assert any(month in one and month in other for month in edges)
    else:
        assert not any(month in one and month in other for month in every)


@given(months, st.integers(0, 40))
def test_a_closed_span_lists_each_month_once_in_order(start: Month, length: int) -> None:
    listed = list(MonthSpan(start, start.plus(length)).months())
    assert len(listed) == length
    assert all(earlier.until(later) == 1 for earlier, later in pairwise(listed))
