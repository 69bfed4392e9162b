"""Two entries side by side: every difference is found, and what both agree on stays whatever is settled."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month
from bhxh.law.participant_types import ParticipantType
from bhxh.transcripts.comparing import KEPT, LEFT_OUT, compare, settle
from bhxh.transcripts.rows import FIELDS, Row


def row(year: int = 2003, **other: Any) -> Row:
    plain: dict[str, Any] = {
        "from_month": Month(year, 1),
        "to_month": Month(year, 12),
        "unit_code": "TA0001Z",
        "unit_name": "Công ty Dệt Mẫu",
        "job_title": "Thợ dệt",
        "participant_type": ParticipantType.LABOUR_CONTRACT,
        "wage": "2.34",
        "has_unemployment": False,
        "is_hazardous": False,
    }
    return Row(**{**plain, **other})


def test_two_that_say_the_same_do_not_differ() -> None:
    assert compare([row(), row(2004)], [row(), row(2004)]).differences == ()


def test_a_wage_typed_differently_is_one_difference() -> None:
    [difference] = compare([row(), row(2004)], [row(), row(2004, wage="2.67")]).differences
    assert (difference.key, difference.first, difference.second) == ("2.wage", "2.34", "2.67")


def test_a_line_left_out_does_not_make_all_others_differ() -> None:
    three, two = [row(), row(2004), row(2005)], [row(), row(2005)]
    [difference] = compare(three, two).differences
    assert (difference.key, difference.first, difference.second) == ("2.line", KEPT, LEFT_OUT)
    [difference] = compare(two, three).differences
    assert (difference.key, difference.first, difference.second) == ("2.line", LEFT_OUT, KEPT)


def test_what_was_settled_is_what_follows() -> None:
    comparison = compare([row(), row(2004)], [row(wage="2.67"), row(2004), row(2005)])
    [first, second, third] = settle(comparison, {"1.wage": "2.76", "3.line": KEPT})
    assert (first["wage"], second["wage"], third["from_month"]) == ("2.76", "2.34", "01/2005")
    assert len(settle(comparison, {"1.wage": "2.34", "3.line": LEFT_OUT})) == 2


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({}, "TRN-031"),
        ({"1.wage": "2.34"}, "TRN-031"),
        ({"1.wage": "2.34", "3.line": "maybe"}, "TRN-031"),
        ({"1.wage": "2.34", "3.line": KEPT, "2.wage": "9"}, "TRN-032"),
        ({"1.wage": "2.34", "3.line": KEPT, "1.unit_name": "Công ty khác"}, "TRN-032"),
    ],
    ids=str,
)
def test_everything_that_differs_is_settled_and_nothing_else(choices: dict[str, str], code: str) -> None:
    comparison = compare([row(), row(2004)], [row(wage="2.67"), row(2004), row(2005)])
    with pytest.raises(Invalid) as caught:
        settle(comparison, choices)
    assert caught.value.code == code


_ROWS = st.lists(
    st.builds(row, st.integers(2000, 2004), wage=st.sampled_from(["2.34", "2.67", "1200000"]), job_title=st.sampled_from(["", "Thợ"])),
    max_size=6,
)


@given(first=_ROWS, second=_ROWS)
def test_each_entry_can_be_had_from_the_comparison(first: list[Row], second: list[Row]) -> None:
    comparison = compare(first, second)
    assert bool(comparison.differences) is (first != second)
    for side, entry in (("first", first), ("second", second)):
        choices = {one.key: getattr(one, side) for one in comparison.differences}
        assert settle(comparison, choices) == [line.as_typed() for line in entry], "settled for one of them is that one"


@given(first=_ROWS, second=_ROWS)
def test_no_more_differs_than_would_line_by_line(first: list[Row], second: list[Row]) -> None:
    naive = sum(
        sum(one.as_typed()[name] != other.as_typed()[name] for name in FIELDS) for one, other in zip(first, second, strict=False)
    ) + (len(FIELDS) - 2) * abs(len(first) - len(second))
    costs = {"line": len(FIELDS) - 2}
    assert sum(costs.get(one.field, 1) for one in compare(first, second).differences) <= naive
