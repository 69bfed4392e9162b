"""How much work there is and how fast it goes, in numbers that name nobody: for operators, supervisors and the public state of the system.

All windows are bounded. `dossier_id` is made of the time of filing (UUID version 7), so "filed since" is a range of the primary key, and
"asked since" one of `dossiers_evidence`'s; the queue is what the partial index `dossiers_queue` holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from bhxh.dossiers.ports import AnswerKind
from bhxh.dossiers.receipts import RECEIPT_LIMIT
from bhxh.dossiers.states import FACTS, Place, State
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.ids import first_uuid7

_SOON: Final = timedelta(minutes=30)
"""Before the two hours are over."""
_REGISTERS_WINDOW: Final = timedelta(hours=2)
_ASKED_ABOUT: Final = timedelta(days=3)
"""LIMIT: of dossiers filed longer ago an answer of today is not counted; a silent partner is asked about for some days at most."""
AGES: Final = (1, 3, 7, 14)
"""Days: bounds between the columns of the histogram."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAnswers:
    """How one register answered lately."""

    register: str
    asked: int
    silent: int
    """Unreachable, or an answer that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTimes:
    """How fast receipts left in a window."""

    due: int
    """Receipts that left, and those that have not and should have."""
    in_time: int
    waiting: int
    """Not sent and still within the two hours."""
    urgent: int
    """Not sent, and the two hours end within half an hour or have ended."""
    median_s: int | None
    slowest_s: int | None
    """The slowest of the fastest 95 in a hundred."""
    by_day: tuple[tuple[str, int, int], ...] = ()
    """(day in Viet Nam, due, in time)."""
    by_channel: tuple[tuple[str, int, int], ...] = ()
    """(which way it came, due, in time)."""

    @property
    def share_bp(self) -> int | None:
        """Basis points of those due that were in time; None where nothing was due."""
        return self.in_time * 10_000 // self.due if self.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAges:
    """What waits for officers of one procedure."""

    procedure_slug: str
    counts: tuple[int, ...]
    """By age: one more column than `AGES` has bounds."""
    overdue: int
    oldest_at: datetime

    @property
    def total(self) -> int:
        """Of all ages."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledSince:
    """Where everything filed since an instant is now."""

    filed: int
    by_place: dict[Place, int]

    @property
    def holds(self) -> bool:
        """Whether each is in exactly one place."""
        return self.filed == sum(self.by_place.values())


def list_register_answers(at: datetime) -> tuple[RegisterAnswers, ...]:
    """Of the last two hours, by register."""
    silent = [AnswerKind.UNAVAILABLE.value, AnswerKind.NONSENSE.value]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT register, count(*), count(*) FILTER (WHERE kind = ANY(%s)) FROM dossiers_evidence"
            " WHERE dossier_id >= %s AND fetched_at >= %s GROUP BY register ORDER BY register",
            [silent, first_uuid7(at - _ASKED_ABOUT), at - _REGISTERS_WINDOW],
        )
        return tuple(RegisterAnswers(register=register, asked=asked, silent=away) for register, asked, away in cursor.fetchall())


def receipt_times(since: datetime, at: datetime) -> ReceiptTimes:
    """Receipts of dossiers filed since. One pass over a range of the primary key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH waits AS (SELECT (submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, channel, submitted_at,"
            " extract(epoch FROM receipt_sent_at - submitted_at) AS took_s"
            " FROM dossiers_dossier WHERE dossier_id >= %(first)s AND submitted_at >= %(since)s AND received_at IS NOT NULL),"
            " judged AS (SELECT day, channel, submitted_at, took_s, took_s <= %(within)s AS in_time,"
            " took_s IS NOT NULL OR submitted_at < %(limit)s AS is_due FROM waits)"
            " SELECT day::text, channel, count(*) FILTER (WHERE is_due), count(*) FILTER (WHERE is_due AND in_time), count(*) FILTER (WHERE NOT is_due),"
            " count(*) FILTER (WHERE took_s IS NULL AND submitted_at < %(soon)s),"
            " percentile_cont(0.5) WITHIN GROUP (ORDER BY took_s), percentile_disc(0.95) WITHIN GROUP (ORDER BY took_s)"
            " FROM judged GROUP BY GROUPING SETS ((), (day), (channel)) ORDER BY channel NULLS FIRST, day NULLS FIRST",
            {
                "first": first_uuid7(since),
                "since": since,
                "within": RECEIPT_LIMIT.total_seconds(),
                "limit": at - RECEIPT_LIMIT,
                "soon": at - RECEIPT_LIMIT + _SOON,
            },
        )
        (_, _, due, in_time, waiting, urgent, median, slowest), *parts = cursor.fetchall()
    return ReceiptTimes(
        due=due,
        in_time=in_time,
        waiting=waiting,
        urgent=urgent,
        median_s=None if median is None else int(median),
        slowest_s=None if slowest is None else int(slowest),
        by_day=tuple((day, of_day, well) for day, _, of_day, well, *_ in parts if day),
        by_channel=tuple((channel, of_channel, well) for _, channel, of_channel, well, *_ in parts if channel),
    )


def list_late_receipts(
    since: datetime, at: datetime, *, channel: str = "", limit: int = 50
) -> tuple[tuple[str, datetime, datetime | None], ...]:
    """(code, submitted, receipt sent) of dossiers whose receipt left late or has not left in time, newest first; of one channel or of all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, submitted_at, receipt_sent_at FROM dossiers_dossier WHERE dossier_id >= %s AND submitted_at >= %s"
            " AND received_at IS NOT NULL AND coalesce(receipt_sent_at, %s) - submitted_at > make_interval(secs => %s) AND %s IN ('', channel) ORDER BY dossier_id DESC LIMIT %s",
            [first_uuid7(since), since, at, RECEIPT_LIMIT.total_seconds(), channel, limit],
        )
        return tuple(cursor.fetchall())


def list_queue_ages(at: datetime) -> tuple[QueueAges, ...]:
    """What waits for officers, by procedure and age. Only the rows of the queue's own partial index are read."""
    bounds = [at - timedelta(days=days) for days in reversed(AGES)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procedure_slug, width_bucket(received_at, %s::timestamptz[]), count(*), count(*) FILTER (WHERE due_on < %s),"
            " min(received_at) FROM dossiers_dossier WHERE state = 'IN_PROCESS' AND lines_officer > 0 GROUP BY 1, 2",
            [bounds, day_in_vietnam(at)],
        )
        rows = cursor.fetchall()
    return _by_procedure(rows)


def _by_procedure(rows: Sequence[tuple[str, int, int, int, datetime]]) -> tuple[QueueAges, ...]:
    slugs = sorted({row[0] for row in rows})
    found = []
    for slug in slugs:
        own = [row for row in rows if row[0] == slug]
        by_bucket = {bucket: count for _, bucket, count, _, _ in own}
        found.append(
            QueueAges(
                procedure_slug=slug,
                counts=tuple(by_bucket.get(bucket, 0) for bucket in range(len(AGES), -1, -1)),
                overdue=sum(row[3] for row in own),
                oldest_at=min(row[4] for row in own),
            )
        )
    return tuple(found)


def filed_since(since: datetime) -> FiledSince:
    """The conservation law over a window: two counts of two tables, each a range of its primary key, in one snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH first_step AS (SELECT count(*) AS filed FROM dossiers_transition WHERE dossier_id >= %(first)s AND n = 1)"
            " SELECT NULL, filed FROM first_step UNION ALL"
            " SELECT state, count(*) FROM dossiers_dossier WHERE dossier_id >= %(first)s GROUP BY state",
            {"first": first_uuid7(since)},
        )
        (_, filed), *states = cursor.fetchall()
    by_place = dict.fromkeys(Place, 0)
    for state, count in states:
        place = FACTS[State(state)].place
        if place is not None:
            by_place[place] += count
    return FiledSince(filed=filed, by_place=by_place)


@dataclass(frozen=True, slots=True, kw_only=True)
class InPlace:
    """A dossier of the conservation law, as operators see it: nothing of what it holds."""

    code: str
    procedure_slug: str
    state: State
    submitted_at: datetime


def list_in_place(place: Place, *, since: datetime | None = None, procedure_slug: str = "", limit: int = 50) -> tuple[InPlace, ...]:
    """The latest filed of those that are in one place. Each state is a range of its index, however many dossiers there are."""
    states = [state.value for state, facts in FACTS.items() if facts.place is place]
    first = first_uuid7(since) if since is not None else UUID(int=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT found.* FROM unnest(%(states)s::text[]) AS asked (state) CROSS JOIN LATERAL"
            " (SELECT code, procedure_slug, d.state, submitted_at FROM dossiers_dossier d WHERE d.state = asked.state AND dossier_id >= %(first)s"
            " AND (%(slug)s = '' OR procedure_slug = %(slug)s) ORDER BY dossier_id DESC LIMIT %(limit)s) AS found"
            " ORDER BY submitted_at DESC, code LIMIT %(limit)s",
            {"states": states, "first": first, "slug": procedure_slug, "limit": limit},
        )
        return tuple(InPlace(code=row[0], procedure_slug=row[1], state=State(row[2]), submitted_at=row[3]) for row in cursor.fetchall())
