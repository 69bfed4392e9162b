"""A line of an old book as it is typed and as it is read."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month
from bhxh.transcripts.rows import FIELDS, MOST_ROWS, Row, read_rows, rows_of, tidied

ON = date(2026, 11, 22)
LINE = {
    "from_month": "03/2003",
    "to_month": "12/2005",
    "unit_code": "TA0001Z",
    "unit_name": "Công ty Dệt Mẫu",
    "job_title": "Thợ dệt",
    "participant_type": "LABOUR_CONTRACT",
    "wage": "2,34",
    "has_unemployment": "",
    "is_hazardous": "1",
}


def read(*lines: dict[str, Any]) -> tuple[tuple[Row, ...], list[tuple[int, str, str]]]:
    rows, problems = read_rows([{**LINE, **line} for line in lines], on=ON)
    assert all("{" not in problem.text(language) for problem in problems for language in ("vi", "en"))
    return rows, [(problem.row, problem.field, problem.sentence.code) for problem in problems]


def test_a_line_is_read() -> None:
    [row], problems = read({})
    assert problems == []
    assert (row.from_month, row.to_month, row.wage, row.is_hazardous) == (Month(2003, 3), Month(2005, 12), "2.34", True)
    assert len(list(row.months)) == 34


@pytest.mark.parametrize(
    ("typed", "wage", "vnd"),
    [
        ("2,34", "2.34", 678_600),
        ("2.34", "2.34", 678_600),
        ("3", "3", 870_000),
        ("1.200.000", "1200000", 1_200_000),
        ("1,200,000", "1200000", 1_200_000),
        ("1 200 000", "1200000", 1_200_000),
        ("850000", "850000", 850_000),
        ("2.345", "2345", 2_345),  # three digits after the mark are thousands
    ],
)
def test_a_wage_is_a_coefficient_or_an_amount(typed: str, wage: str, vnd: int) -> None:
    [row], problems = read({"wage": typed})
    assert (row.wage, problems) == (wage, [])
    assert row.wage_vnd(Month(2003, 3)) == vnd, "2.34 x 290,000, the base salary of that month"


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({"from_month": ""}, "from_month", "TRN-012"),
        ({"from_month": "13/2003"}, "from_month", "TRN-012"),
        ({"to_month": "2/2003"}, "to_month", "TRN-013"),
        ({"to_month": "12/2026"}, "to_month", "TRN-014"),
        ({"from_month": "12/1994"}, "from_month", "TRN-015"),
        ({"participant_type": "VOLUNTARY"}, "from_month", "TRN-015"),
        ({"unit_code": "A"}, "unit_code", "TRN-016"),
        ({"unit_name": ""}, "unit_name", "TRN-017"),
        ({"participant_type": "PRESERVED"}, "participant_type", "TRN-018"),
        ({"wage": ""}, "wage", "TRN-019"),
        ({"wage": "0"}, "wage", "TRN-019"),
        ({"wage": "-2,34"}, "wage", "TRN-019"),
        ({"wage": "999.999.999.999"}, "wage", "TRN-019"),
        ({"has_unemployment": "1"}, "has_unemployment", "TRN-020"),
    ],
    ids=str,
)
def test_what_cannot_be_says_where_and_what_to_do(line: dict[str, str], field: str, code: str) -> None:
    rows, problems = read(line)
    assert rows == () and problems == [(1, field, code)]


def test_empty_lines_are_passed_over_and_none_at_all_is_a_problem() -> None:
    blank = dict.fromkeys(FIELDS, "") | {"participant_type": "LABOUR_CONTRACT"}
    rows, problems = read_rows([blank, LINE, blank], on=ON)
    assert (len(rows), problems) == (1, ())
    assert [problem.sentence.code for problem in read_rows([blank], on=ON)[1]] == ["TRN-011"]


def test_lines_of_one_unit_do_not_overlap() -> None:
    assert read({}, {"from_month": "12/2005", "to_month": "01/2006"})[1] == [(2, "from_month", "TRN-021")]
    assert read({}, {"unit_code": "", "unit_name": "Xưởng khác"})[1] == [], "two units in one month are"


def test_lines_come_in_order_of_month_however_they_were_typed() -> None:
    later = {"from_month": "01/2006", "to_month": "02/2006"}
    assert read(later, {}) == read({}, later)


def test_a_save_keeps_what_cannot_be_read() -> None:
    assert tidied([{"wage": "hai triệu ", "x": "y"}]) == [{name: "hai triệu" if name == "wage" else "" for name in FIELDS}]
    assert tidied([{}, {}]) == []
    with pytest.raises(Invalid) as caught:
        tidied([LINE] * (MOST_ROWS + 1))
    assert caught.value.code == "TRN-010"


_TEXT = st.text(max_size=12)


@given(st.lists(st.fixed_dictionaries({name: st.one_of(_TEXT, st.sampled_from([LINE[name], "1", "2,34"])) for name in FIELDS}), max_size=6))
def test_whatever_is_typed_is_read_or_said_to_be_unreadable(typed: list[dict[str, str]]) -> None:
    kept = tidied(typed)
    rows, problems = read_rows(kept, on=ON)
    if not problems:
        assert rows_of([row.as_typed() for row in rows]) == rows, "what was read stays what it is"
        assert read_rows([row.as_typed() for row in rows], on=ON) == (rows, ())
