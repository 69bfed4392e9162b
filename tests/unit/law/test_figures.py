"""The dated tables: values on both sides of each change, and what a bad file says."""

import pytest

from bhxh.kernel.errors import Defect, Invalid
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.dated_tables import AmountRow, DatedTable, RateSeries, parse_figures
from bhxh.law.figures import (
    RATES,
    Fund,
    build_rate_tables,
    hi_cap,
    is_below_si_floor,
    limit,
    reference_level,
    regional_minimum_wage,
    rural_poverty_line,
    si_cap,
    si_floor,
    ui_cap,
)
from bhxh.law.participant_types import NON_CONTRIBUTING_TYPES, ParticipantType


@pytest.mark.parametrize(
    ("month", "amount"),
    [
        ("1993-04", 120_000),
        ("2013-06", 1_050_000),
        ("2013-07", 1_150_000),
        ("2020-07", 1_490_000),
        ("2024-06", 1_800_000),
        ("2024-07", 2_340_000),
        ("2026-06", 2_340_000),
        ("2026-07", 2_530_000),
        ("2030-01", 2_530_000),
    ],
)
def test_reference_level(month: str, amount: int) -> None:
    assert reference_level(Month.parse(month)) == amount


def test_before_the_first_row_nothing_is_guessed() -> None:
    with pytest.raises(Invalid) as caught:
        reference_level(Month(1993, 3))
    assert caught.value.code == "LAW-001"
    assert "04/1993" in caught.value.text("vi")


@pytest.mark.parametrize(
    ("region", "month", "amount"),
    [(1, "2025-12", 4_960_000), (1, "2026-01", 5_310_000), (4, "2026-11", 3_700_000), (3, "2022-06", 3_430_000)],
)
def test_regional_minimum_wage(region: int, month: str, amount: int) -> None:
    assert regional_minimum_wage(region, Month.parse(month)) == amount


def test_caps_and_floors() -> None:
    assert si_cap(Month(2026, 6)) == 46_800_000
    assert si_cap(Month(2026, 7)) == hi_cap(Month(2026, 7)) == 50_600_000
    assert ui_cap(1, Month(2026, 1)) == 106_200_000
    assert ui_cap(1, Month(2025, 12), participant_type=ParticipantType.PUBLIC_SERVANT) == 46_800_000
    assert rural_poverty_line(Month(2026, 12)) == 1_500_000
    assert si_floor(Month(2026, 11)) == 2_530_000
    assert si_floor(Month(2025, 6), 1) == 4_960_000
    assert si_floor(Month(2014, 12)) == 1_150_000


@pytest.mark.parametrize(
    ("wage", "month", "is_below"),
    [(2_529_999, "2026-07", True), (2_530_000, "2026-07", False), (2_340_000, "2026-06", False), (3_449_999, "2025-06", True)],
)
def test_the_floor(wage: int, month: str, is_below: bool) -> None:
    assert is_below_si_floor(Vnd(wage), Month.parse(month)) is is_below


def test_a_cap_that_did_not_exist_is_refused_when_demanded() -> None:
    assert limit("si_cap", Month(2006, 12), 1)[0] is None
    with pytest.raises(Invalid) as caught:
        si_cap(Month(2006, 12))
    assert caught.value.code == "LAW-004"


@pytest.mark.parametrize("region", [0, 5])
def test_there_are_four_regions(region: int) -> None:
    with pytest.raises(Invalid) as caught:
        regional_minimum_wage(region, Month(2026, 1))
    assert caught.value.code == "LAW-002"


def test_every_contributing_type_has_a_retirement_series() -> None:
    assert {kind for fund, kind in RATES if fund is Fund.RETIREMENT} == set(ParticipantType) - NON_CONTRIBUTING_TYPES


_TAIL = "law: some law, source: memory, confidence: high}"


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        f"[{{from: 2020-01, until: 2021-01, value_vnd: 1, {_TAIL}]",
        f"[{{from: 2020-01, until: 2021-01, value_vnd: 1, {_TAIL}, {{from: 2021-02, value_vnd: 2, {_TAIL}]",
        f"[{{from: 2020-01, until: 2021-02, value_vnd: 1, {_TAIL}, {{from: 2021-01, value_vnd: 2, {_TAIL}]",
        f"[{{from: 2020-01, value_vnd: 1, {_TAIL}, {{from: 2021-01, value_vnd: 2, {_TAIL}]",
        f"[{{from: 2020-01, until: 2020-01, value_vnd: 1, {_TAIL}, {{from: 2020-01, value_vnd: 2, {_TAIL}]",
    ],
    ids=["empty", "ends", "gap", "overlap", "open in the middle", "no months"],
)
def test_gaps_and_overlaps_are_refused(text: str) -> None:
    with pytest.raises(Defect) as caught:
        DatedTable.of("x", parse_figures("x.yaml", text, tuple[AmountRow, ...]))
    assert caught.value.code == "LAW-005"


@pytest.mark.parametrize(
    "text",
    [
        f"[{{from: 2020-01, value_vnd: 0, {_TAIL}]",
        f"[{{from: 2020-01, value_vnd: 1.5, {_TAIL}]",
        f"[{{from: 2020-01, value_vnd: 1, extra: 1, {_TAIL}]",
        "[{from: 2020-01, value_vnd: 1, law: some law, confidence: high}]",
        "[{from: 2020-01, value_vnd: 1, law: some law, source: memory, confidence: certain}]",
    ],
)
def test_malformed_rows_are_refused(text: str) -> None:
    with pytest.raises(Defect) as caught:
        parse_figures("x.yaml", text, tuple[AmountRow, ...])
    assert caught.value.code == "LAW-005"


def _series(*types: str, start: str = "2020-01") -> RateSeries:
    return RateSeries.model_validate(
        {
            "types": types,
            "rows": [{"from": start, "worker_bp": 1, "employer_bp": 1, "law": "some law", "source": "memory", "confidence": "high"}],
        }
    )


@pytest.mark.parametrize(
    ("funds", "reason"),
    [
        ({"lottery": (_series("VOLUNTARY"),)}, "unknown fund"),
        ({"retirement": (_series("PIRATE"),)}, "unknown participant type"),
        ({"retirement": (_series("VOLUNTARY"), _series("VOLUNTARY"))}, "named twice"),
        ({"sickness": (_series("VOLUNTARY"),)}, "does not start"),
        ({"retirement": (_series("VOLUNTARY"),), "sickness": (_series("VOLUNTARY", start="2021-01"),)}, "does not start"),
    ],
)
def test_inconsistent_rate_files_are_refused(funds: dict[str, tuple[RateSeries, ...]], reason: str) -> None:
    with pytest.raises(Defect) as caught:
        build_rate_tables("x.yaml", funds)
    assert reason in caught.value.text("en")
