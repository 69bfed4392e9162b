"""Record what becomes known of persons: facts, verification, contact."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import orjson
from django.db import connection

from bhxh.audit.commands import command, record_many
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Invalid
from bhxh.kernel.text import tidy
from bhxh.kernel.who import SYSTEM
from bhxh.registry.appending import append_rows, lock_persons
from bhxh.registry.errors import REG_BAD_FACT
from bhxh.registry.facts import ContactRow, FactsRow, Provenance, Verification, VerificationResult
from bhxh.registry.present_state import PRESENT, REQUIRED, recompute
from bhxh.registry.registering import EARLIEST_BIRTH, FACT_COLUMNS, PRECISIONS, SEXES

_OTHER_FACTS = {"birth_registration_place", "home_town", "father", "mother", "spouse", "legal_representative", "tax_code", "bank_account"}


@command(by=SYSTEM)
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
    """State facts of a person from a day on; see record_facts_of_many."""
    row = FactsRow(person_id=person_id, facts=facts, valid_from=valid_from, valid_until=valid_until)
    _record_facts(actor=actor, at=at, rows=[row], provenance=provenance)


@command(by=SYSTEM)
def record_facts_of_many(*, actor: Actor, at: datetime, rows: Sequence[FactsRow], provenance: Provenance) -> int:
    """State facts of persons; what was recorded before stays readable as it was known then. Returns how many rows were given.

    What holds today is the present state at once. `None` takes an optional fact back.
    Raises: NotFound REG-001, REG-002; Invalid REG-005 for a name that is no fact or a value that cannot be.
    """
    return _record_facts(actor=actor, at=at, rows=rows, provenance=provenance)


def _record_facts(*, actor: Actor, at: datetime, rows: Sequence[FactsRow], provenance: Provenance) -> int:
    ids = sorted({row.person_id for row in rows})
    lock_persons(ids)
    appended: list[tuple[int, Sequence[object]]] = []
    for row in rows:
        source = (row.provenance or provenance).as_columns(at)
        for name, value in row.facts.items():
            tidied = tidy(value) if isinstance(value, str) else value
            _check_fact(name, tidied)
            appended.append((row.person_id, (name, orjson.dumps(tidied).decode(), row.valid_from, row.valid_until, *source)))
    append_rows("registry_person_fact", FACT_COLUMNS, appended)
    recompute(ids, on=day_in_vietnam(at), at=at)
    record_many(
        actor=actor,
        at=at,
        verb="registry.person.record_facts",
        subjects=[(row.person_id, {"names": sorted(row.facts)}) for row in rows] or [(None, {"names": []})],
        dossier_id=provenance.dossier_id,
    )
    return len(rows)


@command(by=SYSTEM)
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
    append_rows(
        "registry_person_fact",
        FACT_COLUMNS,
        [
            (
                result.person_id,
                (
                    "verification",
                    orjson.dumps({"state": result.verification, "mismatch_fields": list(result.mismatch_fields)}).decode(),
                    day_in_vietnam(at),
                    None,
                    *(result.provenance or provenance).as_columns(at),
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


@command(by=SYSTEM)
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
        FACT_COLUMNS,
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


def _check_fact(name: str, value: Json) -> None:
    allowed = {"sex": SEXES, "birth_precision": PRECISIONS, "vital_status": {"ALIVE", "DECEASED", "MISSING"}}
    if (name not in PRESENT and name not in _OTHER_FACTS) or (value is None and name in REQUIRED):
        raise Invalid(REG_BAD_FACT, where=name, name=name)
    if name in PRESENT and value is not None:
        is_date = name in {"birth_on", "died_on"}
        if (
            not isinstance(value, str)
            or (name in REQUIRED and not value)
            or (name in allowed and value not in allowed[name])
            or (is_date and not _is_day(value))
        ):
            raise Invalid(REG_BAD_FACT, where=name, name=name)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) >= EARLIEST_BIRTH
    except ValueError:
        return False
