"""The desk where old books are typed: who may sit there, whose book it is, what waits. For the API and the pages alike."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bhxh.access.permissions import check_convert
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.audit.commands import record_look
from bhxh.conversion.facts import CaseView
from bhxh.conversion.originals import Original
from bhxh.conversion.queries import list_of_owner
from bhxh.conversion.sheets import Sheet, count_sheets, find_sheet
from bhxh.conversion.states import ConversionState
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import catalogue
from bhxh.dossiers.errors import DOS_NO_DOSSIER
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.queries import get_dossier, list_components
from bhxh.dossiers.waiting import list_waiting_of
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import officer
from bhxh.transcripts.facts import TranscriptView
from bhxh.transcripts.queries import get_transcript, list_transcripts
from bhxh.warehouse.errors import WAR_NO_ITEM
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.proving import JPEG, PNG
from bhxh.warehouse.queries import StoredItem, list_named, read_item

TYPISTS: Final = officer(OfficerRole.CONVERTER)
_PURPOSE = "transcript"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An officer at a dossier whose book is typed."""

    actor: Actor
    officer: OfficerFacts
    dossier: DossierView
    person_id: int
    transcript: TranscriptView


def at_the_desk(signed_in: SignedIn) -> tuple[Actor, OfficerFacts]:
    """Raises NotAllowed for whoever converts nothing."""
    actor, officer = signed_in.officer(_PURPOSE)
    check_convert(actor, officer=officer)
    return actor, officer


def at_the_book(signed_in: SignedIn, code: str) -> Seat:
    """The look is written before anything is shown or done. Raises NotFound DOS-002; NotAllowed, about one's own book too."""
    actor, officer = at_the_desk(signed_in)
    dossier = get_dossier(code)
    # WHY the same answer as where there is none: what else a code stands for is nothing to this desk.
    if dossier.person_id is None or not catalogue.get(dossier.procedure_slug).is_entered_from_paper:
        raise NotFound(DOS_NO_DOSSIER)
    check_convert(actor, person_id=dossier.person_id, officer=officer)
    record_look(actor=actor, at=now(), person_id=dossier.person_id, what="transcript", dossier_id=dossier.dossier_id)
    return Seat(
        actor=actor,
        officer=officer,
        dossier=dossier,
        person_id=dossier.person_id,
        transcript=get_transcript(dossier.dossier_id, person_id=dossier.person_id),
    )


def list_books() -> tuple[tuple[DossierView, TranscriptView], ...]:
    """What waits to be typed or decided, the nearest deadline first; nobody's data. Two statements."""
    slugs = [one.slug for one in catalogue.list_procedures() if one.is_entered_from_paper]
    waiting = [one for one in list_waiting_of(slugs) if one.person_id is not None]
    found = list_transcripts([(one.dossier_id, one.person_id or 0) for one in waiting])
    return tuple((one, found[one.dossier_id]) for one in waiting)


def list_conversions(seat: Seat) -> tuple[CaseView, ...]:
    """Conversions of paper books of this dossier's filer that may still be typed from, the latest first."""
    cases, _ = list_of_owner(Owner("person", seat.person_id))
    alive = {ConversionState.OPEN, ConversionState.PROPOSED, ConversionState.CERTIFIED, ConversionState.DECLINED}
    return tuple(case for case in reversed(cases) if case.original is Original.PAPER_BOOK and case.state in alive)


def list_pages(seat: Seat) -> tuple[StoredItem, ...]:
    """The pages of the book as the filer sent them, in their order: papers of the filer's warehouse that the dossier names."""
    named = [
        UUID(one.source_record_id)
        for one in list_components(seat.dossier.dossier_id)
        if one.source_system == "warehouse" and one.source_record_id
    ]
    kept = list_named(named, owner=Owner("person", seat.person_id))
    return tuple(kept[item_id] for item_id in dict.fromkeys(named) if item_id in kept)


def find_page(seat: Seat, item_id: UUID) -> StoredItem:
    """One of them. Raises NotFound WAR-005: what else lies in the warehouse is nothing to this desk."""
    found = next((item for item in list_pages(seat) if item.item_id == item_id), None)
    if found is None:
        raise NotFound(WAR_NO_ITEM)
    return found


def count_sheets_of(item: StoredItem) -> int:
    """How many sheets of a page that was sent can be looked at one by one; 0: it is to be saved."""
    return 1 if item.media_type in (JPEG, PNG) else count_sheets(read_item(item.item_id, owner=item.owner))


def open_sheet(seat: Seat, item_id: UUID, number: int) -> Sheet:
    """One sheet, counted from 1, of what was sent. Raises NotFound WAR-005."""
    item = find_page(seat, item_id)
    sheet = find_sheet(read_item(item.item_id, owner=item.owner), number)
    if sheet is None:
        raise NotFound(WAR_NO_ITEM)
    return sheet
