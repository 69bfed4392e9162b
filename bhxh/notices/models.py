"""The outbox: letters that must leave this house, each written in the transaction of the change it speaks of."""

from django.db import models

from bhxh.notices.states import FailedReason, MessageState


class Message(models.Model):
    """One letter to one address. Present state: the row follows the letter from waiting to sent."""

    message_id = models.UUIDField(primary_key=True)
    dossier_id = models.UUIDField(null=True, db_index=True)
    kind = models.TextField()
    dedupe_key = models.TextField(unique=True)
    """Says of what this is *the* letter; a second one with the same key is the first one."""
    person_id = models.BigIntegerField(null=True)
    """Whose letter it is where it is a person's: it stands in their inbox, whatever becomes of the mail. None: an organisation's."""
    read_at = models.DateTimeField(null=True)
    """When that person first opened it there."""
    recipient = models.TextField()
    subject = models.TextField()
    body_text = models.TextField()
    body_html = models.TextField()
    smtp_message_id = models.TextField(default="")
    """`<uuid@domain>`, fixed at the first attempt and the same in every later one, so that a mail reader shows one letter."""
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.TextField(choices=MessageState.choices, default=MessageState.WAITING)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    """Until when one worker alone may send it; a worker that dies lets it lapse."""
    attempts = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_reason = models.TextField(choices=FailedReason.choices, default=FailedReason.NONE)
    status = models.TextField(default="", db_default="")
    """What a server last said of it where it did not take it: an enhanced status code (RFC 3463) or the reply's number."""
    bounced_at = models.DateTimeField(null=True)
    """When it came back after it had been taken."""
    delayed_at = models.DateTimeField(null=True)
    """When a server on the way told that it is still trying."""

    class Meta:
        db_table = "notices_message"
        indexes = (
            models.Index(fields=["next_attempt_at"], name="notices_message_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["person_id", "message_id"], name="notices_message_inbox", condition=models.Q(person_id__isnull=False)),
            models.Index(fields=["bounced_at"], name="notices_message_bounced", condition=models.Q(bounced_at__isnull=False)),
        )
        constraints = (
            models.CheckConstraint(
                name="notices_message_time_of_state",
                condition=models.Q(state="sent", sent_at__isnull=False)
                | models.Q(state="waiting", sent_at__isnull=True)
                | models.Q(state="delivery_failed", bounced_at__isnull=False)
                | models.Q(state="delivery_failed", sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="notices_message_bounced_is_failed",
                condition=models.Q(bounced_at__isnull=True) | models.Q(state="delivery_failed"),
            ),
        )
