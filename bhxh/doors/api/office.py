"""What officers do: the one national queue, the facts of a line, propose, approve."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bhxh.access.permissions import check_appraise, check_approve, check_decide, check_see_documents, check_see_dossier, check_see_queue
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.audit.commands import record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.api.act_shapes import ActedOut, DocumentOut, SignatureRefusalIn, SupplementRequestIn
from bhxh.doors.api.errors import API_NO_DOCUMENT
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
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import flows
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.line_commands import appraise
from bhxh.dossiers.policies import DECIDING_OFFICERS
from bhxh.dossiers.ports import SourceKind
from bhxh.dossiers.queries import (
    get_dossier,
    list_all_lines,
    list_appraisals,
    list_components,
    list_evidence_of_line,
    list_lines,
    list_queue,
    list_unproven_signatures,
)
from bhxh.dossiers.signature_commands import refuse_signature
from bhxh.dossiers.states import LineState
from bhxh.dossiers.supplement_commands import request_supplement
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import officer as officers
from bhxh.warehouse.store import read_blob

router = Router(tags=["office"])
_SEE_THE_QUEUE: Final = officers(OfficerRole.RECEPTION, OfficerRole.APPRAISER, OfficerRole.APPROVER, OfficerRole.SUPERVISOR)


@router.get("/queue", response=list[DossierOut], summary="Dossiers with lines waiting for people, nearest deadline first")
@lets_in(_SEE_THE_QUEUE)
def queue(request: HttpRequest) -> list[DossierOut]:
    """One queue for the whole country."""
    actor, officer = _officer(request, "queue")
    check_see_queue(actor, officer=officer)
    return [DossierOut.of(view) for view in list_queue()]


@router.get("/dossiers/{code}/lines", response=list[LineOut], summary="Lines waiting for an officer, with findings")
@lets_in(_SEE_THE_QUEUE)
def waiting_lines(request: HttpRequest, code: Code, after: After = 0) -> list[LineOut]:
    """Each person shown counts as a look, which that person sees."""
    actor, dossier = _dossier(request, code)
    lines = list_lines(dossier.dossier_id, state=LineState.OFFICER, after_number=after)
    seen = sorted({line.person_id for line in lines if line.person_id is not None})
    record_looks(actor=actor, at=now(), person_ids=seen, what="dossier_line", dossier_id=dossier.dossier_id)
    return [LineOut.of(line) for line in lines]


@router.get("/dossiers/{code}/lines/{number}/evidence", response=list[EvidenceOut], summary="What registers said about a line's person")
@lets_in(_SEE_THE_QUEUE)
def evidence(request: HttpRequest, code: Code, number: Number) -> list[EvidenceOut]:
    """Register, outcome, time, digest and facts. A look at that person."""
    actor, dossier = _dossier(request, code)
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
    actor, officer = _officer(request, "decide")
    dossier = get_dossier(code)
    check_appraise(actor, procedure=dossier.procedure_slug, officer=officer)
    number = appraise(
        actor=actor,
        at=now(),
        dossier_id=dossier.dossier_id,
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
    actor, officer = _officer(request, "decide")
    dossier = get_dossier(code)
    proposed = [appraisal.officer for appraisal in list_appraisals(dossier.dossier_id)]
    others = next((account for account in proposed if account != actor.account), actor.account)
    check_approve(actor, procedure=dossier.procedure_slug, appraised_by=others, officer=officer)
    decided = flows.approve(
        actor=actor,
        at=now(),
        dossier_id=dossier.dossier_id,
        row_version=body.row_version,
        line_numbers=body.lines,
        deps=partners().gathering(),
    )
    return Status(201, ApprovedOut(decided=decided))


@router.post("/dossiers/{code}/supplement-requests", response={201: ActedOut}, summary="Ask the filer for everything that is missing, once")
@lets_in(DECIDING_OFFICERS)
def ask_for_supplement(request: HttpRequest, code: Code, body: SupplementRequestIn) -> Status[ActedOut]:
    """The processing limit stops until the filer answers; without an answer the dossier is stopped (R-064, R-080)."""
    actor, officer = _officer(request, "decide")
    dossier = get_dossier(code)
    check_decide(actor, procedure=dossier.procedure_slug, officer=officer)
    request_supplement(
        actor=actor,
        at=now(),
        dossier_id=dossier.dossier_id,
        row_version=body.row_version,
        defects=[defect.shortcoming() for defect in body.defects],
        days=body.days,
        sender=partners().sender,
    )
    return Status(201, ActedOut.of(get_dossier(code)))


@router.get("/signatures", response=list[DossierOut], summary="Dossiers whose signature is still not proven, the longest waiting first")
@lets_in(_SEE_THE_QUEUE)
def unproven_signatures(request: HttpRequest) -> list[DossierOut]:
    """They are asked about by themselves, every hour at last; one that nobody can prove is ended by an officer."""
    actor, officer = _officer(request, "queue")
    check_see_queue(actor, officer=officer)
    return [DossierOut.of(view) for view in list_unproven_signatures()]


@router.post("/dossiers/{code}/signature-refusals", response={201: ActedOut}, summary="End a dossier whose signature nobody could prove")
@lets_in(DECIDING_OFFICERS)
def end_for_signature(request: HttpRequest, code: Code, body: SignatureRefusalIn) -> Status[ActedOut]:
    """Only after the authorities were asked as long as any silent partner; the filer gets the reason by letter and may file again."""
    actor, officer = _officer(request, "decide")
    dossier = get_dossier(code)
    check_decide(actor, procedure=dossier.procedure_slug, officer=officer)
    refuse_signature(
        actor=actor,
        at=now(),
        dossier_id=dossier.dossier_id,
        row_version=body.row_version,
        reason=body.reason,
        sender=partners().sender,
    )
    return Status(201, ActedOut.of(get_dossier(code)))


@router.get("/dossiers/{code}/documents", response=list[DocumentOut], summary="What a dossier consists of, and where it came from")
@lets_in(_SEE_THE_QUEUE | officers(OfficerRole.CONVERTER))
def documents(request: HttpRequest, code: Code) -> list[DocumentOut]:
    """Codes and digests; nobody's data."""
    actor, officer = _officer(request, "queue")
    check_see_documents(actor, officer=officer)
    return [DocumentOut.of(component) for component in list_components(get_dossier(code).dossier_id)]


@router.get("/dossiers/{code}/documents/{sha256}", summary="One document that the filer supplied", openapi_extra=produces("*/*"))
@lets_in(_SEE_THE_QUEUE | officers(OfficerRole.CONVERTER))
def document(request: HttpRequest, code: Code, sha256: str) -> HttpResponse:
    """The bytes as stored. Whom it names is not known, so it is a look at everybody of the dossier."""
    actor, officer = _officer(request, "queue")
    check_see_documents(actor, officer=officer)
    dossier = get_dossier(code)
    for component in list_components(dossier.dossier_id):
        is_filers = not component.is_reused or component.source_kind == SourceKind.WAREHOUSE.value
        if component.content_sha256 == sha256 and is_filers:
            named = {line.person_id for line in list_all_lines(dossier.dossier_id)} | {dossier.person_id}
            seen = sorted(person_id for person_id in named if person_id is not None)
            record_looks(actor=actor, at=now(), person_ids=seen, what="document", dossier_id=dossier.dossier_id)
            response = HttpResponse(read_blob(sha256), content_type=component.media_type or "application/octet-stream")
            response["Content-Disposition"] = "attachment"
            return response
    raise NotFound(API_NO_DOCUMENT)


def _officer(request: HttpRequest, purpose: str) -> tuple[Actor, OfficerFacts]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in.officer(purpose)


def _dossier(request: HttpRequest, code: Code) -> tuple[Actor, DossierView]:
    actor, officer = _officer(request, "queue")
    dossier = get_dossier(code)
    check_see_dossier(actor, filer_person_id=dossier.person_id, filer_employer_id=dossier.employer_id, officer=officer)
    return actor, dossier
