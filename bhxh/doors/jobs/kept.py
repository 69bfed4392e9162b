"""What became of a job is written down, or the worker ends: a job must never stay `doing` in a worker that has forgotten it."""

import asyncio
from datetime import UTC, datetime

import structlog
from asgiref.sync import async_to_sync
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

_log = structlog.get_logger()

HEARTBEAT_S = 2.0
STALLED_AFTER_S = 6.0  # LIMIT: three heartbeats missed; a job taken up too early runs beside itself, which every job bears


_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""WHY long ago: the queue compares with the database's clock, and ours may be ahead of it."""


class KeptJobManager(JobManager):
    """The queue's own, but telling its worker when an outcome could not be written."""

    def __init__(self, connector: BaseConnector, lost: asyncio.Event) -> None:
        super().__init__(connector)
        self._lost = lost

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """As the queue does it."""
        try:
            await super().finish_job(job, status, delete_job)
        except ConnectorException:
            self._give_up(job)
            raise

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """As the queue does it; where another job of the same key waits already, that one is the next attempt."""
        try:
            await super().retry_job(job, retry_at, priority, queue, lock)
        except UniqueViolation:
            await self.finish_job(job, Status.FAILED, delete_job=True)
        except ConnectorException:
            self._give_up(job)
            raise

    def _give_up(self, job: Job) -> None:
        _log.warning("jobs.job.outcome_not_written", job=job.task_name)
        self._lost.set()


def revive_stalled_jobs() -> int:
    """Take up again the jobs of workers that were killed; the queue does not do that by itself. Returns how many."""
    return async_to_sync(_revive)()


async def _revive() -> int:
    revived = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        assert job.id is not None, "a stored job has an id"
        try:
            await app.job_manager.retry_job_by_id_async(job_id=job.id, retry_at=_AT_ONCE)
        except UniqueViolation:
            await app.job_manager.finish_job_by_id_async(job_id=job.id, status=Status.FAILED, delete_job=True)
        revived += 1
        _log.warning("jobs.job.revived", job=job.task_name)
    return revived
