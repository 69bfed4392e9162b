"""The register of data subjects' requests: the law's days, one extension, an outcome with words, no story in the log."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from bhxh.access.data_protection_commands import (
    answer_data_request,
    extend_data_request,
    receive_data_request,
    settle_data_request,
)
from bhxh.access.data_protection_queries import list_data_requests_of, list_open_data_requests
from bhxh.audit.models import Entry
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.errors import BhxhError
from bhxh.law.data_requests import DataRequestKind

AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def actor(kind: ActorKind = ActorKind.OFFICER, *roles: str) -> Actor:
    who = (
        {"account": "officer:baove", "roles": frozenset(roles or ("DATA_PROTECTION",))}
        if kind is ActorKind.OFFICER
        else {"account": "eid:x:1"}
    )
    return Actor(kind=kind, request_id="r", purpose="data_subject_request", legal_basis=LegalBasis.LEGAL_DUTY, person_id=7, **who)


BY = actor()


def receive(by: Actor = BY, *, at: datetime = AT, others: bool = False, words: str = "Tôi muốn biết ai đã xem sổ của tôi.") -> UUID:
    return receive_data_request(
        actor=by,
        at=at,
        person_id=7,
        kind=DataRequestKind.OBJECTION,
        words=words,
        are_others_concerned=others,
        answer_due_on=date(2026, 11, 4),
    )


def code_of(call: Any) -> str:
    with pytest.raises(BhxhError) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize(("others", "done"), [(False, date(2026, 11, 17)), (True, date(2026, 11, 22))])
def test_the_days_of_the_law(db: None, others: bool, done: date) -> None:
    receive(others=others)
    [view] = list_open_data_requests()
    assert (view.answer_due_on, view.done_due_on) == (date(2026, 11, 4), done)
    assert not view.is_late(date(2026, 11, 4))
    assert view.is_late(date(2026, 11, 5)), "nobody answered in two working days"


def test_an_answer_stops_the_first_clock_and_one_extension_moves_the_second(db: None) -> None:
    request = receive()
    answer_data_request(actor=BY, at=AT, request_id=request)
    answer_data_request(actor=BY, at=AT.replace(day=9), request_id=request)
    [view] = list_open_data_requests()
    assert view.answered_at == AT, "the first answer counts"
    assert (view.is_late(date(2026, 11, 17)), view.is_late(date(2026, 11, 18))) == (False, True)
    assert code_of(lambda: extend_data_request(actor=BY, at=AT, request_id=request, because=" ")) == "ACC-075"
    assert extend_data_request(actor=BY, at=AT, request_id=request, because="Phải hỏi ba đơn vị.") == date(2026, 12, 2)
    assert code_of(lambda: extend_data_request(actor=BY, at=AT, request_id=request, because="Nữa.")) == "ACC-074"


@pytest.mark.parametrize("is_granted", [True, False])
def test_what_is_settled_leaves_the_register_and_keeps_its_outcome(db: None, is_granted: bool) -> None:
    request = receive()
    assert code_of(lambda: settle_data_request(actor=BY, at=AT, request_id=request, is_granted=is_granted, outcome="")) == "ACC-075"
    settle_data_request(actor=BY, at=AT, request_id=request, is_granted=is_granted, outcome="Đã gửi bản sao.")
    assert list_open_data_requests() == ()
    [view] = list_data_requests_of(7)
    assert (view.is_granted, view.outcome, view.done_at, view.answered_at) == (is_granted, "Đã gửi bản sao.", AT, AT)
    assert not view.is_late(date(2027, 1, 1))
    for again in (answer_data_request, lambda **given: settle_data_request(**given, is_granted=True, outcome="x")):
        assert code_of(lambda again=again: again(actor=BY, at=AT, request_id=request)) == "ACC-073"


def test_the_log_tells_that_and_not_what(db: None) -> None:
    request = receive(words="Chồng cũ của tôi làm ở cơ quan bảo hiểm.")
    entry = Entry.objects.get(verb="access.data_request.receive")
    assert (entry.person_id, entry.detail) == (7, {"request": str(request)})


def test_who_may_enter_and_who_may_settle(db: None) -> None:
    for by in (actor(ActorKind.PERSON), actor(ActorKind.OFFICER, "RECEPTION")):
        request = receive(by)
        assert code_of(lambda by=by, request=request: answer_data_request(actor=by, at=AT, request_id=request)) == "AUD-010"
    assert code_of(lambda: receive(actor(ActorKind.OFFICER, "APPRAISER"))) == "AUD-010"
    assert code_of(lambda: receive(words="  ")) == "ACC-075"
    assert code_of(lambda: answer_data_request(actor=BY, at=AT, request_id=uuid4())) == "ACC-073"
