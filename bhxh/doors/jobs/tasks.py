"""Every background job by its name: read the clock, make one call. Each may run twice without harm."""

from datetime import timedelta
from uuid import UUID

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from bhxh.access.queries import list_subjects
from bhxh.book import flows as book_flows
from bhxh.book.commands import seal_books
from bhxh.doors.partners import Partners, partners
from bhxh.dossiers import flows as dossier_flows
from bhxh.dossiers.commands import mark_receipt_sent
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Trouble
from bhxh.notices import flows as notice_flows

_log = structlog.get_logger()

_PATIENCE = RetryStrategy(max_attempts=40, wait=2, exponential_wait=2, retry_exceptions=[Trouble])
"""LIMIT: the queue caps nothing, so the exponent is bounded by the attempts; the clockwork defers again what gave up."""


def _system(name: str, run_id: str) -> Actor:
    return system_actor(name=name, request_id=run_id, purpose=name)
