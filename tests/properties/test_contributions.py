"""What must hold for every wage, month, type and region."""

from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.contributions import ContributionsDue, Funds, ParticipantType, contributions_due
from bhxh.law.figures import RATES, Fund, si_cap, ui_cap
from bhxh.law.participant_types import NON_CONTRIBUTING_TYPES

_FUND_AMOUNTS = (
    "retirement_worker",
    "retirement_employer",
    "sickness_worker",
    "sickness_employer",
    "accident_employer",
    "ui_worker",
    "ui_employer",
    "hi_worker",
    "hi_employer",
)
_TYPES = sorted(set(ParticipantType) - NON_CONTRIBUTING_TYPES)
_FIRST = {kind: RATES[Fund.RETIREMENT, kind].rows[0].from_month for kind in _TYPES}
_wages = st.integers(1, 400_000_000)
_regions = st.integers(1, 4)
_funds = st.builds(Funds, *[st.booleans()] * 5)


@st.composite
def _cases(draw: st.DrawFn) -> tuple[ParticipantType, Month, int]:
    kind = draw(st.sampled_from(_TYPES))
    month = _FIRST[kind].plus(draw(st.integers(0, _FIRST[kind].until(Month(2027, 12)))))
    return kind, month, draw(_regions)


def _due(case: tuple[ParticipantType, Month, int], wage: int, funds: Funds) -> ContributionsDue:
    kind, month, region = case
    return contributions_due(participant_type=kind, month=month, wage_vnd=Vnd(wage), wage_region=region, funds=funds)


@given(_cases(), _wages, _funds)
def test_each_amount_is_within_half_a_dong_of_the_exact_share(case: tuple[ParticipantType, Month, int], wage: int, funds: Funds) -> None:
    due = _due(case, wage, funds)
    for name in _FUND_AMOUNTS:
        base = due.hi_base_vnd if name.startswith("hi") else due.ui_base_vnd if name.startswith("ui") else due.si_base_vnd
        twice_error = 2 * (getattr(due, f"{name}_vnd") * 10_000 - base * getattr(due, f"{name}_bp"))
        assert -10_000 < twice_error <= 10_000, name
    assert due.worker_vnd + due.employer_vnd == sum(getattr(due, f"{name}_vnd") for name in _FUND_AMOUNTS)


@given(_cases(), _wages, _wages, _funds)
def test_a_higher_wage_never_lowers_an_amount(case: tuple[ParticipantType, Month, int], one: int, other: int, funds: Funds) -> None:
    low, high = _due(case, min(one, other), funds), _due(case, max(one, other), funds)
    assert all(getattr(low, f"{name}_vnd") <= getattr(high, f"{name}_vnd") for name in _FUND_AMOUNTS)


@given(st.integers(0, 200), _regions, st.integers(0, 10**9))
def test_raising_the_wage_above_the_cap_changes_nothing(months: int, region: int, more: int) -> None:
    month = Month(2009, 1).plus(months)
    highest = max(si_cap(month), ui_cap(region, month))
    case = (ParticipantType.LABOUR_CONTRACT, month, region)
    assert _due(case, highest + more, Funds()) == _due(case, highest, Funds())


@given(_regions, st.integers(50_600_000, 10**9))
def test_the_month_of_the_cap_change_changes_it(region: int, wage: int) -> None:
    before = _due((ParticipantType.LABOUR_CONTRACT, Month(2026, 6), region), wage, Funds())
    after = _due((ParticipantType.LABOUR_CONTRACT, Month(2026, 7), region), wage, Funds())
    assert after.si_base_vnd - before.si_base_vnd == 20 * (2_530_000 - 2_340_000)
    assert after.ui_base_vnd == before.ui_base_vnd


@given(_cases(), _wages, _funds)
def test_a_fund_that_is_off_costs_nothing_and_leaves_the_others_alone(
    case: tuple[ParticipantType, Month, int], wage: int, funds: Funds
) -> None:
    whole, part = _due(case, wage, Funds()), _due(case, wage, funds)
    switch = {"retirement": funds.retirement, "sickness": funds.sickness, "accident": funds.accident, "ui": funds.unemployment}
    switch["hi"] = funds.health
    for name in _FUND_AMOUNTS:
        expected = getattr(whole, f"{name}_vnd") if switch[name.split("_")[0]] else 0
        assert getattr(part, f"{name}_vnd") == expected, name
