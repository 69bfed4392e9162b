"""What persons say they never asked for at a counter: for whoever supervises it. By code, names nobody."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.dossier_desk import SEE_THE_QUEUE, at_the_queue
from bhxh.doors.office.counter_filing_pages import WHYS
from bhxh.doors.office.field_words import officer_named
from bhxh.doors.office.officer_page import COUNTER, QUEUE, officers_frame, officers_page
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import catalogue
from bhxh.dossiers.counter_queries import list_refused_counter_filings
from bhxh.dossiers.facts import CounterFilingView
from bhxh.web.languages import in_words
from bhxh.web.moments import instant
from bhxh.web.pages import page


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One of them, as the list shows it."""

    code: str
    title: str
    officer: str
    why: str
    filed_at: str
    answered_at: str
    is_decided: bool


@officers_page("GET")
@lets_in(SEE_THE_QUEUE)
def refused(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """The latest first; those that were decided before need somebody to look into them."""
    _, officer = at_the_queue(signed_in)
    context = {"refused": [_shown(one) for one in list_refused_counter_filings()]}
    title = in_words(("Hồ sơ nộp thay mà người dân không nhận", "Filed at a counter, denied by the person"))
    here = COUNTER if "RECEPTION" in officer.roles else QUEUE
    return page(request, "office/counter_refused.html", context, title=title, frame=officers_frame(request, signed_in, here, officer))


def _shown(one: CounterFilingView) -> Refused:
    procedure = catalogue.get(one.procedure_slug)
    return Refused(
        code=one.code,
        title=in_words((procedure.title_vi, procedure.title_en)),
        officer=officer_named(one.officer),
        why=in_words(WHYS[one.why]),
        filed_at=instant(one.filed_at),
        answered_at=instant(one.answered_at) if one.answered_at else "",
        is_decided=one.is_decided,
    )
