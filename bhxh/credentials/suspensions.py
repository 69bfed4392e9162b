"""Withdrawing a book for a time and giving it back: acts, reasons and their words. Pure data.

Law: R-132: on suspected fraud or forgery; state and reason are stored, the participant is informed. The list of reasons is ours (assumed).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from bhxh.book.states import BookState


class Act(StrEnum):
    """What is done to a book."""

    SUSPEND = "SUSPEND"
    RESUME = "RESUME"


class Reason(StrEnum):
    """Why."""

    SUSPECTED_FRAUD = "SUSPECTED_FRAUD"
    SUSPECTED_FORGERY = "SUSPECTED_FORGERY"
    CLEARED = "CLEARED"
    CORRECTED = "CORRECTED"


class Outcome(StrEnum):
    """What became of a proposal."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"


REASONS: Final = {
    Act.SUSPEND: frozenset({Reason.SUSPECTED_FRAUD, Reason.SUSPECTED_FORGERY}),
    Act.RESUME: frozenset({Reason.CLEARED, Reason.CORRECTED}),
}
BECOMES: Final = {Act.SUSPEND: BookState.SUSPENDED, Act.RESUME: BookState.ACTIVE}
COMES_FROM: Final = {Act.SUSPEND: BookState.ACTIVE, Act.RESUME: BookState.SUSPENDED}
WORDS: Final = {
    Reason.SUSPECTED_FRAUD: ("Có dấu hiệu gian lận cần xác minh", "Suspected fraud, to be looked into"),
    Reason.SUSPECTED_FORGERY: ("Có dấu hiệu giả mạo giấy tờ cần xác minh", "Suspected forgery, to be looked into"),
    Reason.CLEARED: ("Đã xác minh, không có vi phạm", "Looked into; nothing was found"),
    Reason.CORRECTED: ("Sai sót đã được khắc phục", "What was wrong has been corrected"),
}
FEWEST_CHARACTERS: Final = 10  # LIMIT: fewer say nothing to the person who reads them
MOST_CHARACTERS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StateProposal:
    """What one officer proposed about a book, and what another made of it."""

    proposal_id: UUID
    person_id: int
    book_id: str
    act: Act
    reason: Reason
    words: str
    """In the officer's own words; the person reads them once it is decided, after signing in."""
    proposed_by: str
    proposed_at: datetime
    outcome: Outcome
    decided_by: str
    decided_at: datetime | None
