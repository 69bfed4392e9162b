"""confirmation_extract over HTTP: a signed-in person asks for a sealed extract of their own participation."""

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.permissions import check_file
from bhxh.doors.api.act_shapes import ExtractIn
from bhxh.doors.api.authentication import SignedIn
from bhxh.doors.api.shapes import ReceiptOut
from bhxh.doors.partners import partners
from bhxh.dossiers import flows
from bhxh.dossiers.facts import Channel, Confirmation
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.identifiers import Pin
from bhxh.procedures.confirmation_extract.form import compose_document

router = Router(tags=["confirmation_extract"])
_SLUG = "confirmation_extract"


@router.post("/requests", response={200: ReceiptOut, 201: ReceiptOut}, summary="Ask for a sealed extract of one's own participation")
def ask(request: HttpRequest, body: ExtractIn) -> Status[ReceiptOut]:
    """The sign-in is the confirmation (R-022). The same wish on the same day gives the first receipt. The extract is among the dossier's results."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, at = signed_in.actor(_SLUG), now()
    check_file(actor, filer="person", person_id=actor.person_id)
    claims = signed_in.claims
    view = flows.receive(
        actor=actor,
        at=at,
        procedure_slug=_SLUG,
        channel=Channel.API,
        document=compose_document(Pin.parse(claims.pin), body.model_dump(), asked_on=day_in_vietnam(at)),
        confirmation=Confirmation(
            kind="eid",
            subject_pin=claims.pin,
            assertion_sha256=sha256_hex(request.headers["Authorization"].encode()),
            confirmed_at=at,
            assurance_level=claims.assurance_level,
        ),
        deps=partners().receiving(at),
    )
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))
