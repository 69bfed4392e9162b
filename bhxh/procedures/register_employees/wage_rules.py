"""What the law says of the wage of a line. Pure: clauses of `rules`."""

from collections.abc import Iterator

from bhxh.kernel.decisions import Citation, Finding, Outcome
from bhxh.kernel.money import format_vnd
from bhxh.kernel.months import Month
from bhxh.law.figures import regional_minimum_wage, si_cap, si_floor
from bhxh.procedures.register_employees import errors
from bhxh.procedures.register_employees.base_wage import base_vnd, has_wage
from bhxh.procedures.register_employees.change_codes import Effect
from bhxh.procedures.register_employees.line_case import LineCase, finding, not_met
from bhxh.procedures.register_employees.standing import BACK_DATED

WAGE_LIMITS = Citation("Law 41/2024/QH15, Art. 31")
MINIMUM_WAGE = Citation("Regional minimum wage in force (Decree 293/2025/ND-CP since 2026)", is_assumed=True)
PAY_SCALE = Citation("Decree 164/2025/ND-CP, wage of the book as a coefficient; how allowances add up", is_assumed=True)

_LAW_41_SINCE = Month(2025, 7)
FIGURES_SINCE = Month(2007, 1)
"""From here on `law/figures` has both a floor and a cap for every month."""
_WITH_WAGE = frozenset({Effect.START, Effect.WAGE, Effect.BACK_PAY})
_MAY_HAVE_WAGE = frozenset({Effect.BACK_CUT, Effect.BACK_FUND})


def check_wage(c: LineCase) -> Iterator[Finding]:
    """The wage contributions are computed on lies between the floor and the cap of every month it is declared for.

    Law: Law 41/2024/QH15, Art. 31 (from July 2025: the reference level, and twenty times it).
    """
    if c.effect not in _WITH_WAGE and not (c.effect in _MAY_HAVE_WAGE and has_wage(c.line)):
        return
    if not has_wage(c.line):
        yield not_met(errors.WAGE_MISSING, WAGE_LIMITS, "wage_vnd")
        return
    last = max(c.months[-1] if c.months and c.effect in BACK_DATED else c.period, c.line.starts or c.period)
    first = min(max(c.line.starts or c.period, _LAW_41_SINCE), last)
    if min(first, last) < FIGURES_SINCE:
        yield finding(errors.FIGURES_TOO_OLD, Outcome.UNCLEAR, WAGE_LIMITS, "from_month", month=min(first, last).shown)
        return
    highest = max((first, last), key=si_floor)
    wage, floor, cap = base_vnd(c.line, highest), si_floor(highest), si_cap(last)
    if c.line.wage_coefficient:
        parameters = {"coefficient": c.line.wage_coefficient, "wage": format_vnd(base_vnd(c.line, last)), "month": last.shown}
        yield finding(errors.WAGE_IS_COEFFICIENT, Outcome.COMPUTED, PAY_SCALE, "wage_vnd", **parameters)
    shown = {"wage": format_vnd(wage), "floor": format_vnd(floor)}
    if wage < floor:
        yield not_met(errors.BELOW_FLOOR, WAGE_LIMITS, "wage_vnd", month=highest.shown, **shown)
    elif wage > cap:
        yield finding(errors.ABOVE_CAP, Outcome.COMPUTED, WAGE_LIMITS, "wage_vnd", wage=format_vnd(wage), cap=format_vnd(cap))
    else:
        yield finding(errors.WAGE_IN_ORDER, Outcome.MET, WAGE_LIMITS, "wage_vnd", **shown)


def check_regional_minimum(c: LineCase) -> Iterator[Finding]:
    """Below the regional minimum wage is worth a word, not a refusal: which region a commune is in is not settled.

    Law: regional minimum wage in force (Decree 293/2025/ND-CP since 2026; commune to region assumed).
    """
    region = c.line.wage_region or str(c.case.employer.get("wage_region") or "")
    if (
        c.effect not in (Effect.START, Effect.WAGE)
        or c.line.wage_vnd is None
        or region not in {"1", "2", "3", "4"}
        or c.period < FIGURES_SINCE
    ):
        return
    minimum = regional_minimum_wage(int(region), c.period)
    if si_floor(c.period) <= base_vnd(c.line, c.period) < minimum:
        parameters = {"wage": format_vnd(base_vnd(c.line, c.period)), "region": region, "minimum": format_vnd(minimum)}
        yield finding(errors.BELOW_REGIONAL_MINIMUM, Outcome.WARNING, MINIMUM_WAGE, "wage_vnd", **parameters)
