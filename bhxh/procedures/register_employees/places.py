"""Codes of provinces and communes that a line writes, and what the registry's reference data say of them.

Since July 2025 there are 34 provinces and 3,321 communes; software and old lists still write codes of before. A code that means something
today means that, unless the name beside it is the one the code had before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bhxh.dossiers.procedure import Filing
from bhxh.kernel.canonical import Json
from bhxh.kernel.text import search_form
from bhxh.procedures.register_employees.form import Line
from bhxh.registry.reference import trace_units

_DIGITS = {"PROVINCE": 2, "WARD": 5}
"""WHY: a code typed as a number has lost its zeros."""
_UNIT_WORDS = ("PHUONG ", "XA ", "THI TRAN ", "DAC KHU ", "TINH ", "THANH PHO ")


@dataclass(frozen=True, slots=True)
class PlaceField:
    """A column with a code, and the one with the name beside it."""

    level: str
    field: str
    title_field: str


PLACES = tuple(
    PlaceField(level, f"{prefix}_{suffix}", f"{prefix}_{suffix}_title")
    for prefix in ("birth", "contact", "paper_copy")
    for level, suffix in (("PROVINCE", "province"), ("WARD", "ward"))
)


def refer(filing: Filing, on: date) -> Mapping[str, Json]:
    """Level to code to what it means on a day: two statements for each level that the list writes at all."""
    written: dict[str, set[str]] = {}
    for line in filing.lines:
        for place in PLACES:
            code = line.content.get(place.field)
            if isinstance(code, str) and (whole := whole_code(place.level, code)):
                written.setdefault(place.level, set()).add(whole)
    return {
        level: {
            code: {
                "present_name": unit.present_name,
                "old_name": unit.old_name,
                "moved_to": [list(pair) for pair in unit.moved_to],
                "is_cut_up": unit.is_cut_up,
            }
            for code, unit in trace_units(level, sorted(codes), on).items()
        }
        for level, codes in written.items()
    }


def whole_code(level: str, written: str) -> str:
    """The code with its zeros; empty where it is no number of that length, which is somebody else's code."""
    digits = _DIGITS[level]
    return written.zfill(digits) if written.isascii() and written.isdigit() and len(written) <= digits else ""


@dataclass(frozen=True, slots=True)
class TracedPlace:
    """A code of before July 2025, or of no time at all, in a field of a line."""

    place: PlaceField
    code: str
    old_name: str
    moved_to: tuple[tuple[str, str], ...]
    is_cut_up: bool


def find_old_places(line: Line, reference: Mapping[str, Json]) -> Iterator[TracedPlace]:
    """The codes of a line that are not today's."""
    for place in PLACES:
        code = whole_code(place.level, getattr(line, place.field))
        of_level = reference.get(place.level)
        unit = of_level.get(code) if isinstance(of_level, Mapping) else None
        if not code or not isinstance(unit, Mapping):
            continue
        title, present, old = getattr(line, place.title_field), str(unit["present_name"]), str(unit["old_name"])
        means_old = bool(title) and _is_called(title, old) and not _is_called(title, present)
        if present and not means_old:
            continue
        moved = unit["moved_to"]
        moved_to = tuple((str(pair[0]), str(pair[1])) for pair in moved if isinstance(pair, list)) if isinstance(moved, list) else ()
        yield TracedPlace(place, code, old, moved_to, unit["is_cut_up"] is True)


def _is_called(title: str, name: str) -> bool:
    return bool(name) and _bare(title) == _bare(name)


def _bare(name: str) -> str:
    folded = search_form(name)
    return next((folded.removeprefix(word) for word in _UNIT_WORDS if folded.startswith(word)), folded)
