"""Put letters into the outbox and write down what became of them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Case, Q, Value, When

from bhxh.audit.commands import command, record
from bhxh.kernel import jobs
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.ids import uuid7
from bhxh.kernel.who import PERSON, REPRESENTATIVE, SYSTEM
from bhxh.notices.addresses import parse_address
from bhxh.notices.errors import NOT_TOO_OFTEN, NOT_UNUSABLE_ADDRESS
from bhxh.notices.models import Message
from bhxh.notices.states import FailedReason, MessageState

SEND = jobs.name("notices.message.send")

_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(minutes=10)  # WHY not longer: a receipt has two hours, so a mail server that comes back is met soon
_LATE_PAUSE = timedelta(hours=1)  # once the letter is late nothing is won by asking often

_MOST_AGAIN = 5  # LIMIT: of one letter; else a door that changes addresses would be a way to send mail to strangers
_MOST_LETTERS = 200  # LIMIT: letters of one dossier to its filer that are looked at
_AGAIN = ":again:"

_INSERT = """
INSERT INTO notices_message (message_id, dossier_id, kind, dedupe_key, recipient, subject, body_text, body_html, created_at, due_at,
                             next_attempt_at, state, failed_reason, person_id, smtp_message_id, attempts)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', 0)
ON CONFLICT (dedupe_key) DO NOTHING RETURNING message_id"""


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
    person_id: int | None = None
    """Whose inbox it stands in; None where it goes to an organisation."""


@command(by=SYSTEM)
def enqueue(*, actor: Actor, at: datetime, notice: Notice) -> UUID:
    """Put a letter into the outbox, in the transaction of the change it tells of, and ask for it to be sent.

    Shape: the same `dedupe_key` again gives the first letter's id and queues nothing. A missing or unusable address
           never stops the change: the letter is kept as `delivery_failed` and shown in the portal and the warehouse.
    Law:   Decree 164/2025/ND-CP: receipt within 2 hours (R-060), failed delivery (R-065).
    """
    unusable = _why_unusable(notice.recipient)
    state = MessageState.DELIVERY_FAILED if unusable else MessageState.WAITING
    words = (" ".join(notice.subject.split()), notice.text, notice.html)
    times = (at, notice.due_at, at)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            (
                uuid7(at),
                notice.dossier_id,
                notice.kind,
                notice.dedupe_key,
                notice.recipient,
                *words,
                *times,
                state.value,
                unusable.value,
                notice.person_id,
            ),
        )
        inserted = cursor.fetchone()
    message_id: UUID = inserted[0] if inserted else Message.objects.values_list("message_id", flat=True).get(dedupe_key=notice.dedupe_key)
    is_new = inserted is not None
    detail: dict[str, Json] = {"message_id": str(message_id), "kind": notice.kind, "is_new": is_new, "failed_reason": str(unusable)}
    record(actor=actor, at=at, verb="notices.message.enqueue", dossier_id=notice.dossier_id, detail=detail)
    if is_new and not unusable:
        jobs.defer(SEND, once_key=f"notice:{message_id}", message_id=str(message_id), kind=notice.kind)
    return message_id


@command(by=SYSTEM)
def send_failed_again(*, actor: Actor, at: datetime, dossier_id: UUID, kinds: Collection[str], recipient: str, due_at: datetime) -> int:
    """A dossier's letters that did not arrive, in the same words to another address. Returns how many.

    Shape:  each time a new letter with its own deadline; the failed one stays as it is. A letter sent again since is left alone.
    Raises: Invalid NOT-002 where no server could take the address; Conflict NOT-003 after five times.
    """
    if parse_address(recipient) is None:
        raise Invalid(NOT_UNUSABLE_ADDRESS, where="email")
    written, latest = Counter[str](), dict[str, Message]()
    for letter in Message.objects.filter(dossier_id=dossier_id, kind__in=kinds).order_by("message_id")[:_MOST_LETTERS]:
        first_key = letter.dedupe_key.partition(_AGAIN)[0]
        written[first_key] += 1
        latest[first_key] = letter
    failed = {key: letter for key, letter in latest.items() if letter.state == MessageState.DELIVERY_FAILED}
    for key, letter in failed.items():
        if written[key] > _MOST_AGAIN:
            raise Conflict(NOT_TOO_OFTEN, limit=_MOST_AGAIN)
        notice = Notice(
            kind=letter.kind,
            dedupe_key=f"{key}{_AGAIN}{written[key]}",
            dossier_id=dossier_id,
            recipient=recipient,
            subject=letter.subject,
            text=letter.body_text,
            html=letter.body_html,
            due_at=due_at,
            person_id=letter.person_id,
        )
        enqueue(actor=actor, at=at, notice=notice)
    record(actor=actor, at=at, verb="notices.message.send_failed_again", dossier_id=dossier_id, detail={"letters": len(failed)})
    return len(failed)


@command(by=PERSON | REPRESENTATIVE)
def mark_read(*, actor: Actor, at: datetime, person_id: int, message_id: UUID) -> bool:
    """The person opened a letter of theirs. False where they had before, or it is not theirs."""
    unread = Message.objects.filter(message_id=message_id, person_id=person_id, read_at__isnull=True)
    is_new = unread.update(read_at=at) == 1
    record(
        actor=actor,
        at=at,
        verb="notices.message.read",
        person_id=person_id,
        detail={"message_id": str(message_id), "is_new": is_new},
    )
    return is_new


@command(by=SYSTEM)
def mark_sent(*, actor: Actor, at: datetime, message_id: UUID) -> None:
    """The mail server has taken it. `at` is the instant of the hand-over. A second hand-over keeps the first instant.

    WHY a letter that came back stays failed: its bounce may be quicker than our mark.
    """
    unmarked = Message.objects.filter(message_id=message_id, sent_at__isnull=True)
    standing = unmarked.filter(bounced_at__isnull=True)
    if standing.update(
        state=MessageState.SENT, sent_at=at, lease_until=None, failed_reason=FailedReason.NONE, status=""
    ) or unmarked.update(sent_at=at):
        _record_outcome(actor, at, "notices.message.send", message_id)
    else:
        _record_outcome(actor, at, "notices.message.send_again", message_id)


@command(by=SYSTEM)
def mark_failed(*, actor: Actor, at: datetime, message_id: UUID, reason: FailedReason, status: str = "") -> None:
    """The mail server refused it for good. Only a waiting letter can fail."""
    Message.objects.filter(message_id=message_id, state=MessageState.WAITING).update(
        state=MessageState.DELIVERY_FAILED, failed_reason=reason, status=status, lease_until=None
    )
    _record_outcome(actor, at, "notices.message.fail", message_id, reason=reason.value, status=status)


@command(by=SYSTEM)
def postpone(*, actor: Actor, at: datetime, message_id: UUID, attempts: int, status: str = "") -> None:
    """Not this time: give the lease back and try after a pause that doubles up to ten minutes, and to an hour once it is late."""
    waiting = Message.objects.filter(message_id=message_id, state=MessageState.WAITING)
    pause, is_late = _FIRST_PAUSE * 2 ** min(attempts - 1, 10), Q(due_at__lte=at)
    waiting.update(
        next_attempt_at=Case(When(is_late, then=Value(at + min(_LATE_PAUSE, pause))), default=Value(at + min(_LONGEST_PAUSE, pause))),
        status=status,
        lease_until=None,
    )
    _record_outcome(actor, at, "notices.message.postpone", message_id, status=status)


@command(by=SYSTEM)
def mark_bounced(*, actor: Actor, at: datetime, message_id: UUID, reason: FailedReason, status: str) -> None:
    """It came back after it had been taken. The first bounce counts; `sent_at` stays, because the law's clock counts the hand-over.

    Shape: a letter still waiting is failed too: it was taken, and whoever held it died before the mark.
    """
    if Message.objects.filter(message_id=message_id, bounced_at__isnull=True).update(
        state=MessageState.DELIVERY_FAILED, failed_reason=reason, status=status, bounced_at=at, lease_until=None
    ):
        _record_outcome(actor, at, "notices.message.bounce", message_id, reason=reason.value, status=status)
    else:
        _record_outcome(actor, at, "notices.message.bounce_again", message_id)


@command(by=SYSTEM)
def mark_delayed(*, actor: Actor, at: datetime, message_id: UUID, status: str) -> None:
    """A server on the way tells that it has not delivered it yet and goes on trying."""
    Message.objects.filter(message_id=message_id, bounced_at__isnull=True).update(delayed_at=at, status=status)
    _record_outcome(actor, at, "notices.message.delay", message_id, status=status)


def _record_outcome(actor: Actor, at: datetime, verb: str, message_id: UUID, **more: Json) -> None:
    dossier_id = Message.objects.values_list("dossier_id", flat=True).get(message_id=message_id)
    told = {name: value for name, value in more.items() if value}
    record(actor=actor, at=at, verb=verb, dossier_id=dossier_id, detail={"message_id": str(message_id), **told})


def _why_unusable(address: str) -> FailedReason:
    if not address:
        return FailedReason.NO_ADDRESS
    return FailedReason.NONE if parse_address(address) else FailedReason.BAD_ADDRESS
