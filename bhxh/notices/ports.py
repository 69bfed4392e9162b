"""What notices ask of the outside."""

from datetime import timedelta
from typing import Final, Protocol

from bhxh.kernel.errors import Rejected, Sentence, Unavailable

LONGEST_CONVERSATION: Final = timedelta(seconds=25)
"""LIMIT: so long one hand-over may take; the lease on a letter is longer, so that no second worker begins meanwhile."""


class NotNow(Unavailable):
    """The server is well and asks to try this letter again later (4xx): greylisting, a full mailbox, too much at once."""

    def __init__(self, sentence: Sentence, *, server_status: str) -> None:
        super().__init__(sentence, status=server_status)
        self.server_status = server_status


class Never(Rejected):
    """The server refuses this letter for good (5xx)."""

    def __init__(self, sentence: Sentence, *, server_status: str) -> None:
        super().__init__(sentence, status=server_status)
        self.server_status = server_status


class NeedsUtf8(Rejected):
    """The address has letters beyond ASCII before the @, and the server does not offer SMTPUTF8."""


class MailCarrier(Protocol):
    """Hands a finished message to a mail server."""

    def send(self, *, message: bytes, sender: str, recipient: str, envelope_id: str) -> None:
        """Return when the server has taken it (250 after DATA), within LONGEST_CONVERSATION.

        Shape:  `message` is complete RFC 5322; `sender` and `recipient` are bare envelope addresses, the domains in ASCII;
                `envelope_id` comes back in delivery status notifications where servers speak RFC 3461.
        Raises: Unavailable where the server cannot be spoken to or refuses us, whoever the recipient is: nothing is wrong with the
                letter; NotNow where it asks to wait with this one; Never and NeedsUtf8 where waiting will not help.
        """
