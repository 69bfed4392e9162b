"""A person's own draft, page by page: `bhxh.doors.draft_pages`, at home."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.doors import draft_pages
from bhxh.doors.admission import lets_in
from bhxh.doors.draft_pages import Desk
from bhxh.doors.portal.citizen.own import mistake_address, own_frame
from bhxh.doors.portal.filing.opened import HOME, get_draft, open_draft
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import signed_in_page
from bhxh.kernel.who import PERSON, REPRESENTATIVE


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def draft(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """What is to be done."""
    return draft_pages.show_tasks(request, _desk(request, signed_in, draft_id))


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def delete(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """It is not needed any more."""
    return draft_pages.delete_draft(request, _desk(request, signed_in, draft_id), draft_id)


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def questions(request: HttpRequest, signed_in: SignedIn, draft_id: UUID, part: str) -> HttpResponse:
    """One group of questions."""
    return draft_pages.ask(request, _desk(request, signed_in, draft_id), part)


@signed_in_page("POST")
@lets_in(PERSON | REPRESENTATIVE)
def upload(request: HttpRequest, signed_in: SignedIn, draft_id: UUID, part: str) -> HttpResponse:
    """A file beside it."""
    return draft_pages.take_upload(request, _desk(request, signed_in, draft_id), part)


@signed_in_page("POST")
@lets_in(PERSON | REPRESENTATIVE)
def remove(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """A file is not sent after all."""
    return draft_pages.take_out(request, _desk(request, signed_in, draft_id))


def _desk(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> Desk:
    return Desk(
        open=lambda: open_draft(signed_in, draft_id),
        open_unshown=lambda: get_draft(signed_in, draft_id),
        frame=lambda opened, back: own_frame(request, signed_in, HOME, opened.owner.id, back=back),
        filed=lambda code: f"{HOME}/{code}/da-nop",
        home=(HOME, ("Hồ sơ", "Dossiers")),
        account=signed_in.claims.account,
        mistake=mistake_address,
    )
