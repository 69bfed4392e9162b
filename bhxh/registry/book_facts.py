"""What the registry contributes to the insurance book, as of any day, as known at any instant.

One rule for every table: of the rows recorded by `known_at`, the one recorded last wins among those about the same thing.
"""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection

from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.errors import NotFound
from bhxh.kernel.postgres_format import bigint_array
from bhxh.registry.appending import own_custodian
from bhxh.registry.errors import REG_NO_SUCH_PERSON, REG_OTHER_CUSTODIAN


class BookPieces(NamedTuple):
    """The blocks of decree-164 section 4.8 that the registry knows, as canonical JSON. The book is its owner's: nothing masked."""

    si_code: str
    person: bytes
    benefits: bytes
    settlements: bytes
    health_cover: bytes
    unemployment_cover: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFacts:
    """The same blocks to read."""

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
          WHERE person_id = ANY(%(ids)s::bigint[]) AND recorded_at <= %(known_at)s ORDER BY person_id, scheme, decision_number, n DESC) latest
    WHERE decided_on <= %(valid_on)s ORDER BY person_id, from_on, scheme, decision_number"""
_SETTLEMENTS = """
    SELECT person_id, json_build_object('scheme', scheme, 'dossier_code', dossier_code, 'settled_on', settled_on, 'office', office,
        'state', state)
    FROM (SELECT DISTINCT ON (person_id, dossier_code, scheme) * FROM registry_settlement_event
          WHERE person_id = ANY(%(ids)s::bigint[]) AND recorded_at <= %(known_at)s ORDER BY person_id, dossier_code, scheme, n DESC) latest
    WHERE settled_on <= %(valid_on)s ORDER BY person_id, settled_on, dossier_code, scheme"""
_HEALTH = """
    SELECT person_id, json_build_object('card_code', card_code, 'participant_type', participant_type, 'benefit_level', benefit_level,
        'facility_code', facility_code, 'valid_from', valid_from, 'valid_until', valid_until, 'five_year_on', five_year_on,
        'area_code', area_code, 'state', state)
    FROM (SELECT DISTINCT ON (person_id, card_code) * FROM registry_health_card
          WHERE person_id = ANY(%(ids)s::bigint[]) AND recorded_at <= %(known_at)s AND valid_from <= %(valid_on)s
          ORDER BY person_id, card_code, n DESC) latest
    ORDER BY person_id, valid_from, card_code"""
_UNEMPLOYMENT = """
    SELECT DISTINCT ON (person_id) person_id,
        json_build_object('preserved_months', preserved_months, 'as_of_on', as_of_on, 'note', note)
    FROM registry_unemployment_cover WHERE person_id = ANY(%(ids)s::bigint[]) AND recorded_at <= %(known_at)s AND as_of_on <= %(valid_on)s
    ORDER BY person_id, as_of_on DESC, n DESC"""

_BY_NUMBER = ("person_fact", "benefit_event", "settlement_event", "health_card", "unemployment_cover")
_LATEST = f"""
    SELECT max(latest.at) FROM unnest(%s::bigint[]) AS asked (id) CROSS JOIN LATERAL (SELECT greatest(
        {", ".join(f"(SELECT recorded_at FROM registry_{table} WHERE person_id = asked.id ORDER BY n DESC LIMIT 1)" for table in _BY_NUMBER)},
        (SELECT max(recorded_at) FROM registry_identifier WHERE person_id = asked.id)) AS at) AS latest"""


def _fact(name: str) -> str:
    return f"coalesce(max(value) FILTER (WHERE name = '{name}'), '\"\"') AS {name}"


_PERSONS = f"""
    SELECT person.person_id, fact.si_code,
        '{{"birth_on":' || fact.birth_on || ',"birth_precision":' || fact.birth_precision || ',"full_name":' || fact.full_name
        || ',"legacy_si_codes":[' || coalesce(number.si_codes, '') || '],"nationality":' || fact.nationality
        || ',"passport":' || coalesce(number.passport, '""') || ',"pin":' || fact.pin || ',"sex":' || fact.sex || ',"si_code":' || fact.si_code || '}}'
    FROM registry_person person
    CROSS JOIN LATERAL (
        SELECT {", ".join(map(_fact, _PERSON_FACTS))}
        FROM (SELECT DISTINCT ON (name) name, nullif(value::text, 'null') AS value FROM registry_person_fact
              WHERE person_id = person.person_id AND name = ANY(%(names)s) AND recorded_at <= %(known_at)s
                  AND valid_from <= %(valid_on)s AND (valid_until IS NULL OR valid_until > %(valid_on)s)
              ORDER BY name, n DESC) latest) fact
    CROSS JOIN LATERAL (
        SELECT string_agg(value, ',' ORDER BY value) FILTER (WHERE scheme = 'SI' AND value <> fact.si_code) AS si_codes,
            min(value) FILTER (WHERE scheme = 'PASSPORT') AS passport
        FROM (SELECT scheme, to_json(value)::text AS value FROM registry_identifier
              WHERE person_id = person.person_id AND recorded_at <= %(known_at)s AND scheme IN ('SI', 'PASSPORT')) held) number
    WHERE person.person_id = ANY(%(ids)s::bigint[]) AND person.managed_by = %(custodian)s"""
# WHY lateral: joined, a planner without statistics (a table just filled) picks a plan that grows with the square.
# WHY text: a name is quoted once by the database and never taken apart again; PostgreSQL and canonical JSON escape alike.


def get_book_pieces(person_ids: Collection[int], valid_on: date, known_at: datetime) -> dict[int, BookPieces]:
    """The registry's blocks of the books of persons kept here: one statement per table however many persons.

    Raises: NotFound REG-001, REG-002 where one of them is unknown or kept by another custodian; Defect KER-004 where a text is not NFC.
    """
    ids = sorted(set(person_ids))
    parameters: dict[str, Any] = {
        "ids": bigint_array(ids),
        "valid_on": valid_on,
        "known_at": known_at,
        "names": list(_PERSON_FACTS),
        "custodian": own_custodian().value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, parameters)
        persons = cursor.fetchall()
    if len(persons) < len(ids):
        found = {person_id for person_id, _, _ in persons}
        _refuse([person_id for person_id in ids if person_id not in found])
    benefits, settlements = _blocks(_BENEFITS, parameters), _blocks(_SETTLEMENTS, parameters)
    health, unemployment = _blocks(_HEALTH, parameters), _blocks(_UNEMPLOYMENT, parameters)
    return {
        person_id: BookPieces(
            orjson.loads(si_code),
            _canonical(person),
            canonical_bytes(benefits[person_id]) if person_id in benefits else b"[]",
            canonical_bytes(settlements[person_id]) if person_id in settlements else b"[]",
            canonical_bytes(health[person_id]) if person_id in health else b"[]",
            canonical_bytes(unemployment[person_id][0]) if person_id in unemployment else b"{}",
        )
        for person_id, si_code, person in persons
    }


def last_fact_recorded_at(person_ids: Collection[int]) -> datetime | None:
    """When the last of what a book says of these persons was recorded here; None where nothing is. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [bigint_array(person_ids)])
        latest: datetime | None = cursor.fetchone()[0]
    return latest


def get_book_facts(person_ids: Collection[int], valid_on: date, known_at: datetime) -> dict[int, BookFacts]:
    """The same, to read. Raises as `get_book_pieces`."""
    return {
        person_id: BookFacts(
            person=orjson.loads(pieces.person),
            benefits=tuple(orjson.loads(pieces.benefits)),
            settlements=tuple(orjson.loads(pieces.settlements)),
            health_cover=tuple(orjson.loads(pieces.health_cover)),
            unemployment_cover=orjson.loads(pieces.unemployment_cover),
        )
        for person_id, pieces in get_book_pieces(person_ids, valid_on, known_at).items()
    }


def _canonical(joined: str) -> bytes:
    """What the database joined, as bytes; the one rule of canonical JSON that it does not keep by itself is looked at."""
    if not joined.isascii() and not unicodedata.is_normalized("NFC", joined):
        canonical_bytes(orjson.loads(joined))  # names the field
    return joined.encode()


def _blocks(statement: str, parameters: Mapping[str, Any]) -> dict[int, list[dict[str, Json]]]:
    found: dict[int, list[dict[str, Json]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for person_id, block in cursor.fetchall():
            found.setdefault(person_id, []).append(orjson.loads(block) if isinstance(block, str) else block)
    return found


def _refuse(person_ids: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM registry_identifier WHERE person_id = ANY(%s) LIMIT 1", [list(person_ids)])
        raise NotFound(REG_OTHER_CUSTODIAN if cursor.fetchone() else REG_NO_SUCH_PERSON)
