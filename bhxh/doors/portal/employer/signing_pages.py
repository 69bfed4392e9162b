"""Signing and filing a list: what is signed, by which key, the question on the holder's device, the receipt with its clock time.

Whatever goes wrong on the way, the prepared document is still there: nothing has to be uploaded again.
"""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.doors import list_filing
from bhxh.doors.admission import lets_in
from bhxh.doors.list_filing import SLUG, ToFile
from bhxh.doors.own_dossiers import find_own
from bhxh.doors.partners import partners
from bhxh.doors.portal.employer.check_view import money_of, uploaded
from bhxh.doors.portal.employer.declaring_pages import BACK, attached, filed_of, filing_for
from bhxh.doors.portal.employer.errors import EMP_NO_CERTIFICATE, EMP_NO_FILE, EMP_NO_WAY, EMP_NOT_CHECKED
from bhxh.doors.portal.employer.filing_view import day
from bhxh.doors.portal.employer.working import DECLARE, FILED, Working, frame_of_unit, show_to_unit, working_for
from bhxh.doors.signatory import signatory_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import once_of, see_other, signed_in_page
from bhxh.doors.uploads import read_certificate, read_upload
from bhxh.dossiers import flows, remote_signing
from bhxh.dossiers.confirming import confirm
from bhxh.dossiers.drafts import DraftView, filer_of, find_to_sign, size_of_draft
from bhxh.dossiers.errors import DOS_NO_DOSSIER
from bhxh.dossiers.facts import Channel, ReceiptView
from bhxh.dossiers.list_checks import CheckState, CheckView, find_check_of_draft, get_check, keep_prepared, read_source
from bhxh.dossiers.queries import find_filed_under, get_receipt
from bhxh.dossiers.receipts import RECEIPT_LIMIT
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import BhxhError, Conflict, Invalid, Refusal, Trouble
from bhxh.kernel.months import Month
from bhxh.kernel.who import EMPLOYER
from bhxh.procedures.register_employees import PROCEDURE
from bhxh.procedures.register_employees.workbook_door import is_long
from bhxh.web.amounts import grouped
from bhxh.web.languages import in_words, is_switch, spoken
from bhxh.web.moments import instant
from bhxh.web.pages import page

SIGN: Final = "/don-vi/ky"
_TOKEN, _SERVICE, _EID = "token", "dich-vu", "dinh-danh"
_BY_ITSELF = "tu-hoi"
_LONGEST_SIGNATURE: Final = 16_000
_MOST_PREPARED: Final = 40  # LIMIT: documents of one list that are still told; older ones can be signed as long as they are kept


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def choose_key(request: HttpRequest, signed_in: SignedIn, check_id: UUID) -> HttpResponse:
    """Which lines are filed, and by which key: then the documents are prepared, each to be signed on a page of its own."""
    working = filing_for(signed_in)
    at = now()
    found = get_check(check_id, actor=working.actor, at=at)
    error: BhxhError | None = None
    if request.method == "POST" and not is_switch(request):
        try:
            drafts = _prepare(request, working, found)
            return see_other(f"{SIGN}/{drafts[0]}" if len(drafts) == 1 else f"{DECLARE}/{check_id}/ky")
        except (Refusal, Trouble) as refused:
            error = refused
    right = found.total - len(found.wrong_lines)
    context = {
        "upload": uploaded(found),
        "right": grouped(right) if right else "",
        "left_out": grouped(len(found.wrong_lines)) if found.wrong_lines else "",
        "money": money_of(found),
        "prepared": _documents_of(working, found),
        "ways": _ways(request.POST.get("cach", "")),
        **_said(error, "chung-thu" if request.POST.get("cach") == _TOKEN else "cach"),
    }
    title = ("Ký và nộp", "Sign and file")
    back = (f"{DECLARE}/{check_id}", ("Kết quả kiểm tra", "What the check found"))
    return show_to_unit(request, signed_in, working, "choose_key", context, title=title, here=DECLARE, back=back, error=error)


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def sign(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """What is to be signed, by its digest and in words; sent here again after it was filed, it leads to the receipt."""
    working = filing_for(signed_in)
    code = _filed_code(working, draft_id)
    if code:
        return see_other(f"{FILED}/{code}/da-nop")
    draft, is_to_confirm = find_to_sign(draft_id, at=now(), actor=working.actor)
    error: BhxhError | None = None
    if request.method == "POST" and not is_switch(request):
        try:
            return see_other(_act(request, signed_in, working, draft, is_to_confirm=is_to_confirm))
        except (Refusal, Trouble) as refused:
            error = refused
    at = now()
    made_of = find_check_of_draft(draft_id, actor=working.actor, at=at)
    lines = next((int(one["lines"]) for one in made_of.prepared if one["draft"] == str(draft_id)), 0) if made_of else 0
    context = {
        "draft_id": str(draft_id),
        "is_to_confirm": is_to_confirm,
        "is_late": draft.expires_at <= at,
        "is_service": _has_service(made_of, draft_id),
        "is_asked": bool(draft.remote_request),
        "is_fresh": signed_in.is_fresh(),
        "again": f"/dang-nhap?moi=1&tiep={SIGN}/{draft_id}",
        "procedure": in_words((PROCEDURE.title_vi, PROCEDURE.title_en)),
        "lines": grouped(lines) if lines else "",
        "upload": uploaded(made_of) if made_of else None,
        "money": money_of(made_of) if made_of else None,
        "left_out": grouped(len(made_of.wrong_lines)) if made_of and made_of.wrong_lines else "",
        "file_name": draft.source_name,
        "file_sha256": draft.source_sha256,
        "content_sha256": sha256_hex(draft.prepared),
        "to_sign_sha256": sha256_hex(draft.to_sign) if draft.to_sign else "",
        "short": sha256_hex(draft.to_sign)[:8].upper() if draft.to_sign else "",
        "until": instant(draft.expires_at),
        **_said(error, "chu-ky"),
    }
    title = ("Ký danh sách", "Sign the list")
    back = (f"{DECLARE}/{made_of.check_id}/ky", ("Ký và nộp", "Sign and file")) if made_of else BACK
    return show_to_unit(request, signed_in, working, "sign", context, title=title, here=DECLARE, back=back, error=error)


@signed_in_page("GET")
@lets_in(EMPLOYER)
def to_sign(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """The very bytes that the key signs."""
    working = filing_for(signed_in)
    draft, _ = find_to_sign(draft_id, at=now(), actor=working.actor)
    return attached(draft.to_sign, f"can-ky-{str(draft_id)[:8]}.bin", "application/octet-stream")


@signed_in_page("GET")
@lets_in(EMPLOYER)
def document(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """The document the signature stands for: what the unit itself wrote, as it will be filed."""
    working = filing_for(signed_in)
    draft, _ = find_to_sign(draft_id, at=now(), actor=working.actor)
    return attached(draft.prepared, f"danh-sach-{str(draft_id)[:8]}.xml", "application/xml")


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def waiting(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """The holder is asked on their device: approved it is filed at once; declined or unanswered it can be asked anew."""
    working = filing_for(signed_in)
    code = _filed_code(working, draft_id)
    error: BhxhError | None = None
    draft: DraftView | None = None
    if not code:
        draft, _ = find_to_sign(draft_id, at=now(), actor=working.actor)
        if request.method == "POST" and not is_switch(request):
            try:
                is_long_one = size_of_draft(draft_id, actor=working.actor) > list_filing.LONG_DOCUMENT_BYTES
                receipt = list_filing.work_on(
                    is_long_one, list_filing.collect, actor=working.actor, draft_id=draft_id, channel=Channel.PORTAL
                )
                code = receipt.code if receipt is not None else ""
            except (Refusal, Trouble) as refused:
                error = refused
    if code:
        return _gone_to(request, f"{FILED}/{code}/da-nop")
    assert draft is not None, "what is not filed is a draft"
    is_asked = bool(draft.remote_request) and not isinstance(error, Refusal)
    by_script = bool(request.headers.get("HX-Request"))
    if is_asked and error is None and by_script and _BY_ITSELF in request.POST:
        return HttpResponse(status=204)  # the page asked by itself: nothing moves, and nothing is read out again
    asked_at = draft.remote_asked_at
    context = {
        "draft_id": str(draft_id),
        "is_asked": is_asked,
        "short": sha256_hex(draft.to_sign)[:8].upper(),
        "asked_at": instant(asked_at) if asked_at else "",
        "refused": error.text(spoken()) if error else "",
        "code": error.code if error else "",
    }
    title = in_words(("Chờ duyệt ký trên thiết bị", "Waiting for the signature on the device"))
    frame = frame_of_unit(request, signed_in, working, DECLARE, back=(f"{SIGN}/{draft_id}", ("Ký danh sách", "Sign the list")))
    # WHY 200 for a script: what it is answered with an error it does not show, and the person would wait for ever.
    status = error.status if error and not by_script else 200
    return page(request, "employer/waiting.html", context, title=title, frame=frame, status=status)


@signed_in_page("GET")
@lets_in(EMPLOYER)
def filed(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """That it was filed: the code, the time on the clock, what happens next."""
    working = working_for(signed_in, SLUG)
    dossier = find_own(working.who, code, absent=DOS_NO_DOSSIER)
    receipt = get_receipt(code)
    context = {
        "code": dossier.code,
        "at": instant(receipt.received_at),
        "by": day(receipt.due_on),
        "lines": grouped(receipt.lines_total),
        "is_pending": receipt.signature_pending,
        "today": day(day_in_vietnam(receipt.received_at)),
        "email": working.employer.email,
        "sent_at": instant(dossier.receipt_sent_at) if dossier.receipt_sent_at else "",
        "receipt_by": instant(dossier.submitted_at + RECEIPT_LIMIT),
    }
    title = in_words(("Đã nộp", "Filed"))
    return page(request, "employer/filed.html", context, title=title, frame=frame_of_unit(request, signed_in, working, FILED))


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def signed_elsewhere(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """A document that other software made and signed, also one that several signed. Sent twice it is filed once."""
    working = filing_for(signed_in)
    error: BhxhError | None = None
    if request.method == "POST" and not is_switch(request):
        try:
            upload = request.FILES.get("tep")
            if upload is None:
                raise Invalid(EMP_NO_FILE)
            content = read_upload(upload)
            receipt = list_filing.work_on(
                len(content) > list_filing.LONG_DOCUMENT_BYTES,
                list_filing.receive,
                actor=working.actor,
                document=content,
                channel=Channel.PORTAL,
                idempotency_key=f"page:{once_of(request)}:{sha256_hex(content)}",
            )
            return see_other(f"{FILED}/{receipt.code}/da-nop")
        except (Refusal, Trouble) as refused:
            error = refused
    title, context = ("Nộp tệp XML đã ký", "File a signed XML document"), _said(error, "tep")
    return show_to_unit(request, signed_in, working, "signed_elsewhere", context, title=title, here=DECLARE, back=BACK, error=error)


def _prepare(request: HttpRequest, working: Working, found: CheckView) -> list[str]:
    """The drafts of the lines that comply; prepared a second time for the same way they are the same ones."""
    if found.state is not CheckState.DONE or found.total == len(found.wrong_lines):
        raise Conflict(EMP_NOT_CHECKED)
    way, at = request.POST.get("cach", ""), now()
    once = f"{way}:{once_of(request)}"
    made = [str(one["draft"]) for one in found.prepared if one["once"] == once]
    if made:
        return made
    source = read_source(found.check_id, actor=working.actor, at=at)
    list_ = ToFile(
        employer_id=working.employer_id,
        source=source,
        period=Month.parse(found.period),
        batch=found.batch,
        confirmed_repairs=found.confirmed_repairs,
        left_out=found.wrong_lines,
    )
    is_long_one = is_long(source.content)
    if way == _EID:
        shown = list_filing.work_on(is_long_one, list_filing.prepare_to_confirm, actor=working.actor, list_=list_)
        drafts = [(str(one.draft_id), lines) for one, lines in shown]
    elif way in {_TOKEN, _SERVICE}:
        certificate = _certificate(request, working, way)
        parts = list_filing.work_on(is_long_one, list_filing.prepare, actor=working.actor, list_=list_, certificate=certificate)
        drafts = [(str(part.draft.draft_id), part.lines) for part in parts]
    else:
        raise Invalid(EMP_NO_WAY)
    kept: list[dict[str, Any]] = [{"draft": draft, "lines": lines, "way": way, "once": once} for draft, lines in drafts]
    keep_prepared(actor=working.actor, at=at, check_id=found.check_id, prepared=[*found.prepared, *kept][-_MOST_PREPARED:])
    return [draft for draft, _ in drafts]


def _certificate(request: HttpRequest, working: Working, way: str) -> bytes:
    if way == _SERVICE:
        return remote_signing.find_certificate(actor=working.actor, signer=partners().remote_signer)
    upload = request.FILES.get("chung-thu")
    if upload is None:
        raise Invalid(EMP_NO_CERTIFICATE)
    return read_certificate(read_upload(upload))


def _act(request: HttpRequest, signed_in: SignedIn, working: Working, draft: DraftView, *, is_to_confirm: bool) -> str:
    """Where to go after the act that the form asks for."""
    actor, at = working.actor, now()
    match request.POST.get("viec", ""):
        case "hoi":
            remote_signing.ask_holder(actor=actor, at=at, draft_id=draft.draft_id, signer=partners().remote_signer)
            return f"{SIGN}/{draft.draft_id}/cho"
        case "lam-lai":
            made = flows.prepare_anew(actor=actor, at=at, draft_id=draft.draft_id)
            return f"{SIGN}/{made.draft_id}"
        case "xac-nhan" if is_to_confirm:
            receipt = confirm(
                actor=actor,
                at=at,
                draft_id=draft.draft_id,
                content_sha256=request.POST.get("ma-bam", ""),
                signatory=signatory_of(request, signed_in, actor),
                channel=Channel.PORTAL,
                deps=partners().receiving(at),
            )
        case _:
            receipt = _complete(request, working, draft)
    return f"{FILED}/{receipt.code}/da-nop"


def _complete(request: HttpRequest, working: Working, draft: DraftView) -> ReceiptView:
    upload = request.FILES.get("chu-ky")
    if upload is None or not upload.size or upload.size > _LONGEST_SIGNATURE:
        raise Invalid(EMP_NO_FILE)
    return list_filing.work_on(
        len(draft.prepared) > list_filing.LONG_DOCUMENT_BYTES,
        list_filing.complete,
        actor=working.actor,
        draft_id=draft.draft_id,
        signature=upload.read(),
        channel=Channel.PORTAL,
    )


def _documents_of(working: Working, found: CheckView) -> list[dict[str, str]]:
    """Every document made of this list, and as what it was filed."""
    filed_as = filed_of(working, [found])
    return [
        {"address": f"{SIGN}/{one['draft']}", "lines": grouped(int(one["lines"])), "code": filed_as.get(str(one["draft"]), "")}
        for one in found.prepared
    ]


def _filed_code(working: Working, draft_id: UUID) -> str:
    filed_before = find_filed_under(filer=filer_of(working.actor), idempotency_key=flows.key_of(draft_id))
    return filed_before.code if filed_before is not None else ""


def _has_service(made_of: CheckView | None, draft_id: UUID) -> bool:
    if partners().remote_signer is None:
        return False
    ways = [one["way"] for one in made_of.prepared if one["draft"] == str(draft_id)] if made_of else []
    return not ways or _SERVICE in ways


def _ways(chosen: str) -> list[dict[str, Any]]:
    rule = PROCEDURE.signature_rule(day_in_vietnam(now()))
    ways = [(_TOKEN, ("USB token hoặc chứng thư ở máy của đơn vị", "A token or certificate at your own machine"))]
    if partners().remote_signer is not None:
        ways.append((_SERVICE, ("Dịch vụ ký số từ xa: duyệt trên điện thoại", "Remote signing service: approve on the phone")))
    if not rule.needs_certificate:
        ways.append((_EID, ("Xác nhận bằng tài khoản định danh, không cần chữ ký số", "Confirm by e-ID, without a digital signature")))
    return [{"value": value, "words": in_words(words), "is_chosen": value == chosen} for value, words in ways]


def _said(error: BhxhError | None, place: str) -> dict[str, Any]:
    if error is None:
        return {"errors": [], "error": "", "place": ""}
    return {"errors": [(place, error.text(spoken()))], "error": error.text(spoken()), "place": place}


def _gone_to(request: HttpRequest, address: str) -> HttpResponse:
    """A page that asks by itself is told to leave; a browser is sent."""
    if not request.headers.get("HX-Request"):
        return see_other(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
