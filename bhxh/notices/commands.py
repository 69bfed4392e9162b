"""Put letters into the outbox and write down what became of them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bhxh.audit.commands import command, record
from bhxh.kernel import jobs
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.ids import uuid7
from bhxh.notices.models import FailedReason, Message, MessageState

SEND = jobs.name("notices.message.send")

# LIMIT: 254 is the longest address SMTP carries (RFC 5321 4.5.3.1.3). ASCII only: not every relay speaks SMTPUTF8.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_LONGEST_ADDRESS = 254

_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(minutes=10)  # WHY not longer: a receipt has two hours, so a mail server that comes back is met soon


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A letter ready to go, as `letters.compose` makes it."""

    kind: str
    dedupe_key: str
    dossier_id: UUID | None
    recipient: str
    subject: str
    text: str
    html: str
    due_at: datetime


@command
def enqueue(*, actor: Actor, at: datetime, notice: Notice) -> UUID:
    """Put a letter into the outbox, in the transaction of the change it tells of, and ask for it to be sent.

    Shape: the same `dedupe_key` again gives the first letter's id and queues nothing. A missing or unusable address
           never stops the change: the letter is kept as `delivery_failed` and shown in the portal and the warehouse.
    Law:   Decree 164/2025/ND-CP: receipt within 2 hours (R-060), failed delivery (R-065).
    """
    unusable = _why_unusable(notice.recipient)
    message, is_new = Message.objects.get_or_create(
        dedupe_key=notice.dedupe_key,
        defaults={
            "message_id": uuid7(at),
            "dossier_id": notice.dossier_id,
            "kind": notice.kind,
            "recipient": notice.recipient,
            "subject": " ".join(notice.subject.split()),
            "body_text": notice.text,
            "body_html": notice.html,
            "created_at": at,
            "due_at": notice.due_at,
            "next_attempt_at": at,
            "state": MessageState.DELIVERY_FAILED if unusable else MessageState.WAITING,
            "failed_reason": unusable,
        },
    )
    detail: dict[str, Json] = {"message_id": str(message.message_id), "kind": notice.kind, "is_new": is_new, "failed_reason": str(unusable)}
    record(actor=actor, at=at, verb="notices.message.enqueue", dossier_id=notice.dossier_id, detail=detail)
    if is_new and not unusable:
        jobs.defer(SEND, once_key=f"notice:{message.message_id}", message_id=str(message.message_id))
    return message.message_id


@command
def mark_sent(*, actor: Actor, at: datetime, message_id: UUID) -> None:
    """The mail server has taken it. `at` is the instant of the hand-over. A second hand-over keeps the first instant."""
    if Message.objects.filter(message_id=message_id, sent_at__isnull=True).update(
        state=MessageState.SENT, sent_at=at, lease_until=None, failed_reason=FailedReason.NONE
    ):
        _record_outcome(actor, at, "notices.message.send", message_id)
    else:
        _record_outcome(actor, at, "notices.message.send_again", message_id)


@command
def mark_failed(*, actor: Actor, at: datetime, message_id: UUID, reason: FailedReason) -> None:
    """The mail server refused it for good. Only a waiting letter can fail."""
    Message.objects.filter(message_id=message_id, state=MessageState.WAITING).update(
        state=MessageState.DELIVERY_FAILED, failed_reason=reason, lease_until=None
    )
    _record_outcome(actor, at, "notices.message.fail", message_id)


@command
def postpone(*, actor: Actor, at: datetime, message_id: UUID, attempts: int) -> None:
    """The mail server could not be reached: give the lease back and try after a pause that doubles up to ten minutes."""
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(attempts - 1, 10))
    Message.objects.filter(message_id=message_id, state=MessageState.WAITING).update(next_attempt_at=at + pause, lease_until=None)
    _record_outcome(actor, at, "notices.message.postpone", message_id)


def _record_outcome(actor: Actor, at: datetime, verb: str, message_id: UUID) -> None:
    dossier_id = Message.objects.values_list("dossier_id", flat=True).get(message_id=message_id)
    record(actor=actor, at=at, verb=verb, dossier_id=dossier_id, detail={"message_id": str(message_id)})


def _why_unusable(address: str) -> FailedReason:
    if not address:
        return FailedReason.NO_ADDRESS
    is_sound = len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None
    return FailedReason.NONE if is_sound else FailedReason.BAD_ADDRESS
