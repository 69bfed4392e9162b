"""Background work by name: a room says what should happen, wiring binds who does it.

`defer` is called inside a command: the job row is part of the transaction, so it exists exactly if the change does.
"""

from collections.abc import Callable
from typing import Final

from bhxh.kernel.errors import KER_NO_SUCH_JOB, Defect

NAMES: Final[set[str]] = set()
_binding: list[Callable[[str, dict[str, object], str | None], None]] = []


def name(job: str) -> str:
    """Declare a job's name, `room.object.verb`. A house test proves that each declared name has a job in doors/jobs."""
    NAMES.add(job)
    return job


def bind(defer_in_transaction: Callable[[str, dict[str, object], str | None], None]) -> None:
    """Called once by wiring."""
    _binding[:] = [defer_in_transaction]


def defer(job: str, *, once_key: str | None = None, **payload: object) -> None:
    """Ask for a job in the present transaction. With `once_key`, at most one such job waits at a time."""
    if job not in NAMES or not _binding:
        raise Defect(KER_NO_SUCH_JOB, name=job)
    _binding[0](job, payload, once_key)
