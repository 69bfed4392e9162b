"""The one synthetic population: pure, seeded, the same for the command line, the demonstration and the sandbox's registers.

Everybody is invented; the personal numbers have the right structure and belong to nobody by intent. One seed, one
population, byte for byte, in any process.

>>> population = generate(1, citizens=400, employers=5)
>>> population.demo_employer.tax_code
'0110000027'
"""

from collections.abc import Iterator, Sequence
from random import Random

from bhxh.kernel.months import Month
from bhxh.registry.synthetic.careers import Workplaces, give_history
from bhxh.registry.synthetic.employers import DEMO_TAX_CODE, DEMO_UNIT_CODE, make_employers
from bhxh.registry.synthetic.people import Resident, make_household
from bhxh.registry.synthetic.shapes import Benefit, Card, Population, Spell, SyntheticCitizen, SyntheticEmployer
from bhxh.registry.synthetic.views import BusinessRecord, RegisterRecord, RegisterView, business_view, register_view

__all__ = [
    "DEMO_TAX_CODE",
    "DEMO_UNIT_CODE",
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
    "list_employers",
    "register_view",
]

LAST_MONTH = Month(2026, 10)
"""The last month the invented employers have declared."""
_FIRST_MANAGER = 110
_SMALL = 700
"""Below this many citizens the households of the managers below do not exist."""
_ROLES: tuple[tuple[int, str], ...] = ((46, "demo_worker"), (64, "candidate"), (82, "newcomer"), (86, "soldier"), (89, "police"))
"""Heads of the first households play the parts a demonstration needs: up to household 45 one part, up to 63 the next ..."""
_LAST_PART = _ROLES[-1][0]


def generate(seed: int, citizens: int = 1000, employers: int = 60, *, last_month: Month = LAST_MONTH) -> Population:
    """A whole population in memory. For millions use iterate_citizens."""
    made = list_employers(seed, employers, citizens=citizens, last_month=last_month)
    people = tuple(iterate_citizens(seed, citizens, made, last_month=last_month))
    return Population(seed=seed, last_month=last_month, citizens=people, employers=made)


def list_employers(seed: int, count: int, *, citizens: int, last_month: Month = LAST_MONTH) -> tuple[SyntheticEmployer, ...]:
    """The employers of a population, each with a legal representative who is one of its citizens."""
    heads: dict[int, str] = {}
    wanted = {_manager_household(number, citizens): number for number in range(count)}
    for household, members in _households(seed, last_month):
        if household in wanted:
            heads[household] = members[0].pin
        if len(heads) == len(wanted):
            break
    return make_employers(seed, count, lambda number: heads[_manager_household(number, citizens)])


def iterate_citizens(
    seed: int, citizens: int, employers: Sequence[SyntheticEmployer], *, last_month: Month = LAST_MONTH
) -> Iterator[SyntheticCitizen]:
    """Citizens one by one, household by household; memory does not grow with their number."""
    workplaces = Workplaces.of(employers)
    managers = {_manager_household(e.number, citizens): e.number for e in employers} if citizens >= _SMALL else {}
    made = 0
    for household, members in _households(seed, last_month):
        rng = Random(f"{seed}/history/{household}")
        role, employer = _role(household, managers)
        for member in members:
            if made == citizens:
                return
            yield give_history(member, rng, workplaces, last_month, role if member.relation == "00" else "", employer)
            made += 1


def _households(seed: int, last_month: Month) -> Iterator[tuple[int, list[Resident]]]:
    as_of = last_month.plus(1).first_on
    household, number = 0, 1
    while True:
        rng = Random(f"{seed}/household/{household}")
        head_age = rng.randrange(24, 50) if household < _LAST_PART or _FIRST_MANAGER <= household < _FIRST_MANAGER + 60 else None
        members = make_household(seed, rng, household, number, as_of, head_age)
        yield household, members
        household, number = household + 1, number + len(members)


def _role(household: int, managers: dict[int, int]) -> tuple[str, int]:
    if household in managers:
        return "manager", managers[household]
    return next(((role, 0) for until, role in _ROLES if household < until), ("", -1))


def _manager_household(number: int, citizens: int) -> int:
    return _FIRST_MANAGER + number if citizens >= _SMALL else number % max(1, citizens // 8)
