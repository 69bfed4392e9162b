"""Where a letter is, and why one will not be tried again: plain values, for whoever tells of letters without reading their table."""

from django.db.models import TextChoices


class MessageState(TextChoices):
    """Where a letter is. `sent` means handed to the mail server; the law's clock counts that (R-065).

    A letter that came back later is `delivery_failed` and keeps its `sent_at`.
    """

    WAITING = "waiting"
    SENT = "sent"
    DELIVERY_FAILED = "delivery_failed"


class FailedReason(TextChoices):
    """Why a letter will not be tried again by mail. It is shown in the portal and the warehouse instead."""

    NONE = ""
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    NEEDS_UTF8 = "needs_utf8"
    """Letters beyond ASCII before the @, and a server on the way that cannot carry them (RFC 6531)."""
    NO_MAILBOX = "no_mailbox"
    MAILBOX_FULL = "mailbox_full"
    BLOCKED = "blocked"
    """The receiving side's rules, not the address."""
    REJECTED = "rejected"
    """Refused or returned for a reason that was not told."""
    EXPIRED = "expired"
    """The receiving server asked to wait for days."""
