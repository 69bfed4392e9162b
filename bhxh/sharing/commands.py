"""Ask, grant, withdraw: what the access room does, with the letter about it in the same transaction."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from bhxh.access import consent_commands
from bhxh.access.consent_commands import REQUESTERS, Question
from bhxh.access.consent_queries import get_consent, get_request, get_requester
from bhxh.access.consent_receipts import ReceiptIssuer
from bhxh.access.consents import ConsentChannel, ConsentRequestView, ConsentView, GrantProof
from bhxh.audit.commands import command
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.notices.commands import enqueue
from bhxh.registry.appending import own_custodian
from bhxh.registry.queries import find_person, get_person
from bhxh.sharing import letters
from bhxh.signing.ports import SealKey

_ALIVE = "ALIVE"


@command(by=REQUESTERS)
def ask(*, actor: Actor, at: datetime, requester_id: str, number: str, question: Question, issuer: ReceiptIssuer) -> ConsentRequestView:
    """Ask the person with this personal number, and write to them.

    Shape:   a number of nobody, of a dead person, or of somebody whom another custodian keeps gets the same answer: a request that
             waits, and lapses. So nobody learns here who is insured.
    Raises:  NotAllowed ACC-141; Invalid KER-002, ACC-140, ACC-142, ACC-143, ACC-153; Conflict ACC-144.
    """
    requester = get_requester(requester_id, on=day_in_vietnam(at))
    person = find_person("PIN", Pin.parse(number))
    if person is not None and (person.managed_by != own_custodian() or person.vital_status != _ALIVE):
        person = None
    person_id = person.person_id if person else None
    request_id = consent_commands.ask_for_consent(actor=actor, at=at, requester=requester, person_id=person_id, question=question)
    request = get_request(request_id, at=at, requester_id=requester_id)
    if person is not None:
        letter = letters.asked(request, sender=issuer.name, address=issuer.sign_in_address, recipient=person.email)
        enqueue(actor=actor, at=at, notice=letter)
    return request


@command(by=PERSON | REPRESENTATIVE)
def grant(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    request_id: UUID,
    fields: Collection[str],
    until_on: date,
    proof: GrantProof,
    issuer: ReceiptIssuer,
    key: SealKey,
) -> ConsentView:
    """Grant all or a part of what was asked; the receipt is sealed and the person written to. Raises as `grant_consent`; NotFound REG-002."""
    person = get_person(person_id)
    consent_id = consent_commands.grant_consent(
        actor=actor,
        at=at,
        person_id=person_id,
        request_id=request_id,
        fields=fields,
        until_on=until_on,
        subject_masked=Pin(person.pin or person.si_code).masked,
        proof=proof,
        issuer=issuer,
        key=key,
    )
    consent = get_consent(consent_id, person_id=person_id)
    letter = letters.granted(consent, sender=issuer.name, address=issuer.sign_in_address, recipient=person.email)
    enqueue(actor=actor, at=at, notice=letter)
    return consent


@command(by=PERSON | REPRESENTATIVE)
def withdraw(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    consent_id: UUID,
    issuer: ReceiptIssuer,
    channel: ConsentChannel = ConsentChannel.SIGNED_IN,
) -> ConsentView:
    """End a consent from now on, and write to the person. Raises NotFound ACC-148, REG-002."""
    consent_commands.withdraw_consent(actor=actor, at=at, person_id=person_id, consent_id=consent_id, channel=channel)
    consent = get_consent(consent_id, person_id=person_id)
    letter = letters.withdrawn(consent, sender=issuer.name, recipient=get_person(person_id).email, at=at)
    enqueue(actor=actor, at=at, notice=letter)
    return consent
