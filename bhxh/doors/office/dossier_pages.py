"""One dossier as officers work on it: three columns on a desktop, one below the other on a phone. What is done with it: `dossier_acts`."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bhxh.access.permissions import may_appraise, may_approve, may_decide
from bhxh.access.queries import list_logins
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.doors.admission import lets_in
from bhxh.doors.dossier_desk import SEE_DOCUMENTS, SEE_THE_QUEUE, at_the_dossier, count_sheets_of, open_document, open_sheet
from bhxh.doors.dossier_looks import look_at_lines
from bhxh.doors.office import dossier_view as view
from bhxh.doors.office import queue_address as address
from bhxh.doors.office.dossier_acts import act_on
from bhxh.doors.office.dossier_forms import LONGEST, OWN_DEFECTS, ProposalForm, SupplementForm, read_number
from bhxh.doors.office.field_words import officer_named
from bhxh.doors.office.officer_page import QUEUE, officers_frame, officers_page
from bhxh.doors.office.opened_dossier import Opened
from bhxh.doors.office.queue_view import filer_words
from bhxh.doors.office.viewing import Viewer, as_it_came, viewer_of
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import catalogue
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.judging import latest_answers
from bhxh.dossiers.office_queue import QueueFilter
from bhxh.dossiers.queries import list_answers_about, list_appraisals, list_appraised, list_components, list_history, list_lines
from bhxh.dossiers.states import LineState, State
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.registry.queries import get_employer, list_persons
from bhxh.web.headers import guard
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_LINES = 10  # LIMIT: shown at once; each is a look at a person
_NAMED = 5  # LIMIT: of officers who may approve


@officers_page("GET", "POST")
@lets_in(SEE_THE_QUEUE)
def dossier(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Look at it, and do with it what one's role lets one do. Each person shown sees the look."""
    actor, officer, found = at_the_dossier(signed_in, code)
    opened = _opened(request, actor, officer, found)
    if request.method == "POST":
        return act_on(request, signed_in, opened, show=show)
    return show(request, signed_in, opened)


@officers_page("GET")
@lets_in(SEE_DOCUMENTS)
def document(request: HttpRequest, signed_in: SignedIn, code: str, sha256: str) -> HttpResponse:
    """A document as stored: pictures to look at, anything else to save. `khung=1`: what stands beside the case, which asks for the sheet itself."""
    if request.GET.get("khung") == "1":
        wanted = address.read_filter(request.GET, account=signed_in.claims.account)
        viewer = _viewer(request, signed_in, code, sha256, wanted)
        return guard(HttpResponse(render_to_string("office/viewer.html", {"viewer": viewer})))
    kept = open_document(signed_in, code, sha256)
    return as_it_came(kept.content, kept.media_type)


@officers_page("GET")
@lets_in(SEE_DOCUMENTS)
def sheet(request: HttpRequest, signed_in: SignedIn, code: str, sha256: str, number: int) -> HttpResponse:
    """One sheet of a scan."""
    kept = open_sheet(signed_in, code, sha256, number)
    return as_it_came(kept.content, kept.media_type)


def show(
    request: HttpRequest,
    signed_in: SignedIn,
    opened: Opened,
    *,
    proposal: ProposalForm | None = None,
    supplement: SupplementForm | None = None,
    errors: tuple[tuple[str, str], ...] = (),
    status: int = 200,
) -> HttpResponse:
    """The page, with what was typed where it comes back."""
    found, procedure = opened.dossier, opened.procedure
    on = day_in_vietnam(now())
    persons = list_persons(look_at_lines(opened.actor, found, opened.lines, "dossier_line"))
    numbers = {line.pin: line.number for line in opened.lines if line.pin}
    answers = latest_answers(list_answers_about(found.dossier_id, numbers))
    by_n = {appraisal.n: appraisal for appraisal in opened.appraisals}
    listed = _listed(opened, on)
    filer = filer_words(get_employer(found.employer_id).name if found.employer_id is not None else None)
    lines = [
        view.line_of(line, procedure=procedure, answers=answers, person=persons.get(line.person_id or 0), appraisals=by_n, listed=listed)
        for line in opened.lines
    ]
    given, asked = (
        proposal or ProposalForm(lines=tuple(line.number for line in lines[:1] if line.is_waiting)),
        supplement or SupplementForm(),
    )
    context: dict[str, Any] = {
        "dossier": view.head_of(found, procedure, on=on, filer=filer),
        "lines": lines,
        "evidence": view.evidence_of(answers, numbers),
        "documents": view.documents_of(list_components(found.dossier_id), procedure=procedure, code=found.code, wanted=opened.wanted),
        "log": view.log_of(list_history(found.dossier_id), opened.appraisals),
        "viewer": _viewer(request, signed_in, found.code, chosen, opened.wanted) if (chosen := request.GET.get(view.SHEETS, "")) else None,
        "here": opened.address,
        "row_version": found.row_version,
        "more": _more(opened) if opened.is_more else "",
        "next_dossier": f"{address.NEXT}{address.write_filter(opened.wanted, sau=address.write_after(found.due_on, found.dossier_id))}",
        "done": request.GET.get("xong", "")[:60],
        "proposal": given,
        "asked": asked,
        "suggested": [(one.key, one.words, one.key in asked.chosen) for one in opened.suggested],
        "own_defects": [(str(n), *asked.own[n - 1]) for n in range(1, OWN_DEFECTS + 1)],
        "laws": view.citations_of(opened.lines, procedure),
        "errors": errors,
        "error": dict(errors),
        **_may(opened),
    }
    context["reason_of_end"] = request.POST.get("ly-do-chu-ky", "")[:LONGEST]
    has_form = any(context[act] for act in ("may_propose", "may_ask", "may_end_signature"))
    title = f"{found.code} – {in_words((procedure.title_vi, procedure.title_en))}"
    back = (f"{QUEUE}{address.write_filter(opened.wanted)}", in_words(("Hàng việc", "Work queue")))
    frame = officers_frame(request, signed_in, QUEUE, opened.officer, back=back, is_wide=True)
    return page(
        request, "office/dossier.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=has_form
    )


def _viewer(request: HttpRequest, signed_in: SignedIn, code: str, sha256: str, wanted: QueueFilter) -> Viewer:
    """What lies open beside the case: nothing of it is shown yet, the sheet is asked for by itself. Raises NotFound API-016."""
    media_type, count = count_sheets_of(signed_in, code, sha256)
    return viewer_of(
        file=view.document_address(code, sha256),
        media_type=media_type,
        count=count,
        number=read_number(request.GET.get("trang", "")),
        leaf=lambda n: view.leaf_of(code, sha256, n, wanted),
    )


def _opened(request: HttpRequest, actor: Actor, officer: OfficerFacts, found: DossierView) -> Opened:
    is_waiting = bool(found.lines[LineState.OFFICER])
    lines = list_lines(
        found.dossier_id,
        state=LineState.OFFICER if is_waiting else None,
        after_number=read_number(request.GET.get("dong", "")),
        limit=_LINES + 1,
    )
    appraisals = list_appraisals(found.dossier_id)
    return Opened(
        actor=actor,
        officer=officer,
        dossier=found,
        procedure=catalogue.get(found.procedure_slug),
        lines=lines[:_LINES],
        is_more=len(lines) > _LINES,
        appraisals=appraisals,
        appraised=list_appraised(found.dossier_id) if is_waiting and appraisals else {},
        wanted=address.read_filter(request.GET, account=actor.account),
    )


def _approvers(actor: Actor, procedure: str) -> str:
    """Who may be the second pair of eyes, by login."""
    on = day_in_vietnam(now())
    found = list_logins(OfficerRole.APPROVER, procedure=procedure, on=on, besides=officer_named(actor.account), limit=_NAMED)
    return ", ".join(found)


def _listed(opened: Opened, on: date) -> dict[tuple[str, str], str]:
    """What the directories call the codes that were declared, of the lines shown."""
    asked = opened.procedure.questions.every if opened.procedure.questions else ()
    wanted = {
        (question.field, str(line.content[question.field])): question.directory
        for question in asked
        for line in opened.lines
        if question.directory is not None and line.content.get(question.field)
    }
    found = {key: directory.find(key[1], on) for key, directory in wanted.items()}
    return {key: f"{entry.shown} ({key[1]})" for key, entry in found.items() if entry is not None}


def _more(opened: Opened) -> str:
    return address.dossier_address(opened.dossier.code, opened.wanted, dong=str(opened.lines[-1].number))


def _may(opened: Opened) -> dict[str, Any]:
    """What this officer can do with it now: the acts ask again."""
    found, actor, officer = opened.dossier, opened.actor, opened.officer
    is_open = found.state is State.IN_PROCESS and bool(found.lines[LineState.OFFICER])
    waiting = [one for one in opened.appraisals if one.n in opened.appraised]
    own = [one for one in waiting if one.officer == actor.account]
    others = [
        (one.n, view.proposed_words(one), len(opened.appraised[one.n]), opened.appraised[one.n])
        for one in waiting
        if one.officer != actor.account
    ]
    is_approver = may_approve(actor, procedure=found.procedure_slug, appraised_by="", officer=officer)
    return {
        "may_take": may_decide(actor, procedure=found.procedure_slug, officer=officer)
        and found.state in (State.RECEIVED, State.IN_PROCESS, State.SUPPLEMENT_REQUIRED),
        "is_mine": found.assigned_to == actor.account,
        "may_propose": is_open and may_appraise(actor, procedure=found.procedure_slug, officer=officer),
        "may_ask": found.state is State.IN_PROCESS
        and found.supplement_due_on is None
        and may_decide(actor, procedure=found.procedure_slug, officer=officer),
        "may_end_signature": found.signature_pending
        and found.state is State.RECEIVED
        and may_decide(actor, procedure=found.procedure_slug, officer=officer),
        "to_approve": others if is_open and is_approver else [],
        "own_proposals": len(own),
        "approvers": _approvers(actor, found.procedure_slug) if waiting and (own or not is_approver) else "",
        "others_proposals": len(others),
        "is_approver": is_approver,
        "is_open": is_open,
    }
