"""The synthetic population in the database."""

from datetime import UTC, date, datetime

from bhxh.doors.cli.generate import generate_into_database
from bhxh.kernel.actor import system_actor
from bhxh.kernel.months import Month
from bhxh.ledger.queries import totals
from bhxh.registry.queries import count_persons, find_employer, find_person, get_book_facts, list_participations, list_workers
from bhxh.registry.synthetic import generate

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")


def test_a_population_is_written_once_and_reads_back(db: None) -> None:
    population = generate(11, 400, 12)
    counts = generate_into_database(actor=ACTOR, at=AT, seed=11, citizens=400, employers=12)
    assert (counts.employers, counts.persons + counts.markers + counts.unregistered) == (12, 400)
    assert counts.markers >= 5 and counts.unregistered >= 10
    assert count_persons() == counts.persons
    assert any(employer.arrears_from for employer in population.employers)
    assert counts.lines == sum(
        1
        for citizen in population.citizens
        if citizen.is_registered
        for spell in citizen.spells
        for _ in spell.contributed(population.employers[spell.employer].last_paid(population.last_month))
    )
    again = generate_into_database(actor=ACTOR, at=AT, seed=11, citizens=400, employers=12)
    assert (again.employers, again.persons, again.lines) == (0, 0, 0)

    employer = find_employer(tax_code=population.demo_employer.tax_code)
    assert employer is not None
    workers = list_workers(employer.employer_id, population.last_month)
    assert sum(worker.status == "WORKING" for worker in workers) == len(population.demo_workers)

    for citizen in population.demo_workers[:5]:
        person = find_person("PIN", citizen.pin)
        assert person is not None and person.full_name == citizen.full_name
        assert totals(person.person_id, AT).si_months == sum(
            1 for spell in citizen.spells for _ in spell.contributed(population.last_month)
        )
        [now] = list_participations([person.person_id], Month(2026, 11))[person.person_id]
        assert now.wage_vnd == citizen.spells[-1].wage(Month(2026, 11))
        facts = get_book_facts([person.person_id], date(2026, 11, 21), AT)[person.person_id]
        assert facts.health_cover[0]["card_code"] == citizen.cards[-1].code
        assert len(facts.benefits) == len(facts.settlements) == len(citizen.benefits)

    soldier = find_person("PIN", population.soldiers[0].pin)
    assert soldier is not None and (soldier.managed_by, soldier.full_name) == ("mnd", "")
    unknown = next(citizen for citizen in population.citizens if not citizen.is_registered)
    assert find_person("PIN", unknown.pin) is None
