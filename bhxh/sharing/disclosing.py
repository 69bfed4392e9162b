"""Read a person's data for somebody else: within a consent that stands, or within a scope agreed by law. Everything else gets nothing.

Whether it may be read, the reading, the look and the entry are one transaction; a withdrawal comes before it or after it, never in between.
What could not be found out is a no.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from bhxh.access.consent_commands import REQUESTERS
from bhxh.access.consent_errors import (
    ACC_BEYOND_REGISTRATION,
    ACC_CONSENT_ENDED,
    ACC_DAY_TO_COME,
    ACC_NO_CONSENT,
    ACC_NO_REFERENCE,
    ACC_NOBODY_OF_THIS_NUMBER,
    ACC_RECEIPT_BROKEN,
)
from bhxh.access.consent_queries import get_agreed_scope, get_consent_held, get_requester
from bhxh.access.consent_receipts import DISCLOSURE_TYPE, read_receipt, sealed
from bhxh.access.consents import PURPOSE_WORDS, ConsentStatus, ConsentView, RequesterFacts
from bhxh.access.data_catalogue import fields_of
from bhxh.access.roles import Grant
from bhxh.audit.commands import command, record, record_look
from bhxh.kernel.actor import Actor, LegalBasis
from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Invalid, NotAllowed, NotFound
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.ids import uuid7
from bhxh.kernel.text import tidy
from bhxh.kernel.who import machine
from bhxh.registry.queries import PersonSummary, find_person, get_person
from bhxh.sharing.gathering import gather
from bhxh.signing.keysets import KeySet
from bhxh.signing.ports import SealKey

FORMAT: Final = "bhxh-disclosure/1"
_DECEASED = "DECEASED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What leaves: the sealed data, and with a consent its receipt beside them."""

    disclosure_id: UUID
    data: Mapping[str, Json]
    sealed: bytes
    """Flattened JWS over the data, whom they are for and what they rest on."""
    receipt: bytes | None


@command(by=REQUESTERS)
def disclose_with_consent(*, actor: Actor, at: datetime, requester_id: str, consent_id: UUID, keys: KeySet, key: SealKey) -> Disclosure:
    """The fields a person granted to this requester, if the consent stands now and its receipt can be verified now.

    Shape:   what the requester may ask for today narrows what it may read; the fields left out for it are named.
    Raises:  NotFound ACC-148 (none, or another's), REG-002; NotAllowed ACC-141 (requester), ACC-149 (ended), ACC-142 (nothing left);
             Invalid ACC-150 (receipt).
    """
    requester, consent = get_requester(requester_id, on=day_in_vietnam(at)), get_consent_held(consent_id)
    if consent.requester.requester_id != requester_id:
        raise NotFound(ACC_NO_CONSENT)
    _check_stands(consent, at)
    _check_receipt(consent, keys)
    person = get_person(consent.person_id)
    if person.vital_status == _DECEASED:
        raise NotAllowed(ACC_CONSENT_ENDED, status="deceased")
    return _disclose(
        replace(actor, legal_basis=LegalBasis.CONSENT, consent_id=consent_id, purpose="consent"),
        at,
        person=person,
        requester=requester,
        fields=consent.fields,
        on=consent.on,
        what="consented",
        reason=PURPOSE_WORDS[consent.purpose][0],
        basis={
            "legal_basis": LegalBasis.CONSENT.value,
            "consent_id": str(consent_id),
            "receipt_sha256": sha256_hex(consent.receipt),
            "purpose": consent.purpose.value,
        },
        key=key,
        receipt=consent.receipt,
    )


@command(by=machine(Grant.READ_BY_DUTY))
def disclose_by_duty(
    *,
    actor: Actor,
    at: datetime,
    requester_id: str,
    scope_id: str,
    number: str,
    reference: str,
    key: SealKey,
    fields: Collection[str] = (),
    on: date | None = None,
) -> Disclosure:
    """Fields of an agency's agreed scope, all or those it names, of the person with this personal number (R-194).

    Shape:   `reference` is the agency's case; the person reads it with the look.
    Raises:  NotAllowed ACC-141, ACC-142 (beyond the scope), ACC-151 (no scope); Invalid ACC-140, ACC-153, ACC-155; NotFound ACC-154, REG-002.
    """
    today = day_in_vietnam(at)
    requester, scope = get_requester(requester_id, on=today), get_agreed_scope(scope_id, requester_id=requester_id, on=today)
    case = tidy(reference)[:60]
    if not case:
        raise Invalid(ACC_NO_REFERENCE, where="reference")
    if on is not None and on > today:
        raise Invalid(ACC_DAY_TO_COME, where="on")
    wanted = fields_of(fields) if fields else scope.fields
    beyond = [name for name in wanted if name not in scope.fields]
    if beyond:
        raise NotAllowed(ACC_BEYOND_REGISTRATION, where="fields", names=", ".join(beyond)[:300])
    found = find_person("PIN", Pin.parse(number))
    if found is None:
        raise NotFound(ACC_NOBODY_OF_THIS_NUMBER)
    return _disclose(
        replace(actor, legal_basis=scope.legal_basis, purpose="agreed_scope"),
        at,
        person=get_person(found.person_id),
        requester=requester,
        fields=wanted,
        on=on,
        what="agreed_scope",
        reason=f"{scope.purpose_vi} ({case}); {scope.ground}",
        basis={
            "legal_basis": scope.legal_basis.value,
            "scope_id": scope.scope_id,
            "ground": scope.ground,
            "purpose": scope.purpose_vi,
            "reference": case,
        },
        key=key,
        receipt=None,
    )


def _check_stands(consent: ConsentView, at: datetime) -> None:
    status = consent.status(at)
    if status is not ConsentStatus.GIVEN:
        raise NotAllowed(ACC_CONSENT_ENDED, status=status.value)


def _check_receipt(consent: ConsentView, keys: KeySet) -> None:
    """A row is believed as far as its receipt says the same under a key of ours: nobody grants by writing into a table."""
    said = read_receipt(consent.receipt, keys=keys)
    kept = (consent.consent_id, consent.requester.requester_id, consent.fields, consent.on, consent.until_on)
    if (said.consent_id, said.requester_id, said.fields, said.on, said.until_on) != kept:
        raise Invalid(ACC_RECEIPT_BROKEN)


def _disclose(
    actor: Actor,
    at: datetime,
    *,
    person: PersonSummary,
    requester: RequesterFacts,
    fields: Collection[str],
    on: date | None,
    what: str,
    reason: str,
    basis: Mapping[str, Json],
    key: SealKey,
    receipt: bytes | None,
) -> Disclosure:
    shown = tuple(name for name in fields if name in requester.fields)
    if not shown:
        raise NotAllowed(ACC_BEYOND_REGISTRATION, names=", ".join(fields)[:300])
    day, disclosure_id = on or day_in_vietnam(at), uuid7(at)
    data = gather(person.person_id, shown, on=day, known_at=at)
    content: dict[str, Json] = {
        "format": FORMAT,
        "disclosure_id": str(disclosure_id),
        "at": at.isoformat(),
        "recipient": requester.requester_id,
        "subject": Pin(person.pin).masked,
        "basis": basis,
        "on": day.isoformat(),
        "left_out": [name for name in fields if name not in shown],
        "data": data,
    }
    made = sealed(canonical_bytes(content), key=key, type_name=DISCLOSURE_TYPE)
    # WHY two: the look is what the person reads; the entry holds the digest of exactly what left.
    record_look(actor=actor, at=at, person_id=person.person_id, what=what, groups=shown, reason=reason)
    detail: dict[str, Json] = {
        "disclosure": str(disclosure_id),
        "requester": requester.requester_id,
        "scope": basis.get("scope_id"),
        "fields": list(shown),
        "sha256": sha256_hex(made),
    }
    record(actor=actor, at=at, verb="sharing.data.disclose", person_id=person.person_id, detail=detail)
    return Disclosure(disclosure_id=disclosure_id, data=data, sealed=made, receipt=receipt)
