"""What a person sees of themselves: who looked at their data."""

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_see_looks
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.citizen.own import SHARING, own, own_frame, titled, uuid_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import signed_in_page
from bhxh.kernel.clock import VIETNAM, now
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.own_data.looks import LookTold, tell_looks
from bhxh.web.pages import page

_PAGE = 20
_LOOKS = "/ai-da-xem"


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def looks(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Who looked, when, at what, why; the person's own looks only where they ask for them."""
    actor, person_id = own(signed_in, "own_looks")
    check_see_looks(actor, person_id=person_id)
    record_look(actor=actor, at=now(), person_id=person_id, what="looks")
    is_all = request.GET.get("ca-toi") == "1"
    before = uuid_of(request.GET.get("truoc", ""))
    told = tell_looks(person_id, office=partners().office, before=before, is_without_own=not is_all, limit=_PAGE + 1)
    later = f"{_LOOKS}?truoc={told[_PAGE - 1].look_id}{'&ca-toi=1' if is_all else ''}" if len(told) > _PAGE else ""
    context = {"days": _by_day(told[:_PAGE]), "is_all": is_all, "later": later, "is_first": before is None}
    frame = own_frame(request, signed_in, SHARING, person_id)
    called = titled(frame, ("Ai đã xem dữ liệu của tôi", "Who looked at my data"), ("Ai đã xem dữ liệu", "Who looked at the data"))
    return page(request, "citizen/looks.html", context, **called, frame=frame)


def _by_day(told: tuple[LookTold, ...]) -> list[tuple[str, list[tuple[str, LookTold]]]]:
    days: dict[str, list[tuple[str, LookTold]]] = {}
    for look in told:
        at = look.at.astimezone(VIETNAM)
        days.setdefault(at.strftime("%d/%m/%Y"), []).append((at.strftime("%H:%M"), look))
    return list(days.items())
