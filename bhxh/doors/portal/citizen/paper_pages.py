"""A person's papers: what was filed, decided and sealed for them, and what they keep here themselves."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.own_warehouse import look_at_papers, warehouse_owner
from bhxh.doors.partners import partners
from bhxh.doors.portal.citizen.own import BOOK, own_frame, uuid_of
from bhxh.doors.portal.citizen.paper_view import paper_of, sent_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, signed_in_page
from bhxh.dossiers.queries import list_codes, list_uses_of_papers
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.warehouse import flows
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import list_items
from bhxh.warehouse.uploads import OWN_KINDS, UploadState, list_uploads
from bhxh.web.languages import in_words, spoken
from bhxh.web.pages import page
from bhxh.web.sizes import size_shown

_HERE = "/kho"
_PAGE, _SENT = 20, 10
_MOST_BYTES = 10 * 1024 * 1024
"""LIMIT: of one file in a form; no larger request than 12 MB is read. The API takes larger ones, piece by piece."""
_TITLE = ("Kho giấy tờ của tôi", "My documents")


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def papers(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Newest first, what is being examined on top; and a form to keep one more."""
    actor, owner = warehouse_owner(signed_in)
    if request.method == "POST":
        errors = _keep(request, actor, owner)
        return _show(request, signed_in, actor, owner, errors=errors) if errors else see_other(f"{_HERE}?xong=gui")
    return _show(request, signed_in, actor, owner)


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
        flows.receive(actor=actor, at=now(), owner=owner, kind=kind, content=file.chunks(), expected_bytes=file.size, maximum_bytes=most)
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
        "done": in_words(
            ("Đã nhận tệp. Đang kiểm tra, thường xong trong một phút.", "Received. It is being examined, mostly for a minute.")
        )
        if request.GET.get("xong") == "gui"
        else "",
        "is_fresh": signed_in.is_fresh(),
    }
    frame = own_frame(request, signed_in, BOOK, owner.id)
    status = 422 if errors else 200
    return page(request, "citizen/papers.html", context, title=in_words(_TITLE), frame=frame, status=status, has_errors=bool(errors))
