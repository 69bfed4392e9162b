"""The counter: an officer finds whoever came in person, chooses what is filed for them, and answers its questions as they would at home."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from bhxh.access.officer_errors import ACC_NO_REASON, ACC_OWN_CASE
from bhxh.access.reading_purposes import FEWEST_CHARACTERS
from bhxh.access.roles import OfficerFacts
from bhxh.doors import draft_pages
from bhxh.doors.admission import lets_in
from bhxh.doors.counter_desk import RECEPTIONISTS, at_counter
from bhxh.doors.draft_view import DraftShown, shown_draft
from bhxh.doors.drafts import is_filed_on_pages
from bhxh.doors.office.counter_person import PURPOSE, desk_of, draft_address, read_at_counter, whose_number
from bhxh.doors.office.officer_page import COUNTER, MISTAKES, REFUSED, officers_frame, officers_page, said
from bhxh.doors.office.person_pages import basic_rows
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import once_of, see_other
from bhxh.dossiers import catalogue
from bhxh.dossiers.answering import begin_answers, list_answers_at_counter
from bhxh.dossiers.procedure import Procedure
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Conflict, NotAllowed, Refusal
from bhxh.kernel.text import tidy
from bhxh.web.languages import in_words, is_switch
from bhxh.web.pages import page

_FIND, _BEGIN = "tim", "bat-dau"
_TITLE: Final = ("Nộp hồ sơ tại quầy", "File at the counter")
_MOST_NUMBER, _MOST_WORDS = 40, 1000
Error = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form says."""

    act: str = ""
    number: str = ""
    words: str = ""
    procedure: str = ""

    @classmethod
    def of(cls, posted: QueryDict) -> "Asked":
        """As it was typed."""
        return cls(
            act=posted.get("viec", ""),
            number=tidy(posted.get("so", "")[:_MOST_NUMBER]),
            words=tidy(posted.get("loi", "")[:_MOST_WORDS]),
            procedure=posted.get("thu-tuc", "")[:60],
        )

    @property
    def errors(self) -> list[Error]:
        """What is missing before anybody is searched."""
        errors = []
        if not self.number:
            errors.append(("so", in_words(("Nhập số trên giấy tờ của người đến quầy", "Enter the number on the person's paper"))))
        if len(self.words) < FEWEST_CHARACTERS:
            sentence = (
                f"Ghi người này cần gì, ít nhất {FEWEST_CHARACTERS} ký tự",
                f"Write what the person needs, at least {FEWEST_CHARACTERS} characters",
            )
            errors.append(("loi", in_words(sentence)))
        return errors


@officers_page("GET", "POST")
@lets_in(RECEPTIONISTS)
def counter(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Whom it is for, then what is filed for them. By POST, so that no number stands in an address."""
    actor, officer = at_counter(signed_in, PURPOSE)
    if request.method != "POST":
        return _show(request, signed_in, actor, officer, Asked())
    asked = Asked.of(request.POST)
    if is_switch(request) and asked.act != _BEGIN:
        return _show(request, signed_in, actor, officer, asked)
    if asked.errors:
        return _show(request, signed_in, actor, officer, asked, errors=asked.errors, status=422)
    try:
        if asked.act != _BEGIN or is_switch(request):
            return _choose(request, signed_in, actor, officer, asked)
        procedure = next((one for one in filed_here() if one.slug == asked.procedure), None)
        if procedure is None:
            errors = [("thu-tuc", in_words(("Chọn thủ tục người này cần", "Choose what the person needs")))]
            return _choose(request, signed_in, actor, officer, asked, errors=errors, status=422)
        acting, _ = whose_number(actor, officer, number=asked.number, words=asked.words)
        draft_id = begin_answers(actor=acting, at=now(), procedure_slug=procedure.slug, once=once_of(request), typed={}, reason=asked.words)
    except Conflict as refused:
        return _choose(request, signed_in, actor, officer, asked, errors=[("thu-tuc", said(refused))], status=refused.status)
    except Refusal as refused:
        if isinstance(refused, NotAllowed) and refused.sentence is not ACC_OWN_CASE:
            raise
        field = "loi" if refused.sentence is ACC_NO_REASON else "so"
        return _show(request, signed_in, actor, officer, asked, errors=[(field, said(refused))], status=refused.status)
    return see_other(draft_address(draft_id))


@officers_page("GET")
@lets_in(RECEPTIONISTS)
def draft(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """What is to be done."""
    return draft_pages.show_tasks(request, desk_of(request, signed_in, draft_id))


@officers_page("GET", "POST")
@lets_in(RECEPTIONISTS)
def delete(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """The person does not want it after all."""
    return draft_pages.delete_draft(request, desk_of(request, signed_in, draft_id), draft_id)


@officers_page("GET", "POST")
@lets_in(RECEPTIONISTS)
def questions(request: HttpRequest, signed_in: SignedIn, draft_id: UUID, part: str) -> HttpResponse:
    """One group of questions."""
    return draft_pages.ask(request, desk_of(request, signed_in, draft_id), part)


@officers_page("POST")
@lets_in(RECEPTIONISTS)
def upload(request: HttpRequest, signed_in: SignedIn, draft_id: UUID, part: str) -> HttpResponse:
    """A paper that the person brought, scanned."""
    return draft_pages.take_upload(request, desk_of(request, signed_in, draft_id), part)


@officers_page("POST")
@lets_in(RECEPTIONISTS)
def remove(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """A paper is not filed after all."""
    return draft_pages.take_out(request, desk_of(request, signed_in, draft_id))


def filed_here() -> tuple[Procedure, ...]:
    """What is filed at a counter: procedures of persons with questions, which no certificate has to sign."""
    today = day_in_vietnam(now())
    return tuple(one for one in catalogue.list_procedures() if is_filed_on_pages(one) and not one.signature_rule(today).needs_certificate)


def _show(
    request: HttpRequest,
    signed_in: SignedIn,
    actor: Actor,
    officer: OfficerFacts,
    asked: Asked,
    *,
    errors: list[Error] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Nobody is found yet."""
    context = {
        "asked": asked,
        "drafts": _drafts(actor),
        "is_deleted": request.GET.get("xong") == "xoa",
        "most": _MOST_WORDS,
        "errors": errors or [],
        "error": dict(errors or []),
        "here": COUNTER,
        "mistakes": MISTAKES,
        "refused": REFUSED,
    }
    frame = officers_frame(request, signed_in, COUNTER, officer)
    return page(
        request, "office/counter.html", context, title=in_words(_TITLE), frame=frame, status=status, has_errors=bool(errors), has_form=True
    )


def _choose(
    request: HttpRequest,
    signed_in: SignedIn,
    actor: Actor,
    officer: OfficerFacts,
    asked: Asked,
    *,
    errors: list[Error] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The person, to be held beside their paper, and what may be filed. Each showing is a look."""
    found = read_at_counter(actor, officer, number=asked.number, words=asked.words)
    context = {
        "asked": asked,
        "rows": basic_rows(found),
        "procedures": [
            {
                "value": one.slug,
                "words": in_words((one.title_vi, one.title_en)),
                "hint": in_words(one.guide.what) if one.guide else "",
                "is_chosen": one.slug == asked.procedure,
            }
            for one in filed_here()
        ],
        "drafts": _drafts(actor, person_id=found.person.person_id),
        "errors": errors or [],
        "error": dict(errors or []),
        "here": COUNTER,
    }
    title = in_words(("Chọn thủ tục cho người này", "Choose what is filed for this person"))
    back = (COUNTER, in_words(("Tìm người khác", "Find somebody else")))
    frame = officers_frame(request, signed_in, COUNTER, officer, back=back)
    return page(
        request, "office/counter_person.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=True
    )


def _drafts(actor: Actor, *, person_id: int | None = None) -> list[DraftShown]:
    """What this officer began and did not file; whose it is stands on its pages only."""
    return [
        shown_draft(one, catalogue.get(one.procedure_slug), draft_address(one.draft_id))
        for one in list_answers_at_counter(actor.account, person_id=person_id)
    ]
