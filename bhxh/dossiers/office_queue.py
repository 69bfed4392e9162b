"""The one national queue as officers work through it: what waits, narrowed down, nearest deadline first; how the day goes; what comes next.

Shape:  a page is one statement and so are its counts, whatever the length of the queue: the partial index `dossiers_queue` gives the order,
        and what stands on the lines is looked up for the rows of the page only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from bhxh.dossiers.states import State
from bhxh.kernel.canonical import Json

PAGE: Final = 25  # LIMIT: rows of one page
_COUNTED: Final = 1_000  # LIMIT: beyond this a page says "more than"
LOOKED_AT: Final = 20  # LIMIT: lines of a dossier whose findings its row tells
LONGEST: Final = 200  # LIMIT: rows read at once, where cases are compared


class Waits(StrEnum):
    """What a dossier waits for."""

    APPRAISAL = "appraisal"
    APPROVAL = "approval"
    """Somebody proposed; a second officer decides."""
    SIGNATURE = "signature"
    """Nobody could prove it yet."""
    SUPPLEMENT = "supplement"
    """The filer's answer."""


class Deadline(StrEnum):
    """When it is due."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    """Within the next three days."""
    LATER = "later"


class Check(StrEnum):
    """What the rules found on its waiting lines."""

    UNCLEAR = "unclear"
    NOT_MET = "not_met"
    CLEAN = "clean"
    """Neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What is looked for; empty: everything that waits for officers. Several values of one kind widen, several kinds narrow."""

    procedures: frozenset[str] = frozenset()
    waits: frozenset[Waits] = frozenset()
    deadlines: frozenset[Deadline] = frozenset()
    checks: frozenset[Check] = frozenset()
    taken_by: str = ""
    """Account of an officer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One dossier that waits. Nobody's data: whom it concerns, the dossier says to whoever opens it."""

    dossier_id: UUID
    code: str
    procedure_slug: str
    state: State
    employer_id: int | None
    submitted_at: datetime
    due_on: date | None
    assigned_to: str
    signature_pending: bool
    supplement_due_on: date | None
    lines_total: int
    lines_officer: int
    row_version: int
    appraised: int
    """Of the lines looked at: those that wait for a second officer."""
    findings: tuple[Mapping[str, Json], ...]
    """Of the lines looked at: each unlike the others once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCounts:
    """How the queue stands."""

    found: int
    is_more: bool
    """More than were counted."""
    overdue: int
    next_due_on: date | None


def list_page(wanted: QueueFilter, *, on: date, after: tuple[date, UUID] | None = None, limit: int = PAGE) -> tuple[QueueRow, ...]:
    """A page, nearest deadline first; `after` is the last row of the page before."""
    where, values = _conditions(wanted, on)
    if after is not None:
        where.append("(d.due_on, d.dossier_id) > (%s, %s)")
        values += after
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.*, seen.appraised, seen.findings FROM (SELECT {_COLUMNS}"  # our own constants
            f" FROM dossiers_dossier d WHERE {' AND '.join(where)} ORDER BY d.due_on, d.dossier_id LIMIT %s) d"
            " CROSS JOIN LATERAL (SELECT count(l.appraisal_n) AS appraised, coalesce(jsonb_agg(l.findings), '[]'::jsonb) AS findings"
            "  FROM (SELECT l.appraisal_n, l.findings FROM dossiers_line l WHERE l.dossier_id = d.dossier_id AND l.state = 'officer'"
            "  ORDER BY l.number LIMIT %s) l) seen ORDER BY d.due_on, d.dossier_id",
            [*values, min(limit, LONGEST), LOOKED_AT],
        )
        return tuple(_row(row) for row in cursor.fetchall())


def count_queue(wanted: QueueFilter, *, on: date) -> QueueCounts:
    """Everything a page of the queue counts, in one statement. How the day's receipts went: `load_queries.receipt_times`."""
    where, values = _conditions(wanted, on)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM (SELECT 1 FROM dossiers_dossier d WHERE {' AND '.join(where)} LIMIT %s) found),"  # our own constants
            " (SELECT count(*) FROM dossiers_dossier WHERE state = 'IN_PROCESS' AND lines_officer > 0 AND due_on < %s),"
            " (SELECT min(due_on) FROM dossiers_dossier WHERE state = 'IN_PROCESS' AND lines_officer > 0 AND due_on >= %s)",
            [*values, _COUNTED + 1, on, on],
        )
        found, overdue, next_due_on = cursor.fetchone()
    return QueueCounts(
        found=min(found, _COUNTED),
        is_more=found > _COUNTED,
        overdue=overdue,
        next_due_on=next_due_on,
    )


def find_next(wanted: QueueFilter, *, on: date, after: tuple[date, UUID] | None) -> QueueRow | None:
    """What an officer takes up next: the first after this one, or else the first of all. None where nothing else waits."""
    rows = list_page(wanted, on=on, after=after, limit=1)
    if rows or after is None:
        return next(iter(rows), None)
    return next((row for row in list_page(wanted, on=on, limit=2) if row.dossier_id != after[1]), None)


_COLUMNS: Final = (
    "d.dossier_id, d.code, d.procedure_slug, d.state, d.employer_id, d.submitted_at, d.due_on, d.assigned_to, d.signature_pending,"
    " d.supplement_due_on, d.lines_total, d.lines_officer, d.row_version"
)
_LINES: Final = "(SELECT 1 FROM dossiers_line l WHERE l.dossier_id = d.dossier_id AND l.state = 'officer'"
_WITH_OFFICERS: Final = "d.state = 'IN_PROCESS' AND d.lines_officer > 0"
_WAITS: Final = {
    Waits.APPRAISAL: f"({_WITH_OFFICERS} AND EXISTS {_LINES} AND l.appraisal_n IS NULL))",
    Waits.APPROVAL: f"({_WITH_OFFICERS} AND EXISTS {_LINES} AND l.appraisal_n IS NOT NULL))",
    Waits.SIGNATURE: "(d.state = 'RECEIVED' AND d.signature_pending)",
    Waits.SUPPLEMENT: "(d.state = 'SUPPLEMENT_REQUIRED')",
}
_UNCLEAR, _NOT_MET = (f"""EXISTS {_LINES} AND l.findings @> '[{{"outcome": "{outcome}"}}]'::jsonb)""" for outcome in ("unclear", "not_met"))
_CHECKS: Final = {Check.UNCLEAR: _UNCLEAR, Check.NOT_MET: _NOT_MET, Check.CLEAN: f"NOT ({_UNCLEAR} OR {_NOT_MET})"}


def _conditions(wanted: QueueFilter, on: date) -> tuple[list[str], list[Any]]:
    where, values = [_any(_WAITS[one] for one in sorted(wanted.waits)) if wanted.waits else _WITH_OFFICERS], list[Any]()
    if wanted.procedures:
        where.append("d.procedure_slug = ANY(%s)")
        values.append(sorted(wanted.procedures))
    if wanted.deadlines:
        where.append(_any("(d.due_on >= %s AND d.due_on < %s)" for _ in wanted.deadlines))
        values += [day for one in sorted(wanted.deadlines) for day in _span(one, on)]
    if wanted.checks:
        where.append(_any(_CHECKS[one] for one in sorted(wanted.checks)))
    if wanted.taken_by:
        where.append("d.assigned_to = %s")
        values.append(wanted.taken_by)
    return where, values


def _any(conditions: Any) -> str:
    return f"({' OR '.join(conditions)})"


def _span(deadline: Deadline, on: date) -> tuple[date, date]:
    tomorrow, soon = on + timedelta(days=1), on + timedelta(days=4)
    return {
        Deadline.OVERDUE: (date.min, on),
        Deadline.TODAY: (on, tomorrow),
        Deadline.SOON: (tomorrow, soon),
        Deadline.LATER: (soon, date.max),
    }[deadline]


def _row(row: Sequence[Any]) -> QueueRow:
    each: dict[bytes, Mapping[str, Json]] = {}
    for findings in _loaded(row[14]):
        for finding in findings:
            each.setdefault(orjson.dumps((finding["code"], finding.get("parameters", {}).get("label", ""))), finding)
    return QueueRow(
        dossier_id=row[0],
        code=row[1],
        procedure_slug=row[2],
        state=State(row[3]),
        employer_id=row[4],
        submitted_at=row[5],
        due_on=row[6],
        assigned_to=row[7],
        signature_pending=row[8],
        supplement_due_on=row[9],
        lines_total=row[10],
        lines_officer=row[11],
        row_version=row[12],
        appraised=row[13],
        findings=tuple(each.values()),
    )


def _loaded(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str | bytes) else value
