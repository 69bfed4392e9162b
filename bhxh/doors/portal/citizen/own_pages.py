"""What a person sees of themselves: who looked at their data, their dossiers."""

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_see_looks, may_see_dossier
from bhxh.audit.commands import record_look, record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.citizen.dossier_view import steps_of, summary_of
from bhxh.doors.portal.citizen.own import DOSSIERS, SHARING, own, own_frame, uuid_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import signed_in_page
from bhxh.dossiers.errors import DOS_NO_DOSSIER
from bhxh.dossiers.queries import get_dossier, list_dossiers, list_history
from bhxh.kernel.clock import VIETNAM, now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import PERSON
from bhxh.own_data.looks import LookTold, tell_looks
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_PAGE = 20
_LOOKS = "/ai-da-xem"


@signed_in_page("GET")
@lets_in(PERSON)
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
    title = in_words(("Ai đã xem dữ liệu của tôi", "Who looked at my data"))
    return page(request, "citizen/looks.html", context, title=title, frame=own_frame(request, signed_in, SHARING, person_id))


@signed_in_page("GET")
@lets_in(PERSON)
def dossiers(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Everything the person filed, wherever they filed it, newest first."""
    actor, person_id = own(signed_in, "list_own")
    record_looks(actor=actor, at=now(), person_ids=[person_id], what="dossiers")
    before = uuid_of(request.GET.get("truoc", ""))
    found = list_dossiers(person_id=person_id, before=before, limit=_PAGE + 1)
    later = f"{DOSSIERS}?truoc={found[_PAGE - 1].dossier_id}" if len(found) > _PAGE else ""
    context = {"dossiers": [summary_of(one) for one in found[:_PAGE]], "later": later, "is_first": before is None}
    title = in_words(("Hồ sơ của tôi", "My dossiers"))
    return page(request, "citizen/dossiers.html", context, title=title, frame=own_frame(request, signed_in, DOSSIERS, person_id))


@signed_in_page("GET")
@lets_in(PERSON)
def tracking(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Where one dossier stands, what happens next and by when."""
    actor, person_id = own(signed_in, "show")
    found = get_dossier(code)
    # WHY the same answer as where there is none: the code must not tell the two apart.
    if not may_see_dossier(actor, filer_person_id=found.person_id, filer_employer_id=found.employer_id, procedure=found.procedure_slug):
        raise NotFound(DOS_NO_DOSSIER)
    record_look(actor=actor, at=now(), person_id=person_id, what="dossier", dossier_id=found.dossier_id)
    context = {"dossier": summary_of(found), "steps": steps_of(found, list_history(found.dossier_id))}
    back = (DOSSIERS, in_words(("Hồ sơ của tôi", "My dossiers")))
    return page(
        request,
        "citizen/tracking.html",
        context,
        title=summary_of(found).title,
        frame=own_frame(request, signed_in, DOSSIERS, person_id, back=back),
    )


def _by_day(told: tuple[LookTold, ...]) -> list[tuple[str, list[tuple[str, LookTold]]]]:
    days: dict[str, list[tuple[str, LookTold]]] = {}
    for look in told:
        at = look.at.astimezone(VIETNAM)
        days.setdefault(at.strftime("%d/%m/%Y"), []).append((at.strftime("%H:%M"), look))
    return list(days.items())
