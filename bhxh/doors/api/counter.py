"""Filing at the counter for somebody who cannot sign in, and what that person says to it later. And whom a person may act for."""

from base64 import b64encode

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.permissions import check_see_queue
from bhxh.audit.commands import record_look, record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.api.confirmation_shapes import (
    ConfirmationIn,
    CounterAnswerOut,
    CounterFilingIn,
    CounterFilingOut,
    OwnCounterFilingOut,
    RepresentedOut,
)
from bhxh.doors.api.shapes import Code, ReceiptOut
from bhxh.doors.counter_desk import RECEPTIONISTS, at_counter, confirm_own, file_for, for_whom, refuse_own
from bhxh.doors.own_dossiers import own_actor
from bhxh.doors.representing import list_represented_by
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.counter_queries import list_counter_filings, list_refused_counter_filings
from bhxh.dossiers.facts import CounterFilingView
from bhxh.kernel.clock import now
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.who import PERSON, REPRESENTATIVE, officer
from bhxh.registry.queries import find_person
from bhxh.warehouse.store import read_blob

router = Router(tags=["office"])
own = Router(tags=["book"])


@router.post("/counter-filings", response={200: ReceiptOut, 201: ReceiptOut}, summary="File for a person at the counter who cannot sign in")
@lets_in(RECEPTIONISTS)
def file_at_counter(request: HttpRequest, body: CounterFilingIn) -> Status[ReceiptOut]:
    """The officer signs as officer; the person is asked by letter to confirm or refuse from their own account (R-028)."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    officers, facts = at_counter(signed_in, body.procedure[:60])
    pin = Pin.parse(body.pin)
    actor = for_whom(officers, facts, find_person("PIN", pin))
    view = file_for(request, signed_in, actor, pin=pin, procedure_slug=body.procedure, form=body.form, why=body.why)
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))


@router.get("/counter-filings/refused", response=list[CounterFilingOut], summary="Filings at the counter that their persons never wanted")
@lets_in(officer("RECEPTION", "APPRAISER", "APPROVER", "SUPERVISOR"))
def refused(request: HttpRequest) -> list[CounterFilingOut]:
    """The latest first; those decided before the refusal need somebody to look into them."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, facts = signed_in.officer("queue")
    check_see_queue(actor, officer=facts)
    return [CounterFilingOut.of(view) for view in list_refused_counter_filings()]


@own.get("/represented", response=list[RepresentedOut], summary="Whom the registers let one act for: children and wards")
@lets_in(PERSON)
def represented(request: HttpRequest) -> list[RepresentedOut]:
    """Derived from register data of today, never from uploads. Each one shown is told of it."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, _ = own_actor(signed_in, purpose="own_represented")
    found = list_represented_by(actor)
    record_looks(actor=actor, at=now(), person_ids=[one.person_id for _, one in found], what="represented")
    return [RepresentedOut.of(reference, one) for reference, one in found]


@own.get("/counter-filings", response=list[OwnCounterFilingOut], summary="What officers filed at the counter for oneself")
@lets_in(PERSON | REPRESENTATIVE)
def own_filings(request: HttpRequest) -> list[OwnCounterFilingOut]:
    """Newest first, each with exactly what was filed; or for a child, where the header Acting-For names one."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, person_id = own_actor(signed_in)
    filings = list_counter_filings(person_id)
    if filings:
        record_look(actor=actor, at=now(), person_id=person_id, what="counter_filing")
    return [_with_content(view) for view in filings]


@own.post("/counter-filings/{code}/confirmation", response=CounterAnswerOut, summary="Confirm what an officer filed for oneself")
@lets_in(PERSON | REPRESENTATIVE)
def confirm(request: HttpRequest, code: Code, body: ConfirmationIn) -> CounterAnswerOut:
    """Needs a sign-in of the last minutes; sealed as if one had filed oneself."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, _ = own_actor(signed_in)
    confirm_own(request, signed_in, actor, code, content_sha256=body.content_sha256)
    return CounterAnswerOut(code=code, answer="confirmed", is_taken_back=False)


@own.post("/counter-filings/{code}/refusal", response=CounterAnswerOut, summary="Say that one never wanted what an officer filed")
@lets_in(PERSON | REPRESENTATIVE)
def refuse(request: HttpRequest, code: Code) -> CounterAnswerOut:
    """While nothing is decided the dossier is taken back; afterwards supervisors see the refusal."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, _ = own_actor(signed_in)
    is_taken_back = refuse_own(actor, code)
    return CounterAnswerOut(code=code, answer="refused", is_taken_back=is_taken_back)


def _with_content(view: CounterFilingView) -> OwnCounterFilingOut:
    content = b64encode(read_blob(view.content_sha256)).decode()
    return OwnCounterFilingOut(**CounterFilingOut.of(view).model_dump(), content=content, content_sha256=view.content_sha256)
