"""Mandates as the API and pages both give and end them: what one would say, who confirms it, who is told that it was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.http import HttpRequest

from bhxh.access.authority import MandateAct, Scope
from bhxh.access.mandate_documents import Confirmation, How, MandateContent, Party
from bhxh.access.mandate_errors import ACC_MANDATE_SCOPE
from bhxh.access.roles import MandateRole
from bhxh.audit.commands import record_look, record_looks
from bhxh.doors.signatory import signatory_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.standing import party_of_agent, party_of_employer, party_of_person, party_of_program, person_behind
from bhxh.dossiers import catalogue
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.registry.queries import get_employer

HolderKind = Literal["person", "organisation", "program"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedMandate:
    """What a mandate should say, as it was typed or sent."""

    kind: HolderKind
    number: str
    """Personal number, tax code, or client id."""
    full_name: str
    """Of a person; must be that of the number's holder."""
    role: MandateRole
    acts: Sequence[MandateAct]
    procedures: Sequence[str] | None
    """Slugs; None: every procedure."""
    from_on: date
    until_on: date
    """Exclusive."""


def content_of(actor: Actor, employer_id: int, wish: WishedMandate) -> tuple[MandateContent, tuple[str, str]]:
    """The content and its words in both languages. Raises Invalid ACC-106, and where the scope names what there is not."""
    titles = {procedure.slug: (procedure.title_vi, procedure.title_en) for procedure in catalogue.list_procedures()}
    if wish.procedures is not None and not set(wish.procedures) <= set(titles):
        raise Invalid(ACC_MANDATE_SCOPE, where="procedures")
    content = MandateContent(
        employer_id=employer_id,
        employer=party_of_employer(get_employer(employer_id)),
        holder=_holder(actor, wish),
        role=wish.role,
        scope=Scope(acts=frozenset(wish.acts), procedures=None if wish.procedures is None else frozenset(wish.procedures)),
        from_on=wish.from_on,
        until_on=wish.until_on,
    )
    return content, content.words(titles)


def confirmed_by(request: HttpRequest, signed_in: SignedIn, actor: Actor, content_sha256: str) -> Confirmation:
    """The fresh sign-in as proof of what was confirmed. Raises NotAllowed ACC-030."""
    login = signatory_of(request, signed_in, actor).login
    facts: dict[str, Json] = {
        "account": actor.account,
        "assurance_level": login.assurance_level,
        "signed_in_at": login.authenticated_at.isoformat(),
        "session_sha256": login.session_sha256,
        "device": login.device,
        "content_sha256": content_sha256,
    }
    return Confirmation(how=How.EID, facts=facts)


def look_at_holders(actor: Actor, holders: Sequence[str]) -> None:
    """Everybody a mandate names is told who saw it."""
    named = sorted({person_id for holder in holders if (person_id := person_behind(holder)) is not None})
    record_looks(actor=actor, at=now(), person_ids=named, what="mandate")


def _holder(actor: Actor, wish: WishedMandate) -> Party:
    if wish.kind == "organisation":
        return party_of_agent(wish.number)
    if wish.kind == "program":
        return party_of_program(wish.number, now())
    party, person_id = party_of_person(wish.number, wish.full_name)
    record_look(actor=actor, at=now(), person_id=person_id, what="identity_check")
    return party
