"""Who a person is here: how to reach them, a copy of everything about them, and for whom they may act."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_see_looks
from bhxh.audit.commands import record_look, record_looks
from bhxh.book.presenting import birth_shown, spaced
from bhxh.doors.admission import lets_in
from bhxh.doors.portal.citizen.own import INBOX, own, own_frame
from bhxh.doors.representing import list_represented_by
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import sign_in_again, signed_in_page
from bhxh.kernel.clock import now
from bhxh.kernel.who import PERSON
from bhxh.registry.queries import get_person
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_HERE = "/toi"
_RELATIONS: Final = {
    "MOTHER": ("Bạn là mẹ", "You are the mother"),
    "FATHER": ("Bạn là cha", "You are the father"),
    "GUARDIAN": ("Bạn là người giám hộ", "You are the guardian"),
    "HEAD_OF_HOUSEHOLD": ("Bạn là chủ hộ, cha hoặc mẹ", "You head the household as a parent"),
}


@signed_in_page("GET")
@lets_in(PERSON)
def account(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """What is known of how to reach them, and everything else as one file."""
    actor, person_id = own(signed_in, "own_copy")
    check_see_looks(actor, person_id=person_id)
    record_look(actor=actor, at=now(), person_id=person_id, what="contact")
    person = get_person(person_id)
    birth = birth_shown(person.birth_on.isoformat() if person.birth_on else "", person.birth_precision)
    context = {
        "rows": [
            (in_words(("Họ và tên", "Full name")), person.full_name),
            (in_words(("Ngày sinh", "Date of birth")), birth),
            (in_words(("Số định danh", "Personal number")), spaced(person.pin) or "–"),
            (in_words(("Mã số BHXH", "Social insurance code")), spaced(person.si_code)),
        ],
        "email": person.email,
        "is_fresh": signed_in.is_fresh(),
        "sign_in_again": sign_in_again(_HERE),
    }
    title = in_words(("Thông tin và nơi nhận tin của tôi", "My details and where mail goes"))
    return page(request, "citizen/account.html", context, title=title, frame=own_frame(request, signed_in, INBOX, person_id))


@signed_in_page("GET")
@lets_in(PERSON)
def represented(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Children and wards by today's registers. Each one shown is told of it."""
    actor, person_id = own(signed_in, "own_represented")
    check_see_looks(actor, person_id=person_id)
    found = list_represented_by(actor)
    record_looks(actor=actor, at=now(), person_ids=[person_id, *(one.person_id for _, one in found)], what="represented")
    context = {
        "people": [
            (one.full_name, one.birth_on.strftime("%d/%m/%Y"), in_words(_RELATIONS.get(one.representation.relation.value, ("", ""))))
            for _, one in found
        ]
    }
    title = in_words(("Người tôi đại diện", "People I act for"))
    frame = own_frame(request, signed_in, INBOX, person_id, back=(_HERE, in_words(("Thông tin của tôi", "My details"))))
    return page(request, "citizen/represented.html", context, title=title, frame=frame)
