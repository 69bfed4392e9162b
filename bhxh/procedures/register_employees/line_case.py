"""One line of a list with everything that is known about it, as the clauses of the rules are given it. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bhxh.dossiers.ports import Answer
from bhxh.dossiers.procedure import Case, FilingLine, Subject
from bhxh.kernel.canonical import Json
from bhxh.kernel.decisions import Citation, Finding, Outcome
from bhxh.kernel.errors import Sentence
from bhxh.kernel.months import Month
from bhxh.procedures.register_employees.change_codes import Effect
from bhxh.procedures.register_employees.evidence import POPULATION, KnownFact, find_facts
from bhxh.procedures.register_employees.form import Identity, Line
from bhxh.procedures.register_employees.old_texts import OldTextField
from bhxh.procedures.register_employees.standing import Standing, months_of

FORM = Citation("Decision 595/QD-BHXH (2017), form D02-TS", is_assumed=True)
PARTICIPATION = Citation("Law 41/2024/QH15, Art. 2 and 28")


@dataclass(frozen=True)
class LineCase:
    """One line with everything that is known about it."""

    case: Case
    filed: FilingLine
    line: Line
    identity: Identity
    old_texts: tuple[OldTextField, ...] = ()
    """What was typed with an old font; `line` has it in Unicode where it can be read."""
    left_at: tuple[Month, int] | None = None
    """Where a granted line of this list has the person leave: its first month and its number."""

    @cached_property
    def subject(self) -> Subject | None:
        """The worker, where we know them."""
        return self.case.subjects.get(self.filed.pin) if self.filed.pin else None

    @cached_property
    def answer(self) -> Answer | None:
        """What the population register said of them."""
        return self.case.answers.get((POPULATION, self.filed.pin)) if self.filed.pin else None

    @cached_property
    def facts(self) -> Mapping[str, KnownFact]:
        """Name, birth date and sex, with the source each is taken from."""
        return find_facts(self.line, self.answer, self.subject)

    @cached_property
    def here(self) -> Mapping[str, Json] | None:
        """The present participation with the filing employer."""
        found = self.subject.facts.get("here") if self.subject is not None else None
        return found if isinstance(found, Mapping) else None

    @property
    def effect(self) -> Effect:
        """What the change code does."""
        change = self.line.change
        return change.effect if change is not None else Effect.UNKNOWN

    @property
    def period(self) -> Month:
        """The declared month."""
        return Month.parse(self.case.filing.period)

    @cached_property
    def standing(self) -> Standing:
        """What held with the filing employer, month by month."""
        spans = self.subject.facts.get("standing") if self.subject is not None else None
        return Standing.from_json([span for span in spans if isinstance(span, Mapping)]) if isinstance(spans, list) else Standing()

    @cached_property
    def counted_here(self) -> frozenset[Month]:
        """Months that count with the filing employer already."""
        months = self.subject.facts.get("counted_here") if self.subject is not None else None
        return frozenset(Month.parse(str(month)) for month in months) if isinstance(months, list) else frozenset()

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """The months the change speaks of, as far as the declared one."""
        first, until = months_of(self.line, self.effect, self.period)
        every = (first.plus(offset) for offset in range(max(0, first.until(self.period) + 1)))
        return tuple(month for month in every if until is None or month < until)

    @property
    def is_kept_elsewhere(self) -> bool:
        """Whether another custodian keeps this person."""
        return self.subject is not None and self.subject.managed_by != self.case.custodian


Clause = Callable[[LineCase], Iterator[Finding]]


def finding(sentence: Sentence, outcome: Outcome, citation: Citation, where: str, **parameters: Json) -> Finding:
    """What a clause says."""
    return Finding(sentence, outcome, citation, where=where, parameters=parameters)


def not_met(sentence: Sentence, citation: Citation, where: str, **parameters: Json) -> Finding:
    """A "no"."""
    return finding(sentence, Outcome.NOT_MET, citation, where, **parameters)
