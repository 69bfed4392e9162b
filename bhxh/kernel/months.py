"""Months and half-open spans of months. Contributions are counted in whole months, never in days."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bhxh.kernel.errors import KER_BAD_MONTH, Invalid

_FORM = re.compile(r"(?:(?P<month>\d{1,2})[/-](?P<year>\d{4})|(?P<year_first>\d{4})-(?P<month_last>\d{2}))", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1930, 2199  # LIMIT: nobody alive contributed before 1930; a typo beyond 2199 is a typo


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month. Stored as the integer yyyymm, shown as MM/YYYY, written in documents as YYYY-MM."""

    year: int
    month: int

    def __post_init__(self) -> None:
        # WHY one month more: a span that ends with the last month is written with the month after it.
        is_known = _FIRST_YEAR <= self.year <= _LAST_YEAR or (self.year, self.month) == (_LAST_YEAR + 1, 1)
        if not (is_known and 1 <= self.month <= 12):
            raise Invalid(KER_BAD_MONTH, value=f"{self.month:02d}/{self.year:04d}")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `MM/YYYY`, `M/YYYY`, `MM-YYYY` or `YYYY-MM`. Raises Invalid KER-001."""
        return _parse(text)

    @classmethod
    def of(cls, on: date) -> "Month":
        """The month a day lies in."""
        return cls(on.year, on.month)

    @classmethod
    def from_number(cls, number: int) -> "Month":
        """The inverse of `number`: 202611 -> November 2026."""
        return cls(*divmod(number, 100))

    @property
    def number(self) -> int:
        """The integer yyyymm under which the database keeps and orders months."""
        return self.year * 100 + self.month

    @property
    def first_on(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    def plus(self, months: int) -> "Month":
        """The month that lies `months` later (earlier when negative)."""
        return _month_at(self.year * 12 + self.month - 1 + months)

    def until(self, other: "Month") -> int:
        """How many months from this one to the other: 01/2026 until 03/2026 is 2."""
        return (other.year - self.year) * 12 + other.month - self.month

    # WHY each one: made from `<` by the library, the other three cost three times as much, and long lists compare little else.
    def __lt__(self, other: "Month") -> bool:
        return (self.year, self.month) < (other.year, other.month)

    def __le__(self, other: "Month") -> bool:
        return (self.year, self.month) <= (other.year, other.month)

    def __gt__(self, other: "Month") -> bool:
        return (self.year, self.month) > (other.year, other.month)

    def __ge__(self, other: "Month") -> bool:
        return (self.year, self.month) >= (other.year, other.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def shown(self) -> str:
        """As forms write it: 11/2026."""
        return f"{self.month:02d}/{self.year:04d}"


@lru_cache(maxsize=4096)  # LIMIT: all months there are, in each form; a list of 50,000 lines asks for the same few a million times
def _parse(text: str) -> Month:
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise Invalid(KER_BAD_MONTH, value=text[:20])
    year, month = int(found["year"] or found["year_first"]), int(found["month"] or found["month_last"])
    if year > _LAST_YEAR:
        raise Invalid(KER_BAD_MONTH, value=text[:20])
    return Month(year, month)


@lru_cache(maxsize=4096)
def _month_at(ordinal: int) -> Month:
    """The month so many months after the year 0 began: one object each, because long lists walk from month to month."""
    year, month0 = divmod(ordinal, 12)
    return Month(year, month0 + 1)


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """Months from `from_month` inclusive to `until_month` exclusive; open at the end when that is None."""

    from_month: Month
    until_month: Month | None

    def __contains__(self, month: Month) -> bool:
        return self.from_month <= month and (self.until_month is None or month < self.until_month)

    def overlaps(self, other: "MonthSpan") -> bool:
        """Whether the two spans share a month."""
        first = max(self.from_month, other.from_month)
        return first in self and first in other

    def months(self) -> Iterator[Month]:
        """Every month of a closed span, in order."""
        assert self.until_month is not None, "an open span has no last month"
        month = self.from_month
        while month < self.until_month:
            yield month
            month = month.plus(1)
