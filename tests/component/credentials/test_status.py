"""Published status lists follow what happens to books and cards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bhxh.book.commands import change_state, seal_books
from bhxh.book.states import BookState
from bhxh.credentials.contents import Kind
from bhxh.credentials.flows import AGE, publish_due
from bhxh.credentials.models import Credential, PublishedList
from bhxh.credentials.status_commands import publish_list
from bhxh.credentials.status_lists import Standing, Status, open_list
from bhxh.credentials.status_queries import get_list
from bhxh.credentials.suspensions import Act, Reason
from bhxh.credentials.verification import verify
from bhxh.kernel.errors import NotFound
from tests.component.credentials.test_issuing import ACTOR, AT, ISSUER, give_card, holder
from tests.component.credentials.test_issuing import _issue as issue_one
from tests.component.credentials.test_suspending import _approve as approve
from tests.component.credentials.test_suspending import _propose as propose

__all__ = ["holder"]


def _standing(issued: Any, keys: Any, *, at: Any = AT, is_published: bool = True) -> Standing:
    key = keys.seal_key("credential")
    if is_published:
        publish_list(actor=ACTOR, at=at, list_number=issued.list_number, issuer=ISSUER, key=key)
    opened = open_list(get_list(issued.list_number), keys.key_set(), at=at)
    return opened.standing_of(verify(issued.text, keys.key_set(), at=at))


def test_what_was_just_issued_is_valid_at_once(holder: int, file_keys: Any) -> None:
    issued = issue_one(holder, file_keys)
    assert _standing(issued, file_keys, is_published=False) == Standing(Status.VALID)


def test_a_withdrawn_book_is_in_the_list_at_once_and_its_card_is_not(holder: int, file_keys: Any, key: Any) -> None:
    card, summary = issue_one(holder, file_keys), issue_one(holder, file_keys, Kind.BOOK_SUMMARY)
    list_key = file_keys.seal_key("credential")
    approve(propose(holder), key, list_key=list_key)
    at = AT + timedelta(days=1)
    assert _standing(summary, file_keys, at=at, is_published=False) == Standing(Status.SUSPENDED, "SUSPICION")
    assert _standing(card, file_keys, at=at, is_published=False) == Standing(Status.VALID)
    approve(propose(holder, Act.RESUME, Reason.CLEARED, at=at), key, days=2, list_key=list_key)
    at = AT + timedelta(days=2)
    assert _standing(summary, file_keys, at=at, is_published=False) == Standing(Status.REPLACED), "a newer version says that it is active"
    again = issue_one(holder, file_keys, Kind.BOOK_SUMMARY, at)
    assert _standing(again, file_keys, at=at) == Standing(Status.VALID)


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("TEMP_LOCKED", Standing(Status.SUSPENDED, "CARD_LOCKED")),
        ("WITHDRAWN", Standing(Status.WITHDRAWN, "CARD_WITHDRAWN")),
        ("EXPIRED", Standing(Status.WITHDRAWN, "CARD_EXPIRED")),
        ("REPLACED", Standing(Status.REPLACED)),
    ],
)
def test_a_card_follows_the_register(holder: int, file_keys: Any, state: str, standing: Standing) -> None:
    card, summary = issue_one(holder, file_keys), issue_one(holder, file_keys, Kind.BOOK_SUMMARY)
    give_card(holder, AT + timedelta(minutes=1), state=state)
    assert _standing(card, file_keys) == standing
    assert _standing(summary, file_keys) == Standing(Status.VALID), "until the book is sealed anew"


@pytest.mark.parametrize(
    ("state", "of_summary", "of_card"),
    [
        (BookState.CLOSED_ONE_OFF, Standing(Status.WITHDRAWN, "CLOSED_ONE_OFF"), Standing(Status.VALID)),
        (BookState.CLOSED_DECEASED, Standing(Status.WITHDRAWN, "CLOSED_DECEASED"), Standing(Status.WITHDRAWN, "CLOSED_DECEASED")),
        (BookState.MERGED, Standing(Status.WITHDRAWN, "MERGED"), Standing(Status.WITHDRAWN, "MERGED")),
        (BookState.SUSPENDED, Standing(Status.SUSPENDED, "OTHER"), Standing(Status.VALID)),
    ],
)
def test_a_closed_book_ends_what_rests_on_it(
    holder: int, file_keys: Any, state: BookState, of_summary: Standing, of_card: Standing
) -> None:
    card, summary = issue_one(holder, file_keys), issue_one(holder, file_keys, Kind.BOOK_SUMMARY)
    change_state(actor=ACTOR, at=AT, person_id=holder, state=state, reason="x")
    assert (_standing(summary, file_keys), _standing(card, file_keys)) == (of_summary, of_card)


def test_a_newer_version_or_a_newer_code_replaces_the_one_before(holder: int, file_keys: Any, key: Any, post: Callable[..., None]) -> None:
    card, summary = issue_one(holder, file_keys), issue_one(holder, file_keys, Kind.BOOK_SUMMARY)
    later = AT + timedelta(days=50)
    post([holder], "2026-11", at=later)
    seal_books(actor=ACTOR, at=later, person_ids=[holder], key=key)
    newer = issue_one(holder, file_keys, at=later)
    assert _standing(card, file_keys, at=later) == Standing(Status.REPLACED)
    assert _standing(newer, file_keys, at=later) == Standing(Status.VALID)
    assert _standing(summary, file_keys, at=later) == Standing(Status.REPLACED)


def test_lists_are_made_anew_when_they_are_an_hour_old(holder: int, file_keys: Any) -> None:
    issue_one(holder, file_keys)
    key, before = file_keys.seal_key("credential"), PublishedList.objects.get().made_at
    assert publish_due(AT + AGE, issuer=ISSUER, key=key) == 0
    assert publish_due(AT + AGE + timedelta(seconds=1), issuer=ISSUER, key=key) == 1
    assert PublishedList.objects.get().made_at > before
    assert publish_due(AT + AGE + timedelta(minutes=2), issuer=ISSUER, key=key) == 0


def test_a_list_is_put_together_page_by_page(
    db: None, register: Callable[..., list[int]], key: Any, file_keys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bhxh.credentials.status_commands._PAGE", 2)
    people = register(5)
    seal_books(actor=ACTOR, at=AT, person_ids=people, key=key)
    issued = {person_id: issue_one(person_id, file_keys, Kind.BOOK_SUMMARY) for person_id in people}
    for person_id in people[::2]:
        change_state(actor=ACTOR, at=AT, person_id=person_id, state=BookState.MERGED, reason="x")
    merged = [_standing(issued[person_id], file_keys).status is Status.WITHDRAWN for person_id in people]
    assert merged == [True, False, True, False, True]
    assert Credential.objects.count() == 5


def test_a_list_that_never_was_is_not_there(db: None) -> None:
    with pytest.raises(NotFound) as caught:
        get_list(9)
    assert caught.value.code == "CRD-024"
