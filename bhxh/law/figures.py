"""The dated legal figures, looked up by month. Loaded and checked once, when this module is imported.

Law:  Law 41/2024/QH15, Art. 31 and 141(13); Law 74/2025/QH15; the rows of `law/figures/*.yaml` name the rest.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Defect, Invalid
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.dated_tables import AmountRow, DatedTable, LimitRow, RateRow, RateSeries, RegionsRow, read_figures
from bhxh.law.errors import LAW_BAD_FIGURES, LAW_NO_LIMIT, LAW_UNKNOWN_REGION
from bhxh.law.participant_types import STATE_WAGE_TYPES, ParticipantType

_REGIONS = range(1, 5)

LimitName = Literal["si_cap", "si_floor", "hi_cap", "ui_cap_state_wage", "ui_cap_others", "voluntary_floor"]


class Fund(StrEnum):
    """The funds a contribution goes to."""

    RETIREMENT = "retirement"
    SICKNESS = "sickness"
    ACCIDENT = "accident"
    UNEMPLOYMENT = "unemployment"
    HEALTH = "health"


RateTables = Mapping[tuple[Fund, ParticipantType], DatedTable[RateRow]]


def build_rate_tables(file: str, funds: Mapping[str, tuple[RateSeries, ...]]) -> RateTables:
    """One table for each fund and participant type.

    Raises: Defect LAW-005 where a fund or type is unknown or named twice, or a fund reaches back less far than the
            type's retirement series.
    """
    tables: dict[tuple[Fund, ParticipantType], DatedTable[RateRow]] = {}
    for fund_name, series_of_fund in funds.items():
        if fund_name not in set(Fund):
            raise Defect(LAW_BAD_FIGURES, file=file, row=fund_name, reason="unknown fund")
        for series in series_of_fund:
            table = DatedTable.of(f"{fund_name} {series.types[0]}", series.rows)
            for type_name in series.types:
                if type_name not in set(ParticipantType):
                    raise Defect(LAW_BAD_FIGURES, file=file, row=f"{fund_name}.{type_name}", reason="unknown participant type")
                key = (Fund(fund_name), ParticipantType(type_name))
                if key in tables:
                    raise Defect(LAW_BAD_FIGURES, file=file, row=f"{fund_name}.{type_name}", reason="named twice")
                tables[key] = table
    for (fund, participant_type), table in tables.items():
        retirement = tables.get((Fund.RETIREMENT, participant_type))
        if retirement is None or table.starts[0] != retirement.starts[0]:
            raise Defect(
                LAW_BAD_FIGURES, file=file, row=f"{fund}.{participant_type}", reason="does not start with the type's retirement series"
            )
    return MappingProxyType(tables)


_REFERENCE = DatedTable.of("reference_level", read_figures("reference_level.yaml", tuple[AmountRow, ...]))
_REGIONAL = DatedTable.of("regional_minimum_wage", read_figures("regional_minimum_wage.yaml", tuple[RegionsRow, ...]))
_POVERTY = DatedTable.of("rural_poverty_line", read_figures("rural_poverty_line.yaml", tuple[AmountRow, ...]))
_LIMITS = {name: DatedTable.of(name, rows) for name, rows in read_figures("limits.yaml", dict[LimitName, tuple[LimitRow, ...]]).items()}
RATES = build_rate_tables("contribution_rates.yaml", read_figures("contribution_rates.yaml", dict[str, tuple[RateSeries, ...]]))


def reference_level(month: Month) -> Vnd:
    """The reference level; before July 2025 the base salary. Law: Law 41/2024/QH15, Art. 141(13). Raises Invalid LAW-001."""
    return Vnd(_REFERENCE.at(month).value_vnd)


def reference_citation(month: Month) -> Citation:
    """Where the month's reference level comes from."""
    return _REFERENCE.at(month).citation


def regional_minimum_wage(region: int, month: Month) -> Vnd:
    """Monthly minimum wage of a region. Law: Decree 293/2025 since 2026. Raises Invalid LAW-001, LAW-002."""
    if region not in _REGIONS:
        raise Invalid(LAW_UNKNOWN_REGION, region=region)
    return Vnd(_REGIONAL.at(month).regions_vnd[region - 1])


def rural_poverty_line(month: Month) -> Vnd:
    """Lowest income a voluntary participant may choose. Law: Decree 159/2025. Raises Invalid LAW-001."""
    return Vnd(_POVERTY.at(month).value_vnd)


def limit(name: LimitName, month: Month, region: int) -> tuple[Vnd | None, Citation]:
    """A limit of the base in a month with its source, None where there was none. The region matters only where the limit is regional."""
    row = _LIMITS[name].at(month)
    match row.of:
        case "none":
            return None, row.citation
        case "reference":
            unit = reference_level(month)
        case "regional":
            unit = regional_minimum_wage(region, month)
        case "poverty":
            unit = rural_poverty_line(month)
    return Vnd(unit * row.multiple), row.citation


def si_cap(month: Month) -> Vnd:
    """Highest social insurance base: 20 times the reference level. Law: Law 41/2024/QH15, Art. 31. Raises Invalid LAW-004 before 2007."""
    return _existing("si_cap", month, 1)


def hi_cap(month: Month) -> Vnd:
    """Highest health insurance base: 20 times the base salary. Law: Decree 188/2025. Raises Invalid LAW-004 before 2009."""
    return _existing("hi_cap", month, 1)


def ui_cap(region: int, month: Month, *, participant_type: ParticipantType = ParticipantType.LABOUR_CONTRACT) -> Vnd:
    """Highest unemployment insurance base. Law: Law 74/2025/QH15 (regional for everyone since 2026). Raises Invalid LAW-004 before 2009."""
    return _existing(ui_cap_name(participant_type), month, region)


def ui_cap_name(participant_type: ParticipantType) -> LimitName:
    """Which of the two unemployment caps a participant type follows."""
    return "ui_cap_state_wage" if participant_type in STATE_WAGE_TYPES else "ui_cap_others"


def si_floor(month: Month, region: int = 4) -> Vnd:
    """Lowest compulsory social insurance base.

    Law:  Law 41/2024/QH15, Art. 31 since July 2025: once the reference level, wherever the work is done.
          Before: the regional minimum wage (assumed); without a region the lowest of the four, so that "below" is always certain.
    """
    return _existing("si_floor", month, region)


def is_below_si_floor(wage_vnd: Vnd, month: Month, region: int = 4) -> bool:
    """Whether a wage is too low to be a compulsory base. Law: Law 41/2024/QH15, Art. 31."""
    return wage_vnd < si_floor(month, region)


def _existing(name: LimitName, month: Month, region: int) -> Vnd:
    found, _ = limit(name, month, region)
    if found is None:
        raise Invalid(LAW_NO_LIMIT, figure=name, month=month.shown)
    return found
