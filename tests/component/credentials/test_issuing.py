"""Cards and summaries issued from real books."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bhxh.audit.models import Entry
from bhxh.book.commands import change_state, seal_books
from bhxh.book.states import BookState
from bhxh.credentials.commands import MOST_CHARACTERS, issue
from bhxh.credentials.contents import Kind
from bhxh.credentials.issuing import Issuer
from bhxh.credentials.models import Credential
from bhxh.credentials.status_lists import LIST_SIZE
from bhxh.credentials.verification import verify
from bhxh.kernel.actor import system_actor
from bhxh.kernel.errors import Conflict, NotFound
from bhxh.registry.commands import issue_health_cards
from bhxh.registry.facts import HealthCardRow, Provenance

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
ISSUER = Issuer("https://bhxh.example")
SOURCE = Provenance(source_kind="OFFICER", source_system="office")
CARD = HealthCardRow(person_id=0, card_code="DN4010123456789", valid_from=date(2025, 1, 1))

Register, Post = Callable[..., list[int]], Callable[..., None]


def give_card(person_id: int, at: datetime, **more: Any) -> None:
    issue_health_cards(actor=ACTOR, at=at, rows=[replace(CARD, person_id=person_id, **more)], provenance=SOURCE)


@pytest.fixture
def holder(db: None, register: Register, post: Post, key: Any) -> int:
    """Somebody with months, a card and a sealed book."""
    [person_id] = register()
    post([person_id], "2026-09", "2026-10")
    give_card(person_id, AT - timedelta(hours=1))
    seal_books(actor=ACTOR, at=AT, person_ids=[person_id], key=key)
    return person_id


def _issue(person_id: int, keys: Any, kind: Kind = Kind.HEALTH_CARD, at: datetime = AT) -> Any:
    return issue(actor=ACTOR, at=at, person_id=person_id, kind=kind, issuer=ISSUER, key=keys.seal_key("credential"))


@pytest.mark.parametrize("kind", Kind)
def test_what_is_issued_verifies_and_is_written_down(holder: int, file_keys: Any, kind: Kind) -> None:
    issued = _issue(holder, file_keys, kind)
    read = verify(issued.text, file_keys.key_set(), at=AT)
    assert (read.kind, read.content["name"]) == (kind, "Nguyễn Thị Mẫu")
    assert (read.status_address, read.status_index) == (ISSUER.status_address(issued.list_number), issued.list_index)
    assert len(issued.text) <= MOST_CHARACTERS
    assert Entry.objects.get(verb="credentials.credential.issue").detail["kind"] == kind.value


def test_asked_again_it_is_the_same_until_half_its_time_is_over(holder: int, file_keys: Any) -> None:
    first = _issue(holder, file_keys)
    assert _issue(holder, file_keys, at=AT + timedelta(days=44)) == first
    later = _issue(holder, file_keys, at=AT + timedelta(days=45))
    assert later.text != first.text and later.list_index != first.list_index
    assert Credential.objects.count() == 2


def test_what_changed_in_the_book_makes_a_new_one(holder: int, file_keys: Any, post: Post, key: Any) -> None:
    first, card = _issue(holder, file_keys, Kind.BOOK_SUMMARY), _issue(holder, file_keys)
    later = AT + timedelta(days=1)
    post([holder], "2026-11", at=later)
    seal_books(actor=ACTOR, at=later, person_ids=[holder], key=key)
    second = _issue(holder, file_keys, Kind.BOOK_SUMMARY, later)
    assert [verify(one.text, file_keys.key_set(), at=later).content["si"] for one in (first, second)] == [2, 3]
    assert _issue(holder, file_keys, at=later) == card, "the card says what it said"


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        (BookState.SUSPENDED, {Kind.BOOK_SUMMARY}),
        (BookState.CLOSED_ONE_OFF, {Kind.BOOK_SUMMARY}),
        (BookState.CLOSED_DECEASED, set(Kind)),
        (BookState.MERGED, set(Kind)),
    ],
)
def test_what_is_issued_depends_on_the_books_state(holder: int, file_keys: Any, state: BookState, refused: set[Kind]) -> None:
    change_state(actor=ACTOR, at=AT, person_id=holder, state=state, reason="x")
    for kind in Kind:
        if kind not in refused:
            assert _issue(holder, file_keys, kind)
            continue
        with pytest.raises(Conflict) as caught:
            _issue(holder, file_keys, kind)
        assert caught.value.code == "CRD-002"


def test_nothing_is_issued_without_a_book_or_a_card(db: None, register: Register, file_keys: Any, key: Any) -> None:
    [person_id] = register()
    with pytest.raises(NotFound):
        _issue(person_id, file_keys)
    seal_books(actor=ACTOR, at=AT, person_ids=[person_id], key=key)
    with pytest.raises(Conflict) as caught:
        _issue(person_id, file_keys)
    assert caught.value.code == "CRD-001"


def test_places_are_met_once() -> None:
    from bhxh.credentials.commands import _STRIDE

    assert len({position * _STRIDE % LIST_SIZE for position in range(LIST_SIZE)}) == LIST_SIZE
