"""An organisation's workers: a list to look through, and the months of one worker there. Never a book: that is the worker's own. Law: R-195."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_see_worker
from bhxh.audit.commands import record_look, record_looks
from bhxh.book.presenting import spaced
from bhxh.doors.admission import lets_in
from bhxh.doors.portal.employer.worker_view import STATES, choices_of, rows_of, spans_of
from bhxh.doors.portal.employer.working import WORKERS, Working, frame_of_unit, working_for
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import signed_in_page
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.months import Month
from bhxh.kernel.text import tidy
from bhxh.kernel.who import EMPLOYER
from bhxh.ledger.queries import list_open_months
from bhxh.registry.errors import REG_NO_SUCH_PERSON
from bhxh.registry.queries import get_person, list_participations
from bhxh.registry.worker_lists import PAGE, count_workers, list_worker_ids, search_workers
from bhxh.web.languages import in_words, is_switch
from bhxh.web.pages import page

_FIRST_MONTH: Final = Month(1995, 1)
"""Social insurance by contribution begins here; nothing is older."""
_LAST_PAGE: Final = 1000  # LIMIT: fifty thousand workers
_LONGEST_NAME: Final = 100
_REFERENCE_CHARACTERS: Final = 24


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def workers(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """By name and by state. A name is asked for by POST, because addresses are logged; a page has a number and names nobody."""
    working = _following(signed_in)
    name = tidy(request.POST.get("ten", "")[:_LONGEST_NAME])
    asked = request.POST if request.method == "POST" and not is_switch(request) else {**request.GET.dict(), **request.POST.dict()}
    chosen = asked.get("tinh-trang", "") if asked.get("tinh-trang", "") in STATES else ""
    number = _number(asked.get("trang", ""))
    on_month = Month.of(day_in_vietnam(now()))
    found = search_workers(
        working.employer_id,
        on_month,
        name=name,
        statuses=[STATES[chosen][0]] if chosen else (),
        skip=(number - 1) * PAGE,
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    record_looks(actor=working.actor, at=now(), person_ids=[one.person_id for one in shown], what="workers")
    context = {
        "workers": rows_of(shown, {one.person_id: worker_reference(working.employer_id, one.person_id) for one in shown}),
        "choices": choices_of(count_workers(working.employer_id, on_month), chosen),
        "chosen": chosen,
        "name": name,
        "most": _LONGEST_NAME,
        "number": number,
        "earlier": number - 1,
        "later": number + 1 if len(found) > PAGE else 0,
        "first": (number - 1) * PAGE + 1,
        "last": (number - 1) * PAGE + len(shown),
    }
    title = in_words(("Lao động của đơn vị", "Workers"))
    return page(
        request, "employer/workers.html", context, title=title, frame=frame_of_unit(request, signed_in, working, WORKERS), has_form=True
    )


@signed_in_page("GET")
@lets_in(EMPLOYER)
def worker(request: HttpRequest, signed_in: SignedIn, reference: str) -> HttpResponse:
    """The months with this organisation, and nothing else. The same answer for who never worked there as for nobody."""
    working = _following(signed_in)
    person_id = next((one for one in list_worker_ids(working.employer_id) if worker_reference(working.employer_id, one) == reference), None)
    if person_id is None:
        raise NotFound(REG_NO_SUCH_PERSON)
    record_look(actor=working.actor, at=now(), person_id=person_id, what="worker_months")
    person = get_person(person_id)
    months = list_open_months([person_id], _FIRST_MONTH, working.employer_id)[person_id]
    on_month = Month.of(day_in_vietnam(now()))
    today = list_participations([person_id], on_month, working.employer_id).get(person_id, ())
    context = {
        "name": person.full_name,
        "pin": spaced(person.pin or ""),
        "si_code": spaced(person.si_code),
        "birth": person.birth_on.strftime("%d/%m/%Y") if person.birth_on else "",
        "job": today[0].job_title if today else "",
        "workplace": today[0].workplace if today else "",
        "since": today[0].from_month.shown if today else "",
        "is_here": bool(today),
        "spans": spans_of(months),
        "count": len(months),
    }
    frame = frame_of_unit(request, signed_in, working, WORKERS, back=(WORKERS, ("Lao động của đơn vị", "Workers")))
    return page(request, "employer/worker.html", context, title=in_words(("Người lao động", "Worker")), frame=frame)


def _following(signed_in: SignedIn) -> Working:
    """Raises NotAllowed ACC-020 where a mandate does not reach what concerns workers."""
    working = working_for(signed_in, "own_workers")
    check_see_worker(working.actor, employer_id=working.employer_id, worked_there=True, authority=working.who.authority)
    return working


def worker_reference(employer_id: int, person_id: int) -> str:
    """How an organisation's pages name a worker: means nothing elsewhere, and our own numbers do not leave the house."""
    return sha256_hex(f"worker {employer_id} {person_id}".encode())[:_REFERENCE_CHARACTERS]


def _number(text: str) -> int:
    return min(max(int(text), 1), _LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < len(str(_LAST_PAGE)) + 1 else 1
