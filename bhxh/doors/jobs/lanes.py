"""Which lane of the queue a job waits in, and how many of a worker's slots each lane may take.

The law's clock runs for receipts, and most lists are short. So letters never wait behind lists, receipts never behind other letters,
and the work of a long list has a lane and a slot of its own: one giant employer delays nobody but itself.
"""

from collections.abc import Mapping
from typing import Final

LARGE_FROM_LINES: Final = (
    1_000  # LIMIT: lines of a list whose work waits in the lanes of long ones; judging so many takes about half a second
)
SLOTS: Final = 4  # LIMIT: jobs at a time in one process; the database pool holds eight connections
LARGE_SLOTS: Final = 1  # LIMIT: long lists at a time in one process: each may take a whole core, and its memory

_LANE_OF_ROOM: Final[Mapping[str, str]] = {"notices": "notices", "dossiers": "dossiers", "book": "books", "warehouse": "documents"}
_LARGE: Final[Mapping[str, str]] = {"dossiers": "dossiers-large", "books": "books-large"}
_LATER: Final[Mapping[str, int]] = {"book.books.publish": -10, "book.archive.look_after": -20}
"""WHY: a partner takes book by book, and verdicts, seals and results need not wait for that; a copy for decades has months."""

SMALL_LANES: Final = tuple(sorted(_LANE_OF_ROOM.values()))
LARGE_LANES: Final = tuple(sorted(_LARGE.values()))
LANES: Final = (*SMALL_LANES, *LARGE_LANES)


def lane_of(job: str, payload: Mapping[str, object]) -> str:
    """By the job's room, and by the length of the list it works for where the payload says it (`lines`)."""
    lane = _LANE_OF_ROOM[job.partition(".")[0]]
    lines = payload.get("lines", 0)
    return _LARGE.get(lane, lane) if isinstance(lines, int) and lines >= LARGE_FROM_LINES else lane


def priority_of(job: str, lane: str, payload: Mapping[str, object]) -> int:
    """Which of two waiting jobs a free slot takes first."""
    if lane == "notices":
        return 20 if payload.get("kind") == "receipt" else 10
    return _LATER.get(job, 0)


def share_slots(lanes: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Groups of lanes with the slots of each, for a worker that takes these lanes (all where none is named).

    Shape: where it takes both kinds, long lists have their few slots and can never take the others.
    """
    wanted = lanes or LANES
    small, large = (tuple(lane for lane in wanted if (lane in LARGE_LANES) is is_large) for is_large in (False, True))
    shares = ((small, SLOTS - LARGE_SLOTS if large else SLOTS), (large, LARGE_SLOTS))
    return tuple((group, slots) for group, slots in shares if group)
