"""Goes through all sealed books again and again, a page at a time: each must say what the database says, and be published.

Sealing follows every decision by itself; the round finds what no decision touches (a card that expired, a job that gave up).
"""

from collections.abc import Callable
from datetime import datetime

from bhxh.book.commands import seal_books
from bhxh.book.queries import list_holders, list_stale, list_unpublished
from bhxh.kernel.actor import system_actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.signing.ports import SealKey

PAGE = 200  # LIMIT: books composed anew at one step; a step a minute is 288,000 books a day beside the jobs


class BookRound:
    """Where the round stands. Forgotten with the process: it begins again, nothing is lost."""

    def __init__(self) -> None:
        self._after_person_id = 0

    def step(self, at: datetime, *, key: SealKey, publish: Callable[[list[int]], None]) -> int:
        """Look after the next page. Returns how many books were sealed anew. Law: R-127, R-128."""
        page = list_holders(after_person_id=self._after_person_id, limit=PAGE)
        self._after_person_id = page[-1] if page else 0
        if not page:
            return 0
        stale = list_stale(page, valid_on=day_in_vietnam(at), known_at=at)
        if stale:
            actor = system_actor(name="book_round", request_id=f"round-{at:%Y%m%d%H%M%S}", purpose="sealing")
            seal_books(actor=actor, at=at, person_ids=stale, key=key)
        waiting = [person_id for person_id, _ in list_unpublished(page)]
        if waiting:
            publish(waiting)
        return len(stale)
