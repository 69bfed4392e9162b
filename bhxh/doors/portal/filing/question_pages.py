"""One group of questions on one page: saved with every sending and while typing, judged when the person goes on; files beside it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.portal.citizen.own import own_frame
from bhxh.doors.portal.filing.draft_view import address_of, as_typed, next_address, problems_shown
from bhxh.doors.portal.filing.opened import HOME, Opened, open_draft, version_of
from bhxh.doors.portal.filing.uploading import BY_SCRIPT, FIELD, UploadPart, files_sent, take_files, upload_part
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import once_of, see_other, signed_in_page
from bhxh.dossiers.answering import get_answers, remove_file, save_page
from bhxh.dossiers.errors import DOS_ANSWERED_ELSEWHERE, DOS_NO_PROCEDURE
from bhxh.dossiers.questions import MOST_FILES, Group, Kind
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.web.form_fields import fields_of
from bhxh.web.form_reading import NOTHING_LOOKED_UP, Problem, Reading, Typed, fruitless, input_name, take_typed
from bhxh.web.languages import in_words, is_switch, spoken
from bhxh.web.moments import instant
from bhxh.web.pages import page

_CHECK, _SEARCH = "kiem-tra", "tim"


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def questions(request: HttpRequest, signed_in: SignedIn, draft_id: UUID, part: str) -> HttpResponse:
    """What was typed is kept, right or wrong; wrong, the page comes back with what is to be fixed."""
    opened = open_draft(signed_in, draft_id)
    group = opened.group(part)
    if opened.draft.filed_code:
        return see_other(f"{HOME}/{opened.draft.filed_code}/da-nop")
    if request.method != "POST":
        is_asked = group.asked({**opened.read().values, **_chosen_here(group)})
        return _show(request, signed_in, opened, group) if is_asked else see_other(address_of(draft_id))
    typed = _typed(opened, group, request)
    seen = version_of(request.POST)
    if is_switch(request):
        return _show(request, signed_in, opened, group, typed=typed, version=seen)
    try:
        kept = save_page(
            actor=opened.actor,
            at=now(),
            draft_id=draft_id,
            page=part,
            typed=take_typed(group, dict(request.POST.lists())),
            seen_version=seen,
            showing=once_of(request),
        )
    except Conflict as conflict:
        if conflict.sentence is not DOS_ANSWERED_ELSEWHERE:
            raise
        if request.headers.get(BY_SCRIPT):
            return HttpResponse(status=409)
        return _show_both(request, signed_in, opened, group, typed)
    if request.headers.get(BY_SCRIPT):
        return HttpResponse(status=204)
    searched = next((one for one in group.questions if one.directory and input_name(one) == request.POST.get(_SEARCH)), None)
    if searched is not None:
        nothing = fruitless(searched, typed, opened.looked(typed).get(searched.field, NOTHING_LOOKED_UP))
        if nothing is not None:
            return _show(
                request, signed_in, opened, group, typed=typed, reading=Reading(values={}, problems=(nothing,)), version=kept.version
            )
        return see_other(_found_at(request, draft_id, part, input_name(searched)))
    reading = opened.read(typed)
    if reading.of(group):
        return _show(request, signed_in, opened, group, typed=typed, reading=reading, version=kept.version)
    to_check = request.GET.get("ve") == _CHECK and not reading.problems
    return see_other(address_of(draft_id, _CHECK) if to_check else next_address(kept, opened.questions, reading, part))


@signed_in_page("POST")
@lets_in(PERSON | REPRESENTATIVE)
def upload(request: HttpRequest, signed_in: SignedIn, draft_id: UUID, part: str) -> HttpResponse:
    """A file that was chosen for one of the page's questions. A script is answered in one sentence."""
    opened = open_draft(signed_in, draft_id)
    group = opened.group(part)
    if is_switch(request):  # of the page that said what is wrong with a file: the switch sends its questions here
        return _show(request, signed_in, opened, group, typed=_typed(opened, group, request), version=version_of(request.POST))
    component = request.POST.get("muc", "")
    question = next((one for one in group.questions if one.kind is Kind.FILES and one.field == component), None)
    if question is None:
        raise NotFound(DOS_NO_PROCEDURE, slug=component[:80])
    try:
        take_files(
            opened.actor,
            now(),
            owner=opened.owner,
            draft_id=draft_id,
            component=component,
            sent=files_sent(request),
            most_files=min(question.most_files, MOST_FILES),
        )
    except (Invalid, Conflict) as refused:
        if request.headers.get(BY_SCRIPT):
            return HttpResponse(refused.text(spoken()), status=422, content_type="text/plain; charset=utf-8")
        words = (refused.text("vi"), refused.text("en"))
        problem = Problem(field=component, at=input_name(question), words=words)
        again = open_draft(signed_in, draft_id)
        return _show(request, signed_in, again, group, reading=Reading(values={}, problems=(problem,)))
    if request.headers.get(BY_SCRIPT):
        return HttpResponse(status=204)
    return see_other(address_of(draft_id, part))


@signed_in_page("POST")
@lets_in(PERSON | REPRESENTATIVE)
def remove(request: HttpRequest, signed_in: SignedIn, draft_id: UUID) -> HttpResponse:
    """A file is taken out of the draft; the page that has its question is shown again."""
    opened = open_draft(signed_in, draft_id)
    upload_id = request.POST.get(FIELD, "")
    component = next((file.component for file in opened.draft.files if file.upload_id == upload_id), "")
    remove_file(actor=opened.actor, at=now(), draft_id=draft_id, upload_id=upload_id)
    pages = [group.code for group in opened.questions.groups if component in {question.field for question in group.questions}]
    return see_other(address_of(draft_id, *pages[:1]))


def _found_at(request: HttpRequest, draft_id: UUID, part: str, name: str) -> str:
    """The page again, at the list of what was found; on the way back to the check where the person came from there."""
    back = f"ve={_CHECK}&" if request.GET.get("ve") == _CHECK else ""
    return f"{address_of(draft_id, part)}?{back}{_SEARCH}={name}#{name}-found"


def _show(
    request: HttpRequest,
    signed_in: SignedIn,
    opened: Opened,
    group: Group,
    *,
    typed: Typed | None = None,
    reading: Reading | None = None,
    version: int | None = None,
) -> HttpResponse:
    problems = reading.of(group) if reading else ()
    said = opened.draft.typed if typed is None else typed
    asked = group.asked({**opened.read(said).values, **_chosen_here(group)})
    shown = Group(code=group.code, title=group.title, note=group.note, questions=asked)
    here = address_of(opened.draft.draft_id, group.code)
    context = {
        "fields": fields_of(shown, said, problems, looked=opened.looked(said), found_now=request.GET.get(_SEARCH, "")),
        "note": in_words(group.note),
        "parts": _parts(opened, shown, problems),
        "errors": problems_shown(problems),
        "version": opened.draft.version if version is None else version,
        "address": f"{here}?ve={_CHECK}" if request.GET.get("ve") == _CHECK else here,
        "later": address_of(opened.draft.draft_id),
    }
    back = (address_of(opened.draft.draft_id), in_words((opened.procedure.title_vi, opened.procedure.title_en)))
    return page(
        request,
        "filing/questions.html",
        context,
        title=in_words(group.title),
        frame=own_frame(request, signed_in, HOME, opened.owner.id, back=back),
        status=422 if problems else 200,
        has_errors=bool(problems),
        has_form=True,
    )


def _typed(opened: Opened, group: Group, request: HttpRequest) -> Typed:
    """Everything that was typed so far, with what this form of the group's page brings."""
    return {**opened.draft.typed, **take_typed(group, dict(request.POST.lists()))}


def _show_both(request: HttpRequest, signed_in: SignedIn, opened: Opened, group: Group, typed: Typed) -> HttpResponse:
    """Two devices wrote on one page: both versions, and the person chooses. Nothing was overwritten."""
    kept = get_answers(opened.draft.draft_id, actor=opened.actor)
    mine, here = take_typed(group, dict(request.POST.lists())), address_of(kept.draft_id, group.code)
    context = {
        "kept": as_typed(group, kept.typed, opened.read(kept.typed)),
        "typed": as_typed(group, typed, opened.read(typed)),
        "kept_at": instant(kept.saved_at),
        "hidden": [(name, text) for name, texts in mine.items() for text in texts],
        "version": kept.version,
        "address": here,
    }
    title = in_words(("Trang này đã được sửa ở nơi khác", "This page was changed elsewhere"))
    return page(
        request,
        "filing/both_versions.html",
        context,
        title=title,
        frame=own_frame(request, signed_in, HOME, opened.owner.id),
        status=409,
        has_form=True,
    )


def _chosen_here(group: Group) -> dict[str, list[str]]:
    """WHY every value: a question that depends on another one of this page stands on it, whatever is chosen there so far."""
    return {question.field: [choice.value for choice in question.choices] for question in group.questions if question.choices}


def _parts(opened: Opened, group: Group, problems: tuple[Problem, ...]) -> list[UploadPart]:
    files, wrong = opened.files(), {problem.field: in_words(problem.words) for problem in problems}
    return [
        upload_part(
            name=input_name(question),
            address=address_of(opened.draft.draft_id, group.code, "tep"),
            component=question.field,
            label=in_words(question.label),
            hint=in_words(question.hint),
            files=files.get(question.field, ()),
            is_optional=question.is_optional,
            error=wrong.get(question.field, ""),
        )
        for question in group.questions
        if question.kind is Kind.FILES
    ]
