"""Register persons: one person, one social insurance code. Lists are set-based: the statements do not grow with the list."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import orjson
from django.db import connection

from bhxh.audit.commands import command, record, record_many
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.identifiers import PassportNumber, Pin, SocialInsuranceCode
from bhxh.kernel.text import search_form, tidy
from bhxh.kernel.who import SYSTEM
from bhxh.registry.appending import append_rows, copy_rows, lock_persons, next_ids, own_custodian
from bhxh.registry.errors import REG_ALREADY_REGISTERED, REG_BAD_IDENTITY, REG_HAS_PIN, REG_NO_IDENTIFIER
from bhxh.registry.facts import SOURCE_COLUMNS, IdentityFacts, PersonEntry, Provenance, Scheme, Verification

EARLIEST_BIRTH = date(1890, 1, 1)
SEXES = frozenset({"MALE", "FEMALE", "UNDETERMINED"})
PRECISIONS = frozenset({"DAY", "MONTH", "YEAR"})
FACT_COLUMNS = ("name", "value", "valid_from", "valid_until", *SOURCE_COLUMNS)


@command(by=SYSTEM)
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


@command(by=SYSTEM)
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
        source = (entry.provenance or provenance).as_columns(at)
        persons.append(_person_row(person_id, si_code, entry, identity, managed_by, at))
        contacts.append((person_id, tidy(entry.email), entry.mobile_phone, "", "", "EMAIL", at))
        facts += [
            (person_id, (name, orjson.dumps(value).decode(), identity.birth_on, None, *source))
            for name, value in _facts_of(identity, entry, si_code)
        ]
    _claim(identifiers, positions, at)
    copy_rows("registry_person", _PERSON_COLUMNS, persons)
    copy_rows(
        "registry_contact",
        ("person_id", "email", "mobile_phone", "current_ward", "current_street", "preferred_channel", "recorded_at"),
        contacts,
    )
    append_rows("registry_person_fact", FACT_COLUMNS, facts)
    record_many(
        actor=actor,
        at=at,
        verb="registry.person.register",
        subjects=[(person_id, {}) for person_id in person_ids],
        dossier_id=provenance.dossier_id,
    )
    return person_ids


@command(by=SYSTEM)
def assign_pin(*, actor: Actor, at: datetime, person_id: int, pin: Pin, provenance: Provenance) -> None:
    """Give a person who had none a personal number: it becomes the social insurance code, the old code stays an alias.

    Raises: NotFound REG-001, REG-002; Conflict REG-014 where the person has one, REG-003 where somebody else has it.
    """
    lock_persons([person_id])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pin FROM registry_person WHERE person_id = %s", [person_id])
        if cursor.fetchone() != ("",):
            raise Conflict(REG_HAS_PIN, where="pin")
        numbers = [(scheme.value, str(pin), person_id, own_custodian().value) for scheme in (Scheme.PIN, Scheme.SI)]
        _claim(numbers, {(scheme, value): 0 for scheme, value, _, _ in numbers}, at)
        cursor.execute(
            "UPDATE registry_person SET pin = %s, si_code = %s, recorded_at = %s WHERE person_id = %s", [str(pin), str(pin), at, person_id]
        )
    text, source, today = orjson.dumps(pin).decode(), provenance.as_columns(at), day_in_vietnam(at)
    append_rows("registry_person_fact", FACT_COLUMNS, [(person_id, (name, text, today, None, *source)) for name in ("pin", "si_code")])
    record(actor=actor, at=at, verb="registry.person.assign_pin", person_id=person_id, dossier_id=provenance.dossier_id)


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


def _facts_of(identity: IdentityFacts, entry: PersonEntry, si_code: str) -> list[tuple[str, Json]]:
    facts: list[tuple[str, Json]] = [
        ("si_code", si_code),
        ("pin", str(entry.pin or "")),
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
    elif not EARLIEST_BIRTH <= identity.birth_on <= day_in_vietnam(at):
        wrong = "birth_on"
    elif identity.sex not in SEXES:
        wrong = "sex"
    elif identity.birth_precision not in PRECISIONS:
        wrong = "birth_precision"
    if wrong:
        raise Invalid(REG_BAD_IDENTITY, where=f"entries[{position}].{wrong}", position=position, field=wrong)
