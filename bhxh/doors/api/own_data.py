"""A person's own data: who looked at them, a copy of everything, and the report of a mistake."""

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Status

from bhxh.access.permissions import check_file, check_see_looks
from bhxh.audit.commands import record_look
from bhxh.book.composing import book_number
from bhxh.book.seal_keys import bound_seal_key
from bhxh.doors.admission import lets_in
from bhxh.doors.api.own_data_shapes import Before, Limit, LookOut, MistakeIn, WithoutOwn
from bhxh.doors.api.shapes import ReceiptOut, produces
from bhxh.doors.api.warehouse_shapes import named_papers
from bhxh.doors.partners import partners
from bhxh.doors.signatory import signatory_of
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.confirming import confirm_document
from bhxh.dossiers.facts import Channel
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.own_data import archive
from bhxh.own_data.copying import list_files
from bhxh.own_data.looks import PAGE, tell_looks
from bhxh.procedures.report_mistake.form import compose_document
from bhxh.registry.queries import get_person

router = Router(tags=["own data"])
_SLUG = "report_mistake"


@router.get("/looks", response=list[LookOut], summary="Who looked at one's data, or a child's, when, why")
@lets_in(PERSON | REPRESENTATIVE)
def own_looks(request: HttpRequest, before: Before = None, limit: Limit = PAGE, without_own: WithoutOwn = False) -> list[LookOut]:
    """Latest first, a page; officers, programs and this installation included. A look is there as soon as it was made, this one too."""
    actor, person_id = _own(request, "own_looks")
    record_look(actor=actor, at=now(), person_id=person_id, what="looks")
    told = tell_looks(person_id, office=partners().office, before=before, is_without_own=without_own, limit=limit)
    return [LookOut.of(look) for look in told]


@router.get("/copy", summary="A copy of everything held about oneself, or about a child", openapi_extra=produces("application/zip"))
@lets_in(PERSON | REPRESENTATIVE)
def own_copy(request: HttpRequest) -> StreamingHttpResponse:
    """JSON of all seven groups, every contribution line, book, dossiers, letters and looks; PDFs to read; a sealed manifest.

    Asks for a sign-in of just now. `bhxh verify` checks it offline. With the header Acting-For that of the one named there, who sees who ordered it.
    """
    at, known = now(), partners()
    actor, person_id = _own(request, "own_copy")
    _signed_in(request).check_fresh()
    record_look(actor=actor, at=at, person_id=person_id, what="own_copy")
    pieces = archive.stream(
        list_files(person_id, at=at, office=known.office),
        subject={"book_id": book_number(known.custodian, person_id)},
        custodian=known.custodian.value,
        at=at,
        key=bound_seal_key(),
    )
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="du-lieu-bhxh-{day_in_vietnam(at)}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@router.post("/mistakes", response={200: ReceiptOut, 201: ReceiptOut}, summary="Report a mistake in one's own data, or in a child's")
@lets_in(PERSON | REPRESENTATIVE)
def report_mistake(request: HttpRequest, body: MistakeIn) -> Status[ReceiptOut]:
    """Opens a dossier that officers answer; nothing changes by itself. The same report on the same day gives the first receipt.

    Asks for a sign-in of just now: what was reported is sealed as confirmed by it.
    """
    signed_in, at = _signed_in(request), now()
    actor = signed_in.actor(_SLUG)
    check_file(actor, filer="person", person_id=actor.for_person_id)
    assert actor.for_person_id is not None, "check_file lets nobody through without a person"
    pin = Pin.parse(get_person(actor.for_person_id).pin)
    view = confirm_document(
        actor=actor,
        at=at,
        procedure_slug=_SLUG,
        document=compose_document(pin, body.model_dump(mode="json", exclude={"papers"}), asked_on=day_in_vietnam(at)),
        signatory=signatory_of(request, signed_in, actor),
        channel=Channel.API,
        items=named_papers(body.papers),
        deps=partners().receiving(at),
    )
    record_look(actor=actor, at=at, person_id=actor.for_person_id, what="receipt", dossier_id=view.dossier_id)
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))


def _signed_in(request: HttpRequest) -> SignedIn:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in


def _own(request: HttpRequest, purpose: str) -> tuple[Actor, int]:
    actor = _signed_in(request).actor(purpose)
    person_id = actor.for_person_id or 0
    check_see_looks(actor, person_id=person_id)
    return actor, person_id
