from bhxh.book.grouping import group_periods, months_by_year, standing_lines
from tests.unit.book.books import line, months


def _rows(lines: list) -> list[tuple[str, str, int, int]]:
    return [(str(row.first), str(row.last), row.months, row.base_vnd) for row in group_periods(lines)]


def test_equal_consecutive_months_are_one_row_newest_first() -> None:
    lines = [*months("2025-11", 4), *months("2026-03", 2, start=5, salary_base_vnd=12_000_000)]
    assert _rows(lines) == [("2026-03", "2026-04", 2, 12_000_000), ("2025-11", "2026-02", 4, 10_000_000)]


def test_a_gap_makes_two_rows() -> None:
    assert _rows([*months("2025-01", 2), *months("2025-06", 1, start=3)]) == [
        ("2025-06", "2025-06", 1, 10_000_000),
        ("2025-01", "2025-02", 2, 10_000_000),
    ]


def test_order_of_posting_does_not_matter() -> None:
    lines = months("2025-01", 14)
    assert group_periods(lines[::-1]) == group_periods(lines)


def test_another_unit_job_kind_or_hazard_is_another_row() -> None:
    lines = [
        line(1, "2026-01"),
        line(2, "2026-02", job_title="Quản đốc"),
        line(3, "2026-03", job_title="Quản đốc", hazard_flag=True),
        line(4, "2026-04", unit_code="TB0002Z", unit_name="Cty B"),
        line(5, "2026-04", line_kind="NOT_COUNTED", sign=0),
    ]
    assert len(group_periods(lines)) == 5


def test_a_reversed_line_and_its_reversal_are_not_shown_but_what_replaced_it_is() -> None:
    lines = [
        *months("2026-01", 3),
        line(4, "2026-02", sign=-1, reverses=2, line_kind="ADJUST"),
        line(5, "2026-02", salary_base_vnd=11_000_000, line_kind="ADJUST"),
    ]
    assert [entry["line"] for entry in standing_lines(lines)] == [1, 3, 5]
    assert [row[3] for row in _rows(lines)] == [10_000_000, 11_000_000, 10_000_000]


def test_months_of_each_year_count_once_and_years_have_no_gap() -> None:
    lines = [*months("2023-11", 3), line(4, "2026-01"), line(5, "2026-01", line_kind="NOT_COUNTED", sign=0, unit_code="X")]
    assert months_by_year(lines) == {2023: 2, 2024: 1, 2025: 0, 2026: 1}
    assert months_by_year([]) == {}
