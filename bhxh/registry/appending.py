"""Write many rows of an append-only, person-keyed table in a constant number of statements."""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import connection

from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import NotFound
from bhxh.registry.errors import REG_NO_SUCH_PERSON, REG_OTHER_CUSTODIAN


def own_custodian() -> Custodian:
    """The keeper whose installation this is (setting CUSTODIAN)."""
    return Custodian(settings.CUSTODIAN)


def lock_persons(person_ids: Collection[int]) -> None:
    """Lock persons for the rest of the transaction, in one order, so that two commands never wait for each other.

    LIMIT: one statement over many persons; on a Citus cluster it has to become one statement per shard.
    Raises: NotFound REG-001 where one does not exist here, REG-002 where one is kept by another custodian.
    """
    wanted = sorted(set(person_ids))
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, managed_by FROM registry_person WHERE person_id = ANY(%s) ORDER BY person_id FOR UPDATE", [wanted]
        )
        found = dict(cursor.fetchall())
        if len(found) < len(wanted):
            absent = [person_id for person_id in wanted if person_id not in found]
            cursor.execute("SELECT 1 FROM registry_identifier WHERE person_id = ANY(%s) LIMIT 1", [absent])
            raise NotFound(REG_OTHER_CUSTODIAN if cursor.fetchone() else REG_NO_SUCH_PERSON)
    if any(managed_by != own_custodian() for managed_by in found.values()):
        raise NotFound(REG_OTHER_CUSTODIAN)


def copy_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> int:
    """COPY rows in: one statement however many there are. Values of json columns are given as JSON text."""
    if rows:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    return len(rows)


def append_rows(table: str, columns: Sequence[str], rows: Sequence[tuple[int, Sequence[object]]]) -> int:
    """Append (person_id, values) with the next `n` of each person. The persons must be locked by the caller."""
    return append_keyed(table, "person_id", columns, rows)


def append_keyed(table: str, key: str, columns: Sequence[str], rows: Sequence[tuple[int, Sequence[object]]]) -> int:
    """The same for a table keyed by something else, such as `employer_id`."""
    ids = sorted({row[0] for row in rows})
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, max(n) FROM {table} WHERE {key} = ANY(%s) GROUP BY {key}", [ids])
        last: dict[int, int] = dict(cursor.fetchall())
    numbered = []
    for owner, values in rows:
        last[owner] = last.get(owner, 0) + 1
        numbered.append((owner, last[owner], *values))
    return copy_rows(table, (key, "n", *columns), numbered)


def next_ids(sequence: str, count: int) -> list[int]:
    """That many fresh ids of one of our sequences."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]
