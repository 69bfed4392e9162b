"""Contribution lines, written out, as people read them: consecutive months with the same unit, job and wage become one row. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bhxh.kernel.months import Month

NOT_COUNTED, PRESERVED = "NOT_COUNTED", "PRESERVED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One row of the reader's table."""

    first: Month
    last: Month
    months: int
    unit_code: str
    unit_name: str
    workplace: str
    job_title: str
    participant_type: str
    kind: str
    base_vnd: int
    is_hazardous: bool
    worker_vnd: int
    employer_vnd: int
    lines: tuple[int, ...]
    """Numbers of the lines it is made of."""


def standing_lines(lines: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The lines that count: without those taken back, and without the taking back itself."""
    kept = list(lines)
    reversed_n = {line["reverses"] for line in kept if line.get("reverses")}
    return [line for line in kept if not line.get("reverses") and line["line"] not in reversed_n]


def group_periods(lines: Iterable[Mapping[str, Any]]) -> tuple[Period, ...]:
    """Rows for the reader, newest first."""
    ordered = sorted(standing_lines(lines), key=lambda line: (line["unit_code"], line["from_month"], line["line"]))
    periods: list[Period] = []
    for _, same in groupby(ordered, key=_sameness):
        run: list[Mapping[str, Any]] = []
        for line in same:
            if run and Month.parse(run[-1]["from_month"]).plus(1) != Month.parse(line["from_month"]):
                periods.append(_period(run))
                run = []
            run.append(line)
        periods.append(_period(run))
    return tuple(sorted(periods, key=lambda period: (period.last, period.first, period.unit_code), reverse=True))


def months_by_year(lines: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """How many months of each year count, each month once; years between the first and the last without a gap."""
    months = {Month.parse(line["from_month"]) for line in standing_lines(lines) if line["sign"] == 1}
    if not months:
        return {}
    years = dict.fromkeys(range(min(months).year, max(months).year + 1), 0)
    for month in months:
        years[month.year] += 1
    return years


def _sameness(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        *(line["unit_code"], line["unit_name"], line["workplace"], line["job_title"]),
        *(line["participant_type"], line["line_kind"], line["salary_base_vnd"], bool(line.get("hazard_flag"))),
    )


def _period(run: Sequence[Mapping[str, Any]]) -> Period:
    first = run[0]
    return Period(
        first=Month.parse(first["from_month"]),
        last=Month.parse(run[-1]["from_month"]),
        months=len(run),
        unit_code=first["unit_code"],
        unit_name=first["unit_name"],
        workplace=first["workplace"],
        job_title=first["job_title"],
        participant_type=first["participant_type"],
        kind=first["line_kind"],
        base_vnd=first["salary_base_vnd"],
        is_hazardous=bool(first.get("hazard_flag")),
        worker_vnd=sum(line["worker_vnd"] for line in run),
        employer_vnd=sum(line["employer_vnd"] for line in run),
        lines=tuple(line["line"] for line in run),
    )
