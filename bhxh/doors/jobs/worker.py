"""The worker process: takes jobs from the queue, and keeps the clockwork beside them.

It does not try to live through a database that goes away. It ends with exit code 75, its supervisor starts it again (systemd
`Restart=always`, `make serve`), and a start waits for the database. So there is one way back after a crash of any part, and
that one is tested by kill -9. What it was doing is taken up after `STALLED_AFTER_S`.
"""

import asyncio
import os
import signal
import sys
import threading

import structlog
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import Error as PostgresError

from bhxh.doors.jobs.clockwork import Clockwork
from bhxh.doors.jobs.kept import HEARTBEAT_S, STALLED_AFTER_S, KeptJobManager
from bhxh.doors.jobs.lanes import share_slots

_log = structlog.get_logger()
_PATIENCE_S = 5  # LIMIT: a database that is away longer ends the worker; the start of the next one waits thirty seconds

_GIVES_WAY = 10  # of 19: a core that all want goes to the server and the letters nine parts in ten, an idle one to whoever is there


def work(lanes: tuple[str, ...] = ()) -> None:
    """Run until SIGTERM: a job that has begun is finished first. Exits with 75 where the queue broke off."""
    if lanes and "notices" not in lanes:
        # WHY: a list decided a little later harms nobody; taking lists in and telling so is what the law's clock runs for.
        os.nice(_GIVES_WAY)
    clockwork = Clockwork()
    ticking = threading.Thread(target=clockwork.run, name="clockwork", daemon=True)
    ticking.start()
    _log.info("jobs.worker.started", lanes=lanes or ("all",))
    is_asked = False
    try:
        is_asked = asyncio.run(_run_queue(lanes))
    except (ConnectorException, PostgresError) as error:
        _log.warning("jobs.worker.no_queue", kind=type(error).__name__)
    finally:
        clockwork.stop()
        ticking.join(timeout=5)
        _log.info("jobs.worker.stopped", is_asked=is_asked)
    if not is_asked:
        sys.exit(os.EX_TEMPFAIL)


async def _run_queue(lanes: tuple[str, ...]) -> bool:
    """True when asked to stop, False when an outcome could not be written or the queue stopped by itself."""
    asked, lost = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    queue = app.with_connector(PsycopgConnector(kwargs=connector_params(), timeout=_PATIENCE_S))
    queue.job_manager = KeptJobManager(queue.connector, lost)
    async with queue.open_async():
        working = [
            asyncio.create_task(
                queue.run_worker_async(
                    queues=list(group),
                    concurrency=slots,
                    install_signal_handlers=False,
                    listen_notify=True,
                    fetch_job_polling_interval=1.0,
                    update_heartbeat_interval=HEARTBEAT_S,
                    stalled_worker_timeout=STALLED_AFTER_S,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=20,
                )
            )
            for group, slots in share_slots(lanes)
        ]
        ends = [asyncio.create_task(event.wait()) for event in (asked, lost)]
        await asyncio.wait([*working, *ends], return_when=asyncio.FIRST_COMPLETED)
        for task in (*working, *ends):
            task.cancel()
        outcomes = await asyncio.gather(*working, *ends, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
    return asked.is_set()
