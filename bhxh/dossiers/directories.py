"""Directories in which one entry is looked for by part of its name: communes of a day, health facilities. The search is the registry's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from bhxh.dossiers.errors import DOS_NOT_LISTED
from bhxh.dossiers.questions import LEAST_SOUGHT, MOST_FOUND, Directory, Listed, Questions
from bhxh.kernel.errors import Invalid
from bhxh.kernel.text import search_form
from bhxh.registry.reference import (
    AdministrativeUnit,
    find_facility_and_province,
    find_unit,
    list_provinces,
    list_wards_by_code,
    search_facilities,
    search_wards,
    trace_units,
)

_BEFORE_THE_REFORM: Final = date(2025, 6, 30)
_MORE = MOST_FOUND + 1


def check_listed(questions: Questions, content: Mapping[str, Any], *, on: date) -> None:
    """Whether each code of a directory means something on the day. Raises Invalid DOS-079, where: the field.

    WHY before filing: a code that means nothing is refused by the rules days later, and is mended here in a minute.
    """
    for question in questions.every:
        code = str(content.get(question.field) or "").strip()
        if question.directory and code and question.directory.find(code, on) is None:
            raise Invalid(DOS_NOT_LISTED, where=question.field, code=code)


def _search_communes(typed: str, on: date) -> tuple[Listed, ...]:
    """Present ones by their own name; and, where these are few, those that took over a former one of this name."""
    provinces = {one.code: one.name for one in list_provinces(on)}
    name, province = _name_and_province(typed, provinces)
    if len(search_form(name)) < LEAST_SOUGHT:
        return ()
    present = search_wards(name=name, on=on, province_code=province, limit=_MORE)
    found = [_commune(one, provinces) for one in present]
    if len(found) < _MORE:
        found += _successors(name, province, on, provinces, {one.code for one in present})
    return tuple(found[:_MORE])


def _successors(name: str, province: str, on: date, provinces: Mapping[str, str], known: set[str]) -> list[Listed]:
    """WHY: people know their commune by the name it had before July 2025. Three statements, however many there are."""
    old = {one.code: one.name for one in search_wards(name=name, on=_BEFORE_THE_REFORM)}
    formerly: dict[str, set[str]] = {}
    for old_code, traced in trace_units("WARD", list(old), on).items():
        for code, _ in traced.moved_to:
            formerly.setdefault(code, set()).add(old[old_code])
    units = list_wards_by_code(formerly.keys() - known, on)
    return [
        replace(_commune(one, provinces), note=_took_over(sorted(formerly[one.code])))
        for one in units
        if province in ("", one.province_code)
    ]


def _took_over(names: list[str]) -> tuple[str, str]:
    told = ", ".join(names)
    return f"Từ 01/07/2025, có địa bàn của {told} cũ", f"Since 1 July 2025, with the former {told}"


def _commune(unit: AdministrativeUnit, provinces: Mapping[str, str]) -> Listed:
    return Listed(code=unit.code, name=unit.name, place=provinces.get(unit.province_code, ""))


def _find_commune(code: str, on: date) -> Listed | None:
    unit = find_unit("WARD", code, on)
    province = find_unit("PROVINCE", unit.province_code, on) if unit else None
    return _commune(unit, {province.code: province.name} if province else {}) if unit else None


def _search_health_facilities(typed: str, on: date) -> tuple[Listed, ...]:
    provinces = {one.code: one.name for one in list_provinces(on)}
    name, province = _name_and_province(typed, provinces)
    if len(search_form(name)) < LEAST_SOUGHT:
        return ()
    rows = search_facilities(name=name, province_code=province, limit=_MORE)
    return tuple(Listed(code=code, name=title, place=provinces.get(of, "")) for code, title, of in rows)


def _find_health_facility(code: str, on: date) -> Listed | None:
    found = find_facility_and_province(code)
    if found is None:
        return None
    province = find_unit("PROVINCE", found[1], on)
    return Listed(code=code, name=found[0], place=province.name if province else "")


def _name_and_province(typed: str, provinces: Mapping[str, str]) -> tuple[str, str]:
    """`Tân Thành, Cà Mau`: what stands after the last comma is a province where one is called so; else all of it is the name."""
    name, comma, tail = typed.rpartition(",")
    wanted = search_form(tail).removeprefix("TINH ").removeprefix("THANH PHO ").removeprefix("TP ")
    of = [code for code, title in provinces.items() if wanted and wanted in search_form(title)] if comma else []
    return (name, of[0]) if len(of) == 1 else (typed, "")


COMMUNES: Final = Directory(
    search=_search_communes,
    find=_find_commune,
    advice=("Thử gõ ít chữ hơn, bỏ chữ “phường”, “xã”", "Try fewer letters, without “phường” or “xã”"),
)
HEALTH_FACILITIES: Final = Directory(
    search=_search_health_facilities,
    find=_find_health_facility,
    advice=("Thử gõ ít chữ hơn, bỏ chữ “bệnh viện”, “trạm y tế”", "Try fewer letters, without “bệnh viện” or “trạm y tế”"),
)
