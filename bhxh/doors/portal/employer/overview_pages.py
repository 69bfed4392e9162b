"""The first page of an organisation: what is due this month, what is under way, what needs an answer."""

from django.http import HttpRequest, HttpResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.own_dossiers import may_see
from bhxh.doors.partners import partners
from bhxh.doors.portal.employer.check_view import uploaded
from bhxh.doors.portal.employer.filing_view import filed
from bhxh.doors.portal.employer.overview_view import dues_of, in_work, needing_something, signature_state
from bhxh.doors.portal.employer.working import OVERVIEW, frame_of_unit, working_for
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import signed_in_page
from bhxh.dossiers.list_checks import list_checks
from bhxh.dossiers.queries import list_dossiers
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.months import Month
from bhxh.kernel.who import EMPLOYER
from bhxh.ledger.queries import list_employer_months
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_LATEST = 50  # LIMIT: filings looked through for what needs something
_SHOWN = 5


@signed_in_page("GET")
@lets_in(EMPLOYER)
def overview(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Sums and counts only: nobody is named here."""
    working = working_for(signed_in, "own_dossiers")
    at = now()
    today = day_in_vietnam(at)
    dossiers = [one for one in list_dossiers(employer_id=working.employer_id, limit=_LATEST) if may_see(working.who, one)]
    shown = [filed(one) for one in dossiers]
    month = Month.of(today)
    months = list_employer_months(working.employer_id, month.plus(-1), month.plus(1), at) if working.may_follow else ()
    context = {
        "employer": working.employer,
        "may_follow": working.may_follow,
        "may_file": working.may_file,
        "uploads": [uploaded(one) for one in list_checks(actor=working.actor, at=at, limit=_SHOWN)] if working.may_file else [],
        "dues": dues_of(months, today),
        "month": month.shown,
        "asked": needing_something(dossiers, shown),
        "in_work": in_work(dossiers),
        "latest": shown[:_SHOWN],
        "signature": signature_state([one.proof for one in dossiers], today, has_service=partners().remote_signer is not None),
    }
    title = in_words(("Tổng quan", "Overview"))
    return page(request, "employer/overview.html", context, title=title, frame=frame_of_unit(request, signed_in, working, OVERVIEW))
