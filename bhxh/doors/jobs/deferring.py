"""How `kernel.jobs.defer` becomes a row of the queue, inside the caller's transaction."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

LANES: dict[str, str] = {"notices": "notices", "dossiers": "dossiers", "book": "books"}
"""First word of a job's name -> lane. Letters never wait behind a giant list."""
_FIRST = {"notices": 10}
"""Lane -> priority, where it is not 0: one worker takes all lanes, and the law's clock runs for letters only."""


def defer_in_transaction(job: str, payload: dict[str, object], once_key: str | None) -> None:
    """Write the job's row. With `once_key`, a second waiting job of the same key is not written."""
    lane = LANES[job.partition(".")[0]]
    configured = app.configure_task(
        job,
        queue=lane,
        priority=_FIRST.get(lane, 0),
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
