"""Ask a person, and what the person says: granted in whole or in part, refused, withdrawn. Silence is not consent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from bhxh.access.consent_errors import (
    ACC_ASKED_TOO_SOON,
    ACC_BEYOND_REGISTRATION,
    ACC_BEYOND_REQUEST,
    ACC_CONSENT_PERIOD,
    ACC_DAY_TO_COME,
    ACC_NO_CONSENT,
    ACC_NO_CONSENT_REQUEST,
    ACC_REQUEST_CLOSED,
)
from bhxh.access.consent_queries import get_requester, request_view
from bhxh.access.consent_receipts import RECEIPT_TYPE, ReceiptIssuer, compose_receipt, sealed
from bhxh.access.consents import ConsentChannel, ConsentPurpose, GrantProof, RequesterFacts, RequestState
from bhxh.access.data_catalogue import fields_of
from bhxh.access.models import Consent, ConsentRequest, ConsentWithdrawal
from bhxh.access.roles import Grant
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.ids import uuid7
from bhxh.kernel.text import tidy
from bhxh.kernel.who import EMPLOYER, PERSON, REPRESENTATIVE, machine
from bhxh.signing.ports import SealKey

_LONGEST = timedelta(days=366)  # LIMIT: assumed; what is needed for longer is asked again
_ANSWER_WITHIN = timedelta(days=30)  # then it lapses
_AFTER_REFUSAL = timedelta(days=30)  # WHY: a no is not to be worn down by asking again
_LONGEST_REASON, _LONGEST_REFERENCE = 300, 60
REQUESTERS: Final = EMPLOYER | machine(Grant.READ_WITH_CONSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a requester wants to know, why, and for how long."""

    fields: tuple[str, ...]
    """Of the catalogue; the name of a group stands for all its fields of today."""
    purpose: ConsentPurpose
    reason: str
    until_on: date
    """Exclusive."""
    on: date | None = None
    """The one day that fields about a day speak of; None: the day of each look."""
    reference: str = ""


@command(by=REQUESTERS)
def ask_for_consent(*, actor: Actor, at: datetime, requester: RequesterFacts, person_id: int | None, question: Question) -> UUID:
    """Ask a person for data. A second question for the same purpose takes the place of one that still waits.

    Shape:   `person_id` is None where the number asked for is nobody's here; the requester gets the same answer, and nothing ever comes of it.
    Raises:  Invalid ACC-140, ACC-142, ACC-143, ACC-153; Conflict ACC-144 within thirty days of a refusal.
    """
    today, wanted = day_in_vietnam(at), fields_of(question.fields)
    beyond = [name for name in wanted if name not in requester.fields]
    if question.purpose not in requester.purposes:
        beyond.append(question.purpose.value)
    if beyond:
        raise Invalid(ACC_BEYOND_REGISTRATION, where="fields", names=", ".join(beyond)[:300])
    if not today < question.until_on <= today + _LONGEST:
        raise Invalid(ACC_CONSENT_PERIOD, where="until_on", days=_LONGEST.days)
    if question.on is not None and question.on > today:
        raise Invalid(ACC_DAY_TO_COME, where="on")
    if person_id is not None:
        _make_way(person_id, requester.requester_id, question.purpose, at)
    row = ConsentRequest.objects.create(
        request_id=uuid7(at),
        requester_id=requester.requester_id,
        person_id=person_id,
        fields=list(wanted),
        purpose=question.purpose.value,
        reason=tidy(question.reason)[:_LONGEST_REASON],
        reference=tidy(question.reference)[:_LONGEST_REFERENCE],
        on=question.on,
        until_on=question.until_on,
        asked_by=actor.account,
        asked_at=at,
        lapses_at=at + _ANSWER_WITHIN,
        state=RequestState.WAITING.value,
    )
    detail = {"request": str(row.request_id), "requester": requester.requester_id, "purpose": row.purpose, "fields": row.fields}
    record(actor=actor, at=at, verb="access.consent.ask", person_id=person_id, detail=detail)
    return row.request_id


@command(by=REQUESTERS)
def cancel_request(*, actor: Actor, at: datetime, requester_id: str, request_id: UUID) -> None:
    """Take a question back before it is answered. Raises NotFound ACC-145; Conflict ACC-146."""
    row = _waiting(at, request_id=request_id, requester_id=requester_id)
    _close(row, RequestState.CANCELLED, at)
    record(actor=actor, at=at, verb="access.consent.cancel", person_id=row.person_id, detail={"request": str(request_id)})


@command(by=PERSON | REPRESENTATIVE)
def grant_consent(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    request_id: UUID,
    fields: Collection[str],
    until_on: date,
    subject_masked: str,
    proof: GrantProof,
    issuer: ReceiptIssuer,
    key: SealKey,
) -> UUID:
    """What the freshly signed-in person grants of what was asked: single fields by name, all or fewer, until then or sooner.

    Shape:   the receipt is sealed here, in the same transaction: there is no consent without a receipt.
    Raises:  NotFound ACC-145; Conflict ACC-146; Invalid ACC-147; NotAllowed ACC-141 where the requester's registration has ended.
    """
    row = _waiting(at, request_id=request_id, person_id=person_id)
    requester = get_requester(row.requester_id, on=day_in_vietnam(at))
    request = request_view(row, requester, at)
    granted = tuple(name for name in request.fields if name in set(fields))
    if not granted or len(granted) != len(set(fields)) or not day_in_vietnam(at) < until_on <= request.until_on:
        raise Invalid(ACC_BEYOND_REQUEST, where="fields")
    consent_id = uuid7(at)
    payload = compose_receipt(
        consent_id=consent_id,
        request=request,
        fields=granted,
        until_on=until_on,
        granted_at=at,
        subject_masked=subject_masked,
        proof=proof,
        issuer=issuer,
    )
    receipt = sealed(payload, key=key, type_name=RECEIPT_TYPE)
    Consent.objects.create(
        consent_id=consent_id,
        request_id=request_id,
        person_id=person_id,
        requester_id=row.requester_id,
        fields=list(granted),
        purpose=row.purpose,
        on=row.on,
        until_on=until_on,
        granted_at=at,
        receipt=receipt,
    )
    _close(row, RequestState.GRANTED, at, consent_id)
    detail = {
        "consent": str(consent_id),
        "request": str(request_id),
        "requester": row.requester_id,
        "fields": list(granted),
        "until": until_on.isoformat(),
        "authenticated_at": proof.authenticated_at.isoformat(),
        "receipt_sha256": sha256_hex(receipt),
    }
    record(actor=actor, at=at, verb="access.consent.grant", person_id=person_id, detail=detail)
    return consent_id


@command(by=PERSON | REPRESENTATIVE)
def refuse_consent(*, actor: Actor, at: datetime, person_id: int, request_id: UUID) -> None:
    """Say no, without a reason. Raises NotFound ACC-145; Conflict ACC-146."""
    row = _waiting(at, request_id=request_id, person_id=person_id)
    _close(row, RequestState.REFUSED, at)
    record(actor=actor, at=at, verb="access.consent.refuse", person_id=person_id, detail={"request": str(request_id)})


@command(by=PERSON | REPRESENTATIVE)
def withdraw_consent(
    *, actor: Actor, at: datetime, person_id: int, consent_id: UUID, channel: ConsentChannel = ConsentChannel.SIGNED_IN
) -> None:
    """End a consent from now on; the next read gets nothing. Withdrawing again changes nothing. Raises NotFound ACC-148.

    Shape:   waits for reads that are under way (`get_consent_held`), so none is committed after this is.
    """
    granted = Consent.objects.filter(consent_id=consent_id, person_id=person_id).values_list("request_id", flat=True).first()
    if granted is None:
        raise NotFound(ACC_NO_CONSENT)
    ConsentRequest.objects.select_for_update(no_key=True).filter(request_id=granted).first()
    _, is_first = ConsentWithdrawal.objects.get_or_create(consent_id=consent_id, defaults={"withdrawn_at": at, "channel": channel.value})
    detail = {"consent": str(consent_id), "channel": channel.value, "is_first": is_first}
    record(actor=actor, at=at, verb="access.consent.withdraw", person_id=person_id, detail=detail)


def _make_way(person_id: int, requester_id: str, purpose: ConsentPurpose, at: datetime) -> None:
    of_same = ConsentRequest.objects.filter(person_id=person_id, requester_id=requester_id)
    refused = of_same.filter(state=RequestState.REFUSED.value, decided_at__gt=at - _AFTER_REFUSAL).order_by("-decided_at").first()
    if refused is not None and refused.decided_at is not None:
        raise Conflict(ACC_ASKED_TOO_SOON, on=day_in_vietnam(refused.decided_at + _AFTER_REFUSAL).isoformat())
    waiting = of_same.filter(state=RequestState.WAITING.value, purpose=purpose.value)
    waiting.update(state=RequestState.CANCELLED.value, decided_at=at)


def _waiting(at: datetime, **which: Any) -> ConsentRequest:
    """The request, locked, if it can still be decided."""
    row = ConsentRequest.objects.select_for_update().filter(**which).first()
    if row is None:
        raise NotFound(ACC_NO_CONSENT_REQUEST)
    if row.state != RequestState.WAITING or row.lapses_at <= at:
        raise Conflict(ACC_REQUEST_CLOSED)
    return row


def _close(row: ConsentRequest, state: RequestState, at: datetime, consent_id: UUID | None = None) -> None:
    row.state, row.decided_at, row.consent_id = state.value, at, consent_id
    row.save(update_fields=["state", "decided_at", "consent_id"])
