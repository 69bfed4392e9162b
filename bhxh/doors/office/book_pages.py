"""Books: one officer proposes to withdraw a book for a time or to give it back, another decides. Law: R-132."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.credentials.errors import CRD_NO_PROPOSAL, CRD_OPEN_PROPOSAL
from bhxh.credentials.suspension_queries import get_proposal, list_open_proposals
from bhxh.credentials.suspensions import FEWEST_CHARACTERS, MOST_CHARACTERS, REASONS, WORDS, Act, Reason, StateProposal
from bhxh.doors.admission import lets_in
from bhxh.doors.book_desk import DECIDERS, PROPOSERS, approve_proposal, decline_proposal, propose_for_number
from bhxh.doors.office.field_words import officer_named
from bhxh.doors.office.officer_page import BOOKS, officers_frame, officers_page, said
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.text import tidy
from bhxh.web.languages import in_words, is_switch
from bhxh.web.moments import told
from bhxh.web.pages import page

ACTS: Final = {
    Act.SUSPEND: ("Tạm thu hồi sổ", "Withdraw the book for a time"),
    Act.RESUME: ("Cho sổ dùng lại", "Give the book back"),
}
_DONE: Final = {
    "de-xuat": (
        "Đã ghi đề xuất. Sổ chưa thay đổi cho đến khi cán bộ khác duyệt.",
        "Proposed. The book stays as it is until another officer approves.",
    ),
    "duyet": (
        "Đã duyệt. Sổ có bản mới và người có sổ đã được gửi thư.",
        "Approved. The book has a new version and its holder was written to.",
    ),
    "bac": ("Đã bác đề xuất. Sổ giữ nguyên.", "Declined. The book stays as it is."),
}
Error = tuple[str, str]


@officers_page("GET", "POST")
@lets_in(PROPOSERS | DECIDERS)
def books(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """What waits for a second officer, and the form that proposes. The number is posted; no address holds it."""
    actor, officer = signed_in.officer("decide")
    if request.method == "POST" and not is_switch(request):
        act = request.POST.get("viec", "")
        if act in ("duyet", "bac"):
            return _decide(signed_in, actor, act, request.POST.get("de-xuat", ""))
        return _propose(request, signed_in, actor, officer)
    return _show(request, signed_in, officer, posted=request.POST)


def _decide(signed_in: SignedIn, actor: Actor, act: str, given: str) -> HttpResponse:
    try:
        proposal_id = UUID(given)
    except ValueError:
        raise NotFound(CRD_NO_PROPOSAL) from None
    try:
        (approve_proposal if act == "duyet" else decline_proposal)(signed_in, proposal_id)
    except NotFound:
        # WHY asked again: the second press of the same button finds it decided, by this very officer.
        if get_proposal(proposal_id).decided_by != actor.account:
            raise
    return see_other(f"{BOOKS}?xong={act}")


def _propose(request: HttpRequest, signed_in: SignedIn, actor: Actor, officer: OfficerFacts) -> HttpResponse:
    posted = request.POST
    number, words = tidy(posted.get("so", "")[:40]), tidy(posted.get("loi", "")[:MOST_CHARACTERS])
    reason = next((one for one in Reason if one.value == posted.get("ly-do")), None)
    act = next((one for one in Act if reason in REASONS[one]), None)
    errors = _missing(number, words, reason)
    if errors or reason is None or act is None:
        return _show(request, signed_in, officer, posted=posted, errors=errors, status=422)
    try:
        propose_for_number(signed_in, number=number, act=act, reason=reason, words=words)
    except (Invalid, NotFound, Conflict) as refused:
        if refused.sentence is not CRD_OPEN_PROPOSAL or not _is_own(actor, act, reason, words):
            return _show(request, signed_in, officer, posted=posted, errors=[("so", said(refused))], status=refused.status)
    return see_other(f"{BOOKS}?xong=de-xuat")


def _missing(number: str, words: str, reason: Reason | None) -> list[Error]:
    errors = []
    if not number:
        errors.append(("so", in_words(("Nhập một số của người có sổ", "Enter a number of the book's holder"))))
    if reason is None:
        errors.append(("ly-do", in_words(("Chọn việc cần làm và lý do", "Choose what is to be done, and why"))))
    if len(words) < FEWEST_CHARACTERS:
        sentence = f"Ghi rõ bằng lời, ít nhất {FEWEST_CHARACTERS} ký tự", f"Say it in words, at least {FEWEST_CHARACTERS} characters"
        errors.append(("loi", in_words(sentence)))
    return errors


def _is_own(actor: Actor, act: Act, reason: Reason, words: str) -> bool:
    """Whether this officer proposed the very same before: the first answer may have been lost on the way."""
    wanted = (actor.account, act, reason, words)
    return any((one.proposed_by, one.act, one.reason, one.words) == wanted for one in list_open_proposals())


def _show(
    request: HttpRequest,
    signed_in: SignedIn,
    officer: OfficerFacts,
    *,
    posted: QueryDict,
    errors: list[Error] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_decider = OfficerRole.APPROVER in officer.roles
    done = request.GET.get("xong", "") if request.method == "GET" else ""
    context = {
        "waiting": [_proposal(one, officer) for one in list_open_proposals()] if is_decider else [],
        "is_decider": is_decider,
        "may_propose": bool({OfficerRole.APPRAISER, OfficerRole.REGISTRAR} & officer.roles),
        "reasons": [
            {
                "value": reason.value,
                "words": f"{in_words(ACTS[act])}: {in_words(WORDS[reason])}",
                "is_chosen": posted.get("ly-do") == reason.value,
            }
            for act in Act
            for reason in Reason
            if reason in REASONS[act]
        ],
        "number": posted.get("so", "")[:40],
        "words": posted.get("loi", "")[:MOST_CHARACTERS],
        "done": in_words(_DONE[done]) if done in _DONE else "",
        "errors": errors or [],
        "error": dict(errors or []),
        "here": BOOKS,
    }
    title = in_words(("Sổ bảo hiểm xã hội", "Insurance books"))
    frame = officers_frame(request, signed_in, BOOKS, officer)
    return page(request, "office/books.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=True)


def _proposal(one: StateProposal, officer: OfficerFacts) -> dict[str, object]:
    return {
        "proposal_id": str(one.proposal_id),
        "book_id": one.book_id,
        "act": in_words(ACTS[one.act]),
        "kind": "wait" if one.act is Act.SUSPEND else "ok",
        "reason": in_words(WORDS[one.reason]),
        "words": one.words,
        "by": officer_named(one.proposed_by),
        "at": told(one.proposed_at),
        "is_own": officer_named(one.proposed_by) == officer.login,
    }
