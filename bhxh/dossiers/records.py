"""Inside the engine's transactions: lock a dossier, move it, count its lines. Used by the command modules only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Q

from bhxh.dossiers.errors import DOS_NO_DOSSIER, DOS_NO_RECEIPT, DOS_STALE, DOS_WRONG_STATE
from bhxh.dossiers.models import Dossier, Line
from bhxh.dossiers.states import FACTS, TERMINAL, LineState, State, is_allowed
from bhxh.kernel import jobs
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Conflict, Defect, NotFound

JOB_GATHER: Final = jobs.name("dossiers.dossier.gather")
JOB_DELIVER: Final = jobs.name("dossiers.dossier.deliver")
JOB_REPORT: Final = jobs.name("dossiers.portal.report")
JOB_SEAL_BOOKS: Final = jobs.name("book.books.seal")

BOOKS_PER_JOB: Final = 500  # LIMIT: one sealing transaction stays short; 10,000 lines are twenty jobs
SWEEP_AFTER: Final = timedelta(minutes=2)
"""How long a deferred job may take before the sweeper defers it again."""
_LONGEST_SLEEP: Final = timedelta(minutes=65)
"""LIMIT: nothing is put off for longer than an hour; a later instant was written by a clock that was ahead, and is not waited for."""


def should_have_moved(at: datetime) -> Q:
    """Dossiers that the sweeper wakes."""
    return Q(next_step_at__lte=at) | Q(next_step_at__gt=at + _LONGEST_SLEEP)


def lock_dossier(dossier_id: UUID, *, row_version: int | None = None) -> Dossier:
    """The dossier's row, locked. Raises NotFound DOS-002, Conflict DOS-004 where the caller saw an older version."""
    row = Dossier.objects.select_for_update().filter(dossier_id=dossier_id).first()
    if row is None:
        raise NotFound(DOS_NO_DOSSIER)
    check_version(row, row_version)
    return row


def check_version(row: Dossier, row_version: int | None) -> None:
    """Raises Conflict DOS-004 where the caller saw an older version."""
    if row_version is not None and row.row_version != row_version:
        raise Conflict(DOS_STALE)


def require_state(row: Dossier, *states: State) -> None:
    """Raises Conflict DOS-003 where the dossier stands elsewhere."""
    if State(row.state) not in states:
        raise Conflict(DOS_WRONG_STATE, state=FACTS[State(row.state)].vi)


def move(row: Dossier, to_state: State, *, actor: Actor, at: datetime, reason: str = "", document_sha256: str = "") -> None:
    """Take one step of the state table and write it into the history; the row itself is saved by the caller."""
    from_state = State(row.state)
    if not is_allowed(from_state, to_state):
        raise Conflict(DOS_WRONG_STATE, state=FACTS[from_state].vi)
    if to_state is State.RECEIVED and not row.receipt_sha256:
        raise Defect(DOS_NO_RECEIPT, code=row.code)
    row.state = to_state.value
    row.history_length += 1
    if to_state in TERMINAL:
        row.next_step_at = None
    step = (row.dossier_id, row.history_length, from_state, to_state, actor.kind, actor.account, reason, document_sha256)
    with connection.cursor() as cursor:
        # WHY greatest: a host's clock that was set back must not write a history that goes back. WHY in one statement with the tally's row: no step
        # may be written without it, and it costs no further way to the database (tally.py).
        cursor.execute(
            "WITH step AS (INSERT INTO dossiers_transition"
            " (dossier_id, n, from_state, to_state, actor_kind, account, reason, document_sha256, at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s,"
            " greatest(%s, (SELECT at FROM dossiers_transition WHERE dossier_id = %s AND n = %s))) RETURNING from_state, to_state)"
            " INSERT INTO dossiers_move (from_state, to_state) SELECT from_state, to_state FROM step",
            [*step, at, row.dossier_id, row.history_length - 1],
        )
    if row.portal_reference and FACTS[to_state].npsp_code is not None:
        jobs.defer(JOB_REPORT, dossier_id=str(row.dossier_id), n=row.history_length)


def save(row: Dossier) -> None:
    """Write the row back under a new version."""
    row.row_version += 1
    row.save(force_update=True)


# Each job says how many lines the list has: the queue keeps long lists out of the way of short ones.


def defer_gather(dossier_id: UUID, *, lines: int) -> None:
    """At most one gathering of a dossier waits at a time."""
    jobs.defer(JOB_GATHER, once_key=str(dossier_id), dossier_id=str(dossier_id), lines=lines)


def defer_delivery(dossier_id: UUID, *, lines: int) -> None:
    """At most one delivery of a dossier waits at a time."""
    jobs.defer(JOB_DELIVER, once_key=str(dossier_id), dossier_id=str(dossier_id), lines=lines)


def defer_sealing(dossier_id: UUID, person_ids: Sequence[int], *, lines: int) -> None:
    """The books of the touched persons, in batches."""
    for start in range(0, len(person_ids), BOOKS_PER_JOB):
        batch = list(person_ids[start : start + BOOKS_PER_JOB])
        jobs.defer(JOB_SEAL_BOOKS, dossier_id=str(dossier_id), person_ids=batch, lines=lines)


def insert_lines(dossier_id: UUID, lines: Sequence[tuple[int, str, Mapping[str, Json]]]) -> None:
    """All lines of a filing in one statement.

    WHY one JSON value: an array of texts that hold JSON is escaped letter by letter in Python, which took as long as reading them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_line (dossier_id, number, pin, state, content, findings, proposal)"
            " SELECT %s, (line ->> 0)::int, line ->> 1, 'pending', line -> 2, '[]'::jsonb, ''"
            " FROM jsonb_array_elements(%s::jsonb) AS given (line)",
            [dossier_id, orjson.dumps(lines).decode()],
        )


def write_verdicts(
    dossier_id: UUID,
    rows: Sequence[tuple[int, LineState, str, Sequence[Mapping[str, Json]], int | None, int | None]],
    *,
    only_from: LineState,
) -> int:
    """Lines' new state, proposal, findings, person and decision in one statement. Returns how many were written."""
    names = ("number", "state", "proposal", "findings", "person_id", "decision_n")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dossiers_line AS line SET state = given.state, proposal = given.proposal, findings = given.findings,"
            " person_id = COALESCE(given.person_id, line.person_id), decision_n = given.decision_n, appraisal_n = NULL"
            " FROM jsonb_to_recordset(%s::jsonb)"
            " AS given (number int, state text, proposal text, findings jsonb, person_id bigint, decision_n int)"
            " WHERE line.dossier_id = %s AND line.number = given.number AND line.state = %s",
            [orjson.dumps([dict(zip(names, row, strict=True)) for row in rows]).decode(), dossier_id, only_from.value],
        )
        return int(cursor.rowcount)


def count_lines(row: Dossier) -> None:
    """Bring the counts on the dossier's row up to its lines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM dossiers_line WHERE dossier_id = %s GROUP BY state", [row.dossier_id])
        counted = dict(cursor.fetchall())
    row.lines_pending = counted.get(LineState.PENDING.value, 0)
    row.lines_clean = counted.get(LineState.CLEAN.value, 0)
    row.lines_officer = counted.get(LineState.OFFICER.value, 0)
    row.lines_refused = counted.get(LineState.REFUSED.value, 0)
    row.lines_superseded = counted.get(LineState.SUPERSEDED.value, 0)


def numbers_in(dossier_id: UUID, state: LineState, numbers: Collection[int] | None = None) -> frozenset[int]:
    """Which lines are in a state, of all or of the given ones."""
    rows = Line.objects.filter(dossier_id=dossier_id, state=state.value)
    if numbers is not None:
        rows = rows.filter(number__in=list(numbers))
    return frozenset(rows.values_list("number", flat=True))
