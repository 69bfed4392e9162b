"""Register who may ask persons for data, and what State agencies may read by law."""

from collections.abc import Collection
from datetime import date, datetime

from bhxh.access.consent_errors import ACC_CONSENT_NEVER_GIVEN, ACC_NO_REQUESTER
from bhxh.access.consents import ConsentPurpose, RequesterKind
from bhxh.access.data_catalogue import fields_of
from bhxh.access.models import AgreedScope, Requester
from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor, LegalBasis
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.text import tidy
from bhxh.kernel.who import SYSTEM, officer

_NOT_BY_LAW = frozenset({LegalBasis.CONSENT, LegalBasis.OWN_DATA})


@command(by=SYSTEM | officer(OfficerRole.OPERATOR))
def register_requester(
    *,
    actor: Actor,
    at: datetime,
    requester_id: str,
    name: str,
    kind: RequesterKind,
    fields: Collection[str],
    purposes: Collection[ConsentPurpose],
    client_id: str = "",
    employer_id: int | None = None,
    contact: str = "",
    notice_url: str = "",
    until_on: date | None = None,
) -> None:
    """Let an organisation ask persons for data, or change what it may ask for.

    Shape:   what it may ask for is the most: a narrower registration narrows what consents given before still open.
    Raises:  Invalid ACC-140 where a field is not in the catalogue.
    """
    most, named = list(fields_of(fields)), sorted(ConsentPurpose(purpose).value for purpose in purposes)
    content = {
        "name": tidy(name),
        "kind": RequesterKind(kind).value,
        "client_id": client_id,
        "employer_id": employer_id,
        "fields": most,
        "purposes": named,
        "contact": tidy(contact),
        "notice_url": notice_url,
        "until_on": until_on,
        "registered_at": at,
    }
    Requester.objects.update_or_create(requester_id=requester_id, defaults=content)
    detail: dict[str, Json] = {"requester": requester_id, "client": client_id, "fields": most, "purposes": named}
    record(actor=actor, at=at, verb="access.requester.register", detail=detail)


@command(by=SYSTEM | officer(OfficerRole.OPERATOR))
def end_requester(*, actor: Actor, at: datetime, requester_id: str, on: date) -> None:
    """Shut an organisation out from this day on; consents given to it open nothing any more. Raises NotFound ACC-141."""
    if not Requester.objects.filter(requester_id=requester_id).update(until_on=on):
        raise NotFound(ACC_NO_REQUESTER)
    record(actor=actor, at=at, verb="access.requester.end", detail={"requester": requester_id, "until": on.isoformat()})


@command(by=SYSTEM | officer(OfficerRole.OPERATOR))
def agree_scope(
    *,
    actor: Actor,
    at: datetime,
    scope_id: str,
    requester_id: str,
    legal_basis: LegalBasis,
    purpose_vi: str,
    purpose_en: str,
    ground: str,
    fields: Collection[str],
    from_on: date,
    until_on: date | None = None,
) -> None:
    """Write down what a State agency may read by law, for what, and on which ground (R-194).

    Raises: Invalid ACC-140, ACC-152; NotFound ACC-141.
    """
    if LegalBasis(legal_basis) in _NOT_BY_LAW:
        raise Invalid(ACC_CONSENT_NEVER_GIVEN, where="legal_basis")
    if not Requester.objects.filter(requester_id=requester_id).exists():
        raise NotFound(ACC_NO_REQUESTER)
    agreed = list(fields_of(fields))
    content = {
        "requester_id": requester_id,
        "legal_basis": LegalBasis(legal_basis).value,
        "purpose_vi": tidy(purpose_vi),
        "purpose_en": tidy(purpose_en),
        "ground": tidy(ground),
        "fields": agreed,
        "from_on": from_on,
        "until_on": until_on,
        "registered_at": at,
    }
    AgreedScope.objects.update_or_create(scope_id=scope_id, defaults=content)
    detail: dict[str, Json] = {"scope": scope_id, "requester": requester_id, "basis": LegalBasis(legal_basis).value, "fields": agreed}
    record(actor=actor, at=at, verb="access.scope.agree", detail=detail)
