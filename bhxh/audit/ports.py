"""What the log asks of the rooms above it."""

from typing import Protocol


class RootSealer(Protocol):
    """Signs a head of the log's tree. `signing` gives it one with the key of purpose `audit`."""

    def seal(self, payload: bytes) -> bytes:
        """The payload in a signed envelope that can be opened without us."""
