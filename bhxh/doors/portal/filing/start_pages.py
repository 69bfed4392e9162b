"""Beginning: what is known already, drafts that wait to be continued, the list of what is to be done."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.portal.citizen.own import own_frame
from bhxh.doors.portal.filing.draft_view import address_of, count_done, known_rows, shown_draft, tasks_of
from bhxh.doors.portal.filing.opened import HOME, Opened, filer, open_draft, procedure_to_file
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import once_of, see_other, signed_in_page
from bhxh.dossiers.answering import begin_answers, drop_answers, list_answers
from bhxh.dossiers.questions import Questions
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.web.form_reading import take_typed
from bhxh.web.languages import in_words
from bhxh.web.moments import instant
from bhxh.web.pages import page

_MY_DOSSIERS: Final = ("Hồ sơ của tôi", "My dossiers")


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def start(request: HttpRequest, signed_in: SignedIn, slug: str) -> HttpResponse:
    """Drafts of this procedure first; then what need not be answered, and the beginning of a new one."""
    procedure, questions = procedure_to_file(slug)
    actor, owner = filer(signed_in, procedure.slug)
    at = now()
    if request.method == "POST":
        draft_id = begin_answers(
            actor=actor, at=at, procedure_slug=procedure.slug, once=once_of(request), typed=_given(questions, request.POST)
        )
        return see_other(address_of(draft_id))
    record_look(actor=actor, at=at, person_id=owner.id, what="document")
    context = {
        "drafts": [shown_draft(one, procedure) for one in list_answers(owner.id, procedure_slug=procedure.slug)],
        "known": known_rows(questions.known(owner.id, day_in_vietnam(at)) if questions.known else ()),
        "groups": [(in_words(group.title), not group.asked({})) for group in questions.groups],
        "given": [(name, text) for name, texts in _given(questions, request.GET).items() for text in texts],
        "what": in_words(procedure.guide.what) if procedure.guide else "",
    }
    back = (f"/thu-tuc/{procedure.slug}", in_words(("Về thủ tục này", "About this procedure")))
    title = in_words((procedure.title_vi, procedure.title_en))
    return page(request, "filing/start.html", context, title=title, frame=own_frame(request, signed_in, HOME, owner.id, back=back))


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def draft(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """What is to be done, page by page, and what stands there already."""
    opened = open_draft(signed_in, draft_id)
    if opened.draft.filed_code:
        return see_other(f"{HOME}/{opened.draft.filed_code}/da-nop")
    reading = opened.read()
    done, pages = count_done(opened.draft, opened.questions, reading)
    context = {
        "tasks": tasks_of(opened.draft, opened.questions, reading),
        "done": done,
        "pages": pages,
        "known": _known(opened),
        "saved_at": instant(opened.draft.saved_at),
        "expires_on": shown_draft(opened.draft, opened.procedure).expires_on,
        "delete": address_of(draft_id, "xoa"),
    }
    title = in_words((opened.procedure.title_vi, opened.procedure.title_en))
    back = (HOME, in_words(_MY_DOSSIERS))
    return page(request, "filing/draft.html", context, title=title, frame=own_frame(request, signed_in, HOME, opened.owner.id, back=back))


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def delete(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """Asked once more before a draft is gone."""
    opened = open_draft(signed_in, draft_id)
    if request.method == "POST":
        drop_answers(actor=opened.actor, at=now(), draft_id=draft_id)
        return see_other(HOME)
    context = {"draft": shown_draft(opened.draft, opened.procedure)}
    title = in_words(("Xóa bản nháp này?", "Delete this draft?"))
    back = (address_of(draft_id), in_words(("Quay lại bản nháp", "Back to the draft")))
    return page(request, "filing/delete.html", context, title=title, frame=own_frame(request, signed_in, HOME, opened.owner.id, back=back))


def _known(opened: Opened) -> object:
    known = opened.questions.known
    return known_rows(known(opened.owner.id, day_in_vietnam(now())) if known else ())


def _given(questions: Questions, sent: object) -> dict[str, list[str]]:
    """What a link filled in: as if it had been typed."""
    lists: dict[str, list[str]] = dict(sent.lists())  # type: ignore[attr-defined]
    typed = {name: texts for group in questions.groups for name, texts in take_typed(group, lists).items()}
    return {name: texts for name, texts in typed.items() if texts}
