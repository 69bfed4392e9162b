"""A person's book: what it says now and how each row is known, what each version changed, its codes and short shares."""

from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_see_book
from bhxh.audit.commands import record_look
from bhxh.book.errors import BOK_NO_BOOK
from bhxh.book.issuing import bound_issuer
from bhxh.book.queries import get_sealed, list_payloads
from bhxh.book.showing import show_own_sealed
from bhxh.doors.admission import lets_in
from bhxh.doors.portal.citizen.book_view import view_book
from bhxh.doors.portal.citizen.history_view import steps_of_history
from bhxh.doors.portal.citizen.own import BOOK, own, own_frame, titled
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import signed_in_page
from bhxh.dossiers.queries import list_filed
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import VIETNAM, now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.ledger.queries import list_sources
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_VERSIONS = 10
"""LIMIT: on one page; each is a whole book that is read."""
_THING = ("Sổ bảo hiểm xã hội", "Social insurance book")
_TITLE = ("Sổ bảo hiểm xã hội của tôi", "My social insurance book")


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def book(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """The card, three sums, the months of each year, every period and how we know it. The look is written before anything leaves."""
    actor, person_id = own(signed_in, "own_book")
    check_see_book(actor, person_id=person_id)
    sealed = read_own_book(signed_in, actor, person_id)
    frame = own_frame(request, signed_in, BOOK, person_id)
    if sealed is None:
        return page(request, "citizen/no_book.html", {}, **titled(frame, _TITLE, _THING), frame=frame)
    payload = payload_of(sealed)
    sources = list_sources(person_id)
    shown = view_book(
        orjson.loads(payload),
        address=bound_issuer().verification_address(sha256(payload).hexdigest()),
        sources=sources,
        dossiers=list_filed({source.dossier_id for source in sources.values() if source.dossier_id}),
    )
    context = {"book": shown, "made_at": made_at()}
    return page(request, "citizen/book.html", context, **titled(frame, _TITLE, _THING), frame=frame)


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def history(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Every version with what it changed, newest first."""
    actor, person_id = own(signed_in, "own_book")
    check_see_book(actor, person_id=person_id)
    record_look(actor=actor, at=now(), person_id=person_id, what="book")
    asked = request.GET.get("tu", "")
    up_to = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    found = list_payloads(person_id, up_to=up_to, limit=_VERSIONS + 1)
    steps = steps_of_history([(n, sealed_at, orjson.loads(payload)) for n, sealed_at, payload in found])[:_VERSIONS]
    later = f"/so/lich-su?tu={found[_VERSIONS][0]}" if len(found) > _VERSIONS else ""
    frame = own_frame(request, signed_in, BOOK, person_id, back=back_to_book())
    called = titled(frame, ("Lịch sử cập nhật sổ", "History of my book"), ("Lịch sử cập nhật sổ", "History of the book"))
    return page(request, "citizen/history.html", {"steps": steps, "later": later}, **called, frame=frame)


def read_own_book(signed_in: SignedIn, actor: Actor, person_id: int) -> dict[str, Any] | None:
    """The sealed book after the look was written; None where the person has none."""
    at = now()
    try:
        # WHY not for another: that statement proves that the book is the account's own.
        sealed = show_own_sealed(actor=actor, at=at, held=signed_in.held(actor, at)) if person_id == actor.person_id else None
        if sealed is None:
            record_look(actor=actor, at=at, person_id=person_id, what="book")
            sealed = get_sealed(person_id)
    except NotFound as nothing:
        if nothing.sentence is not BOK_NO_BOOK:
            raise
        return None
    found: dict[str, Any] = orjson.loads(sealed)
    return found


def payload_of(sealed: dict[str, Any]) -> bytes:
    """What was sealed, byte for byte."""
    payload: str = sealed["payload"]
    return urlsafe_b64decode(payload + "=" * (-len(payload) % 4))


def made_at() -> str:
    """When this page was made: a copy that is kept on a device says how old it is."""
    return now().astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def back_to_book() -> tuple[str, str]:
    """The way back."""
    return BOOK, in_words(_THING)
