"""The counter's last step: what was answered is read out and filed once, signed by the officer as officer; then the receipt, to be printed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse

from bhxh.access.roles import OfficerFacts
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.counter_desk import RECEPTIONISTS, at_counter, file_for
from bhxh.doors.draft_view import CHECK, cards_of
from bhxh.doors.drafts import Opened
from bhxh.doors.office.counter_person import HOME, PURPOSE, filed_address, get_draft, look_at_draft, words_for
from bhxh.doors.office.officer_page import COUNTER, officers_frame, officers_page, said
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, sign_in_again
from bhxh.dossiers.counter_queries import get_filed_by_officer, is_filed_by_officer
from bhxh.dossiers.errors import DOS_NO_COUNTER_FILING, DOS_SHOWN_DIFFERS
from bhxh.dossiers.facts import CounterAnswer, CounterFilingView, ReceiptView, WhyAtCounter
from bhxh.dossiers.queries import find_receipt
from bhxh.dossiers.rendering import payload_of, render_receipt_pdf
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotAllowed, NotFound
from bhxh.registry.queries import get_person
from bhxh.signing.errors import SIG_CONFIRMATION_STALE
from bhxh.web.languages import in_words, is_switch
from bhxh.web.moments import told
from bhxh.web.pages import page

_SEEN, _WHY, _AGAIN = "noi-dung", "vi-sao", "da-co"
WHYS: Final = {
    WhyAtCounter.NO_ACCOUNT: ("Không có tài khoản định danh điện tử", "Has no e-ID account"),
    WhyAtCounter.LEVEL_1: ("Tài khoản mới ở mức 1", "The account is at level 1 only"),
    WhyAtCounter.CANNOT_USE: ("Không tự dùng được: ốm đau, khuyết tật, không có máy", "Cannot use it: illness, disability, no device"),
    WhyAtCounter.ACCOUNT_BLOCKED: ("Tài khoản đang bị khóa", "The account is blocked"),
}
_STATEMENT: Final = (
    "Người này có mặt tại quầy, đã nghe đọc lại những điều trên và đồng ý. Tôi nộp thay và ký với tư cách cán bộ tiếp nhận.",
    "The person is at the counter, has heard the above read out, and agrees. I file for them and sign as receiving officer.",
)
_ANSWERS: Final = {
    CounterAnswer.NONE: ("Chưa xác nhận", "Not confirmed yet"),
    CounterAnswer.CONFIRMED: ("Người này đã xác nhận", "The person confirmed it"),
    CounterAnswer.REFUSED: ("Người này nói không yêu cầu nộp", "The person says they never asked for it"),
}
Error = tuple[str, str]


@officers_page("GET", "POST")
@lets_in(RECEPTIONISTS)
def check(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """All answers, why it is filed at the counter, and the button that files exactly these. Sent twice it files once."""
    actor, officer = at_counter(signed_in, PURPOSE)
    opened = get_draft(actor, officer, draft_id)  # the look: by `_show`, or with its dossier by `file_for`
    if opened.draft.filed_code:
        return see_other(filed_address(opened.draft.filed_code))
    if opened.read().problems:
        return see_other(opened.base)
    content = opened.content()
    if request.method != "POST" or is_switch(request):
        return _show(request, signed_in, officer, opened, content)
    why = next((one for one in WhyAtCounter if one.value == request.POST.get(_WHY)), None)
    if opened.unfinished():
        return _show(request, signed_in, officer, opened, content, status=422)
    if why is None:
        errors = [(_WHY, in_words(("Chọn vì sao người này không tự nộp", "Choose why the person does not file it themselves")))]
        return _show(request, signed_in, officer, opened, content, errors=errors, status=422)
    if request.POST.get(_SEEN) != sha256_hex(content):
        words = in_words((DOS_SHOWN_DIFFERS.vi, DOS_SHOWN_DIFFERS.en))
        return _show(request, signed_in, officer, opened, content, words=words, status=409)
    try:
        view = _file(request, signed_in, opened, why)
    except NotAllowed as refused:
        if refused.sentence is not SIG_CONFIRMATION_STALE:
            raise
        return _show(request, signed_in, officer, opened, content, words=said(refused), is_stale=True, status=refused.status)
    if view.is_repeat and not is_filed_by_officer(view.dossier_id, account=actor.account):
        return _show(request, signed_in, officer, opened, content, words=_filed_elsewhere(view), is_looked_at=True, status=409)
    is_again = opened.close(now(), view)
    return see_other(f"{filed_address(view.code)}{f'?{_AGAIN}=1' if is_again else ''}")


@officers_page("GET")
@lets_in(RECEPTIONISTS)
def filed(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """The receipt, to be printed and handed over, and what the person has to do: answer the letter."""
    actor, officer = at_counter(signed_in, PURPOSE)
    filing, receipt = _filed(actor, code)
    person = get_person(filing.person_id)
    is_again = request.GET.get(_AGAIN) == "1"
    context = {
        "code": filing.code,
        "whom": words_for(person),
        "rows": _rows(orjson.loads(payload_of(receipt.receipt)), receipt, filing),
        "again": told(filing.filed_at) if is_again else "",
        "has_email": bool(person.email),
        "answer": in_words(_ANSWERS[filing.answer]),
        "pdf": f"{filed_address(filing.code)}/phieu.pdf",
        "home": COUNTER,
    }
    title = in_words(("Người này đã nộp hồ sơ này", "This was filed before") if is_again else ("Đã nhận hồ sơ", "Dossier received"))
    frame = officers_frame(request, signed_in, COUNTER, officer, back=(HOME[0], in_words(HOME[1])))
    return page(request, "office/counter_filed.html", context, title=title, frame=frame)


@officers_page("GET")
@lets_in(RECEPTIONISTS)
def receipt(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """The same as a sealed letter."""
    actor, _ = at_counter(signed_in, PURPOSE)
    filing, found = _filed(actor, code)
    response = HttpResponse(render_receipt_pdf(payload_of(found.receipt), found.receipt), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="giay-tiep-nhan-{filing.code}.pdf"'
    return response


def _filed(actor: Actor, code: str) -> tuple[CounterFilingView, ReceiptView]:
    """What this officer filed, and its receipt; the look is written. Raises NotFound DOS-042, also for what another officer filed."""
    filing = get_filed_by_officer(code, account=actor.account)
    found = find_receipt(filing.code)
    if found is None:
        raise NotFound(DOS_NO_COUNTER_FILING)
    record_look(actor=actor, at=now(), person_id=filing.person_id, what="receipt", dossier_id=filing.dossier_id)
    return filing, found


def _show(
    request: HttpRequest,
    signed_in: SignedIn,
    officer: OfficerFacts,
    opened: Opened,
    content: bytes,
    *,
    errors: list[Error] | None = None,
    words: str = "",
    is_stale: bool = False,
    is_looked_at: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What is read out. `is_looked_at`: by what came before in this request."""
    if not is_looked_at:
        look_at_draft(opened)
    here, chosen = f"{opened.base}/{CHECK}", request.POST.get(_WHY, "")
    context = {
        "whom": opened.whom,
        "cards": cards_of(opened.questions, opened.read(), opened.files(), base=opened.base),
        "unfinished": opened.unfinished(),
        "slow": opened.slow(content),
        "whys": [{"value": one.value, "words": in_words(pair), "is_chosen": one.value == chosen} for one, pair in WHYS.items()],
        "statement": in_words(_STATEMENT),
        "said": words,
        "sign_in": sign_in_again(here) if is_stale else "",
        "seen": sha256_hex(content),
        "errors": errors or [],
        "error": dict(errors or []),
        "address": here,
    }
    title = in_words(("Đọc lại cho người này trước khi nộp", "Read it out before you submit"))
    back = (opened.base, in_words((opened.procedure.title_vi, opened.procedure.title_en)))
    frame = officers_frame(request, signed_in, COUNTER, officer, back=back)
    return page(
        request, "office/counter_check.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=True
    )


def _file(request: HttpRequest, signed_in: SignedIn, opened: Opened, why: WhyAtCounter) -> ReceiptView:
    return file_for(
        request,
        signed_in,
        opened.actor,
        pin=opened.pin,
        procedure_slug=opened.draft.procedure_slug,
        form=opened.read().content(),
        why=why,
        idempotency_key=opened.once,
        items=opened.items(),
    )


def _filed_elsewhere(view: ReceiptView) -> str:
    """The person did it themselves, or another officer for them: that dossier is not this officer's to show."""
    at = told(view.received_at)
    return in_words(
        (
            f"Hồ sơ có đúng nội dung này đã nộp lúc {at}, mã {view.code}; không phải từ quầy của bạn. Không có hồ sơ thứ hai. Xóa bản nháp này.",
            f"A dossier with this very content was filed at {at}, code {view.code}; not from your counter. There is no second one. Delete this draft.",
        )
    )


def _rows(payload: Mapping[str, Any], receipt: ReceiptView, filing: CounterFilingView) -> tuple[tuple[str, str], ...]:
    """What the receipt says, as the sealed letter has it."""
    procedure, appointment = payload["procedure"], payload["appointment_on"]
    rows = [
        (("Thủ tục", "Procedure"), in_words((procedure["title_vi"], procedure["title_en"]))),
        (("Người nộp", "Filed for"), f"{payload['filer']['name']}, {payload['filer']['masked_id']}"),
        (("Nhận lúc", "Received"), told(datetime.fromisoformat(payload["received_at"]))),
        (("Hẹn trả kết quả", "Appointment"), date.fromisoformat(appointment).strftime("%d/%m/%Y") if appointment else "–"),
        (("Cơ quan giải quyết", "Office"), str(payload["office"]["name"])),
        (("Nộp tại quầy vì", "Filed at the counter because"), in_words(WHYS[filing.why])),
    ]
    return tuple((in_words(label), value) for label, value in rows)
