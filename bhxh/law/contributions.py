"""What is due for one person and one month of work: bases, rates and whole-dong amounts of every fund, with citations."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Invalid
from bhxh.kernel.money import BasisPoints, Vnd, share_of
from bhxh.kernel.months import Month
from bhxh.law.errors import LAW_NO_WAGE
from bhxh.law.figures import RATES, Fund, LimitName, limit, reference_citation, reference_level, ui_cap_name
from bhxh.law.participant_types import NON_CONTRIBUTING_TYPES, ParticipantType

__all__ = ["ALL", "NOTHING_DUE", "ContributionsDue", "Funds", "ParticipantType", "contributions_due"]


@dataclass(frozen=True, slots=True)
class Funds:
    """Which funds a person takes part in; change codes such as TN and GN switch single ones."""

    retirement: bool = True
    sickness: bool = True
    accident: bool = True
    unemployment: bool = True
    health: bool = True


ALL: Final = Funds()

_NO_VND: Final = Vnd(0)
_NO_BP: Final = BasisPoints(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionsDue:
    """The contributions of one month.

    Units:  whole dong; rates in basis points, zero where the fund does not take part.
    Shape:  a base is zero exactly when none of its funds takes part.
    """

    si_base_vnd: Vnd = _NO_VND
    hi_base_vnd: Vnd = _NO_VND
    ui_base_vnd: Vnd = _NO_VND
    retirement_worker_vnd: Vnd = _NO_VND
    retirement_worker_bp: BasisPoints = _NO_BP
    retirement_employer_vnd: Vnd = _NO_VND
    retirement_employer_bp: BasisPoints = _NO_BP
    sickness_worker_vnd: Vnd = _NO_VND
    """Only business-household owners and unpaid managers pay this one themselves."""
    sickness_worker_bp: BasisPoints = _NO_BP
    sickness_employer_vnd: Vnd = _NO_VND
    sickness_employer_bp: BasisPoints = _NO_BP
    accident_employer_vnd: Vnd = _NO_VND
    accident_employer_bp: BasisPoints = _NO_BP
    ui_worker_vnd: Vnd = _NO_VND
    ui_worker_bp: BasisPoints = _NO_BP
    ui_employer_vnd: Vnd = _NO_VND
    ui_employer_bp: BasisPoints = _NO_BP
    hi_worker_vnd: Vnd = _NO_VND
    hi_worker_bp: BasisPoints = _NO_BP
    hi_employer_vnd: Vnd = _NO_VND
    hi_employer_bp: BasisPoints = _NO_BP
    citations: tuple[Citation, ...] = field(default=())

    @property
    def worker_vnd(self) -> Vnd:
        """What the worker pays in all."""
        return Vnd(self.retirement_worker_vnd + self.sickness_worker_vnd + self.ui_worker_vnd + self.hi_worker_vnd)

    @property
    def employer_vnd(self) -> Vnd:
        """What the employer (or the state, or the commune) pays in all."""
        return Vnd(
            self.retirement_employer_vnd
            + self.sickness_employer_vnd
            + self.accident_employer_vnd
            + self.ui_employer_vnd
            + self.hi_employer_vnd
        )


NOTHING_DUE: Final = ContributionsDue()


@dataclass(frozen=True, slots=True)
class _Rate:
    worker_bp: BasisPoints
    employer_bp: BasisPoints
    is_on_reference: bool

    @property
    def takes_part(self) -> bool:
        return self.worker_bp + self.employer_bp > 0


@dataclass(frozen=True, slots=True)
class _Terms:
    """Everything that does not depend on the wage."""

    retirement: _Rate
    sickness: _Rate
    accident: _Rate
    unemployment: _Rate
    health: _Rate
    lowest_base_vnd: Vnd
    si_cap_vnd: Vnd | None
    hi_cap_vnd: Vnd | None
    ui_cap_vnd: Vnd | None
    reference_vnd: Vnd
    citations: tuple[Citation, ...]


_WAGE_IS_LIFTED_SINCE: Final = Month(2025, 7)
_NO_RATE: Final = _Rate(_NO_BP, _NO_BP, is_on_reference=False)


def contributions_due(
    *,
    participant_type: ParticipantType,
    month: Month,
    wage_vnd: Vnd,
    wage_region: int,
    funds: Funds = ALL,
    has_reduced_accident_rate: bool = False,
) -> ContributionsDue:
    """The contributions of one month on one wage (or chosen income).

    Units:  each amount is rounded once, half up, to one dong.
    Shape:  since July 2025 a lower wage counts as the lowest base; whether it may be declared at all is `is_below_si_floor`.
            Before, the wage counts as it is. Every base is cut at its own cap.
    Law:    Law 41/2024/QH15, Art. 31, 33, 34, 36; Law 74/2025/QH15; Law 51/2024/QH15; the rounding is assumed.
    Raises: Invalid LAW-001 for a month before the type's first rate, LAW-002, LAW-003.

    Example:
        >>> due = contributions_due(
        ...     participant_type=ParticipantType.LABOUR_CONTRACT, month=Month(2026, 8), wage_vnd=Vnd(20_000_000), wage_region=1
        ... )
        >>> due.retirement_worker_vnd, due.hi_worker_vnd, due.ui_worker_vnd
        (1600000, 300000, 200000)

    """
    if participant_type in NON_CONTRIBUTING_TYPES:
        return NOTHING_DUE
    if wage_vnd <= 0:
        raise Invalid(LAW_NO_WAGE, where="wage_vnd", month=month.shown)
    terms = _terms(participant_type, month, wage_region, funds, has_reduced_accident_rate)
    counted_vnd = Vnd(max(wage_vnd, terms.lowest_base_vnd))
    takes_si = terms.retirement.takes_part or terms.sickness.takes_part or terms.accident.takes_part
    si_base_vnd = _cut(counted_vnd, terms.si_cap_vnd) if takes_si else _NO_VND
    ui_base_vnd = _cut(counted_vnd, terms.ui_cap_vnd) if terms.unemployment.takes_part else _NO_VND
    hi_wage_vnd = terms.reference_vnd if terms.health.is_on_reference else counted_vnd
    hi_base_vnd = _cut(hi_wage_vnd, terms.hi_cap_vnd) if terms.health.takes_part else _NO_VND
    return ContributionsDue(
        si_base_vnd=si_base_vnd,
        hi_base_vnd=hi_base_vnd,
        ui_base_vnd=ui_base_vnd,
        retirement_worker_vnd=share_of(si_base_vnd, terms.retirement.worker_bp),
        retirement_worker_bp=terms.retirement.worker_bp,
        retirement_employer_vnd=share_of(si_base_vnd, terms.retirement.employer_bp),
        retirement_employer_bp=terms.retirement.employer_bp,
        sickness_worker_vnd=share_of(si_base_vnd, terms.sickness.worker_bp),
        sickness_worker_bp=terms.sickness.worker_bp,
        sickness_employer_vnd=share_of(si_base_vnd, terms.sickness.employer_bp),
        sickness_employer_bp=terms.sickness.employer_bp,
        accident_employer_vnd=share_of(si_base_vnd, terms.accident.employer_bp),
        accident_employer_bp=terms.accident.employer_bp,
        ui_worker_vnd=share_of(ui_base_vnd, terms.unemployment.worker_bp),
        ui_worker_bp=terms.unemployment.worker_bp,
        ui_employer_vnd=share_of(ui_base_vnd, terms.unemployment.employer_bp),
        ui_employer_bp=terms.unemployment.employer_bp,
        hi_worker_vnd=share_of(hi_base_vnd, terms.health.worker_bp),
        hi_worker_bp=terms.health.worker_bp,
        hi_employer_vnd=share_of(hi_base_vnd, terms.health.employer_bp),
        hi_employer_bp=terms.health.employer_bp,
        citations=terms.citations,
    )


def _cut(wage_vnd: Vnd, cap_vnd: Vnd | None) -> Vnd:
    return wage_vnd if cap_vnd is None else Vnd(min(wage_vnd, cap_vnd))


@lru_cache(maxsize=4096)  # LIMIT: 15 types x 4 regions x a few dozen months in use; older months come back from the tables
def _terms(participant_type: ParticipantType, month: Month, region: int, funds: Funds, has_reduced_accident_rate: bool) -> _Terms:
    RATES[Fund.RETIREMENT, participant_type].at(month)  # WHY: a type begins where its retirement series begins, whichever fund is asked
    citations: dict[Citation, None] = {}

    def rate(fund: Fund, is_on: bool, is_reduced: bool = False) -> _Rate:
        table = RATES.get((fund, participant_type))
        if table is None or not is_on:
            return _NO_RATE
        row = table.at(month)
        if row.worker_bp + row.employer_bp > 0:
            citations[row.citation] = None
        employer_bp = row.reduced_bp if is_reduced and row.reduced_bp is not None else row.employer_bp
        return _Rate(BasisPoints(row.worker_bp), BasisPoints(employer_bp), is_on_reference=row.base == "reference")

    def bound(name: LimitName) -> Vnd | None:
        amount, citation = limit(name, month, region)
        citations[citation] = None
        return amount

    retirement = rate(Fund.RETIREMENT, funds.retirement)
    sickness = rate(Fund.SICKNESS, funds.sickness)
    accident = rate(Fund.ACCIDENT, funds.accident, is_reduced=has_reduced_accident_rate)
    unemployment = rate(Fund.UNEMPLOYMENT, funds.unemployment)
    health = rate(Fund.HEALTH, funds.health)
    citations[reference_citation(month)] = None
    lowest_base_vnd = None
    if participant_type is ParticipantType.VOLUNTARY:
        lowest_base_vnd = bound("voluntary_floor")
    elif month >= _WAGE_IS_LIFTED_SINCE:
        lowest_base_vnd = bound("si_floor")
    return _Terms(
        retirement=retirement,
        sickness=sickness,
        accident=accident,
        unemployment=unemployment,
        health=health,
        lowest_base_vnd=lowest_base_vnd or _NO_VND,
        si_cap_vnd=bound("si_cap"),
        hi_cap_vnd=bound("hi_cap") if health.takes_part else None,
        ui_cap_vnd=bound(ui_cap_name(participant_type)) if unemployment.takes_part else None,
        reference_vnd=reference_level(month),
        citations=tuple(citations),
    )
