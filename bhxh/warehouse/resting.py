"""What rests on the contents kept here: each room above names its columns, and one statement asks them."""

from collections.abc import Collection, Mapping

from django.db import connection

Naming = Mapping[str, tuple[str, ...]]
"""Table -> its columns that name a content by digest."""


def find_rested_on(contents: Collection[str], *, naming: Naming) -> frozenset[str]:
    """Those of these contents that a row names. Raises whatever the database raises: who cannot ask removes nothing.

    LIMIT: one look at each table, without an index in most; asked by a job for some hundreds at once.
    """
    wanted = list(contents)
    asked = [f"SELECT {column} FROM {table} WHERE {column} = ANY(%s)" for table, columns in naming.items() for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(asked), [wanted for _ in asked])
        return frozenset(row[0] for row in cursor.fetchall())
