"""What was known of an employer: a fact on a day, as recorded by an instant. And whom a person represents."""

from datetime import date, datetime
from typing import Final, cast

import orjson
from django.db import connection

from bhxh.kernel.canonical import Json

DISSOLVED: Final = "DISSOLVED"
"""The status of an organisation that is no more; the business register says so."""
_MOST = 200  # LIMIT: organisations of one representative

_FACT = """
SELECT value FROM registry_employer_fact
 WHERE employer_id = %s AND name = %s AND recorded_at <= %s AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)
 ORDER BY n DESC LIMIT 1"""
"""Of two rows that cover the day, the one recorded later wins."""


def find_employer_fact(employer_id: int, name: str, *, on: date, known_at: datetime) -> Json:
    """A named fact of an employer on a day, as the records stood at an instant; None where nothing was known."""
    with connection.cursor() as cursor:
        cursor.execute(_FACT, [employer_id, name, known_at, on, on])
        row = cursor.fetchone()
    return cast("Json", orjson.loads(row[0])) if row and row[0] is not None else None


def list_represented(pin: str) -> tuple[int, ...]:
    """The employers whose legal representative is the person with this number, by the register today. At most 200."""
    if not pin:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT employer_id FROM registry_employer WHERE legal_representative_pin = %s AND legal_representative_pin <> ''"
            " AND status <> %s ORDER BY employer_id LIMIT %s",
            [pin, DISSOLVED, _MOST],
        )
        return tuple(int(row[0]) for row in cursor.fetchall())
