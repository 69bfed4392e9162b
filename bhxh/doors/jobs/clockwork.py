"""What happens by the clock: the audit sequencer each second, sweepers, sealing the log's root each minute.

One thread in every worker process; an advisory lock lets only one of them tick, and another takes over when it dies.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from asgiref.sync import async_to_sync
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from bhxh.audit import flows as audit_flows
from bhxh.doors.partners import partners
from bhxh.doors.root_sealing import KeySealer
from bhxh.dossiers import flows as dossier_flows
from bhxh.kernel.clock import now
from bhxh.notices import flows as notices_flows

_log = structlog.get_logger()
_LOCK = 742_002
_STALLED_AFTER_S = 15


@dataclass(frozen=True)
class _Beat:
    """One thing to do every so many seconds."""

    name: str
    every_s: int
    act: Callable[[], object]


def _sequence() -> object:
    return audit_flows.sequence(now())


def _seal_root() -> object:
    return audit_flows.seal_head(now(), KeySealer(partners().keys.seal_key("audit")))


def _sweep_notices() -> object:
    return notices_flows.sweep(now(), partners().mail, sender=partners().mail_from)


def _sweep_dossiers() -> object:
    return dossier_flows.sweep(now(), sender=partners().sender)


def _revive_stalled_jobs() -> None:
    """A job whose worker was killed is taken up again; the queue does not do that by itself."""
    for job in async_to_sync(app.job_manager.get_stalled_jobs)(seconds_since_heartbeat=_STALLED_AFTER_S):
        assert job.id is not None, "a stored job has an id"
        async_to_sync(app.job_manager.retry_job_by_id_async)(job_id=job.id, retry_at=now())
        _log.warning("jobs.job.revived", job=job.task_name)


BEATS = (
    _Beat("audit.sequence", 1, _sequence),
    _Beat("jobs.revive", 5, _revive_stalled_jobs),
    _Beat("notices.sweep", 60, _sweep_notices),
    _Beat("dossiers.sweep", 20, _sweep_dossiers),
    _Beat("audit.seal_root", 60, _seal_root),
)


class Clockwork:
    """The ticking thread."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Ask the thread to end at the next tick."""
        self._stopped.set()

    def run(self) -> None:
        """Tick until stopped. A beat that fails is logged and tried at its next time."""
        second = 0
        while not self._stopped.wait(1.0):
            try:
                close_old_connections()
                if self._is_mine():
                    for beat in BEATS:
                        if second % beat.every_s == 0:
                            self._do(beat)
                    second += 1
            except DatabaseError as error:
                _log.warning("jobs.clockwork.no_database", kind=type(error).__name__)
                connection.close()

    @staticmethod
    def _do(beat: _Beat) -> None:
        try:
            beat.act()
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  # top of a job: one failing beat must not stop the others
            _log.error("jobs.beat.failed", beat=beat.name, kind=type(error).__name__)

    @staticmethod
    def _is_mine() -> bool:
        with connection.cursor() as cursor:
            # WHY a session lock asked again each second: it is re-entrant for its holder and free once the holder dies.
            cursor.execute(
                "SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid())"
                " THEN true ELSE pg_try_advisory_lock(%s) END",
                [_LOCK, _LOCK],
            )
            row = cursor.fetchone()
        return bool(row and row[0])
