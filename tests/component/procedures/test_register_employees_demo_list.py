"""The demonstration's list from workbook to months: read, written as XML, judged with what registers hold, carried out."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from bhxh.doors.cli.generate import generate_into_database
from bhxh.dossiers.ports import Answer, AnswerKind, SourceKind
from bhxh.dossiers.procedure import Case, EffectsRequest, GrantedLine, Subject
from bhxh.kernel.actor import system_actor
from bhxh.kernel.decisions import Proposal
from bhxh.ledger.queries import list_open_months
from bhxh.procedures.register_employees import PROCEDURE, canonical_xml
from bhxh.procedures.register_employees.form import Header
from bhxh.procedures.register_employees.workbook_reading import read_workbook
from bhxh.procedures.register_employees.workbook_writing import LineVerdict, write_results
from bhxh.registry.queries import find_employer, find_persons
from bhxh.registry.synthetic import Population, generate, register_view
from samples.make_d02_workbook import demo_lines, demo_period, make

pytestmark = pytest.mark.usefixtures("db")

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="register_employees")
LOST_ZERO, OTHER_BIRTH_DATE, UNDERPAID, SOLDIER = 19, 20, 21, 22


def answers_of(population: Population, pins: set[str]) -> dict[tuple[str, str], Answer]:
    records = register_view(population).by_pin()
    answers = {}
    for pin in pins:
        record = records.get(pin)
        content = {"full_name": record.full_name, "birth_on": record.birth_on.isoformat(), "sex": record.sex} if record else {}
        answers["population", pin] = Answer(
            subject=pin,
            kind=AnswerKind.ANSWERED if record else AnswerKind.NOT_FOUND,
            source_kind=SourceKind.NATIONAL_DB,
            source_system="population",
            fetched_at=AT,
            content=dict(content),
        )
    return answers


def test_from_workbook_to_months(tmp_path: Path) -> None:
    generate_into_database(actor=ACTOR, at=AT, seed=1)
    population = generate(1)
    employer = find_employer(tax_code=population.demo_employer.tax_code)
    assert employer is not None
    data = make(tmp_path / "d02.xlsx", demo_lines(population)).read_bytes()
    read = read_workbook(data)
    header = Header(
        tax_code=employer.tax_code,
        unit_code=employer.unit_code,
        unit_name=employer.name,
        period=str(demo_period(population)),
        made_on=date(2026, 11, 21),
    )
    filing = PROCEDURE.read(canonical_xml.write(header, read.to_file))
    found = {pin: person for (_, pin), person in find_persons([("PIN", line.pin) for line in filing.lines]).items()}
    subjects = {
        pin: Subject(
            person_id=person.person_id,
            pin=pin,
            full_name=person.full_name,
            birth_on=person.birth_on.isoformat() if person.birth_on else "",
            sex=person.sex,
            managed_by=person.managed_by,
        )
        for pin, person in found.items()
    }
    known = PROCEDURE.known(filing, [subject for subject in subjects.values() if subject.managed_by == "mof"])
    asked = {need.subject for need in PROCEDURE.needs(filing, subjects) if need.register == "population"}
    assert population.soldiers[0].pin not in asked
    case = Case(
        filing=filing,
        on=AT.date(),
        filed_at=AT,
        custodian="mof",
        subjects={
            pin: Subject(
                person_id=s.person_id,
                pin=pin,
                full_name=s.full_name,
                birth_on=s.birth_on,
                sex=s.sex,
                managed_by=s.managed_by,
                facts=known.get(pin, {}),
            )
            for pin, s in subjects.items()
        },
        answers=answers_of(population, asked),
    )
    decisions = PROCEDURE.judge(case)
    assert Counter(decision.proposal for decision in decisions.values()) == {Proposal.GRANT: 28, Proposal.REFUSE: 3, Proposal.OFFICER: 1}
    told = {
        number: {finding.code for finding in decisions[number].findings} for number in (LOST_ZERO, OTHER_BIRTH_DATE, UNDERPAID, SOLDIER)
    }
    assert "D02-101" in told[LOST_ZERO]
    assert "D02-110" in told[OTHER_BIRTH_DATE]
    assert "D02-141" in told[UNDERPAID]
    assert told[SOLDIER] == {"D02-107"}

    granted = [
        GrantedLine(line=line, subject=case.subjects.get(line.pin), answer=case.answers.get(("population", line.pin)))
        for line in filing.lines
        if decisions[line.number].proposal is Proposal.GRANT
    ]
    effects = PROCEDURE.effects(
        EffectsRequest(
            actor=ACTOR,
            at=AT,
            dossier_id=UUID(int=9),
            dossier_code="G12.99.01-261121-0001",
            employer_id=employer.employer_id,
            filing=filing,
            lines=granted,
        )
    )
    assert len(effects.touched_person_ids) == 28
    months = list_open_months(effects.touched_person_ids, demo_period(population), employer.employer_id)
    assert sum(len(of_person) for of_person in months.values()) == 18 + 3 + 1, "hires, wage changes, a maternity leave"
    shown = [
        LineVerdict(number=number, state="officer", findings=[finding.as_json() for finding in decision.findings])
        for number, decision in decisions.items()
    ]
    assert write_results(data, shown) != data
