"""The inbox: every letter that was written to a person, whatever became of the mail copy."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_see_looks
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.portal.citizen.inbox_view import letter_of, open_letter_of
from bhxh.doors.portal.citizen.own import INBOX, own, own_frame, uuid_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import signed_in_page
from bhxh.dossiers.queries import list_codes
from bhxh.kernel.clock import now
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.notices.commands import mark_read
from bhxh.notices.queries import get_own_message, list_inbox
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_PAGE = 20
_TITLE = ("Thông báo", "Notices")


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def inbox(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Newest first; what was not opened yet stands out."""
    actor, person_id = own(signed_in, "own_letters")
    check_see_looks(actor, person_id=person_id)
    record_look(actor=actor, at=now(), person_id=person_id, what="letters")
    before = uuid_of(request.GET.get("truoc", ""))
    found = list_inbox(person_id, before=before, limit=_PAGE + 1)
    later = f"{INBOX}?truoc={found[_PAGE - 1].message_id}" if len(found) > _PAGE else ""
    context = {"letters": [letter_of(one) for one in found[:_PAGE]], "later": later}
    return page(request, "citizen/inbox.html", context, title=in_words(_TITLE), frame=own_frame(request, signed_in, INBOX, person_id))


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def letter(request: HttpRequest, signed_in: SignedIn, message_id: UUID) -> HttpResponse:
    """The words as they were sent, and whether the mail copy arrived. Opened, it is read."""
    actor, person_id = own(signed_in, "own_letters")
    check_see_looks(actor, person_id=person_id)
    at = now()
    record_look(actor=actor, at=at, person_id=person_id, what="letters")
    found = get_own_message(message_id, person_id=person_id)
    if found.read_at is None:
        mark_read(actor=actor, at=at, person_id=person_id, message_id=message_id)
    # WHY not of an employer's list: the worker's letter is about them, the dossier is not theirs to open.
    is_own_dossier = found.dossier_id is not None and found.kind != "book_updated"
    codes = list_codes([found.dossier_id]) if found.dossier_id is not None and is_own_dossier else {}
    shown = open_letter_of(found, dossier=next(iter(codes.values()), ""))
    frame = own_frame(request, signed_in, INBOX, person_id, back=(INBOX, in_words(_TITLE)))
    return page(request, "citizen/letter.html", {"letter": shown}, title=shown.heading, frame=frame)
