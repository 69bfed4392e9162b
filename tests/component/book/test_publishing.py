"""Books reach the e-ID account: once, retried, and only for those who have one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bhxh.audit.queries import list_looks
from bhxh.book.commands import record_publication, seal_books
from bhxh.book.flows import publish
from bhxh.book.models import Publication
from bhxh.book.queries import get_sealed, list_unpublished, list_versions
from bhxh.kernel.actor import system_actor
from bhxh.kernel.errors import BhxhError, Unavailable, define

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="publishing")
DOWN = define("TST-901", "Thử.", "Test.")


class Point:
    """A publication point in memory, as the port describes it."""

    def __init__(self) -> None:
        self.shown: dict[tuple[str, int], bytes] = {}
        self.calls = 0
        self.trouble: dict[str, BhxhError] = {}

    def publish(self, *, subject: str, version: int, sealed: bytes, at: datetime) -> None:
        self.calls += 1
        if subject in self.trouble:
            raise self.trouble[subject]
        self.shown[subject, version] = sealed


@pytest.fixture
def people(db: None, register: Callable[..., list[int]], key: Any) -> list[int]:
    made = register(3)
    seal_books(actor=ACTOR, at=AT, person_ids=made, key=key)
    return made


def _publish(people: list[int] | None, point: Point, subjects: dict[int, str]) -> Any:
    return publish(actor=ACTOR, at=AT, person_ids=people, publication=point, subjects=subjects)


def test_the_sealed_file_reaches_the_account_once(people: list[int]) -> None:
    point, subjects = Point(), {person_id: f"sub-{person_id}" for person_id in people}
    assert _publish(people, point, subjects).published == tuple(people)
    assert point.shown[f"sub-{people[0]}", 1] == get_sealed(people[0])
    assert _publish(people, point, subjects).published == ()
    assert point.calls == 3
    assert list_versions(people[0])[0].is_published
    assert [look.what for look in list_looks(people[0])] == ["book_published"], "what leaves this house is a look"


def test_trouble_with_one_leaves_it_for_the_next_run(people: list[int]) -> None:
    point, subjects = Point(), {person_id: f"sub-{person_id}" for person_id in people}
    point.trouble[f"sub-{people[1]}"] = Unavailable(DOWN)
    outcome = _publish(None, point, subjects)
    assert (outcome.published, outcome.waiting) == ((people[0], people[2]), (people[1],))
    point.trouble.clear()
    assert _publish(None, point, subjects).published == (people[1],)


def test_who_has_no_account_waits_without_harm(people: list[int]) -> None:
    point = Point()
    outcome = _publish(people, point, {people[0]: "sub"})
    assert outcome.without_account == tuple(people[1:])
    assert [person_id for person_id, _ in list_unpublished()] == people[1:]


def test_only_the_latest_version_goes_out(people: list[int], post: Callable[..., None], key: Any) -> None:
    post(people[:1], "2026-10", at=AT + timedelta(hours=1))
    seal_books(actor=ACTOR, at=AT + timedelta(hours=2), person_ids=people[:1], key=key)
    point = Point()
    _publish(people[:1], point, {people[0]: "sub"})
    assert list(point.shown) == [("sub", 2)]


def test_a_push_that_was_not_written_down_is_written_once(people: list[int]) -> None:
    for _ in range(2):
        record_publication(actor=ACTOR, at=AT, person_id=people[0], version=1)
    assert Publication.objects.filter(person_id=people[0]).count() == 1
