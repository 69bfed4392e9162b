"""Reading the dated figures: rows without gap or overlap, each with its law, its source in plain words and how sure we are."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Annotated, Generic, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Defect, Invalid
from bhxh.kernel.months import Month
from bhxh.law.errors import LAW_BAD_FIGURES, LAW_MONTH_WITHOUT_FIGURE

_DatedMonth = Annotated[Month, BeforeValidator(lambda text: Month.parse(text) if isinstance(text, str) else text)]


class Row(BaseModel):
    """What every row of every table has. `until_month` is exclusive, None while the figure is in force."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)

    from_month: _DatedMonth = Field(alias="from")
    until_month: _DatedMonth | None = Field(None, alias="until")
    law: str = Field(min_length=3)
    source: str = Field(min_length=3)
    confidence: Literal["high", "medium", "low"]

    @property
    def citation(self) -> Citation:
        """The row's source of law; assumed unless it was read with high confidence."""
        return Citation(self.law, is_assumed=self.confidence != "high")


class AmountRow(Row):
    """One amount."""

    value_vnd: int = Field(gt=0)


class RegionsRow(Row):
    """One amount for each of the four wage regions."""

    regions_vnd: tuple[int, int, int, int]


class LimitRow(Row):
    """A limit of the base as a multiple of another figure."""

    of: Literal["none", "reference", "regional", "poverty"]
    multiple: int = Field(ge=0)


class RateRow(Row):
    """The rates of one fund."""

    worker_bp: int = Field(ge=0, le=10_000)
    employer_bp: int = Field(ge=0, le=10_000)
    reduced_bp: int | None = Field(None, ge=0)
    """The employer's rate where the authority approved a lower one (occupational accidents)."""
    base: Literal["wage", "reference"] = "wage"


class RateSeries(BaseModel):
    """The history of one fund's rates for a set of participant types."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    types: tuple[str, ...] = Field(min_length=1)
    rows: tuple[RateRow, ...]


_R = TypeVar("_R", bound=Row)


@dataclass(frozen=True)
class DatedTable(Generic[_R]):
    """Rows in order, from the first month on without a gap; the last one is open."""

    name: str
    rows: tuple[_R, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, name: str, rows: Sequence[_R]) -> "DatedTable[_R]":
        """Check the order. Raises Defect LAW-005 on a gap, an overlap, an early end or an empty table."""
        if not rows:
            raise Defect(LAW_BAD_FIGURES, file=name, row="-", reason="no rows")
        for number, row in enumerate(rows, start=1):
            following = rows[number].from_month if number < len(rows) else None
            if row.until_month is not None and row.until_month <= row.from_month:
                raise Defect(LAW_BAD_FIGURES, file=name, row=number, reason="ends before it starts")
            if row.until_month != following:
                raise Defect(LAW_BAD_FIGURES, file=name, row=number, reason="gap, overlap or a wrong end before the next row")
        return cls(name, tuple(rows), tuple(row.from_month.number for row in rows))

    def at(self, month: Month) -> _R:
        """The row in force in a month. Raises Invalid LAW-001 before the first."""
        index = bisect_right(self.starts, month.number) - 1
        if index < 0:
            raise Invalid(LAW_MONTH_WITHOUT_FIGURE, figure=self.name, month=month.shown, first=self.rows[0].from_month.shown)
        return self.rows[index]


_T = TypeVar("_T")


def read_figures(file: str, shape: type[_T]) -> _T:
    """One YAML file of `law/figures`, validated. Raises Defect LAW-005."""
    text = files("bhxh.law").joinpath("figures", file).read_text(encoding="utf-8")
    return parse_figures(file, text, shape)


def parse_figures(file: str, text: str, shape: type[_T]) -> _T:
    """The same from the text itself."""
    try:
        return TypeAdapter(shape).validate_python(yaml.safe_load(text))
    except ValidationError as error:
        first = error.errors()[0]
        raise Defect(LAW_BAD_FIGURES, file=file, row=".".join(map(str, first["loc"])), reason=first["msg"]) from error
