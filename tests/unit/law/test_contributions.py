"""Published examples of contributions, dates of change, and every special type."""

import pytest

from bhxh.kernel.errors import Invalid
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.contributions import ALL, NOTHING_DUE, ContributionsDue, Funds, ParticipantType, contributions_due

P = ParticipantType


def due(
    wage: int, month: str = "2026-08", kind: ParticipantType = P.LABOUR_CONTRACT, region: int = 1, funds: Funds = ALL, reduced: bool = False
) -> ContributionsDue:
    return contributions_due(
        participant_type=kind,
        month=Month.parse(month),
        wage_vnd=Vnd(wage),
        wage_region=region,
        funds=funds,
        has_reduced_accident_rate=reduced,
    )


@pytest.mark.parametrize(
    ("example", "wage", "month", "expected"),
    [
        (
            "OR-60",
            120_000_000,
            "2026-03",
            {
                "si_base_vnd": 46_800_000,
                "retirement_worker_vnd": 3_744_000,
                "hi_worker_vnd": 702_000,
                "ui_base_vnd": 106_200_000,
                "ui_worker_vnd": 1_062_000,
            },
        ),
        ("OR-61", 20_000_000, "2026-03", {"retirement_worker_vnd": 1_600_000, "hi_worker_vnd": 300_000, "ui_worker_vnd": 200_000}),
        (
            "cap after July 2026: 20 x 2,530,000",
            120_000_000,
            "2026-07",
            {"si_base_vnd": 50_600_000, "hi_base_vnd": 50_600_000, "retirement_worker_vnd": 4_048_000},
        ),
        ("C12 statement: 25 / 0.5 / 4.5 / 2 % of 10 m", 10_000_000, "2026-01", {"worker_vnd": 1_050_000, "employer_vnd": 2_150_000}),
        ("half a dong goes up", 5_310_010, "2026-08", {"accident_employer_vnd": 26_550, "hi_worker_vnd": 79_650, "ui_worker_vnd": 53_100}),
        ("below half a dong goes down", 5_310_030, "2026-08", {"hi_worker_vnd": 79_650}),
    ],
)
def test_published_examples(example: str, wage: int, month: str, expected: dict[str, int]) -> None:
    found = due(wage, month)
    assert {name: getattr(found, name) for name in expected} == expected, example


def test_voluntary_highest_contribution_or_63() -> None:
    assert due(999_000_000, "2026-01", P.VOLUNTARY).worker_vnd == 10_296_000


@pytest.mark.parametrize(
    ("month", "worker_bp", "employer_bp"),
    [
        ("1995-01", 500, 1500),
        ("2009-12", 500, 1500),
        ("2010-01", 600, 1600),
        ("2011-12", 600, 1600),
        ("2012-01", 700, 1700),
        ("2013-12", 700, 1700),
        ("2014-01", 800, 1800),
        ("2017-05", 800, 1800),
        ("2017-06", 800, 1750),
        ("2021-06", 800, 1750),
        ("2021-07", 800, 1700),
        ("2022-06", 800, 1700),
        ("2022-07", 800, 1750),
        ("2026-11", 800, 1750),
    ],
)
def test_rate_history_of_a_labour_contract(month: str, worker_bp: int, employer_bp: int) -> None:
    found = due(6_000_000, month)
    assert found.retirement_worker_bp == worker_bp
    assert found.retirement_employer_bp + found.sickness_employer_bp + found.accident_employer_bp == employer_bp


@pytest.mark.parametrize(
    ("month", "worker_bp", "employer_bp"),
    [("2008-12", 0, 0), ("2009-01", 100, 100), ("2021-09", 100, 100), ("2021-10", 100, 0), ("2022-09", 100, 0), ("2022-10", 100, 100)],
)
def test_unemployment_insurance_by_month(month: str, worker_bp: int, employer_bp: int) -> None:
    found = due(6_000_000, month)
    assert (found.ui_worker_bp, found.ui_employer_bp) == (worker_bp, employer_bp)
    assert (found.ui_base_vnd == 0) == (worker_bp == 0)


def test_state_bodies_had_no_covid_relief() -> None:
    found = due(6_000_000, "2021-12", P.PUBLIC_SERVANT)
    assert (found.accident_employer_bp, found.ui_employer_bp) == (50, 100)


@pytest.mark.parametrize(("month", "worker_bp", "employer_bp"), [("2009-12", 100, 200), ("2010-01", 150, 300), ("2026-11", 150, 300)])
def test_health_insurance_by_month(month: str, worker_bp: int, employer_bp: int) -> None:
    found = due(6_000_000, month)
    assert (found.hi_worker_bp, found.hi_employer_bp) == (worker_bp, employer_bp)


@pytest.mark.parametrize(
    ("kind", "month", "region", "ui_base"),
    [
        (P.LABOUR_CONTRACT, "2014-12", 1, 23_000_000),
        (P.LABOUR_CONTRACT, "2015-01", 1, 62_000_000),
        (P.LABOUR_CONTRACT, "2025-12", 1, 99_200_000),
        (P.LABOUR_CONTRACT, "2025-12", 4, 69_000_000),
        (P.LABOUR_CONTRACT, "2026-01", 4, 74_000_000),
        (P.PUBLIC_SERVANT, "2025-12", 1, 46_800_000),
        (P.PUBLIC_SERVANT, "2026-01", 1, 106_200_000),
    ],
)
def test_unemployment_cap_by_date_type_and_region(kind: ParticipantType, month: str, region: int, ui_base: int) -> None:
    assert due(500_000_000, month, kind, region).ui_base_vnd == ui_base


def test_no_caps_in_the_nineties() -> None:
    found = due(500_000_000, "2006-12")
    assert (found.si_base_vnd, found.hi_base_vnd) == (500_000_000, 500_000_000)


@pytest.mark.parametrize(("month", "base"), [("2025-06", 1_000_000), ("2025-07", 2_340_000), ("2026-07", 2_530_000)])
def test_a_low_wage_counts_as_the_lowest_base_since_july_2025(month: str, base: int) -> None:
    found = due(1_000_000, month)
    assert (found.si_base_vnd, found.hi_base_vnd, found.ui_base_vnd) == (base, base, base)


def test_voluntary_income_counts_at_least_the_poverty_line() -> None:
    found = due(1, "2026-08", P.VOLUNTARY)
    assert (found.si_base_vnd, found.worker_vnd, found.employer_vnd) == (1_500_000, 330_000, 0)


def _bp(found: ContributionsDue) -> tuple[int, ...]:
    return (
        found.retirement_worker_bp,
        found.retirement_employer_bp,
        found.sickness_worker_bp,
        found.sickness_employer_bp,
        found.accident_employer_bp,
        found.ui_worker_bp,
        found.ui_employer_bp,
        found.hi_worker_bp,
        found.hi_employer_bp,
    )


_EMPLOYED = (800, 1400, 0, 300, 50, 100, 100, 150, 300)


@pytest.mark.parametrize(
    ("kind", "rates"),
    [
        (P.LABOUR_CONTRACT, _EMPLOYED),
        (P.PUBLIC_SERVANT, _EMPLOYED),
        (P.DEFENCE_WORKER, _EMPLOYED),
        (P.ARMED_FORCES_OFFICER, _EMPLOYED),
        (P.MANAGER_PAID, _EMPLOYED),
        (P.PART_TIME_CONTRACT, _EMPLOYED),
        (P.ARMED_FORCES_CONSCRIPT, (0, 2200, 0, 0, 50, 0, 0, 0, 0)),
        (P.STANDING_MILITIA, (0, 2200, 0, 0, 50, 0, 0, 0, 0)),
        (P.OVERSEAS_WORKER, (2200, 0, 0, 0, 0, 0, 0, 0, 0)),
        (P.DIPLOMATIC_SPOUSE, (2200, 0, 0, 0, 0, 0, 0, 0, 0)),
        (P.COMMUNE_PART_TIME, (800, 1400, 0, 300, 0, 0, 0, 150, 300)),
        (P.BUSINESS_HOUSEHOLD_OWNER, (2200, 0, 300, 0, 0, 0, 0, 450, 0)),
        (P.MANAGER_UNPAID, (2200, 0, 300, 0, 0, 0, 0, 450, 0)),
        (P.FOREIGN_WORKER, (800, 1400, 0, 300, 50, 0, 0, 150, 300)),
        (P.VOLUNTARY, (2200, 0, 0, 0, 0, 0, 0, 0, 0)),
    ],
)
def test_present_rates_of_every_type(kind: ParticipantType, rates: tuple[int, ...]) -> None:
    found = due(10_000_000, "2026-08", kind)
    assert _bp(found) == rates
    assert found.worker_vnd + found.employer_vnd == sum(rates) * 1000 - (rates[7] + rates[8]) * (
        1000 - found.hi_base_vnd // 10_000 if kind is P.COMMUNE_PART_TIME else 0
    )
    assert found.citations


def test_types_without_contributions() -> None:
    assert due(0, kind=P.PRESERVED) is NOTHING_DUE
    assert due(5_000_000, kind=P.BENEFICIARY) is NOTHING_DUE


def test_commune_staff_pay_health_insurance_on_the_base_salary() -> None:
    found = due(9_000_000, "2026-08", P.COMMUNE_PART_TIME)
    assert (found.si_base_vnd, found.hi_base_vnd, found.hi_worker_vnd, found.hi_employer_vnd) == (9_000_000, 2_530_000, 37_950, 75_900)
    assert due(9_000_000, "2020-01", P.COMMUNE_PART_TIME).sickness_employer_bp == 0


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (P.LABOUR_CONTRACT, "1995-01"),
        (P.PART_TIME_CONTRACT, "2025-07"),
        (P.ARMED_FORCES_CONSCRIPT, "2016-01"),
        (P.FOREIGN_WORKER, "2018-12"),
        (P.VOLUNTARY, "2018-01"),
        (P.MANAGER_UNPAID, "2025-07"),
    ],
)
def test_a_month_before_the_first_rate_is_refused(kind: ParticipantType, first: str) -> None:
    assert due(9_000_000, first, kind).si_base_vnd > 0
    with pytest.raises(Invalid) as caught:
        due(9_000_000, str(Month.parse(first).plus(-1)), kind)
    assert caught.value.code == "LAW-001"


def test_foreigners_joined_the_retirement_fund_in_2022() -> None:
    assert _bp(due(9_000_000, "2021-06", P.FOREIGN_WORKER)) == (0, 0, 0, 300, 50, 0, 0, 150, 300)
    assert due(9_000_000, "2022-01", P.FOREIGN_WORKER).retirement_worker_bp == 800


@pytest.mark.parametrize("wage", [0, -1])
def test_a_wage_of_nothing_is_refused(wage: int) -> None:
    with pytest.raises(Invalid) as caught:
        due(wage)
    assert caught.value.code == "LAW-003"


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        due(9_000_000, region=5)
    assert caught.value.code == "LAW-002"


@pytest.mark.parametrize(
    ("funds", "rates"),
    [
        (Funds(unemployment=False), (800, 1400, 0, 300, 50, 0, 0, 150, 300)),
        (Funds(accident=False), (800, 1400, 0, 300, 0, 100, 100, 150, 300)),
        (Funds(retirement=False, sickness=False, unemployment=False, health=False), (0, 0, 0, 0, 50, 0, 0, 0, 0)),
        (Funds(health=False), (800, 1400, 0, 300, 50, 100, 100, 0, 0)),
    ],
)
def test_single_funds_can_be_switched_off(funds: Funds, rates: tuple[int, ...]) -> None:
    found = due(10_000_000, funds=funds)
    assert _bp(found) == rates
    assert (found.ui_base_vnd > 0, found.hi_base_vnd > 0) == (funds.unemployment, funds.health)


def test_all_funds_off_leaves_nothing_due() -> None:
    found = due(10_000_000, funds=Funds(retirement=False, sickness=False, accident=False, unemployment=False, health=False))
    assert (found.worker_vnd, found.employer_vnd, found.si_base_vnd) == (0, 0, 0)


def test_reduced_accident_rate_where_approved() -> None:
    assert due(10_000_000, reduced=True).accident_employer_vnd == 30_000
    assert due(10_000_000, "2022-01", reduced=True).accident_employer_vnd == 0, "the Covid relief was lower still"
    assert due(10_000_000, "2026-08", P.PUBLIC_SERVANT, reduced=True).accident_employer_vnd == 50_000


def test_citations_say_what_is_assumed() -> None:
    sources = [str(citation) for citation in due(10_000_000, "2026-08").citations]
    assert "Law 41/2024/QH15, Art. 33 and 34" in sources
    assert any(source.endswith("(assumed)") for source in sources), "the accident rate is from memory"
    assert len(sources) == len(set(sources))
