"""Change the ledger: post months, take months back. Nothing is ever edited or deleted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from bhxh.audit.commands import command, record_many
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.months import Month
from bhxh.kernel.text import tidy
from bhxh.kernel.who import SYSTEM
from bhxh.ledger.errors import (
    LED_MONTH_COUNTED,
    LED_NO_REASON,
    LED_NOTHING_TO_REVERSE,
    LED_PRESERVED_WITH_MONEY,
    LED_UNCOUNTED_TWICE,
)
from bhxh.ledger.fragments import TERM_COLUMNS, Terms, write_fragment
from bhxh.ledger.lines import COLUMNS, MONEY_COLUMNS, PLACE_COLUMNS, LineDraft, LineKind, Row
from bhxh.registry.commands import lock_persons

__all__ = ["LineDraft", "LineKind", "post_lines", "reverse_months"]


@command(by=SYSTEM)
def post_lines(*, actor: Actor, at: datetime, drafts: Sequence[LineDraft], basis: Citation, dossier_id: UUID | None) -> int:
    """Append a line for every draft; all or nothing. Returns how many.

    A month counts once: a further employer's line of the same month is posted as NOT_COUNTED. Two transactions that post the same
    month wait for each other at the person's row, and the second is refused.

    Raises: Conflict LED-001, LED-003 naming the first draft that may not be posted; Invalid LED-004; what `lock_persons` raises.
    """
    for position, draft in enumerate(drafts, start=1):
        if draft.kind is LineKind.PRESERVED and draft.due.worker_vnd + draft.due.employer_vnd > 0:
            raise Invalid(LED_PRESERVED_WITH_MONEY, where=f"drafts[{position - 1}]", position=position, month=draft.month.shown)
    ends = _lock_and_read_ends({draft.person_id for draft in drafts})
    months = _read_months((draft.person_id, draft.month.number) for draft in drafts)
    rows: list[Row] = []
    for position, draft in enumerate(drafts, start=1):
        month = months.get((draft.person_id, draft.month.number))
        if month is None:
            month = months[draft.person_id, draft.month.number] = _MonthState()
        row = draft.columns()
        if draft.is_counted:
            if month.counted is not None:
                raise Conflict(LED_MONTH_COUNTED, where=f"drafts[{position - 1}]", position=position, month=draft.month.shown)
            month.turn += 1
            month.counted = row
            row.update(turn=month.turn, sign=1)
        else:
            if draft.employer_id in month.uncounted:
                raise Conflict(LED_UNCOUNTED_TWICE, where=f"drafts[{position - 1}]", position=position, month=draft.month.shown)
            month.uncounted[draft.employer_id] = row
            month.uncounted_turns[draft.employer_id] += 1
            row.update(turn=month.uncounted_turns[draft.employer_id], sign=0)
        row.update(reverses_n=None, dossier_id=dossier_id, basis=str(basis))
        rows.append(row)
    return _append(actor=actor, at=at, verb="ledger.line.post", rows=rows, ends=ends, dossier_id=dossier_id)


@command(by=SYSTEM)
def reverse_months(*, actor: Actor, at: datetime, months: Sequence[tuple[int, Month, int]], reason: str, dossier_id: UUID | None) -> int:
    """Take back the line in effect of each (person_id, month, employer_id), counted or not; all or nothing. Returns how many.

    The reversal is a line of its own with the same amounts; afterwards the month may be posted again.

    Raises: Conflict LED-002 naming the first entry without a line in effect; Invalid LED-005; what `lock_persons` raises.
    """
    reason = tidy(reason)
    if not reason:
        raise Invalid(LED_NO_REASON, where="reason")
    ends = _lock_and_read_ends({person_id for person_id, _, _ in months})
    states = _read_months((person_id, month.number) for person_id, month, _ in months)
    rows: list[Row] = []
    for position, (person_id, month, employer_id) in enumerate(months, start=1):
        state = states.get((person_id, month.number), _MonthState())
        if state.counted is not None and state.counted["employer_id"] == employer_id:
            taken_back, state.counted = state.counted, None
        elif employer_id in state.uncounted:
            taken_back = state.uncounted.pop(employer_id)
        else:
            raise Conflict(LED_NOTHING_TO_REVERSE, where=f"months[{position - 1}]", position=position, month=month.shown)
        rows.append(
            taken_back
            | {
                "sign": -taken_back["sign"],
                "reverses_n": taken_back["n"],
                "kind": LineKind.ADJUST.value,
                "note": reason,
                "dossier_id": dossier_id,
            }
        )
    return _append(actor=actor, at=at, verb="ledger.line.reverse", rows=rows, ends=ends, dossier_id=dossier_id)


@dataclass(slots=True)
class _End:
    """Where a person's lines end at present."""

    n: int
    recorded_at: datetime
    terms: Terms


class _MonthState:
    """What is in effect for one person and month."""

    def __init__(self) -> None:
        self.turn = 0
        self.counted: Row | None = None
        self.uncounted: dict[int, Row] = {}
        self.uncounted_turns: Counter[int] = Counter()


_READ_BACK = (
    "person_id", "n", "turn", "sign", "reverses_n", "terms_n", "month", "employer_id", *PLACE_COLUMNS, "kind", "is_hazardous", *MONEY_COLUMNS, "basis",
)  # fmt: skip


def _lock_and_read_ends(person_ids: set[int]) -> dict[int, _End]:
    """Serialise with every other change of these persons, then see where their lines end."""
    lock_persons(person_ids)
    with connection.cursor() as cursor:
        # WHY lateral: one step down the primary key for each person, however long the person's history is.
        cursor.execute(
            f"SELECT asked.person_id, line.* FROM unnest(%s::bigint[]) AS asked (person_id) CROSS JOIN LATERAL"
            f" (SELECT n, recorded_at, terms_n, {', '.join(TERM_COLUMNS)} FROM ledger_contribution_line AS own"
            "  WHERE own.person_id = asked.person_id ORDER BY n DESC LIMIT 1) AS line",
            [sorted(person_ids)],
        )
        return {
            person_id: _End(n, recorded_at, Terms(terms_n, tuple(values)))
            for person_id, n, recorded_at, terms_n, *values in cursor.fetchall()
        }


def _read_months(asked: Iterable[tuple[int, int]]) -> dict[tuple[int, int], _MonthState]:
    """The state of each asked (person, month), in one statement."""
    pairs = sorted(set(asked))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(f'line.{name}' for name in _READ_BACK)} FROM unnest(%s::bigint[], %s::int[]) AS asked (person_id, month)"
            " JOIN ledger_contribution_line AS line ON line.person_id = asked.person_id AND line.month = asked.month"
            " ORDER BY line.person_id, line.n",
            [[person_id for person_id, _ in pairs], [month for _, month in pairs]],
        )
        lines = [dict(zip(_READ_BACK, values, strict=True)) for values in cursor.fetchall()]
    states: dict[tuple[int, int], _MonthState] = {}
    for line in lines:
        state = states.setdefault((line["person_id"], line["month"]), _MonthState())
        match line["sign"], line["reverses_n"]:
            case 1, _:
                state.counted, state.turn = line, line["turn"]
            case -1, _:
                state.counted = None
            case _, None:
                state.uncounted[line["employer_id"]] = line
                state.uncounted_turns[line["employer_id"]] += 1
            case _:
                del state.uncounted[line["employer_id"]]
    return states


def _append(*, actor: Actor, at: datetime, verb: str, rows: Sequence[Row], ends: dict[int, _End], dossier_id: UUID | None) -> int:
    """Number the rows within each person, write them by one COPY, and journal one entry for each person."""
    lines_of: Counter[int] = Counter()
    for row in rows:
        person_id = row["person_id"]
        lines_of[person_id] += 1
        end = ends.get(person_id)
        if end is None:
            end = ends[person_id] = _End(0, at, Terms())
        end.n += 1
        row["n"] = end.n
        row["recorded_at"] = max(at, end.recorded_at)
        end.terms = write_fragment(row, end.terms)
    if rows:
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(f"COPY ledger_contribution_line ({', '.join(COLUMNS)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row([row[name] for name in COLUMNS])
    # WHY an entry without a person where there was nothing to do: a command that changed nothing is still on record.
    subjects: list[tuple[int | None, dict[str, Json]]] = [(person_id, {"lines": lines}) for person_id, lines in lines_of.items()]
    subjects = subjects or [(None, {"lines": 0})]
    record_many(actor=actor, at=at, verb=verb, subjects=subjects, dossier_id=dossier_id)
    return len(rows)
