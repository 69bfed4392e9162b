"""What an officer filed at the counter: the person reads exactly that, and confirms it or says that they never asked for it."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.counter_desk import confirm_own, refuse_own
from bhxh.doors.filed_answers import filed_rows
from bhxh.doors.own_dossiers import own_actor
from bhxh.doors.portal.citizen.own import DOSSIERS, own_frame
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, sign_in_again, signed_in_page
from bhxh.dossiers import catalogue
from bhxh.dossiers.counter_queries import get_counter_filing_by_code
from bhxh.dossiers.facts import CounterAnswer, CounterFilingView, WhyAtCounter
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.web.languages import in_words, spoken
from bhxh.web.moments import told
from bhxh.web.pages import page

_WHYS: Final = {
    WhyAtCounter.NO_ACCOUNT: ("Bạn chưa có tài khoản định danh điện tử", "You had no e-ID account"),
    WhyAtCounter.LEVEL_1: ("Tài khoản của bạn mới ở mức 1", "Your account was at level 1 only"),
    WhyAtCounter.CANNOT_USE: ("Bạn không tự dùng được", "You could not use it yourself"),
    WhyAtCounter.ACCOUNT_BLOCKED: ("Tài khoản của bạn đang bị khóa", "Your account was blocked"),
}
_ANSWERED: Final = {
    CounterAnswer.CONFIRMED: ("Bạn đã xác nhận hồ sơ này", "You confirmed this dossier"),
    CounterAnswer.REFUSED: ("Bạn đã nói không yêu cầu hồ sơ này", "You said that you never asked for this dossier"),
}


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def answer(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Answered once; pressed again it says the same. To confirm asks for a sign-in of just now, to refuse does not."""
    actor, person_id = own_actor(signed_in)
    filing = get_counter_filing_by_code(code, person_id=person_id)
    record_look(actor=actor, at=now(), person_id=person_id, what="counter_filing", dossier_id=filing.dossier_id)
    if request.method != "POST":
        return _show(request, signed_in, filing)
    try:
        match request.POST.get("viec"):
            case "xac-nhan":
                confirm_own(request, signed_in, actor, code, content_sha256=request.POST.get("noi-dung", ""))
            case "tu-choi":
                refuse_own(actor, code)
            case _:
                pass
    except (Conflict, Invalid) as refused:
        return _show(request, signed_in, filing, said=refused.text(spoken()), status=refused.status)
    return see_other(answer_address(filing.code))


def answer_address(code: str) -> str:
    """Where the person answers."""
    return f"{DOSSIERS}/{code}/nop-thay"


def _show(request: HttpRequest, signed_in: SignedIn, filing: CounterFilingView, *, said: str = "", status: int = 200) -> HttpResponse:
    procedure = catalogue.get(filing.procedure_slug)
    here = answer_address(filing.code)
    at = told(filing.answered_at) if filing.answered_at else ""
    context = {
        "code": filing.code,
        "procedure": in_words((procedure.title_vi, procedure.title_en)),
        "filed": told(filing.filed_at),
        "why": in_words(_WHYS[filing.why]),
        "rows": filed_rows(filing.procedure_slug, filing.content_sha256),
        "seen": filing.content_sha256,
        "answered": f"{in_words(_ANSWERED[filing.answer])}, {at}." if filing.answer in _ANSWERED else "",
        "is_decided": filing.is_decided,
        "is_fresh": signed_in.is_fresh(),
        "sign_in": sign_in_again(here),
        "said": said,
        "here": here,
    }
    title = in_words(("Cán bộ nộp thay bạn: bạn có đồng ý không?", "An officer filed for you: do you agree?"))
    back = (f"{DOSSIERS}/{filing.code}/theo-doi", in_words(("Theo dõi hồ sơ", "Follow the dossier")))
    frame = own_frame(request, signed_in, DOSSIERS, filing.person_id, back=back)
    return page(request, "citizen/counter_answer.html", context, title=title, frame=frame, status=status)
