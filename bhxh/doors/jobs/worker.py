"""The worker process: takes jobs from the queue, and keeps the clockwork beside them."""

import asyncio
import threading

import structlog
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from bhxh.doors.jobs.clockwork import Clockwork
from bhxh.doors.jobs.deferring import LANES

_log = structlog.get_logger()
CONCURRENCY = 4  # LIMIT: jobs at a time in one process; the database pool holds eight connections


def work(lanes: tuple[str, ...] = ()) -> None:
    """Run until SIGTERM. A job that has begun is finished first; one that is killed is taken up again."""
    clockwork = Clockwork()
    ticking = threading.Thread(target=clockwork.run, name="clockwork", daemon=True)
    ticking.start()
    _log.info("jobs.worker.started", lanes=lanes or ("all",))
    try:
        asyncio.run(_run_queue(lanes))
    finally:
        clockwork.stop()
        ticking.join(timeout=5)
        _log.info("jobs.worker.stopped")


async def _run_queue(lanes: tuple[str, ...]) -> None:
    assert isinstance(app.connector, DjangoConnector), "the queue runs on Django's database"
    with_listening = app.with_connector(app.connector.get_worker_connector())
    async with with_listening.open_async():
        await with_listening.run_worker_async(
            queues=list(lanes or sorted(set(LANES.values()))),  # the queue takes a list only
            concurrency=CONCURRENCY,
            install_signal_handlers=True,
            listen_notify=True,
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=2.0,
            stalled_worker_timeout=8.0,
            delete_jobs="successful",
            shutdown_graceful_timeout=20,
        )
