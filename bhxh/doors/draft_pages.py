"""The pages of a draft: what is to be done, one group of questions on each page, the files beside them, deleting it.

Saved with every sending and while typing, judged when somebody goes on. Shared by `portal` and `office`: a `Desk` says what differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.doors.draft_files import FIELD, UploadPart, take_files, upload_part
from bhxh.doors.draft_view import CHECK, as_typed, count_done, known_rows, next_address, problems_shown, shown_draft, tasks_of
from bhxh.doors.drafts import Opened, version_of
from bhxh.doors.form_owners import mark_of_shown, was_shown
from bhxh.doors.signed_in_page import BY_SCRIPT, once_of, see_other
from bhxh.dossiers.answering import AnswersView, drop_answers, get_answers, remove_file, save_page
from bhxh.dossiers.errors import DOS_ANSWERED_ELSEWHERE, DOS_NO_PROCEDURE
from bhxh.dossiers.questions import MOST_FILES, Group, Kind, Question, Words
from bhxh.kernel.clock import now
from bhxh.kernel.data_groups import DataGroup
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.web.form_fields import fields_of
from bhxh.web.form_reading import NOTHING_LOOKED_UP, Problem, Reading, Typed, fruitless, input_name, take_typed
from bhxh.web.languages import in_words, is_switch
from bhxh.web.moments import instant
from bhxh.web.pages import Frame, page

_SEARCH = "tim"
_ASKED: Final = "da-hoi"
"""Field of the question before a draft is deleted: that it was asked about this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The door at which a draft is worked on, in one request."""

    open: Callable[[], Opened]
    """The draft as it is kept now; the look is written. Once in a request: what changed since is read by `Opened.anew`."""
    open_unshown: Callable[[], Opened]
    """The same without a look: only for what a script sends by itself, where the answer shows nothing of it."""
    frame: Callable[[Opened, tuple[str, str] | None], Frame]
    """With where its back link leads."""
    filed: Callable[[str], str]
    """Where a dossier is shown that was filed just now, by its code."""
    home: tuple[str, Words]
    """Where drafts are listed; with `?xong=xoa` it says that one is gone."""
    account: str
    mistake: Callable[[DataGroup, str], str] | None = None
    """Where somebody says that what is known is wrong; None where that is not said from here."""


def show_tasks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is to be done, page by page, and what stands there already."""
    opened = desk.open()
    if opened.draft.filed_code:
        return see_other(desk.filed(opened.draft.filed_code))
    reading = opened.read()
    done, pages = count_done(opened.draft, opened.questions, reading)
    context = {
        "tasks": tasks_of(opened.draft, opened.questions, reading, base=opened.base),
        "done": done,
        "pages": pages,
        "known": known_rows(opened.known(), desk.mistake),
        "saved_at": instant(opened.draft.saved_at),
        "expires_on": shown_draft(opened.draft, opened.procedure, opened.base).expires_on,
        "delete": f"{opened.base}/xoa",
        "whom": opened.whom,
    }
    back = (desk.home[0], in_words(desk.home[1]))
    return page(request, "web/draft.html", context, title=_title(opened), frame=desk.frame(opened, back))


def delete_draft(request: HttpRequest, desk: Desk, draft_id: UUID) -> HttpResponse:
    """Asked once more before a draft is gone. The question answered a second time ends at the list as well, which says that it is gone."""
    gone = f"{desk.home[0]}?xong=xoa"
    try:
        opened = desk.open()
        if request.method == "POST":
            drop_answers(actor=opened.actor, at=now(), draft_id=draft_id)
            return see_other(gone)
    except NotFound:
        # WHY the mark: a draft that is gone leaves nothing, and somebody else's is to be answered as if there were none.
        if request.method == "POST" and was_shown(request.POST.get(_ASKED, ""), desk.account, str(draft_id)):
            return see_other(gone)
        raise
    context = {
        "draft": shown_draft(opened.draft, opened.procedure, opened.base),
        "asked": (_ASKED, mark_of_shown(desk.account, str(draft_id))),
        "whom": opened.whom,
    }
    title = in_words(("Xóa bản nháp này?", "Delete this draft?"))
    back = (opened.base, in_words(("Quay lại bản nháp", "Back to the draft")))
    return page(request, "web/draft_delete.html", context, title=title, frame=desk.frame(opened, back))


def ask(request: HttpRequest, desk: Desk, part: str) -> HttpResponse:
    """What was typed is kept, right or wrong; wrong, the page comes back with what is to be fixed."""
    if _is_by_script(request) and not request.FILES:  # a script sends files to `take_upload`
        return _keep_by_script(request, desk, part)
    opened = desk.open()
    group = opened.group(part)
    if opened.draft.filed_code:
        return see_other(desk.filed(opened.draft.filed_code))
    if request.method != "POST":
        is_asked = group.asked({**opened.read().values, **_chosen_here(group)})
        return _show(request, desk, opened, group) if is_asked else see_other(opened.base)
    typed = _typed(opened, group, request)
    if is_switch(request):
        return _show(request, desk, opened, group, typed=typed, version=version_of(request.POST))
    alone = _file_question(group)
    if alone is not None and request.FILES:  # without scripts: chosen, and gone on without pressing the button that sends it
        problem = _taken(request, opened, alone)
        if problem is not None:
            return _show_refused(request, desk, opened, group, problem)
        opened = opened.anew()
    try:
        kept = _keep(request, opened, group)
    except Conflict as conflict:
        if conflict.sentence is not DOS_ANSWERED_ELSEWHERE:
            raise
        return _show_both(request, desk, opened, group, typed)
    searched = next((one for one in group.questions if one.directory and input_name(one) == request.POST.get(_SEARCH)), None)
    if searched is not None:
        nothing = fruitless(searched, typed, opened.looked(typed).get(searched.field, NOTHING_LOOKED_UP))
        if nothing is not None:
            return _show(request, desk, opened, group, typed=typed, reading=Reading(values={}, problems=(nothing,)), version=kept.version)
        return see_other(_found_at(request, opened, part, input_name(searched)))
    reading = opened.read(typed)
    if reading.of(group):
        return _show(request, desk, opened, group, typed=typed, reading=reading, version=kept.version)
    to_check = request.GET.get("ve") == CHECK and not reading.problems
    return see_other(f"{opened.base}/{CHECK}" if to_check else next_address(opened.questions, reading, part, base=opened.base))


def take_upload(request: HttpRequest, desk: Desk, part: str) -> HttpResponse:
    """A file that was chosen for one of the page's questions. A script is answered in one sentence."""
    is_by_script = _is_by_script(request)
    opened = desk.open_unshown() if is_by_script else desk.open()
    group = opened.group(part)
    if is_switch(request):  # of the page that said what is wrong with a file: the switch sends its questions here
        return _show(request, desk, opened, group, typed=_typed(opened, group, request), version=version_of(request.POST))
    component = request.POST.get("muc", "")
    question = next((one for one in group.questions if one.kind is Kind.FILES and one.field == component), None)
    if question is None:
        raise NotFound(DOS_NO_PROCEDURE, slug=component[:80])
    problem = _taken(request, opened, question)
    if is_by_script and problem is not None:
        return HttpResponse(in_words(problem.words), status=422, content_type="text/plain; charset=utf-8")
    if is_by_script:
        return HttpResponse(status=204)
    if problem is not None:
        return _show_refused(request, desk, opened, group, problem)
    return see_other(f"{opened.base}/{part}")


def take_out(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A file is taken out of the draft; the page that has its question is shown again."""
    opened = desk.open()
    upload_id = request.POST.get(FIELD, "")
    component = next((file.component for file in opened.draft.files if file.upload_id == upload_id), "")
    remove_file(actor=opened.actor, at=now(), draft_id=opened.draft.draft_id, upload_id=upload_id)
    pages = [group.code for group in opened.questions.groups if component in {question.field for question in group.questions}]
    return see_other("/".join((opened.base, *pages[:1])))


def _is_by_script(request: HttpRequest) -> bool:
    """Whether a script sent it by itself: the answer shows nothing of the draft, and nobody looked at it. A switch of the language shows the page."""
    return request.method == "POST" and BY_SCRIPT in request.headers and not is_switch(request)


def _keep_by_script(request: HttpRequest, desk: Desk, part: str) -> HttpResponse:
    """What stands on the page while somebody types. Each answer is a status alone: it is asked for every few seconds, and is no look."""
    opened = desk.open_unshown()
    group = opened.group(part)
    if opened.draft.filed_code:
        return see_other(desk.filed(opened.draft.filed_code))
    try:
        _keep(request, opened, group)
    except Conflict as conflict:
        if conflict.sentence is not DOS_ANSWERED_ELSEWHERE:
            raise
        return HttpResponse(status=409)
    return HttpResponse(status=204)


def _keep(request: HttpRequest, opened: Opened, group: Group) -> AnswersView:
    """What was typed, as `save_page` does. Raises Conflict DOS-072."""
    return save_page(
        actor=opened.actor,
        at=now(),
        draft_id=opened.draft.draft_id,
        page=group.code,
        typed=take_typed(group, dict(request.POST.lists())),
        seen_version=version_of(request.POST),
        showing=once_of(request),
    )


def _taken(request: HttpRequest, opened: Opened, question: Question) -> Problem | None:
    """The files that came with the form are put beside the draft; what is wrong with one that is not taken."""
    try:
        take_files(
            request,
            opened.actor,
            now(),
            owner=opened.owner,
            draft_id=opened.draft.draft_id,
            component=question.field,
            most_files=min(question.most_files, MOST_FILES),
        )
    except (Invalid, Conflict) as refused:
        return Problem(field=question.field, at=input_name(question), words=(refused.text("vi"), refused.text("en")))
    return None


def _file_question(group: Group) -> Question | None:
    """The one question of a page that asks for files and nothing else: its form goes on too."""
    return group.questions[0] if len(group.questions) == 1 and group.questions[0].kind is Kind.FILES else None


def _show_refused(request: HttpRequest, desk: Desk, opened: Opened, group: Group, problem: Problem) -> HttpResponse:
    """WHY anew: files before the one that was refused are there."""
    return _show(request, desk, opened.anew(), group, reading=Reading(values={}, problems=(problem,)))


def _found_at(request: HttpRequest, opened: Opened, part: str, name: str) -> str:
    """The page again, at the list of what was found; on the way back to the check where the person came from there."""
    back = f"ve={CHECK}&" if request.GET.get("ve") == CHECK else ""
    return f"{opened.base}/{part}?{back}{_SEARCH}={name}#{name}-found"


def _show(
    request: HttpRequest,
    desk: Desk,
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
    here = f"{opened.base}/{group.code}"
    context = {
        "fields": fields_of(shown, said, problems, looked=opened.looked(said), found_now=request.GET.get(_SEARCH, "")),
        "note": in_words(group.note),
        "parts": _parts(opened, shown, problems),
        "are_files_all": _file_question(shown) is not None,
        "errors": problems_shown(problems),
        "version": opened.draft.version if version is None else version,
        "address": f"{here}?ve={CHECK}" if request.GET.get("ve") == CHECK else here,
        "later": opened.base,
        "whom": opened.whom,
    }
    return page(
        request,
        "web/questions.html",
        context,
        title=in_words(group.title),
        frame=desk.frame(opened, (opened.base, _title(opened))),
        status=422 if problems else 200,
        has_errors=bool(problems),
        has_form=True,
    )


def _title(opened: Opened) -> str:
    return in_words((opened.procedure.title_vi, opened.procedure.title_en))


def _typed(opened: Opened, group: Group, request: HttpRequest) -> Typed:
    """Everything that was typed so far, with what this form of the group's page brings."""
    return {**opened.draft.typed, **take_typed(group, dict(request.POST.lists()))}


def _show_both(request: HttpRequest, desk: Desk, opened: Opened, group: Group, typed: Typed) -> HttpResponse:
    """Two devices wrote on one page: both versions, and the person chooses. Nothing was overwritten."""
    kept = get_answers(opened.draft.draft_id, actor=opened.actor)
    mine = take_typed(group, dict(request.POST.lists()))
    context = {
        "kept": as_typed(group, kept.typed, opened.read(kept.typed)),
        "typed": as_typed(group, typed, opened.read(typed)),
        "kept_at": instant(kept.saved_at),
        "hidden": [(name, text) for name, texts in mine.items() for text in texts],
        "version": kept.version,
        "address": f"{opened.base}/{group.code}",
        "whom": opened.whom,
    }
    title = in_words(("Trang này đã được sửa ở nơi khác", "This page was changed elsewhere"))
    return page(
        request,
        "web/both_versions.html",
        context,
        title=title,
        frame=desk.frame(opened, None),
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
            address=f"{opened.base}/{group.code}/tep",
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
