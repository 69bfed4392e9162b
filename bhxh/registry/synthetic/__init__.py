"""The one synthetic population: pure, seeded, the same for the command line, the demonstration and the sandbox's registers.

Everybody is invented; the personal numbers have the right structure and belong to nobody by intent. One seed, one
population, byte for byte, in any process.

>>> population = generate(1, citizens=400, employers=5)
>>> population.demo_employer.tax_code
'0110000027'
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from itertools import count as count_from
from random import Random

from bhxh.kernel.months import Month
from bhxh.registry.synthetic.careers import FIRST_MONTH, Workplaces, give_history
from bhxh.registry.synthetic.employers import DEMO_TAX_CODE, DEMO_UNIT_CODE, make_employers
from bhxh.registry.synthetic.people import Draft, Resident, draft_household, settle_household
from bhxh.registry.synthetic.shapes import Benefit, Card, Population, Spell, SyntheticCitizen, SyntheticEmployer
from bhxh.registry.synthetic.views import BusinessRecord, RegisterRecord, RegisterView, business_view, register_view

__all__ = [
    "DEMO_TAX_CODE",
    "DEMO_UNIT_CODE",
    "FIRST_MONTH",
    "LAST_MONTH",
    "Benefit",
    "BusinessRecord",
    "Card",
    "Population",
    "RegisterRecord",
    "RegisterView",
    "Spell",
    "SyntheticCitizen",
    "SyntheticEmployer",
    "business_view",
    "generate",
    "iterate_citizens",
    "iterate_slices",
    "list_employers",
    "register_view",
]

LAST_MONTH = Month(2026, 10)
"""The last month the invented employers have declared."""
_FIRST_MANAGER = 110
_HOUSEHOLDS_IN_SLICE = 400
"""LIMIT: some thousand citizens, whom a loader writes in one transaction with their histories."""
_SMALL = 700
"""Below this many citizens the households of the managers below do not exist."""
_ROLES: tuple[tuple[int, str], ...] = ((46, "demo_worker"), (64, "candidate"), (82, "newcomer"), (86, "soldier"), (89, "police"))
"""Heads of the first households play the parts a demonstration needs: up to household 45 one part, up to 63 the next ..."""
_LAST_PART = _ROLES[-1][0]


def generate(seed: int, citizens: int = 1000, employers: int = 60, *, last_month: Month = LAST_MONTH) -> Population:
    """A whole population in memory. For millions use iterate_slices."""
    made = list_employers(seed, employers, citizens=citizens, last_month=last_month)
    people = tuple(iterate_citizens(seed, citizens, made, last_month=last_month))
    return Population(seed=seed, last_month=last_month, citizens=people, employers=made)


def list_employers(seed: int, count: int, *, citizens: int, last_month: Month = LAST_MONTH) -> tuple[SyntheticEmployer, ...]:
    """The employers of a population, each with a legal representative who is one of its citizens."""
    heads: dict[int, str] = {}
    wanted = {_manager_household(number, citizens): number for number in range(count)}
    for home in _homes(seed):
        if home.household in wanted:
            heads[home.household] = home.settle(seed, last_month)[0].pin
        if len(heads) == len(wanted):
            break
    return make_employers(seed, count, lambda number: heads[_manager_household(number, citizens)])


def iterate_citizens(
    seed: int, citizens: int, employers: Sequence[SyntheticEmployer], *, last_month: Month = LAST_MONTH
) -> Iterator[SyntheticCitizen]:
    """Citizens one by one, household by household; memory does not grow with their number."""
    return chain.from_iterable(iterate_slices(seed, citizens, employers, last_month=last_month))


def iterate_slices(
    seed: int,
    citizens: int,
    employers: Sequence[SyntheticEmployer],
    *,
    last_month: Month = LAST_MONTH,
    first_month: Month = FIRST_MONTH,
    part: int = 0,
    parts: int = 1,
) -> Iterator[list[SyntheticCitizen]]:
    """The same in slices of whole households. With several parts, each slice is in one of them, and all are the population.

    Shape:  `first_month` is when the first of them may have begun to work: another one makes other histories for the same people.
    """
    workplaces = Workplaces.of(employers, first_month)
    managers = {_manager_household(e.number, citizens): e.number for e in employers} if citizens >= _SMALL else {}
    people: list[SyntheticCitizen] = []
    for home in _homes(seed):
        number, place = divmod(home.household, _HOUSEHOLDS_IN_SLICE)
        if place == 0 and people:
            yield people
            people = []
        if home.first_number > citizens:
            break
        if number % parts == part:
            rng = Random(f"{seed}/history/{home.household}")
            role, employer = _role(home.household, managers)
            people += (
                give_history(member, rng, workplaces, last_month, role if member.relation == "00" else "", employer)
                for member in home.settle(seed, last_month)[: citizens - home.first_number + 1]
            )
    if people:
        yield people


@dataclass(frozen=True, slots=True)
class _Home:
    """A household whose members are counted and not yet made."""

    household: int
    first_number: int
    rng: Random
    drafts: Sequence[Draft]

    def settle(self, seed: int, last_month: Month) -> list[Resident]:
        return settle_household(seed, self.rng, self.drafts, self.household, self.first_number, last_month.plus(1).first_on)


def _homes(seed: int) -> Iterator[_Home]:
    number = 1
    for household in count_from(0):
        rng = Random(f"{seed}/household/{household}")
        head_age = rng.randrange(24, 50) if household < _LAST_PART or _FIRST_MANAGER <= household < _FIRST_MANAGER + 60 else None
        drafts = draft_household(rng, head_age)
        yield _Home(household, number, rng, drafts)
        number += len(drafts)


def _role(household: int, managers: dict[int, int]) -> tuple[str, int]:
    if household in managers:
        return "manager", managers[household]
    return next(((role, 0) for until, role in _ROLES if household < until), ("", -1))


def _manager_household(number: int, citizens: int) -> int:
    return _FIRST_MANAGER + number if citizens >= _SMALL else number % max(1, citizens // 8)
