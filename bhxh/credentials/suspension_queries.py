"""Read proposals about books, and what a person may know of their own book's state."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bhxh.book.composing import book_number
from bhxh.book.issuing import bound_issuer
from bhxh.book.queries import list_present
from bhxh.book.states import BookState
from bhxh.credentials.errors import CRD_NO_PROPOSAL
from bhxh.credentials.models import Proposal
from bhxh.credentials.suspensions import Act, Outcome, Reason, StateProposal
from bhxh.kernel.errors import NotFound

_MOST = 200  # LIMIT: a page; the oldest first, so that what waits is what is seen


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStanding:
    """How a person's book stands, told to that person."""

    state: BookState
    since: datetime
    reason: Reason | None
    """Of the last withdrawal or return; None where there was none."""
    words: str


def as_view(row: Proposal) -> StateProposal:
    """A row as other rooms may see it."""
    return StateProposal(
        proposal_id=row.proposal_id,
        person_id=row.person_id,
        book_id=book_number(bound_issuer().custodian, row.person_id),
        act=Act(row.act),
        reason=Reason(row.reason),
        words=row.words,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        outcome=Outcome(row.outcome),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def list_open_proposals() -> tuple[StateProposal, ...]:
    """What waits for a second officer, the oldest first."""
    return tuple(map(as_view, Proposal.objects.filter(outcome=Outcome.OPEN).order_by("proposal_id")[:_MOST]))


def get_proposal(proposal_id: UUID) -> StateProposal:
    """Raises NotFound CRD-015."""
    row = Proposal.objects.filter(proposal_id=proposal_id).first()
    if row is None:
        raise NotFound(CRD_NO_PROPOSAL)
    return as_view(row)


def find_own_standing(person_id: int) -> OwnStanding | None:
    """None where there is no book."""
    present = list_present([person_id]).get(person_id)
    if present is None:
        return None
    last = Proposal.objects.filter(person_id=person_id, outcome=Outcome.APPROVED).order_by("-proposal_id").first()
    return OwnStanding(
        state=present.state, since=present.since, reason=Reason(last.reason) if last else None, words=last.words if last else ""
    )
