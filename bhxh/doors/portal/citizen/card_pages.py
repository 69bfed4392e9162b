"""The health-insurance card: as it stands, with the code a clinic scans, and large on the whole screen."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_see_book
from bhxh.credentials.contents import Kind
from bhxh.doors.admission import lets_in
from bhxh.doors.own_codes import give_code
from bhxh.doors.portal.citizen.book_pages import made_at, payload_of, read_own_book
from bhxh.doors.portal.citizen.card_view import CardView, view_card
from bhxh.doors.portal.citizen.own import CARD, own, own_frame, titled
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, signed_in_page
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Conflict
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.registry.reference import find_code, find_facility
from bhxh.web.languages import in_words
from bhxh.web.pages import page
from bhxh.web.qr import qr_of

_TITLE, _THING = ("Thẻ bảo hiểm y tế của tôi", "My health insurance card"), ("Thẻ bảo hiểm y tế", "Health insurance card")


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def card(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """What the card says and until when; where there is none or it ended, what to do."""
    person_id, shown = _own_card(signed_in)
    frame = own_frame(request, signed_in, CARD, person_id)
    called = titled(frame, _TITLE, _THING)
    if shown is None:
        return page(request, "citizen/no_card.html", {}, **called, frame=frame)
    return page(request, "citizen/card.html", {"card": shown, "made_at": made_at()}, **called, frame=frame)


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def show(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """The code as large as the screen, for whoever scans it; nothing else that the waiting room could read."""
    person_id, shown = _own_card(signed_in)
    if shown is None or shown.qr is None:
        return see_other(CARD)
    frame = replace(own_frame(request, signed_in, CARD, person_id), is_bare=True)
    title = in_words(("Trình thẻ bảo hiểm y tế", "Show the health card"))
    return page(request, "citizen/show_card.html", {"card": shown, "made_at": made_at()}, title=title, frame=frame)


def _own_card(signed_in: SignedIn) -> tuple[int, CardView | None]:
    actor, person_id = own(signed_in, "own_book")
    check_see_book(actor, person_id=person_id)
    sealed = read_own_book(signed_in, actor, person_id)
    if sealed is None:
        return person_id, None
    book: dict[str, Any] = orjson.loads(payload_of(sealed))
    qr = None
    with suppress(Conflict):  # no card is valid today, or the book was closed: the card is shown without a code, and why
        qr = qr_of(give_code(actor, person_id, Kind.HEALTH_CARD).text)
    return person_id, view_card(book, on=day_in_vietnam(now()), qr=qr, facility_of=find_facility, type_of=_type_of)


def _type_of(code: str) -> str:
    found = find_code("hi_participant_type", code)
    name = in_words((found.name_vi, found.name_en)) if found else ""
    return f"{name[:1].upper()}{name[1:]}"
