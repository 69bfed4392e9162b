"""The values a synthetic population consists of. Everybody in it is invented; addresses are real wards."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bhxh.kernel.custodian import Custodian
from bhxh.kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticEmployer:
    """An invented employer."""

    number: int
    tax_code: str
    unit_code: str
    name: str
    agency_code: str
    industry: str
    enterprise_type: str
    wage_region: int
    email: str
    phone: str
    province_code: str
    ward_code: str
    street: str
    legal_representative_pin: str
    is_seasonal: bool = False
    arrears_from: Month | None = None
    """From this month on it declares its workers and does not pay."""

    def last_paid(self, last_month: Month) -> Month:
        """The last month it has paid for, when `last_month` is the last it has declared."""
        return min(self.arrears_from.plus(-1), last_month) if self.arrears_from else last_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Work for one employer over a span of months."""

    employer: int
    """Index into the population's employers."""
    from_month: Month
    until_month: Month | None
    participant_type: str
    job_title: str
    wages: tuple[tuple[Month, int], ...]
    """Monthly wage from each month on, ascending."""
    leave: tuple[tuple[Month, Month], ...] = ()
    """Maternity or long sickness: employed, not contributing."""

    def wage(self, month: Month) -> int:
        """The wage of a month of the spell."""
        return next(wage for start, wage in reversed(self.wages) if start <= month)

    def contributed(self, last_month: Month) -> Iterator[tuple[Month, int]]:
        """Every (month, wage) that contributions were due for, up to and including `last_month`."""
        month, end = self.from_month, self._end(last_month)
        for position, (_, wage) in enumerate(self.wages):
            step_end = self.wages[position + 1][0] if position + 1 < len(self.wages) else end
            while month < end and month < step_end:
                if not any(start <= month < until for start, until in self.leave):
                    yield month, wage
                month = month.plus(1)

    def count_contributed(self, last_month: Month) -> int:
        """How many months `contributed` gives."""
        end = self._end(last_month)
        on_leave = sum(max(0, max(start, self.from_month).until(min(until, end))) for start, until in self.leave)
        return max(0, self.from_month.until(end)) - on_leave

    def _end(self, last_month: Month) -> Month:
        after = last_month.plus(1)
        return after if self.until_month is None else min(after, self.until_month)


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """A benefit in the past or in payment."""

    scheme: str
    decision_number: str
    decided_on: date
    from_on: date
    until_on: date | None
    amount_vnd: int
    status: str
    dossier_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A health-insurance card."""

    code: str
    valid_from: date
    valid_until: date | None
    facility_code: str
    five_year_on: date | None
    state: str = "VALID"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticCitizen:
    """An invented person with a history."""

    number: int
    household: int
    relation: str
    """decree-164 section 8.6; 00 is the head."""
    pin: str
    old_si_code: str
    """Ten digits from before August 2025; empty for those born or first insured after."""
    full_name: str
    birth_on: date
    sex: str
    ethnicity: str
    province_code: str
    ward_code: str
    street: str
    phone: str
    email: str
    story: str
    """steady, job_changer, seasonal, maternity, unemployed, candidate, newcomer, soldier, police, manager, pensioner, child ..."""
    managed_by: Custodian = Custodian.MOF
    is_registered: bool = True
    """False: the population register knows the person, this installation does not yet."""
    spells: tuple[Spell, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    cards: tuple[Card, ...] = ()
    preserved_ui_months: int | None = None
    nationality: str = "VN"

    def present_spell(self, month: Month) -> Spell | None:
        """The spell that a month lies in."""
        return next((s for s in self.spells if s.from_month <= month and (s.until_month is None or month < s.until_month)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Everybody, from one seed. Same seed and sizes, same population, byte for byte."""

    seed: int
    last_month: Month
    """The last month that has been declared."""
    citizens: tuple[SyntheticCitizen, ...]
    employers: tuple[SyntheticEmployer, ...] = field(default=())

    @property
    def demo_employer(self) -> SyntheticEmployer:
        """The employer of the demonstration; its tax code never changes."""
        return self.employers[0]

    @property
    def demo_workers(self) -> tuple[SyntheticCitizen, ...]:
        """Who works for the demonstration's employer in the last declared month (and is not on leave)."""
        return self.workers_of(0)

    def workers_of(self, employer: int) -> tuple[SyntheticCitizen, ...]:
        """Who works for an employer in the last declared month (and is not on leave)."""
        found = []
        for citizen in self.citizens:
            spell = citizen.present_spell(self.last_month)
            if spell and spell.employer == employer and not any(start <= self.last_month < end for start, end in spell.leave):
                found.append(citizen)
        return tuple(found)

    @property
    def hire_candidates(self) -> tuple[SyntheticCitizen, ...]:
        """Of working age, kept by the common installation, without an employer now."""
        return tuple(
            citizen
            for citizen in self.citizens
            if citizen.managed_by is Custodian.MOF
            and 18 <= self.last_month.year - citizen.birth_on.year <= 55
            and citizen.present_spell(self.last_month) is None
            and citizen.story not in {"student", "pensioner", "elderly"}
        )

    @property
    def soldiers(self) -> tuple[SyntheticCitizen, ...]:
        """Kept by the Ministry of National Defence."""
        return tuple(citizen for citizen in self.citizens if citizen.managed_by is Custodian.MND)

    def by_pin(self) -> dict[str, SyntheticCitizen]:
        """Citizens by personal number."""
        return {citizen.pin: citizen for citizen in self.citizens}
