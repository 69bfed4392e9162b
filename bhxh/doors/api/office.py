"""What officers do: the one national queue, the facts of a line, propose, approve."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import record_looks
from bhxh.doors import dossier_desk
from bhxh.doors.admission import lets_in
from bhxh.doors.api.act_shapes import ActedOut, DocumentOut, SignatureRefusalIn, SupplementRequestIn
from bhxh.doors.api.shapes import (
    After,
    AppraisalIn,
    AppraisedOut,
    ApprovalIn,
    ApprovedOut,
    Code,
    DossierOut,
    EvidenceOut,
    LineOut,
    Number,
    produces,
)
from bhxh.doors.dossier_desk import SEE_DOCUMENTS, SEE_THE_QUEUE, at_documents, at_the_dossier, at_the_queue
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.policies import DECIDING_OFFICERS
from bhxh.dossiers.queries import list_components, list_evidence_of_line, list_lines, list_queue, list_unproven_signatures
from bhxh.dossiers.states import LineState
from bhxh.kernel.clock import now
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.who import officer as officers

router = Router(tags=["office"])


@router.get("/queue", response=list[DossierOut], summary="Dossiers with lines waiting for people, nearest deadline first")
@lets_in(SEE_THE_QUEUE)
def queue(request: HttpRequest) -> list[DossierOut]:
    """One queue for the whole country."""
    at_the_queue(_signed_in(request))
    return [DossierOut.of(view) for view in list_queue()]


@router.get("/dossiers/{code}/lines", response=list[LineOut], summary="Lines waiting for an officer, with findings")
@lets_in(SEE_THE_QUEUE)
def waiting_lines(request: HttpRequest, code: Code, after: After = 0) -> list[LineOut]:
    """Each person shown counts as a look, which that person sees."""
    actor, _, dossier = at_the_dossier(_signed_in(request), code)
    lines = list_lines(dossier.dossier_id, state=LineState.OFFICER, after_number=after)
    seen = sorted({line.person_id for line in lines if line.person_id is not None})
    record_looks(actor=actor, at=now(), person_ids=seen, what="dossier_line", dossier_id=dossier.dossier_id)
    return [LineOut.of(line) for line in lines]


@router.get("/dossiers/{code}/lines/{number}/evidence", response=list[EvidenceOut], summary="What registers said about a line's person")
@lets_in(SEE_THE_QUEUE)
def evidence(request: HttpRequest, code: Code, number: Number) -> list[EvidenceOut]:
    """Register, outcome, time, digest and facts. A look at that person."""
    actor, _, dossier = at_the_dossier(_signed_in(request), code)
    line = next((line for line in list_lines(dossier.dossier_id, after_number=number - 1, limit=1) if line.number == number), None)
    if line is not None and line.person_id is not None:
        record_looks(actor=actor, at=now(), person_ids=[line.person_id], what="evidence", dossier_id=dossier.dossier_id)
    return [
        EvidenceOut(
            register_asked=register,
            kind=answer.kind.value,
            source_kind=answer.source_kind.value,
            fetched_at=answer.fetched_at,
            content_sha256=answer.content_sha256,
            content=dict(answer.content),
        )
        for register, answer in list_evidence_of_line(dossier.dossier_id, number)
    ]


@router.post("/dossiers/{code}/appraisals", response={201: AppraisedOut}, summary="Propose to grant or refuse lines, with a reason")
@lets_in(officers(OfficerRole.APPRAISER))
def propose(request: HttpRequest, code: Code, body: AppraisalIn) -> Status[AppraisedOut]:
    """Nothing takes effect before a second officer approves."""
    number = dossier_desk.propose(
        _signed_in(request),
        code,
        line_numbers=body.lines,
        proposal=Proposal(body.proposal),
        reason=body.reason,
        row_version=body.row_version,
    )
    return Status(201, AppraisedOut(appraisal=number))


@router.post("/dossiers/{code}/approvals", response={201: ApprovedOut}, summary="Approve what another officer proposed")
@lets_in(officers(OfficerRole.APPROVER))
def approve(request: HttpRequest, code: Code, body: ApprovalIn) -> Status[ApprovedOut]:
    """The decision is sealed and takes effect at once. The approver must be another officer than the appraiser."""
    decided = dossier_desk.approve(_signed_in(request), code, line_numbers=body.lines, row_version=body.row_version)
    return Status(201, ApprovedOut(decided=decided))


@router.post("/dossiers/{code}/supplement-requests", response={201: ActedOut}, summary="Ask the filer for everything that is missing, once")
@lets_in(DECIDING_OFFICERS)
def ask_for_supplement(request: HttpRequest, code: Code, body: SupplementRequestIn) -> Status[ActedOut]:
    """The processing limit stops until the filer answers; without an answer the dossier is stopped (R-064, R-080)."""
    defects = [defect.shortcoming() for defect in body.defects]
    asked = dossier_desk.ask_for_supplement(_signed_in(request), code, defects=defects, days=body.days, row_version=body.row_version)
    return Status(201, ActedOut.of(asked))


@router.get("/signatures", response=list[DossierOut], summary="Dossiers whose signature is still not proven, the longest waiting first")
@lets_in(SEE_THE_QUEUE)
def unproven_signatures(request: HttpRequest) -> list[DossierOut]:
    """They are asked about by themselves, every hour at last; one that nobody can prove is ended by an officer."""
    at_the_queue(_signed_in(request))
    return [DossierOut.of(view) for view in list_unproven_signatures()]


@router.post("/dossiers/{code}/signature-refusals", response={201: ActedOut}, summary="End a dossier whose signature nobody could prove")
@lets_in(DECIDING_OFFICERS)
def end_for_signature(request: HttpRequest, code: Code, body: SignatureRefusalIn) -> Status[ActedOut]:
    """Only after the authorities were asked as long as any silent partner; the filer gets the reason by letter and may file again."""
    ended = dossier_desk.end_for_signature(_signed_in(request), code, reason=body.reason, row_version=body.row_version)
    return Status(201, ActedOut.of(ended))


@router.get("/dossiers/{code}/documents", response=list[DocumentOut], summary="What a dossier consists of, and where it came from")
@lets_in(SEE_DOCUMENTS)
def documents(request: HttpRequest, code: Code) -> list[DocumentOut]:
    """Codes and digests; nobody's data."""
    _, dossier = at_documents(_signed_in(request), code)
    return [DocumentOut.of(component) for component in list_components(dossier.dossier_id)]


@router.get("/dossiers/{code}/documents/{sha256}", summary="One document that the filer supplied", openapi_extra=produces("*/*"))
@lets_in(SEE_DOCUMENTS)
def document(request: HttpRequest, code: Code, sha256: str) -> HttpResponse:
    """The bytes as stored. Whom it names is not known, so it is a look at everybody of the dossier."""
    opened = dossier_desk.open_document(_signed_in(request), code, sha256)
    response = HttpResponse(opened.content, content_type=opened.media_type)
    response["Content-Disposition"] = "attachment"
    return response


def _signed_in(request: HttpRequest) -> SignedIn:
    proven: SignedIn = request.auth  # type: ignore[attr-defined]
    return proven
