"""Confirming instead of signing: look at exactly what was prepared, then confirm it, freshly signed in."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.permissions import check_file
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.api.confirmation_shapes import FilingConfirmationIn, ToConfirmOut
from bhxh.doors.api.shapes import ReceiptOut
from bhxh.doors.api.warehouse_shapes import named_papers
from bhxh.doors.partners import partners
from bhxh.doors.signatory import signatory_of
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.confirming import confirm, show_to_confirm
from bhxh.dossiers.drafts import procedure_of_draft
from bhxh.dossiers.facts import Channel
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.who import EMPLOYER, PERSON, REPRESENTATIVE

router = Router(tags=["confirmations"])


@router.get("/{draft_id}", response=ToConfirmOut, summary="What a prepared document says, before it is confirmed")
@lets_in(PERSON | REPRESENTATIVE | EMPLOYER)
def show(request: HttpRequest, draft_id: UUID) -> ToConfirmOut:
    """Also to a colleague of whoever prepared it: each confirms in their own name."""
    actor, at = _filer(request, draft_id), now()
    shown = show_to_confirm(actor=actor, at=at, draft_id=draft_id)
    if actor.for_person_id is not None:  # a unit's own list is what the unit itself wrote
        record_look(actor=actor, at=at, person_id=actor.for_person_id, what="document")
    return ToConfirmOut.of(shown)


@router.post(
    "/{draft_id}", response={200: ReceiptOut, 201: ReceiptOut}, summary="Confirm a prepared document instead of signing it, and file it"
)
@lets_in(PERSON | REPRESENTATIVE | EMPLOYER)
def file_confirmed(request: HttpRequest, draft_id: UUID, body: FilingConfirmationIn) -> Status[ReceiptOut]:
    """Needs a sign-in of the last minutes. The content confirmed must be the one shown; sent again it gives the first receipt: the draft is the
    key, and is filed once.
    """
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, at = _filer(request, draft_id), now()
    view = confirm(
        actor=actor,
        at=at,
        draft_id=draft_id,
        content_sha256=body.content_sha256,
        signatory=signatory_of(request, signed_in, actor),
        channel=Channel.API,
        items=named_papers(body.papers),
        deps=partners().receiving(at),
    )
    if actor.for_person_id is not None:
        record_look(actor=actor, at=at, person_id=actor.for_person_id, what="receipt", dossier_id=view.dossier_id)
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))


def _filer(request: HttpRequest, draft_id: UUID) -> Actor:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    who = signed_in.standing("confirm")
    actor = who.actor
    if actor.employer_id is not None:
        procedure = procedure_of_draft(draft_id, actor=actor)
        check_file(actor, filer="employer", employer_id=actor.employer_id, procedure=procedure, authority=who.authority)
    else:
        check_file(actor, filer="person", person_id=actor.for_person_id)
    return actor
