"""Where the offices are, where somebody can be treated, what became of a ward: the reference tables, searched without marks."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.portal.page import frame_of
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.text import tidy
from bhxh.kernel.who import ANYBODY
from bhxh.registry.offices import OfficeFound, search_offices
from bhxh.registry.reference import AdministrativeUnit, list_provinces, search_facilities, search_wards, trace_units
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_SHOWN = 50  # LIMIT: what the search gives at most; who has more results types more of the name
_MOST, _LEAST = 80, 2
_BEFORE_THE_REFORM = date(2025, 6, 30)
_OFFICES, _FACILITIES, _WARDS = "co-quan", "co-so", "phuong-xa"
_KINDS: Final = {
    _OFFICES: ("Cơ quan bảo hiểm xã hội", "Social insurance offices"),
    _FACILITIES: ("Cơ sở khám chữa bệnh", "Clinics and hospitals"),
    _WARDS: ("Phường, xã, đặc khu", "Wards and communes"),
}
_LEVELS: Final = {"PROVINCE": ("Cấp tỉnh", "Of the province"), "GRASS_ROOTS": ("Cấp cơ sở", "Grass-roots office")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One result."""

    name: str
    place: str
    code: str
    note: str = ""
    address: str = ""
    phone: str = ""
    hours: str = ""


@lets_in(ANYBODY)
def reference(request: HttpRequest) -> HttpResponse:
    """By GET: what is looked for names no person, and the address can be sent to somebody."""
    name = tidy(request.GET.get("ten", "")[:_MOST])
    province = request.GET.get("tinh", "")[:2]
    kind = asked if (asked := request.GET.get("loai", "")) in _KINDS else _OFFICES
    on = day_in_vietnam(now())
    provinces = {one.code: one.name for one in list_provinces(on)}
    province = province if province in provinces else ""
    is_asked = "ten" in request.GET
    is_short = is_asked and len(name) < _LEAST and not province
    error = in_words(("Nhập ít nhất 2 chữ của tên, hoặc chọn tỉnh", "Enter at least 2 letters of the name, or choose a province"))
    found = () if not is_asked or is_short else _find(kind, name, province, on, provinces)
    context = {
        "name": name,
        "kinds": [{"value": one, "words": in_words(words), "is_chosen": one == kind} for one, words in _KINDS.items()],
        "provinces": [
            {"value": "", "words": in_words(("Cả nước", "Whole country")), "is_chosen": not province},
            *({"value": code, "words": words, "is_chosen": code == province} for code, words in provinces.items()),
        ],
        "most": _MOST,
        "errors": [("ten", error)] if is_short else [],
        "is_asked": is_asked and not is_short,
        "found": found[:_SHOWN],
        "are_more": len(found) >= _SHOWN,
        "kind": kind,
    }
    title = in_words(("Tìm cơ quan, nơi khám, phường xã", "Find offices, clinics and wards"))
    status = 422 if is_short else 200
    return page(request, "portal/reference.html", context, title=title, frame=frame_of(request), status=status, has_errors=is_short)


def _find(kind: str, name: str, province: str, on: date, provinces: dict[str, str]) -> tuple[Entry, ...]:
    if kind == _OFFICES:
        return tuple(_office(one, provinces) for one in search_offices(name=name, on=on, province_code=province, limit=_SHOWN))
    if kind == _FACILITIES:
        rows = search_facilities(name=name, province_code=province, limit=_SHOWN)
        return tuple(Entry(title, provinces.get(of, ""), code) for code, title, of in rows)
    present = search_wards(name=name, on=on, province_code=province, limit=_SHOWN)
    # WHY old ones only by name: a province of before July 2025 that has the same number as one of today may be another one.
    old = () if province else search_wards(name=name, on=_BEFORE_THE_REFORM, limit=_SHOWN)
    return (*(_present(one, provinces) for one in present), *_moved(old, on))


def _office(office: OfficeFound, provinces: dict[str, str]) -> Entry:
    return Entry(
        name=office.name,
        place=f"{in_words(_LEVELS[office.level])} · {provinces.get(office.province_code, '')}",
        code=office.code,
        address=office.address,
        phone=office.phone,
        hours=office.opening_hours,
    )


def _present(unit: AdministrativeUnit, provinces: dict[str, str]) -> Entry:
    return Entry(unit.name, provinces.get(unit.province_code, ""), unit.code)


def _moved(old: tuple[AdministrativeUnit, ...], on: date) -> list[Entry]:
    """Wards of before July 2025 with where they are now: three statements, however many there are."""
    traced = trace_units("WARD", [one.code for one in old], on)
    old_provinces = {one.code: one.name for one in list_provinces(_BEFORE_THE_REFORM)}
    entries = []
    for one in old:
        now_names = ", ".join(name for _, name in traced[one.code].moved_to if name)
        if not now_names or now_names == one.name:
            continue
        told = (f"Từ 01/07/2025 thuộc: {now_names}", f"Since 1 July 2025 part of: {now_names}")
        entries.append(Entry(one.name, old_provinces.get(one.province_code, ""), one.code, in_words(told)))
    return entries
