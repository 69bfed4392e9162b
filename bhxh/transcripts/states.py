"""Where a transcript stands, and what may be done with it then. Pure."""

from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """What is written down of a transcript. Nothing is ever changed: each is a row of its own."""

    OPENED = "OPENED"
    """From which converted paper it is typed."""
    SAVED = "SAVED"
    """What one officer typed so far; loses nothing, decides nothing."""
    ENTERED = "ENTERED"
    """One officer says: this is what the paper says."""
    SETTLED = "SETTLED"
    """Where two entries differed: what the paper says, by somebody who saw both."""
    DISCARDED = "DISCARDED"
    """It does not stand; another may be begun."""


class TranscriptState(StrEnum):
    """Where it stands."""

    NONE = "NONE"
    ENTERING = "ENTERING"
    """Fewer than two entries."""
    DIFFERING = "DIFFERING"
    """Two entries that differ."""
    AGREED = "AGREED"
    """Two entries that agree, or their differences settled."""


ENTRIES: Final = 2
"""WHY two: a wrong figure that two people type independently of each other is rare (assumed, ours)."""
STEPS: Final[dict[TranscriptState, frozenset[Step]]] = {
    TranscriptState.NONE: frozenset({Step.OPENED}),
    TranscriptState.ENTERING: frozenset({Step.SAVED, Step.ENTERED, Step.DISCARDED}),
    TranscriptState.DIFFERING: frozenset({Step.SETTLED, Step.DISCARDED}),
    TranscriptState.AGREED: frozenset({Step.DISCARDED}),
}
"""What may follow."""
NAMES: Final[dict[TranscriptState, tuple[str, str]]] = {
    TranscriptState.NONE: ("chưa bắt đầu nhập", "not begun"),
    TranscriptState.ENTERING: ("đang nhập", "being typed"),
    TranscriptState.DIFFERING: ("hai bản nhập khác nhau", "two entries that differ"),
    TranscriptState.AGREED: ("đã thống nhất", "agreed"),
}
assert set(STEPS) == set(NAMES) == set(TranscriptState), "every state says what may follow"
