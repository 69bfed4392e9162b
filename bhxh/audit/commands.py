"""Write the log: changes and looks. Every other room's commands call these."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bhxh.audit.command_wrapper import command, count_entries
from bhxh.audit.digests import ENTRY_COLUMNS, LATER_ENTRY_COLUMNS, LATER_LOOK_COLUMNS, LOOK_COLUMNS, EntryDigests, digest
from bhxh.audit.errors import AUD_OUTSIDE_COMMAND
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.errors import Defect
from bhxh.kernel.ids import uuid7
from bhxh.kernel.postgres_format import END, START, int8, jsonb, octets, start_of_row, text, timestamptz, uuid
from bhxh.kernel.text import tidy

__all__ = ["RECORD_LOOK", "command", "look_parameters", "record", "record_look", "record_looks", "record_many"]

_LOOK_COLUMNS = ", ".join((*LOOK_COLUMNS[:2], "digest", *LOOK_COLUMNS[2:], *LATER_LOOK_COLUMNS))
_LOOK_TYPES = (
    *("bigint", "uuid", "bytea", "timestamptz", "text", "text", "text", "bigint", "bigint", "text", "text", "text", "uuid"),
    *("text", "bigint", "uuid", "uuid", "text", "text"),
)
RECORD_LOOK = f"INSERT INTO audit_look ({_LOOK_COLUMNS}) SELECT {', '.join(f'%s::{kind}' for kind in _LOOK_TYPES)}"
"""One look, to be followed by FROM and what is shown: for statements of higher rooms that read a row and write the look of it at once."""
_VALUES = ", ".join(["%s"] * len(_LOOK_TYPES))
_SHARED = ", ".join(["%s"] * (len(_LOOK_TYPES) - 3))
assert ENTRY_COLUMNS[-3:] == ("person_id", "dossier_id", "detail"), "the digest covers the columns in this order"
_ENTRY_WRITTEN = (*ENTRY_COLUMNS[:-3], *LATER_ENTRY_COLUMNS, "dossier_id", "person_id", "detail", "digest")
_INSERT_ENTRY = f"INSERT INTO audit_entry ({', '.join(_ENTRY_WRITTEN)}) VALUES ({', '.join(['%s'] * len(_ENTRY_WRITTEN))})"
_COPY_ENTRIES = f"COPY audit_entry ({', '.join(_ENTRY_WRITTEN)}) FROM STDIN (FORMAT BINARY)"


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
    fixed = (
        *(at, verb, actor.kind.value, actor.account, actor.person_id, actor.employer_id, actor.on_behalf_of_person_id),
        *(actor.purpose, actor.legal_basis.value, actor.request_id),
    )
    later = (actor.consent_id, actor.mandate_id)
    digest_of = EntryDigests(fixed, dossier_id, dict(zip(LATER_ENTRY_COLUMNS, later, strict=True)))
    rows = []
    for person_id, detail in subjects:
        content = canonical_bytes(detail)
        rows.append((person_id, content, digest_of(person_id, content)))
    if not count_entries(len(rows)):
        raise Defect(AUD_OUTSIDE_COMMAND, verb=verb)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        # WHY two forms: most commands write one entry; a posting or a sealing one for each of thousands of persons, alike but for them.
        if len(rows) == 1:
            [(person_id, content, row_digest)] = rows
            cursor.execute(_INSERT_ENTRY, [*fixed, *later, dossier_id, person_id, content.decode(), row_digest])
        elif rows:
            start = start_of_row(len(_ENTRY_WRITTEN)) + b"".join(map(_packed, fixed)) + b"".join(map(uuid, (*later, dossier_id)))
            packed = [b"%b%b%b%b" % (start, int8(person_id), jsonb(content), octets(row_digest)) for person_id, content, row_digest in rows]
            with cursor.copy(_COPY_ENTRIES) as copy:
                copy.write(b"".join((START, *packed, END)))
    return len(rows)


def _packed(value: datetime | str | int | None) -> bytes:
    match value:
        case datetime():
            return timestamptz(value)
        case str():
            return text(value)
        case _:
            return int8(value)


def record_look(
    *, actor: Actor, at: datetime, person_id: int, what: str, dossier_id: UUID | None = None, groups: Sequence[str] = (), reason: str = ""
) -> None:
    """Write down that one person's data were shown. Call it before the data leave."""
    record_looks(actor=actor, at=at, person_ids=[person_id], what=what, dossier_id=dossier_id, groups=groups, reason=reason)


def record_looks(
    *,
    actor: Actor,
    at: datetime,
    person_ids: Iterable[int],
    what: str,
    dossier_id: UUID | None = None,
    groups: Sequence[str] = (),
    reason: str = "",
) -> int:
    """One look for each person, in one statement. Joins an open transaction, else is durable on return.

    Shape:  `what` is a slug of `audit.shown.SHOWN`; `groups` names what was shown where that is less than the slug says: data groups, or
            fields as `group.field`. `reason` is what an officer wrote; the person reads it.
    """
    rows = [_look_row(actor, at, person_id, what, dossier_id, groups, reason) for person_id in person_ids]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        # WHY two forms: a page shows one person, and the plain row costs half; a job writes ten thousand in one statement.
        if len(rows) == 1:
            cursor.execute(f"INSERT INTO audit_look ({_LOOK_COLUMNS}) VALUES ({_VALUES})", rows[0])
        else:
            cursor.execute(
                f"INSERT INTO audit_look ({_LOOK_COLUMNS}) SELECT person_id, look_id, digest, {_SHARED}"
                " FROM unnest(%s::bigint[], %s::uuid[], %s::bytea[]) AS seen (person_id, look_id, digest)",
                [*rows[0][3:], *map(list, zip(*(row[:3] for row in rows), strict=True))],
            )
    return len(rows)


def look_parameters(*, actor: Actor, at: datetime, person_id: int, what: str) -> tuple[Any, ...]:
    """What `RECORD_LOOK` takes, in its order."""
    return _look_row(actor, at, person_id, what, None, (), "")


def _look_row(
    actor: Actor, at: datetime, person_id: int, what: str, dossier_id: UUID | None, groups: Sequence[str], reason: str
) -> tuple[Any, ...]:
    """The columns of `_LOOK_COLUMNS`."""
    shared = (
        *(at, what, actor.kind.value, actor.account, actor.person_id, actor.employer_id),
        *(actor.purpose, actor.legal_basis.value, actor.request_id, dossier_id),
    )
    later = (
        *(",".join(sorted(actor.roles)) or None, actor.on_behalf_of_person_id, actor.consent_id, actor.mandate_id),
        *(",".join(groups) or None, tidy(reason) or None),
    )
    look_id = uuid7(at)
    row_digest = digest((person_id, look_id, *shared), dict(zip(LATER_LOOK_COLUMNS, later, strict=True)))
    return person_id, look_id, row_digest, *shared, *later
