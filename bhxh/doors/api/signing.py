"""Signing a prepared document, whichever key signs: a token at the filer's own machine, or one that a remote signing service keeps.

Whatever goes wrong on the way, the prepared document is still there: nothing has to be filled in again.
"""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.permissions import check_file
from bhxh.access.roles import Grant
from bhxh.audit.commands import record_look
from bhxh.doors import list_filing
from bhxh.doors.admission import lets_in
from bhxh.doors.api.shapes import ReceiptOut, SignatureIn, decode_base64
from bhxh.doors.api.signing_shapes import AskedHolderOut, CollectionIn, NotAnsweredOut, PreparedAnewOut, RenewalIn
from bhxh.doors.api.warehouse_shapes import named_papers
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import flows, remote_signing
from bhxh.dossiers.drafts import procedure_of_draft, size_of_draft
from bhxh.dossiers.facts import Channel, ReceiptView
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.who import EMPLOYER, PERSON, machine

router = Router(tags=["signing"])
_SIGNERS = PERSON | EMPLOYER | machine(Grant.FILE_FOR_EMPLOYERS)


@router.post("/{draft_id}/filing", response={200: ReceiptOut, 201: ReceiptOut}, summary="File a prepared document with its signature")
@lets_in(_SIGNERS)
def file_signed(request: HttpRequest, draft_id: UUID, body: SignatureIn) -> Status[ReceiptOut]:
    """The value is put in, verified and filed at once: 201 with the receipt; 200 with the first receipt where it was filed before."""
    actor = _filer(request, draft_id)
    view = list_filing.work_on(
        _is_long(draft_id, actor),
        list_filing.complete,
        actor=actor,
        draft_id=draft_id,
        signature=decode_base64(body.signature, "signature"),
        channel=Channel.API,
        idempotency_key="",
        items=named_papers(body.papers),
    )
    return _receipt(actor, view)


@router.post(
    "/{draft_id}/question",
    response={200: AskedHolderOut, 201: AskedHolderOut},
    summary="Ask the holder to sign, by the remote signing service",
)
@lets_in(_SIGNERS)
def ask_holder(request: HttpRequest, draft_id: UUID) -> Status[AskedHolderOut]:
    """The holder reads on their device what `shown` says, and approves or declines. 200: the question stands open already; nothing was asked."""
    actor, at = _filer(request, draft_id), now()
    asked = remote_signing.ask_holder(actor=actor, at=at, draft_id=draft_id, signer=partners().remote_signer)
    return Status(200 if asked.is_repeat else 201, AskedHolderOut.of(asked))


@router.post(
    "/{draft_id}/collection",
    response={200: ReceiptOut, 201: ReceiptOut, 202: NotAnsweredOut},
    summary="File with the signature that the remote signing service made",
)
@lets_in(_SIGNERS)
def collect(request: HttpRequest, draft_id: UUID, body: CollectionIn) -> Status[ReceiptOut] | Status[NotAnsweredOut]:
    """202 while the holder has not answered; then the same as filing with a value of one's own. Declined or unanswered, ask again."""
    actor = _filer(request, draft_id)
    view = list_filing.work_on(
        _is_long(draft_id, actor), list_filing.collect, actor=actor, draft_id=draft_id, channel=Channel.API, items=named_papers(body.papers)
    )
    return _receipt(actor, view) if view is not None else Status(202, NotAnsweredOut(draft_id=str(draft_id)))


@router.post("/{draft_id}/renewal", response={201: PreparedAnewOut}, summary="Prepare the same content anew, where its week is over")
@lets_in(_SIGNERS)
def prepare_anew(request: HttpRequest, draft_id: UUID, body: RenewalIn) -> Status[PreparedAnewOut]:
    """For the certificate of the first preparation, for another one, or for the one that the remote signing service keeps now."""
    actor, at = _filer(request, draft_id), now()
    certificate = decode_base64(body.certificate, "certificate") if body.certificate else b""
    if body.is_for_service:
        certificate = remote_signing.find_certificate(actor=actor, signer=partners().remote_signer)
    prepared = flows.prepare_anew(actor=actor, at=at, draft_id=draft_id, certificate=certificate)
    if actor.for_person_id is not None:  # a unit's own list is what the unit itself wrote
        record_look(actor=actor, at=at, person_id=actor.for_person_id, what="document")
    return Status(201, PreparedAnewOut.of(prepared))


def _filer(request: HttpRequest, draft_id: UUID) -> Actor:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    who = signed_in.standing("sign")
    actor = who.actor
    if actor.employer_id is None:
        check_file(actor, filer="person", person_id=actor.for_person_id)
        return actor
    procedure = procedure_of_draft(draft_id, actor=actor)
    check_file(actor, filer="employer", employer_id=actor.employer_id, procedure=procedure, authority=who.authority, machine=who.machine)
    return actor


def _is_long(draft_id: UUID, actor: Actor) -> bool:
    return size_of_draft(draft_id, actor=actor) > list_filing.LONG_DOCUMENT_BYTES


def _receipt(actor: Actor, view: ReceiptView) -> Status[ReceiptOut]:
    if actor.for_person_id is not None:
        record_look(actor=actor, at=now(), person_id=actor.for_person_id, what="receipt", dossier_id=view.dossier_id)
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))
