"""What an organisation filed: the history, one dossier with its lines, letters and results, and what can still be done with it."""

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_withdraw
from bhxh.doors.admission import lets_in
from bhxh.doors.dossier_looks import look_at_lines
from bhxh.doors.own_dossiers import check_file_further, find_own, may_see
from bhxh.doors.partners import partners
from bhxh.doors.portal.citizen.dossier_view import steps_of
from bhxh.doors.portal.competent_office import competent_office
from bhxh.doors.portal.employer.errors import EMP_NO_FILE
from bhxh.doors.portal.employer.filing_view import filed, filed_line, signatures_of
from bhxh.doors.portal.employer.working import FILED, LIST_SLUG, XLSX, Working, frame_of_unit, working_for
from bhxh.doors.portal.letter_headings import heading_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, signed_in_page
from bhxh.doors.uploads import read_attachments
from bhxh.dossiers import catalogue, flows
from bhxh.dossiers.commands import withdraw
from bhxh.dossiers.errors import DOS_NO_DOSSIER
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.queries import list_all_lines, list_dossiers, list_history, list_lines
from bhxh.dossiers.states import TERMINAL, LineState, State
from bhxh.dossiers.supplement_commands import shortcomings_of
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid, NotFound, Refusal
from bhxh.kernel.text import tidy
from bhxh.kernel.who import EMPLOYER
from bhxh.notices.letters import KINDS_TO_FILER
from bhxh.notices.outcomes import explain
from bhxh.notices.queries import list_messages
from bhxh.procedures.register_employees.workbook_refiling import wrong_lines_only
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import list_items
from bhxh.warehouse.store import read_blob
from bhxh.web.languages import in_words, is_switch, spoken
from bhxh.web.moments import instant
from bhxh.web.pages import page

_PAGE = 20
_LINES = 100
_BACK = (FILED, ("Hồ sơ đã nộp", "Filings"))
_LINE_STATES = {
    "tat-ca": None,
    "khong-giai-quyet": LineState.REFUSED,
    "can-bo": LineState.OFFICER,
    "da-giai-quyet": LineState.CLEAN,
    "dang-kiem-tra": LineState.PENDING,
}
"""Word in an address -> the lines that are shown."""
_LONGEST_REASON = 1000


@signed_in_page("GET")
@lets_in(EMPLOYER)
def filings(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Everything filed for the organisation, newest first, with the file's digest and which account sent it. Nobody is named."""
    working = working_for(signed_in, "own_dossiers")
    after = tidy(request.GET.get("truoc", ""))
    before = find_own(working.who, after, absent=DOS_NO_DOSSIER).dossier_id if after else None
    found = list_dossiers(employer_id=working.employer_id, before=before, limit=_PAGE + 1)
    shown = [filed(one) for one in found[:_PAGE] if may_see(working.who, one)]
    later = f"{FILED}?truoc={found[_PAGE - 1].code}" if len(found) > _PAGE else ""
    context = {"filings": shown, "later": later, "is_first": before is None}
    title = in_words(("Hồ sơ đã nộp", "Filings"))
    return page(request, "employer/filings.html", context, title=title, frame=frame_of_unit(request, signed_in, working, FILED))


@signed_in_page("GET")
@lets_in(EMPLOYER)
def filing(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Where it stands, what was said of each line, its letters and results. Whoever a line names is told of the look."""
    working = working_for(signed_in, "own_dossiers")
    dossier = find_own(working.who, code, absent=DOS_NO_DOSSIER)
    word = request.GET.get("dong", "")
    word = word if word in _LINE_STATES else "khong-giai-quyet" if dossier.lines.get(LineState.REFUSED) else "tat-ca"
    after = request.GET.get("sau", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0  # fewer than 100,000
    lines = list_lines(dossier.dossier_id, state=_LINE_STATES[word], after_number=start, limit=_LINES + 1)
    look_at_lines(working.actor, dossier, lines[:_LINES], "dossier_line")
    letters = list_messages(dossier.dossier_id, kinds=KINDS_TO_FILER)
    items = list_items(Owner("employer", working.employer_id), dossier_id=dossier.dossier_id)
    context = {
        "filing": filed(dossier),
        "office": competent_office(dossier.office, day_in_vietnam(now())),
        "steps": steps_of(dossier, list_history(dossier.dossier_id)),
        "signatures": signatures_of(dossier.proof, is_pending=dossier.signature_pending),
        "lines": [filed_line(one) for one in lines[:_LINES]],
        "word": word,
        "picks": _picks(dossier, word),
        "later": f"?dong={word}&sau={lines[_LINES - 1].number}#dong" if len(lines) > _LINES else "",
        "is_first": not start,
        "letters": [(heading_of(one), instant(one.created_at), explain(one), one.text) for one in letters],
        "items": [(in_words((one.title_vi, one.title_en)), one.sha256) for one in items],
        "decisions": range(1, dossier.decision_count + 1),
        "refused": dossier.lines.get(LineState.REFUSED, 0),
        "has_source": bool(dossier.source_sha256),
        "may_withdraw": _is_open(dossier) and working.may_withdraw(dossier.procedure_slug),
        "may_supply": dossier.state is State.SUPPLEMENT_REQUIRED,
        "said": spoken(),
    }
    title = filed(dossier).title
    return page(request, "employer/filing.html", context, title=title, frame=frame_of_unit(request, signed_in, working, FILED, back=_BACK))


@signed_in_page("GET")
@lets_in(EMPLOYER)
def wrong_lines(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """The filed workbook with the wrong lines only, to be corrected and filed again. Whoever it names is told of the look."""
    working = working_for(signed_in, "own_dossiers")
    dossier = find_own(working.who, code, absent=DOS_NO_DOSSIER)
    if dossier.procedure_slug != LIST_SLUG or not dossier.source_sha256:
        raise NotFound(DOS_NO_DOSSIER)
    lines = list_all_lines(dossier.dossier_id)
    content = wrong_lines_only(read_blob(dossier.source_sha256), lines)
    look_at_lines(working.actor, dossier, [line for line in lines if line.state is LineState.REFUSED], "line_results")
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="dong-sai-{dossier.code}.xlsx"'
    return response


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def taking_back(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Until a decision is signed. Asked for twice it is done once."""
    working = working_for(signed_in, "own_dossiers")
    dossier = find_own(working.who, code, absent=DOS_NO_DOSSIER)
    check_withdraw(working.actor, filer_employer_id=working.employer_id, procedure=dossier.procedure_slug, authority=working.who.authority)
    reason = request.POST.get("ly-do", "")[:_LONGEST_REASON]
    if request.method == "POST" and not is_switch(request):
        withdraw(actor=working.actor, at=now(), dossier_id=dossier.dossier_id, reason=reason, row_version=_version(request))
        return see_other(f"{FILED}/{code}")
    context = {"filing": filed(dossier), "reason": reason, "most": _LONGEST_REASON, "row_version": dossier.row_version}
    return _act(request, signed_in, working, code, "employer/taking_back.html", context, ("Rút hồ sơ", "Withdraw the dossier"))


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def supplement(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Answer a request for papers. The same papers sent twice are taken once."""
    working = working_for(signed_in, "own_dossiers")
    dossier = find_own(working.who, code, absent=DOS_NO_DOSSIER)
    check_file_further(working.who, dossier)
    errors: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST" and not is_switch(request):
        try:
            _supply(request, working, dossier)
        except Refusal as refused:
            errors, status = [("giay-to", refused.text(spoken()))], refused.status
        else:
            return see_other(f"{FILED}/{code}")
    components = [
        {"value": one.code, "words": in_words((one.title_vi, one.title_en)), "is_chosen": request.POST.get("cho") == one.code}
        for one in catalogue.get(dossier.procedure_slug).components
    ]
    context = {
        "filing": filed(dossier),
        "asked": [in_words(one.words) for one in shortcomings_of(dossier)],
        "components": components,
        "errors": errors,
        "row_version": dossier.row_version,
        "limit_mib": partners().maximum_upload_bytes // 1024 // 1024,
    }
    title = ("Bổ sung giấy tờ", "Send what was asked for")
    return _act(request, signed_in, working, code, "employer/supplement.html", context, title, status=status)


def _supply(request: HttpRequest, working: Working, dossier: DossierView) -> None:
    documents = request.FILES.getlist("giay-to")
    if not documents:
        raise Invalid(EMP_NO_FILE)
    at = now()
    flows.answer_supplement(
        actor=working.actor,
        at=at,
        dossier_id=dossier.dossier_id,
        attachments=read_attachments(documents, [request.POST.get("cho", "")] * len(documents)),
        deps=partners().receiving(at),
        row_version=_version(request),
    )


def _act(
    request: HttpRequest,
    signed_in: SignedIn,
    working: Working,
    code: str,
    template: str,
    context: dict[str, object],
    title: tuple[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    frame = frame_of_unit(request, signed_in, working, FILED, back=(f"{FILED}/{code}", ("Về hồ sơ", "Back to the dossier")))
    has_errors = status >= 400  # a refusal
    return page(request, template, context, title=in_words(title), frame=frame, status=status, has_errors=has_errors, has_form=True)


def _picks(dossier: DossierView, here: str) -> list[tuple[str, str, int, bool]]:
    counted = {
        "tat-ca": sum(dossier.lines.values()),
        **{word: dossier.lines.get(state, 0) for word, state in _LINE_STATES.items() if state},
    }
    words = {
        "tat-ca": ("Tất cả", "All"),
        "khong-giai-quyet": ("Không giải quyết", "Refused"),
        "can-bo": ("Cán bộ đang xem", "With an officer"),
        "da-giai-quyet": ("Đã giải quyết", "Granted"),
        "dang-kiem-tra": ("Đang kiểm tra", "Being checked"),
    }
    return [(word, in_words(words[word]), count, word == here) for word, count in counted.items() if count or word == here]


def _is_open(dossier: DossierView) -> bool:
    return dossier.state not in TERMINAL and not dossier.decision_count


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("phien-ban", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # as an integer column holds
