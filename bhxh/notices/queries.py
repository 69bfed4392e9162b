"""Read the outbox."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bhxh.kernel.errors import NotFound
from bhxh.kernel.ids import first_uuid7
from bhxh.notices.errors import NOT_NO_SUCH_MESSAGE
from bhxh.notices.models import Message
from bhxh.notices.states import MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSeen:
    """A letter as the portal, the warehouse and the demo show it; the same words that went by mail (R-065)."""

    message_id: UUID
    dossier_id: UUID | None
    kind: str
    recipient: str
    subject: str
    text: str
    html: str
    state: str
    failed_reason: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    smtp_message_id: str
    status: str
    bounced_at: datetime | None
    delayed_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """That a letter left, and when."""

    message_id: UUID
    dossier_id: UUID | None
    sent_at: datetime


class AlarmLevel(StrEnum):
    """How loud: the operator sees it, the operator is called, the law's limit has passed."""

    WARN = "warn"
    CALL = "call"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A letter that waits too long. No address and no text: this goes to operators."""

    message_id: UUID
    dossier_id: UUID | None
    kind: str
    waiting_s: int
    due_at: datetime
    attempts: int
    level: AlarmLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryHealth:
    """Whether letters arrive, as numbers of the last day. No address and no text."""

    receipts: int
    receipts_failed: int
    """Refused, returned, or without a usable address."""
    bounced: int
    """Letters of any kind that came back."""
    failed_by_reason: Mapping[str, int]
    waiting: int
    oldest_waiting_s: int

    def alarms(self, *, percent: int, waiting_alarm_s: int) -> tuple[str, ...]:
        """What the operator should look at: too many receipts that do not arrive, a letter that waits too long."""
        found = []
        if self.receipts_failed >= _FEW and self.receipts_failed * 100 >= percent * self.receipts:
            found.append("receipts_not_delivered")
        if self.waiting and self.oldest_waiting_s >= waiting_alarm_s:
            found.append("oldest_waiting")
        return tuple(found)


_HEALTH_WINDOW = timedelta(hours=24)
_MOST_UNREAD = 100  # LIMIT: a bar says no larger number
_FEW = 5  # fewer are single wrong addresses, whatever their share


def get_message(message_id: UUID) -> MessageSeen:
    """One letter. Raises NotFound NOT-001."""
    message = Message.objects.filter(message_id=message_id).first()
    if message is None:
        raise NotFound(NOT_NO_SUCH_MESSAGE)
    return _seen(message)


def list_messages(dossier_id: UUID, *, kinds: Collection[str] | None = None) -> tuple[MessageSeen, ...]:
    """The letters of one dossier, of some kinds or of all, oldest first."""
    letters = Message.objects.filter(dossier_id=dossier_id)
    if kinds is not None:
        letters = letters.filter(kind__in=kinds)
    return tuple(_seen(message) for message in letters.order_by("message_id")[:200])


def list_inbox(person_id: int, *, before: UUID | None = None, limit: int) -> tuple[MessageSeen, ...]:
    """A person's letters, newest first, whatever became of the mail; `before` is the last one of the page before. One statement."""
    letters = Message.objects.filter(person_id=person_id)
    if before is not None:
        letters = letters.filter(message_id__lt=before)
    return tuple(_seen(message) for message in letters.order_by("-message_id")[:limit])


def get_own_message(message_id: UUID, *, person_id: int) -> MessageSeen:
    """One letter of this person. Raises NotFound NOT-001, also where it is somebody else's."""
    message = Message.objects.filter(message_id=message_id, person_id=person_id).first()
    if message is None:
        raise NotFound(NOT_NO_SUCH_MESSAGE)
    return _seen(message)


def count_unread(person_id: int) -> int:
    """How many letters of their inbox a person has not opened; of at most a hundred."""
    return Message.objects.filter(person_id=person_id, read_at__isnull=True)[:_MOST_UNREAD].count()


def list_handed_over(*, kind: str, since: datetime, limit: int = 1000) -> tuple[HandedOver, ...]:
    """Letters of a kind that the mail server took since an instant, oldest first, also those that came back later.

    For whoever keeps a copy of `sent_at` (a dossier, of its receipt): the sweeper sends too, and a worker may die right after
    sending, so a copy is brought up to date from here and not only by the job that sent the letter.
    """
    taken = Message.objects.filter(kind=kind, sent_at__gte=since).order_by("sent_at")
    rows = taken.values_list("message_id", "dossier_id", "sent_at")
    return tuple(HandedOver(message_id, dossier_id, sent_at) for message_id, dossier_id, sent_at in rows[:limit] if sent_at is not None)


LONGEST_PAUSE: Final = timedelta(minutes=65)
"""LIMIT: no letter is put off for longer than an hour; a later instant was written by a clock that was ahead, and is not waited for."""


def list_due(at: datetime, *, limit: int) -> tuple[UUID, ...]:
    """Letters that may be tried now, the nearest deadline first."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at) | Q(lease_until__gt=at + LONGEST_PAUSE)
    now = Q(next_attempt_at__lte=at) | Q(next_attempt_at__gt=at + LONGEST_PAUSE)
    due = Message.objects.filter(free, now, state=MessageState.WAITING)
    return tuple(due.order_by("due_at", "message_id").values_list("message_id", flat=True)[:limit])


def list_overdue(at: datetime, *, alarm_after_s: tuple[int, int], limit: int = 500) -> tuple[Overdue, ...]:
    """Letters unsent for longer than the first alarm, the longest first.

    Law: the receipt's limit is 2 hours; alarms at 60 and 90 minutes are ours (R-061).
    """
    warn_s, call_s = alarm_after_s
    waiting = Message.objects.filter(state=MessageState.WAITING, created_at__lte=at - timedelta(seconds=warn_s)).order_by("created_at")
    found = []
    for message in waiting[:limit]:
        waited_s = int((at - message.created_at).total_seconds())
        level = AlarmLevel.LATE if at > message.due_at else AlarmLevel.CALL if waited_s >= call_s else AlarmLevel.WARN
        found.append(
            Overdue(
                message_id=message.message_id,
                dossier_id=message.dossier_id,
                kind=message.kind,
                waiting_s=waited_s,
                due_at=message.due_at,
                attempts=message.attempts,
                level=level,
            )
        )
    return tuple(found)


def delivery_health(at: datetime) -> DeliveryHealth:
    """How the last day's letters fared; one statement over the newest part of the key and two small partial indexes."""
    since = at - _HEALTH_WINDOW
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE state = 'delivery_failed'),"
            " (SELECT count(*) FROM notices_message WHERE bounced_at >= %(since)s),"
            " (SELECT count(*) FROM notices_message WHERE state = 'waiting'),"
            " (SELECT min(created_at) FROM notices_message WHERE state = 'waiting')"
            " FROM notices_message WHERE message_id >= %(first)s AND kind = 'receipt' AND created_at >= %(since)s",
            {"since": since, "first": first_uuid7(since)},
        )
        receipts, failed, bounced, waiting, oldest = cursor.fetchone()
        cursor.execute(
            "SELECT failed_reason, count(*) FROM notices_message"
            " WHERE message_id >= %(first)s AND created_at >= %(since)s AND state = 'delivery_failed' GROUP BY failed_reason",
            {"since": since, "first": first_uuid7(since)},
        )
        by_reason = dict(cursor.fetchall())
    return DeliveryHealth(
        receipts=receipts,
        receipts_failed=failed,
        bounced=bounced,
        failed_by_reason=by_reason,
        waiting=waiting,
        oldest_waiting_s=0 if oldest is None else max(0, int((at - oldest).total_seconds())),
    )


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter that came back. No address and no text: this goes to operators."""

    dossier_id: UUID | None
    kind: str
    bounced_at: datetime
    failed_reason: str
    status: str


def list_returned(*, limit: int = 50) -> tuple[Returned, ...]:
    """The latest; the index of returned letters alone is read."""
    rows = Message.objects.filter(bounced_at__isnull=False).order_by("-bounced_at")
    fields = ("dossier_id", "kind", "bounced_at", "failed_reason", "status")
    return tuple(Returned(*row) for row in rows.values_list(*fields)[:limit])


@dataclass(frozen=True, slots=True)
class Unsent:
    """A letter that waits to be handed over, without its address."""

    dossier_id: UUID | None
    kind: str
    created_at: datetime
    attempts: int


def list_unsent(*, limit: int = 50) -> tuple[Unsent, ...]:
    """Those that wait longest first."""
    rows = Message.objects.filter(state=MessageState.WAITING).order_by("created_at")
    return tuple(Unsent(*row) for row in rows.values_list("dossier_id", "kind", "created_at", "attempts")[:limit])


def _seen(message: Message) -> MessageSeen:
    return MessageSeen(
        message_id=message.message_id,
        dossier_id=message.dossier_id,
        kind=message.kind,
        recipient=message.recipient,
        subject=message.subject,
        text=message.body_text,
        html=message.body_html,
        state=message.state,
        failed_reason=message.failed_reason,
        created_at=message.created_at,
        due_at=message.due_at,
        sent_at=message.sent_at,
        attempts=message.attempts,
        smtp_message_id=message.smtp_message_id,
        status=message.status,
        bounced_at=message.bounced_at,
        delayed_at=message.delayed_at,
        read_at=message.read_at,
    )
