"""Old books are typed: by two officers who do not see each other's, compared, settled. For officers who convert."""

from django.http import HttpRequest
from ninja import Router

from bhxh.doors.admission import lets_in
from bhxh.doors.api.shapes import Code
from bhxh.doors.api.transcript_shapes import (
    BookToTypeOut,
    DiscardIn,
    RowsIn,
    SettlementIn,
    TranscriptIn,
    TranscriptOut,
    TranscriptSaveIn,
)
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.transcript_desk import TYPISTS, Seat, at_the_book, at_the_desk, list_books
from bhxh.kernel.clock import now
from bhxh.transcripts import commands
from bhxh.transcripts.queries import get_transcript

router = Router(tags=["transcripts"])


@router.get("/transcripts", response=list[BookToTypeOut], summary="Dossiers whose paper book waits to be typed or decided")
@lets_in(TYPISTS)
def waiting(request: HttpRequest) -> list[BookToTypeOut]:
    """The nearest deadline first; nobody's data."""
    at_the_desk(_signed_in(request))
    return [BookToTypeOut.of(dossier, transcript) for dossier, transcript in list_books()]


@router.get("/dossiers/{code}/transcript", response=TranscriptOut, summary="Where the typing of a paper book stands")
@lets_in(TYPISTS)
def show(request: HttpRequest, code: Code) -> TranscriptOut:
    """One's own last save; the two entries side by side once there are two."""
    return _shown(at_the_book(_signed_in(request), code))


@router.post("/dossiers/{code}/transcript", response=TranscriptOut, summary="Type the book from this certified conversion")
@lets_in(TYPISTS)
def begin(request: HttpRequest, code: Code, body: TranscriptIn) -> TranscriptOut:
    """Of the filer's own paper. The same again changes nothing."""
    seat = at_the_book(_signed_in(request), code)
    commands.open_transcript(actor=seat.actor, at=now(), dossier_id=seat.dossier.dossier_id, case_id=body.case_id)
    return _shown(seat)


@router.post("/dossiers/{code}/transcript/saves", response=TranscriptOut, summary="Keep what was typed so far")
@lets_in(TYPISTS)
def save(request: HttpRequest, code: Code, body: TranscriptSaveIn) -> TranscriptOut:
    """Readable or not. Another window that saved meanwhile is told: 409, and nothing is lost."""
    seat = at_the_book(_signed_in(request), code)
    commands.save(actor=seat.actor, at=now(), dossier_id=seat.dossier.dossier_id, rows=body.typed(), after=body.after)
    return _shown(seat)


@router.post("/dossiers/{code}/transcript/entries", response=TranscriptOut, summary="This is what the book says")
@lets_in(TYPISTS)
def enter(request: HttpRequest, code: Code, body: RowsIn) -> TranscriptOut:
    """By each officer once. Where two agree, the rules look at the dossier again."""
    seat = at_the_book(_signed_in(request), code)
    commands.enter(actor=seat.actor, at=now(), dossier_id=seat.dossier.dossier_id, rows=body.typed())
    return _shown(seat)


@router.post("/dossiers/{code}/transcript/settlement", response=TranscriptOut, summary="What the book says where the two differ")
@lets_in(TYPISTS)
def settle(request: HttpRequest, code: Code, body: SettlementIn) -> TranscriptOut:
    """By the second officer or a third; never by the first."""
    seat = at_the_book(_signed_in(request), code)
    commands.settle_differences(actor=seat.actor, at=now(), dossier_id=seat.dossier.dossier_id, choices=body.choices, words=body.words)
    return _shown(seat)


@router.post("/dossiers/{code}/transcript/discard", response=TranscriptOut, summary="It does not stand; another may be begun")
@lets_in(TYPISTS)
def discard(request: HttpRequest, code: Code, body: DiscardIn) -> TranscriptOut:
    """What was typed stays on record."""
    seat = at_the_book(_signed_in(request), code)
    commands.discard(actor=seat.actor, at=now(), dossier_id=seat.dossier.dossier_id, words=body.words)
    return _shown(seat)


def _shown(seat: Seat) -> TranscriptOut:
    present = get_transcript(seat.dossier.dossier_id, person_id=seat.person_id)
    return TranscriptOut.shown_to(seat.actor, seat.dossier, present)


def _signed_in(request: HttpRequest) -> SignedIn:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in
