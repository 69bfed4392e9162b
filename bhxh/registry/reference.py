"""Reference data: load the shipped tables, look codes up on a day. A code without a day has no meaning (July 2025 reused some)."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from django.db import connection

from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import NotFound
from bhxh.kernel.text import search_form
from bhxh.kernel.who import SYSTEM
from bhxh.registry.editions import replace_rows
from bhxh.registry.errors import REG_UNKNOWN_UNIT
from bhxh.registry.reference_files import digest, read_bytes

__all__ = [
    "AdministrativeUnit",
    "CodeListItem",
    "Conversion",
    "ConversionOutcome",
    "TracedUnit",
    "convert_old_province",
    "convert_old_ward",
    "find_code",
    "find_facility",
    "find_facility_and_province",
    "find_unit",
    "get_unit",
    "has_facility",
    "is_working_day",
    "list_codes",
    "list_days_off",
    "list_provinces",
    "list_wards",
    "list_wards_by_code",
    "load_reference_data",
    "search_facilities",
    "search_wards",
    "trace_units",
]

_REFORM = date(2025, 7, 1)
"""Provinces, districts and communes were drawn anew, in two levels."""
_PAGE = 50  # LIMIT: what a picker shows


@dataclass(frozen=True, slots=True)
class _Shipped:
    file: str
    table: str
    columns: tuple[str, ...]
    searchable: bool
    nullable: frozenset[str] = frozenset()

    @property
    def written(self) -> tuple[str, ...]:
        return (*self.columns, "name_search") if self.searchable else self.columns


_SHIPPED = (
    _Shipped(
        "administrative_units.csv.gz",
        "registry_administrative_unit",
        ("level", "code", "parent_code", "province_code", "name", "unit_type", "valid_from", "valid_until", "is_day_assumed"),
        searchable=True,
        nullable=frozenset({"valid_until"}),
    ),
    _Shipped("unit_mapping.csv.gz", "registry_unit_mapping", ("level", "old_code", "new_code", "is_partial"), searchable=False),
    _Shipped("health_facilities.csv.gz", "registry_health_facility", ("facility_code", "province_code", "name"), searchable=True),
    _Shipped("code_lists.csv", "registry_code_list_item", ("list_name", "code", "name_vi", "name_en", "extra"), searchable=False),
    _Shipped("days_off.csv", "registry_day_off", ("day", "is_worked", "name_vi", "name_en", "is_forecast"), searchable=False),
)


@command(by=SYSTEM)
def load_reference_data(*, actor: Actor, at: datetime) -> dict[str, int]:
    """Bring the reference tables to the edition shipped with this release. Returns rows by table, for those that changed.

    Idempotent: an edition already loaded is left alone.
    """
    loaded: dict[str, int] = {}
    for shipped in _SHIPPED:
        count = replace_rows(shipped.table, shipped.written, partial(_rows_of, shipped), edition=digest(shipped.file), at=at)
        if count is not None:
            loaded[shipped.table] = count
    record(actor=actor, at=at, verb="registry.reference.load", detail={"rows": loaded})
    return loaded


def _rows_of(shipped: _Shipped) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = []
    for row in csv.DictReader(io.StringIO(read_bytes(shipped.file).decode())):
        values: list[object] = [None if name in shipped.nullable and not row[name] else row[name] for name in shipped.columns]
        rows.append([*values, search_form(row["name"])] if shipped.searchable else values)
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrativeUnit:
    """A province, district or ward as it was on a day."""

    level: str
    code: str
    parent_code: str
    province_code: str
    name: str
    unit_type: str
    valid_from: date
    valid_until: date | None


_UNIT = "level, code, parent_code, province_code, name, unit_type, valid_from, valid_until"


def find_unit(level: str, code: str, on: date) -> AdministrativeUnit | None:
    """The PROVINCE, DISTRICT or WARD that a code meant on a day."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_UNIT} FROM registry_administrative_unit"
            " WHERE level = %s AND code = %s AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)",
            [level, code, on, on],
        )
        row = cursor.fetchone()
    return _unit(row) if row else None


def get_unit(level: str, code: str, on: date) -> AdministrativeUnit:
    """The same. Raises NotFound REG-012 where the code meant nothing on that day."""
    found = find_unit(level, code, on)
    if found is None:
        raise NotFound(REG_UNKNOWN_UNIT, code=code, on=on.isoformat())
    return found


def list_provinces(on: date) -> tuple[AdministrativeUnit, ...]:
    """All provinces on a day: 63 before July 2025, 34 since."""
    return _list("level = 'PROVINCE'", [], on)


def list_wards(province_code: str, on: date) -> tuple[AdministrativeUnit, ...]:
    """All wards of a province on a day."""
    return _list("level = 'WARD' AND province_code = %s", [province_code], on)


def list_wards_by_code(codes: Collection[str], on: date) -> tuple[AdministrativeUnit, ...]:
    """The wards of these codes that there were on a day."""
    return _list("level = 'WARD' AND code = ANY(%s)", [list(codes)], on) if codes else ()


def search_wards(*, name: str, on: date, province_code: str = "", limit: int = _PAGE) -> tuple[AdministrativeUnit, ...]:
    """Wards whose name contains this, marks and case ignored."""
    return _list(
        "level = 'WARD' AND strpos(name_search, %s) > 0 AND (%s = '' OR province_code = %s)",
        [search_form(name), province_code, province_code],
        on,
        limit=min(limit, _PAGE),
    )


def _list(condition: str, values: Sequence[str | list[str]], on: date, limit: int = 5000) -> tuple[AdministrativeUnit, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_UNIT} FROM registry_administrative_unit WHERE {condition}"
            " AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s) ORDER BY code LIMIT %s",
            [*values, on, on, limit],
        )
        return tuple(_unit(row) for row in cursor.fetchall())


def _unit(row: Sequence[object]) -> AdministrativeUnit:
    return AdministrativeUnit(**dict(zip(_UNIT.split(", "), row, strict=True)))  # type: ignore[arg-type]


class ConversionOutcome(StrEnum):
    """How an old code turned into a new one."""

    CONVERTED = "CONVERTED"
    CUT_UP = "CUT_UP"
    """The old unit went to several new ones: only the person (or an officer) can say which."""
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Answer to "where is this old unit now?"."""

    outcome: ConversionOutcome
    new_code: str | None
    candidates: tuple[str, ...] = ()
    """The new units that took a part, where it was cut up."""


def convert_old_ward(old_code: str) -> Conversion:
    """The present ward of a ward of before July 2025; never a guess where it was cut up."""
    return _convert("WARD", old_code)


def convert_old_province(old_code: str) -> Conversion:
    """The present province of one of the 63."""
    return _convert("PROVINCE", old_code)


def _convert(level: str, old_code: str) -> Conversion:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT new_code, is_partial FROM registry_unit_mapping WHERE level = %s AND old_code = %s ORDER BY new_code", [level, old_code]
        )
        rows = cursor.fetchall()
    if not rows:
        return Conversion(outcome=ConversionOutcome.UNKNOWN, new_code=None)
    codes = tuple(code for code, _ in rows)
    if len(codes) > 1 or rows[0][1]:
        return Conversion(outcome=ConversionOutcome.CUT_UP, new_code=None, candidates=codes)
    return Conversion(outcome=ConversionOutcome.CONVERTED, new_code=codes[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedUnit:
    """What a code of a province or ward means: on a day, and before July 2025."""

    present_name: str
    """Empty where the code means nothing on the day."""
    old_name: str
    """Empty where it meant nothing before July 2025."""
    moved_to: tuple[tuple[str, str], ...]
    """(code, name) of the present units that took the old one over."""
    is_cut_up: bool
    """It went to several, or only a part of it is known to have gone."""


def trace_units(level: str, codes: Collection[str], on: date) -> dict[str, TracedUnit]:
    """Both meanings of each code of a list: two statements, however long it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name, valid_from <= %s AND (valid_until IS NULL OR valid_until > %s) FROM registry_administrative_unit"
            " WHERE level = %s AND code = ANY(%s) AND (valid_from < %s OR (valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)))",
            [on, on, level, list(codes), _REFORM, on, on],
        )
        names = cursor.fetchall()
        cursor.execute(
            "SELECT m.old_code, m.new_code, coalesce(u.name, ''), m.is_partial FROM registry_unit_mapping m"
            " LEFT JOIN registry_administrative_unit u ON u.level = m.level AND u.code = m.new_code AND u.valid_from <= %s"
            " AND (u.valid_until IS NULL OR u.valid_until > %s) WHERE m.level = %s AND m.old_code = ANY(%s) ORDER BY m.new_code",
            [on, on, level, list(codes)],
        )
        moves = cursor.fetchall()
    moved: dict[str, list[tuple[str, str, bool]]] = {}
    for old_code, *unit in moves:
        moved.setdefault(old_code, []).append((unit[0], unit[1], unit[2]))
    present = {code: name for code, name, is_present in names if is_present}
    old = {code: name for code, name, is_present in names if not is_present}
    return {
        code: TracedUnit(
            present_name=present.get(code, ""),
            old_name=old.get(code, ""),
            moved_to=tuple((new_code, name) for new_code, name, _ in moved.get(code, ())),
            is_cut_up=len(moved.get(code, ())) > 1 or any(is_partial for _, _, is_partial in moved.get(code, ())),
        )
        for code in codes
    }


def has_facility(facility_code: str) -> bool:
    """Whether a health facility with this code is listed (closed ones are not marked in the source)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM registry_health_facility WHERE facility_code = %s", [facility_code])
        return cursor.fetchone() is not None


def find_facility(facility_code: str) -> str:
    """Name of a health facility; empty where none has this code."""
    found = find_facility_and_province(facility_code)
    return found[0] if found else ""


def find_facility_and_province(facility_code: str) -> tuple[str, str] | None:
    """(name, present province) of a health facility; None where none has this code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, province_code FROM registry_health_facility WHERE facility_code = %s", [facility_code])
        row = cursor.fetchone()
    return (str(row[0]), str(row[1])) if row else None


def search_facilities(*, name: str, province_code: str = "", limit: int = _PAGE) -> tuple[tuple[str, str, str], ...]:
    """(code, name, present province) of facilities whose name contains this, marks and case ignored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT facility_code, name, province_code FROM registry_health_facility"
            " WHERE strpos(name_search, %s) > 0 AND (%s = '' OR province_code = %s) ORDER BY name_search, facility_code LIMIT %s",
            [search_form(name), province_code, province_code, min(limit, _PAGE)],
        )
        return tuple(cursor.fetchall())


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeListItem:
    """One entry of a code list."""

    code: str
    name_vi: str
    name_en: str
    extra: str


def list_codes(list_name: str) -> tuple[CodeListItem, ...]:
    """A whole code list: ethnic_group, nationality, occupation, household_relation, participant_type, hi_participant_type ..."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name_vi, name_en, extra FROM registry_code_list_item WHERE list_name = %s ORDER BY code", [list_name])
        return tuple(CodeListItem(code=row[0], name_vi=row[1], name_en=row[2], extra=row[3]) for row in cursor.fetchall())


def find_code(list_name: str, code: str) -> CodeListItem | None:
    """One entry of a code list."""
    return next((item for item in list_codes(list_name) if item.code == code), None)


def list_days_off(year: int, *, years: int = 1) -> tuple[tuple[date, bool], ...]:
    """(day, is worked) of every day of a year, or of so many, that breaks the rule "Monday to Friday". Empty where none was declared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day, is_worked FROM registry_day_off WHERE day >= make_date(%s, 1, 1) AND day < make_date(%s, 1, 1) ORDER BY day",
            [year, year + years],
        )
        return tuple(cursor.fetchall())


def is_working_day(on: date, days_off: Collection[tuple[date, bool]]) -> bool:
    """Whether offices work on a day, given that year's days off."""
    exception = dict(days_off).get(on)
    return on.weekday() < 5 if exception is None else exception
