"""What granting the clean lines of a list would come to, in dong: the same months and the same figures as granting them, and nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from bhxh.dossiers.facts import Verdict
from bhxh.dossiers.procedure import Filing, FilingLine, GrantedLine
from bhxh.dossiers.states import LineState
from bhxh.kernel.errors import Conflict
from bhxh.kernel.months import Month
from bhxh.ledger.queries import sum_months
from bhxh.procedures.register_employees.change_codes import Effect
from bhxh.procedures.register_employees.effects import apply_lines, due_of, effect_of, read_in_effect
from bhxh.procedures.register_employees.form import Line
from bhxh.procedures.register_employees.month_plan import Change, plan_months
from bhxh.procedures.register_employees.old_texts import in_unicode
from bhxh.procedures.register_employees.own_facts import standing_of
from bhxh.procedures.register_employees.standing import Standing, months_of
from bhxh.registry.queries import EmployerSummary, list_participations


@dataclass(slots=True)
class Money:
    """Sums over all months the lines touch, and of the declared month alone."""

    lines: int = 0
    months: int = 0
    worker_vnd: int = 0
    employer_vnd: int = 0
    taken_back_worker_vnd: int = 0
    taken_back_employer_vnd: int = 0
    period_worker_vnd: int = 0
    period_employer_vnd: int = 0

    def plus(self, other: "Money") -> "Money":
        """Both together: a list longer than one document has several."""
        return Money(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    def as_json(self) -> dict[str, int]:
        """As it is kept."""
        return {name: int(getattr(self, name)) for name in self.__slots__}


def foresee(filing: Filing, verdicts: Mapping[int, Verdict], employer: EmployerSummary) -> Money:
    """For the lines that rules would grant at once. Who is new has no months yet and stands here under a number that nobody has."""
    period = Month.parse(filing.period)
    clean = [line for line in filing.lines if line.number in verdicts and verdicts[line.number].to_state is LineState.CLEAN and line.pin]
    lines = [(GrantedLine(line=line, subject=None, answer=None), in_unicode(Line.from_content(line.content))) for line in clean]
    lines = [(granted, line) for granted, line in lines if effect_of(line) is not Effect.UNKNOWN]
    if not lines:
        return Money()
    person_ids = _persons(clean, verdicts)
    known = [person_id for person_id in person_ids.values() if person_id > 0]
    history = list_participations(known, employer_id=employer.employer_id)
    standing: dict[int, Standing] = {person_id: standing_of(history.get(person_id, ())) for person_id in person_ids.values()}
    try:
        rows = list(apply_lines(lines, person_ids, standing, period))
    except Conflict:  # officers will look at such a line; what the others come to is not told by halves
        return Money()
    changes = [Change(person_id=row.person_id, number=row.granted.line.number, line=row.line, effect=row.effect) for row in rows]
    earliest = min(months_of(change.line, change.effect, period)[0] for change in changes)
    in_effect = read_in_effect(set(known), earliest, employer.employer_id)
    plan = plan_months(changes, period=period, standing=standing, in_effect=in_effect)
    money = Money(lines=len(rows), months=len(plan.posted))
    for month in plan.posted:
        due = due_of(month, employer.wage_region)
        money.worker_vnd += due.worker_vnd
        money.employer_vnd += due.employer_vnd
        if month.month == period:
            money.period_worker_vnd += due.worker_vnd
            money.period_employer_vnd += due.employer_vnd
    taken = sum_months(employer.employer_id, plan.taken_back)
    money.taken_back_worker_vnd, money.taken_back_employer_vnd = taken
    return money


def _persons(lines: list[FilingLine], verdicts: Mapping[int, Verdict]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        person_id = verdicts[line.number].person_id
        found.setdefault(line.pin, person_id if person_id is not None else -len(found) - 1)
    return found
