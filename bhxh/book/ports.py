"""What the book asks of the outside."""

from datetime import datetime
from typing import Protocol


class EidPublication(Protocol):
    """The point from which a person's e-ID application shows the insurance book."""

    def publish(self, *, subject: str, version: int, sealed: bytes, at: datetime) -> None:
        """Idempotent on (subject, version); an older version than the one shown is refused.

        Shape:  `subject` is the account's opaque name at the issuer, never a personal number.
        Raises: Trouble.
        """
