"""Whom a person represents, by what the registers say on a day: parents, guardians, households. Derived anew each time, kept nowhere.

Named are parents and legal representatives by facts `mother`, `father`, `legal_representative`: `{"full_name": ..., "pin": ...}`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson
from django.db import connection

from bhxh.law.representation import Named, RegisterFacts, Representation, representation_by
from bhxh.registry.queries import PersonSummary, list_persons

_NAMED: Final = ("mother", "father", "legal_representative")
_HEAD, _CHILD = "00", "08"  # decree-164 section 8.6
_MOST = 100  # LIMIT: a person represents a few; the director of a home for children uses the organisation's account


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented:
    """Somebody the asker may act for."""

    person_id: int
    full_name: str
    birth_on: date
    representation: Representation


def list_represented(representative_id: int, *, on: date) -> tuple[Represented, ...]:
    """Everybody whom the registers let this person act for on a day, oldest first. Nobody where the person is not kept here or not alive."""
    representative = list_persons([representative_id]).get(representative_id)
    if representative is None or not representative.pin or representative.vital_status != "ALIVE":
        return ()
    candidates = _list_candidates(representative)
    persons = {person_id: one for person_id, one in list_persons(candidates).items() if one.birth_on is not None}
    facts = _facts_of(persons, on)
    found = []
    for person_id, person in persons.items():
        right = representation_by(representative.pin, facts[person_id], on)
        if right is not None and person.birth_on is not None:
            found.append(Represented(person_id=person_id, full_name=person.full_name, birth_on=person.birth_on, representation=right))
    return tuple(sorted(found, key=lambda one: (one.birth_on, one.person_id)))


def _list_candidates(representative: PersonSummary) -> list[int]:
    """Whom to look at closer: whoever a fact of any time connects with the number, and children in a household this person heads.

    LIMIT:  two look-ups by index over all persons; on a cluster both ask every shard.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM registry_person_fact WHERE name IN ('mother', 'father', 'legal_representative') AND value ->> 'pin' = %s"
            " UNION SELECT child.person_id FROM registry_household_member own JOIN registry_household_member child USING (household_id)"
            " WHERE own.person_id = %s AND own.relation = %s AND child.relation = %s ORDER BY person_id LIMIT %s",
            [representative.pin, representative.person_id, _HEAD, _CHILD, _MOST],
        )
        return [row[0] for row in cursor.fetchall() if row[0] != representative.person_id]


def _facts_of(persons: Mapping[int, PersonSummary], on: date) -> dict[int, RegisterFacts]:
    named: defaultdict[int, dict[str, Named]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (person_id, name) person_id, name, value, valid_until FROM registry_person_fact"
            " WHERE person_id = ANY(%s) AND name = ANY(%s) AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)"
            " ORDER BY person_id, name, n DESC",
            [list(persons), list(_NAMED), on, on],
        )
        for person_id, name, value, until_on in cursor.fetchall():
            pin = _pin_in(value)
            if pin is not None:
                named[person_id][name] = Named(pin=pin, until_on=until_on)
    heads = _heads_of(persons, on)
    return {
        person_id: RegisterFacts(
            birth_on=person.birth_on,
            is_alive=person.vital_status == "ALIVE",
            mother=named[person_id].get("mother"),
            father=named[person_id].get("father"),
            legal_representative=named[person_id].get("legal_representative"),
            head_of_household=heads.get(person_id),
        )
        for person_id, person in persons.items()
        if person.birth_on is not None
    }


def _heads_of(person_ids: Collection[int], on: date) -> dict[int, Named]:
    """The head of the household that each lives in on a day as the head's child."""
    homes = {row[0]: row for row in _members_on("person_id", person_ids, on)}
    children = {person_id: home for person_id, (_, home, relation, _) in homes.items() if relation == _CHILD}
    until = {person_id: row[3] for person_id, row in homes.items()}
    heads = {
        home: person_id for person_id, home, relation, _ in _members_on("household_id", set(children.values()), on) if relation == _HEAD
    }
    pins = {person_id: person.pin for person_id, person in list_persons(heads.values()).items()}
    return {
        child: Named(pin=pins[heads[home]], until_on=until[child])
        for child, home in children.items()
        if home in heads and pins.get(heads[home])
    }


def _members_on(column: str, values: Collection[int], on: date) -> Sequence[tuple[int, int, str, date | None]]:
    """(person, household, relation, until) of persons' memberships on a day, the last recorded of each person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (person_id) person_id, household_id, relation, until_on FROM registry_household_member"
            f" WHERE person_id IN (SELECT person_id FROM registry_household_member WHERE {column} = ANY(%s))"
            " AND from_on <= %s AND (until_on IS NULL OR until_on > %s) ORDER BY person_id, n DESC",
            [list(values), on, on],
        )
        return [(row[0], row[1], row[2], row[3]) for row in cursor.fetchall()]


def _pin_in(value: Any) -> str | None:
    """The number a fact names; "" where it names somebody without one (who then cannot act, and keeps others from it); None: taken back."""
    read = orjson.loads(value) if isinstance(value, str) else value
    if not isinstance(read, dict):
        return None
    pin = read.get("pin")
    return pin if isinstance(pin, str) else ""
