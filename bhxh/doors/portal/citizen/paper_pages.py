"""A person's papers: what was filed, decided and sealed for them, and what they keep here themselves, as long as they wish."""

from typing import Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.own_warehouse import check_free, look_at_papers, remove_paper, warehouse_owner
from bhxh.doors.partners import partners
from bhxh.doors.portal.citizen.own import BOOK, own_frame, titled, uuid_of
from bhxh.doors.portal.citizen.paper_view import paper_of, sent_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import once_of, see_other, signed_in_page
from bhxh.doors.uploads import once_of_file
from bhxh.dossiers.queries import list_codes, list_uses_of_papers
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.warehouse import flows
from bhxh.warehouse.errors import WAR_TO_BE_KEPT
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import StoredItem, get_item, has_ended, list_items
from bhxh.warehouse.uploads import OWN_KINDS, UploadState, list_uploads
from bhxh.web.languages import in_words, is_switch, spoken
from bhxh.web.pages import page
from bhxh.web.sizes import size_shown

_HERE = "/kho"
_PAGE, _SENT = 20, 10
_MOST_BYTES = 10 * 1024 * 1024
"""LIMIT: of one file in a form; no larger request than 12 MB is read. The API takes larger ones, piece by piece."""
_TITLE, _THING = ("Kho giấy tờ của tôi", "My documents"), ("Kho giấy tờ", "Documents")
_DONE: Final = {
    "gui": ("Đã nhận tệp. Đang kiểm tra, thường xong trong một phút.", "Received. It is being examined, mostly for a minute."),
    "xoa": ("Giấy tờ không còn trong kho của bạn.", "The paper is no longer among your documents."),
}
"""What was done, by the word in the address."""


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def papers(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Newest first, what is being examined on top; and a form to keep one more."""
    actor, owner = warehouse_owner(signed_in)
    if request.method == "POST" and not is_switch(request):
        errors = _keep(request, actor, owner)
        return _show(request, signed_in, actor, owner, errors=errors) if errors else see_other(f"{_HERE}?xong=gui")
    return _show(request, signed_in, actor, owner)


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def remove(request: HttpRequest, signed_in: SignedIn, item_id: UUID) -> HttpResponse:
    """Asked once, with what goes; where something holds the paper, what does. Removed before: the list, which says that it is gone."""
    actor, owner = warehouse_owner(signed_in)
    if has_ended(item_id, owner=owner):
        return see_other(f"{_HERE}?xong=xoa")
    item = get_item(item_id, owner=owner)
    look_at_papers(actor, owner, [item], "warehouse")
    if request.method == "POST":
        try:
            remove_paper(actor, owner, item_id)
        except Conflict as held:
            return _ask(request, signed_in, item, held)
        return see_other(f"{_HERE}?xong=xoa")
    return _ask(request, signed_in, item, _held(item))


def _held(item: StoredItem) -> Conflict | None:
    if not item.is_own:
        return Conflict(WAR_TO_BE_KEPT)
    try:
        check_free(item)
    except Conflict as held:
        return held
    return None


def _ask(request: HttpRequest, signed_in: SignedIn, item: StoredItem, held: Conflict | None) -> HttpResponse:
    title = ("Giấy tờ này không xóa được", "This paper cannot be removed") if held else ("Xóa giấy tờ này?", "Remove this paper?")
    context = {"paper": paper_of(item, dossier=""), "held": held.text(spoken()) if held else "", "papers": _HERE}
    frame = own_frame(request, signed_in, BOOK, item.owner.id, back=(_HERE, in_words(_THING)))
    status = 409 if held and request.method == "POST" else 200
    return page(request, "citizen/remove_paper.html", context, title=in_words(title), frame=frame, status=status)


def _keep(request: HttpRequest, actor: Actor, owner: Owner) -> list[tuple[str, str]]:
    """Take a file in. What is wrong, by field; nothing where it was taken."""
    file, kind = request.FILES.get("tep"), request.POST.get("loai", "")
    errors = []
    if kind not in OWN_KINDS:
        errors.append(("loai", in_words(("Chọn loại giấy tờ", "Choose what sort of paper it is"))))
    if not isinstance(file, UploadedFile) or not file.size:
        errors.append(("tep", in_words(("Chọn tệp có nội dung", "Choose a file that is not empty"))))
        return errors
    most = _most_bytes()
    if file.size > most:
        words = (
            f"Tệp nặng {size_shown(file.size)}, tối đa {size_shown(most)}. Chụp lại ở chế độ thường hoặc chọn tệp khác",
            f"The file has {size_shown(file.size)}, the limit is {size_shown(most)}. Take the picture at normal quality or choose another file",
        )
        errors.append(("tep", in_words(words)))
    if errors:
        return errors
    try:
        flows.receive(
            actor=actor,
            at=now(),
            owner=owner,
            kind=kind,
            content=file.chunks(),
            expected_bytes=file.size,
            maximum_bytes=most,
            once=once_of_file(once_of(request), kind, file),
        )
    except (Invalid, Conflict) as refused:
        return [("tep", refused.text(spoken()))]
    return []


def _most_bytes() -> int:
    return min(_MOST_BYTES, partners().maximum_document_bytes)


def _show(
    request: HttpRequest, signed_in: SignedIn, actor: Actor, owner: Owner, *, errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    before = uuid_of(request.GET.get("truoc", ""))
    found = list_items(owner, before=before, limit=_PAGE + 1)
    items = found[:_PAGE]
    look_at_papers(actor, owner, (), "warehouse")
    uses = list_uses_of_papers(owner.id, [item.item_id for item in items])
    named = {dossier_id for several in uses.values() for dossier_id in several}
    codes = list_codes(named | {item.dossier_id for item in items if item.dossier_id is not None})
    told, chosen = dict(errors or ()), request.POST.get("loai", "")
    context = {
        "papers": [
            paper_of(
                item,
                dossier=codes.get(item.dossier_id, "") if item.dossier_id else "",
                uses=tuple(codes[dossier_id] for dossier_id in uses.get(item.item_id, ())),
            )
            for item in items
        ],
        "sent": [sent_of(one) for one in list_uploads(owner, limit=_SENT) if one.state is not UploadState.USABLE],
        "later": f"{_HERE}?truoc={items[-1].item_id}" if len(found) > _PAGE else "",
        "kinds": [{"value": kind, "words": in_words(words), "is_chosen": kind == chosen} for kind, words in OWN_KINDS.items()],
        "errors": errors or (),
        "error_kind": told.get("loai", ""),
        "error_file": told.get("tep", ""),
        "most": size_shown(_most_bytes()),
        "done": in_words(_DONE.get(request.GET.get("xong", ""), ("", ""))),
        "is_fresh": signed_in.is_fresh(),
    }
    frame = own_frame(request, signed_in, BOOK, owner.id)
    status = 422 if errors else 200
    return page(
        request,
        "citizen/papers.html",
        context,
        **titled(frame, _TITLE, _THING),
        frame=frame,
        status=status,
        has_errors=bool(errors),
        has_form=True,
    )
