"""Read the ledger. Everything that a book or a figure is made of can be asked as it was known at an instant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.kernel.postgres_format import bigint_array
from bhxh.law.participant_types import ParticipantType

_NO_VND: Final = Vnd(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMonth:
    """A month that is counted and not taken back."""

    month: Month
    employer_id: int
    base_vnd: Vnd
    """The base of the social insurance funds."""
    participant_type: ParticipantType
    unit_code: str
    line: int
    is_hazardous: bool
    is_contributed: bool = True
    """False for a month that counts as insured and for which nothing is due."""


@dataclass(frozen=True, slots=True)
class LineSource:
    """How we know a line."""

    recorded_at: datetime
    dossier_id: UUID | None
    """The dossier that posted it; None where it was taken over from an earlier system."""
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums of a person's lines: months by fund, money by payer. A month counts for a fund when the fund was paid for it."""

    si_months: int = 0
    ui_months: int = 0
    hi_months: int = 0
    hazardous_months: int = 0
    worker_vnd: Vnd = _NO_VND
    employer_vnd: Vnd = _NO_VND


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerMonth:
    """What one employer's lines of one month come to."""

    month: Month
    lines: int
    """Lines in effect, counted or not."""
    worker_vnd: Vnd
    employer_vnd: Vnd


_MONEY_SIGN = "CASE WHEN reverses_n IS NULL THEN 1 ELSE -1 END"
SUMS: Final = {
    "si_months": "coalesce(sum(sign) FILTER (WHERE retirement_worker_bp + retirement_employer_bp > 0"
    " OR (si_base_vnd > 0 AND worker_vnd + employer_vnd = 0)), 0)",
    "ui_months": "coalesce(sum(sign) FILTER (WHERE ui_base_vnd > 0), 0)",
    "hi_months": "coalesce(sum(sign) FILTER (WHERE hi_base_vnd > 0), 0)",
    "hazardous_months": "coalesce(sum(sign) FILTER (WHERE is_hazardous), 0)",
    "worker_vnd": "coalesce(sum(CASE WHEN reverses_n IS NULL THEN worker_vnd ELSE -worker_vnd END)::bigint, 0)",
    "employer_vnd": "coalesce(sum(CASE WHEN reverses_n IS NULL THEN employer_vnd ELSE -employer_vnd END)::bigint, 0)",
}
"""The fields of `Totals` over a person's lines, in SQL.

WHY also a month with a base and nothing due: maternity leave counts as insured, and nobody contributes (Law 41/2024/QH15, Art. 33).
"""


def list_open_months(person_ids: Collection[int], from_month: Month, employer_id: int | None = None) -> dict[int, tuple[OpenMonth, ...]]:
    """The counted months in effect of each person from a month on, in order; optionally only those at one employer."""
    return _list_in_effect(person_ids, from_month, employer_id, sign=1)


def list_uncounted_months(
    person_ids: Collection[int], from_month: Month, employer_id: int | None = None
) -> dict[int, tuple[OpenMonth, ...]]:
    """The same for lines in effect that do not count: NOT_COUNTED and PRESERVED. Such a line must be taken back before it is posted anew."""
    return _list_in_effect(person_ids, from_month, employer_id, sign=0)


def _list_in_effect(
    person_ids: Collection[int], from_month: Month, employer_id: int | None, *, sign: int
) -> dict[int, tuple[OpenMonth, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, month, employer_id, si_base_vnd, participant_type, unit_code, n, is_hazardous, worker_vnd + employer_vnd > 0"
            " FROM ledger_contribution_line AS line"
            " WHERE person_id = ANY(%s) AND month >= %s AND sign = %s AND reverses_n IS NULL AND (%s::bigint IS NULL OR employer_id = %s)"
            " AND NOT EXISTS (SELECT 1 FROM ledger_contribution_line AS back"
            "  WHERE back.person_id = line.person_id AND back.reverses_n = line.n)"
            " ORDER BY person_id, month, n",
            [sorted(set(person_ids)), from_month.number, sign, employer_id, employer_id],
        )
        found: dict[int, list[OpenMonth]] = {person_id: [] for person_id in person_ids}
        for person_id, month, at_employer, base_vnd, participant_type, unit_code, n, is_hazardous, is_contributed in cursor.fetchall():
            found[person_id].append(
                OpenMonth(
                    month=Month.from_number(month),
                    employer_id=at_employer,
                    base_vnd=Vnd(base_vnd),
                    participant_type=ParticipantType(participant_type),
                    unit_code=unit_code,
                    line=n,
                    is_hazardous=is_hazardous,
                    is_contributed=is_contributed,
                )
            )
    return {person_id: tuple(months) for person_id, months in found.items()}


def list_fragments(person_ids: Collection[int], known_at: datetime) -> dict[int, list[bytes]]:
    """The lines of persons as the book shows them, in the order of posting, as known at an instant; an empty list where there are none."""
    found: dict[int, list[bytes]] = {person_id: [] for person_id in person_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, fragment FROM ledger_contribution_line WHERE person_id = ANY(%s) AND recorded_at <= %s ORDER BY person_id, n",
            [list(found), known_at],
        )
        for person_id, fragment in cursor.fetchall():
            found[person_id].append(bytes(fragment))
    return found


def list_sources(person_id: int) -> dict[int, LineSource]:
    """How each line of a person came to be, by its number. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, recorded_at, dossier_id, basis FROM ledger_contribution_line WHERE person_id = %s", [person_id])
        return {n: LineSource(recorded_at, dossier_id, basis) for n, recorded_at, dossier_id, basis in cursor.fetchall()}


def last_line_recorded_at(person_ids: Collection[int]) -> datetime | None:
    """When the last line of these persons was recorded; None where there is none. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last.recorded_at) FROM unnest(%s::bigint[]) AS asked (id) CROSS JOIN LATERAL"
            " (SELECT recorded_at FROM ledger_contribution_line WHERE person_id = asked.id ORDER BY n DESC LIMIT 1) AS last",
            [bigint_array(person_ids)],
        )
        latest: datetime | None = cursor.fetchone()[0]
    return latest


def totals(person_id: int, known_at: datetime) -> Totals:
    """The sums of one person's lines as known at an instant."""
    return list_totals([person_id], known_at)[person_id]


def list_totals(person_ids: Collection[int], known_at: datetime) -> dict[int, Totals]:
    """The same for many persons in one statement; zeros for a person without lines."""
    found = {person_id: Totals() for person_id in person_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, {', '.join(SUMS.values())}"
            " FROM ledger_contribution_line WHERE person_id = ANY(%s) AND recorded_at <= %s GROUP BY person_id",
            [list(found), known_at],
        )
        found.update((person_id, Totals(**dict(zip(SUMS, sums, strict=True)))) for person_id, *sums in cursor.fetchall())
    return found


def list_employer_months(employer_id: int, from_month: Month, until_month: Month, known_at: datetime) -> tuple[EmployerMonth, ...]:
    """What an employer's lines come to in each month of a span (end exclusive). Crosses persons: for jobs and the employer's own page."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT month, sum({_MONEY_SIGN}), sum(worker_vnd * {_MONEY_SIGN})::bigint, sum(employer_vnd * {_MONEY_SIGN})::bigint"
            " FROM ledger_contribution_line WHERE employer_id = %s AND month >= %s AND month < %s AND recorded_at <= %s"
            " GROUP BY month ORDER BY month",
            [employer_id, from_month.number, until_month.number, known_at],
        )
        return tuple(
            EmployerMonth(month=Month.from_number(month), lines=lines, worker_vnd=worker_vnd, employer_vnd=employer_vnd)
            for month, lines, worker_vnd, employer_vnd in cursor.fetchall()
        )


def sum_months(employer_id: int, months: Collection[tuple[int, Month]]) -> tuple[int, int]:
    """(workers', employer's) dong of the lines in effect of these persons' months with an employer. Crosses persons: for its own lists."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(worker_vnd), 0)::bigint, coalesce(sum(employer_vnd), 0)::bigint FROM ledger_contribution_line AS line"
            " JOIN (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::int[]) AS asked (person_id, month)) AS asked USING (person_id, month)"
            " WHERE employer_id = %s AND reverses_n IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_contribution_line AS back"
            "  WHERE back.person_id = line.person_id AND back.reverses_n = line.n)",
            [[person_id for person_id, _ in months], [month.number for _, month in months], employer_id],
        )
        worker_vnd, employer_vnd = cursor.fetchone()
    return int(worker_vnd), int(employer_vnd)
