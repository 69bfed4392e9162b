"""Register persons and record what becomes known of them. Lists are set-based: the statements do not grow with the list."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from bhxh.audit.commands import command, record, record_many
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.identifiers import PassportNumber, Pin, SocialInsuranceCode
from bhxh.kernel.text import search_form, tidy
from bhxh.registry.appending import append_rows, copy_rows, lock_persons, next_ids, own_custodian
from bhxh.registry.errors import (
    REG_ALREADY_REGISTERED,
    REG_BAD_FACT,
    REG_BAD_IDENTITY,
    REG_NO_IDENTIFIER,
    REG_NO_SUCH_PERSON,
    REG_OTHER_CUSTODIAN,
)
from bhxh.registry.facts import (
    SOURCE_COLUMNS,
    ContactRow,
    IdentityFacts,
    PersonEntry,
    Provenance,
    Scheme,
    Verification,
    VerificationResult,
)

_EARLIEST_BIRTH = date(1890, 1, 1)
_SEXES = {"MALE", "FEMALE", "UNDETERMINED"}
_PRECISIONS = {"DAY", "MONTH", "YEAR"}
_FACT_COLUMNS = ("name", "value", "valid_from", "valid_until", *SOURCE_COLUMNS)
_PRESENT_COLUMN = {
    "full_name": "full_name",
    "birth_on": "birth_on",
    "birth_precision": "birth_precision",
    "sex": "sex",
    "nationality": "nationality",
    "ethnicity": "ethnicity",
    "permanent_ward": "permanent_ward",
    "permanent_street": "permanent_street",
    "vital_status": "vital_status",
    "died_on": "died_on",
}
"""Facts that the present-state row shows too."""
_OTHER_FACTS = {"birth_registration_place", "home_town", "father", "mother", "spouse", "legal_representative", "tax_code", "bank_account"}


@command
def register_person(
    *,
    actor: Actor,
    at: datetime,
    identity: IdentityFacts,
    provenance: Provenance,
    pin: Pin | None = None,
    passport_country: str = "",
    passport_number: PassportNumber | None = None,
    si_code: SocialInsuranceCode | None = None,
    managed_by: Custodian | None = None,
    email: str = "",
) -> int:
    """Register one person; see register_persons. Returns the person_id."""
    entry = PersonEntry(
        identity=identity,
        pin=pin,
        passport_country=passport_country,
        passport_number=passport_number,
        si_code=si_code,
        managed_by=managed_by,
        email=email,
    )
    [person_id] = _register(actor=actor, at=at, entries=[entry], provenance=provenance)
    return person_id


@command
def register_persons(*, actor: Actor, at: datetime, entries: Sequence[PersonEntry], provenance: Provenance) -> dict[str, int]:
    """Register persons who are not here yet, each with exactly one social insurance code.

    Of a person kept by another custodian only the numbers are written down (the opaque marker), nothing else.
    Returns person_ids by `PersonEntry.key` (the PIN, for those who have one).
    Raises: Conflict REG-003 where a number is taken, Invalid REG-004 or REG-011 where an entry cannot be right.
    """
    person_ids = _register(actor=actor, at=at, entries=entries, provenance=provenance)
    return {entry.key: person_id for entry, person_id in zip(entries, person_ids, strict=True)}


def _register(*, actor: Actor, at: datetime, entries: Sequence[PersonEntry], provenance: Provenance) -> list[int]:
    person_ids = next_ids("registry_person_id", len(entries))
    codes = _allot_codes(entries)
    identifiers: list[tuple[str, str, int, str]] = []
    persons: list[tuple[object, ...]] = []
    contacts: list[tuple[object, ...]] = []
    facts: list[tuple[int, Sequence[object]]] = []
    positions: dict[tuple[str, str], int] = {}
    source = provenance.as_columns(at)
    for position, (entry, person_id, si_code) in enumerate(zip(entries, person_ids, codes, strict=True)):
        _check_identity(entry.identity, position, at)
        managed_by = entry.managed_by or own_custodian()
        for scheme, value in _identifiers_of(entry, si_code):
            if positions.setdefault((scheme, value), position) != position:
                raise Conflict(REG_ALREADY_REGISTERED, where=f"entries[{position}]", scheme=scheme, position=position)
            identifiers.append((scheme, value, person_id, managed_by.value))
        if managed_by is not own_custodian():
            continue
        identity = _tidied(entry.identity)
        persons.append(_person_row(person_id, si_code, entry, identity, managed_by, at))
        contacts.append((person_id, tidy(entry.email), entry.mobile_phone, "", "", "EMAIL", at))
        facts += [
            (person_id, (name, orjson.dumps(value).decode(), identity.birth_on, None, *source))
            for name, value in _facts_of(identity, entry)
        ]
    _claim(identifiers, positions, at)
    copy_rows("registry_person", _PERSON_COLUMNS, persons)
    copy_rows(
        "registry_contact",
        ("person_id", "email", "mobile_phone", "current_ward", "current_street", "preferred_channel", "recorded_at"),
        contacts,
    )
    append_rows("registry_person_fact", _FACT_COLUMNS, facts)
    record_many(
        actor=actor,
        at=at,
        verb="registry.person.register",
        subjects=[(person_id, {}) for person_id in person_ids],
        dossier_id=provenance.dossier_id,
    )
    return person_ids


@command
def record_facts(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    facts: Mapping[str, Json],
    valid_from: date,
    provenance: Provenance,
    valid_until: date | None = None,
) -> None:
    """State facts of a person from a day on; what was recorded before stays readable as it was known then.

    A fact that holds today also becomes the present state. `None` takes a statement back.
    Raises: NotFound REG-001, REG-002; Invalid REG-005 for a name that is no fact or a value that cannot be.
    """
    lock_persons([person_id])
    source = provenance.as_columns(at)
    tidied = {name: tidy(value) if isinstance(value, str) else value for name, value in facts.items()}
    for name, value in tidied.items():
        _check_fact(name, value)
    append_rows(
        "registry_person_fact",
        _FACT_COLUMNS,
        [(person_id, (name, orjson.dumps(value).decode(), valid_from, valid_until, *source)) for name, value in tidied.items()],
    )
    today = day_in_vietnam(at)
    present = {name: value for name, value in tidied.items() if name in _PRESENT_COLUMN and value is not None}
    if present and valid_from <= today and (valid_until is None or today < valid_until):
        columns: dict[str, Any] = {
            **present,
            **({"full_name_search": search_form(str(present["full_name"]))} if "full_name" in present else {}),
        }
        assignments = ", ".join(f"{column} = %s" for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE registry_person SET {assignments}, recorded_at = %s WHERE person_id = %s", [*columns.values(), at, person_id]
            )
    record(
        actor=actor,
        at=at,
        verb="registry.person.record_facts",
        person_id=person_id,
        dossier_id=provenance.dossier_id,
        detail={"names": sorted(tidied)},
    )


@command
def record_verification(*, actor: Actor, at: datetime, results: Sequence[VerificationResult], provenance: Provenance) -> int:
    """Record how persons compared with the population register, set-based. Returns how many."""
    lock_persons([result.person_id for result in results])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_person p SET verification = v.verification, verified_at = %s, mismatch_fields = v.fields::jsonb"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v(person_id, verification, fields) WHERE p.person_id = v.person_id",
            [
                at,
                [result.person_id for result in results],
                [Verification(result.verification).value for result in results],
                [orjson.dumps(list(result.mismatch_fields)).decode() for result in results],
            ],
        )
    source = provenance.as_columns(at)
    append_rows(
        "registry_person_fact",
        _FACT_COLUMNS,
        [
            (
                result.person_id,
                (
                    "verification",
                    orjson.dumps({"state": result.verification, "mismatch_fields": list(result.mismatch_fields)}).decode(),
                    day_in_vietnam(at),
                    None,
                    *source,
                ),
            )
            for result in results
        ],
    )
    return record_many(
        actor=actor,
        at=at,
        verb="registry.person.verify",
        subjects=[(result.person_id, {"verification": str(result.verification)}) for result in results],
        dossier_id=provenance.dossier_id,
    )


@command
def record_contacts(*, actor: Actor, at: datetime, rows: Sequence[ContactRow], provenance: Provenance) -> int:
    """Replace how persons are reached; the history stays in the facts."""
    lock_persons([row.person_id for row in rows])
    source = provenance.as_columns(at)
    fields = ("email", "mobile_phone", "current_ward", "current_street", "preferred_channel")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO registry_contact (person_id, {', '.join(fields)}, recorded_at)"
            " SELECT v.*, %s FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS v"
            f" ON CONFLICT (person_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in fields)},"
            " recorded_at = excluded.recorded_at",
            [at, [row.person_id for row in rows], *([tidy(getattr(row, name)) for row in rows] for name in fields)],
        )
    append_rows(
        "registry_person_fact",
        _FACT_COLUMNS,
        [
            (
                row.person_id,
                ("contact", orjson.dumps({name: getattr(row, name) for name in fields}).decode(), day_in_vietnam(at), None, *source),
            )
            for row in rows
        ],
    )
    return record_many(
        actor=actor,
        at=at,
        verb="registry.contact.record",
        subjects=[(row.person_id, {}) for row in rows],
        dossier_id=provenance.dossier_id,
    )


_PERSON_COLUMNS = (
    "person_id",
    "si_code",
    "pin",
    "full_name",
    "full_name_search",
    "birth_on",
    "birth_precision",
    "sex",
    "nationality",
    "ethnicity",
    "permanent_ward",
    "permanent_street",
    "vital_status",
    "died_on",
    "verification",
    "verified_at",
    "mismatch_fields",
    "managed_by",
    "recorded_at",
)


def _person_row(
    person_id: int, si_code: str, entry: PersonEntry, identity: IdentityFacts, managed_by: Custodian, at: datetime
) -> tuple[object, ...]:
    return (
        person_id,
        si_code,
        str(entry.pin or ""),
        identity.full_name,
        search_form(identity.full_name),
        identity.birth_on,
        identity.birth_precision,
        identity.sex,
        identity.nationality,
        identity.ethnicity,
        identity.permanent_ward,
        identity.permanent_street,
        "ALIVE",
        None,
        Verification.UNVERIFIED.value,
        None,
        "[]",
        managed_by.value,
        at,
    )


def _allot_codes(entries: Sequence[PersonEntry]) -> list[str]:
    """The one code of each: the PIN, else the one given, else a new one under 99, which no province has."""
    for position, entry in enumerate(entries):
        if not (entry.pin or entry.passport_number or entry.si_code):
            raise Invalid(REG_NO_IDENTIFIER, where=f"entries[{position}]", position=position)
    fresh = iter(next_ids("registry_si_serial", sum(not (entry.pin or entry.si_code) for entry in entries)))
    return [str(entry.pin or entry.si_code or f"99{next(fresh):08d}") for entry in entries]


def _identifiers_of(entry: PersonEntry, si_code: str) -> list[tuple[str, str]]:
    found = [(Scheme.SI.value, si_code)]
    found += [(Scheme.SI.value, code) for code in dict.fromkeys(entry.legacy_si_codes) if code != si_code]
    if entry.pin:
        found.append((Scheme.PIN.value, str(entry.pin)))
    if entry.passport_number:
        found.append((Scheme.PASSPORT.value, f"{entry.passport_country}:{entry.passport_number}"))
    if entry.old_id:
        found.append((Scheme.OLD_ID.value, entry.old_id))
    return found


def _claim(identifiers: Sequence[tuple[str, str, int, str]], positions: Mapping[tuple[str, str], int], at: datetime) -> None:
    """Write the numbers down, or say which is taken. Sorted, so that two lists never wait for each other."""
    columns: dict[int, list[object]] = defaultdict(list)
    for row in sorted(identifiers):
        for index, value in enumerate(row):
            columns[index].append(value)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_identifier (scheme, value, person_id, managed_by, recorded_at)"
            " SELECT v.*, %s FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[]) AS v"
            " ON CONFLICT DO NOTHING RETURNING scheme, value",
            [at, *(columns[index] for index in range(4))],
        )
        written = set(cursor.fetchall())
    taken = sorted((positions[key], key[0]) for key in positions if key not in written)
    if taken:
        position, scheme = taken[0]
        raise Conflict(REG_ALREADY_REGISTERED, where=f"entries[{position}]", scheme=scheme, position=position)


def _tidied(identity: IdentityFacts) -> IdentityFacts:
    return IdentityFacts(
        full_name=tidy(identity.full_name),
        birth_on=identity.birth_on,
        sex=identity.sex,
        birth_precision=identity.birth_precision,
        nationality=identity.nationality,
        ethnicity=identity.ethnicity,
        permanent_ward=identity.permanent_ward,
        permanent_street=tidy(identity.permanent_street),
    )


def _facts_of(identity: IdentityFacts, entry: PersonEntry) -> list[tuple[str, Json]]:
    facts: list[tuple[str, Json]] = [
        ("full_name", identity.full_name),
        ("birth_on", identity.birth_on.isoformat()),
        ("birth_precision", identity.birth_precision),
        ("sex", identity.sex),
        ("nationality", identity.nationality),
        ("ethnicity", identity.ethnicity),
        ("permanent_ward", identity.permanent_ward),
        ("permanent_street", identity.permanent_street),
    ]
    if entry.email or entry.mobile_phone:
        facts.append(("contact", {"email": tidy(entry.email), "mobile_phone": entry.mobile_phone}))
    return [(name, value) for name, value in facts if value]


def _check_identity(identity: IdentityFacts, position: int, at: datetime) -> None:
    wrong = ""
    if not 0 < len(tidy(identity.full_name)) <= 100:
        wrong = "full_name"
    elif not _EARLIEST_BIRTH <= identity.birth_on <= day_in_vietnam(at):
        wrong = "birth_on"
    elif identity.sex not in _SEXES:
        wrong = "sex"
    elif identity.birth_precision not in _PRECISIONS:
        wrong = "birth_precision"
    if wrong:
        raise Invalid(REG_BAD_IDENTITY, where=f"entries[{position}].{wrong}", position=position, field=wrong)


def _check_fact(name: str, value: Json) -> None:
    allowed = {"sex": _SEXES, "birth_precision": _PRECISIONS, "vital_status": {"ALIVE", "DECEASED", "MISSING"}}
    if name not in _PRESENT_COLUMN and name not in _OTHER_FACTS:
        raise Invalid(REG_BAD_FACT, where=name, name=name)
    if name in _PRESENT_COLUMN and value is not None:
        is_date = name in {"birth_on", "died_on"}
        if not isinstance(value, str) or (name in allowed and value not in allowed[name]) or (is_date and not _is_day(value)):
            raise Invalid(REG_BAD_FACT, where=name, name=name)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) >= _EARLIEST_BIRTH
    except ValueError:
        return False


def check_kept_here(person_id: int, managed_by: str | None) -> None:
    """Refuse what is not ours to show. Raises NotFound REG-001 where nobody is known, REG-002 where another keeps the person."""
    if managed_by is None:
        raise NotFound(REG_NO_SUCH_PERSON)
    if managed_by != own_custodian():
        raise NotFound(REG_OTHER_CUSTODIAN)
