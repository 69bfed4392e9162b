"""What an officer does on a dossier's page. Each act is done once, however often its button is pressed; a page that is out of date says so."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.doors import dossier_desk as desk
from bhxh.doors.dossier_looks import look_at_lines
from bhxh.doors.office import queue_address as address
from bhxh.doors.office.done_before import has_approved, has_moved, has_proposed
from bhxh.doors.office.dossier_forms import LONGEST, ProposalForm, SupplementForm, lines_of, read_proposal, read_supplement, row_version_of
from bhxh.doors.office.officer_page import QUEUE, officers_frame, said
from bhxh.doors.office.opened_dossier import Opened
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other
from bhxh.dossiers.errors import DOS_LINES_NOT_OPEN, DOS_STALE, DOS_SUPPLEMENT_ONCE, DOS_WRONG_STATE
from bhxh.dossiers.letter_previews import preview_refusal, preview_supplement
from bhxh.dossiers.states import State
from bhxh.dossiers.taking import release, take
from bhxh.kernel.clock import now
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.text import tidy
from bhxh.web.languages import in_words, is_switch
from bhxh.web.pages import page

_CHANGED: Final = (DOS_STALE, DOS_LINES_NOT_OPEN, DOS_WRONG_STATE, DOS_SUPPLEMENT_ONCE)
"""What a second press of the same button meets, and what a colleague's act leaves behind."""
_READING: Final = "doc-thu"
"""Sent along by the page on which a letter is read before it goes: the language switch comes back to that page."""
_Show = Callable[..., HttpResponse]


def act_on(request: HttpRequest, signed_in: SignedIn, opened: Opened, *, show: _Show) -> HttpResponse:
    """`viec` says what is to be done. Nothing is, where only the language was changed."""
    acts: dict[str, Callable[[], HttpResponse]] = {
        "nhan": lambda: _take(signed_in, opened),
        "tra": lambda: _release(signed_in, opened),
        "de-xuat": lambda: _propose(request, signed_in, opened, show),
        "phe-duyet": lambda: _approve(request, signed_in, opened),
        "bo-sung": lambda: _ask(request, signed_in, opened, show),
        "chu-ky": lambda: _end_for_signature(request, signed_in, opened, show),
    }
    if is_switch(request):
        return _in_another_language(request, signed_in, opened, show)
    act = acts.get(request.POST.get("viec", ""))
    if act is None:
        return show(request, signed_in, opened)
    try:
        return act()
    except Conflict as conflict:
        if conflict.sentence not in _CHANGED:
            raise
        if _was_done(request, opened):
            return _on(opened)
        return _stale(request, signed_in, opened, conflict)
    except Invalid as invalid:
        proposal, supplement = _typed(request, opened)
        return show(request, signed_in, opened, proposal=proposal, supplement=supplement, errors=(("viec", said(invalid)),), status=422)


def _typed(request: HttpRequest, opened: Opened) -> tuple[ProposalForm | None, SupplementForm | None]:
    """What stood in the form that was sent."""
    act = request.POST.get("viec", "")
    return (
        read_proposal(request.POST) if act == "de-xuat" else None,
        read_supplement(request.POST, opened.suggested) if act == "bo-sung" else None,
    )


def _in_another_language(request: HttpRequest, signed_in: SignedIn, opened: Opened, show: _Show) -> HttpResponse:
    """The page again, or the letter that was being read, with everything typed. Nothing is done and nothing is judged."""
    proposal, supplement = _typed(request, opened)
    if request.POST.get(_READING) == "1":
        if proposal is not None and proposal.proposal is Proposal.REFUSE and not proposal.errors:
            return _preview_refusal(request, signed_in, opened, proposal)
        if supplement is not None and not supplement.errors:
            return _preview_supplement(request, signed_in, opened, supplement)
    return show(request, signed_in, opened, proposal=proposal, supplement=supplement)


def _take(signed_in: SignedIn, opened: Opened) -> HttpResponse:
    actor, dossier = desk.at_decision(signed_in, opened.dossier.code)
    take(actor=actor, at=now(), dossier_id=dossier.dossier_id)
    return see_other(opened.address)


def _release(signed_in: SignedIn, opened: Opened) -> HttpResponse:
    actor, dossier = desk.at_decision(signed_in, opened.dossier.code)
    release(actor=actor, at=now(), dossier_id=dossier.dossier_id)
    return see_other(opened.address)


def _propose(request: HttpRequest, signed_in: SignedIn, opened: Opened, show: _Show) -> HttpResponse:
    form = read_proposal(request.POST)
    if form.errors or request.POST.get("sua") == "1":
        return show(request, signed_in, opened, proposal=form, errors=form.errors, status=422 if form.errors else 200)
    if form.proposal is Proposal.REFUSE and request.POST.get("da-xem") != "1":
        return _preview_refusal(request, signed_in, opened, form)
    assert form.proposal is not None, "a form without errors says what is proposed"
    desk.propose(
        signed_in,
        opened.dossier.code,
        line_numbers=form.lines,
        proposal=form.proposal,
        reason=form.written,
        row_version=row_version_of(request.POST),
    )
    return _on(opened)


def _approve(request: HttpRequest, signed_in: SignedIn, opened: Opened) -> HttpResponse:
    version = row_version_of(request.POST)
    desk.approve(signed_in, opened.dossier.code, line_numbers=lines_of(request.POST), row_version=version)
    return _on(opened)


def _ask(request: HttpRequest, signed_in: SignedIn, opened: Opened, show: _Show) -> HttpResponse:
    form = read_supplement(request.POST, opened.suggested)
    if form.errors or request.POST.get("sua") == "1":
        # WHY shown again where it was done already: the second press of the same button finds nothing left to ask for.
        if form.errors and _was_done(request, opened):
            return _on(opened)
        return show(request, signed_in, opened, supplement=form, errors=form.errors, status=422 if form.errors else 200)
    if request.POST.get("da-xem") != "1":
        return _preview_supplement(request, signed_in, opened, form)
    version = row_version_of(request.POST)
    desk.ask_for_supplement(signed_in, opened.dossier.code, defects=form.defects, days=int(form.days), row_version=version)
    return _on(opened)


def _end_for_signature(request: HttpRequest, signed_in: SignedIn, opened: Opened, show: _Show) -> HttpResponse:
    reason = tidy(request.POST.get("ly-do-chu-ky", "")[:LONGEST])
    if not reason:
        words = in_words(("Ghi lý do, người nộp sẽ đọc", "Write the reason; the filer reads it"))
        return show(request, signed_in, opened, errors=(("ly-do-chu-ky", words),), status=422)
    desk.end_for_signature(signed_in, opened.dossier.code, reason=reason, row_version=row_version_of(request.POST))
    return _on(opened)


def _on(opened: Opened) -> HttpResponse:
    """To the next dossier of the same queue."""
    found = opened.dossier
    more = {"sau": address.write_after(found.due_on, found.dossier_id), "xong": found.code}
    return see_other(f"{address.NEXT}{address.write_filter(opened.wanted, **more)}")


def _was_done(request: HttpRequest, opened: Opened) -> bool:
    """Whether this officer did this very thing before: the first answer may have been lost on the way."""
    dossier_id, account = opened.dossier.dossier_id, opened.actor.account
    match request.POST.get("viec", ""):
        case "de-xuat":
            form = read_proposal(request.POST)
            return has_proposed(dossier_id, account, proposal=form.proposal, reason=form.written, line_numbers=form.lines)
        case "phe-duyet":
            return has_approved(dossier_id, account, line_numbers=lines_of(request.POST))
        case "bo-sung":
            return has_moved(dossier_id, account, to=State.SUPPLEMENT_REQUIRED)
        case "chu-ky":
            return has_moved(dossier_id, account, to=State.STOPPED)
    return False


def _preview_refusal(request: HttpRequest, signed_in: SignedIn, opened: Opened, form: ProposalForm) -> HttpResponse:
    found = [finding for line in opened.lines if line.number in form.lines for finding in line.findings]
    letter = preview_refusal(opened.dossier, at=now(), found=found, count=len(form.lines), reason=form.written, sender=partners().sender)
    return _preview(request, signed_in, opened, letter, reason=form.written, act=("Đề xuất từ chối", "Propose the refusal"))


def _preview_supplement(request: HttpRequest, signed_in: SignedIn, opened: Opened, form: SupplementForm) -> HttpResponse:
    letter = preview_supplement(opened.dossier, at=now(), defects=form.defects, days=int(form.days), sender=partners().sender)
    return _preview(request, signed_in, opened, letter, reason="", act=("Gửi yêu cầu bổ sung", "Send the request"))


def _preview(
    request: HttpRequest, signed_in: SignedIn, opened: Opened, letter: tuple[str, str], *, reason: str, act: tuple[str, str]
) -> HttpResponse:
    """The letter as the filer will read it, before anything is done; everything typed goes along. It may tell what stands on any line shown."""
    look_at_lines(opened.actor, opened.dossier, opened.lines, "dossier_line")
    kept = [
        (name, value) for name, values in request.POST.lists() for value in values if name not in ("csrf", "lan", "da-xem", "sua", _READING)
    ]
    context = {"subject": letter[0], "letter": letter[1], "reason": reason, "kept": kept, "act": in_words(act), "here": opened.address}
    title = in_words(("Xem thư trước khi gửi", "Read the letter first"))
    back = (opened.address, opened.dossier.code)
    frame = officers_frame(request, signed_in, QUEUE, opened.officer, back=back)
    return page(request, "office/letter_preview.html", context, title=title, frame=frame, has_form=True)


def _stale(request: HttpRequest, signed_in: SignedIn, opened: Opened, conflict: Conflict) -> HttpResponse:
    """Somebody else changed it meanwhile: what was typed is shown, to be taken over by hand."""
    typed = [tidy(request.POST.get(name, "")) for name in ("ly-do", "thieu-1", "thieu-2", "thieu-3", "ly-do-chu-ky")]
    context = {"words": said(conflict), "code": conflict.code, "typed": [one for one in typed if one], "here": opened.address}
    title = in_words(("Hồ sơ đã thay đổi", "The dossier has changed"))
    back = (opened.address, opened.dossier.code)
    frame = officers_frame(request, signed_in, QUEUE, opened.officer, back=back)
    return page(request, "office/stale.html", context, title=title, frame=frame, status=409)
