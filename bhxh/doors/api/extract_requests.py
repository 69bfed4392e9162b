"""confirmation_extract over HTTP: a signed-in person asks for a sealed extract of their own participation, or of a child's."""

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.permissions import check_file
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.api.act_shapes import ExtractIn, ExtractRequestIn, ExtractToSignIn
from bhxh.doors.api.confirmation_shapes import ToConfirmOut
from bhxh.doors.api.shapes import ReceiptOut, decode_base64, takes
from bhxh.doors.api.signing_shapes import PreparedAnewOut
from bhxh.doors.api.warehouse_shapes import named_papers
from bhxh.doors.partners import partners
from bhxh.doors.signatory import signatory_of
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import flows
from bhxh.dossiers.confirming import confirm_document, prepare_confirmation
from bhxh.dossiers.facts import Channel
from bhxh.dossiers.remote_signing import find_certificate
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.procedures.confirmation_extract.form import compose_document
from bhxh.registry.queries import get_person

router = Router(tags=["confirmation_extract"])
_SLUG = "confirmation_extract"


@router.post("/requests", response={200: ReceiptOut, 201: ReceiptOut}, summary="Ask for a sealed extract of one's own participation")
@lets_in(PERSON | REPRESENTATIVE)
def ask(request: HttpRequest, body: ExtractRequestIn) -> Status[ReceiptOut]:
    """In one step: the request is confirmed by whoever sends it, freshly signed in (R-022). The same wish on the same day gives the first
    receipt. The extract is among the dossier's results.
    """
    actor, document = _asked(request, body)
    at = now()
    view = confirm_document(
        actor=actor,
        at=at,
        procedure_slug=_SLUG,
        document=document,
        signatory=signatory_of(request, _signed_in(request), actor),
        channel=Channel.API,
        items=named_papers(body.papers),
        deps=partners().receiving(at),
    )
    record_look(actor=actor, at=at, person_id=actor.for_person_id or 0, what="receipt", dossier_id=view.dossier_id)
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))


@router.post(
    "/filings",
    response={200: ReceiptOut, 201: ReceiptOut},
    summary="File such a request signed by one's own certificate",
    openapi_extra=takes("application/jose+json"),
)
@lets_in(PERSON)
def file_signed(request: HttpRequest) -> Status[ReceiptOut]:
    """The body is the canonical JSON of the request as flattened JWS, the person's certificate in its protected header (JAdES B-B)."""
    actor, at = _signed_in(request).actor(_SLUG), now()
    check_file(actor, filer="person", person_id=actor.for_person_id)
    view = flows.receive(
        actor=actor, at=at, procedure_slug=_SLUG, channel=Channel.API, document=request.body, deps=partners().receiving(at)
    )
    record_look(actor=actor, at=at, person_id=actor.for_person_id or 0, what="receipt", dossier_id=view.dossier_id)
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))


@router.post(
    "/signing-preparations", response={201: PreparedAnewOut}, summary="Prepare such a request for signing by one's own certificate"
)
@lets_in(PERSON)
def prepare_to_sign(request: HttpRequest, body: ExtractToSignIn) -> Status[PreparedAnewOut]:
    """Without a certificate in the body it is the one that the remote signing service keeps for the person. Filed by `POST
    /signing/{draft_id}/filing` with a value of one's own, or `/question` and `/collection` through the service.
    """
    actor, document = _asked(request, body)
    own = decode_base64(body.certificate, "certificate") if body.certificate else b""
    certificate = own or find_certificate(actor=actor, signer=partners().remote_signer)
    at = now()
    prepared = flows.prepare(actor=actor, at=at, procedure_slug=_SLUG, canonical=document, certificate=certificate)
    record_look(actor=actor, at=at, person_id=actor.for_person_id or 0, what="document")
    return Status(201, PreparedAnewOut.of(prepared))


@router.post("/preparations", response={201: ToConfirmOut}, summary="Prepare such a request, to be looked at before it is confirmed")
@lets_in(PERSON | REPRESENTATIVE)
def prepare(request: HttpRequest, body: ExtractIn) -> Status[ToConfirmOut]:
    """Exactly this is confirmed and filed by `POST /confirmations/{draft_id}`, within a week."""
    actor, document = _asked(request, body)
    at = now()
    prepared = prepare_confirmation(actor=actor, at=at, procedure_slug=_SLUG, document=document)
    record_look(actor=actor, at=at, person_id=actor.for_person_id or 0, what="document")  # it holds the personal number
    return Status(201, ToConfirmOut.of(prepared))


def _asked(request: HttpRequest, body: ExtractIn) -> tuple[Actor, bytes]:
    actor = _signed_in(request).actor(_SLUG)
    check_file(actor, filer="person", person_id=actor.for_person_id)
    assert actor.for_person_id is not None, "check_file lets nobody through without a person"
    pin = Pin.parse(get_person(actor.for_person_id).pin)
    return actor, compose_document(pin, body.model_dump(include=set(ExtractIn.model_fields)), asked_on=day_in_vietnam(now()))


def _signed_in(request: HttpRequest) -> SignedIn:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in
