"""Databases that tests and tools make and take away."""

import time
from typing import Any

import psycopg

_PATIENCE_S = 20


def drop_database(admin: psycopg.Connection[Any], name: str) -> None:
    """Take it away with whoever is still in it; nothing happens where it is not there.

    WHY again and again: on a slow machine autovacuum is at work in it, which our role may not end; it is done in a moment.
    """
    patience = time.monotonic() + _PATIENCE_S
    while True:
        try:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        except psycopg.errors.InsufficientPrivilege:
            if time.monotonic() > patience:
                raise
            time.sleep(0.1)
        else:
            return
