"""Data protection: what somebody asks about their own data, with the law's days; and a breach, drawn up under an officer's name."""

from datetime import date, datetime
from uuid import UUID

from bhxh.access.models import DataRequest
from bhxh.access.officer_errors import ACC_EXTENDED_BEFORE, ACC_NO_DATA_REQUEST, ACC_REQUEST_UNSAID
from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.ids import uuid7
from bhxh.kernel.text import tidy
from bhxh.kernel.who import PERSON, REPRESENTATIVE, officer
from bhxh.law.data_requests import DataRequestKind, done_on, extended

_PROTECTOR = officer(OfficerRole.DATA_PROTECTION)


@command(by=PERSON | REPRESENTATIVE | officer(OfficerRole.DATA_PROTECTION, OfficerRole.RECEPTION))
def receive_data_request(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    kind: DataRequestKind,
    words: str,
    are_others_concerned: bool,
    answer_due_on: date,
) -> UUID:
    """Enter a request of a data subject. `answer_due_on` is counted in working days, which the caller knows. Raises Invalid ACC-075."""
    asked = _said(words)
    request_id = uuid7(at)
    DataRequest.objects.create(
        request_id=request_id,
        person_id=person_id,
        kind=DataRequestKind(kind).value,
        words=asked,
        received_at=at,
        received_by=actor.account,
        answer_due_on=answer_due_on,
        done_due_on=done_on(day_in_vietnam(at), are_others_concerned=are_others_concerned),
    )
    _record(actor, at, "receive", request_id, person_id)
    return request_id


@command(by=_PROTECTOR)
def answer_data_request(*, actor: Actor, at: datetime, request_id: UUID) -> None:
    """The person was told that the request is in hand, and what comes next. Again changes nothing. Raises NotFound ACC-073."""
    row = _open(request_id)
    row.answered_at = row.answered_at or at
    row.save(update_fields=["answered_at"])
    _record(actor, at, "answer", request_id, row.person_id)


@command(by=_PROTECTOR)
def extend_data_request(*, actor: Actor, at: datetime, request_id: UUID, because: str) -> date:
    """The one extension, with its reason. Returns the new last day. Raises NotFound ACC-073; Conflict ACC-074; Invalid ACC-075."""
    row = _open(request_id)
    if row.extended_at is not None:
        raise Conflict(ACC_EXTENDED_BEFORE, day=row.done_due_on.strftime("%d/%m/%Y"))
    row.extended_at, row.extended_because, row.done_due_on = at, _said(because), extended(row.done_due_on)
    row.save(update_fields=["extended_at", "extended_because", "done_due_on"])
    _record(actor, at, "extend", request_id, row.person_id)
    return row.done_due_on


@command(by=_PROTECTOR)
def settle_data_request(*, actor: Actor, at: datetime, request_id: UUID, is_granted: bool, outcome: str) -> None:
    """The request was done, or refused with its reason. Settling answers it, too. Raises NotFound ACC-073; Invalid ACC-075."""
    row = _open(request_id)
    row.answered_at, row.done_at, row.is_granted, row.outcome = row.answered_at or at, at, is_granted, _said(outcome)
    row.save(update_fields=["answered_at", "done_at", "is_granted", "outcome"])
    _record(actor, at, "settle", request_id, row.person_id)


@command(by=_PROTECTOR)
def draw_breach_list(*, actor: Actor, at: datetime, account: str, from_at: datetime, until_at: datetime) -> None:
    """Write down that the list of everybody an account saw in a span was drawn; the list itself is read from the log."""
    detail = {"account": account, "from": from_at.isoformat(), "until": until_at.isoformat()}
    record(actor=actor, at=at, verb="access.breach.draw", detail=detail)


def _open(request_id: UUID) -> DataRequest:
    row = DataRequest.objects.select_for_update().filter(request_id=request_id, done_at__isnull=True).first()
    if row is None:
        raise NotFound(ACC_NO_DATA_REQUEST)
    return row


def _said(words: str) -> str:
    said = tidy(words)
    if not said:
        raise Invalid(ACC_REQUEST_UNSAID, where="words")
    return said


def _record(actor: Actor, at: datetime, verb: str, request_id: UUID, person_id: int) -> None:
    # WHY no words: the log holds nobody's own story; the register does.
    record(actor=actor, at=at, verb=f"access.data_request.{verb}", person_id=person_id, detail={"request": str(request_id)})
