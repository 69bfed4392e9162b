"""Social insurance offices: load a table of them, find them on a day. They are no part of a release: each installation has its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import Final

from django.db import connection

from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Invalid
from bhxh.kernel.text import search_form
from bhxh.kernel.who import SYSTEM
from bhxh.registry.editions import replace_rows
from bhxh.registry.errors import REG_OFFICE_WARD, REG_OFFICES_REFUSED
from bhxh.registry.office_table import COLUMNS, OfficeFacts, Problem, read_offices

_PAGE: Final = 50  # LIMIT: what a search shows
_LINES_NAMED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFound:
    """An office as it is on the day that was asked about."""

    code: str
    level: str
    parent_code: str
    province_code: str
    name: str
    address: str
    phone: str
    opening_hours: str


_FOUND: Final = "code, level, parent_code, province_code, name, address, phone, opening_hours"
_ON: Final = "valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)"


def check_offices(content: bytes) -> tuple[Problem, ...]:
    """Everything that is wrong with a table, in the order of its lines; nothing is written. Raises Invalid REG-016 where it is no such table."""
    read, problems = read_offices(content)
    _, unknown = _provinces_of(read)
    return tuple(sorted((*problems, *unknown), key=lambda problem: problem.line))


@command(by=SYSTEM)
def load_offices(*, actor: Actor, at: datetime, content: bytes) -> int:
    """Put a table in the place of the one before, all of it or nothing. Returns how many lines; 0 where this very table is loaded already.

    Raises: Invalid REG-016 where it is no such table, REG-022 with the lines that are wrong (`check_offices` says each).
    """
    read, problems = read_offices(content)
    provinces, unknown = _provinces_of(read)
    if problems or unknown:
        lines = sorted({problem.line for problem in (*problems, *unknown)})
        named = ", ".join(map(str, lines[:_LINES_NAMED])) + (", ..." if len(lines) > _LINES_NAMED else "")
        raise Invalid(REG_OFFICES_REFUSED, count=len(problems) + len(unknown), lines=named)
    edition = sha256(content).hexdigest()
    rows = partial(_rows_of, read, provinces)
    count = replace_rows("registry_office", (*COLUMNS, "province_code", "name_search"), rows, edition=edition, at=at) or 0
    record(actor=actor, at=at, verb="registry.offices.load", detail={"rows": count, "sha256": edition})
    return count


def _rows_of(read: Sequence[tuple[int, OfficeFacts]], provinces: Sequence[str]) -> list[tuple[object, ...]]:
    return [
        (*(getattr(one, name) for name in COLUMNS), province, search_form(one.name))
        for (_, one), province in zip(read, provinces, strict=True)
    ]


def _provinces_of(read: Sequence[tuple[int, OfficeFacts]]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """In which province each of them stands on its first day, and those whose ward does not exist then. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.place, u.province_code FROM unnest(%s::text[], %s::date[]) WITH ORDINALITY AS asked (code, first_on, place)"
            " JOIN registry_administrative_unit u ON u.level = 'WARD' AND u.code = asked.code AND u.valid_from <= asked.first_on"
            " AND (u.valid_until IS NULL OR u.valid_until > asked.first_on)",
            [[one.ward_code for _, one in read], [one.valid_from for _, one in read]],
        )
        found = dict(cursor.fetchall())
    unknown = tuple(
        Problem(line, Invalid(REG_OFFICE_WARD, where=f"line {line}", code=one.ward_code, on=one.valid_from.strftime("%d/%m/%Y")))
        for place, (line, one) in enumerate(read, start=1)
        if place not in found
    )
    return tuple(found.get(place, "") for place in range(1, len(read) + 1)), unknown


def search_offices(*, name: str, on: date, province_code: str = "", limit: int = _PAGE) -> tuple[OfficeFound, ...]:
    """Offices whose own name, or that day's of the ward they stand in, contains this, marks and case ignored; of each province its own office first."""
    looked_for = search_form(name)
    return _select(
        "(strpos(name_search, %s) > 0 OR ward_code IN (SELECT code FROM registry_administrative_unit WHERE level = 'WARD' AND"
        f" strpos(name_search, %s) > 0 AND {_ON})) AND (%s = '' OR province_code = %s)",
        [looked_for, looked_for, on, on, province_code, province_code],
        on,
        min(limit, _PAGE),
    )


def find_offices(codes: Collection[str], on: date) -> dict[str, OfficeFound]:
    """By code; a code that is in no table is left out. One statement."""
    return {one.code: one for one in _select("code = ANY(%s)", [list(codes)], on, len(codes))} if codes else {}


def _select(condition: str, values: Sequence[str | date | list[str]], on: date, limit: int) -> tuple[OfficeFound, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_FOUND} FROM registry_office WHERE {condition} AND {_ON} ORDER BY province_code, level DESC, name_search, code LIMIT %s",
            [*values, on, on, limit],
        )
        return tuple(OfficeFound(**dict(zip(_FOUND.split(", "), row, strict=True))) for row in cursor.fetchall())
