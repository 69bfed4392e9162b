"""A table of social insurance offices as a file gives it: read and judged line by line. Pure."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from bhxh.kernel.errors import Invalid, Sentence
from bhxh.kernel.text import tidy
from bhxh.registry.errors import REG_OFFICE_DAYS, REG_OFFICE_MALFORMED, REG_OFFICE_MISSING, REG_OFFICE_PARENT, REG_OFFICES_NOT_A_TABLE


class OfficeLevel(StrEnum):
    """Since March 2025 there are two."""

    PROVINCE = "PROVINCE"
    GRASS_ROOTS = "GRASS_ROOTS"


COLUMNS: Final = (
    *("code", "level", "parent_code", "ward_code", "name", "address"),
    *("phone", "opening_hours", "valid_from", "valid_until", "source"),
)
_OPTIONAL: Final = frozenset({"parent_code", "phone", "opening_hours", "valid_until"})
_LONGEST: Final = 300
_MOST_BYTES: Final = 4_000_000
"""LIMIT: some ten thousand offices; the country has about four hundred."""
_FORMS: Final[dict[str, tuple[re.Pattern[str], str]]] = {
    "code": (re.compile(r"[0-9A-Z]{3,10}"), "00101"),
    "level": (re.compile("|".join(OfficeLevel)), "PROVINCE, GRASS_ROOTS"),
    "parent_code": (re.compile(r"([0-9A-Z]{3,10})?"), "00101"),
    "ward_code": (re.compile(r"\d{5}"), "00004"),
    "phone": (re.compile(r"[0-9+ ().-]{0,30}"), "024 3775 0000"),
}
_DAY: Final = "2025-07-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFacts:
    """One office while its name and address are in force."""

    code: str
    level: OfficeLevel
    parent_code: str
    ward_code: str
    name: str
    address: str
    phone: str
    opening_hours: str
    valid_from: date
    valid_until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line of the file, and what to do."""

    line: int
    """As a spreadsheet counts: the heads are line 1."""
    error: Invalid

    def text(self, language: str = "vi") -> str:
        """One line for people."""
        return f"{'line' if language == 'en' else 'dòng'} {self.line}: {self.error.text(language)}"


def read_offices(content: bytes) -> tuple[tuple[tuple[int, OfficeFacts], ...], tuple[Problem, ...]]:
    """Lines that can be read, with their numbers, and everything that is wrong. Raises Invalid REG-016 where it is no such table."""
    rows, read, problems = _rows(content), [], []
    for line, row in rows:
        wrong = list(_wrong_cells(line, row))
        problems += wrong
        if not wrong:
            read.append((line, _facts(row)))
    return tuple(read), (*problems, *_wrong_days(read), *_wrong_parents(read))


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    refusal = Invalid(REG_OFFICES_NOT_A_TABLE, columns=", ".join(COLUMNS))
    if len(content) > _MOST_BYTES:
        raise refusal
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        heads = tuple(reader.fieldnames or ())
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeError, csv.Error):
        raise refusal from None
    if heads != COLUMNS or any(None in row for _, row in rows):
        raise refusal
    told = [(line, {name: tidy(row[name] or "") for name in COLUMNS}) for line, row in rows]
    return [(line, row) for line, row in told if any(row.values())]


def _wrong_cells(line: int, row: dict[str, str]) -> Iterator[Problem]:
    for name in COLUMNS:
        value = row[name]
        if not value and name not in _OPTIONAL:
            yield _problem(line, REG_OFFICE_MISSING, column=name)
        elif name in _FORMS and not _FORMS[name][0].fullmatch(value):
            yield _problem(line, REG_OFFICE_MALFORMED, column=name, form=_FORMS[name][1])
        elif name.startswith("valid_") and value and _day(value) is None:
            yield _problem(line, REG_OFFICE_MALFORMED, column=name, form=_DAY)
        elif len(value) > _LONGEST:
            yield _problem(line, REG_OFFICE_MALFORMED, column=name, form=f"≤ {_LONGEST}")


def _wrong_days(read: Iterable[tuple[int, OfficeFacts]]) -> Iterator[Problem]:
    by_code: dict[str, list[tuple[date, date, int]]] = defaultdict(list)
    for line, one in read:
        until = one.valid_until or date.max
        if until <= one.valid_from:
            yield _problem(line, REG_OFFICE_DAYS)
        else:
            by_code[one.code].append((one.valid_from, until, line))
    for spans in by_code.values():
        spans.sort()
        for (_, until, _), (begins, _, line) in pairwise(spans):
            if begins < until:
                yield _problem(line, REG_OFFICE_DAYS)


def _wrong_parents(read: Iterable[tuple[int, OfficeFacts]]) -> Iterator[Problem]:
    of_provinces = {one.code for _, one in read if one.level is OfficeLevel.PROVINCE}
    for line, one in read:
        if one.parent_code != "" if one.level is OfficeLevel.PROVINCE else one.parent_code not in of_provinces:
            yield _problem(line, REG_OFFICE_PARENT)


def _facts(row: dict[str, str]) -> OfficeFacts:
    first = _day(row["valid_from"])
    assert first is not None, "judged before"
    texts = {name: row[name] for name in COLUMNS if name not in ("level", "valid_from", "valid_until")}
    return OfficeFacts(**texts, level=OfficeLevel(row["level"]), valid_from=first, valid_until=_day(row["valid_until"]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len(_DAY) else None
    except ValueError:
        return None


def _problem(line: int, sentence: Sentence, **parameters: str) -> Problem:
    return Problem(line, Invalid(sentence, where=f"line {line}", **parameters))
