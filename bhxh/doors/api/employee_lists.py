"""register_employees over HTTP: judge a workbook, prepare it for the key outside, file it; or file a document signed elsewhere."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Header, Router, Status, UploadedFile

from bhxh.access.permissions import check_file
from bhxh.access.roles import Grant
from bhxh.doors import list_filing
from bhxh.doors.admission import lets_in
from bhxh.doors.api import list_work
from bhxh.doors.api.confirmation_shapes import ConfirmationPreparationOut
from bhxh.doors.api.errors import API_NO_KEY
from bhxh.doors.api.shapes import CheckOut, PreparationOut, ReceiptOut, SignatureIn, decode_base64, takes
from bhxh.doors.api.warehouse_shapes import named_papers
from bhxh.doors.list_filing import ToFile
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.uploads import read_certificate, read_upload
from bhxh.dossiers.drafts import size_of_draft
from bhxh.dossiers.facts import Channel, SourceDocument
from bhxh.dossiers.remote_signing import find_certificate
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month
from bhxh.kernel.who import EMPLOYER, machine
from bhxh.procedures.register_employees.workbook_door import is_long

router = Router(tags=["register_employees"])
_FILERS = EMPLOYER | machine(Grant.FILE_FOR_EMPLOYERS)
_JSON = "application/json; charset=utf-8"
_MOST_DIGITS = 6  # LIMIT: of a line's number; no list has a million lines
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Workbook = Annotated[UploadedFile, File(description="the list as a workbook (.xlsx)")]
Period = Annotated[str, Form(description="declaration period MM/YYYY; this month where empty", max_length=10)]
Repairs = Annotated[
    str,
    Form(
        description="numbers of lines whose proposed repairs (personal number, text of an old font) the clerk confirms: 3,7",
        max_length=300_000,
    ),
]
Batch = Annotated[int, Form(description="which list of the period this is", ge=1, le=999)]


@router.post("/checks", response=CheckOut, summary="Judge a workbook; nothing is filed")
@lets_in(_FILERS)
def check(request: HttpRequest, workbook: Workbook, period: Period = "", confirmed_repairs: Repairs = "", batch: Batch = 1) -> HttpResponse:
    """Every row's verdict with its cells, and the canonical XML the clerk would sign. Up to 50,000 rows; 503 with Retry-After while busy."""
    actor, employer_id = _employer_of(request)
    content = read_upload(workbook)
    answer = list_filing.work_on(
        is_long(content),
        list_work.check,
        actor=actor,
        employer_id=employer_id,
        content=content,
        period=_period(period),
        batch=batch,
        confirmed_repairs=_numbers(confirmed_repairs),
    )
    return HttpResponse(answer, content_type=_JSON)


@router.post("/preparations", response=PreparationOut, summary="Prepare the list for signing by a key outside")
@lets_in(_FILERS)
def prepare(
    request: HttpRequest,
    workbook: Workbook,
    certificate: Annotated[UploadedFile, File(description="the signing certificate, PEM or DER")],
    period: Period = "",
    confirmed_repairs: Repairs = "",
    batch: Batch = 1,
) -> HttpResponse:
    """The readable rows as canonical XML with an empty signature, kept as a draft for a week, and the bytes to sign.

    A list too long for one document is prepared as several: `further` has the second and the following, each to be signed and filed.
    """
    actor, employer_id = _employer_of(request)
    list_ = _to_file(employer_id, workbook, period, confirmed_repairs, batch)
    answer = list_filing.work_on(
        is_long(list_.source.content), list_work.prepare, actor=actor, list_=list_, certificate=read_certificate(certificate.read())
    )
    return HttpResponse(answer, content_type=_JSON)


@router.post(
    "/remote-preparations", response=PreparationOut, summary="Prepare the list for signing by the unit's key at the remote signing service"
)
@lets_in(_FILERS)
def prepare_for_remote(
    request: HttpRequest, workbook: Workbook, period: Period = "", confirmed_repairs: Repairs = "", batch: Batch = 1
) -> HttpResponse:
    """As a preparation for one's own key, with the certificate the service keeps for the unit. Then, for each document, `POST
    /signing/{draft_id}/question`, and `POST /signing/{draft_id}/collection` once the holder approved.
    """
    actor, employer_id = _employer_of(request)
    list_ = _to_file(employer_id, workbook, period, confirmed_repairs, batch)
    answer = list_filing.work_on(
        is_long(list_.source.content),
        list_work.prepare,
        actor=actor,
        list_=list_,
        certificate=find_certificate(actor=actor, signer=partners().remote_signer),
    )
    return HttpResponse(answer, content_type=_JSON)


@router.post(
    "/confirmation-preparations", response=ConfirmationPreparationOut, summary="Prepare the list to be confirmed by e-ID instead of signed"
)
@lets_in(EMPLOYER)
def prepare_to_confirm(
    request: HttpRequest, workbook: Workbook, period: Period = "", confirmed_repairs: Repairs = "", batch: Batch = 1
) -> HttpResponse:
    """The readable rows as canonical XML, kept for a week. While the rule in force allows it, whoever acts for the unit confirms each by
    `POST /confirmations/{draft_id}`, freshly signed in. A list too long for one document is prepared as several (`further`).
    """
    actor, employer_id = _employer_of(request)
    list_ = _to_file(employer_id, workbook, period, confirmed_repairs, batch)
    answer = list_filing.work_on(is_long(list_.source.content), list_work.prepare_to_confirm, actor=actor, list_=list_)
    return HttpResponse(answer, content_type=_JSON)


@router.post("/drafts/{draft_id}/filing", response={200: ReceiptOut, 201: ReceiptOut}, summary="File a prepared list with its signature")
@lets_in(_FILERS)
def file_draft(
    request: HttpRequest,
    draft_id: UUID,
    body: SignatureIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[ReceiptOut]:
    """201 with the receipt once everything is committed; 200 with the first receipt where it was filed before."""
    actor, _ = _employer_of(request)
    view = list_filing.work_on(
        size_of_draft(draft_id, actor=actor) > list_filing.LONG_DOCUMENT_BYTES,
        list_filing.complete,
        actor=actor,
        draft_id=draft_id,
        signature=decode_base64(body.signature, "signature"),
        channel=Channel.API,
        items=named_papers(body.papers),
        idempotency_key=_key(idempotency_key),
    )
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))


@router.post(
    "/filings",
    response={200: ReceiptOut, 201: ReceiptOut},
    summary="File a document signed elsewhere",
    openapi_extra=takes("application/xml"),
)
@lets_in(_FILERS)
def file_document(
    request: HttpRequest, idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = ""
) -> Status[ReceiptOut]:
    """The body is the signed canonical XML (application/xml), as filing software makes it by the published schema."""
    actor, _ = _employer_of(request)
    view = list_filing.work_on(
        len(request.body) > list_filing.LONG_DOCUMENT_BYTES,
        list_filing.receive,
        actor=actor,
        document=request.body,
        channel=Channel.API,
        idempotency_key=_key(idempotency_key),
    )
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))


def _employer_of(request: HttpRequest) -> tuple[Actor, int]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    who = signed_in.standing(list_filing.SLUG)
    employer_id = who.actor.employer_id
    check_file(
        who.actor, filer="employer", employer_id=employer_id, procedure=list_filing.SLUG, authority=who.authority, machine=who.machine
    )
    assert employer_id is not None, "check_file lets nobody through without an employer"
    return who.actor, employer_id


def _to_file(employer_id: int, workbook: UploadedFile, period: str, confirmed_repairs: str, batch: int) -> ToFile:
    return ToFile(
        employer_id=employer_id,
        source=SourceDocument(content=read_upload(workbook), name=(workbook.name or "workbook.xlsx")[:200], media_type=_XLSX),
        period=_period(period),
        batch=batch,
        confirmed_repairs=_numbers(confirmed_repairs),
    )


def _period(text: str) -> Month:
    return Month.parse(text) if text else Month.of(day_in_vietnam(now()))


def _numbers(text: str) -> frozenset[int]:
    parts = text.replace(" ", "").split(",")
    return frozenset(int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= _MOST_DIGITS)


def _key(text: str) -> str:
    if not text:
        raise Invalid(API_NO_KEY)
    return text
