"""Parts of a card or a book, shown for some minutes."""

from datetime import timedelta
from typing import Any

import pytest

from bhxh.audit.models import Entry, Look
from bhxh.book.commands import change_state
from bhxh.book.states import BookState
from bhxh.credentials.contents import Kind
from bhxh.credentials.models import Share
from bhxh.credentials.public_verification import somebody
from bhxh.credentials.queries import list_shares
from bhxh.credentials.share_commands import end_share, end_shares, open_share, share
from bhxh.credentials.shares import MOST_AT_ONCE, MOST_VIEWS, PARTS, Part, rows_of
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from tests.component.credentials.test_issuing import ACTOR, AT, holder

__all__ = ["holder"]
VISITOR = somebody("r9")


def _holder(person_id: int) -> Actor:
    return Actor(
        kind=ActorKind.PERSON,
        account="eid:x:1",
        request_id="r1",
        purpose="own_book",
        legal_basis=LegalBasis.OWN_DATA,
        person_id=person_id,
        assurance_level=2,
    )


def _share(person_id: int, **more: Any) -> str:
    given = {"at": AT, "kind": Kind.HEALTH_CARD, "parts": [Part.VALIDITY], "minutes": 10, **more}
    return share(actor=_holder(person_id), person_id=person_id, **given)[0]


def _opened(secret: str, minutes: int = 0) -> Any:
    return open_share(actor=VISITOR, at=AT + timedelta(minutes=minutes), secret=secret)


def test_only_the_chosen_parts_are_shown_and_the_holder_sees_it(holder: int) -> None:
    view = _opened(_share(holder))
    assert [(label, value) for _, label, value in view.rows] == [("Valid from", "01/01/2025"), ("Benefit level", "4")]
    look = Look.objects.get(person_id=holder, what="shared")
    assert (look.account, look.legal_basis, look.request_id) == ("system:verification", "CONSENT", "r9")
    both = _opened(_share(holder, parts=[Part.NUMBER, Part.IDENTITY]))
    assert [label for _, label, _ in both.rows] == ["Full name", "Date of birth", "Sex", "Health card"]


def test_the_secret_is_kept_nowhere(holder: int) -> None:
    secret = _share(holder)
    row = Share.objects.get()
    assert secret not in str(vars(row)) and len(secret) == 22


def test_it_ends_with_its_minutes_or_at_the_holders_word(holder: int) -> None:
    secret = _share(holder)
    assert _opened(secret, 9)
    with pytest.raises(NotFound):
        _opened(secret, 10)
    other = _share(holder)
    assert end_shares(actor=_holder(holder), at=AT, person_id=holder) == 2
    with pytest.raises(NotFound):
        _opened(other)


def test_one_of_several_ends_for_its_holder_and_is_journalled(holder: int) -> None:
    first, second = _share(holder), _share(holder, at=AT + timedelta(seconds=1))
    standing = list_shares(holder, at=AT + timedelta(seconds=2))
    assert [one.made_at for one in standing] == [AT + timedelta(seconds=1), AT]
    assert not {first, second} & {one.reference for one in standing}, "what names a link does not open it"
    ending = {"at": AT + timedelta(minutes=1), "reference": standing[0].reference}
    with pytest.raises(NotFound):
        end_share(actor=_holder(holder + 1), person_id=holder + 1, **ending)
    for _ in range(2):
        end_share(actor=_holder(holder), person_id=holder, **ending)
    assert [one.made_at for one in list_shares(holder, at=ending["at"])] == [AT]
    assert _opened(first, 2)
    with pytest.raises(NotFound):
        _opened(second, 2)
    assert Entry.objects.filter(verb="credentials.share.end_one").count() == 2


def test_nobody_opens_it_more_often_than_the_limit(holder: int) -> None:
    secret = _share(holder)
    for _ in range(MOST_VIEWS):
        _opened(secret)
    with pytest.raises(NotFound):
        _opened(secret)
    assert Look.objects.filter(what="shared").count() == MOST_VIEWS


def test_one_more_than_the_limit_ends_the_oldest(holder: int) -> None:
    shared = [_share(holder, at=AT + timedelta(seconds=number)) for number in range(MOST_AT_ONCE + 1)]
    with pytest.raises(NotFound):
        _opened(shared[0], 1)
    assert all(_opened(secret, 1) for secret in shared[1:])


def test_what_is_over_is_gone_a_day_later(holder: int) -> None:
    _share(holder)
    _share(holder, at=AT + timedelta(days=2))
    assert Share.objects.count() == 1


def test_a_withdrawn_book_is_not_shown(holder: int) -> None:
    secret = _share(holder, kind=Kind.BOOK_SUMMARY, parts=[Part.MONTHS])
    assert _opened(secret).rows[0][2] == "2"
    change_state(actor=ACTOR, at=AT, person_id=holder, state=BookState.SUSPENDED, reason="x")
    with pytest.raises(Conflict) as caught:
        _opened(secret)
    assert caught.value.code == "CRD-002"
    assert Look.objects.filter(what="shared").count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"parts": []}, "CRD-030"),
        ({"parts": [Part.MONTHS]}, "CRD-030"),
        ({"minutes": 0}, "CRD-031"),
        ({"minutes": 61}, "CRD-031"),
    ],
)
def test_what_cannot_be_shared(holder: int, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        _share(holder, **wrong)
    assert caught.value.code == code
    assert not Share.objects.exists()


def test_every_part_of_every_kind_has_rows() -> None:
    content = {
        "name": "A",
        "born": "1990",
        "sex": "M",
        "card": "DN",
        "book": "S",
        "code": "0",
        "from": "2025-01-01",
        "until": "2026-01-01",
        "level": 4,
        "clinic": "79013",
        "five": "2028-01-01",
        "si": 0,
        "ui": 1,
        "hi": 2,
        "work": [["U", 648, 649]],
    }
    assert set(PARTS) == set(Kind) and set().union(*PARTS.values()) == set(Part)
    for part in Part:
        assert rows_of(content, [part])
    assert rows_of(content, [Part.WORKPLACES])[0][2] == "U (01/2024 – 02/2024)"
    assert rows_of({}, list(Part)) == ()
