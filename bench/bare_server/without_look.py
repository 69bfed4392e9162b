"""The product itself, but that the own book is shown without writing the look down: what the look costs, measured beside it.

Only ever started by a bench. The statement is the product's own with the one part taken out.
"""

# Django must be set up before the rooms' tables can be imported.
from bhxh.wiring.wsgi import application

# isort: split
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from bhxh.audit.commands import RECORD_LOOK
from bhxh.book import showing
from bhxh.doors.api import books
from bhxh.kernel.actor import Actor
from bhxh.registry.appending import own_custodian
from bhxh.signing.seals import Seal, as_flattened

__all__ = ["application"]

_LOOK = f", look AS ({RECORD_LOOK} FROM shown)"
assert _LOOK in showing._SHOW, "the look is one part of the product's statement"  # noqa: SLF001
_SHOW_ONLY = showing._SHOW.replace(_LOOK, "")  # noqa: SLF001


def _show_only(*, actor: Actor, at: datetime, held: Sequence[Any], version: int | None = None) -> bytes | None:
    connection.ensure_connection()
    parameters = (*held, actor.person_id, own_custodian().value, version, version)
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(_SHOW_ONLY, parameters, prepare=True, binary=True).fetchone()
    return None if row is None else as_flattened(row[0], Seal(row[1], row[2], row[3]))


books.show_own_sealed = _show_only
