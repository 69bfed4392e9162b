"""What the rules would say of a filing that is not filed yet: the same gathering and the same rules, nothing kept."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bhxh.audit.commands import record_looks
from bhxh.dossiers import catalogue
from bhxh.dossiers.case_making import BATCH, Registers, ask, subjects_of
from bhxh.dossiers.facts import Verdict
from bhxh.dossiers.filing import employer_facts
from bhxh.dossiers.judging import judge_lines
from bhxh.dossiers.old_numbers import link_old_numbers
from bhxh.dossiers.ports import Answer
from bhxh.dossiers.procedure import Case, Filing
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.registry.queries import EmployerSummary


def preview(
    *,
    actor: Actor,
    procedure_slug: str,
    filing: Filing,
    employer: EmployerSummary | None,
    at: datetime,
    confirmed_repairs: frozenset[int],
    deps: Registers,
    heard: Callable[[int, int], None] | None = None,
) -> Mapping[int, Verdict]:
    """The verdict on each line as it would be now. Registers are asked; no evidence and no dossier is written.

    Shape: `heard` is told after each question to a register how many of how many answers are there.

    WHY a look for each person known here: whether what was typed agrees with what the State holds is a disclosure too, and a
    list of guesses must not go unseen by the people guessed about.
    """
    procedure = catalogue.get(procedure_slug)
    filing = link_old_numbers(filing)
    subjects = subjects_of(procedure, filing, deps.custodian)
    own = sorted(subject.person_id for subject in subjects.values() if subject.managed_by == deps.custodian)
    record_looks(actor=actor, at=at, person_ids=own, what="identity_check")
    asked: dict[str, list[str]] = {}
    for need in procedure.needs(filing, subjects):
        known = subjects.get(need.subject)
        if known is None or known.managed_by == deps.custodian:
            asked.setdefault(need.register, []).append(need.subject)
    answers: dict[tuple[str, str], Answer] = {}
    questions = {register: sorted(set(wanted)) for register, wanted in asked.items()}
    total = sum(map(len, questions.values()))
    for register, subjects_asked in questions.items():
        for start in range(0, len(subjects_asked), BATCH):
            for answer in ask(register, subjects_asked[start : start + BATCH], deps):
                answers[register, answer.subject] = answer
            if heard is not None:
                heard(len(answers), total)
    case = Case(
        filing=filing,
        on=day_in_vietnam(at),
        filed_at=at,
        custodian=deps.custodian,
        subjects=subjects,
        answers=answers,
        employer=employer_facts(employer) if employer else {},
        reference=procedure.refer(filing, day_in_vietnam(at)),
        confirmed_repairs=confirmed_repairs,
    )
    pending = frozenset(line.number for line in filing.lines)
    return {verdict.number: verdict for verdict in judge_lines(procedure, case, pending=pending, may_wait=False).verdicts}
