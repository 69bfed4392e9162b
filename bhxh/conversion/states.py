"""Where a conversion from paper stands, and what may be done with it then. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """What is written down of a conversion. Nothing is ever changed: each is a row of its own."""

    PROPOSED = "PROPOSED"
    """Scanned, readable, compared by its converter."""
    CERTIFIED = "CERTIFIED"
    DECLINED = "DECLINED"
    """Not right; may be proposed anew with other scans."""
    WITHDRAWN = "WITHDRAWN"
    """Certified once, and found wrong since."""


class ConversionState(StrEnum):
    """Where it stands: after its last step."""

    OPEN = "OPEN"
    PROPOSED = "PROPOSED"
    CERTIFIED = "CERTIFIED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


STEPS: Final[dict[ConversionState, frozenset[Step]]] = {
    ConversionState.OPEN: frozenset({Step.PROPOSED}),
    ConversionState.PROPOSED: frozenset({Step.CERTIFIED, Step.DECLINED}),
    ConversionState.DECLINED: frozenset({Step.PROPOSED}),
    ConversionState.CERTIFIED: frozenset({Step.WITHDRAWN}),
    ConversionState.WITHDRAWN: frozenset(),
}
"""What may follow."""
NAMES: Final[dict[ConversionState, tuple[str, str]]] = {
    ConversionState.OPEN: ("chưa có bản quét", "no scan yet"),
    ConversionState.PROPOSED: ("chờ chứng nhận", "waiting to be certified"),
    ConversionState.CERTIFIED: ("đã chứng nhận", "certified"),
    ConversionState.DECLINED: ("bị từ chối", "declined"),
    ConversionState.WITHDRAWN: ("đã thu hồi", "withdrawn"),
}


def state_after(steps: Iterable[Step]) -> ConversionState:
    """Where a conversion stands after these steps, in their order."""
    state = ConversionState.OPEN
    for step in steps:
        state = ConversionState(step.value)
    return state
