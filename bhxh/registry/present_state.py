"""The present-state row of a person is what the facts say about today: it is recomputed from them, never edited beside them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.text import search_form
from bhxh.kernel.who import SYSTEM
from bhxh.registry.appending import lock_persons, own_custodian

REQUIRED = ("full_name", "birth_on", "birth_precision", "sex", "nationality")
OPTIONAL = ("ethnicity", "permanent_ward", "permanent_street", "vital_status", "died_on")
PRESENT = (*REQUIRED, *OPTIONAL)
"""Facts that the present-state row shows, under the same name."""

_SLICE = 1000  # LIMIT: persons locked at once by the daily refresh
_LATEST = """
    SELECT DISTINCT ON (person_id, name) person_id, name, value FROM registry_person_fact
    WHERE person_id = ANY(%s) AND name = ANY(%s) AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)
    ORDER BY person_id, name, n DESC"""
_UPDATE = """
    UPDATE registry_person p SET full_name = coalesce(f.full_name, p.full_name),
        full_name_search = coalesce(f.full_name_search, p.full_name_search), birth_on = coalesce(f.birth_on, p.birth_on),
        birth_precision = coalesce(f.birth_precision, p.birth_precision), sex = coalesce(f.sex, p.sex),
        nationality = coalesce(f.nationality, p.nationality), ethnicity = coalesce(f.ethnicity, ''),
        permanent_ward = coalesce(f.permanent_ward, ''), permanent_street = coalesce(f.permanent_street, ''),
        vital_status = coalesce(f.vital_status, 'ALIVE'), died_on = f.died_on, recorded_at = %s
    FROM jsonb_to_recordset(%s::jsonb) AS f(person_id bigint, full_name text, full_name_search text, birth_on date, birth_precision text,
        sex text, nationality text, ethnicity text, permanent_ward text, permanent_street text, vital_status text, died_on date)
    WHERE p.person_id = f.person_id"""


def recompute(person_ids: Collection[int], *, on: date, at: datetime) -> None:
    """Set the present-state rows of locked persons to what their facts say about a day: two statements however many."""
    rows: dict[int, dict[str, Any]] = {person_id: {"person_id": person_id} for person_id in person_ids}
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [list(rows), list(PRESENT), on, on])
        for person_id, name, value in cursor.fetchall():
            rows[person_id][name] = orjson.loads(value) if isinstance(value, str) else value
        for row in rows.values():
            if row.get("full_name"):
                row["full_name_search"] = search_form(row["full_name"])
        cursor.execute(_UPDATE, [at, orjson.dumps(list(rows.values())).decode()])


@command(by=SYSTEM)
def refresh_present_state(*, actor: Actor, at: datetime, since: date) -> int:
    """Let facts whose day came (or ended) after `since` become the present state. For the nightly job; idempotent. Returns how many persons."""
    today = day_in_vietnam(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.person_id FROM registry_person_fact f JOIN registry_person p ON p.person_id = f.person_id"
            " WHERE p.managed_by = %s AND f.name = ANY(%s)"
            " AND ((f.valid_from > %s AND f.valid_from <= %s) OR (f.valid_until > %s AND f.valid_until <= %s)) ORDER BY p.person_id",
            [own_custodian().value, list(PRESENT), since, today, since, today],
        )
        ids = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(ids), _SLICE):
        lock_persons(ids[start : start + _SLICE])
        recompute(ids[start : start + _SLICE], on=today, at=at)
    record(actor=actor, at=at, verb="registry.person.refresh", detail={"persons": len(ids), "since": since.isoformat()})
    return len(ids)
