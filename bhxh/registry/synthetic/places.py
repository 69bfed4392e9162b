"""Weighted places and name parts from the shipped tables, read once."""

from bisect import bisect
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

from bhxh.registry.reference_files import read_rows


@dataclass(frozen=True, slots=True)
class Weighted:
    """Texts drawn by weight."""

    values: tuple[str, ...]
    cumulated: tuple[int, ...]

    def draw(self, rng: Random) -> str:
        """One of them."""
        # WHY not rng.choices: it draws the same, and takes twice as long to draw one.
        return self.values[bisect(self.cumulated, rng.random() * self.cumulated[-1], 0, len(self.values) - 1)]


@cache
def name_parts(part: str, sex: str) -> Weighted:
    """FAMILY (any sex), MIDDLE or GIVEN of a sex."""
    rows = [row for row in read_rows("name_parts.csv") if row["part"] == part and row["sex"] in {sex, ""}]
    return Weighted(tuple(row["text"] for row in rows), tuple(accumulate(int(row["weight"]) for row in rows)))


@cache
def birth_provinces() -> Weighted:
    """The 63 old provinces by population."""
    rows = read_rows("population_weights.csv")
    return Weighted(tuple(row["old_province_code"] for row in rows), tuple(accumulate(int(row["weight"]) for row in rows)))


@cache
def present_province() -> dict[str, str]:
    """Old province to the province it is part of now."""
    return {row["old_province_code"]: row["new_province_code"] for row in read_rows("population_weights.csv")}


@cache
def wards() -> dict[str, tuple[str, ...]]:
    """Ward codes now in force, by province."""
    found: dict[str, list[str]] = {}
    for row in read_rows("administrative_units.csv.gz"):
        if row["level"] == "WARD" and not row["valid_until"]:
            found.setdefault(row["province_code"], []).append(row["code"])
    return {province: tuple(codes) for province, codes in found.items()}


@cache
def facilities() -> dict[str, tuple[str, ...]]:
    """Health facility codes by present province."""
    found: dict[str, list[str]] = {}
    for row in read_rows("health_facilities.csv.gz"):
        if len(row["facility_code"]) == 5:
            found.setdefault(row["province_code"], []).append(row["facility_code"])
    return {province: tuple(codes) for province, codes in found.items()}


@cache
def _unit_names() -> dict[tuple[str, str], str]:
    return {(row["level"], row["code"]): row["name"] for row in read_rows("administrative_units.csv.gz") if not row["valid_until"]}


def address_text(province_code: str, ward_code: str, street: str) -> str:
    """An address as it is written: street, ward, province."""
    return f"{street}, {_unit_names()['WARD', ward_code]}, {_unit_names()['PROVINCE', province_code]}"
