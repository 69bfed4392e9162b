"""Charts drawn on the server: they need no script, print as they stand, and come with the table of their numbers."""

from collections.abc import Mapping, Sequence
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
    """(value, y)."""


@dataclass(frozen=True, slots=True)
class MonthsChart:
    """Months per year, drawn twice: for a desktop and for a phone."""

    years: tuple[tuple[int, int], ...]
    drawings: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart and one row of its table."""

    name: str
    value: int
    shown: str
    """As the table tells it."""


@dataclass(frozen=True, slots=True)
class ColumnsChart:
    """Any numbers side by side, drawn twice: for a desktop and for a phone."""

    columns: tuple[Column, ...]
    drawings: tuple[Drawing, ...]


_SIZES: Final = (("wide", 720, 44), ("slim", 340, 46))


def months_chart(months: Mapping[int, int]) -> MonthsChart:
    """Years in order, up to twelve months each."""
    years = tuple(sorted(months.items()))
    named = [(str(year), count) for year, count in years]
    return MonthsChart(years, tuple(_draw(name, width, room, named, _MOST, (0, 6, _MOST)) for name, width, room in _SIZES))


def columns_chart(columns: Sequence[Column], *, most: int = 0) -> ColumnsChart:
    """Columns in the order given. `most`: what the top line stands for; else the next round number above all of them."""
    top = most or _round_up(max((column.value for column in columns), default=0))
    named = [(column.name, column.value) for column in columns]
    drawings = tuple(_draw(name, width, room, named, top, (0, top // 2, top)) for name, width, room in _SIZES)
    return ColumnsChart(tuple(columns), drawings)


def _round_up(value: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100 ...: half of it is a whole number too."""
    step = 1
    while True:
        for factor in (2, 4, 10):
            if factor * step >= value:
                return factor * step
        step *= 10


def _draw(size: str, width: int, room: int, columns: Sequence[tuple[str, int]], most: int, values: Sequence[int]) -> Drawing:
    step = (width - _LEFT) / max(len(columns), 1)
    thick = min(step * 0.78, 44)
    every = max(1, -(-room // max(int(step), 1)))  # every how many columns a name has room
    bars = []
    for place, (name, value) in enumerate(columns):
        height = _HEIGHT * min(value, most) / most
        middle = _LEFT + step * (place + 0.5)
        is_named = (len(columns) - 1 - place) % every == 0  # WHY from the end: the latest one is always named
        bars.append(
            Bar(
                round(middle - thick / 2, 1),
                round(_TOP + _HEIGHT - height, 1),
                round(thick, 1),
                round(height, 1),
                round(middle, 1),
                name if is_named else "",
            )
        )
    lines = tuple((value, round(_TOP + _HEIGHT - _HEIGHT * value / most, 1)) for value in values)
    return Drawing(size, width, _TOP + _HEIGHT + 24, tuple(bars), lines)
