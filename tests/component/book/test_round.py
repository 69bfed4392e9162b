"""The round over all books: what no decision touched is sealed anew, what was not published is handed on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bhxh.book.commands import record_publication, seal_books
from bhxh.book.queries import list_stale, list_versions
from bhxh.doors.jobs.book_round import BookRound
from bhxh.kernel.actor import system_actor
from bhxh.kernel.clock import day_in_vietnam

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="sealing")


def test_the_round_seals_what_is_stale_and_hands_on_what_is_unpublished(
    db: None, register: Callable[..., list[int]], post: Callable[..., None], key: Any
) -> None:
    people = register(3)
    post(people, "2026-10")
    seal_books(actor=ACTOR, at=AT, person_ids=people, key=key)
    for person_id in people:
        record_publication(actor=ACTOR, at=AT, person_id=person_id, version=1)
    later, handed_on = AT + timedelta(hours=1), list[list[int]]()
    post(people[:1], "2026-11", at=later)
    books = BookRound()
    assert books.step(later + timedelta(minutes=1), key=key, publish=handed_on.append) == 1
    assert [version.version for version in list_versions(people[0])] == [2, 1]
    assert handed_on == [people[:1]]
    assert list_stale(people, valid_on=day_in_vietnam(later), known_at=later + timedelta(minutes=1)) == ()


def test_the_round_begins_again_at_the_end(db: None, register: Callable[..., list[int]], key: Any) -> None:
    seal_books(actor=ACTOR, at=AT, person_ids=register(2), key=key)
    books, handed_on = BookRound(), list[list[int]]()
    for _ in range(3):
        books.step(AT, key=key, publish=handed_on.append)
    assert len(handed_on) == 2, "first page, the empty end, first page again"
