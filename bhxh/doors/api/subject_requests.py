"""What people ask about their own data: from their own account or through an officer, with the law's days, in one register."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bhxh.access.data_protection_commands import (
    answer_data_request,
    extend_data_request,
    receive_data_request,
    settle_data_request,
)
from bhxh.access.data_protection_queries import DataRequestView, list_data_requests_of, list_open_data_requests
from bhxh.access.permissions import check_ask_about_data, check_protect_data
from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import record_look, record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.calendar import DaysOff, add_working_days
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.who import PERSON, REPRESENTATIVE, officer
from bhxh.law.data_requests import ANSWER_WORKING_DAYS, KIND_WORDS, DataRequestKind
from bhxh.registry.queries import PersonSummary, get_person_by_number, list_days_off, list_persons

router = Router(tags=["data requests"])
_NO_NUL = r"^[^\x00]*$"


class DataRequestIn(Schema):
    """What is asked for."""

    kind: DataRequestKind
    words: str = Field(min_length=1, max_length=4000, pattern=_NO_NUL)


class DataRequestForIn(DataRequestIn):
    """The same, entered by an officer for somebody who came or wrote."""

    number: str = Field(min_length=1, max_length=40, pattern=_NO_NUL, description="any number of the person")
    are_others_concerned: bool = Field(False, description="somebody else processes or holds the data: 20 days instead of 15")


class DataRequestActIn(Schema):
    """What was done about a request."""

    act: Literal["answer", "extend", "grant", "refuse"]
    words: str = Field("", max_length=4000, pattern=_NO_NUL, description="reason or outcome; the person reads it")


class DataRequestOut(Schema):
    """One request and its days."""

    request_id: UUID
    kind: str
    kind_vi: str
    kind_en: str
    words: str
    received_at: datetime
    answer_due_on: date
    done_due_on: date
    answered_at: datetime | None
    extended_at: datetime | None
    done_at: datetime | None
    is_granted: bool | None
    outcome: str
    is_late: bool
    full_name: str = Field("", description="in the register only")
    si_code: str = ""

    @classmethod
    def of(cls, view: DataRequestView, person: PersonSummary | None = None) -> Self:
        """From the room's view; in the register with whose request it is."""
        known = KIND_WORDS[view.kind]
        same = {name: getattr(view, name) for name in cls.model_fields.keys() & DataRequestView.__dataclass_fields__.keys()}
        return cls(
            **same,
            full_name=person.full_name if person else "",
            si_code=person.si_code if person else "",
            kind_vi=known.vi,
            kind_en=known.en,
            is_late=view.is_late(day_in_vietnam(now())),
        )


@router.post("/me", response={201: list[DataRequestOut]}, summary="Ask something about one's own data")
@lets_in(PERSON | REPRESENTATIVE)
def ask(request: HttpRequest, body: DataRequestIn) -> Status[list[DataRequestOut]]:
    """An answer comes within two working days; it is done within 15 days, 20 where others hold the data, once extended by 15."""
    actor, person_id = _own(request)
    _receive(actor, person_id, body, are_others_concerned=False)
    return Status(201, _show(actor, person_id))


@router.get("/me", response=list[DataRequestOut], summary="One's own requests and what became of them")
@lets_in(PERSON | REPRESENTATIVE)
def own(request: HttpRequest) -> list[DataRequestOut]:
    """The latest first."""
    return _show(*_own(request))


@router.post("", response={201: None}, summary="Enter a request for somebody who came or wrote")
@lets_in(officer(OfficerRole.DATA_PROTECTION, OfficerRole.RECEPTION))
def enter(request: HttpRequest, body: DataRequestForIn) -> Status[None]:
    """The person sees it under their own requests."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, facts = signed_in.officer("data_subject_request")
    check_ask_about_data(actor, person_id=0, officer=facts)
    person = get_person_by_number(body.number)
    _receive(actor, person.person_id, body, are_others_concerned=body.are_others_concerned)
    return Status(201, None)


@router.get("", response=list[DataRequestOut], summary="The register: what has still to be settled, the nearest last day first")
@lets_in(officer(OfficerRole.DATA_PROTECTION))
def register(request: HttpRequest) -> list[DataRequestOut]:
    """A look at everybody on the page."""
    actor = _protector(request)
    page = list_open_data_requests()
    named = sorted({view.person_id for view in page})
    record_looks(actor=actor, at=now(), person_ids=named, what="data_request")
    people = list_persons(named)
    return [DataRequestOut.of(view, people.get(view.person_id)) for view in page]


@router.post("/{request_id}", response={200: None}, summary="Answer, extend once, grant or refuse a request")
@lets_in(officer(OfficerRole.DATA_PROTECTION))
def act(request: HttpRequest, request_id: UUID, body: DataRequestActIn) -> Status[None]:
    """Refusing, granting and extending need words."""
    actor = _protector(request)
    match body.act:
        case "answer":
            answer_data_request(actor=actor, at=now(), request_id=request_id)
        case "extend":
            extend_data_request(actor=actor, at=now(), request_id=request_id, because=body.words)
        case "grant" | "refuse":
            settle_data_request(actor=actor, at=now(), request_id=request_id, is_granted=body.act == "grant", outcome=body.words)
    return Status(200, None)


def _show(actor: Actor, person_id: int) -> list[DataRequestOut]:
    record_look(actor=actor, at=now(), person_id=person_id, what="data_request")
    return [DataRequestOut.of(view) for view in list_data_requests_of(person_id)]


def _receive(actor: Actor, person_id: int, body: DataRequestIn, *, are_others_concerned: bool) -> None:
    at = now()
    today = day_in_vietnam(at)
    days_off = DaysOff.of(list_days_off(today.year, years=2))
    receive_data_request(
        actor=actor,
        at=at,
        person_id=person_id,
        kind=body.kind,
        words=body.words,
        are_others_concerned=are_others_concerned,
        answer_due_on=add_working_days(today, ANSWER_WORKING_DAYS, days_off),
    )


def _own(request: HttpRequest) -> tuple[Actor, int]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor = signed_in.actor("own_data_request")
    person_id = actor.for_person_id or 0
    check_ask_about_data(actor, person_id=person_id)
    return actor, person_id


def _protector(request: HttpRequest) -> Actor:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, facts = signed_in.officer("data_subject_request")
    check_protect_data(actor, officer=facts)
    return actor
