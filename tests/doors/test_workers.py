"""An employer sees its own workers, and of them the months with it."""

from typing import Any

from tests.doors.test_filing import check_problem, looks
from tests.doors.world import World


def _ask(api: World, pin: str, role: str = "clerk") -> Any:
    return api.post("/workers/months", {"number": pin}, role)


def _moved(api: World) -> str:
    """Somebody who worked for both employers of these tests."""
    for citizen in api.population.citizens:
        if citizen.is_registered and citizen.managed_by == "mof" and {0, 1} <= {spell.employer for spell in citizen.spells}:
            return citizen.pin
    raise AssertionError("the population has nobody who changed between the first two employers")


def test_months_of_a_worker_are_those_with_the_employer_who_asks_and_a_look(api: World) -> None:
    from bhxh.ledger.models import ContributionLine
    from bhxh.registry.queries import find_employer, find_person

    pin = _moved(api)
    person = find_person("PIN", pin)
    assert person is not None
    shown = {}
    for role, employer in (("clerk", api.population.employers[0]), ("other clerk", api.population.employers[1])):
        reply = _ask(api, pin, role)
        assert reply.status_code == 200, reply.content
        shown[role] = {row["month"] for row in reply.json()}
        known = find_employer(tax_code=employer.tax_code)
        assert known is not None
        lines = ContributionLine.objects.filter(person_id=person.person_id, employer_id=known.employer_id, sign=1)
        assert len(shown[role]) and len(shown[role]) <= lines.count()
        assert {row["unit_code"] for row in reply.json()} == {known.unit_code}
        assert looks("worker_months", reply["X-Request-Id"]) == {person.person_id}
    assert not shown["clerk"] & shown["other clerk"], "nobody is counted twice in a month, so no month is shown to both"


def test_of_somebody_elses_worker_nothing_is_told_not_even_whether_they_exist(api: World) -> None:
    from bhxh.audit.models import Look

    theirs = next(
        citizen.pin
        for citizen in api.population.citizens
        if citizen.is_registered and citizen.spells and all(spell.employer != 0 for spell in citizen.spells)
    )
    before = Look.objects.count()
    existing, invented = _ask(api, theirs), _ask(api, "001190000009")
    check_problem(existing, 403, "ACC-020")
    check_problem(invented, 403, "ACC-020")
    own = {"incident", "instance", "request_id"}
    assert {key: value for key, value in existing.json().items() if key not in own} == {
        key: value for key, value in invented.json().items() if key not in own
    }
    assert Look.objects.count() == before


def test_what_is_no_number_is_refused(api: World) -> None:
    check_problem(_ask(api, "123"), 422)
