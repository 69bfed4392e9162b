"""The states of a dossier and of its lines, as data: what may follow what, under which guard.

Law:  decree-164 section 6 with the settled points of the design; NPSP codes are the national portal's (assumed).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a dossier stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RECEIVED = "RECEIVED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    IN_PROCESS = "IN_PROCESS"
    SUPPLEMENT_REQUIRED = "SUPPLEMENT_REQUIRED"
    FEE_REQUIRED = "FEE_REQUIRED"
    WITHDRAWN = "WITHDRAWN"
    STOPPED = "STOPPED"
    RESOLVED = "RESOLVED"
    RETURNED = "RETURNED"


class LineState(StrEnum):
    """Where one line of a dossier stands."""

    PENDING = "pending"
    """Not judged yet, or waiting for a partner's answer."""
    CLEAN = "clean"
    """Granted, its effects written."""
    OFFICER = "officer"
    """A person must decide."""
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    """Taken over by another dossier."""


class Clock(StrEnum):
    """What the processing limit does in a state (R-080)."""

    NONE = "none"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"


class Place(StrEnum):
    """The one visible place every filed dossier is in: the terms of the conservation check."""

    IN_WORK = "in_work"
    WAITING = "waiting"
    DECIDED = "decided"
    NOT_ACCEPTED = "not_accepted"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is fixed about a state."""

    npsp_code: int | None
    clock: Clock
    place: Place | None
    vi: str
    en: str


FACTS: Final[dict[State, Facts]] = {
    State.DRAFT: Facts(None, Clock.NONE, None, "Nháp", "Draft"),
    State.SUBMITTED: Facts(1, Clock.NONE, Place.IN_WORK, "Mới đăng ký", "Submitted"),
    State.RECEIVED: Facts(2, Clock.RUNNING, Place.IN_WORK, "Được tiếp nhận", "Received"),
    State.NOT_ACCEPTED: Facts(3, Clock.ENDED, Place.NOT_ACCEPTED, "Không được tiếp nhận", "Not accepted"),
    State.IN_PROCESS: Facts(4, Clock.RUNNING, Place.IN_WORK, "Đang xử lý", "In process"),
    State.SUPPLEMENT_REQUIRED: Facts(5, Clock.STOPPED, Place.WAITING, "Yêu cầu bổ sung giấy tờ", "Supplement required"),
    State.FEE_REQUIRED: Facts(6, Clock.STOPPED, Place.WAITING, "Yêu cầu thực hiện nghĩa vụ tài chính", "Payment required"),
    State.WITHDRAWN: Facts(7, Clock.ENDED, Place.WITHDRAWN, "Đã rút hồ sơ", "Withdrawn"),
    State.STOPPED: Facts(8, Clock.ENDED, Place.STOPPED, "Dừng xử lý", "Stopped"),
    State.RESOLVED: Facts(9, Clock.ENDED, Place.DECIDED, "Đã xử lý xong", "Resolved"),
    State.RETURNED: Facts(10, Clock.ENDED, Place.DECIDED, "Đã trả kết quả", "Result returned"),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step and the guard that must hold."""

    from_state: State
    to_state: State
    guard: str


TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(State.DRAFT, State.SUBMITTED, "proof given, document read, components complete"),
    Transition(State.SUBMITTED, State.RECEIVED, "code given, receipt composed and queued"),
    Transition(State.SUBMITTED, State.SUPPLEMENT_REQUIRED, "incomplete; all defects listed once"),
    Transition(State.SUBMITTED, State.NOT_ACCEPTED, "wrong procedure, not entitled, infected"),
    Transition(State.RECEIVED, State.IN_PROCESS, "signature fully checked"),
    Transition(State.RECEIVED, State.STOPPED, "pending signature found bad, or never proven and ended by an officer"),
    Transition(State.IN_PROCESS, State.SUPPLEMENT_REQUIRED, "once; all defects listed"),
    Transition(State.SUPPLEMENT_REQUIRED, State.RECEIVED, "filer supplied; limit restarts"),
    Transition(State.SUPPLEMENT_REQUIRED, State.STOPPED, "no answer within the limit"),
    Transition(State.IN_PROCESS, State.FEE_REQUIRED, "contribution owed"),
    Transition(State.FEE_REQUIRED, State.IN_PROCESS, "contribution paid"),
    Transition(State.IN_PROCESS, State.RESOLVED, "no line pending or with an officer; decisions sealed"),
    Transition(State.IN_PROCESS, State.STOPPED, "conditions not met; reason given"),
    Transition(State.RESOLVED, State.RETURNED, "books sealed, results in warehouses, mail queued"),
    Transition(State.SUBMITTED, State.WITHDRAWN, "filer asks; nothing signed"),
    Transition(State.RECEIVED, State.WITHDRAWN, "filer asks; nothing signed"),
    Transition(State.IN_PROCESS, State.WITHDRAWN, "filer asks; nothing signed"),
    Transition(State.SUPPLEMENT_REQUIRED, State.WITHDRAWN, "filer asks; nothing signed"),
)

TERMINAL: Final = frozenset({State.NOT_ACCEPTED, State.WITHDRAWN, State.STOPPED, State.RETURNED})
"""States nothing leaves."""

WITHOUT_RESULT: Final = frozenset({State.NOT_ACCEPTED, State.STOPPED, State.WITHDRAWN})
"""Ends after which the same content may be filed anew."""

OVERLAYS: Final[dict[str, str]] = {
    "signature_pending": "revocation or time stamp could not be had yet; gathering goes on, effects wait",
    "receipt_late": "the receipt reached the mail server more than two hours after arrival",
    "overdue": "the processing limit has passed while its clock runs",
}
"""Facts beside the state; they never replace it."""

LINE_TRANSITIONS: Final[dict[LineState, frozenset[LineState]]] = {
    LineState.PENDING: frozenset({LineState.CLEAN, LineState.OFFICER, LineState.REFUSED, LineState.SUPERSEDED}),
    LineState.OFFICER: frozenset({LineState.PENDING, LineState.CLEAN, LineState.REFUSED, LineState.SUPERSEDED}),
    LineState.CLEAN: frozenset(),
    LineState.REFUSED: frozenset(),
    LineState.SUPERSEDED: frozenset(),
}
"""`officer` back to `pending` only by an answered supplement, or by what officers found out themselves (`judge_again`)."""


def successors(state: State) -> frozenset[State]:
    """The states that may follow."""
    return frozenset(step.to_state for step in TRANSITIONS if step.from_state is state)


def is_allowed(from_state: State, to_state: State) -> bool:
    """Whether the table has this step."""
    return to_state in successors(from_state)


def states_with(clock: Clock) -> frozenset[State]:
    """All states whose processing clock does this."""
    return frozenset(state for state, facts in FACTS.items() if facts.clock is clock)


def diagram() -> str:
    """The state diagram in Mermaid, for docs/dossier-states.md."""
    rows = ["stateDiagram-v2", "    [*] --> DRAFT"]
    for state, facts in FACTS.items():
        code = "" if facts.npsp_code is None else f" ({facts.npsp_code})"
        rows.append(f'    state "{state.value}{code}<br/>{facts.vi}" as {state.value}')
    rows += [f"    {step.from_state.value} --> {step.to_state.value}: {step.guard}" for step in TRANSITIONS]
    rows += [f"    {state.value} --> [*]" for state in FACTS if state in TERMINAL]
    return "\n".join(rows) + "\n"
