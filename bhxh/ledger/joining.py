"""The ledger's part of many books at once, joined by the database so that a line never becomes an object here."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from bhxh.kernel.postgres_format import bigint_array
from bhxh.ledger.queries import SUMS

_JOIN = f"""COPY (
    SELECT asked.person_id, lines.* FROM unnest(%s::bigint[]) AS asked (person_id) CROSS JOIN LATERAL (
        SELECT coalesce(string_agg(fragment, ',' ORDER BY n), ''), {", ".join(SUMS[name] for name in sorted(SUMS))}
        FROM ledger_contribution_line WHERE person_id = asked.person_id AND recorded_at <= %s) AS lines (joined)
    ) TO STDOUT (FORMAT BINARY)"""
_TYPES = ("int8", "bytea", *["int8"] * len(SUMS))
_TOTALS = b"{%b}" % b",".join(b'"%b":%%d' % name.encode("ascii") for name in sorted(SUMS))


def join_lines(person_ids: Collection[int], known_at: datetime) -> dict[int, tuple[bytes, bytes]]:
    """Each person's fragments in the order of posting, joined by commas (the inside of a JSON list), and the totals as canonical JSON.

    Shape:  one statement, one row per person; empty bytes and zeros for a person without lines. The same as `list_fragments` and
            `list_totals`.
    """
    found: dict[int, tuple[bytes, bytes]] = {}
    # WHY COPY: as rows of a result the bytes would come as hexadecimal text, at twice the size.
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(_statement(cursor, person_ids, known_at)) as copy:
        copy.set_types(_TYPES)
        for person_id, joined, *sums in copy.rows():
            found[person_id] = joined, _TOTALS % tuple(sums)
    return found


def _statement(cursor: Any, person_ids: Collection[int], known_at: datetime) -> str:
    statement: str = cursor.mogrify(_JOIN, [bigint_array(person_ids), known_at])
    return statement
