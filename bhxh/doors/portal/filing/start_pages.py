"""Beginning: what is known already, drafts that wait to be continued."""

from django.http import HttpRequest, HttpResponse

from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.draft_view import known_rows, shown_draft
from bhxh.doors.drafts import procedure_to_file
from bhxh.doors.own_dossiers import own_actor
from bhxh.doors.portal.citizen.own import mistake_address, own_frame
from bhxh.doors.portal.filing.opened import HOME, draft_address
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import once_of, see_other, signed_in_page
from bhxh.dossiers.answering import begin_answers, list_answers
from bhxh.dossiers.questions import Questions
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.web.form_reading import take_typed
from bhxh.web.languages import in_words
from bhxh.web.pages import page


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def start(request: HttpRequest, signed_in: SignedIn, slug: str) -> HttpResponse:
    """Drafts of this procedure first; then what need not be answered, and the beginning of a new one."""
    procedure, questions = procedure_to_file(slug)
    actor, person_id = own_actor(signed_in, purpose=procedure.slug)
    at = now()
    if request.method == "POST":
        draft_id = begin_answers(
            actor=actor, at=at, procedure_slug=procedure.slug, once=once_of(request), typed=_given(questions, request.POST)
        )
        return see_other(draft_address(draft_id))
    record_look(actor=actor, at=at, person_id=person_id, what="document")
    context = {
        "drafts": [
            shown_draft(one, procedure, draft_address(one.draft_id)) for one in list_answers(person_id, procedure_slug=procedure.slug)
        ],
        "known": known_rows(questions.known(person_id, day_in_vietnam(at)) if questions.known else (), mistake_address),
        "groups": [(in_words(group.title), not group.asked({})) for group in questions.groups],
        "given": [(name, text) for name, texts in _given(questions, request.GET).items() for text in texts],
        "what": in_words(procedure.guide.what) if procedure.guide else "",
    }
    back = (f"/thu-tuc/{procedure.slug}", in_words(("Về thủ tục này", "About this procedure")))
    title = in_words((procedure.title_vi, procedure.title_en))
    return page(request, "filing/start.html", context, title=title, frame=own_frame(request, signed_in, HOME, person_id, back=back))


def _given(questions: Questions, sent: object) -> dict[str, list[str]]:
    """What a link filled in: as if it had been typed."""
    lists: dict[str, list[str]] = dict(sent.lists())  # type: ignore[attr-defined]
    typed = {name: texts for group in questions.groups for name, texts in take_typed(group, lists).items()}
    return {name: texts for name, texts in typed.items() if texts}
