"""Time-ordered identifiers made by us, not by the database."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first_uuid7(at: datetime) -> UUID:
    """The lowest identifier that can be made at an instant: everything made from then on sorts after it."""
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    return UUID(int=milliseconds << 80)


def uuid7(at: datetime) -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then randomness. Sorts by time of making."""
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    value = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
