"""Withdraw a book for a time, and give it back: one officer proposes, another decides, the person is written to."""

from datetime import datetime
from uuid import UUID

from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import command, record
from bhxh.book.commands import change_state, seal_books
from bhxh.book.queries import list_present
from bhxh.credentials.errors import (
    CRD_NO_PROPOSAL,
    CRD_NOT_IN_THAT_STATE,
    CRD_OPEN_PROPOSAL,
    CRD_OWN_BOOK,
    CRD_OWN_PROPOSAL,
    CRD_REASON_DIFFERS,
    CRD_WORDS,
)
from bhxh.credentials.issuing import Issuer
from bhxh.credentials.models import Proposal
from bhxh.credentials.status_commands import publish_lists_of
from bhxh.credentials.suspension_letters import compose_notice
from bhxh.credentials.suspension_queries import as_view
from bhxh.credentials.suspensions import BECOMES, COMES_FROM, FEWEST_CHARACTERS, MOST_CHARACTERS, REASONS, Act, Outcome, Reason
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from bhxh.kernel.ids import uuid7
from bhxh.kernel.text import tidy
from bhxh.kernel.who import officer
from bhxh.notices.commands import enqueue
from bhxh.registry.commands import lock_persons
from bhxh.registry.queries import get_person
from bhxh.signing.ports import SealKey


@command(by=officer(OfficerRole.APPRAISER, OfficerRole.REGISTRAR))
def propose_state(*, actor: Actor, at: datetime, person_id: int, act: Act, reason: Reason, words: str) -> UUID:
    """Propose to withdraw a book for a time, or to give it back. Nothing happens to the book yet.

    Law:    R-132.
    Raises: Invalid CRD-010, CRD-011; NotAllowed CRD-012; Conflict CRD-013, CRD-014; NotFound REG-001, REG-002.
    """
    if reason not in REASONS[act]:
        raise Invalid(CRD_REASON_DIFFERS, where="reason", reason=reason.value, act=act.value)
    words = tidy(words)
    if not FEWEST_CHARACTERS <= len(words) <= MOST_CHARACTERS:
        raise Invalid(CRD_WORDS, where="words", fewest=FEWEST_CHARACTERS, most=MOST_CHARACTERS)
    _check_not_own(actor, person_id)
    get_person(person_id)
    lock_persons([person_id])
    _check_state(person_id, act)
    if Proposal.objects.filter(person_id=person_id, outcome=Outcome.OPEN).exists():
        raise Conflict(CRD_OPEN_PROPOSAL)
    made = Proposal.objects.create(
        proposal_id=uuid7(at),
        person_id=person_id,
        act=act.value,
        reason=reason.value,
        words=words,
        proposed_by=actor.account,
        proposed_at=at,
        outcome=Outcome.OPEN,
    )
    _record(actor, at, "credentials.state.propose", made)
    return made.proposal_id


@command(by=officer(OfficerRole.APPROVER))
def approve_state(*, actor: Actor, at: datetime, proposal_id: UUID, issuer: Issuer, key: SealKey, list_key: SealKey) -> None:
    """Let a proposal take effect: the book changes its state, a version that says so is sealed, status lists say it, the person is written to.

    Shape:  one transaction. `key` seals books, `list_key` status lists.
    Law:    R-132: state and reason stored, participant informed.
    Raises: NotFound CRD-015; NotAllowed CRD-012, CRD-016; Conflict CRD-014.
    """
    proposal = _open(actor, proposal_id)
    act, person_id = Act(proposal.act), proposal.person_id
    _check_state(person_id, act)
    change_state(actor=actor, at=at, person_id=person_id, state=BECOMES[act], reason=proposal.reason)
    seal_books(actor=actor, at=at, person_ids=[person_id], key=key)
    publish_lists_of(person_id, actor=actor, at=at, issuer=issuer, key=list_key)
    _close(proposal, Outcome.APPROVED, actor, at)
    enqueue(actor=actor, at=at, notice=compose_notice(as_view(proposal), at=at, issuer=issuer, recipient=get_person(person_id).email))
    _record(actor, at, "credentials.state.approve", proposal)


@command(by=officer(OfficerRole.APPROVER))
def decline_state(*, actor: Actor, at: datetime, proposal_id: UUID) -> None:
    """End a proposal without effect. Raises NotFound CRD-015; NotAllowed CRD-012, CRD-016."""
    proposal = _open(actor, proposal_id)
    _close(proposal, Outcome.DECLINED, actor, at)
    _record(actor, at, "credentials.state.decline", proposal)


def _open(actor: Actor, proposal_id: UUID) -> Proposal:
    # WHY the person first: whoever proposes holds that lock, and two who decide at once wait for each other here.
    found = Proposal.objects.filter(proposal_id=proposal_id).values_list("person_id", flat=True).first()
    if found is None:
        raise NotFound(CRD_NO_PROPOSAL)
    lock_persons([found])
    proposal = Proposal.objects.filter(proposal_id=proposal_id, outcome=Outcome.OPEN).first()
    if proposal is None:
        raise NotFound(CRD_NO_PROPOSAL)
    if proposal.proposed_by == actor.account:
        raise NotAllowed(CRD_OWN_PROPOSAL)
    _check_not_own(actor, proposal.person_id)
    return proposal


def _check_not_own(actor: Actor, person_id: int) -> None:
    if actor.person_id == person_id:
        raise NotAllowed(CRD_OWN_BOOK)


def _check_state(person_id: int, act: Act) -> None:
    present = list_present([person_id]).get(person_id)
    if present is None or present.state is not COMES_FROM[act]:
        raise Conflict(CRD_NOT_IN_THAT_STATE, wanted=BECOMES[act].value, state=present.state.value if present else "NONE")


def _close(proposal: Proposal, outcome: Outcome, actor: Actor, at: datetime) -> None:
    proposal.outcome, proposal.decided_by, proposal.decided_at = outcome.value, actor.account, at
    proposal.save(update_fields=["outcome", "decided_by", "decided_at"])


def _record(actor: Actor, at: datetime, verb: str, proposal: Proposal) -> None:
    detail = {"proposal_id": str(proposal.proposal_id), "act": proposal.act, "reason": proposal.reason}
    record(actor=actor, at=at, verb=verb, person_id=proposal.person_id, detail=detail)
