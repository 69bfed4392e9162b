"""The desk for paper: a paper comes, is scanned, compared and certified; an electronic original, or a person's book, is set for the printer."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase

from bhxh.access.roles import OfficerFacts
from bhxh.conversion.errors import CNV_NO_CASE
from bhxh.conversion.facts import CaseView
from bhxh.conversion.originals import ORIGINALS, Original, Paper
from bhxh.conversion.states import NAMES, ConversionState
from bhxh.doors import conversion_desk as desk
from bhxh.doors.admission import lets_in
from bhxh.doors.conversion_desk import CONVERTERS, OpenedFile
from bhxh.doors.office.field_words import officer_named
from bhxh.doors.office.officer_page import DESK, officers_frame, officers_page, said
from bhxh.doors.office.viewing import SheetShown, as_it_came, harmless, sheets_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.text import tidy
from bhxh.warehouse.errors import WAR_NO_ITEM
from bhxh.warehouse.uploads import UploadState, UploadView
from bhxh.web.languages import in_words, is_switch
from bhxh.web.moments import told
from bhxh.web.pages import page

_MOST_FILES: Final = 20  # LIMIT: files of one paper that a page's address carries
_MOST_PAGES = 3
"""Digits."""
_PAPERS: Final = {Paper.A4: ("Khổ A4", "A4"), Paper.A3: ("Khổ A3", "A3"), Paper.A5: ("Khổ A5", "A5"), Paper.CARD: ("Thẻ", "Card")}
_KINDS: Final = {
    ConversionState.OPEN: "info",
    ConversionState.PROPOSED: "wait",
    ConversionState.CERTIFIED: "ok",
    ConversionState.DECLINED: "late",
    ConversionState.WITHDRAWN: "late",
}
_SENT_IN = ("chưa chứng nhận", "not certified yet")
_UPLOADS: Final = {
    UploadState.RECEIVED: ("wait", ("Đang kiểm tra vi-rút và định dạng", "Being examined")),
    UploadState.USABLE: ("ok", ("Dùng được", "Usable")),
    UploadState.REFUSED: ("late", ("Bị từ chối", "Refused")),
}
Error = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanShown:
    """One file that was sent in for a paper."""

    upload_id: str
    kind: str
    words: str
    is_usable: bool


@officers_page("GET", "POST")
@lets_in(CONVERTERS)
def counter(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """What waits for a second person; a paper that comes; a print on request. Whose they are is posted; no address holds it."""
    _, officer = signed_in.officer("conversion")
    if request.method != "POST" or is_switch(request):
        return _counter(request, signed_in, officer)
    posted = request.POST
    act, errors = posted.get("viec", ""), _missing(posted)
    if errors:
        return _counter(request, signed_in, officer, errors=errors, status=422)
    whose = {"pin": tidy(posted.get("so", "")[:40]), "employer": tidy(posted.get("don-vi", "")[:40])}
    try:
        if act == "in":
            given = posted.get("giay-to", "").strip()
            made = desk.make_print(signed_in, **whose, item_id=UUID(given) if given else None)
            return see_other(f"{DESK}/ban-in/{made.print_id}")
        case = desk.open_case(
            signed_in, **whose, original=Original(posted["loai"]), paper=Paper(posted["kho"]), pages=int(posted["so-trang"])
        )
    except (Invalid, NotFound, Conflict) as refused:
        field = "so-trang" if refused.where == "pages" else "giay-to" if refused.sentence is WAR_NO_ITEM else "so"
        return _counter(request, signed_in, officer, errors=[(field, said(refused))], status=refused.status)
    return see_other(f"{DESK}/{case.case_id}")


@officers_page("GET", "POST")
@lets_in(CONVERTERS)
def case(request: HttpRequest, signed_in: SignedIn, case_id: UUID) -> HttpResponse:
    """One paper: its scans are sent in, measured, compared, certified; or compared once more by a second person."""
    _, officer = signed_in.officer("conversion")
    if request.method != "POST" or is_switch(request):
        return _case(request, signed_in, officer, case_id)
    acts: dict[str, Callable[[], HttpResponse]] = {
        "gui": lambda: _send_in(request, signed_in, officer, case_id),
        "kiem-tra": lambda: _check(request, signed_in, officer, case_id),
        "chung-nhan": lambda: _certify(request, signed_in, officer, case_id),
        "xac-nhan": lambda: _confirm(request, signed_in, officer, case_id),
        "tu-choi": lambda: _end(request, signed_in, officer, case_id, desk.decline),
        "thu-hoi": lambda: _end(request, signed_in, officer, case_id, desk.withdraw),
    }
    act = acts.get(request.POST.get("viec", ""))
    if act is None:
        return _case(request, signed_in, officer, case_id)
    try:
        return act()
    except (Invalid, Conflict) as refused:
        field = {"gui": "tep", "tu-choi": "loi", "thu-hoi": "loi"}.get(request.POST.get("viec", ""), "da-so")
        return _case(request, signed_in, officer, case_id, errors=[(field, said(refused))], status=refused.status)


@officers_page("GET")
@lets_in(CONVERTERS)
def scan(request: HttpRequest, signed_in: SignedIn, case_id: UUID, item_id: UUID) -> HttpResponseBase:
    """A scan, or the converted file."""
    return _file(desk.open_file(signed_in, case_id, item_id))


@officers_page("GET")
@lets_in(CONVERTERS)
def sheet(request: HttpRequest, signed_in: SignedIn, case_id: UUID, item_id: UUID, number: int) -> HttpResponse:
    """One sheet of a scan of this paper, or of a file that was just sent in for it (`item_id`: its upload)."""
    found = desk.open_sheet(signed_in, case_id, item_id, number)
    return as_it_came(found.content, found.media_type)


@officers_page("GET")
@lets_in(CONVERTERS)
def printed(request: HttpRequest, signed_in: SignedIn, print_id: UUID) -> HttpResponseBase:
    """`tep=1`: the file to be printed, signed and sealed; else the page that says so, with the code by which the paper is verified."""
    if request.GET.get("tep") == "1":
        return _file(desk.open_print(signed_in, print_id))
    _, officer = signed_in.officer("conversion")
    made = desk.show_print(signed_in, print_id)
    context = {"address": f"{DESK}/ban-in/{print_id}?tep=1", "pages": made.pages, "code": made.code, "at": told(made.at)}
    title = in_words(("Bản in đã sẵn sàng", "The print is ready"))
    frame = officers_frame(request, signed_in, DESK, officer, back=(DESK, in_words(("Số hóa", "Paper desk"))))
    return page(request, "office/printed.html", context, title=title, frame=frame)


def _counter(
    request: HttpRequest, signed_in: SignedIn, officer: OfficerFacts, *, errors: list[Error] | None = None, status: int = 200
) -> HttpResponse:
    posted = request.POST
    context = {
        "waiting": [(f"{DESK}/{one.case_id}", _title(one), told(one.at), officer_named(one.opened_by)) for one in desk.waiting(signed_in)],
        "originals": [(one.value, in_words((facts.vi, facts.en)), posted.get("loai") == one.value) for one, facts in ORIGINALS.items()],
        "papers": [(one.value, in_words(words), posted.get("kho") == one.value) for one, words in _PAPERS.items()],
        "typed": {name.replace("-", "_"): posted.get(name, "")[:60] for name in ("so", "don-vi", "so-trang", "giay-to")},
        "is_print": posted.get("viec") == "in",
        "errors": errors or [],
        "error": dict(errors or []),
        "here": DESK,
    }
    title = in_words(("Số hóa giấy tờ và in bản giấy", "Paper to electronic, and prints"))
    frame = officers_frame(request, signed_in, DESK, officer)
    return page(request, "office/desk.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=True)


def _missing(posted: QueryDict) -> list[Error]:
    errors = []
    if bool(posted.get("so", "").strip()) is bool(posted.get("don-vi", "").strip()):
        sentence = (
            "Ghi số định danh của người, hoặc mã của đơn vị; chỉ một trong hai",
            "Give the person's number or the employer's code; one of the two",
        )
        errors.append(("so", in_words(sentence)))
    if posted.get("viec") == "in":
        return [*errors, *_bad_paper(posted.get("giay-to", "").strip())]
    if posted.get("loai") not in set(Original):
        errors.append(("loai", in_words(("Chọn loại giấy tờ", "Choose what the paper is"))))
    if posted.get("kho") not in set(Paper):
        errors.append(("kho", in_words(("Chọn khổ giấy", "Choose the size of the sheet"))))
    if not (posted.get("so-trang", "").isdecimal() and len(posted["so-trang"]) <= _MOST_PAGES):
        errors.append(
            ("so-trang", in_words(("Đếm số mặt có nội dung và ghi vào đây", "Count the sides with something on them and write it here")))
        )
    return errors


def _bad_paper(given: str) -> list[Error]:
    with suppress(ValueError):
        UUID(given or "0" * 32)
        return []
    return [("giay-to", in_words(("Mã giấy tờ không đúng dạng; để trống để in sổ", "Not a paper's id; leave it empty for the book")))]


def _send_in(request: HttpRequest, signed_in: SignedIn, officer: OfficerFacts, case_id: UUID) -> HttpResponse:
    given = request.FILES.get("tep")
    if given is None:
        words = in_words(("Chọn tệp quét: PDF, JPEG hoặc PNG", "Choose the scan: PDF, JPEG or PNG"))
        return _case(request, signed_in, officer, case_id, errors=[("tep", words)], status=422)
    upload = desk.keep_scan(signed_in, case_id, kind="other", content=given.chunks(), expected_bytes=given.size or 0)
    return see_other(_address(case_id, [*_upload_ids(request), upload.upload_id]))


def _check(request: HttpRequest, signed_in: SignedIn, officer: OfficerFacts, case_id: UUID) -> HttpResponse:
    scanned, shortcomings = desk.check(signed_in, case_id, _items(request, signed_in, case_id))
    pages = [(one.reading.number, one.reading.dots_per_inch, one.reading.sharpness, one.reading.contrast) for one in scanned.pages]
    return _case(request, signed_in, officer, case_id, pages=pages, shortcomings=[said(one) for one in shortcomings])


def _certify(request: HttpRequest, signed_in: SignedIn, officer: OfficerFacts, case_id: UUID) -> HttpResponse:
    if request.POST.get("da-so") != "1":
        return _case(request, signed_in, officer, case_id, errors=[_not_compared()], status=422)
    items = _items(request, signed_in, case_id)
    desk.convert(signed_in, case_id, items, has_compared=True, remarks=tidy(request.POST.get("ghi-chu", "")[:1000]))
    return see_other(_address(case_id))


def _confirm(request: HttpRequest, signed_in: SignedIn, officer: OfficerFacts, case_id: UUID) -> HttpResponse:
    if request.POST.get("da-so") != "1":
        return _case(request, signed_in, officer, case_id, errors=[_not_compared()], status=422)
    desk.confirm(signed_in, case_id, has_compared=True)
    return see_other(_address(case_id))


def _end(request: HttpRequest, signed_in: SignedIn, officer: OfficerFacts, case_id: UUID, end: Callable[..., CaseView]) -> HttpResponse:
    end(signed_in, case_id, words=tidy(request.POST.get("loi", "")[:1000]))
    return see_other(_address(case_id))


def _not_compared() -> Error:
    return "da-so", in_words(("So từng trang với bản giấy, rồi đánh dấu vào ô này", "Compare each page with the paper, then tick this box"))


def _case(
    request: HttpRequest,
    signed_in: SignedIn,
    officer: OfficerFacts,
    case_id: UUID,
    *,
    pages: list[tuple[int, int, int, int]] | None = None,
    shortcomings: list[str] | None = None,
    errors: list[Error] | None = None,
    status: int = 200,
) -> HttpResponse:
    found, uploads = desk.show_case(signed_in, case_id), desk.show_scans(signed_in, case_id, _upload_ids(request))
    facts = ORIGINALS[found.original]
    proposed = found.proposed
    is_own = proposed is not None and officer_named(proposed.by) == officer.login
    open_states = (ConversionState.OPEN, ConversionState.DECLINED)
    context = {
        "case": found,
        "name": in_words((facts.vi, facts.en)),
        "kind": _KINDS[found.state],
        "state": in_words(_SENT_IN if uploads and found.state is ConversionState.OPEN else NAMES[found.state]),
        "paper": in_words(_PAPERS[found.paper]),
        "needs_second": facts.needs_second,
        "is_open": found.state in open_states,
        "may_confirm": found.state is ConversionState.PROPOSED and not is_own,
        "is_waiting_own": found.state is ConversionState.PROPOSED and is_own,
        "is_certified": found.state is ConversionState.CERTIFIED,
        "steps": [
            (told(one.at), in_words(NAMES[ConversionState(one.step.value)]), officer_named(one.by), one.words) for one in found.steps
        ],
        "scans": [_scan(one) for one in uploads],
        "are_usable": bool(uploads) and all(one.item_id is not None for one in uploads),
        "sheets": _sheets_sent_in(found, uploads) if uploads else _sheets_put_forward(found),
        "kept": [(number, f"{DESK}/{case_id}/tep/{one.item_id}") for number, one in enumerate(found.scanned.scans, start=1)],
        "converted": f"{DESK}/{case_id}/tep/{found.item_id}" if found.item_id else "",
        "pages": pages or [],
        "has_checked": pages is not None,
        "shortcomings": shortcomings or [],
        "here": _address(case_id, _upload_ids(request)),
        "errors": errors or [],
        "error": dict(errors or []),
        "remarks": request.POST.get("ghi-chu", "")[:1000],
        "words": request.POST.get("loi", "")[:1000],
        "is_ticked": request.POST.get("da-so") == "1",
    }
    has_form = (context["is_open"] and context["are_usable"]) or context["may_confirm"] or context["is_certified"]
    title = in_words((f"Số hóa: {facts.vi}", f"Conversion: {facts.en}"))
    frame = officers_frame(request, signed_in, DESK, officer, back=(DESK, in_words(("Số hóa", "Paper desk"))), is_wide=True)
    return page(
        request, "office/paper.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=bool(has_form)
    )


def _sheets_sent_in(case: CaseView, uploads: Sequence[UploadView]) -> list[SheetShown]:
    counts = desk.count_sheets_of(case, uploads)
    usable = [one for one in uploads if one.item_id is not None]
    files = {one.upload_id: f"{DESK}/{case.case_id}/tep/{one.upload_id}" for one in usable}
    # WHY only what can be looked at: what is no scan is refused when it is measured, and nobody needs to save it.
    return [found for one in usable if counts[one.upload_id] for found in sheets_of(files[one.upload_id], "", counts[one.upload_id])]


def _sheets_put_forward(case: CaseView) -> list[SheetShown]:
    """As they were measured: no file is opened to count them."""
    counts = Counter(page.scan for page in case.scanned.pages)
    return [
        found
        for number, scan in enumerate(case.scanned.scans)
        for found in sheets_of(f"{DESK}/{case.case_id}/tep/{scan.item_id}", "", counts[number])
    ]


def _scan(upload: UploadView) -> ScanShown:
    kind, words = _UPLOADS[upload.state]
    return ScanShown(upload_id=str(upload.upload_id), kind=kind, words=in_words(words), is_usable=upload.item_id is not None)


def _items(request: HttpRequest, signed_in: SignedIn, case_id: UUID) -> list[UUID]:
    """The papers of the scans that the address names, in their order. Raises NotFound CNV-012 where one of them is none yet."""
    items = [one.item_id for one in desk.show_scans(signed_in, case_id, _upload_ids(request))]
    if not items or None in items:
        raise NotFound(CNV_NO_CASE)
    return [one for one in items if one is not None]


def _upload_ids(request: HttpRequest) -> list[UUID]:
    found = []
    for given in request.GET.getlist("tep")[:_MOST_FILES]:
        with suppress(ValueError):
            found.append(UUID(given))
    return found


def _address(case_id: UUID, uploads: list[UUID] | None = None) -> str:
    query = "&".join(f"tep={one}" for one in uploads or [])
    return f"{DESK}/{case_id}{'?' if query else ''}{query}"


def _title(one: CaseView) -> str:
    facts = ORIGINALS[one.original]
    return in_words((f"{facts.vi}, {one.declared_pages} trang", f"{facts.en}, {one.declared_pages} pages"))


def _file(opened: OpenedFile) -> StreamingHttpResponse:
    response = harmless(StreamingHttpResponse(opened.pieces, content_type=opened.item.media_type))
    response["Content-Disposition"] = "attachment"
    response["Content-Length"] = str(opened.item.size_bytes)
    return response
