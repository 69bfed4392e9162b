"""What the log asks of the rooms above it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class RootSealer(Protocol):
    """Signs a head of the log's tree. `signing` gives it one with the key of purpose `audit`."""

    def seal(self, payload: bytes) -> bytes:
        """The payload in a signed envelope that can be opened without us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeStamp:
    """A time stamp that was checked when it came."""

    token: bytes
    certificates: tuple[bytes, ...]
    """DER, from the one that stamped up to the root."""
    stamped_at: datetime
    authority: str


class HeadStamper(Protocol):
    """Has somebody else's clock attest that a sealed head is there."""

    def stamp(self, sha256: bytes, at: datetime) -> MadeStamp:
        """A stamp over a digest, judged for `at`. Raises Trouble where none can be had now, Invalid where it does not hold."""
