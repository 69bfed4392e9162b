"""Filing at the counter for somebody who cannot sign in, and what that person says to it later. And whom a person may act for."""

from base64 import b64encode
from dataclasses import replace

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.permissions import check_file, check_file_at_counter, check_see_queue
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
from bhxh.doors.api.errors import API_NO_COUNTER_PERSON
from bhxh.doors.api.shapes import Code, ReceiptOut
from bhxh.doors.partners import partners
from bhxh.doors.representing import list_represented_by
from bhxh.doors.signatory import officer_as_signatory, signatory_of
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.counter_commands import refuse_counter_filing
from bhxh.dossiers.counter_flows import confirm_later, file_for_person
from bhxh.dossiers.counter_queries import get_counter_filing_by_code, list_counter_filings, list_refused_counter_filings
from bhxh.dossiers.facts import CounterFilingView
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.who import PERSON, REPRESENTATIVE, officer
from bhxh.registry.queries import find_person
from bhxh.warehouse.store import read_blob

router = Router(tags=["office"])
own = Router(tags=["book"])


@router.post("/counter-filings", response={200: ReceiptOut, 201: ReceiptOut}, summary="File for a person at the counter who cannot sign in")
@lets_in(officer("RECEPTION"))
def file_at_counter(request: HttpRequest, body: CounterFilingIn) -> Status[ReceiptOut]:
    """The officer signs as officer; the person is asked by letter to confirm or refuse from their own account (R-028)."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    officers, facts = signed_in.officer(body.procedure[:60])
    check_file_at_counter(officers, officer=facts)
    pin = Pin.parse(body.pin)
    person = find_person("PIN", pin)
    if person is None or person.managed_by != partners().custodian or person.vital_status == "DECEASED":
        raise Invalid(API_NO_COUNTER_PERSON, where="pin")
    check_file_at_counter(officers, person_id=person.person_id, officer=facts)
    actor, at = replace(officers, on_behalf_of_person_id=person.person_id), now()
    view = file_for_person(
        actor=actor,
        at=at,
        pin=pin,
        procedure_slug=body.procedure,
        form=body.form,
        why=body.why,
        signatory=officer_as_signatory(request, signed_in, actor),
        deps=partners().receiving(at),
    )
    record_look(actor=actor, at=at, person_id=person.person_id, what="counter_filing", dossier_id=view.dossier_id)
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
    actor = _person(request, "own_represented")
    found = list_represented_by(actor)
    record_looks(actor=actor, at=now(), person_ids=[one.person_id for _, one in found], what="represented")
    return [RepresentedOut.of(reference, one) for reference, one in found]


@own.get("/counter-filings", response=list[OwnCounterFilingOut], summary="What officers filed at the counter for oneself")
@lets_in(PERSON | REPRESENTATIVE)
def own_filings(request: HttpRequest) -> list[OwnCounterFilingOut]:
    """Newest first, each with exactly what was filed; or for a child, where the header Acting-For names one."""
    actor = _person(request, "own_dossiers")
    assert actor.for_person_id is not None, "check_file lets nobody through without a person"
    filings = list_counter_filings(actor.for_person_id)
    if filings:
        record_look(actor=actor, at=now(), person_id=actor.for_person_id, what="counter_filing")
    return [_with_content(view) for view in filings]


@own.post("/counter-filings/{code}/confirmation", response=CounterAnswerOut, summary="Confirm what an officer filed for oneself")
@lets_in(PERSON | REPRESENTATIVE)
def confirm(request: HttpRequest, code: Code, body: ConfirmationIn) -> CounterAnswerOut:
    """Needs a sign-in of the last minutes; sealed as if one had filed oneself."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, at = _person(request, "own_dossiers"), now()
    filing = get_counter_filing_by_code(code, person_id=actor.for_person_id)
    signatory = signatory_of(request, signed_in, actor)
    confirm_later(
        actor=actor,
        at=at,
        dossier_id=filing.dossier_id,
        content_sha256=body.content_sha256,
        signatory=signatory,
        deps=partners().receiving(at),
    )
    return CounterAnswerOut(code=code, answer="confirmed", is_taken_back=False)


@own.post("/counter-filings/{code}/refusal", response=CounterAnswerOut, summary="Say that one never wanted what an officer filed")
@lets_in(PERSON | REPRESENTATIVE)
def refuse(request: HttpRequest, code: Code) -> CounterAnswerOut:
    """While nothing is decided the dossier is taken back; afterwards supervisors see the refusal."""
    actor = _person(request, "own_dossiers")
    filing = get_counter_filing_by_code(code, person_id=actor.for_person_id)
    is_taken_back = refuse_counter_filing(actor=actor, at=now(), dossier_id=filing.dossier_id)
    return CounterAnswerOut(code=code, answer="refused", is_taken_back=is_taken_back)


def _person(request: HttpRequest, purpose: str) -> Actor:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor = signed_in.actor(purpose)
    check_file(actor, filer="person", person_id=actor.for_person_id)
    return actor


def _with_content(view: CounterFilingView) -> OwnCounterFilingOut:
    content = b64encode(read_blob(view.content_sha256)).decode()
    return OwnCounterFilingOut(**CounterFilingOut.of(view).model_dump(), content=content, content_sha256=view.content_sha256)
