"""Whose turn the clock is: one session of its own holds an advisory lock; it is free the moment its process or the database dies."""

import psycopg
import structlog
from procrastinate.contrib.django.utils import connector_params

_log = structlog.get_logger()
_LOCK = 742_002


class Turn:
    """Held by at most one process of an installation.

    WHY not a connection of the pool: a session lock belongs to its session, and the pool hands out another one each time.
    """

    def __init__(self) -> None:
        self._session: psycopg.Connection | None = None

    def is_mine(self) -> bool:
        """Ask each second. False while another process holds it or the database does not answer."""
        try:
            if self._session is not None:
                self._session.execute("SELECT 1")
                return True
            session = psycopg.connect(**connector_params(), autocommit=True)
            row = session.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
        except psycopg.Error as error:
            _log.warning("jobs.clockwork.no_database", kind=type(error).__name__)
            self.give_up()
            return False
        if row != (True,):
            session.close()
            return False
        self._session = session
        return True

    def give_up(self) -> None:
        """Close the session, and the lock with it."""
        if self._session is not None:
            self._session.close()
            self._session = None
