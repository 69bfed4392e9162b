"""After filing: what was asked for is supplied, all at once; a dossier is taken back."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.access.authority import Standing
from bhxh.access.permissions import check_withdraw
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.draft_files import FIELD, take_files, upload_part
from bhxh.doors.draft_view import FileShown, files_of
from bhxh.doors.drafts import version_of
from bhxh.doors.own_dossiers import check_file_further, find_own
from bhxh.doors.partners import partners
from bhxh.doors.portal.citizen.own import own_frame
from bhxh.doors.portal.filing.opened import HOME
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import BY_SCRIPT, see_other, signed_in_page
from bhxh.dossiers import catalogue, flows
from bhxh.dossiers.answering import (
    SUPPLEMENT,
    AnswersView,
    begin_answers,
    close_answers,
    find_answers,
    id_of,
    once_of_supplement,
    remove_file,
)
from bhxh.dossiers.commands import withdraw
from bhxh.dossiers.errors import DOS_FILE_NOT_TAKEN, DOS_NO_DOCUMENT, DOS_NO_DOSSIER, DOS_NOT_YET_EXAMINED
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.questions import MOST_FILES
from bhxh.dossiers.states import TERMINAL, State
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.uploads import UploadView, find_uploads
from bhxh.web.languages import in_words, is_switch, spoken
from bhxh.web.pages import page

_REASON = "ly-do"
_MOST_REASON = 500


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def supplement(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Everything that is missing, each with the files for it; sent together, once."""
    who, dossier = _own(signed_in, code)
    if dossier.state is not State.SUPPLEMENT_REQUIRED:
        return see_other(_tracking(dossier))
    draft = find_answers(_draft_id(dossier), actor=who.actor)
    uploads = _uploads(dossier, draft)
    if request.method != "POST":
        return _show_supplement(request, signed_in, dossier, draft, uploads)
    check_file_further(who, dossier)
    wrong = _not_ready(draft, uploads)
    if wrong:
        return _show_supplement(request, signed_in, dossier, draft, uploads, errors=wrong)
    assert draft is not None, "without files nothing is ready"
    at = now()
    items = [(file.component.partition(":")[2], item) for file in draft.files if (item := uploads[UUID(file.upload_id)].item_id)]
    flows.answer_supplement(
        actor=who.actor,
        at=at,
        dossier_id=dossier.dossier_id,
        attachments=(),
        items=items,
        deps=partners().receiving(at),
        row_version=version_of(request.POST),
    )
    close_answers(actor=who.actor, at=at, draft_id=draft.draft_id, code=dossier.code)
    return see_other(f"{_tracking(dossier)}?xong=bo-sung")


@signed_in_page("POST")
@lets_in(PERSON | REPRESENTATIVE)
def supplement_file(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """A file that was chosen for one of the things that are missing."""
    who, dossier = _own(signed_in, code)
    check_file_further(who, dossier)
    asked = request.POST.get("muc", "")
    names = [_part_name(number, defect) for number, defect in enumerate(dossier.supplement_defects)]
    if dossier.state is not State.SUPPLEMENT_REQUIRED or asked not in names:
        return see_other(_tracking(dossier))
    at = now()
    draft_id = begin_answers(actor=who.actor, at=at, procedure_slug=SUPPLEMENT, once=once_of_supplement(dossier.dossier_id), typed={})
    try:
        take_files(
            request,
            who.actor,
            at,
            owner=Owner("person", dossier.person_id or 0),
            draft_id=draft_id,
            component=asked,
            most_files=MOST_FILES,
        )
    except (Invalid, Conflict) as refused:
        if request.headers.get(BY_SCRIPT):
            return HttpResponse(refused.text(spoken()), status=422, content_type="text/plain; charset=utf-8")
        draft = find_answers(draft_id, actor=who.actor)
        errors = [(f"tep-{names.index(asked)}", refused.text(spoken()))]
        return _show_supplement(request, signed_in, dossier, draft, _uploads(dossier, draft), errors=errors)
    return HttpResponse(status=204) if request.headers.get(BY_SCRIPT) else see_other(_supplement(dossier))


@signed_in_page("POST")
@lets_in(PERSON | REPRESENTATIVE)
def supplement_remove(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """A file is not sent after all."""
    who, dossier = _own(signed_in, code)
    remove_file(actor=who.actor, at=now(), draft_id=_draft_id(dossier), upload_id=request.POST.get(FIELD, ""))
    return see_other(_supplement(dossier))


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def take_back(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Asked once more, with what follows from it; done again it changes nothing."""
    who, dossier = _own(signed_in, code)
    if request.method == "POST" and not is_switch(request):
        check_withdraw(who.actor, filer_person_id=dossier.person_id, procedure=dossier.procedure_slug, authority=who.authority)
        withdraw(
            actor=who.actor,
            at=now(),
            dossier_id=dossier.dossier_id,
            reason=request.POST.get(_REASON, "")[:_MOST_REASON],
            row_version=version_of(request.POST),
        )
        return see_other(f"{_tracking(dossier)}?xong=rut")
    if dossier.state in TERMINAL or dossier.decision_count:
        return see_other(_tracking(dossier))
    procedure = catalogue.get(dossier.procedure_slug)
    context = {
        "code": dossier.code,
        "title_of": in_words((procedure.title_vi, procedure.title_en)),
        "version": dossier.row_version,
        "reason": request.POST.get(_REASON, "")[:_MOST_REASON],
        "most": _MOST_REASON,
        "here": f"{HOME}/{dossier.code}/rut",
        "tracking": _tracking(dossier),
    }
    title = in_words(("Rút hồ sơ này?", "Withdraw this dossier?"))
    return page(
        request,
        "filing/withdraw.html",
        context,
        title=title,
        frame=own_frame(request, signed_in, HOME, dossier.person_id or 0, back=_back(dossier)),
        has_form=True,
    )


def _own(signed_in: SignedIn, code: str) -> tuple[Standing, DossierView]:
    who = signed_in.standing("own_dossiers")
    dossier = find_own(who, code, absent=DOS_NO_DOSSIER)
    record_look(actor=who.actor, at=now(), person_id=dossier.person_id or 0, what="dossier", dossier_id=dossier.dossier_id)
    return who, dossier


def _show_supplement(
    request: HttpRequest,
    signed_in: SignedIn,
    dossier: DossierView,
    draft: AnswersView | None,
    uploads: Mapping[UUID, UploadView],
    *,
    errors: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    by_part = {at.removeprefix("tep-"): words for at, words in errors or ()}
    parts = [
        upload_part(
            name=f"tep-{number}",
            address=f"{_supplement(dossier)}/tep",
            component=_part_name(number, defect),
            label=in_words((str(defect["vi"]), str(defect["en"]))),
            hint=in_words(("Ảnh chụp hoặc tệp PDF", "A photo or a PDF file")),
            files=_files(dossier, draft, uploads, _part_name(number, defect)),
            is_optional=False,
            error=by_part.get(str(number), ""),
        )
        for number, defect in enumerate(dossier.supplement_defects)
    ]
    context = {
        "parts": parts,
        "errors": errors or [],
        "version": dossier.row_version,
        "due_on": dossier.supplement_due_on.strftime("%d/%m/%Y") if dossier.supplement_due_on else "",
        "address": _supplement(dossier),
    }
    title = in_words(("Bổ sung hồ sơ", "Supply what is missing"))
    return page(
        request,
        "filing/supplement.html",
        context,
        title=title,
        frame=own_frame(request, signed_in, HOME, dossier.person_id or 0, back=_back(dossier)),
        status=422 if errors else 200,
        has_errors=bool(errors),
    )


def _not_ready(draft: AnswersView | None, uploads: Mapping[UUID, UploadView]) -> list[tuple[str, str]]:
    if draft is None or not draft.files:
        return [("tep-0", in_words((DOS_NO_DOCUMENT.vi, DOS_NO_DOCUMENT.en)))]
    wrong = []
    for file, shown in zip(draft.files, files_of(draft.files, uploads), strict=True):
        if not shown.is_usable:
            sentence = DOS_NOT_YET_EXAMINED if shown.is_waiting else DOS_FILE_NOT_TAKEN
            words = in_words((sentence.vi.format(name=file.name), sentence.en.format(name=file.name)))
            wrong.append((f"tep-{file.component.partition(':')[0]}", words))
    return wrong


def _files(dossier: DossierView, draft: AnswersView | None, uploads: Mapping[UUID, UploadView], part: str) -> tuple[FileShown, ...]:
    files = [file for file in draft.files if file.component == part] if draft else []
    return files_of(files, uploads, remove=f"{_supplement(dossier)}/bo-tep")


def _uploads(dossier: DossierView, draft: AnswersView | None) -> Mapping[UUID, UploadView]:
    owner = Owner("person", dossier.person_id or 0)
    return find_uploads(owner, [UUID(file.upload_id) for file in draft.files]) if draft and draft.files else {}


def _part_name(number: int, defect: Mapping[str, Json]) -> str:
    """`<number>:<component>`: two things may be missing of one component."""
    return f"{number}:{defect.get('component') or SUPPLEMENT}"


def _draft_id(dossier: DossierView) -> UUID:
    return id_of(dossier.person_id or 0, once_of_supplement(dossier.dossier_id))


def _tracking(dossier: DossierView) -> str:
    return f"{HOME}/{dossier.code}/theo-doi"


def _supplement(dossier: DossierView) -> str:
    return f"{HOME}/{dossier.code}/bo-sung"


def _back(dossier: DossierView) -> tuple[str, str]:
    return (_tracking(dossier), in_words(("Theo dõi hồ sơ", "Follow the dossier")))
