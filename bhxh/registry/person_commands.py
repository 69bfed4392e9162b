"""Record what becomes known of persons: facts, verification, contact."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from bhxh.audit.commands import command, record, record_many
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Invalid
from bhxh.kernel.text import search_form, tidy
from bhxh.registry.appending import append_rows, lock_persons
from bhxh.registry.errors import REG_BAD_FACT
from bhxh.registry.facts import ContactRow, Provenance, Verification, VerificationResult
from bhxh.registry.registering import EARLIEST_BIRTH, FACT_COLUMNS, PRECISIONS, SEXES

_PRESENT_COLUMNS = frozenset(
    {
        "full_name",
        "birth_on",
        "birth_precision",
        "sex",
        "nationality",
        "ethnicity",
        "permanent_ward",
        "permanent_street",
        "vital_status",
        "died_on",
    }
)
"""Facts that the present-state row shows too, under the same name."""
_OTHER_FACTS = {"birth_registration_place", "home_town", "father", "mother", "spouse", "legal_representative", "tax_code", "bank_account"}


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
        FACT_COLUMNS,
        [(person_id, (name, orjson.dumps(value).decode(), valid_from, valid_until, *source)) for name, value in tidied.items()],
    )
    today = day_in_vietnam(at)
    present = {name: value for name, value in tidied.items() if name in _PRESENT_COLUMNS and value is not None}
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
        FACT_COLUMNS,
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
    if name not in _PRESENT_COLUMNS and name not in _OTHER_FACTS:
        raise Invalid(REG_BAD_FACT, where=name, name=name)
    if name in _PRESENT_COLUMNS and value is not None:
        is_date = name in {"birth_on", "died_on"}
        if not isinstance(value, str) or (name in allowed and value not in allowed[name]) or (is_date and not _is_day(value)):
            raise Invalid(REG_BAD_FACT, where=name, name=name)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) >= EARLIEST_BIRTH
    except ValueError:
        return False
