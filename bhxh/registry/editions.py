"""Tables that are replaced whole, by editions: one that stands already is left alone."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection

from bhxh.registry.appending import copy_rows


def replace_rows(
    table: str, columns: Sequence[str], rows: Callable[[], Sequence[Sequence[object]]], *, edition: str, at: datetime
) -> int | None:
    """Put an edition (its content's SHA-256, hexadecimal) in the place of the one before. Returns its number of rows; None where it stood already.

    `rows` is asked only where they are needed: an edition of 100,000 rows is compared at every start and read once. Call it in a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT content_sha256 FROM registry_reference_set WHERE name = %s FOR UPDATE", [table])
        if cursor.fetchone() == (edition,):
            return None
        cursor.execute(f"DELETE FROM {table}")
        count = copy_rows(table, columns, rows())
        cursor.execute(
            "INSERT INTO registry_reference_set (name, content_sha256, row_count, loaded_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET content_sha256 = excluded.content_sha256, row_count = excluded.row_count,"
            " loaded_at = excluded.loaded_at",
            [table, edition, count, at],
        )
    return count
