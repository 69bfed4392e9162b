"""Two sealings at once, on two real connections: one version, one chain."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from bhxh.book.commands import seal_books
from bhxh.book.models import Version
from bhxh.book.queries import get_payload_and_sealed, get_sealed, list_stale
from bhxh.book.verification import verify_chain
from bhxh.kernel.actor import system_actor

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="sealing")


def test_the_same_books_sealed_by_two_processes_at_once(
    database: None, register: Callable[..., list[int]], post: Callable[..., None], key: Any, file_keys: Any
) -> None:
    people = register(20)
    post(people, "2026-10")
    start = Barrier(2)

    def run(step: int) -> list[bool]:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE bhxh_app")
            start.wait(timeout=60)
            # WHY earlier for one of them: clocks of two processes differ, and the one with the earlier time may come second.
            return [book.is_new for book in seal_books(actor=ACTOR, at=AT - timedelta(seconds=step), person_ids=people, key=key)]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, (0, 1)))
    assert sorted(all(outcome) for outcome in outcomes) == [False, True]
    assert Version.objects.count() == len(people)
    post(people[:1], "2026-11", at=AT + timedelta(hours=1))
    seal_books(actor=ACTOR, at=AT + timedelta(hours=2), person_ids=people[:1], key=key)
    assert len(verify_chain([get_sealed(people[0], version) for version in (1, 2)], file_keys.key_set())) == 2


def test_a_clock_set_back_still_chains(
    db: None, register: Callable[..., list[int]], post: Callable[..., None], key: Any, file_keys: Any
) -> None:
    [person_id] = register()
    seal_books(actor=ACTOR, at=AT, person_ids=[person_id], key=key)
    post([person_id], "2026-10", at=AT - timedelta(minutes=5))
    [book] = seal_books(actor=ACTOR, at=AT - timedelta(minutes=1), person_ids=[person_id], key=key)
    assert (book.version, book.is_new) == (2, True)
    verify_chain([get_sealed(person_id, version) for version in (1, 2)], file_keys.key_set())


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=3), timedelta(days=2)])
def test_a_book_sealed_by_a_clock_set_back_says_what_was_recorded_before(
    db: None, register: Callable[..., list[int]], post: Callable[..., None], key: Any, file_keys: Any, back: timedelta
) -> None:
    [person_id, other_id] = register(2)
    post([person_id, other_id], "2026-09", at=AT)
    assert list_stale([person_id], valid_on=AT.date(), known_at=AT - back) == (person_id,), "no book yet"
    assert [book.version for book in seal_books(actor=ACTOR, at=AT - back, person_ids=[person_id, other_id], key=key)] == [1, 1]
    post([person_id], "2026-10", at=AT + timedelta(hours=1))
    stale = list_stale([person_id, other_id], valid_on=AT.date(), known_at=AT - back)
    assert stale == (person_id,), "the line is there, whatever the clock says now"
    [book] = seal_books(actor=ACTOR, at=AT - back, person_ids=[person_id], key=key)
    assert (book.version, book.is_new) == (2, True)
    assert list_stale([person_id], valid_on=AT.date(), known_at=AT + timedelta(days=1)) == (), "nor is it when the clock is set right"
    verify_chain([get_sealed(person_id, version) for version in (1, 2)], file_keys.key_set())
    assert [_months(person_id, version) for version in (1, 2)] == [1, 2]


def _months(person_id: int, version: int) -> int:
    payload, _ = get_payload_and_sealed(person_id, version)
    months: int = json.loads(payload)["totals"]["si_months"]
    return months
