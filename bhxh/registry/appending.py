"""Write many rows of an append-only, person-keyed table in a constant number of statements."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection

from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import NotFound
from bhxh.kernel.postgres_format import bigint_array
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


def lock_kept_persons(person_ids: Collection[int]) -> list[int]:
    """The same for those of them who are kept here, in order; the others are neither locked nor named."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM registry_person WHERE person_id = ANY(%s::bigint[]) AND managed_by = %s ORDER BY person_id FOR UPDATE",
            [bigint_array(person_ids), own_custodian().value],
        )
        return [person_id for (person_id,) in cursor.fetchall()]


def copy_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> int:
    """COPY rows in: one statement however many there are. Values of json columns are given as JSON text."""
    if rows:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        # WHY wrapped: an error of COPY is else the driver's own, which neither doors nor jobs know as "the database is away, later".
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    return len(rows)


def append_rows(table: str, columns: Sequence[str], rows: Sequence[tuple[int, Sequence[object]]]) -> int:
    """Append (person_id, values) with the next `n` of each person. The persons must be locked by the caller."""
    return append_keyed(table, "person_id", columns, rows)


def append_keyed(table: str, key: str, columns: Sequence[str], rows: Sequence[tuple[int, Sequence[object]]]) -> int:
    """The same for a table keyed by something else, such as `employer_id`.

    WHY recorded_at is pushed on: a row written later is never dated before one written earlier, else a clock that was set back
    would change what was known at an instant already past.
    """
    ids = sorted({row[0] for row in rows})
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT last.* FROM unnest(%s::bigint[]) AS asked (id) CROSS JOIN LATERAL (SELECT {key}, n, recorded_at FROM {table}"
            f" WHERE {key} = asked.id ORDER BY n DESC LIMIT 1) AS last",
            [ids],
        )
        ends: dict[int, tuple[int, datetime]] = {owner: (n, recorded_at) for owner, n, recorded_at in cursor.fetchall()}
    when = columns.index("recorded_at")
    numbered = []
    for owner, values in rows:
        at = values[when]
        assert isinstance(at, datetime), "recorded_at is an instant"
        n, latest = ends.get(owner, (0, at))
        ends[owner] = (n + 1, max(at, latest))
        numbered.append((owner, n + 1, *values[:when], ends[owner][1], *values[when + 1 :]))
    return copy_rows(table, (key, "n", *columns), numbered)


def next_ids(sequence: str, count: int) -> list[int]:
    """That many fresh ids of one of our sequences."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]


def check_kept_here(managed_by: str | None) -> None:
    """Refuse what is not ours to show. Raises NotFound REG-001 where nobody is known, REG-002 where another keeps the person."""
    if managed_by is None:
        raise NotFound(REG_NO_SUCH_PERSON)
    if managed_by != own_custodian():
        raise NotFound(REG_OTHER_CUSTODIAN)
