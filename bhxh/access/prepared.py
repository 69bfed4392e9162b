"""How the statements of the hot ways are sent, a sign-in and a look at one's own book: prepared once for each connection."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


def first_row(statement: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row of what a statement gives, in the open transaction where there is one.

    WHY the driver's own cursor: the server plans the statement once and the values travel beside it, bytes as bytes
    instead of hexadecimal text; else both sides read it anew each time.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        row: tuple[Any, ...] | None = cursor.execute(statement, parameters, prepare=True, binary=True).fetchone()
    return row
