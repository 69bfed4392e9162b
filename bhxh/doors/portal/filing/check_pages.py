"""The last look before filing, the confirmation that stands for a signature, and what comes after it."""

from datetime import datetime
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.access.errors import ACC_NOT_FRESH
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.draft_view import CHECK, cards_of, known_rows
from bhxh.doors.drafts import Opened
from bhxh.doors.own_dossiers import find_own
from bhxh.doors.partners import partners
from bhxh.doors.portal.citizen.own import mistake_address, own_frame
from bhxh.doors.portal.filing.opened import HOME, open_draft
from bhxh.doors.signatory import signatory_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, signed_in_page
from bhxh.dossiers.confirming import confirm_document
from bhxh.dossiers.errors import DOS_NO_DOSSIER, DOS_SHOWN_DIFFERS
from bhxh.dossiers.facts import Channel, DossierView
from bhxh.dossiers.receipts import RECEIPT_LIMIT
from bhxh.dossiers.states import State
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import VIETNAM, day_in_vietnam, now
from bhxh.kernel.errors import Invalid, NotAllowed, Sentence
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_SEEN, _AGAIN = "noi-dung", "da-co"
_READY: Final = frozenset({State.RESOLVED, State.RETURNED})


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def check(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """All answers, and the button that files exactly these. Sent twice it files once; whoever signed in long ago proves themselves again first."""
    opened = open_draft(signed_in, draft_id)
    if opened.draft.filed_code:
        return see_other(f"{HOME}/{opened.draft.filed_code}/da-nop")
    reading = opened.read()
    if reading.problems:
        return see_other(opened.base)
    content = opened.content()
    if request.method != "POST":
        return _show(request, signed_in, opened, content)
    if opened.unfinished():
        return _show(request, signed_in, opened, content, status=422)
    if request.POST.get(_SEEN) != sha256_hex(content):
        return _show(request, signed_in, opened, content, said=DOS_SHOWN_DIFFERS, status=409)
    try:
        return _file(request, signed_in, opened, content)
    except NotAllowed as refused:
        if refused.sentence is not ACC_NOT_FRESH:
            raise
        return _show(request, signed_in, opened, content, status=403)


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def done(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """By when the receipt comes, and what happens next."""
    who = signed_in.standing("own_dossiers")
    dossier = find_own(who, code, absent=DOS_NO_DOSSIER)
    record_look(actor=who.actor, at=now(), person_id=dossier.person_id or 0, what="dossier", dossier_id=dossier.dossier_id)
    is_again = request.GET.get(_AGAIN) == "1"
    context = {
        "code": dossier.code,
        "receipt": _receipt_words(dossier),
        "next": _next_words(dossier),
        "email": bool(dossier.filer_email),
        "again": _instant(dossier.submitted_at) if is_again else "",
    }
    title = in_words(("Bạn đã nộp hồ sơ này", "You filed this before") if is_again else ("Đã nhận hồ sơ", "Dossier received"))
    back = (HOME, in_words(("Hồ sơ", "Dossiers")))
    return page(
        request, "filing/done.html", context, title=title, frame=own_frame(request, signed_in, HOME, dossier.person_id or 0, back=back)
    )


def _show(
    request: HttpRequest, signed_in: SignedIn, opened: Opened, content: bytes, *, said: Sentence | None = None, status: int = 200
) -> HttpResponse:
    questions, here = opened.questions, f"{opened.base}/{CHECK}"
    is_certificate_needed = opened.procedure.signature_rule(day_in_vietnam(now())).needs_certificate
    context = {
        "known": known_rows(opened.known(), mistake_address),
        "cards": cards_of(questions, opened.read(), opened.files(), base=opened.base),
        "unfinished": opened.unfinished(),
        "slow": opened.slow(content),
        "said": in_words((said.vi, said.en)) if said else "",
        "statement": in_words(questions.statement),
        "act": in_words(questions.act),
        "seen": sha256_hex(content),
        "is_fresh": signed_in.is_fresh(),
        "sign_in": f"/dang-nhap?moi=1&tiep={quote(here, safe='')}",
        "address": here,
        "is_certificate_needed": is_certificate_needed,
    }
    title = in_words(("Kiểm tra lại trước khi nộp", "Check your answers before you submit"))
    back = (opened.base, in_words((opened.procedure.title_vi, opened.procedure.title_en)))
    return page(
        request,
        "filing/check.html",
        context,
        title=title,
        frame=own_frame(request, signed_in, HOME, opened.owner.id, back=back),
        status=status,
        has_errors=status == Invalid.status,
    )


def _file(request: HttpRequest, signed_in: SignedIn, opened: Opened, content: bytes) -> HttpResponse:
    at = now()
    view = confirm_document(
        actor=opened.actor,
        at=at,
        procedure_slug=opened.draft.procedure_slug,
        document=content,
        signatory=signatory_of(request, signed_in, opened.actor),
        channel=Channel.PORTAL,
        idempotency_key=opened.once,
        items=opened.items(),
        deps=partners().receiving(at),
    )
    record_look(actor=opened.actor, at=at, person_id=opened.owner.id, what="receipt", dossier_id=view.dossier_id)
    is_again = opened.close(at, view)
    return see_other(f"{HOME}/{view.code}/da-nop{f'?{_AGAIN}=1' if is_again else ''}")


def _receipt_words(dossier: DossierView) -> str:
    if dossier.receipt_sent_at is not None:
        at = _instant(dossier.receipt_sent_at)
        return in_words((f"Phiếu tiếp nhận đã gửi đến hộp thư của bạn lúc {at}.", f"The receipt was sent to your mailbox at {at}."))
    by = _instant(dossier.submitted_at + RECEIPT_LIMIT)
    return in_words((f"Phiếu tiếp nhận đến hộp thư của bạn trước {by}.", f"The receipt is in your mailbox before {by}."))


def _next_words(dossier: DossierView) -> str:
    if dossier.state in _READY:
        return in_words(("Kết quả đã có trong kho giấy tờ của bạn.", "The result is among your documents."))
    if dossier.appointment_on and dossier.appointment_on > day_in_vietnam(dossier.submitted_at):
        on = dossier.appointment_on.strftime("%d/%m/%Y")
        return in_words(
            (
                f"Cán bộ xem hồ sơ và trả lời muộn nhất ngày {on}. Bạn không phải làm gì thêm.",
                f"Officers look at it and answer on {on} at the latest. You need do nothing more.",
            )
        )
    return in_words(
        (
            "Hồ sơ này được trả lời tự động, thường trong vài phút. Kết quả vào kho giấy tờ và hộp thư của bạn.",
            "This is answered automatically, usually within minutes. The result goes to your documents and your mailbox.",
        )
    )


def _instant(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime(in_words(("%H:%M ngày %d/%m/%Y", "%H:%M on %d/%m/%Y")))
