"""What notices ask of the outside."""

from typing import Protocol


class MailCarrier(Protocol):
    """Hands a finished message to a mail server."""

    def send(self, *, message: bytes, sender: str, recipient: str) -> None:
        """Return when the server has taken it (250 after DATA).

        Shape:  `message` is complete RFC 5322; `sender` and `recipient` are bare envelope addresses.
        Raises: Unavailable where trying again may help (no connection, time-out, 4xx); Rejected where it will not (5xx).
        """
