"""How many dossiers stand where, without counting them: a running count that every step brings up to date in its own transaction.

Each step leaves a row in `dossiers_move`; `fold` adds those rows up into a row for each state. What is read is always both together, in one
statement, so that the number is exact whether they were added up or not, and no two filings ever wait for one row. `recount` counts
everything, at night, and keeps what it found.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from bhxh.dossiers.facts import Conservation
from bhxh.dossiers.models import Recount
from bhxh.dossiers.states import FACTS, Place, State

_AT_ONCE: Final = 100_000
"""LIMIT: rows added up in one transaction; what is left waits for the next minute, and is counted meanwhile."""
_NOW: Final = (
    "SELECT state, sum(dossiers) AS dossiers FROM (SELECT state, dossiers FROM dossiers_tally"
    " UNION ALL SELECT to_state, count(*) FROM dossiers_move GROUP BY to_state"
    " UNION ALL SELECT from_state, -count(*) FROM dossiers_move GROUP BY from_state) AS told GROUP BY state"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """What the last count of everything found."""

    at: datetime
    filed: int
    disagreeing: int
    off_by: int

    @property
    def agrees(self) -> bool:
        """Whether history, dossiers and tally told the same."""
        return not self.disagreeing and not self.off_by


def fold() -> int:
    """Add up steps that were not yet. Returns how many. No entry in the log: the steps have theirs, and nothing is told anew here."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM dossiers_move WHERE move_id IN"
            " (SELECT move_id FROM dossiers_move ORDER BY move_id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING from_state, to_state),"
            " sums AS (SELECT state, sum(n) AS n FROM (SELECT to_state AS state, 1 AS n FROM gone UNION ALL SELECT from_state, -1 FROM gone)"
            " AS told GROUP BY state), added AS (INSERT INTO dossiers_tally (state, dossiers) SELECT state, n FROM sums ORDER BY state"
            " ON CONFLICT (state) DO UPDATE SET dossiers = dossiers_tally.dossiers + excluded.dossiers)"
            " SELECT count(*) FROM gone",
            [_AT_ONCE],
        )
        [count] = cursor.fetchone() or (0,)
        return int(count)


def counted(at: datetime, last: Recounted | None) -> Conservation:
    """The conservation law over everything ever filed, as of now: a sum of a few rows. `disagreeing` is what the last recount found."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        by_state = {State(state): int(count) for state, count in cursor.fetchall()}
    by_place = dict.fromkeys(Place, 0)
    for state, count in by_state.items():
        place = FACTS[state].place
        if place is not None:
            by_place[place] += count
    return Conservation(
        at=at, filed=-by_state.get(State.DRAFT, 0), by_place=by_place, disagreeing=last.disagreeing + last.off_by if last is not None else 0
    )


def last_recount() -> Recounted | None:
    """None where nothing was counted whole yet."""
    row = Recount.objects.order_by("-at").first()
    return None if row is None else Recounted(at=row.at, filed=row.filed, disagreeing=row.disagreeing, off_by=row.off_by)


def recount(at: datetime) -> Recounted:
    """Count everything: the append-only history, the dossiers themselves and the tally, in one snapshot; keep what was found."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH last_step AS (SELECT DISTINCT ON (dossier_id) dossier_id, to_state FROM dossiers_transition ORDER BY dossier_id, n DESC),"
            " pairs AS (SELECT d.state, l.to_state, l.dossier_id AS told FROM last_step l"
            " FULL JOIN dossiers_dossier d ON d.dossier_id = l.dossier_id),"
            " there AS (SELECT state, count(*) AS n FROM pairs WHERE state IS NOT NULL GROUP BY state"
            " UNION ALL SELECT 'DRAFT', -count(told) FROM pairs),"
            f" tallied AS ({_NOW})"
            " SELECT (SELECT count(told) FROM pairs), (SELECT count(*) FROM pairs WHERE state IS DISTINCT FROM to_state),"
            " (SELECT coalesce(sum(abs(coalesce(t.dossiers, 0) - coalesce(s.n, 0))), 0)"
            " FROM (SELECT state, sum(n) AS n FROM there GROUP BY state) s FULL JOIN tallied t ON t.state = s.state)"
        )
        filed, disagreeing, off_by = cursor.fetchone() or (0, 0, 0)
        found = Recounted(at=at, filed=int(filed), disagreeing=int(disagreeing), off_by=int(off_by))
        Recount.objects.create(at=at, filed=found.filed, disagreeing=found.disagreeing, off_by=found.off_by)
    return found
