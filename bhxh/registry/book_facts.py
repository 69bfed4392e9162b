"""What the registry contributes to the insurance book, as of any day, as known at any instant.

One rule for every table: of the rows recorded by `known_at`, the one recorded last wins among those about the same thing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import NotFound
from bhxh.registry.appending import own_custodian
from bhxh.registry.errors import REG_NO_SUCH_PERSON, REG_OTHER_CUSTODIAN


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFacts:
    """The blocks of decree-164 section 4.8 that the registry knows, ready for canonical JSON. The book is its owner's: nothing masked."""

    person: Mapping[str, Json]
    benefits: tuple[Mapping[str, Json], ...] = ()
    settlements: tuple[Mapping[str, Json], ...] = ()
    health_cover: tuple[Mapping[str, Json], ...] = ()
    unemployment_cover: Mapping[str, Json] = field(default_factory=dict)


_PERSON_FACTS = ("si_code", "pin", "full_name", "birth_on", "birth_precision", "sex", "nationality")
_BENEFITS = """
    SELECT person_id, json_build_object('scheme', scheme, 'decision_number', decision_number, 'decided_on', decided_on, 'from_on', from_on,
        'until_on', until_on, 'amount_vnd', amount_vnd, 'paying_office', paying_office, 'status', status)
    FROM (SELECT DISTINCT ON (person_id, scheme, decision_number) * FROM registry_benefit_event
          WHERE person_id = ANY(%(ids)s) AND recorded_at <= %(known_at)s ORDER BY person_id, scheme, decision_number, n DESC) latest
    WHERE decided_on <= %(valid_on)s ORDER BY person_id, from_on, scheme, decision_number"""
_SETTLEMENTS = """
    SELECT person_id, json_build_object('scheme', scheme, 'dossier_code', dossier_code, 'settled_on', settled_on, 'office', office,
        'state', state)
    FROM (SELECT DISTINCT ON (person_id, dossier_code, scheme) * FROM registry_settlement_event
          WHERE person_id = ANY(%(ids)s) AND recorded_at <= %(known_at)s ORDER BY person_id, dossier_code, scheme, n DESC) latest
    WHERE settled_on <= %(valid_on)s ORDER BY person_id, settled_on, dossier_code, scheme"""
_HEALTH = """
    SELECT person_id, json_build_object('card_code', card_code, 'participant_type', participant_type, 'benefit_level', benefit_level,
        'facility_code', facility_code, 'valid_from', valid_from, 'valid_until', valid_until, 'five_year_on', five_year_on,
        'area_code', area_code, 'state', state)
    FROM (SELECT DISTINCT ON (person_id, card_code) * FROM registry_health_card
          WHERE person_id = ANY(%(ids)s) AND recorded_at <= %(known_at)s AND valid_from <= %(valid_on)s
          ORDER BY person_id, card_code, n DESC) latest
    ORDER BY person_id, valid_from, card_code"""
_UNEMPLOYMENT = """
    SELECT DISTINCT ON (person_id) person_id,
        json_build_object('preserved_months', preserved_months, 'as_of_on', as_of_on, 'note', note)
    FROM registry_unemployment_cover WHERE person_id = ANY(%(ids)s) AND recorded_at <= %(known_at)s AND as_of_on <= %(valid_on)s
    ORDER BY person_id, as_of_on DESC, n DESC"""
_FACTS = """
    SELECT DISTINCT ON (person_id, name) person_id, name, value FROM registry_person_fact
    WHERE person_id = ANY(%(ids)s) AND name = ANY(%(names)s) AND recorded_at <= %(known_at)s
        AND valid_from <= %(valid_on)s AND (valid_until IS NULL OR valid_until > %(valid_on)s)
    ORDER BY person_id, name, n DESC"""
_KEPT_HERE = "SELECT person_id FROM registry_person WHERE person_id = ANY(%(ids)s) AND managed_by = %(custodian)s"
_NUMBERS = """
    SELECT person_id, scheme, value FROM registry_identifier
    WHERE person_id = ANY(%(ids)s) AND recorded_at <= %(known_at)s AND scheme IN ('SI', 'PASSPORT') ORDER BY person_id, scheme, value"""
# WHY two statements: joined, a planner without statistics (a table just filled) picks a plan that grows with the square.


def get_book_facts(person_ids: Collection[int], valid_on: date, known_at: datetime) -> dict[int, BookFacts]:
    """The registry's blocks of the books of persons kept here: one statement per table however many persons.

    Raises: NotFound REG-001, REG-002 where one of them is unknown or kept by another custodian.
    """
    ids = sorted(set(person_ids))
    parameters: dict[str, Any] = {
        "ids": ids,
        "valid_on": valid_on,
        "known_at": known_at,
        "names": list(_PERSON_FACTS),
        "custodian": own_custodian().value,
    }
    numbers = _numbers(parameters)
    if len(numbers) < len(ids):
        _refuse([person_id for person_id in ids if person_id not in numbers])
    blank: dict[str, Json] = dict.fromkeys(_PERSON_FACTS, "")
    persons = {person_id: {**blank} for person_id in numbers}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, parameters)
        for person_id, name, value in cursor.fetchall():
            persons[person_id][name] = _loaded(value) or ""
    for person_id, person in persons.items():
        person["passport"] = next((value for scheme, value in numbers[person_id] if scheme == "PASSPORT"), "")
        person["legacy_si_codes"] = [value for scheme, value in numbers[person_id] if scheme == "SI" and value != person["si_code"]]
    benefits, settlements = _blocks(_BENEFITS, parameters), _blocks(_SETTLEMENTS, parameters)
    health, unemployment = _blocks(_HEALTH, parameters), _blocks(_UNEMPLOYMENT, parameters)
    return {
        person_id: BookFacts(
            person=person,
            benefits=tuple(benefits.get(person_id, ())),
            settlements=tuple(settlements.get(person_id, ())),
            health_cover=tuple(health.get(person_id, ())),
            unemployment_cover=next(iter(unemployment.get(person_id, ())), {}),
        )
        for person_id, person in persons.items()
    }


def _numbers(parameters: Mapping[str, Any]) -> dict[int, list[tuple[str, str]]]:
    """The (scheme, value) known by then of every person kept here; an empty list where none was."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_HERE, parameters)
        found: dict[int, list[tuple[str, str]]] = {person_id: [] for (person_id,) in cursor.fetchall()}
        cursor.execute(_NUMBERS, parameters)
        for person_id, scheme, value in cursor.fetchall():
            if person_id in found:
                found[person_id].append((scheme, value))
    return found


def _blocks(statement: str, parameters: Mapping[str, Any]) -> dict[int, list[dict[str, Json]]]:
    found: dict[int, list[dict[str, Json]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for person_id, block in cursor.fetchall():
            found.setdefault(person_id, []).append(_loaded(block))
    return found


def _loaded(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _refuse(person_ids: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM registry_identifier WHERE person_id = ANY(%s) LIMIT 1", [list(person_ids)])
        raise NotFound(REG_OTHER_CUSTODIAN if cursor.fetchone() else REG_NO_SUCH_PERSON)
