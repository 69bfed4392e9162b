"""An owner's electronic warehouse: what is kept there, sending papers in, taking one or all of them out."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Status

from bhxh.book.seal_keys import bound_seal_key
from bhxh.doors.admission import lets_in
from bhxh.doors.api.shapes import produces, takes
from bhxh.doors.api.warehouse_shapes import Before, ItemOut, Kind, UploadOut
from bhxh.doors.own_warehouse import look_at_papers, remove_paper, warehouse_owner
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.queries import list_codes
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.who import EMPLOYER, PERSON, REPRESENTATIVE
from bhxh.own_data import archive
from bhxh.own_data.files import file_name, list_items_of
from bhxh.warehouse import flows
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import get_item, list_items, stream_item
from bhxh.warehouse.sealed_file import PIECE_BYTES
from bhxh.warehouse.uploads import get_upload, list_uploads

router = Router(tags=["warehouse"])
_OWNERS = PERSON | REPRESENTATIVE | EMPLOYER


@router.get("/items", response=list[ItemOut], summary="The papers of one's own warehouse, newest first")
@lets_in(_OWNERS)
def show_items(request: HttpRequest, before: Before = None) -> list[ItemOut]:
    """A page: what was filed, decided and sealed for the owner, and what the owner keeps here."""
    actor, owner = _owner(request)
    items = list_items(owner, before=before)
    look_at_papers(actor, owner, (), "warehouse")
    codes = list_codes({item.dossier_id for item in items if item.dossier_id is not None})
    return [ItemOut.of(item, dossier=codes.get(item.dossier_id, "") if item.dossier_id else "") for item in items]


@router.get("/items/{item_id}", summary="One paper", openapi_extra=produces("*/*"))
@lets_in(_OWNERS)
def show_item(request: HttpRequest, item_id: UUID) -> StreamingHttpResponse:
    """The very bytes that were kept, always as something to save, never to be shown in the page."""
    actor, owner = _owner(request)
    item = get_item(item_id, owner=owner)
    pieces = stream_item(item)
    look_at_papers(actor, owner, [item], "warehouse_item")
    return _to_save(pieces, item.media_type, file_name(item).rpartition("/")[2], size_bytes=item.size_bytes)


@router.post("/items/{item_id}/removal", response={204: None}, summary="Remove a paper that one sent in")
@lets_in(_OWNERS)
def remove_item(request: HttpRequest, item_id: UUID) -> Status[None]:
    """Nobody reads it from now on, and a day later its file goes. What a dossier, a draft or a conversion uses is refused, as is every record of
    the agency's. The same again answers the same.
    """
    actor, owner = _owner(request)
    remove_paper(actor, owner, item_id)
    return Status(204, None)


@router.get("/archive", summary="Everything in one's own warehouse, as one archive", openapi_extra=produces("application/zip"))
@lets_in(_OWNERS)
def show_archive(request: HttpRequest) -> StreamingHttpResponse:
    """Sent file by file; last of all a sealed manifest with the digest of each, which `bhxh verify` checks offline.

    Asks for a sign-in of just now.
    """
    actor, owner = _owner(request)
    _signed_in(request).check_fresh()
    at = now()
    look_at_papers(actor, owner, list_items_of(owner), "warehouse_archive")
    pieces = archive.stream_warehouse(owner, custodian=partners().custodian, at=at, key=bound_seal_key())
    return _to_save(pieces, "application/zip", f"kho-du-lieu-{day_in_vietnam(at)}.zip")


@router.post(
    "/uploads",
    response={202: UploadOut},
    summary="Keep a paper in one's own warehouse: PDF, PNG, JPEG or signed XML",
    openapi_extra=takes("application/octet-stream"),
)
@lets_in(_OWNERS)
def keep(request: HttpRequest, kind: Kind = "other") -> Status[UploadOut]:
    """The body is the file, with its length. It waits in quarantine until it was examined; ask for its state at the address with its id."""
    actor, owner = _owner(request)
    upload = flows.receive(
        actor=actor,
        at=now(),
        owner=owner,
        kind=kind,
        content=_body(request),
        expected_bytes=int(request.META.get("CONTENT_LENGTH") or 0),
        maximum_bytes=partners().maximum_document_bytes,
    )
    return Status(202, UploadOut.of(upload))


@router.get("/uploads", response=list[UploadOut], summary="What one sent in, and what became of it, newest first")
@lets_in(_OWNERS)
def show_uploads(request: HttpRequest, before: Before = None) -> list[UploadOut]:
    """A page."""
    actor, owner = _owner(request)
    look_at_papers(actor, owner, (), "warehouse")
    return [UploadOut.of(upload) for upload in list_uploads(owner, before=before)]


@router.get("/uploads/{upload_id}", response=UploadOut, summary="Where a file that was sent in stands")
@lets_in(_OWNERS)
def show_upload(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """Received, usable, or refused with the reason."""
    actor, owner = _owner(request)
    upload = get_upload(upload_id, owner=owner)
    look_at_papers(actor, owner, (), "warehouse")
    return UploadOut.of(upload)


def _body(request: HttpRequest) -> Iterator[bytes]:
    """WHY not `request.body`: that would hold all of it."""
    while piece := request.read(PIECE_BYTES):
        yield piece


def _to_save(pieces: Iterable[bytes], media_type: str, name: str, *, size_bytes: int | None = None) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    if size_bytes is not None:
        response["Content-Length"] = str(size_bytes)
    return response


def _owner(request: HttpRequest) -> tuple[Actor, Owner]:
    return warehouse_owner(_signed_in(request))


def _signed_in(request: HttpRequest) -> SignedIn:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in
