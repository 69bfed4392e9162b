"""Write the log: changes, looks and idempotency keys. Every other room's commands call these."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from bhxh.audit.command_wrapper import command, count_entries
from bhxh.audit.digests import ENTRY_COLUMNS, digest
from bhxh.audit.errors import AUD_OUTSIDE_COMMAND
from bhxh.audit.models import Entry, IdempotencyKey
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Defect
from bhxh.kernel.ids import uuid7

__all__ = ["command", "record", "record_look", "record_looks", "record_many", "remember_answer"]

_LOOK_COLUMNS = (
    "person_id, look_id, digest, at, what, actor_kind, account, acting_person_id, employer_id, purpose, legal_basis, request_id, dossier_id"
)
_SHARED = ", ".join(["%s"] * 10)


def record(
    *,
    actor: Actor,
    at: datetime,
    verb: str,
    person_id: int | None = None,
    dossier_id: UUID | None = None,
    detail: Mapping[str, Json] | None = None,
) -> None:
    """Write one audit entry in the open command. `detail` holds ids, counts and codes; no personal data."""
    record_many(actor=actor, at=at, verb=verb, subjects=[(person_id, detail or {})], dossier_id=dossier_id)


def record_many(
    *, actor: Actor, at: datetime, verb: str, subjects: Iterable[tuple[int | None, Mapping[str, Json]]], dossier_id: UUID | None = None
) -> int:
    """The same for many data subjects, set-based. Returns how many entries were written."""
    rows = [_entry(actor, at, verb, person_id, dossier_id, detail) for person_id, detail in subjects]
    if not count_entries(len(rows)):
        raise Defect(AUD_OUTSIDE_COMMAND, verb=verb)
    Entry.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def record_look(*, actor: Actor, at: datetime, person_id: int, what: str, dossier_id: UUID | None = None) -> None:
    """Write down that one person's data were shown. Call it before the data leave."""
    record_looks(actor=actor, at=at, person_ids=[person_id], what=what, dossier_id=dossier_id)


def record_looks(*, actor: Actor, at: datetime, person_ids: Iterable[int], what: str, dossier_id: UUID | None = None) -> int:
    """One look for each person, in one statement. Joins an open transaction, else is durable on return."""
    fixed = (what, actor.kind.value, actor.account, actor.person_id, actor.employer_id, actor.purpose, actor.legal_basis.value)
    rows = []
    for person_id in person_ids:
        look_id = uuid7(at)
        rows.append((person_id, look_id, digest((person_id, look_id, at, *fixed, actor.request_id, dossier_id))))
    shared = (at, *fixed, actor.request_id, dossier_id)
    if not rows:
        return 0
    with connection.cursor() as cursor:
        # WHY two forms: a page shows one person, and the plain row costs half; a job writes ten thousand in one statement.
        if len(rows) == 1:
            cursor.execute(f"INSERT INTO audit_look ({_LOOK_COLUMNS}) VALUES (%s, %s, %s, {_SHARED})", [*rows[0], *shared])
        else:
            cursor.execute(
                f"INSERT INTO audit_look ({_LOOK_COLUMNS}) SELECT person_id, look_id, digest, {_SHARED}"
                " FROM unnest(%s::bigint[], %s::uuid[], %s::bytea[]) AS seen (person_id, look_id, digest)",
                [*shared, *map(list, zip(*rows, strict=True))],
            )
    return len(rows)


def remember_answer(*, at: datetime, scope: str, key: str, content_sha256: str, answer: Json) -> None:
    """Keep the answer given to an idempotency key, in the transaction of the change it answers for.

    Raises: django.db.IntegrityError where another request with the same key commits first; the caller then reads that one's answer.
    """
    IdempotencyKey.objects.create(scope=scope, key=key, content_sha256=content_sha256, answer=answer, at=at)


def _entry(actor: Actor, at: datetime, verb: str, person_id: int | None, dossier_id: UUID | None, detail: Mapping[str, Json]) -> Entry:
    content = {
        "at": at,
        "verb": verb,
        "actor_kind": actor.kind.value,
        "account": actor.account,
        "acting_person_id": actor.person_id,
        "employer_id": actor.employer_id,
        "on_behalf_of_person_id": actor.on_behalf_of_person_id,
        "purpose": actor.purpose,
        "legal_basis": actor.legal_basis.value,
        "request_id": actor.request_id,
        "person_id": person_id,
        "dossier_id": dossier_id,
        "detail": dict(detail),
    }
    assert tuple(content) == ENTRY_COLUMNS, "the digest covers the columns in this order"
    return Entry(**content, digest=digest(tuple(content.values())))
