"""Withdrawing books for a time and giving them back: one officer proposes, another decides; and the person's own book, how it stands."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bhxh.access.permissions import check_see_book
from bhxh.audit.commands import record_look
from bhxh.book.errors import BOK_NO_BOOK
from bhxh.book.states import NAMES
from bhxh.credentials.suspension_queries import find_own_standing, list_open_proposals
from bhxh.credentials.suspensions import MOST_CHARACTERS, WORDS, Act, Reason, StateProposal
from bhxh.doors.admission import lets_in
from bhxh.doors.book_desk import DECIDERS, PROPOSERS, approve_proposal, decline_proposal, propose_for_number
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import PERSON, REPRESENTATIVE

router = Router(tags=["office"])
own = Router(tags=["book"])
_NO_NUL = r"^[^\x00]*$"


class StateProposalIn(Schema):
    """Whose book, what, why."""

    number: str = Field(min_length=1, max_length=40, pattern=_NO_NUL, description="any number of the person")
    act: Act
    reason: Reason
    words: str = Field(min_length=1, max_length=MOST_CHARACTERS, pattern=_NO_NUL, description="the person reads them once it is decided")


class StateProposalMadeOut(Schema):
    """Under which number it waits."""

    proposal_id: UUID


class StateProposalOut(Schema):
    """One proposal that waits. Whose book it is, the number of the book says to whoever reads it in the register."""

    proposal_id: UUID
    book_id: str
    act: Act
    reason: Reason
    reason_vi: str
    reason_en: str
    words: str
    proposed_at: datetime

    @classmethod
    def of(cls, view: StateProposal) -> Self:
        """From the room's view."""
        vi, en = WORDS[view.reason]
        same = {name: getattr(view, name) for name in ("proposal_id", "book_id", "act", "reason", "words", "proposed_at")}
        return cls(**same, reason_vi=vi, reason_en=en)


class OwnStandingOut(Schema):
    """How one's own book stands."""

    state: str
    state_vi: str
    state_en: str
    since: datetime
    reason: str = Field("", description="of the last withdrawal or return")
    reason_vi: str = ""
    reason_en: str = ""
    words: str = ""


@router.post("/book-states", response={201: StateProposalMadeOut}, summary="Propose to withdraw a book for a time, or to give it back")
@lets_in(PROPOSERS)
def propose(request: HttpRequest, body: StateProposalIn) -> Status[StateProposalMadeOut]:
    """Nothing happens to the book before another officer approves. Law: R-132."""
    made = propose_for_number(_signed_in(request), number=body.number, act=body.act, reason=body.reason, words=body.words)
    return Status(201, StateProposalMadeOut(proposal_id=made))


@router.get("/book-states", response=list[StateProposalOut], summary="Proposals about books that wait for a second officer")
@lets_in(DECIDERS)
def waiting(request: HttpRequest) -> list[StateProposalOut]:
    """The oldest first, a page of them."""
    _signed_in(request).officer("decide")
    return [StateProposalOut.of(view) for view in list_open_proposals()]


@router.post("/book-states/{proposal_id}/approval", response={200: None}, summary="Let a proposal about a book take effect")
@lets_in(DECIDERS)
def approve(request: HttpRequest, proposal_id: UUID) -> Status[None]:
    """The book says so in a new sealed version at once, and the person is written to."""
    approve_proposal(_signed_in(request), proposal_id)
    return Status(200, None)


@router.post("/book-states/{proposal_id}/refusal", response={200: None}, summary="End a proposal about a book without effect")
@lets_in(DECIDERS)
def decline(request: HttpRequest, proposal_id: UUID) -> Status[None]:
    """The book stays as it is."""
    decline_proposal(_signed_in(request), proposal_id)
    return Status(200, None)


@own.get("/book/standing", response=OwnStandingOut, summary="How one's own book stands, and why")
@lets_in(PERSON | REPRESENTATIVE)
def own_standing(request: HttpRequest) -> OwnStandingOut:
    """State, since when, and what the officers wrote."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor = signed_in.actor("own_book")
    person_id = actor.for_person_id or 0
    check_see_book(actor, person_id=person_id)
    record_look(actor=actor, at=now(), person_id=person_id, what="book")
    standing = find_own_standing(person_id)
    if standing is None:
        raise NotFound(BOK_NO_BOOK)
    state_vi, state_en = NAMES[standing.state]
    reason_vi, reason_en = WORDS[standing.reason] if standing.reason else ("", "")
    return OwnStandingOut(
        state=standing.state.value,
        state_vi=state_vi,
        state_en=state_en,
        since=standing.since,
        reason=standing.reason.value if standing.reason else "",
        reason_vi=reason_vi,
        reason_en=reason_en,
        words=standing.words,
    )


def _signed_in(request: HttpRequest) -> SignedIn:
    proven: SignedIn = request.auth  # type: ignore[attr-defined]
    return proven
