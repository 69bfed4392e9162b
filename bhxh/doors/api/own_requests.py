"""What a signed-in person asks for themselves, or for a child: one's data changed, an old paper book entered."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.permissions import check_file
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.api.own_request_shapes import ChangeIn, OldBookIn
from bhxh.doors.api.shapes import ReceiptOut
from bhxh.doors.api.warehouse_shapes import named_papers
from bhxh.doors.partners import partners
from bhxh.doors.signatory import signatory_of
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import catalogue
from bhxh.dossiers.confirming import confirm_document
from bhxh.dossiers.directories import check_listed
from bhxh.dossiers.facts import Channel
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.registry.queries import get_person

router = Router(tags=["own_requests"])
_WHO = PERSON | REPRESENTATIVE


@router.post("/changes", response={200: ReceiptOut, 201: ReceiptOut}, summary="Change one's own data, or a child's")
@lets_in(_WHO)
def change_personal_data(request: HttpRequest, body: ChangeIn) -> Status[ReceiptOut]:
    """Name, birth date and sex are taken over from the population register, never typed. Confirmed by a sign-in of just now; the same wish on
    the same day gives the first receipt.
    """
    return _filed(request, "change_personal_data", body.model_dump(exclude={"papers"}), named_papers(body.papers))


@router.post("/old-books", response={200: ReceiptOut, 201: ReceiptOut}, summary="Have an old paper book entered")
@lets_in(_WHO)
def correct_contribution_history(request: HttpRequest, body: OldBookIn) -> Status[ReceiptOut]:
    """The pages are papers of one's own warehouse for the component `so-giay`. Two officers type them; two others decide."""
    return _filed(request, "correct_contribution_history", body.model_dump(exclude={"papers"}), named_papers(body.papers))


def _filed(request: HttpRequest, slug: str, wishes: Mapping[str, Any], papers: Sequence[tuple[str, UUID]]) -> Status[ReceiptOut]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    at, actor = now(), signed_in.actor(slug)
    check_file(actor, filer="person", person_id=actor.for_person_id)
    assert actor.for_person_id is not None, "check_file lets nobody through without a person"
    procedure = catalogue.get(slug)
    compose = procedure.compose
    assert compose is not None, "these are composed from what a person filled in"
    if procedure.questions is not None:
        check_listed(procedure.questions, wishes, on=day_in_vietnam(at))
    view = confirm_document(
        actor=actor,
        at=at,
        procedure_slug=slug,
        document=compose(Pin.parse(get_person(actor.for_person_id).pin), wishes, asked_on=day_in_vietnam(at)),
        signatory=signatory_of(request, signed_in, actor),
        channel=Channel.API,
        items=papers,
        deps=partners().receiving(at),
    )
    record_look(actor=actor, at=at, person_id=actor.for_person_id, what="receipt", dossier_id=view.dossier_id)
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))
