"""Charts drawn on the server: they need no script, print as they stand, and come with the table of their numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_MOST = 12
_TOP, _HEIGHT, _LEFT = 8, 150, 28


@dataclass(frozen=True, slots=True)
class Bar:
    """One year."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    name: str
    """Empty where names would stand on each other."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The bars for one width of screen."""

    size: str
    """`wide` or `slim`."""
    width: int
    height: int
    bars: tuple[Bar, ...]
    lines: tuple[tuple[int, float], ...]
    """(months, y)."""


@dataclass(frozen=True, slots=True)
class MonthsChart:
    """Months per year, drawn twice: for a desktop and for a phone."""

    years: tuple[tuple[int, int], ...]
    drawings: tuple[Drawing, ...]


_SIZES: Final = (("wide", 720, 44), ("slim", 340, 34))


def months_chart(months: Mapping[int, int]) -> MonthsChart:
    """Years in order, up to twelve months each."""
    years = tuple(sorted(months.items()))
    return MonthsChart(years, tuple(_draw(name, width, room, years) for name, width, room in _SIZES))


def _draw(name: str, width: int, room: int, years: tuple[tuple[int, int], ...]) -> Drawing:
    step = (width - _LEFT) / max(len(years), 1)
    thick = min(step * 0.78, 44)
    every = max(1, -(-room // max(int(step), 1)))  # every how many years a name has room
    bars = []
    for place, (year, count) in enumerate(years):
        height = _HEIGHT * count / _MOST
        middle = _LEFT + step * (place + 0.5)
        is_named = (len(years) - 1 - place) % every == 0  # WHY from the end: the latest year is always named
        bars.append(
            Bar(
                round(middle - thick / 2, 1),
                round(_TOP + _HEIGHT - height, 1),
                round(thick, 1),
                round(height, 1),
                round(middle, 1),
                str(year) if is_named else "",
            )
        )
    lines = tuple((count, round(_TOP + _HEIGHT - _HEIGHT * count / _MOST, 1)) for count in (0, 6, 12))
    return Drawing(name, width, _TOP + _HEIGHT + 24, tuple(bars), lines)
