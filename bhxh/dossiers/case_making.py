"""Everything the rules may look at, put together for one filing: whom we know, what the registers said, what the law's tables say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from bhxh.dossiers import line_commands
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.filing import employer_facts
from bhxh.dossiers.judging import SILENT, latest_answers
from bhxh.dossiers.ports import Answer, BusinessRegister, IdentityQuery, PopulationRegister
from bhxh.dossiers.procedure import Case, Filing, Procedure, Subject
from bhxh.dossiers.queries import list_all_lines, list_answers
from bhxh.dossiers.states import LineState
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.registry.queries import PersonSummary, find_persons, get_employer

BATCH: Final = 500  # LIMIT: persons in one question to a register; its answers are kept before the next is asked


class Registers(Protocol):
    """Whom to ask, and whose persons this installation keeps."""

    @property
    def population(self) -> PopulationRegister:
        """The national population database."""

    @property
    def business(self) -> BusinessRegister:
        """The business register."""

    @property
    def custodian(self) -> str:
        """Of persons of another one nobody is asked."""


def compose_case(actor: Actor, at: datetime, dossier: DossierView, procedure: Procedure, filing: Filing, deps: Registers) -> Case:
    """Ask what is not known yet, in batches, each kept before the next; then everything the rules may look at."""
    answers = latest_answers(list_answers(dossier.dossier_id))
    subjects = subjects_of(procedure, filing, deps.custodian)
    elsewhere = {pin for pin, subject in subjects.items() if subject.managed_by != deps.custodian}
    pending = {line.number for line in list_all_lines(dossier.dossier_id, LineState.PENDING)}
    undecided = {line.pin for line in filing.lines if line.number in pending}
    pins = {line.pin for line in filing.lines}
    asked: dict[str, list[str]] = {}
    for need in procedure.needs(filing, subjects):
        known = answers.get((need.register, need.subject))
        is_decided = need.subject in pins and need.subject not in undecided
        if need.subject not in elsewhere and not is_decided and (known is None or known.kind in SILENT):
            asked.setdefault(need.register, []).append(need.subject)
    for register, wanted in asked.items():
        distinct = sorted(set(wanted))
        for start in range(0, len(distinct), BATCH):
            batch = [(register, answer) for answer in ask(register, distinct[start : start + BATCH], deps)]
            line_commands.record_evidence(actor=actor, at=at, dossier_id=dossier.dossier_id, answers=batch)
            answers = latest_answers([*((key[0], answer) for key, answer in answers.items()), *batch])
    return case_from(dossier, procedure, filing, answers, deps.custodian, subjects)


def ask(register: str, subjects: Sequence[str], deps: Registers) -> Sequence[Answer]:
    """One question to one register, in its own batches; trouble comes back as an answer."""
    match register:
        case "population":
            return deps.population.look_up([IdentityQuery(pin=pin) for pin in subjects])
        case "business":
            return [deps.business.look_up(tax_code) for tax_code in subjects]
        case _:
            raise AssertionError(f"a procedure needs the unknown register {register}")


def subjects_of(procedure: Procedure, filing: Filing, custodian: str) -> dict[str, Subject]:
    """Whom we know of the filing's persons, with the facts the procedure's rules need: set-based."""
    found = {pin: person for (_, pin), person in find_persons({("PIN", line.pin) for line in filing.lines if line.pin}).items()}
    plain = {pin: _subject(pin, person, {}) for pin, person in found.items()}
    facts = procedure.known(filing, [subject for subject in plain.values() if subject.managed_by == custodian])
    return {pin: _subject(pin, found[pin], facts.get(pin, {})) for pin in plain}


def _subject(pin: str, person: PersonSummary, facts: Mapping[str, Json]) -> Subject:
    return Subject(
        person_id=person.person_id,
        pin=pin,
        full_name=person.full_name,
        birth_on=person.birth_on.isoformat() if person.birth_on else "",
        sex=person.sex,
        managed_by=person.managed_by,
        facts={**facts, "birth_precision": person.birth_precision} if person.full_name else facts,
    )


def case_from(
    dossier: DossierView,
    procedure: Procedure,
    filing: Filing,
    answers: Mapping[tuple[str, str], Answer],
    custodian: str,
    subjects: Mapping[str, Subject] | None = None,
) -> Case:
    """The same from what is kept already; nobody is asked."""
    return Case(
        filing=filing,
        on=day_in_vietnam(dossier.submitted_at),
        filed_at=dossier.submitted_at,
        custodian=custodian,
        subjects=subjects_of(procedure, filing, custodian) if subjects is None else subjects,
        answers=answers,
        employer=employer_facts(get_employer(dossier.employer_id)) if dossier.employer_id is not None else {},
        reference=procedure.refer(filing, day_in_vietnam(dossier.submitted_at)),
        confirmed_repairs=dossier.confirmed_repairs,
    )
