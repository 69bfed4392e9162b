"""For those who ask: a question to a person, how it stands, the data with the receipt; for State agencies, reading by law."""

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.authority import Standing
from bhxh.access.consent_commands import REQUESTERS, Question, cancel_request
from bhxh.access.consent_errors import ACC_NO_REQUESTER
from bhxh.access.consent_queries import find_requester_of, get_request
from bhxh.access.consents import RequesterFacts, day_after
from bhxh.access.permissions import check_ask_persons, check_read_by_duty
from bhxh.access.roles import Grant
from bhxh.doors.admission import lets_in
from bhxh.doors.api.consent_shapes import AskedOut, AskIn, ConsentId, DisclosedOut, DutyReadIn, RequestId
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import NotAllowed
from bhxh.kernel.who import machine
from bhxh.sharing.commands import ask
from bhxh.sharing.disclosing import disclose_by_duty, disclose_with_consent

router = Router(tags=["data requests"])
_PURPOSE = "data_requests"


@router.post("/requests", response={202: AskedOut}, summary="Ask a person for data")
@lets_in(REQUESTERS)
def ask_person(request: HttpRequest, body: AskIn) -> Status[AskedOut]:
    """Always 202: the person decides, or nothing comes. Whether anybody has this number is not told."""
    actor, requester = _requester(request)
    question = Question(
        fields=tuple(body.fields),
        purpose=body.purpose,
        reason=body.reason,
        until_on=day_after(body.until),
        on=body.on,
        reference=body.reference,
    )
    view = ask(
        actor=actor,
        at=now(),
        requester_id=requester.requester_id,
        number=body.personal_number,
        question=question,
        issuer=partners().receipt_issuer,
    )
    return Status(202, AskedOut.of(view))


@router.get("/requests/{request_id}", response=AskedOut, summary="How a request stands")
@lets_in(REQUESTERS)
def asked(request: HttpRequest, request_id: RequestId) -> AskedOut:
    """Once granted, with the consent's number under which data are read."""
    _, requester = _requester(request)
    return AskedOut.of(get_request(request_id, at=now(), requester_id=requester.requester_id))


@router.post("/requests/{request_id}/cancellation", response={204: None}, summary="Take a request back")
@lets_in(REQUESTERS)
def cancel(request: HttpRequest, request_id: RequestId) -> Status[None]:
    """Before it is answered."""
    actor, requester = _requester(request)
    cancel_request(actor=actor, at=now(), requester_id=requester.requester_id, request_id=request_id)
    return Status(204, None)


@router.post("/consents/{consent_id}/reads", response=DisclosedOut, summary="Read what a person granted")
@lets_in(REQUESTERS)
def read(request: HttpRequest, consent_id: ConsentId) -> DisclosedOut:
    """The data, sealed, and the receipt. Each read is a look that the person sees. Nothing where the consent does not stand now."""
    actor, requester = _requester(request)
    known = partners()
    made = disclose_with_consent(
        actor=actor,
        at=now(),
        requester_id=requester.requester_id,
        consent_id=consent_id,
        keys=known.keys.key_set(),
        key=known.keys.seal_key("consent"),
    )
    return DisclosedOut.of(made)


@router.post("/agency-reads", response=DisclosedOut, summary="Read by law, within an agreed scope")
@lets_in(machine(Grant.READ_BY_DUTY))
def read_by_duty(request: HttpRequest, body: DutyReadIn) -> DisclosedOut:
    """Legal basis, purpose, case: the person sees them with the look."""
    who, requester = _caller(request)
    check_read_by_duty(who.actor, requester=requester, machine=who.machine)
    made = disclose_by_duty(
        actor=who.actor,
        at=now(),
        requester_id=requester.requester_id,
        scope_id=body.scope,
        number=body.personal_number,
        reference=body.reference,
        fields=body.fields,
        on=body.on,
        key=partners().keys.seal_key("consent"),
    )
    return DisclosedOut.of(made)


def _requester(request: HttpRequest) -> tuple[Actor, RequesterFacts]:
    """The registered organisation that asks persons, by its program or by its representative."""
    who, requester = _caller(request)
    check_ask_persons(who.actor, requester=requester, authority=who.authority, machine=who.machine)
    return who.actor, requester


def _caller(request: HttpRequest) -> tuple[Standing, RequesterFacts]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    who = signed_in.standing(_PURPOSE)
    requester = find_requester_of(account=who.actor.account, employer_id=who.actor.employer_id, on=day_in_vietnam(now()))
    if requester is None:
        raise NotAllowed(ACC_NO_REQUESTER)
    return who, requester
