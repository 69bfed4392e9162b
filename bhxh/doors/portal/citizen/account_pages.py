"""Who a person is here: how to reach them, a copy of everything about them, and for whom they may act."""

from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_see_looks
from bhxh.access.representation_errors import ACC_NOT_REPRESENTED
from bhxh.access.session_commands import choose_whom_to_act_for
from bhxh.access.sessions import Session, digest_of, new_secret
from bhxh.audit.commands import record_look, record_looks
from bhxh.book.presenting import birth_shown, spaced
from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.citizen.own import BOOK, INBOX, own, own_frame, titled
from bhxh.doors.representing import list_represented_by
from bhxh.doors.sessions import give_session
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, sign_in_again, signed_in_page
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotAllowed
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.registry.queries import get_person
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_HERE, _PEOPLE = "/toi", "/dai-dien"
_WHOM = "ai"
_RELATIONS: Final = {
    "MOTHER": ("Bạn là mẹ", "You are the mother"),
    "FATHER": ("Bạn là cha", "You are the father"),
    "GUARDIAN": ("Bạn là người giám hộ", "You are the guardian"),
    "HEAD_OF_HOUSEHOLD": ("Bạn là chủ hộ, cha hoặc mẹ", "You head the household as a parent"),
}


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
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
    frame = own_frame(request, signed_in, INBOX, person_id)
    called = titled(
        frame, ("Thông tin và nơi nhận tin của tôi", "My details and where mail goes"), ("Thông tin và nơi nhận tin", "Details and address")
    )
    return page(request, "citizen/account.html", context, **called, frame=frame)


@signed_in_page("GET", "POST", minds_whom=False)
@lets_in(PERSON)
def represented(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Children and wards by today's registers, each with the button that goes on for them. Each one shown is told of it.

    Always for oneself: whoever acts for another comes here to stop, also where the representation has ended.
    """
    session, signed_in = signed_in.session, replace(signed_in, acting_for="")
    actor, person_id = own(signed_in, "own_represented")
    check_see_looks(actor, person_id=person_id)
    found = list_represented_by(actor)
    if request.method == "POST" and session is not None:
        return _choose(request, actor, session, {reference for reference, _ in found})
    record_looks(actor=actor, at=now(), person_ids=[person_id, *(one.person_id for _, one in found)], what="represented")
    chosen = session.acting_for if session else ""
    context = {
        "people": [
            {
                "reference": reference,
                "name": one.full_name,
                "birth": one.birth_on.strftime("%d/%m/%Y"),
                "relation": in_words(_RELATIONS.get(one.representation.relation.value, ("", ""))),
                "is_chosen": reference == chosen,
            }
            for reference, one in found
        ],
        "is_over": bool(chosen) and chosen not in {reference for reference, _ in found},
        "is_done": request.GET.get("xong") == "thoi" and not chosen,
    }
    title = in_words(("Người tôi đại diện", "People I act for"))
    frame = own_frame(request, signed_in, INBOX, person_id, back=(_HERE, in_words(("Thông tin của tôi", "My details"))))
    name = next((one.full_name for reference, one in found if reference == chosen), "")
    return page(request, "citizen/represented.html", context, title=title, frame=replace(frame, acts_for=name))


def _choose(request: HttpRequest, actor: Actor, session: Session, open_to_them: set[str]) -> HttpResponse:
    """Go on for somebody, or for oneself again. Raises NotAllowed ACC-203."""
    wanted, side, secret = request.POST.get(_WHOM, ""), partners().signing_in, new_secret()
    if wanted and wanted not in open_to_them:
        raise NotAllowed(ACC_NOT_REPRESENTED)
    choose_whom_to_act_for(actor=actor, at=now(), session_id=session.session_id, secret_sha256=digest_of(secret), reference=wanted)
    response = see_other(BOOK if wanted else f"{_PEOPLE}?xong=thoi")
    give_session(response, secret, side)
    return response
