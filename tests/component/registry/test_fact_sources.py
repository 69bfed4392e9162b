"""What is held of a person, each fact with whence and since when; the latest word counts."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bhxh.kernel.actor import system_actor
from bhxh.kernel.identifiers import Pin
from bhxh.registry.commands import record_facts, register_person
from bhxh.registry.fact_sources import list_fact_sources
from bhxh.registry.facts import IdentityFacts, Provenance

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 22)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
MAU = IdentityFacts(full_name="Nguyễn Thị Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE")


def test_each_fact_says_whence_it_came_and_the_latest_counts(db: None) -> None:
    first = Provenance(source_kind="NATIONAL_DB", source_system="population", fetched_at=AT)
    person_id = register_person(actor=ACTOR, at=AT, pin=Pin("001199000001"), identity=MAU, provenance=first)
    later = AT + timedelta(hours=1)
    record_facts(
        actor=ACTOR,
        at=later,
        person_id=person_id,
        facts={"full_name": "Nguyễn Thị Mới"},
        valid_from=date(2026, 11, 1),
        provenance=Provenance(source_kind="SUBMITTER", source_system="submitter"),
    )
    with CaptureQueriesContext(connection) as asked:
        found = list_fact_sources(person_id, ("full_name", "birth_on", "no_such"), on=ON)
    assert len(asked) == 1
    assert set(found) == {"full_name", "birth_on"}
    assert (found["full_name"].value, found["full_name"].source_system, found["full_name"].at) == ("Nguyễn Thị Mới", "submitter", later)
    assert (found["birth_on"].value, found["birth_on"].source_system, found["birth_on"].at) == ("1999-05-20", "population", AT)
