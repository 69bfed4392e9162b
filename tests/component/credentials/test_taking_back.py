"""A holder takes codes back, and the codes that are printed in the book."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bhxh.book.commands import change_state
from bhxh.book.queries import get_payload_and_sealed
from bhxh.book.rendering import OfflineCode, render_pdf
from bhxh.book.states import BookState
from bhxh.credentials.book_pages import book_pdf
from bhxh.credentials.commands import MOST_WITHDRAWALS, withdraw
from bhxh.credentials.contents import NAMES, Kind
from bhxh.credentials.drawing import draw_svg
from bhxh.credentials.models import Credential, Withdrawal
from bhxh.credentials.queries import list_issued
from bhxh.credentials.status_lists import Standing, Status
from bhxh.kernel.errors import Conflict
from tests.component.credentials.test_issuing import ACTOR, AT, ISSUER, holder
from tests.component.credentials.test_issuing import _issue as issue_one
from tests.component.credentials.test_sharing import _holder as acting
from tests.component.credentials.test_status import _standing as standing_of

__all__ = ["holder"]
_BY_HOLDER = Standing(Status.WITHDRAWN, "BY_HOLDER")


def _withdraw(person_id: int, keys: Any, kind: Kind = Kind.HEALTH_CARD, at: Any = AT) -> int:
    key = keys.seal_key("credential")
    return withdraw(actor=acting(person_id), at=at, person_id=person_id, kind=kind, issuer=ISSUER, key=key)


def test_what_was_taken_back_no_longer_holds_and_the_next_is_new(holder: int, file_keys: Any) -> None:
    card, summary = issue_one(holder, file_keys), issue_one(holder, file_keys, Kind.BOOK_SUMMARY)
    at = AT + timedelta(minutes=1)
    assert _withdraw(holder, file_keys, at=at) == 1
    assert standing_of(card, file_keys, at=at, is_published=False) == _BY_HOLDER
    assert standing_of(summary, file_keys, at=at, is_published=False) == Standing(Status.VALID), "the other kind"
    again = issue_one(holder, file_keys, at=at)
    assert again.text != card.text
    assert standing_of(again, file_keys, at=at) == Standing(Status.VALID)
    assert standing_of(card, file_keys, at=at) == _BY_HOLDER
    assert [one.withdrawn_at for one in list_issued(holder)] == [at, None, None]


def test_what_was_taken_back_stays_so_whatever_the_book_does(holder: int, file_keys: Any) -> None:
    summary = issue_one(holder, file_keys, Kind.BOOK_SUMMARY)
    _withdraw(holder, file_keys, Kind.BOOK_SUMMARY)
    change_state(actor=ACTOR, at=AT, person_id=holder, state=BookState.SUSPENDED, reason="SUSPECTED_FRAUD")
    assert standing_of(summary, file_keys) == _BY_HOLDER, "who looks learns nothing of the suspicion"


def test_nothing_to_take_back_is_said_and_leaves_nothing(holder: int, file_keys: Any) -> None:
    assert _withdraw(holder, file_keys) == 0
    issue_one(holder, file_keys)
    assert [_withdraw(holder, file_keys) for _ in range(3)] == [1, 0, 0]
    assert Withdrawal.objects.count() == 1


def test_so_many_times_a_day(holder: int, file_keys: Any) -> None:
    for hour in range(MOST_WITHDRAWALS):
        issue_one(holder, file_keys, at=AT + timedelta(hours=hour))
        assert _withdraw(holder, file_keys, at=AT + timedelta(hours=hour)) == 1
    last = issue_one(holder, file_keys, at=AT + timedelta(hours=5))
    with pytest.raises(Conflict) as caught:
        _withdraw(holder, file_keys, at=AT + timedelta(hours=5))
    assert caught.value.code == "CRD-007"
    assert standing_of(last, file_keys, at=AT + timedelta(hours=5)) == Standing(Status.VALID)
    assert _withdraw(holder, file_keys, at=AT + timedelta(days=1)) == 1


def test_the_book_carries_the_codes_that_the_holder_is_given(holder: int, file_keys: Any) -> None:
    summary, card = issue_one(holder, file_keys, Kind.BOOK_SUMMARY), issue_one(holder, file_keys)
    codes = [
        OfflineCode(name=NAMES[one.kind], svg=draw_svg(one.text), until=one.expires_at) for one in (summary, card)
    ]  # fmt: skip
    assert _pdf(holder, file_keys) == render_pdf(*get_payload_and_sealed(holder), codes=codes)
    assert Credential.objects.count() == 2, "the same codes, none made anew"


def test_an_old_version_and_a_withdrawn_book_carry_none_of_the_summary(holder: int, file_keys: Any) -> None:
    bare = render_pdf(*get_payload_and_sealed(holder))
    assert _pdf(holder, file_keys, version=1) == bare and not Credential.objects.exists()
    change_state(actor=ACTOR, at=AT, person_id=holder, state=BookState.SUSPENDED, reason="x")
    _pdf(holder, file_keys)
    assert [row.kind for row in Credential.objects.all()] == [Kind.HEALTH_CARD.value], "the card outlives it"
    change_state(actor=ACTOR, at=AT, person_id=holder, state=BookState.CLOSED_DECEASED, reason="x")
    assert _pdf(holder, file_keys) == bare


def _pdf(person_id: int, keys: Any, version: int | None = None) -> bytes:
    key = keys.seal_key("credential")
    actor = replace(ACTOR, request_id="r2")
    return book_pdf(actor=actor, at=AT, person_id=person_id, version=version, issuer=ISSUER, key=key)
