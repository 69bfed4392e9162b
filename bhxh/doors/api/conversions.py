"""The desk: papers are scanned, compared and certified; electronic originals are set for the printer. For officers who convert."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Status

from bhxh.doors import conversion_desk
from bhxh.doors.admission import lets_in
from bhxh.doors.api.conversion_shapes import (
    CaseIn,
    CaseOut,
    CheckedScansOut,
    ConfirmationOfScansIn,
    EndIn,
    PrintIn,
    PrintOut,
    ScanProposalIn,
    ScansIn,
)
from bhxh.doors.api.shapes import produces, takes
from bhxh.doors.api.warehouse_shapes import Kind, UploadOut
from bhxh.doors.conversion_desk import CONVERTERS, OpenedFile
from bhxh.doors.signed_in import SignedIn
from bhxh.warehouse.sealed_file import PIECE_BYTES

router = Router(tags=["conversion"])


@router.post("/conversions", response={201: CaseOut}, summary="A paper came to the desk: whose, what it is, how many pages")
@lets_in(CONVERTERS)
def open_case(request: HttpRequest, body: CaseIn) -> Status[CaseOut]:
    """Its number stands for it from then on, so that no personal number stands in an address."""
    case = conversion_desk.open_case(
        _signed_in(request), pin=body.pin, employer=body.employer, original=body.original, paper=body.paper, pages=body.pages
    )
    return Status(201, CaseOut.of(case))


@router.get("/conversions", response=list[CaseOut], summary="What waits for a second person, the oldest first")
@lets_in(CONVERTERS)
def waiting(request: HttpRequest) -> list[CaseOut]:
    """Kinds of paper, states and counts; nobody's data."""
    return [CaseOut.of(case) for case in conversion_desk.waiting(_signed_in(request))]


@router.get("/conversions/{case_id}", response=CaseOut, summary="Where a conversion stands")
@lets_in(CONVERTERS)
def show_case(request: HttpRequest, case_id: UUID) -> CaseOut:
    """Every step that was taken."""
    return CaseOut.of(conversion_desk.show_case(_signed_in(request), case_id))


@router.post(
    "/conversions/{case_id}/uploads",
    response={202: UploadOut},
    summary="Keep a scan in the owner's warehouse: PDF, PNG, JPEG",
    openapi_extra=takes("application/octet-stream"),
)
@lets_in(CONVERTERS)
def keep_scan(request: HttpRequest, case_id: UUID, kind: Kind = "other") -> Status[UploadOut]:
    """The body is the file, with its length. It is examined as if its owner had sent it in."""
    expected = int(request.META.get("CONTENT_LENGTH") or 0)
    upload = conversion_desk.keep_scan(_signed_in(request), case_id, kind=kind, content=_body(request), expected_bytes=expected)
    return Status(202, UploadOut.of(upload))


@router.get("/conversions/{case_id}/uploads/{upload_id}", response=UploadOut, summary="Whether a scan was examined, and what it is kept as")
@lets_in(CONVERTERS)
def show_scan(request: HttpRequest, case_id: UUID, upload_id: UUID) -> UploadOut:
    """Its `item_id` is what a proposal takes."""
    return UploadOut.of(conversion_desk.show_scan(_signed_in(request), case_id, upload_id))


@router.post("/conversions/{case_id}/checks", response=CheckedScansOut, summary="Are these scans readable, and are they all of it")
@lets_in(CONVERTERS)
def check(request: HttpRequest, case_id: UUID, body: ScansIn) -> CheckedScansOut:
    """Measures every page and writes nothing."""
    return CheckedScansOut.of(*conversion_desk.check(_signed_in(request), case_id, body.items))


@router.post(
    "/conversions/{case_id}/proposal", response=CaseOut, summary="These scans are the paper: certified, or waiting for a second person"
)
@lets_in(CONVERTERS)
def propose(request: HttpRequest, case_id: UUID, body: ScanProposalIn) -> CaseOut:
    """The same again changes nothing, and goes on where an earlier one broke off."""
    done = conversion_desk.convert(_signed_in(request), case_id, body.items, has_compared=body.has_compared, remarks=body.remarks)
    return CaseOut.of(done)


@router.post("/conversions/{case_id}/confirmation", response=CaseOut, summary="A second person compared it too: certified")
@lets_in(CONVERTERS)
def confirm(request: HttpRequest, case_id: UUID, body: ConfirmationOfScansIn) -> CaseOut:
    """Another officer, and another human being, than who proposed it."""
    return CaseOut.of(conversion_desk.confirm(_signed_in(request), case_id, has_compared=body.has_compared))


@router.post("/conversions/{case_id}/refusal", response=CaseOut, summary="The scans are not the paper")
@lets_in(CONVERTERS)
def decline(request: HttpRequest, case_id: UUID, body: EndIn) -> CaseOut:
    """It may be put forward anew with others."""
    return CaseOut.of(conversion_desk.decline(_signed_in(request), case_id, words=body.words))


@router.post("/conversions/{case_id}/withdrawal", response=CaseOut, summary="What was certified is wrong")
@lets_in(CONVERTERS)
def withdraw(request: HttpRequest, case_id: UUID, body: EndIn) -> CaseOut:
    """Whoever verifies it is told from now on, and its owner by letter."""
    return CaseOut.of(conversion_desk.withdraw(_signed_in(request), case_id, words=body.words))


@router.get("/conversions/{case_id}/files/{item_id}", summary="A scan, or the converted file", openapi_extra=produces("*/*"))
@lets_in(CONVERTERS)
def show_file(request: HttpRequest, case_id: UUID, item_id: UUID) -> StreamingHttpResponse:
    """Only what this conversion is made of or has made, always as something to save."""
    return _file(conversion_desk.open_file(_signed_in(request), case_id, item_id))


@router.post("/print-copies", response={201: PrintOut}, summary="Set an electronic original for the printer")
@lets_in(CONVERTERS)
def make_print(request: HttpRequest, body: PrintIn) -> Status[PrintOut]:
    """A paper of the warehouse, or a person's latest book. Asked again on the same day, the same officer is given the same one."""
    made = conversion_desk.make_print(_signed_in(request), pin=body.pin, employer=body.employer, item_id=body.item_id)
    return Status(201, PrintOut.of(made))


@router.get("/print-copies/{print_id}/file", summary="A print copy", openapi_extra=produces("application/pdf"))
@lets_in(CONVERTERS)
def show_print(request: HttpRequest, print_id: UUID) -> StreamingHttpResponse:
    """To be printed, signed and sealed."""
    return _file(conversion_desk.open_print(_signed_in(request), print_id))


def _body(request: HttpRequest) -> Iterator[bytes]:
    """WHY not `request.body`: that would hold all of it."""
    while piece := request.read(PIECE_BYTES):
        yield piece


def _file(opened: OpenedFile) -> StreamingHttpResponse:
    response = StreamingHttpResponse(opened.pieces, content_type=opened.item.media_type)
    response["Content-Disposition"] = "attachment"
    response["Content-Length"] = str(opened.item.size_bytes)
    return response


def _signed_in(request: HttpRequest) -> SignedIn:
    proven: SignedIn = request.auth  # type: ignore[attr-defined]
    return proven
