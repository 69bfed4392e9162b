"""The ledger's part of many books at once, joined by the database so that a line never becomes an object here."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection


def join_fragments(person_ids: Collection[int], known_at: datetime) -> dict[int, bytes]:
    """Each person's fragments in the order of posting, joined by commas: the inside of a JSON list.

    Shape:  one statement, one row per person; empty bytes for a person without lines. The same as `list_fragments`, joined.
    """
    found = dict.fromkeys(person_ids, b"")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, string_agg(fragment, ','::bytea ORDER BY n) FROM ledger_contribution_line"
            " WHERE person_id = ANY(%s) AND recorded_at <= %s GROUP BY person_id",
            [list(found), known_at],
        )
        found.update((person_id, bytes(joined)) for person_id, joined in cursor.fetchall())
    return found
