"""`bhxh book-state`: what waits, propose to withdraw a book for a time or to give it back, decide as a second officer."""

import argparse
from typing import Any
from uuid import UUID

from bhxh.access.permissions import check_decide_book_state, check_propose_book_state
from bhxh.access.roles import OfficerRole
from bhxh.credentials.suspension_commands import approve_state, decline_state, propose_state
from bhxh.credentials.suspension_queries import get_proposal, list_open_proposals
from bhxh.credentials.suspensions import WORDS, Act, Reason, StateProposal
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import acting, officer_of, person_of
from bhxh.doors.cli.errors import CLI_BAD_VALUE
from bhxh.doors.partners import partners
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import Invalid
from bhxh.kernel.who import SYSTEM, officer


@lets_in(SYSTEM | officer(OfficerRole.APPRAISER, OfficerRole.REGISTRAR, OfficerRole.APPROVER))
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of: list, suspend, resume, approve, refuse."""
    acts = {"list": _list, "suspend": _propose, "resume": _propose, "approve": _approve, "refuse": _refuse}
    return acts[options.what](options)


def _list(options: argparse.Namespace) -> dict[str, Any]:
    waiting = list_open_proposals()
    rows = [{"proposal_id": str(one.proposal_id), "book_id": one.book_id, "act": one.act.value, "words": one.words} for one in waiting]
    return {"waiting": rows, "text": "\n".join(map(_line, waiting)) or "(trống · empty)"}


def _line(one: StateProposal) -> str:
    return f"{shown(one.proposed_at)}  {one.proposal_id}  {one.act.value}  {one.book_id}  {WORDS[one.reason][0]}: {one.words}"


def _propose(options: argparse.Namespace) -> dict[str, Any]:
    facts = officer_of(options.officer)
    actor, person = acting(facts), person_of(options.subject or "-")
    check_propose_book_state(actor, person_id=person.person_id, officer=facts)
    try:
        act, reason = Act(options.what.upper()), Reason(options.reason.upper())
    except ValueError:
        raise Invalid(CLI_BAD_VALUE, option="--reason") from None
    made = propose_state(actor=actor, at=now(), person_id=person.person_id, act=act, reason=reason, words=options.words)
    return {"proposal_id": str(made), "text": f"{made}  chờ cán bộ khác quyết định · waits for another officer"}


def _approve(options: argparse.Namespace) -> dict[str, Any]:
    proposal, actor = _decided(options)
    side = partners()
    approve_state(
        actor=actor,
        at=now(),
        proposal_id=proposal.proposal_id,
        issuer=side.credential_issuer,
        key=side.keys.seal_key("book"),
        list_key=side.keys.seal_key("credential"),
    )
    return {"book_id": proposal.book_id, "act": proposal.act.value, "text": f"{proposal.book_id}  {proposal.act.value}"}


def _refuse(options: argparse.Namespace) -> dict[str, Any]:
    proposal, actor = _decided(options)
    decline_state(actor=actor, at=now(), proposal_id=proposal.proposal_id)
    return {"book_id": proposal.book_id, "text": f"{proposal.book_id}  giữ nguyên · stays as it is"}


def _decided(options: argparse.Namespace) -> tuple[StateProposal, Actor]:
    facts = officer_of(options.officer)
    actor = acting(facts)
    try:
        proposal = get_proposal(UUID(options.subject))
    except ValueError:
        raise Invalid(CLI_BAD_VALUE, option="subject") from None
    check_decide_book_state(actor, person_id=proposal.person_id, proposed_by=proposal.proposed_by, officer=facts)
    return proposal, actor
