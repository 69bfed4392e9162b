"""What operators and supervisors watch, counted at most twice a minute for a whole process, however many screens ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import Final

from bhxh.audit.queries import LogState, log_state
from bhxh.doors.partners import partners
from bhxh.doors.seal_health import SealHealth, seal_health
from bhxh.doors.system_state import KEPT_S, SystemState, system_state
from bhxh.dossiers.facts import Conservation, Stuck
from bhxh.dossiers.load_queries import FiledSince, QueueAges, ReceiptTimes, filed_since, list_queue_ages, receipt_times
from bhxh.dossiers.queries import list_stuck
from bhxh.dossiers.tally import Recounted, counted, last_recount
from bhxh.kernel.clock import VIETNAM, now
from bhxh.notices.queries import list_overdue

_MONTH: Final = timedelta(days=30)
_WHOLE_KEPT_S: Final = 600
"""LIMIT: a month of receipts is many rows; nobody decides anything within ten minutes by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What changes by the minute."""

    at: datetime
    receipts: ReceiptTimes
    filed: FiledSince
    ever: Conservation
    recounted: Recounted | None
    queue: tuple[QueueAges, ...]
    letters_overdue: int
    stuck: tuple[Stuck, ...]
    system: SystemState
    log: LogState
    seals: SealHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What is counted over a month."""

    receipts: ReceiptTimes


def today() -> Today:
    """From memory where it was counted within half a minute."""
    return _today(int(monotonic() / KEPT_S))


def whole() -> Whole:
    """From memory where it was counted within ten minutes."""
    return _whole(int(monotonic() / _WHOLE_KEPT_S))


def midnight(at: datetime) -> datetime:
    """When the day began in Viet Nam."""
    return at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def month_ago(at: datetime) -> datetime:
    """Thirty days, whole."""
    return midnight(at) - _MONTH


@lru_cache(maxsize=1)
def _today(moment: int) -> Today:
    at = now()
    since, recounted = midnight(at), last_recount()
    return Today(
        at=at,
        receipts=receipt_times(since, at),
        filed=filed_since(since),
        ever=counted(at, recounted),
        recounted=recounted,
        queue=list_queue_ages(at),
        letters_overdue=len(list_overdue(at, alarm_after_s=partners().receipt_alarm_s)),
        stuck=list_stuck(),
        system=system_state(),
        log=log_state(),
        seals=seal_health(at),
    )


@lru_cache(maxsize=1)
def _whole(moment: int) -> Whole:
    at = now()
    return Whole(receipts=receipt_times(month_ago(at), at))
