"""What officers do about books, as the API and their pages both do it: one proposes to withdraw a book or to give it back, another decides."""

from typing import Final
from uuid import UUID

from bhxh.access.permissions import check_decide_book_state, check_propose_book_state
from bhxh.access.roles import OfficerRole
from bhxh.credentials.suspension_commands import approve_state, decline_state, propose_state
from bhxh.credentials.suspension_queries import get_proposal
from bhxh.credentials.suspensions import Act, Reason
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.who import officer
from bhxh.registry.queries import get_person_by_number

PROPOSERS: Final = officer(OfficerRole.APPRAISER, OfficerRole.REGISTRAR)
DECIDERS: Final = officer(OfficerRole.APPROVER)


def propose_for_number(signed_in: SignedIn, *, number: str, act: Act, reason: Reason, words: str) -> UUID:
    """Propose to withdraw the book of whoever has this number, or to give it back. Law: R-132.

    Raises: NotFound REG-001; NotAllowed ACC-020; and as `propose_state` does.
    """
    actor, facts = signed_in.officer("decide")
    check_propose_book_state(actor, officer=facts)
    person = get_person_by_number(number)
    check_propose_book_state(actor, person_id=person.person_id, officer=facts)
    return propose_state(actor=actor, at=now(), person_id=person.person_id, act=act, reason=reason, words=words)


def approve_proposal(signed_in: SignedIn, proposal_id: UUID) -> None:
    """The book says so in a new sealed version at once, and the person is written to. Raises as `approve_state` does; NotAllowed ACC-020."""
    actor, side = _decider(signed_in, proposal_id), partners()
    approve_state(
        actor=actor,
        at=now(),
        proposal_id=proposal_id,
        issuer=side.credential_issuer,
        key=side.keys.seal_key("book"),
        list_key=side.keys.seal_key("credential"),
    )


def decline_proposal(signed_in: SignedIn, proposal_id: UUID) -> None:
    """The book stays as it is. Raises as `decline_state` does; NotAllowed ACC-020."""
    decline_state(actor=_decider(signed_in, proposal_id), at=now(), proposal_id=proposal_id)


def _decider(signed_in: SignedIn, proposal_id: UUID) -> Actor:
    actor, facts = signed_in.officer("decide")
    proposal = get_proposal(proposal_id)
    check_decide_book_state(actor, person_id=proposal.person_id, proposed_by=proposal.proposed_by, officer=facts)
    return actor
