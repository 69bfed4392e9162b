"""Declaring workers from a spreadsheet: the template, the upload, how far the check has come, what it found, the marked file back."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_file
from bhxh.audit.commands import record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.list_filing import SLUG
from bhxh.doors.partners import partners
from bhxh.doors.portal.employer.check_view import PAGE, money_of, progress_said, steps_of, tiles_of, uploaded, verdicts_of
from bhxh.doors.portal.employer.errors import EMP_NO_FILE, EMP_NO_PERIOD, EMP_NO_REPAIR
from bhxh.doors.portal.employer.working import DECLARE, XLSX, Working, frame_of_unit, working_for
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import once_of, see_other, signed_in_page
from bhxh.doors.uploads import read_upload
from bhxh.dossiers import flows
from bhxh.dossiers.drafts import filer_of
from bhxh.dossiers.facts import SourceDocument
from bhxh.dossiers.list_checks import CheckState, CheckView, begin_check, get_check, list_checks, read_found_lines, read_marked, read_source
from bhxh.dossiers.queries import list_codes_filed_under
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid, Refusal
from bhxh.kernel.months import Month
from bhxh.kernel.who import EMPLOYER
from bhxh.procedures.register_employees.workbook_door import is_long, open_package
from bhxh.web.amounts import grouped
from bhxh.web.languages import in_words, is_switch, spoken
from bhxh.web.pages import page

BACK: Final = (DECLARE, ("Khai báo lao động", "Declare workers"))
REPAIRS: Final = "sua"
"""Where what the file may mean is confirmed."""
_HIGHEST_BATCH: Final = "999"
_LONGEST_NAME: Final = 200
_MANY: Final = 5_000
"""Lines of a long file, as good as a guess before it is read: it waits where long lists do."""


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def declare(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """What was uploaded this week, and the form for the next file. The same file sent twice by one form is taken once."""
    working = filing_for(signed_in)
    errors: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST" and not is_switch(request):
        try:
            return see_other(f"{DECLARE}/{_take(request, working)}")
        except Refusal as refused:
            errors, status = [(refused.where or "tep", refused.text(spoken()))], refused.status
    at = now()
    month = Month.of(day_in_vietnam(at))
    uploads = list_checks(actor=working.actor, at=at)
    filed = filed_of(working, uploads)
    context = {
        "errors": errors,
        "wrong": dict(errors),
        "period": request.POST.get("ky", month.shown),
        "batch": request.POST.get("dot", "1"),
        "most_bytes": partners().maximum_upload_bytes,
        "limit_mib": partners().maximum_upload_bytes // 1024 // 1024,
        "uploads": [uploaded(one, is_filed=any(draft["draft"] in filed for draft in one.prepared)) for one in uploads],
    }
    title = in_words(("Khai báo lao động", "Declare workers"))
    frame = frame_of_unit(request, signed_in, working, DECLARE)
    return page(request, "employer/declare.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=True)


@signed_in_page("GET")
@lets_in(EMPLOYER)
def template(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """The empty workbook, with its drop-downs and its columns of text."""
    working_for(signed_in, SLUG)
    content = files("bhxh.procedures.register_employees").joinpath("template.xlsx").read_bytes()
    return attached(content, "mau-d02.xlsx", XLSX)


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def check(request: HttpRequest, signed_in: SignedIn, check_id: UUID) -> HttpResponse:
    """How far the check has come; once it is done, what was found. Whoever the shown lines speak of is told of the look.

    Posted to it only changes the language, with what was ticked.
    """
    working = filing_for(signed_in)
    return _show_check(request, signed_in, working, get_check(check_id, actor=working.actor, at=now()))


@signed_in_page("POST")
@lets_in(EMPLOYER)
def confirm_repairs(request: HttpRequest, signed_in: SignedIn, check_id: UUID) -> HttpResponse:
    """The clerk says that lost zeros and old texts mean what was proposed: the same file is judged again with that."""
    working = filing_for(signed_in)
    at = now()
    found = get_check(check_id, actor=working.actor, at=at)
    if is_switch(request):  # of the page that says that nothing was ticked
        return _show_check(request, signed_in, working, found)
    numbers = _ticked(request)
    if "tat-ca" in request.POST:
        numbers = frozenset(int(line["number"]) for line in read_found_lines(check_id, actor=working.actor, at=at) if line["repairs"])
    if not numbers:
        return _show_check(request, signed_in, working, found, error=Invalid(EMP_NO_REPAIR).text(spoken()))
    source = read_source(check_id, actor=working.actor, at=at)
    made = begin_check(
        actor=working.actor,
        at=at,
        procedure_slug=SLUG,
        once=f"repairs:{check_id}:{sha256_hex(repr(sorted(numbers | found.confirmed_repairs)).encode())}",
        source=source,
        period=found.period,
        batch=found.batch,
        confirmed_repairs=numbers | found.confirmed_repairs,
        lines_about=_lines_about(source.content),
    )
    return see_other(f"{DECLARE}/{made}")


@signed_in_page("GET")
@lets_in(EMPLOYER)
def marked(request: HttpRequest, signed_in: SignedIn, check_id: UUID) -> HttpResponse:
    """The very file that was uploaded, with a result column behind all others."""
    working = filing_for(signed_in)
    at = now()
    found = get_check(check_id, actor=working.actor, at=at)
    content, person_ids = read_marked(check_id, actor=working.actor, at=at)
    record_looks(actor=working.actor, at=at, person_ids=person_ids, what="identity_check")
    return attached(content, f"ket-qua-{found.source_name}", XLSX)


def filing_for(signed_in: SignedIn) -> Working:
    """Whoever may check and file lists of workers. Raises NotAllowed ACC-020."""
    working = working_for(signed_in, SLUG)
    check_file(working.actor, filer="employer", employer_id=working.employer_id, procedure=SLUG, authority=working.who.authority)
    return working


def filed_of(working: Working, checks: Sequence[CheckView]) -> dict[str, str]:
    """Of the documents made of these lists, those that were filed: draft to the dossier's code. One query for all."""
    keys = {flows.key_of(UUID(one["draft"])): str(one["draft"]) for check in checks for one in check.prepared}
    if not keys:
        return {}
    codes = list_codes_filed_under(filer=filer_of(working.actor), idempotency_keys=keys)
    return {keys[key]: code for key, code in codes.items()}


def attached(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to be saved. A name that came with an upload is told as plain letters."""
    response = HttpResponse(content, content_type=media_type)
    plain = "".join(one for one in name if one.isascii() and (one.isalnum() or one in "-_.")) or "tep"
    response["Content-Disposition"] = f'attachment; filename="{plain}"'
    return response


def _show_check(request: HttpRequest, signed_in: SignedIn, working: Working, found: CheckView, *, error: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "errors": [(REPAIRS, error)] if error else [],
        "upload": uploaded(found),
        "steps": steps_of(found),
        "said": progress_said(found),
        "done": found.done,
        "total": found.total,
        "state": found.state.value,
        "refusal": _refusal(found),
    }
    if found.state is CheckState.DONE:
        context |= _verdicts(request, working, found)
    title = in_words(_title_of(found))
    frame = frame_of_unit(request, signed_in, working, DECLARE, back=BACK)
    return page(
        request,
        "employer/check.html",
        context,
        title=title,
        frame=frame,
        status=422 if error else 200,
        has_errors=bool(error),
        has_form=bool(context.get("repairs")),
    )


def _take(request: HttpRequest, working: Working) -> UUID:
    upload = request.FILES.get("tep")
    if upload is None:
        raise Invalid(EMP_NO_FILE, where="tep")
    try:
        period = Month.parse(request.POST.get("ky", "").strip())
    except Refusal:
        raise Invalid(EMP_NO_PERIOD, where="ky") from None
    batch = request.POST.get("dot", "1").strip().lstrip("0")
    if not (batch.isascii() and batch.isdigit() and len(batch) <= len(_HIGHEST_BATCH)):
        raise Invalid(EMP_NO_PERIOD, where="dot")
    content = read_upload(upload)
    lines_about = _lines_about(content)
    if not lines_about:
        open_package(content)  # what is no workbook at all is said at once, at the field
    return begin_check(
        actor=working.actor,
        at=now(),
        procedure_slug=SLUG,
        # WHY with the content: whoever goes back and sends another file by the same form means that other file.
        once=f"{once_of(request)}:{sha256_hex(content)}:{period}:{batch}",
        source=SourceDocument(content=content, name=(upload.name or "danh-sach.xlsx")[:_LONGEST_NAME], media_type=XLSX),
        period=str(period),
        batch=int(batch),
        lines_about=lines_about,
    )


def _lines_about(content: bytes) -> int:
    return _MANY if is_long(content) else 0


def _refusal(found: CheckView) -> Mapping[str, str]:
    if not found.refusal:
        return {}
    return {"code": found.refusal["code"], "words": in_words((found.refusal["vi"], found.refusal["en"]))}


def _verdicts(request: HttpRequest, working: Working, found: CheckView) -> dict[str, Any]:
    at = now()
    after = request.GET.get("sau", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0  # fewer than 100,000
    is_all = request.GET.get("xem") == "tat-ca"
    every = [
        line
        for line in read_found_lines(found.check_id, actor=working.actor, at=at)
        if is_all or line["number"] in found.wrong_lines or not found.wrong_lines
    ]
    lines = [line for line in every if line["number"] > start]
    shown = lines[:PAGE]
    record_looks(
        actor=working.actor, at=at, person_ids=sorted({one["person_id"] for one in shown if one["person_id"]}), what="identity_check"
    )
    wrong = len(found.wrong_lines)
    right = found.total - wrong
    return {
        "tiles": tiles_of(found),
        "lines": verdicts_of(shown),
        "is_all": is_all,
        "later": f"?sau={shown[-1]['number']}{'&xem=tat-ca' if is_all else ''}#loi" if len(lines) > PAGE else "",
        "is_cut": len(every) < wrong,
        "wrong": grouped(wrong) if wrong else "",
        "right": grouped(right) if right else "",
        "total_shown": grouped(found.total),
        "repairs": sum(1 for line in every if line["repairs"]),
        "ticked": _ticked(request),
        "money": money_of(found),
        "filed": sorted(filed_of(working, [found]).values()),
    }


def _ticked(request: HttpRequest) -> frozenset[int]:
    """Lines whose repair the clerk says is what the file means."""
    return frozenset(int(one) for one in request.POST.getlist("dong") if one.isascii() and one.isdigit() and len(one) < 6)


def _title_of(found: CheckView) -> tuple[str, str]:
    if found.state is CheckState.DONE:
        return ("Kết quả kiểm tra tệp", "What the check found")
    if found.state in {CheckState.REFUSED, CheckState.FAILED}:
        return ("Chưa kiểm tra được tệp", "The file could not be checked")
    return ("Đang kiểm tra tệp", "The file is being checked")
