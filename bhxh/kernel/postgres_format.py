"""Values as PostgreSQL reads them, written by hand: rows of the binary COPY format, and arrays of numbers. Pure.

WHY not through the driver: its adapters ask of every value what it is. Where ten thousand rows of known columns are written, that
costs more than hashing and signing them. A stream is START, rows, END; a row is `start_of_row(count)` and its fields.
"""

import struct
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

START = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"

_EPOCH, _EPOCH_DAY = datetime(2000, 1, 1, tzinfo=UTC), date(2000, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_COUNT, _SIZE, _INT4, _INT8 = struct.Struct("!h"), struct.Struct("!i"), struct.Struct("!ii"), struct.Struct("!iq")


def start_of_row(fields: int) -> bytes:
    """How many fields follow."""
    return _COUNT.pack(fields)


def int4(value: int) -> bytes:
    """A field of type integer."""
    return _INT4.pack(4, value)


def int8(value: int | None) -> bytes:
    """A field of type bigint."""
    return NULL if value is None else _INT8.pack(8, value)


def octets(value: bytes | None) -> bytes:
    """A field of type bytea."""
    return NULL if value is None else _SIZE.pack(len(value)) + value


def text(value: str) -> bytes:
    """A field of type text."""
    return octets(value.encode())


def jsonb(value: bytes) -> bytes:
    """A field of type jsonb, from JSON."""
    return octets(b"\x01" + value)


def timestamptz(value: datetime) -> bytes:
    """A field of type timestamp with time zone."""
    return _INT8.pack(8, (value - _EPOCH) // _MICROSECOND)


def day(value: date) -> bytes:
    """A field of type date."""
    return _INT4.pack(4, (value - _EPOCH_DAY).days)


def uuid(value: UUID | None) -> bytes:
    """A field of type uuid."""
    return NULL if value is None else octets(value.bytes)


def bigint_array(values: Iterable[int]) -> str:
    """An array as text, for a parameter that the statement casts: `ANY(%s::bigint[])`."""
    return f"{{{','.join(map(str, values))}}}"
