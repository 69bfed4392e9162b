"""Send what lies in the outbox, and take what comes back. No transaction is open while the mail server is spoken to."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic
from uuid import UUID

from django.db import DatabaseError, connection

from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.errors import Rejected, Trouble
from bhxh.notices import commands
from bhxh.notices.addresses import parse_address
from bhxh.notices.mime import build_message, envelope_address
from bhxh.notices.models import Message
from bhxh.notices.outcomes import reason_of
from bhxh.notices.ports import LONGEST_CONVERSATION, MailCarrier, NeedsUtf8, Never, NotNow
from bhxh.notices.queries import LONGEST_PAUSE, list_due
from bhxh.notices.return_path import ReturnPath
from bhxh.notices.returned_mail import LONGEST, Meaning, header_text, read_returned
from bhxh.notices.states import FailedReason

_LEASE = LONGEST_CONVERSATION + timedelta(seconds=5)  # LIMIT: so long a killed worker holds its letter
_LETTER_IN_HAND = 742_020  # advisory lock, with the letter's own number beside it
_SWEEP_LIMIT = 500  # LIMIT: one sweep a minute; at 10 ms a letter this is 5 s
_SWEEP_S = 20  # LIMIT: whoever sweeps has other things to do by the clock, and a slow server answers each letter after seconds
_PATIENCE = 3  # LIMIT: after so many letters in a row without an answer the server is down; the next sweep asks again
_GIVE_UP_AFTER = timedelta(days=5)  # RFC 5321 4.5.4.1: as long as mail servers try themselves
_BOUNCES_UNTIL = timedelta(days=30)  # LIMIT: servers give up within a week; an address found later in an old mailbox opens nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSide:
    """How this house's letters go out: by whom, in whose name, and where they come back to."""

    carrier: MailCarrier
    sender: str
    """An address or `Name <address>`."""
    returns: ReturnPath


class Taken(StrEnum):
    """What became of a mail that came to the bounce mailbox."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    ANSWER = "answer"
    """Somebody's reply or holiday notice: nothing follows from it."""
    REPEATED = "repeated"
    """That letter's failure was known."""
    STRAY = "stray"
    """No genuine return path, or one of long ago: nothing is believed."""


def deliver(message_id: UUID, at: datetime, mail: MailSide) -> bool:
    """Try to hand one letter to the mail server. True if it was taken by this call.

    Shape: safe to call any number of times and from several workers at once. Exactly-once cannot be promised over SMTP:
           a worker that dies between the server's 250 and our mark lets the lease lapse and the letter goes again, under
           the same Message-ID.
    """
    return _attempt(message_id, at, mail) is True


def sweep(at: datetime, mail: MailSide) -> int:
    """Send whatever is due and not under lease, oldest deadline first; called each minute. Returns how many were taken."""
    started, taken, unanswered = monotonic(), 0, 0
    for message_id in list_due(at, limit=_SWEEP_LIMIT):
        outcome = _attempt(message_id, at + timedelta(seconds=monotonic() - started), mail)
        taken += outcome is True
        unanswered = unanswered + 1 if outcome is False else 0
        if unanswered == _PATIENCE or monotonic() - started > _SWEEP_S:
            break
    return taken


def take_returned(raw: bytes, at: datetime, *, returns: ReturnPath, delivered_to: str = "") -> Taken:
    """Note what a mail to the bounce mailbox says of its letter. Any bytes may come; the same mail again changes nothing.

    Shape: `delivered_to` is the envelope's recipient where the server tells it; else the return path is looked for in the header.
           Nothing is ever answered: neither the bounce nor, by another letter, the person.
    """
    raw = raw[:LONGEST]
    message_id = returns.find(delivered_to) or returns.find(header_text(raw))
    letter = None if message_id is None else Message.objects.filter(message_id=message_id).first()
    if letter is None or at - letter.created_at > _BOUNCES_UNTIL:
        return Taken.STRAY
    told = read_returned(raw)
    actor = _actor(letter.message_id)
    if told.meaning is Meaning.FAILED:
        if letter.bounced_at is not None:
            return Taken.REPEATED
        commands.mark_bounced(actor=actor, at=at, message_id=letter.message_id, reason=reason_of(told.status), status=told.status)
    elif told.meaning is Meaning.DELAYED:
        if letter.bounced_at is not None or letter.delayed_at is not None:
            return Taken.REPEATED
        commands.mark_delayed(actor=actor, at=at, message_id=letter.message_id, status=told.status)
    return Taken(told.meaning.value)


def _attempt(message_id: UUID, at: datetime, mail: MailSide) -> bool | None:
    """True: taken. False: the server did not answer. None: nothing to send, to be tried later, or refused for good."""
    with _in_hand(message_id) as is_mine:
        attempts = _claim(message_id, at, envelope_address(mail.sender).rpartition("@")[2]) if is_mine else None
        return None if attempts is None else _hand_over(message_id, at, mail, attempts)


def _hand_over(message_id: UUID, at: datetime, mail: MailSide, attempts: int) -> bool | None:
    letter, actor, started = Message.objects.get(message_id=message_id), _actor(message_id), monotonic()

    def moment() -> datetime:
        # WHY add the time it took: the law's two hours end when the server has taken the letter, not when we began to talk.
        return at + timedelta(seconds=monotonic() - started)

    def give_up(reason: FailedReason, status: str = "") -> None:
        commands.mark_failed(actor=actor, at=moment(), message_id=message_id, reason=reason, status=status)

    recipient = parse_address(letter.recipient)
    if recipient is None:  # it was written when an earlier release took more for an address
        give_up(FailedReason.BAD_ADDRESS)
        return None
    try:
        mail.carrier.send(
            message=build_message(letter, sender=mail.sender, recipient=recipient),
            sender=mail.returns.address_for(message_id),
            recipient=str(recipient),
            envelope_id=message_id.hex,
        )
    except NeedsUtf8:
        give_up(FailedReason.NEEDS_UTF8)
    except Never as refusal:
        give_up(reason_of(refusal.server_status), refusal.server_status)
    except Rejected:
        give_up(FailedReason.REJECTED)
    except NotNow as wish:
        if at - letter.created_at > _GIVE_UP_AFTER:
            give_up(FailedReason.EXPIRED, wish.server_status)
        else:
            commands.postpone(actor=actor, at=moment(), message_id=message_id, attempts=attempts, status=wish.server_status)
    except Trouble:
        # WHY never given up: the server that does not answer is ours; alarms ring, and the letters go when it is back.
        commands.postpone(actor=actor, at=moment(), message_id=message_id, attempts=attempts)
        return False
    else:
        commands.mark_sent(actor=actor, at=moment(), message_id=message_id)
        return True
    return None


@contextmanager
def _in_hand(message_id: UUID) -> Iterator[bool]:
    """Whether this session, and no other, has the letter in its hand.

    WHY beside the lease: a lease ends at an instant, and a host's clock that jumps ends it while its holder still speaks to the
    server. The lock ends with its session; the lease holds the letter back where that was lost in the middle.
    """
    key = (_LETTER_IN_HAND, str(message_id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", key)
        [is_mine] = cursor.fetchone()
    try:
        yield is_mine
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)


def _claim(message_id: UUID, at: datetime, domain: str) -> int | None:
    """Take the letter for this worker alone; the number of attempts so far, or None where there is nothing to do.

    WHY no audit entry: a lease changes nothing about the letter. What becomes of the attempt is journalled.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notices_message SET lease_until = %(until)s, attempts = attempts + 1,"
            " smtp_message_id = CASE WHEN smtp_message_id = '' THEN %(smtp_id)s ELSE smtp_message_id END"
            " WHERE message_id = %(id)s AND state = 'waiting' AND (next_attempt_at <= %(at)s OR next_attempt_at > %(never)s)"
            " AND (lease_until IS NULL OR lease_until <= %(at)s OR lease_until > %(until)s) RETURNING attempts",
            {"until": at + _LEASE, "at": at, "never": at + LONGEST_PAUSE, "id": message_id, "smtp_id": f"<{message_id}@{domain}>"},
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _actor(message_id: UUID) -> Actor:
    return system_actor(name="notices", request_id=f"notice-{message_id}", purpose="operation")
