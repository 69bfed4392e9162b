"""Send what lies in the outbox. No transaction is open while the mail server is spoken to."""

from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import connection

from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.errors import Rejected, Trouble
from bhxh.notices import commands
from bhxh.notices.mime import build_message, envelope_address
from bhxh.notices.models import FailedReason, Message
from bhxh.notices.ports import MailCarrier
from bhxh.notices.queries import list_due

_LEASE = timedelta(seconds=30)  # LIMIT: several times a mail server's own time-out; so long a killed worker holds its letter
_SWEEP_LIMIT = 500  # LIMIT: one sweep a minute; at 10 ms a letter this is 5 s
_PATIENCE = 3  # LIMIT: after so many letters in a row without an answer the server is down; the next sweep asks again


def deliver(message_id: UUID, at: datetime, carrier: MailCarrier, *, sender: str) -> bool:
    """Try to hand one letter to the mail server. True if it was taken by this call.

    Shape: safe to call any number of times and from several workers at once. Exactly-once cannot be promised over SMTP:
           a worker that dies between the server's 250 and our mark lets the lease lapse and the letter goes again, under
           the same Message-ID.
    """
    return _attempt(message_id, at, carrier, sender) is True


def sweep(at: datetime, carrier: MailCarrier, *, sender: str) -> int:
    """Send whatever is due and not under lease, oldest deadline first; called each minute. Returns how many were taken."""
    started, taken, unanswered = monotonic(), 0, 0
    for message_id in list_due(at, limit=_SWEEP_LIMIT):
        outcome = _attempt(message_id, at + timedelta(seconds=monotonic() - started), carrier, sender)
        taken += outcome is True
        unanswered = unanswered + 1 if outcome is False else 0
        if unanswered == _PATIENCE:
            break
    return taken


def _attempt(message_id: UUID, at: datetime, carrier: MailCarrier, sender: str) -> bool | None:
    """True: taken. False: the server did not answer. None: nothing to send, or refused for good."""
    attempts = _claim(message_id, at, envelope_address(sender).rpartition("@")[2])
    if attempts is None:
        return None
    letter = Message.objects.get(message_id=message_id)
    actor = _actor(message_id)
    started = monotonic()
    try:
        carrier.send(message=build_message(letter, sender=sender), sender=envelope_address(sender), recipient=letter.recipient)
    except Rejected:
        commands.mark_failed(actor=actor, at=at, message_id=message_id, reason=FailedReason.REJECTED)
        return None
    except Trouble:
        commands.postpone(actor=actor, at=at, message_id=message_id, attempts=attempts)
        return False
    # WHY add the time it took: the law's two hours end when the server has taken the letter, not when we began to talk.
    commands.mark_sent(actor=actor, at=at + timedelta(seconds=monotonic() - started), message_id=message_id)
    return True


def _claim(message_id: UUID, at: datetime, domain: str) -> int | None:
    """Take the letter for this worker alone; the number of attempts so far, or None where there is nothing to do.

    WHY no audit entry: a lease changes nothing about the letter. What becomes of the attempt is journalled.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notices_message SET lease_until = %(until)s, attempts = attempts + 1,"
            " smtp_message_id = CASE WHEN smtp_message_id = '' THEN %(smtp_id)s ELSE smtp_message_id END"
            " WHERE message_id = %(id)s AND state = 'waiting' AND next_attempt_at <= %(at)s"
            " AND (lease_until IS NULL OR lease_until <= %(at)s) RETURNING attempts",
            {"until": at + _LEASE, "at": at, "id": message_id, "smtp_id": f"<{message_id}@{domain}>"},
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _actor(message_id: UUID) -> Actor:
    return system_actor(name="notices", request_id=f"notice-{message_id}", purpose="operation")
