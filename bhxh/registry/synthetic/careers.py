"""Give residents a history: who works where, since when, at what wage; leave, benefits, cards, months kept."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from bhxh.kernel.custodian import Custodian
from bhxh.kernel.months import Month
from bhxh.registry.synthetic.people import Resident
from bhxh.registry.synthetic.places import facilities
from bhxh.registry.synthetic.shapes import Benefit, Card, Spell, SyntheticCitizen, SyntheticEmployer

FIRST_MONTH = Month(2018, 1)
"""WHY: older months exist on paper only in this population; it keeps a demonstration's ledger small."""
_JOBS = ("Công nhân may", "Nhân viên kho", "Kế toán", "Thợ điện", "Lái xe", "Nhân viên bán hàng", "Kỹ thuật viên", "Thợ hàn", "Đầu bếp")
_STORIES = ("steady", "job_changer", "seasonal", "gap")
_STORY_CUMULATED = (52, 78, 88, 100)
_LOWEST_WAGE = 5_400_000
"""At or above every regional minimum wage up to 2026 (si-law section 2.2), rounded up."""


@dataclass(frozen=True, slots=True)
class Workplaces:
    """The employers a worker may be with, the big ones oftener."""

    employers: Sequence[SyntheticEmployer]
    cumulated: tuple[float, ...]
    seasonal: tuple[int, ...]
    first_month: Month
    """Nobody worked there before, as far as this population goes."""

    @classmethod
    def of(cls, employers: Sequence[SyntheticEmployer], first_month: Month = FIRST_MONTH) -> "Workplaces":
        """Sizes fall with rank, from some hundred to one."""
        weights = accumulate(1.0 if e.number == 0 else 3.0 / e.number**0.85 for e in employers)
        return cls(employers, tuple(weights), tuple(e.number for e in employers if e.is_seasonal), first_month)

    def draw(self, rng: Random) -> int:
        """Index of one employer."""
        return rng.choices(range(len(self.employers)), cum_weights=self.cumulated)[0]

    def paid_months(self, spell: Spell, last_month: Month) -> int:
        """How many months of a spell its employer has paid for."""
        return spell.count_contributed(self.employers[spell.employer].last_paid(last_month))


def give_history(resident: Resident, rng: Random, workplaces: Workplaces, last_month: Month, role: str, employer: int) -> SyntheticCitizen:
    """A citizen with the history that a role asks for, or that age suggests where the role is empty."""
    as_of = last_month.plus(1).first_on
    age = resident.age
    if role in {"soldier", "police"}:
        custodian = Custodian.MND if role == "soldier" else Custodian.MPS
        return _citizen(resident, story=role, managed_by=custodian)
    if role == "newcomer":
        return _citizen(resident, story=role, is_registered=False, old_si_code="")
    if role == "candidate":
        return _candidate(resident, rng, workplaces, last_month)
    if role in {"demo_worker", "manager"}:
        return _worker(resident, rng, workplaces, last_month, story="manager" if role == "manager" else "steady", employer=employer)
    if age < 6:
        born_after_change = resident.birth_on >= date(2025, 8, 1)
        cards = (_card(resident, rng, "TE1", resident.birth_on, date(resident.birth_on.year + 6, 9, 30)),)
        return _citizen(resident, story="child", cards=cards, **({"old_si_code": ""} if born_after_change else {}))
    if age < 18 or (age < 23 and rng.random() < 0.5):
        kind = "HS4" if age < 18 else "SV4"
        story = "pupil" if age < 18 else "student"
        return _citizen(resident, story=story, cards=(_card(resident, rng, kind, date(as_of.year, 1, 1), date(as_of.year, 12, 31)),))
    if age >= (62 if resident.sex == "MALE" else 58):
        return _old(resident, rng, as_of)
    if rng.random() < 0.7:
        return _worker(resident, rng, workplaces, last_month, story=rng.choices(_STORIES, cum_weights=_STORY_CUMULATED)[0], employer=-1)
    return _candidate(resident, rng, workplaces, last_month)


def _citizen(resident: Resident, *, story: str, **rest: Any) -> SyntheticCitizen:
    shared = {field.name: getattr(resident, field.name) for field in fields(Resident) if field.name not in {"age", "ten_digits"}}
    return SyntheticCitizen(**{**shared, "old_si_code": resident.ten_digits, "story": story, **rest})


def _worker(resident: Resident, rng: Random, workplaces: Workplaces, last_month: Month, *, story: str, employer: int) -> SyntheticCitizen:
    first_possible = max(workplaces.first_month, Month(resident.birth_on.year + 18, resident.birth_on.month))
    span = max(1, first_possible.until(last_month))
    start = first_possible.plus(rng.randrange(0, max(1, span - 2)))
    wage = _draw_wage(rng)
    if story == "seasonal" and workplaces.seasonal:
        spells = _seasonal(rng, rng.choice(workplaces.seasonal), start, last_month, wage)
    elif story in {"job_changer", "gap"} and start.until(last_month) > 18:
        spells = _changing(rng, workplaces, start, last_month, wage, is_gap_long=story == "gap")
    else:
        where = employer if employer >= 0 else workplaces.draw(rng)
        title = "Giám đốc" if story == "manager" else rng.choice(_JOBS)
        spells = (_spell(rng, where, start, None, title, wage, last_month),)
        story = "manager" if story == "manager" else "steady"
    benefits: tuple[Benefit, ...] = ()
    present = spells[-1]
    if resident.sex == "FEMALE" and 21 <= resident.age <= 42 and rng.random() < 0.3 and present.from_month.until(last_month) > 12:
        story, spells, benefits = _maternity(resident, rng, spells, last_month, story)
    if rng.random() < 0.15 and present.from_month.until(last_month) > 6:
        benefits += (_sickness(resident, rng, present, last_month),)
    if story == "gap":
        benefits += _between_jobs(resident, spells)
    card = _card(resident, rng, "DN4", spells[0].from_month.first_on, None)
    months = sum(workplaces.paid_months(spell, last_month) for spell in spells)
    preserved = months % 12 if story == "gap" else months
    return _citizen(resident, story=story, spells=spells, benefits=benefits, cards=(card,), preserved_ui_months=preserved)


def _candidate(resident: Resident, rng: Random, workplaces: Workplaces, last_month: Month) -> SyntheticCitizen:
    """Without an employer now: one in two worked before, some of those are on unemployment benefit."""
    year = last_month.year
    card = _card(resident, rng, "GD4", date(year, 1, 1), date(year, 12, 31))
    if resident.age < 21 or rng.random() < 0.5:
        return _citizen(resident, story="candidate", cards=(card,))
    length = rng.randrange(8, 40)
    end = last_month.plus(-rng.randrange(1, 10))
    start = max(workplaces.first_month, end.plus(-length))
    spell = _spell(rng, workplaces.draw(rng), start, end, rng.choice(_JOBS), _draw_wage(rng), last_month)
    months = workplaces.paid_months(spell, last_month)
    if months >= 12 and rng.random() < 0.5:
        benefit = _unemployment(resident, spell, end, last_month)
        return _citizen(resident, story="unemployed", spells=(spell,), cards=(card,), benefits=(benefit,), preserved_ui_months=months % 12)
    return _citizen(resident, story="candidate", spells=(spell,), cards=(card,), preserved_ui_months=months)


def _old(resident: Resident, rng: Random, as_of: date) -> SyntheticCitizen:
    retirement_year = resident.birth_on.year + (60 if resident.sex == "MALE" else 56)
    if rng.random() < 0.45:
        from_on = date(retirement_year, resident.birth_on.month, 1)
        amount = rng.randrange(30, 95) * 100_000
        benefit = _benefit(resident, "RETIREMENT", from_on, None, amount, "PAYING")
        card = _card(resident, rng, "HT3", from_on, None)
        return _citizen(resident, story="pensioner", benefits=(benefit,), cards=(card,))
    if resident.age >= 75:
        from_on = max(date(2025, 7, 1), date(resident.birth_on.year + 75, resident.birth_on.month, 1))
        benefit = _benefit(resident, "SOCIAL_PENSION", from_on, None, 500_000, "PAYING")
        return _citizen(resident, story="social_pension", benefits=(benefit,), cards=(_card(resident, rng, "BT2", from_on, None),))
    card = _card(resident, rng, "GD4", date(as_of.year, 1, 1), date(as_of.year, 12, 31))
    return _citizen(resident, story="elderly", cards=(card,))


def _spell(rng: Random, employer: int, start: Month, end: Month | None, title: str, wage: int, last_month: Month) -> Spell:
    """`wage` is what is paid in the last declared month; earlier years paid less, each step in January or July."""
    step_month = rng.choice((1, 7))
    steps = [start]
    step = Month(start.year, step_month) if start.month < step_month else Month(start.year + 1, step_month)
    while step <= last_month and (end is None or step < end):
        steps.append(step)
        step = step.plus(12)
    return Spell(
        employer=employer,
        from_month=start,
        until_month=end,
        participant_type="LABOUR_CONTRACT",
        job_title=title,
        wages=tuple((month, _deflated(wage, last_month.year - month.year)) for month in steps),
    )


def _seasonal(rng: Random, employer: int, start: Month, last_month: Month, wage: int) -> tuple[Spell, ...]:
    """March to August of every year."""
    spells = []
    for year in range(start.year, last_month.year + 1):
        season = Month(year, 3)
        if start <= season and season.plus(6) <= last_month.plus(1):
            spells.append(_spell(rng, employer, season, season.plus(6), "Lao động mùa vụ", wage, last_month))
    return tuple(spells) or (_spell(rng, employer, last_month.plus(-3), None, "Lao động mùa vụ", wage, last_month),)


def _changing(rng: Random, workplaces: Workplaces, start: Month, last_month: Month, wage: int, *, is_gap_long: bool) -> tuple[Spell, ...]:
    total = start.until(last_month)
    first_end = start.plus(rng.randrange(total // 3, total - 8))
    second_start = min(first_end.plus(rng.randrange(4, 8) if is_gap_long else rng.randrange(0, 2)), last_month)
    first = _spell(rng, workplaces.draw(rng), start, first_end, rng.choice(_JOBS), int(wage * 0.9), last_month)
    return first, _spell(rng, workplaces.draw(rng), second_start, None, rng.choice(_JOBS), wage, last_month)


def _maternity(
    resident: Resident, rng: Random, spells: tuple[Spell, ...], last_month: Month, story: str
) -> tuple[str, tuple[Spell, ...], tuple[Benefit, ...]]:
    last = spells[-1]
    if last.until_month is not None:
        return story, spells, ()
    begins = last.from_month.plus(rng.randrange(9, last.from_month.until(last_month) + 1))
    on_leave = Spell(
        employer=last.employer,
        from_month=last.from_month,
        until_month=None,
        participant_type=last.participant_type,
        job_title=last.job_title,
        wages=last.wages,
        leave=((begins, begins.plus(6)),),
    )
    amount = last.wage(begins) * 6
    benefit = _benefit(resident, "MATERNITY", begins.first_on, begins.plus(6).first_on, amount, "PAID")
    return "maternity", (*spells[:-1], on_leave), (benefit,)


def _sickness(resident: Resident, rng: Random, spell: Spell, last_month: Month) -> Benefit:
    month = spell.from_month.plus(rng.randrange(1, max(2, spell.from_month.until(last_month))))
    days = rng.randrange(2, 9)
    amount = spell.wage(month) * 75 * days // 2_400
    return _benefit(resident, "SICKNESS", month.first_on, month.first_on + timedelta(days=days), amount, "PAID")


def _between_jobs(resident: Resident, spells: tuple[Spell, ...]) -> tuple[Benefit, ...]:
    first = spells[0]
    if len(spells) < 2 or first.until_month is None or first.from_month.until(first.until_month) < 12:
        return ()
    return (_unemployment(resident, first, first.until_month, spells[1].from_month),)


def _unemployment(resident: Resident, spell: Spell, end: Month, until: Month) -> Benefit:
    granted = min(3 + max(0, spell.from_month.until(end) - 36) // 12, 12)
    amount = spell.wage(end.plus(-1)) * 60 // 100
    last = end.plus(1 + granted)
    return _benefit(resident, "UNEMPLOYMENT", end.plus(1).first_on, last.first_on, amount, "PAYING" if until < last else "ENDED")


def _benefit(resident: Resident, scheme: str, from_on: date, until_on: date | None, amount_vnd: int, status: str) -> Benefit:
    decided_on = from_on - timedelta(days=10) if scheme in {"RETIREMENT", "UNEMPLOYMENT"} else from_on
    serial = resident.number % 9_999 + 1
    return Benefit(
        scheme=scheme,
        decision_number=f"{serial:04d}/QĐ-BHXH-{decided_on:%y%m}",
        decided_on=decided_on,
        from_on=from_on,
        until_on=until_on,
        amount_vnd=amount_vnd,
        status=status,
        dossier_code=f"G22.99.01-{decided_on:%y%m%d}-{serial:04d}",
    )


def _card(resident: Resident, rng: Random, kind: str, valid_from: date, valid_until: date | None) -> Card:
    return Card(
        code=f"{kind}{resident.ten_digits[:2]}{resident.ten_digits}",
        valid_from=valid_from,
        valid_until=valid_until,
        facility_code=rng.choice(facilities()[resident.province_code]),
        five_year_on=date(valid_from.year + 5, valid_from.month, 1),
    )


def _draw_wage(rng: Random) -> int:
    return max(_LOWEST_WAGE, round(rng.lognormvariate(15.95, 0.4) / 50_000) * 50_000)


def _deflated(wage: int, years: int) -> int:
    return max(_LOWEST_WAGE, round(wage * 0.95**years / 50_000) * 50_000)
