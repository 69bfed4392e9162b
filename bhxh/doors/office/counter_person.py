"""Whom an officer at the counter has before them: found by number for a stated reason, and the drafts that are typed for them."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest

from bhxh.access.officer_errors import ACC_OWN_CASE
from bhxh.access.reading_purposes import ReadingPurpose, read_purpose
from bhxh.access.roles import OfficerFacts
from bhxh.audit.commands import record_look
from bhxh.doors.counter_desk import at_counter, for_whom
from bhxh.doors.draft_pages import Desk
from bhxh.doors.drafts import Opened, opened
from bhxh.doors.office.officer_page import COUNTER, officers_frame
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.answering import get_answers, get_person_id_typed_for
from bhxh.dossiers.person_readings import PersonRead, read_person
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.data_groups import DataGroup
from bhxh.kernel.errors import NotAllowed
from bhxh.registry.queries import PersonSummary, get_person, get_person_by_number
from bhxh.web.languages import in_words

PURPOSE: Final = ReadingPurpose.AT_COUNTER.value
HOME: Final = (COUNTER, ("Tại quầy", "At the counter"))


def whose_number(actor: Actor, officer: OfficerFacts, *, number: str, words: str) -> tuple[Actor, PersonSummary]:
    """The person of this number, and the officer acting for them. Nothing of the person is shown yet.

    Raises: Invalid ACC-070 (no reason), API-030; NotFound REG-001; NotAllowed ACC-072 (oneself).
    """
    read_purpose(has_dossier=False, purpose=PURPOSE, words=words)
    person = get_person_by_number(number)
    if person.person_id == actor.person_id:
        raise NotAllowed(ACC_OWN_CASE)
    return for_whom(actor, officer, person), person


def read_at_counter(actor: Actor, officer: OfficerFacts, *, number: str, words: str) -> PersonRead:
    """The basic data of this person, to be held beside their paper; the look is written with the reason. Raises as `whose_number`."""
    whose_number(actor, officer, number=number, words=words)
    return read_person(
        actor=actor,
        at=now(),
        officer=officer,
        number=number,
        groups=(DataGroup.BASIC,),
        dossier_code="",
        purpose=PURPOSE,
        words=words,
    )


def draft_address(draft_id: UUID) -> str:
    """Where the pages of a draft begin."""
    return f"{COUNTER}/nhap/{draft_id}"


def open_draft(officers: Actor, facts: OfficerFacts, draft_id: UUID) -> Opened:
    """A draft that this officer types for somebody; the look is written before anything of it is shown. Raises as `get_draft`."""
    found = get_draft(officers, facts, draft_id)
    look_at_draft(found)
    return found


def get_draft(officers: Actor, facts: OfficerFacts, draft_id: UUID) -> Opened:
    """The same without a look: where nothing of it is shown, or whoever shows it writes the look.

    Raises: NotFound DOS-070, also for another officer's; Invalid API-030; NotAllowed ACC-020.
    """
    person = get_person(get_person_id_typed_for(draft_id, account=officers.account))
    actor = for_whom(officers, facts, person)
    draft = get_answers(draft_id, actor=actor)
    return opened(draft, actor=actor, person=person, base=draft_address(draft_id), whom=words_for(person))


def look_at_draft(found: Opened) -> None:
    """Before it is shown, once in a request. For what it was begun stands in the look of its beginning."""
    record_look(actor=found.actor, at=now(), person_id=found.owner.id, what="counter_filing")


def words_for(person: PersonSummary) -> str:
    """For whom it is, as every page of it says."""
    born = person.birth_on.strftime("%d/%m/%Y") if person.birth_on else "–"
    return in_words((f"Nộp thay {person.full_name}, ngày sinh {born}", f"Filed for {person.full_name}, born {born}"))


def desk_of(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> Desk:
    """The counter, as the pages of a draft know it."""
    actor, officer = at_counter(signed_in, PURPOSE)
    return Desk(
        open=lambda: open_draft(actor, officer, draft_id),
        open_unshown=lambda: get_draft(actor, officer, draft_id),
        frame=lambda _, back: officers_frame(request, signed_in, COUNTER, officer, back=back),
        filed=filed_address,
        home=HOME,
        account=signed_in.claims.account,
    )


def filed_address(code: str) -> str:
    """Where the receipt of a filing at the counter is shown."""
    return f"{COUNTER}/da-nop/{code}"
