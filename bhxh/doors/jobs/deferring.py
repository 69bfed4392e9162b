"""How `kernel.jobs.defer` becomes a row of the queue, inside the caller's transaction."""

import psycopg
from django.db import OperationalError, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from bhxh.doors.jobs.lanes import lane_of, priority_of


def defer_in_transaction(job: str, payload: dict[str, object], once_key: str | None) -> None:
    """Write the job's row. With `once_key`, a second waiting job of the same key is not written.

    Raises: OperationalError where the database went away, as every other statement does; callers then come again.
    """
    lane = lane_of(job, payload)
    configured = app.configure_task(
        job,
        queue=lane,
        priority=priority_of(job, lane, payload),
        queueing_lock=None if once_key is None else f"{job}:{once_key}",
        lock=None if once_key is None else f"{job}:{once_key}",
        allow_unknown=False,
    )
    try:
        # WHY a savepoint: the queue finds a duplicate by a unique violation, which would spoil the caller's transaction.
        with transaction.atomic():
            configured.defer(**payload)  # type: ignore[arg-type]  # JSON by the rooms' own contract
    except AlreadyEnqueued:
        return
    except ConnectorException as error:
        if isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError):
            raise OperationalError from error
        raise
