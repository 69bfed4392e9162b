"""One line of an old book as officers type it, and as it is read. Pure.

Shape:  a period of whole months at one unit. A wage of at most 100 is a coefficient of the base salary, else đồng (decree-164 section 4.8).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Invalid, Sentence
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.kernel.text import tidy
from bhxh.law.contributions import ContributionsDue, Funds, contributions_due
from bhxh.law.figures import reference_level
from bhxh.law.participant_types import NON_CONTRIBUTING_TYPES, ParticipantType
from bhxh.transcripts import errors

FIELDS: Final = (
    *("from_month", "to_month", "unit_code", "unit_name", "job_title", "participant_type", "wage"),
    *("has_unemployment", "is_hazardous"),
)
MOST_ROWS: Final = 200  # LIMIT: forty years with five lines a year
MOST_CHARACTERS: Final = 300
UNEMPLOYMENT_BEGAN: Final = Month(2009, 1)
"""Law: unemployment insurance exists since 2009 (Law 71/2006/QH11; from memory)."""
TYPES: Final = tuple(kind for kind in ParticipantType if kind not in NON_CONTRIBUTING_TYPES)
_UNIT_CODE: Final = re.compile(r"[0-9A-Z]{5,10}", re.ASCII)
_MOST_COEFFICIENT: Final = Decimal(100)
_MOST_VND: Final = 10_000_000_000
_WAGE: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d{1,2})?", re.ASCII)
_YES: Final = "1"

Typed = Mapping[str, str]
"""Field -> what was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line as read."""

    from_month: Month
    to_month: Month
    unit_code: str
    unit_name: str
    job_title: str
    participant_type: ParticipantType
    wage: str
    """A coefficient such as `2.34`, or whole đồng."""
    has_unemployment: bool
    is_hazardous: bool

    @property
    def months(self) -> Iterator[Month]:
        """Every month it covers."""
        return (self.from_month.plus(n) for n in range(self.from_month.until(self.to_month) + 1))

    def wage_vnd(self, month: Month) -> Vnd:
        """The wage of one month in đồng. Law: a coefficient counts against that month's base salary; rounding assumed, half up."""
        amount = Decimal(self.wage)
        if amount > _MOST_COEFFICIENT:
            return Vnd(int(amount))
        return Vnd(int(amount * reference_level(month) + Decimal("0.5")))

    def due(self, month: Month, wage_region: int) -> ContributionsDue:
        """What was due for one month. An insurance book says nothing of health insurance. Raises Invalid LAW-001."""
        return contributions_due(
            participant_type=self.participant_type,
            month=month,
            wage_vnd=self.wage_vnd(month),
            wage_region=wage_region,
            funds=Funds(unemployment=self.has_unemployment, health=False),
        )

    def as_typed(self) -> dict[str, str]:
        """As an officer would type it, every field once in one form: what two entries are compared by."""
        return {
            "from_month": self.from_month.shown,
            "to_month": self.to_month.shown,
            "unit_code": self.unit_code,
            "unit_name": self.unit_name,
            "job_title": self.job_title,
            "participant_type": self.participant_type.value,
            "wage": self.wage,
            "has_unemployment": _YES if self.has_unemployment else "",
            "is_hazardous": _YES if self.is_hazardous else "",
        }

    def as_json(self) -> dict[str, Json]:
        """For a row of the table and for evidence."""
        return dict(self.as_typed())


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What cannot be read, and where. `row` counts the typed lines from 1, empty ones too."""

    row: int
    field: str
    sentence: Sentence
    parameters: Mapping[str, str | int]

    def text(self, language: str) -> str:
        """In one language."""
        return (self.sentence.en if language == "en" else self.sentence.vi).format(**self.parameters)


def tidied(typed: Sequence[Typed]) -> list[dict[str, str]]:
    """What is kept of a save: our fields, cut and tidied, without empty lines at the end. Raises Invalid TRN-010."""
    rows = [{name: tidy(str(row.get(name, "")))[:MOST_CHARACTERS] for name in FIELDS} for row in typed]
    while rows and is_blank(rows[-1]):
        rows.pop()
    if len(rows) > MOST_ROWS:
        raise Invalid(errors.TRN_TOO_MANY_ROWS, where="rows", most=MOST_ROWS)
    return rows


def is_blank(row: Typed) -> bool:
    """Whether nobody typed anything into it; the type of participant is chosen beforehand."""
    return not any(value for name, value in row.items() if name != "participant_type")


def read_rows(typed: Sequence[Typed], *, on: date) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """The lines in order of month, and everything that stands in the way. Empty lines are passed over."""
    rows: list[tuple[int, Row]] = []
    problems: list[Problem] = []
    for number, line in enumerate(typed, 1):
        if is_blank(line):
            continue
        read = _Reading(number, line, Month.of(on))
        row = read.row()
        problems += read.problems
        if row is not None:
            rows.append((number, row))
    problems += _overlaps(rows)
    if not rows and not problems:
        problems.append(Problem(row=1, field="from_month", sentence=errors.TRN_NO_ROWS, parameters={}))
    rows.sort(key=lambda pair: (pair[1].from_month, pair[1].to_month, pair[1].unit_code, pair[1].unit_name))
    return tuple(row for _, row in rows), tuple(sorted(problems, key=lambda problem: (problem.row, FIELDS.index(problem.field))))


def rows_of(stored: Sequence[Typed]) -> tuple[Row, ...]:
    """From what was read before and kept."""
    return tuple(
        Row(
            from_month=Month.parse(line["from_month"]),
            to_month=Month.parse(line["to_month"]),
            unit_code=line["unit_code"],
            unit_name=line["unit_name"],
            job_title=line["job_title"],
            participant_type=ParticipantType(line["participant_type"]),
            wage=line["wage"],
            has_unemployment=line["has_unemployment"] == _YES,
            is_hazardous=line["is_hazardous"] == _YES,
        )
        for line in stored
    )


class _Reading:
    """One line being read, with what is wrong with it."""

    def __init__(self, number: int, typed: Typed, this_month: Month) -> None:
        self.number, self.typed, self.this_month = number, typed, this_month
        self.problems: list[Problem] = []

    def row(self) -> Row | None:
        first, last = self._month("from_month"), self._month("to_month")
        wage, kind = self._wage(), self._kind()
        code, name = self.typed.get("unit_code", "").upper(), self.typed.get("unit_name", "")
        if code and _UNIT_CODE.fullmatch(code) is None:
            self._problem("unit_code", errors.TRN_UNIT_CODE)
        if not name:
            self._problem("unit_name", errors.TRN_NO_UNIT)
        has_unemployment = bool(self.typed.get("has_unemployment"))
        if first is not None and last is not None:
            self._span(first, last, has_unemployment=has_unemployment)
        if self.problems or first is None or last is None or wage is None or kind is None:
            return None
        row = Row(
            from_month=first,
            to_month=last,
            unit_code=code,
            unit_name=name,
            job_title=self.typed.get("job_title", ""),
            participant_type=kind,
            wage=wage,
            has_unemployment=has_unemployment,
            is_hazardous=bool(self.typed.get("is_hazardous")),
        )
        try:
            row.due(first, 1)
        except Invalid:
            self._problem("from_month", errors.TRN_BEFORE_RATES, month=first.shown)
            return None
        return row

    def _month(self, field: str) -> Month | None:
        try:
            return Month.parse(self.typed.get(field, ""))
        except Invalid:
            self._problem(field, errors.TRN_NO_MONTH)
            return None

    def _span(self, first: Month, last: Month, *, has_unemployment: bool) -> None:
        if last < first:
            self._problem("to_month", errors.TRN_REVERSED, first=first.shown)
        if last > self.this_month:
            self._problem("to_month", errors.TRN_FUTURE, last=self.this_month.shown)
        if has_unemployment and first < UNEMPLOYMENT_BEGAN:
            self._problem("has_unemployment", errors.TRN_NO_UNEMPLOYMENT_YET, begin=UNEMPLOYMENT_BEGAN.shown)

    def _wage(self) -> str | None:
        """`2,34` and `2.34` are coefficients; `1.200.000`, `1,200,000` and `1200000` are đồng."""
        typed = self.typed.get("wage", "").replace(" ", "")
        if _WAGE.fullmatch(typed):
            is_grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", typed) is not None
            amount = Decimal(re.sub(r"[.,]", "", typed) if is_grouped else typed.replace(",", "."))
            if 0 < amount <= _MOST_COEFFICIENT:
                return f"{amount.normalize():f}"
            if _MOST_COEFFICIENT < amount <= _MOST_VND and amount == amount.to_integral_value():
                return str(int(amount))
        self._problem("wage", errors.TRN_NO_WAGE)
        return None

    def _kind(self) -> ParticipantType | None:
        typed = self.typed.get("participant_type", "") or ParticipantType.LABOUR_CONTRACT.value
        if typed in {kind.value for kind in TYPES}:
            return ParticipantType(typed)
        self._problem("participant_type", errors.TRN_NO_TYPE)
        return None

    def _problem(self, field: str, sentence: Sentence, **parameters: str | int) -> None:
        self.problems.append(Problem(row=self.number, field=field, sentence=sentence, parameters={"row": self.number, **parameters}))


def _overlaps(rows: Sequence[tuple[int, Row]]) -> Iterator[Problem]:
    """Source: decree-164 section 4.8: lines of the same unit must not overlap."""
    seen: dict[tuple[str, Month], int] = {}
    for number, row in rows:
        unit = row.unit_code or row.unit_name.casefold()
        earlier = next((seen[unit, month] for month in row.months if (unit, month) in seen), None)
        if earlier is not None:
            yield Problem(row=number, field="from_month", sentence=errors.TRN_OVERLAPS, parameters={"row": number, "earlier": earlier})
        seen.update(dict.fromkeys(((unit, month) for month in row.months), number))
