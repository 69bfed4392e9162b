"""A person's own book, as sealed JSON and as PDF, and its versions."""

from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from ninja import Router

from bhxh.access.permissions import check_see_book
from bhxh.audit.commands import record_look
from bhxh.book.archiving import archived_book
from bhxh.book.queries import get_sealed
from bhxh.book.showing import show_own_sealed
from bhxh.credentials.book_pages import book_pdf
from bhxh.doors.admission import lets_in
from bhxh.doors.api.shapes import SEALED, BookVersion, produces
from bhxh.doors.own_codes import own_book_actor
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn, recognise
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import BhxhError
from bhxh.kernel.who import PERSON, REPRESENTATIVE

router = Router(tags=["book"])
_SEALED = "application/jose+json"


@router.get("/book", summary="One's own sealed book", openapi_extra=produces(_SEALED, SEALED))
@lets_in(PERSON | REPRESENTATIVE)
def own_book(request: HttpRequest, version: BookVersion = None) -> HttpResponse:
    """Flattened JWS; old versions stay readable. The look is written down before the book leaves."""
    actor, person_id = _own(request)
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    at = now()
    # WHY not for another: the statement proves that the account is the person's own.
    is_own = person_id == actor.person_id
    sealed = show_own_sealed(actor=actor, at=at, held=signed_in.held(actor, at), version=version) if is_own else None
    if sealed is None:
        record_look(actor=actor, at=now(), person_id=person_id, what="book")
        sealed = get_sealed(person_id, version)
    return HttpResponse(sealed, content_type=_SEALED)


def hot_own_book(long_way: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The busiest read of all, before the router: the latest own book to whoever was seen before, in one statement.

    It answers only with a book, to whom `own_book` would; whatever is otherwise (another method, a version, a new sign-in, a changed
    account, a database that is away) goes the long way, which is the route as published and says why not.
    """

    @lets_in(PERSON | REPRESENTATIVE)
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or request.META.get("QUERY_STRING"):
            return long_way(request)
        try:
            signed_in, at = recognise(request), now()
            actor = signed_in.remembered_actor("own_book") if signed_in is not None else None
            if signed_in is None or actor is None or actor.person_id is None:
                return long_way(request)
            check_see_book(actor, person_id=actor.person_id)
            sealed = show_own_sealed(actor=actor, at=at, held=signed_in.held(actor, at))
        except (BhxhError, DatabaseError):
            return long_way(request)
        return HttpResponse(sealed, content_type=_SEALED) if sealed else long_way(request)

    return view


@router.get(
    "/book.pdf",
    summary="One's own book as a document to read, with the sealed book attached",
    openapi_extra=produces("application/pdf"),
)
@lets_in(PERSON | REPRESENTATIVE)
def own_book_pdf(request: HttpRequest, version: BookVersion = None) -> HttpResponse:
    """PDF/A-3 and PDF/UA as the writer claims. The latest version carries the QR codes of `POST /me/credentials`."""
    actor, person_id = _own(request)
    at, side = now(), partners()
    record_look(actor=actor, at=at, person_id=person_id, what="book")
    key = side.keys.seal_key("credential")
    pdf = book_pdf(actor=actor, at=at, person_id=person_id, version=version, issuer=side.credential_issuer, key=key)
    return HttpResponse(pdf, content_type="application/pdf")


@router.get(
    "/book/archive.pdf",
    summary="The copy of one's own book for decades, made when it is first asked for",
    openapi_extra=produces("application/pdf"),
)
@lets_in(PERSON | REPRESENTATIVE)
def own_book_archive(request: HttpRequest, version: BookVersion = None) -> HttpResponse:
    """PAdES B-LTA, kept in the holder's warehouse and renewed by us before its time stamp ends. The first one waits for the authorities; 503 without them."""
    actor, person_id = _own(request)
    record_look(actor=actor, at=now(), person_id=person_id, what="book")
    copy = archived_book(actor=actor, at=now(), person_id=person_id, version=version, archivist=partners().archivist())
    return HttpResponse(copy, content_type="application/pdf")


def _own(request: HttpRequest) -> tuple[Actor, int]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return own_book_actor(signed_in)
