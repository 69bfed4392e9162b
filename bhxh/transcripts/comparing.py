"""Two entries of one paper, laid side by side: where they differ, and what follows when somebody settled it. Pure.

Lines are matched so that as few fields as possible differ; a line that only one of the two has stands alone. A difference has a key such as
`3.wage` (third place, field) or `3.line` (is there such a line at all), which stays the same as long as the two entries do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bhxh.kernel.errors import Invalid
from bhxh.transcripts import errors
from bhxh.transcripts.rows import FIELDS, MOST_CHARACTERS, Row

LINE: Final = "line"
KEPT, LEFT_OUT = "1", "0"
"""What a difference about a whole line is settled with."""
_ALONE: Final = len(FIELDS) - 2
"""WHY less than all fields: two lines with hardly anything in common are two lines, not one that was mistyped nine times."""

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which the two do not agree."""

    place: int
    field: str
    """A field, or `line`."""
    first: str
    """What each of them says; of a whole line `1` where it is there and `0` where it is not."""
    second: str

    @property
    def key(self) -> str:
        """By which it is settled."""
        return f"{self.place}.{self.field}"


@dataclass(frozen=True, slots=True)
class Pair:
    """One place: the line of each, None where one of them has none."""

    place: int
    first: Typed | None
    second: Typed | None

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Empty where both say the same."""
        if self.first is None or self.second is None:
            return (Difference(self.place, LINE, KEPT if self.first else LEFT_OUT, KEPT if self.second else LEFT_OUT),)
        first, second = self.first, self.second
        return tuple(Difference(self.place, name, first[name], second[name]) for name in FIELDS if first[name] != second[name])


@dataclass(frozen=True)
class Comparison:
    """All places, in the order of the paper."""

    pairs: tuple[Pair, ...]

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Empty where the two entries agree."""
        return tuple(difference for pair in self.pairs for difference in pair.differences)


def compare(first: Sequence[Row], second: Sequence[Row]) -> Comparison:
    """Lay two entries side by side."""
    mine, theirs = [row.as_typed() for row in first], [row.as_typed() for row in second]
    costs = _costs(mine, theirs)
    pairs: list[Pair] = []
    left, right = 0, 0
    while left < len(mine) or right < len(theirs):
        place = len(pairs) + 1
        if left < len(mine) and right < len(theirs) and costs[left][right] == costs[left + 1][right + 1] + _cost(mine[left], theirs[right]):
            pairs.append(Pair(place, mine[left], theirs[right]))
            left, right = left + 1, right + 1
        elif left < len(mine) and costs[left][right] == costs[left + 1][right] + _ALONE:
            pairs.append(Pair(place, mine[left], None))
            left += 1
        else:
            pairs.append(Pair(place, None, theirs[right]))
            right += 1
    return Comparison(tuple(pairs))


def settle(comparison: Comparison, choices: Mapping[str, str]) -> list[dict[str, str]]:
    """The lines that follow when each difference is settled by its key. What both agree on cannot be changed.

    Shape:  as typed: whoever settles may have typed a value that neither entry has, so the lines are read again.
    Raises: Invalid TRN-031 where a difference is not settled, TRN-032 where there is none.
    """
    wanted = {difference.key: difference for difference in comparison.differences}
    if not choices.keys() <= wanted.keys():
        raise Invalid(errors.TRN_NO_SUCH_DIFFERENCE)
    missing = [key for key, difference in wanted.items() if key not in choices or not _may_settle(difference, choices[key])]
    if missing:
        raise Invalid(errors.TRN_UNSETTLED, where=missing[0], count=len(missing), first=missing[0])
    settled: list[dict[str, str]] = []
    for pair in comparison.pairs:
        line = pair.first or pair.second
        assert line is not None, "a place has a line of one of the two"
        if choices.get(f"{pair.place}.{LINE}", KEPT) == KEPT:
            settled.append({name: choices.get(f"{pair.place}.{name}", line[name]) for name in FIELDS})
    return settled


def _may_settle(difference: Difference, choice: str) -> bool:
    return choice in (KEPT, LEFT_OUT) if difference.field == LINE else len(choice) <= MOST_CHARACTERS


def _cost(mine: Typed, theirs: Typed) -> int:
    return sum(mine[name] != theirs[name] for name in FIELDS)


def _costs(mine: Sequence[Typed], theirs: Sequence[Typed]) -> list[list[int]]:
    """Fewest differences of what follows each pair of places; two hundred lines of each are forty thousand steps."""
    costs = [[0] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
    for left in range(len(mine), -1, -1):
        for right in range(len(theirs), -1, -1):
            ways = []
            if left < len(mine):
                ways.append(costs[left + 1][right] + _ALONE)
            if right < len(theirs):
                ways.append(costs[left][right + 1] + _ALONE)
            if left < len(mine) and right < len(theirs):
                ways.append(costs[left + 1][right + 1] + _cost(mine[left], theirs[right]))
            costs[left][right] = min(ways, default=0)
    return costs
