"""What became of a letter, in plain words, and why servers say what they say."""

from collections.abc import Mapping
from typing import Final

from bhxh.kernel.errors import Sentence
from bhxh.notices.errors import (
    NOT_ASKED_TO_WAIT,
    NOT_BAD_ADDRESS,
    NOT_BLOCKED,
    NOT_DELAYED,
    NOT_EXPIRED,
    NOT_MAILBOX_FULL,
    NOT_NEEDS_UTF8,
    NOT_NO_ADDRESS,
    NOT_NO_MAILBOX,
    NOT_REJECTED,
    NOT_SENT,
    NOT_WAITING,
)
from bhxh.notices.queries import MessageSeen
from bhxh.notices.states import FailedReason, MessageState

_WHY: Final[Mapping[FailedReason, Sentence]] = {
    FailedReason.NO_ADDRESS: NOT_NO_ADDRESS,
    FailedReason.BAD_ADDRESS: NOT_BAD_ADDRESS,
    FailedReason.NEEDS_UTF8: NOT_NEEDS_UTF8,
    FailedReason.NO_MAILBOX: NOT_NO_MAILBOX,
    FailedReason.MAILBOX_FULL: NOT_MAILBOX_FULL,
    FailedReason.BLOCKED: NOT_BLOCKED,
    FailedReason.REJECTED: NOT_REJECTED,
    FailedReason.EXPIRED: NOT_EXPIRED,
}

_EXACTLY: Final = {
    "2.1": FailedReason.NO_MAILBOX,  # mailbox disabled
    "2.2": FailedReason.MAILBOX_FULL,
    "4.4": FailedReason.NO_MAILBOX,  # no such domain
    "4.7": FailedReason.EXPIRED,
    "6.7": FailedReason.NEEDS_UTF8,
}
_BY_SUBJECT: Final = {"1": FailedReason.NO_MAILBOX, "7": FailedReason.BLOCKED}


def explain(letter: MessageSeen) -> Sentence:
    """What happened to a letter, why, and what to do."""
    match letter.state:
        case MessageState.WAITING:
            return NOT_ASKED_TO_WAIT if letter.status else NOT_WAITING
        case MessageState.SENT:
            return NOT_DELAYED if letter.delayed_at is not None else NOT_SENT
        case _:
            return _WHY[FailedReason(letter.failed_reason)]


def reason_of(status: str) -> FailedReason:
    """Why a letter failed, by its enhanced status code (RFC 3463); a bare reply number such as 550 tells nothing.

    Example:
        >>> reason_of("5.1.1"), reason_of("5.7.26"), reason_of("550")
        (FailedReason.NO_MAILBOX, FailedReason.BLOCKED, FailedReason.REJECTED)

    """
    kind, _, detail = status.partition(".")
    if not detail:
        return FailedReason.REJECTED
    found = _EXACTLY.get(detail) or _BY_SUBJECT.get(detail.partition(".")[0])
    if kind == "4":  # a server that gave up after days of "later"
        return found if found is FailedReason.MAILBOX_FULL else FailedReason.EXPIRED
    return found or FailedReason.REJECTED
