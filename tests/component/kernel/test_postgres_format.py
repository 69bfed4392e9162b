"""What is packed by hand reads in PostgreSQL as what it was."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import connection, transaction

from bhxh.kernel.postgres_format import END, START, bigint_array, day, int4, int8, jsonb, octets, start_of_row, text, timestamptz, uuid

ROWS: list[tuple[Any, ...]] = [
    (
        1,
        2**62,
        b"\x00\xff",
        "Nguyễn \t\\N",
        {"a": [1, "ế"]},
        datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC),
        date(2026, 2, 28),
        UUID(int=7),
    ),
    (-5, None, None, "", {}, datetime(1999, 12, 31, 23, tzinfo=timezone(timedelta(hours=7))), date(1890, 1, 1), None),
]


@pytest.fixture
def table(db: None) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE packed (a int, b bigint, c bytea, d text, f timestamptz, g date, h uuid, j jsonb) ON COMMIT DROP")
        yield cursor


def test_every_type_comes_back(table: Any) -> None:
    packed = [
        b"".join((start_of_row(8), int4(a), int8(b), octets(c), text(d), jsonb(orjson.dumps(e)), timestamptz(f), day(g), uuid(h)))
        for a, b, c, d, e, f, g, h in ROWS
    ]
    with table.copy("COPY packed (a, b, c, d, j, f, g, h) FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(b"".join((START, *packed, END)))
    table.execute("SELECT a, b, c, d, j, f, g, h FROM packed ORDER BY a DESC")
    read = [(a, b, bytes(c) if c is not None else None, d, orjson.loads(j), f, g, h) for a, b, c, d, j, f, g, h in table.fetchall()]
    assert read == ROWS


def test_an_array_of_numbers_is_read_as_one(table: Any) -> None:
    table.execute("SELECT %s::bigint[]", [bigint_array([1, -2, 2**62])])
    assert table.fetchone() == ([1, -2, 2**62],)
    table.execute("SELECT %s::bigint[]", [bigint_array([])])
    assert table.fetchone() == ([],)
