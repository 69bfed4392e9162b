"""What happens by the clock: the audit sequencer each second, sweepers, the log's root sealed each minute and time-stamped each hour.

One thread in every worker process; only the one whose turn it is ticks, and another takes over when it dies.
"""

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import uuid4

import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from bhxh.access import session_flows
from bhxh.audit import flows as audit_flows
from bhxh.audit.queries import is_stamp_due
from bhxh.book.archive_queries import list_due_copies
from bhxh.credentials import flows as credential_flows
from bhxh.doors.jobs.book_round import BookRound
from bhxh.doors.jobs.kept import revive_stalled_jobs
from bhxh.doors.jobs.resting import list_rested_on
from bhxh.doors.jobs.tasks import JOB_ARCHIVE, publish_books
from bhxh.doors.jobs.turn import Turn
from bhxh.doors.partners import partners
from bhxh.doors.root_sealing import KeySealer, TrustedStamper
from bhxh.doors.seal_health import seal_health
from bhxh.dossiers import flows as dossier_flows
from bhxh.dossiers.queries import list_stuck
from bhxh.dossiers.tally import fold, last_recount, recount
from bhxh.kernel import jobs
from bhxh.kernel.clock import VIETNAM, now
from bhxh.kernel.errors import Trouble
from bhxh.notices import flows as notices_flows
from bhxh.notices.queries import delivery_health
from bhxh.warehouse import flows as warehouse_flows
from bhxh.warehouse.expiring import expire

_log = structlog.get_logger()
_QUIET_HOUR = 2
"""In Viet Nam."""


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


def _stamp_root() -> object:
    """WHY asked each minute: an authority that is down is asked again soon, and whoever takes over does not begin a new hour."""
    if not is_stamp_due(now()):
        return None
    known = partners()
    try:
        return audit_flows.stamp_head(now(), TrustedStamper(known.time_stamper(), known.trust()))
    except Trouble as waiting:
        _log.warning("audit.stamp.waiting", code=waiting.code)
        return None


def _sweep_notices() -> object:
    return notices_flows.sweep(now(), partners().mail)


def _watch_letters() -> object:
    """The same numbers stand at `/health/mail`; here for whoever only reads the log."""
    found = delivery_health(now())
    for alarm in found.alarms(percent=partners().mail_alarm_percent, waiting_alarm_s=partners().receipt_alarm_s[0]):
        _log.error(
            "notices.delivery.alarm",
            alarm=alarm,
            receipts=found.receipts,
            receipts_failed=found.receipts_failed,
            bounced=found.bounced,
            oldest_waiting_s=found.oldest_waiting_s,
        )
    return found


def _sweep_dossiers() -> object:
    return dossier_flows.sweep(now(), sender=partners().sender)


def _watch_dossiers() -> object:
    """The same stands at `/health/promise` as a number, and in `bhxh conservation`."""
    stuck = list_stuck()
    for one in stuck:
        _log.error("dossiers.run.alarm", code=one.code, state=one.state, failed_runs=one.failed_runs, what=one.what)
    return stuck


def _count_whole() -> object:
    """Once a night, when little is filed: what every step counted, counted anew. WHY asked again and again: whoever takes over the turn begins anew."""
    at = now()
    last = last_recount()
    if at.astimezone(VIETNAM).hour != _QUIET_HOUR or (last is not None and at - last.at < timedelta(hours=2)):
        return None
    found = recount(at)
    if not found.agrees:
        _log.error("dossiers.recount.alarm", filed=found.filed, disagreeing=found.disagreeing, off_by=found.off_by)
    return found


_round = BookRound()


def _look_after_books() -> object:
    return _round.step(now(), key=partners().keys.seal_key("book"), publish=lambda person_ids: publish_books(person_ids=person_ids))


def _look_after_archive() -> object:
    """WHY a job: authorities are asked for answers and stamps, and the thread that ticks also numbers the log."""
    due = list_due_copies(now(), trust_version=partners().trust().version, limit=1)
    if due:
        jobs.defer(JOB_ARCHIVE, once_key="all")
    return due


def _watch_seals() -> object:
    """The same stands at `/health/seals`."""
    found = seal_health(now())
    for alarm in found.alarms:
        _log.error("signing.seals.alarm", alarm=alarm, certificate_until=found.certificate_until, **asdict(found.archive))
    return found


def _revive() -> object:
    return revive_stalled_jobs()


def _publish_status_lists() -> object:
    side = partners()
    return credential_flows.publish_due(now(), issuer=side.credential_issuer, key=side.keys.seal_key("credential"))


def _sweep_sessions() -> object:
    return session_flows.sweep(now(), request_id=uuid4().hex, rules=partners().signing_in.rules)


def _sweep_uploads() -> object:
    return warehouse_flows.sweep(now())


def _expire_items() -> object:
    return expire(now(), rests_on=list_rested_on)


BEATS = (
    _Beat("audit.sequence", 1, _sequence),
    _Beat("jobs.revive", 2, _revive),
    _Beat("notices.sweep", 60, _sweep_notices),
    _Beat("notices.watch", 60, _watch_letters),
    _Beat("dossiers.sweep", 20, _sweep_dossiers),
    _Beat("dossiers.watch", 60, _watch_dossiers),
    _Beat("dossiers.fold", 60, fold),
    _Beat("dossiers.recount", 600, _count_whole),
    _Beat("book.round", 60, _look_after_books),
    _Beat("audit.seal_root", 60, _seal_root),
    _Beat("audit.stamp_root", 60, _stamp_root),
    _Beat("credentials.status_lists", 60, _publish_status_lists),
    _Beat("book.archive", 60, _look_after_archive),
    _Beat("signing.watch", 3600, _watch_seals),
    _Beat("access.sweep", 60, _sweep_sessions),
    _Beat("warehouse.sweep", 600, _sweep_uploads),
    _Beat("warehouse.expire", 3600, _expire_items),
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
        second, turn = 0, Turn()
        while not self._stopped.wait(1.0):
            try:
                if turn.is_mine():
                    for beat in BEATS:
                        if second % beat.every_s == 0:
                            self._do(beat)
                    second += 1
                close_old_connections()
            except DatabaseError as error:
                _log.warning("jobs.clockwork.no_database", kind=type(error).__name__)
                connection.close()
        turn.give_up()

    @staticmethod
    def _do(beat: _Beat) -> None:
        try:
            beat.act()
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  # top of a job: one failing beat must not stop the others
            _log.error("jobs.beat.failed", beat=beat.name, kind=type(error).__name__)
