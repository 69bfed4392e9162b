"""Random statements about one person against the plainest model: walk all rows, the last one that fits wins."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bhxh.kernel.actor import system_actor
from bhxh.kernel.identifiers import Pin
from bhxh.registry.commands import record_facts, refresh_present_state, register_person
from bhxh.registry.facts import IdentityFacts, Provenance
from bhxh.registry.queries import get_book_facts, get_person

START = datetime(2026, 1, 1, 5, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
SOURCE = Provenance(source_kind="OFFICER", source_system="office")
FIRST = IdentityFacts(full_name="Tên 0", birth_on=date(1990, 1, 1), sex="MALE")


@pytest.mark.parametrize("seed", range(8))
def test_random_statements_read_as_the_model_says(db: None, seed: int) -> None:
    rng = Random(seed)
    person_id = register_person(actor=ACTOR, at=START, pin=Pin("001090000001"), identity=FIRST, provenance=SOURCE)
    told: list[tuple[datetime, date, date | None, str]] = [(START, FIRST.birth_on, None, FIRST.full_name)]
    at = START
    for number in range(1, 12):
        at += timedelta(days=rng.randrange(0, 12))
        valid_from = date(2026, 1, 1) + timedelta(days=rng.randrange(0, 120))
        valid_until = valid_from + timedelta(days=rng.randrange(1, 60)) if rng.random() < 0.5 else None
        name = f"Tên {number}"
        record_facts(
            actor=ACTOR,
            at=at,
            person_id=person_id,
            facts={"full_name": name},
            valid_from=valid_from,
            valid_until=valid_until,
            provenance=SOURCE,
        )
        told.append((at, valid_from, valid_until, name))

    def model(valid_on: date, known_at: datetime) -> str:
        fitting = [
            name
            for recorded_at, valid_from, valid_until, name in told
            if recorded_at <= known_at and valid_from <= valid_on and (valid_until is None or valid_on < valid_until)
        ]
        return fitting[-1]

    for _ in range(40):
        valid_on = date(2026, 1, 1) + timedelta(days=rng.randrange(0, 200))
        known_at = START + timedelta(days=rng.randrange(0, 140))
        assert get_book_facts([person_id], valid_on, known_at)[person_id].person["full_name"] == model(valid_on, known_at)
    for days in (0, 30, 90):
        now = at + timedelta(days=days)
        refresh_present_state(actor=ACTOR, at=now, since=date(2026, 1, 1))
        assert get_person(person_id).full_name == model(now.date(), now)
