"""Who may act for an organisation: its representative reads, confirms and ends mandates; holders see what they hold; auditors replay."""

from base64 import b64encode
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status

from bhxh.access.authority import Standing, employer_reference
from bhxh.access.errors import ACC_NO_MANDATE_FOUND
from bhxh.access.mandate_commands import grant_mandate, revoke_mandate
from bhxh.access.mandate_documents import revocation_content
from bhxh.access.mandate_errors import ACC_OTHER_CONTENT
from bhxh.access.mandate_flows import CertificateChecks, grant_by_certificate, prepare_document
from bhxh.access.mandate_queries import get_mandate, list_documents, list_held, list_mandates
from bhxh.access.permissions import check_grant_mandate, check_replay_mandates, may_grant_mandate
from bhxh.access.roles import OfficerRole, person_reference
from bhxh.doors.admission import lets_in
from bhxh.doors.api.mandate_shapes import (
    EmployerIn,
    HeldOut,
    KnownAt,
    MandateConfirmedIn,
    MandateGrantedOut,
    MandateIn,
    MandateOut,
    MandatePreparationIn,
    MandatePreparationOut,
    MandateSignedIn,
    OnDay,
    RevocationIn,
    StoodForOut,
    WordingOut,
)
from bhxh.doors.api.shapes import SEALED, decode_base64, produces
from bhxh.doors.mandating import WishedMandate, confirmed_by, content_of, look_at_holders
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.standing import (
    employer_by_code,
    employer_facts,
    who_could_act,
)
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.who import EMPLOYER, PERSON, officer
from bhxh.registry.queries import get_employer, list_employers
from bhxh.signing.xades import PreparedSignature

router = Router(tags=["mandates"])
office = Router(tags=["mandates"])
_JOSE = "application/jose+json"
_PURPOSE = "mandates"
MandateId = Annotated[UUID, Path(description="the mandate")]


@router.get("", response=list[MandateOut], summary="The organisation's mandates, in the order of granting")
@lets_in(EMPLOYER)
def list_own(
    request: HttpRequest, after: Annotated[UUID | None, Query(description="the last one of the page before")] = None
) -> list[MandateOut]:
    """Ended ones included; at most 200. For its representative."""
    who, employer_id = _representative(request)
    found = list_mandates(employer_id=employer_id, after=after)
    look_at_holders(who.actor, [mandate.account for mandate in found])
    return MandateOut.of_all(found)


@router.get("/held", response=list[HeldOut], summary="What one may act for today")
@lets_in(PERSON | EMPLOYER)
def list_those_held(request: HttpRequest) -> list[HeldOut]:
    """Mandates that name the account, the person, or the organisation one is signed in for. Those by register are not mandates."""
    who = _signed_in(request).standing(_PURPOSE)
    found = list_held(holders=_names(who.actor), on=day_in_vietnam(now()))
    look_at_holders(who.actor, [mandate.account for mandate in found])
    return HeldOut.of_held(found, list_employers({mandate.employer_id for mandate in found}))


@router.post("/wordings", response=WordingOut, summary="What a mandate would say, in plain words; nothing is granted")
@lets_in(EMPLOYER)
def word(request: HttpRequest, body: MandateIn) -> WordingOut:
    """Both languages, with the digest that the confirmation must name."""
    who, employer_id = _representative(request)
    content, words = content_of(who.actor, employer_id, _wished(body))
    return WordingOut(vi=words[0], en=words[1], content_sha256=content.sha256)


@router.post("", response={201: MandateGrantedOut}, summary="Grant a mandate: confirm what was read, freshly signed in")
@lets_in(EMPLOYER)
def grant(request: HttpRequest, body: MandateConfirmedIn) -> Status[MandateGrantedOut]:
    """The digest is that of the wording. What was confirmed, by whom and how is sealed as one document."""
    who, employer_id = _representative(request)
    content, words = content_of(who.actor, employer_id, _wished(body))
    if content.sha256 != body.content_sha256:
        raise Invalid(ACC_OTHER_CONTENT, where="content_sha256")
    confirmation = confirmed_by(request, _signed_in(request), who.actor, content.sha256)
    mandate_id = grant_mandate(
        actor=who.actor, at=now(), content=content, confirmation=confirmation, key=partners().keys.seal_key("mandate")
    )
    return Status(201, MandateGrantedOut.of(mandate_id, content, words))


@router.post("/preparations", response=MandatePreparationOut, summary="Prepare a mandate for the organisation's digital signature")
@lets_in(EMPLOYER)
def prepare(request: HttpRequest, body: MandatePreparationIn) -> MandatePreparationOut:
    """The other way to confirm: the key stays outside, and signs the wording itself."""
    who, employer_id = _representative(request)
    content, words = content_of(who.actor, employer_id, _wished(body))
    prepared = prepare_document(content, words, certificate=decode_base64(body.certificate, "certificate"), at=now())
    return MandatePreparationOut(
        vi=words[0],
        en=words[1],
        content_sha256=content.sha256,
        document=b64encode(prepared.xml).decode(),
        to_sign=b64encode(prepared.to_sign).decode(),
    )


@router.post("/signed", response={201: MandateGrantedOut}, summary="Grant a mandate by the organisation's digital signature")
@lets_in(EMPLOYER)
def grant_signed(request: HttpRequest, body: MandateSignedIn) -> Status[MandateGrantedOut]:
    """The unit's certificate, or its legal representative's. The signed document is kept with the sealed one."""
    who, employer_id = _representative(request)
    content, words = content_of(who.actor, employer_id, _wished(body))
    at, known, employer = now(), partners(), get_employer(employer_id)
    mandate_id = grant_by_certificate(
        actor=who.actor,
        at=at,
        content=content,
        words=words,
        prepared=PreparedSignature(
            xml=decode_base64(body.document, "document"),
            to_sign=decode_base64(body.to_sign, "to_sign"),
            certificate=decode_base64(body.certificate, "certificate"),
        ),
        signature=decode_base64(body.signature, "signature"),
        tax_code=employer.tax_code,
        employer=employer_facts(employer),
        checks=CertificateChecks(trust=known.trust(), revocation=known.revocation, budget_s=known.revocation_budget_s),
        key=known.keys.seal_key("mandate"),
    )
    return Status(201, MandateGrantedOut.of(mandate_id, content, words))


@router.post("/{mandate_id}/revocation", response=MandateOut, summary="End a mandate, today or on a later day, freshly signed in")
@lets_in(EMPLOYER)
def revoke(request: HttpRequest, mandate_id: MandateId, body: RevocationIn) -> MandateOut:
    """From that day on the holder no longer acts; what was done before stands."""
    who, employer_id = _representative(request)
    if get_mandate(mandate_id).employer_id != employer_id:
        raise NotFound(ACC_NO_MANDATE_FOUND)
    at = now()
    on = body.from_on or day_in_vietnam(at)
    confirmation = confirmed_by(request, _signed_in(request), who.actor, sha256_hex(revocation_content(mandate_id=mandate_id, until_on=on)))
    revoke_mandate(actor=who.actor, at=at, mandate_id=mandate_id, on=on, confirmation=confirmation, key=partners().keys.seal_key("mandate"))
    ended = get_mandate(mandate_id)
    look_at_holders(who.actor, [ended.account])
    return MandateOut.of_all([ended])[0]


@router.get(
    "/{mandate_id}/documents/{number}",
    summary="A mandate as a sealed document: 1 its grant, 2 its revocation, 3 and on one for a sooner day",
    openapi_extra=produces(_JOSE, SEALED),
)
@lets_in(PERSON | EMPLOYER)
def document(request: HttpRequest, mandate_id: MandateId, number: Annotated[int, Path(ge=1, le=9999)]) -> HttpResponse:
    """Flattened JWS, for the organisation's representative and for the holder. `bhxh verify` reads it."""
    who = _signed_in(request).standing(_PURPOSE)
    mandate = get_mandate(mandate_id)
    if mandate.account not in _names(who.actor) and not may_grant_mandate(
        who.actor, employer_id=mandate.employer_id, authority=who.authority
    ):
        raise NotFound(ACC_NO_MANDATE_FOUND)
    look_at_holders(who.actor, [mandate.account])
    for kept in list_documents(mandate_id):
        if kept.n == number and kept.sealed:
            return HttpResponse(kept.sealed, content_type=_JOSE)
    raise NotFound(ACC_NO_MANDATE_FOUND)


@router.get("/standing", response=list[StoodForOut], summary="Who could act for the organisation on a day, as the records stood at a time")
@lets_in(EMPLOYER)
def own_standing(request: HttpRequest, on: OnDay = None, known_at: KnownAt = None) -> list[StoodForOut]:
    """By register and by mandate. For its representative."""
    who = _signed_in(request).standing(_PURPOSE)
    assert who.actor.employer_id is not None, "lets_in admits nobody without an employer"
    check_replay_mandates(who.actor, employer_id=who.actor.employer_id, authority=who.authority)
    return _replayed(who.actor, who.actor.employer_id, on, known_at)


@office.get("/standing", response=list[StoodForOut], summary="Who could act for an organisation on a day, as the records stood at a time")
@lets_in(officer(OfficerRole.OPERATOR, OfficerRole.AUDITOR))
def standing(request: HttpRequest, employer: EmployerIn = "", on: OnDay = None, known_at: KnownAt = None) -> list[StoodForOut]:
    """For auditors: the answer of a past instant does not change by what was granted or revoked since."""
    actor, facts = _signed_in(request).officer("audit")
    found = employer_by_code(employer)
    check_replay_mandates(actor, employer_id=found.employer_id, officer=facts)
    return _replayed(actor, found.employer_id, on, known_at)


def _replayed(actor: Actor, employer_id: int, on: OnDay, known_at: KnownAt) -> list[StoodForOut]:
    at = now()
    stood = who_could_act(employer_id, on=on or day_in_vietnam(at), known_at=known_at or at)
    look_at_holders(actor, [one.holder for one in stood])
    return [StoodForOut.of(one) for one in stood]


def _signed_in(request: HttpRequest) -> SignedIn:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in


def _representative(request: HttpRequest) -> tuple[Standing, int]:
    who = _signed_in(request).standing(_PURPOSE)
    assert who.actor.employer_id is not None, "lets_in admits nobody without an employer"
    check_grant_mandate(who.actor, employer_id=who.actor.employer_id, authority=who.authority)
    return who, who.actor.employer_id


def _wished(body: MandateIn) -> WishedMandate:
    return WishedMandate(
        kind=body.holder.kind,
        number=body.holder.number,
        full_name=body.holder.full_name,
        role=body.role,
        acts=body.acts,
        procedures=body.procedures,
        from_on=body.from_on,
        until_on=body.until_on,
    )


def _names(actor: Actor) -> list[str]:
    """Every name under which the actor, as signed in, may hold a mandate."""
    if actor.employer_id is not None:
        return [employer_reference(actor.employer_id), actor.account]
    return [actor.account, *([person_reference(actor.person_id)] if actor.person_id is not None else [])]
