"""Officers type old paper books: the books that wait, one book's steps, the grid, what differs. Each works without a script."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.conversion.commands import open_case
from bhxh.conversion.facts import CaseView
from bhxh.conversion.flows import confirm, convert
from bhxh.conversion.originals import Original, Paper
from bhxh.conversion.states import ConversionState
from bhxh.doors.admission import lets_in
from bhxh.doors.office import entry_view as view
from bhxh.doors.office.dossier_forms import read_number
from bhxh.doors.office.entry_forms import ConversionForm, chosen_values, read_choices, read_grid
from bhxh.doors.office.officer_page import officers_frame, officers_page, said
from bhxh.doors.office.viewing import SheetShown, as_it_came, sheets_of
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other
from bhxh.doors.transcript_desk import (
    TYPISTS,
    Seat,
    at_the_book,
    at_the_desk,
    count_sheets_of,
    find_page,
    list_books,
    list_conversions,
    list_pages,
    open_sheet,
)
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Conflict, Invalid, NotFound, Refusal
from bhxh.transcripts import commands
from bhxh.transcripts.errors import TRN_NOT_READABLE, TRN_STALE, TRN_UNSETTLED
from bhxh.transcripts.rows import Problem, Typed, read_rows, tidied
from bhxh.transcripts.states import TranscriptState
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import read_item
from bhxh.web.languages import in_words, is_switch
from bhxh.web.pages import page

DESK: Final = "/can-bo/nhap-so"
_PLACE: Final = "/can-bo/so-hoa"
"""Where it stands in the bar: with the desk for papers."""
_TAKEN_UP: Final = (ConversionState.OPEN, ConversionState.DECLINED)
_CONFLICT, _UNREADABLE = 409, 422


@officers_page("GET")
@lets_in(TYPISTS)
def books(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """What waits, the nearest deadline first; nobody's data."""
    _, facts = at_the_desk(signed_in)
    rows = []
    for dossier, transcript in list_books():
        kind, words = view.state_words(transcript.state)
        due = dossier.due_on.strftime("%d/%m/%Y") if dossier.due_on else ""
        rows.append(view.BookInList(dossier.code, kind, words, len(transcript.entries), due))
    title = in_words(("Nhập sổ giấy", "Old paper books"))
    return page(request, "office/entry_list.html", {"books": rows}, title=title, frame=officers_frame(request, signed_in, _PLACE, facts))


@officers_page("GET", "POST")
@lets_in(TYPISTS)
def book(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Where one book stands, and the next thing to do with it."""
    seat = at_the_book(signed_in, code)
    form = ConversionForm.of(request.POST)
    if request.method != "POST" or is_switch(request):
        return _book(request, signed_in, seat, form=form, words=request.POST.get("ly-do", ""))
    try:
        match request.POST.get("viec"):
            case "chuyen-doi":
                _convert(seat, form)
            case "chung-nhan":
                _confirm(seat, form)
            case "nhap":
                _begin(seat)
                return see_other(f"{_address(seat)}/nhap")
            case "bo":
                words = request.POST.get("ly-do", "")
                commands.discard(actor=seat.actor, at=now(), dossier_id=seat.dossier.dossier_id, words=words)
            case _:
                pass
    except (Invalid, Conflict) as refused:
        errors = ((_FIELD_OF.get(refused.code, "viec"), said(refused)),)
        status = _UNREADABLE if isinstance(refused, Invalid) else _CONFLICT
        return _book(request, signed_in, seat, form=form, errors=errors, status=status, words=request.POST.get("ly-do", ""))
    return see_other(_address(seat))


@officers_page("GET", "POST")
@lets_in(TYPISTS)
def grid(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """The lines of the book. Saved as often as one likes, readable or not; completed once."""
    seat = at_the_book(signed_in, code)
    if seat.transcript.state is not TranscriptState.ENTERING or seat.transcript.entry_of(seat.actor.account, seat.actor.person_id or 0):
        return see_other(_address(seat))
    last = seat.transcript.last_save_of(seat.actor.account)
    if request.method != "POST":
        more = view.MORE_LINES if request.GET.get("them") == "1" else 0
        return _grid(request, signed_in, seat, last.rows if last else (), after=last.n if last else 0, more=more)
    typed, after = read_grid(request.POST), read_number(request.POST.get("sau", ""))
    if is_switch(request):
        return _grid(request, signed_in, seat, typed, after=after)
    try:
        after = commands.save(actor=seat.actor, at=now(), dossier_id=seat.dossier.dossier_id, rows=typed, after=after)
        if request.POST.get("viec") == "xong":
            commands.enter(actor=seat.actor, at=now(), dossier_id=seat.dossier.dossier_id, rows=typed)
            return see_other(_address(seat))
    except Conflict as conflict:
        if conflict.sentence is not TRN_STALE:
            raise
        # WHY the later number: saving once more from here keeps what stands on this page; the other save stays on record.
        return _grid(request, signed_in, seat, typed, after=last.n if last else 0, stale=said(conflict), status=_CONFLICT)
    except Invalid as refused:
        if refused.sentence is not TRN_NOT_READABLE:
            raise
        _, problems = read_rows(tidied(typed), on=day_in_vietnam(now()))
        return _grid(request, signed_in, seat, typed, after=after, problems=problems, status=_UNREADABLE)
    return see_other(f"{_address(seat)}/nhap?da-luu=1{'&them=1' if request.POST.get('viec') == 'them' else ''}")


@officers_page("GET", "POST")
@lets_in(TYPISTS)
def comparison(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Where two entries differ: the second officer, or a third one, says what the book says."""
    seat = at_the_book(signed_in, code)
    found = seat.transcript.comparison
    if found is None or seat.transcript.state is not TranscriptState.DIFFERING:
        return see_other(_address(seat))
    chosen = read_choices(request.POST, found)
    if request.method != "POST" or is_switch(request):
        return _comparison(request, signed_in, seat, chosen)
    try:
        commands.settle_differences(
            actor=seat.actor,
            at=now(),
            dossier_id=seat.dossier.dossier_id,
            choices=chosen_values(chosen, found),
            words=request.POST.get("ghi-chu", ""),
        )
    except Invalid as refused:
        missing = in_words(("Chọn giá trị đúng theo sổ", "Choose what the book says")) if refused.sentence is TRN_UNSETTLED else ""
        return _comparison(request, signed_in, seat, chosen, missing=missing, refused=refused)
    return see_other(_address(seat))


@officers_page("GET")
@lets_in(TYPISTS)
def file(request: HttpRequest, signed_in: SignedIn, code: str, item_id: UUID) -> HttpResponse:
    """A page of the book as the filer sent it: pictures to look at, anything else to save."""
    item = find_page(at_the_book(signed_in, code), item_id)
    return as_it_came(read_item(item_id, owner=item.owner), item.media_type)


@officers_page("GET")
@lets_in(TYPISTS)
def sheet(request: HttpRequest, signed_in: SignedIn, code: str, item_id: UUID, number: int) -> HttpResponse:
    """One sheet of what the filer sent."""
    found = open_sheet(at_the_book(signed_in, code), item_id, number)
    return as_it_came(found.content, found.media_type)


_FIELD_OF: Final = {"TRN-008": "ly-do", "CNV-001": "so-trang", "CNV-007": "so-trang", "CNV-009": "doi-chieu"}
"""Where an error stands on the book's page; what is not listed stands above."""


def _address(seat: Seat) -> str:
    return f"{DESK}/{seat.dossier.code}"


def _sheets(seat: Seat) -> list[SheetShown]:
    """What the filer sent, side by side."""
    return [
        one
        for item in list_pages(seat)
        for one in sheets_of(f"{_address(seat)}/trang/{item.item_id}", item.media_type, count_sheets_of(item))
    ]


def _case(seat: Seat) -> CaseView | None:
    """The conversion that is typed from, else the latest that may be."""
    cases = list_conversions(seat)
    return next((case for case in cases if case.case_id == seat.transcript.case_id), next(iter(cases), None))


def _convert(seat: Seat, form: ConversionForm) -> None:
    """The pages that the filer sent, compared with the paper by this officer."""
    at, desk, case = now(), partners().desk(), _case(seat)
    wanted = read_number(form.pages), form.paper
    if case is not None and case.state in _TAKEN_UP and (case.declared_pages, case.paper.value) == wanted:
        case_id = case.case_id
    else:
        case_id = open_case(
            actor=seat.actor,
            at=at,
            owner=Owner("person", seat.person_id),
            original=Original.PAPER_BOOK,
            paper=Paper(form.paper),
            declared_pages=read_number(form.pages),
            limits=desk.limits,
        )
    convert(
        actor=seat.actor,
        at=at,
        case_id=case_id,
        item_ids=[item.item_id for item in list_pages(seat)],
        has_compared=form.has_compared,
        remarks="",
        desk=desk,
    )


def _confirm(seat: Seat, form: ConversionForm) -> None:
    case = _case(seat)
    if case is not None:
        confirm(actor=seat.actor, at=now(), case_id=case.case_id, has_compared=form.has_compared, desk=partners().desk())


def _begin(seat: Seat) -> None:
    case = _case(seat)
    if case is not None and seat.transcript.state is TranscriptState.NONE:
        commands.open_transcript(actor=seat.actor, at=now(), dossier_id=seat.dossier.dossier_id, case_id=case.case_id)


def _book(
    request: HttpRequest,
    signed_in: SignedIn,
    seat: Seat,
    *,
    form: ConversionForm,
    errors: tuple[tuple[str, str], ...] = (),
    status: int = 200,
    words: str = "",
) -> HttpResponse:
    transcript, case = seat.transcript, _case(seat)
    kind, state = view.state_words(transcript.state)
    has_entered = transcript.entry_of(seat.actor.account, seat.actor.person_id or 0) is not None
    sheets, conversion = _sheets(seat), view.conversion_kind(case, seat.actor)
    is_converting = conversion == "second" or (bool(sheets) and conversion in ("none", "again"))
    may_discard = transcript.state is not TranscriptState.NONE
    context = {
        "code": seat.dossier.code,
        "here": _address(seat),
        "kind": kind,
        "state": state,
        "sheets": sheets,
        "conversion": conversion,
        "is_converting": is_converting,
        "papers": [(paper.value, paper.value if paper is not Paper.CARD else in_words(("Thẻ", "Card"))) for paper in Paper],
        "form": form if form.pages else ConversionForm(pages=str(len(sheets)), paper=form.paper),
        "entries": [view.who_and_when(step) for step in transcript.entries],
        "has_entered": has_entered,
        "has_saved": transcript.last_save_of(seat.actor.account) is not None,
        "may_enter": transcript.state in (TranscriptState.NONE, TranscriptState.ENTERING) and not has_entered,
        "differences": len(transcript.comparison.differences) if transcript.comparison else 0,
        "is_differing": transcript.state is TranscriptState.DIFFERING,
        "may_settle": view.may_settle(transcript, seat.actor),
        "settled": view.who_and_when(transcript.settled) if transcript.settled else None,
        "heads": view.heads(),
        "agreed": [list(zip(view.heads(), row, strict=True)) for row in view.table_of(transcript.agreed or ())],
        "may_discard": may_discard,
        "words": words,
        "errors": errors,
        "error": dict(errors),
    }
    context |= {"heading": in_words(("Sổ giấy, hồ sơ", "Paper book, dossier")), "code": seat.dossier.code}
    title = in_words((f"Sổ giấy, hồ sơ {seat.dossier.code}", f"Paper book, dossier {seat.dossier.code}"))
    has_form = is_converting or may_discard
    return _page(request, signed_in, seat, "entry_book", context, title=title, status=status, has_errors=bool(errors), has_form=has_form)


def _grid(
    request: HttpRequest,
    signed_in: SignedIn,
    seat: Seat,
    rows: Sequence[Typed],
    *,
    after: int,
    more: int = 0,
    problems: tuple[Problem, ...] = (),
    stale: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "here": f"{_address(seat)}/nhap",
        "code": seat.dossier.code,
        "heads": view.heads(),
        "lines": view.grid_of(rows, problems=problems, more=more),
        "participants": view.participants(),
        "after": after,
        "errors": view.errors_of(problems),
        "stale": stale,
        "is_saved": request.GET.get("da-luu") == "1",
        "sheets": _sheets(seat),
    }
    title = in_words(("Nhập các dòng của sổ", "Type the lines of the book"))
    back = (_address(seat), in_words(("Sổ giấy của hồ sơ", "The paper book")))
    return _page(
        request, signed_in, seat, "entry_grid", context, title=title, status=status, has_errors=bool(problems), has_form=True, back=back
    )


def _comparison(
    request: HttpRequest,
    signed_in: SignedIn,
    seat: Seat,
    chosen: dict[str, tuple[str, str]],
    *,
    missing: str = "",
    refused: Refusal | None = None,
) -> HttpResponse:
    found = seat.transcript.comparison
    if found is None:
        raise NotFound(TRN_UNSETTLED)
    places = view.places_of(found, chosen=chosen, missing=missing)
    unsettled = tuple((f"c-{one.name}", f"{one.title}: {one.error}") for place in places for one in place.choices if one.error)
    errors = unsettled or (((f"c-{places[0].choices[0].name}", said(refused)),) if refused is not None else ())
    first, second = (view.who_and_when(entry)[0] for entry in seat.transcript.entries)
    context = {
        "here": f"{_address(seat)}/so-sanh",
        "code": seat.dossier.code,
        "places": places,
        "first": first,
        "second": second,
        "may_settle": view.may_settle(seat.transcript, seat.actor),
        "note": request.POST.get("ghi-chu", ""),
        "errors": errors,
        "sheets": _sheets(seat),
    }
    title = in_words(("Chỗ hai bản nhập khác nhau", "Where the two entries differ"))
    back = (_address(seat), in_words(("Sổ giấy của hồ sơ", "The paper book")))
    status = _UNREADABLE if errors else 200
    return _page(
        request, signed_in, seat, "entry_compare", context, title=title, status=status, has_errors=bool(errors), has_form=True, back=back
    )


def _page(
    request: HttpRequest,
    signed_in: SignedIn,
    seat: Seat,
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    back: tuple[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    around = back or (DESK, in_words(("Nhập sổ giấy", "Old paper books")))
    frame = officers_frame(request, signed_in, _PLACE, seat.officer, back=around, is_wide=True)
    return page(request, f"office/{template}.html", context, title=title, frame=frame, **more)
