"""The desk: papers are scanned, compared and certified; electronic originals are set for the printer. For officers who convert."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Status

from bhxh.access.permissions import check_convert
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.audit.commands import record_look
from bhxh.conversion import commands, flows
from bhxh.conversion.desks import find_owner
from bhxh.conversion.facts import CaseView
from bhxh.conversion.printing import print_book, print_item
from bhxh.conversion.queries import get_case, get_print, list_waiting
from bhxh.doors.admission import lets_in
from bhxh.doors.api.conversion_shapes import (
    CaseIn,
    CaseOut,
    CheckedScansOut,
    ConfirmationOfScansIn,
    EndIn,
    OwnerIn,
    PrintIn,
    PrintOut,
    ScanProposalIn,
    ScansIn,
)
from bhxh.doors.api.shapes import produces, takes
from bhxh.doors.api.warehouse_shapes import Kind, UploadOut
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import officer
from bhxh.warehouse import flows as warehouse
from bhxh.warehouse.errors import WAR_NO_ITEM
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import get_item, stream_item
from bhxh.warehouse.sealed_file import PIECE_BYTES
from bhxh.warehouse.uploads import get_upload

router = Router(tags=["conversion"])
_CONVERTERS = officer(OfficerRole.CONVERTER)


@router.post("/conversions", response={201: CaseOut}, summary="A paper came to the desk: whose, what it is, how many pages")
@lets_in(_CONVERTERS)
def open_case(request: HttpRequest, body: CaseIn) -> Status[CaseOut]:
    """Its number stands for it from then on, so that no personal number stands in an address."""
    actor, owner = _desk(request, body)
    case_id = commands.open_case(
        actor=actor,
        at=now(),
        owner=owner,
        original=body.original,
        paper=body.paper,
        declared_pages=body.pages,
        limits=partners().readable_from,
    )
    _look(actor, owner)
    return Status(201, CaseOut.of(get_case(case_id)))


@router.get("/conversions", response=list[CaseOut], summary="What waits for a second person, the oldest first")
@lets_in(_CONVERTERS)
def waiting(request: HttpRequest) -> list[CaseOut]:
    """Kinds of paper, states and counts; nobody's data."""
    actor, facts = _officer(request)
    check_convert(actor, officer=facts)
    return [CaseOut.of(case) for case in list_waiting()]


@router.get("/conversions/{case_id}", response=CaseOut, summary="Where a conversion stands")
@lets_in(_CONVERTERS)
def show_case(request: HttpRequest, case_id: UUID) -> CaseOut:
    """Every step that was taken."""
    actor, case = _case(request, case_id)
    _look(actor, case.owner)
    return CaseOut.of(case)


@router.post(
    "/conversions/{case_id}/uploads",
    response={202: UploadOut},
    summary="Keep a scan in the owner's warehouse: PDF, PNG, JPEG",
    openapi_extra=takes("application/octet-stream"),
)
@lets_in(_CONVERTERS)
def keep_scan(request: HttpRequest, case_id: UUID, kind: Kind = "other") -> Status[UploadOut]:
    """The body is the file, with its length. It is examined as if its owner had sent it in."""
    actor, case = _case(request, case_id)
    upload = warehouse.receive(
        actor=actor,
        at=now(),
        owner=case.owner,
        kind=kind,
        content=_body(request),
        expected_bytes=int(request.META.get("CONTENT_LENGTH") or 0),
        maximum_bytes=partners().maximum_document_bytes,
    )
    _look(actor, case.owner)
    return Status(202, UploadOut.of(upload))


@router.get("/conversions/{case_id}/uploads/{upload_id}", response=UploadOut, summary="Whether a scan was examined, and what it is kept as")
@lets_in(_CONVERTERS)
def show_scan(request: HttpRequest, case_id: UUID, upload_id: UUID) -> UploadOut:
    """Its `item_id` is what a proposal takes."""
    actor, case = _case(request, case_id)
    upload = get_upload(upload_id, owner=case.owner)
    _look(actor, case.owner)
    return UploadOut.of(upload)


@router.post("/conversions/{case_id}/checks", response=CheckedScansOut, summary="Are these scans readable, and are they all of it")
@lets_in(_CONVERTERS)
def check(request: HttpRequest, case_id: UUID, body: ScansIn) -> CheckedScansOut:
    """Measures every page and writes nothing."""
    actor, case = _case(request, case_id)
    scanned, shortcomings = flows.check(case_id, body.items, desk=partners().desk())
    _look(actor, case.owner)
    return CheckedScansOut.of(scanned, shortcomings)


@router.post(
    "/conversions/{case_id}/proposal", response=CaseOut, summary="These scans are the paper: certified, or waiting for a second person"
)
@lets_in(_CONVERTERS)
def propose(request: HttpRequest, case_id: UUID, body: ScanProposalIn) -> CaseOut:
    """The same again changes nothing, and goes on where an earlier one broke off."""
    actor, case = _case(request, case_id)
    done = flows.convert(
        actor=actor,
        at=now(),
        case_id=case_id,
        item_ids=body.items,
        has_compared=body.has_compared,
        remarks=body.remarks,
        desk=partners().desk(),
    )
    _look(actor, case.owner)
    return CaseOut.of(done)


@router.post("/conversions/{case_id}/confirmation", response=CaseOut, summary="A second person compared it too: certified")
@lets_in(_CONVERTERS)
def confirm(request: HttpRequest, case_id: UUID, body: ConfirmationOfScansIn) -> CaseOut:
    """Another officer, and another human being, than who proposed it."""
    actor, case = _case(request, case_id)
    done = flows.confirm(actor=actor, at=now(), case_id=case_id, has_compared=body.has_compared, desk=partners().desk())
    _look(actor, case.owner)
    return CaseOut.of(done)


@router.post("/conversions/{case_id}/refusal", response=CaseOut, summary="The scans are not the paper")
@lets_in(_CONVERTERS)
def decline(request: HttpRequest, case_id: UUID, body: EndIn) -> CaseOut:
    """It may be put forward anew with others."""
    actor, case = _case(request, case_id)
    commands.decline(actor=actor, at=now(), case_id=case_id, words=body.words)
    _look(actor, case.owner)
    return CaseOut.of(get_case(case_id))


@router.post("/conversions/{case_id}/withdrawal", response=CaseOut, summary="What was certified is wrong")
@lets_in(_CONVERTERS)
def withdraw(request: HttpRequest, case_id: UUID, body: EndIn) -> CaseOut:
    """Whoever verifies it is told from now on, and its owner by letter."""
    actor, case = _case(request, case_id)
    commands.withdraw(actor=actor, at=now(), case_id=case_id, words=body.words, organisation=partners().desk().organisation)
    _look(actor, case.owner)
    return CaseOut.of(get_case(case_id))


@router.get("/conversions/{case_id}/files/{item_id}", summary="A scan, or the converted file", openapi_extra=produces("*/*"))
@lets_in(_CONVERTERS)
def show_file(request: HttpRequest, case_id: UUID, item_id: UUID) -> StreamingHttpResponse:
    """Only what this conversion is made of or has made, always as something to save."""
    actor, case = _case(request, case_id)
    if item_id not in {scan.item_id for scan in case.scanned.scans} | {case.item_id}:
        raise NotFound(WAR_NO_ITEM)
    return _file(actor, case.owner, item_id)


@router.post("/print-copies", response={201: PrintOut}, summary="Set an electronic original for the printer")
@lets_in(_CONVERTERS)
def make_print(request: HttpRequest, body: PrintIn) -> Status[PrintOut]:
    """A paper of the warehouse, or a person's latest book. Asked again on the same day, the same officer is given the same one."""
    actor, owner = _desk(request, body)
    at, desk = now(), partners().desk()
    if body.item_id is not None:
        made = print_item(actor=actor, at=at, owner=owner, item_id=body.item_id, desk=desk)
    elif owner.kind == "person":
        made = print_book(actor=actor, at=at, person_id=owner.id, desk=desk)
    else:
        raise NotFound(WAR_NO_ITEM)
    _look(actor, owner)
    return Status(201, PrintOut.of(made))


@router.get("/print-copies/{print_id}/file", summary="A print copy", openapi_extra=produces("application/pdf"))
@lets_in(_CONVERTERS)
def show_print(request: HttpRequest, print_id: UUID) -> StreamingHttpResponse:
    """To be printed, signed and sealed."""
    actor, facts = _officer(request)
    made = get_print(print_id)
    check_convert(actor, person_id=made.owner.id if made.owner.kind == "person" else None, officer=facts)
    return _file(actor, made.owner, made.item_id)


def _body(request: HttpRequest) -> Iterator[bytes]:
    """WHY not `request.body`: that would hold all of it."""
    while piece := request.read(PIECE_BYTES):
        yield piece


def _file(actor: Actor, owner: Owner, item_id: UUID) -> StreamingHttpResponse:
    item = get_item(item_id, owner=owner)
    pieces = stream_item(item)
    _look(actor, owner)
    response = StreamingHttpResponse(pieces, content_type=item.media_type)
    response["Content-Disposition"] = "attachment"
    response["Content-Length"] = str(item.size_bytes)
    return response


def _look(actor: Actor, owner: Owner) -> None:
    if owner.kind == "person":
        record_look(actor=actor, at=now(), person_id=owner.id, what="conversion")


def _desk(request: HttpRequest, body: OwnerIn) -> tuple[Actor, Owner]:
    actor, facts = _officer(request)
    check_convert(actor, officer=facts)
    owner = find_owner(pin=body.pin, employer=body.employer, custodian=partners().custodian)
    check_convert(actor, person_id=owner.id if owner.kind == "person" else None, officer=facts)
    return actor, owner


def _case(request: HttpRequest, case_id: UUID) -> tuple[Actor, CaseView]:
    actor, facts = _officer(request)
    check_convert(actor, officer=facts)
    case = get_case(case_id)
    check_convert(actor, person_id=case.owner.id if case.owner.kind == "person" else None, officer=facts)
    return actor, case


def _officer(request: HttpRequest) -> tuple[Actor, OfficerFacts]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in.officer("conversion")
