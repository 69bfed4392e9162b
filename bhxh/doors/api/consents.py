"""A person decides about their data: who asks for what, granting all or part, refusing, withdrawing, the receipts."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bhxh.access.consent_commands import refuse_consent
from bhxh.access.consent_queries import get_consent, get_request, list_consents, list_requests
from bhxh.access.consents import GrantProof
from bhxh.access.permissions import check_decide_consent, check_see_consents, check_withdraw_consent
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.api.consent_shapes import ConsentId, ConsentOut, GrantedOut, GrantIn, RequestId, Sealed, WantedOut, day_after
from bhxh.doors.api.shapes import SEALED, produces
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.sharing.commands import grant, withdraw

router = Router(tags=["consent"])
_PURPOSE = "own_consents"


@router.get("/consent-requests", response=list[WantedOut], summary="Who asks to see one's data, in plain words")
@lets_in(PERSON | REPRESENTATIVE)
def requests(request: HttpRequest) -> list[WantedOut]:
    """Latest first, decided ones too."""
    _, person_id = _own(request)
    return [WantedOut.of(view) for view in list_requests(person_id, at=now())]


@router.post("/consent-requests/{request_id}/grant", response={201: GrantedOut}, summary="Grant all or a part, after a fresh sign-in")
@lets_in(PERSON | REPRESENTATIVE)
def grant_request(request: HttpRequest, request_id: RequestId, body: GrantIn) -> Status[GrantedOut]:
    """The sealed receipt comes back, and lies at the consent's address."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    actor, at, known = signed_in.actor(_PURPOSE), now(), partners()
    person_id = actor.for_person_id or 0
    check_decide_consent(actor, person_id=person_id)
    get_request(request_id, at=at, person_id=person_id)  # WHY first: nobody signs in again for what is not there
    consent = grant(
        actor=actor,
        at=at,
        person_id=person_id,
        request_id=request_id,
        fields=body.fields,
        until_on=day_after(body.until),
        proof=_proof(signed_in, actor),
        issuer=known.receipt_issuer,
        key=known.keys.seal_key("consent"),
    )
    record_look(actor=actor, at=at, person_id=person_id, what="consents")
    return Status(201, GrantedOut(consent=ConsentOut.of(consent, at), receipt=Sealed.of(consent.receipt)))


@router.post("/consent-requests/{request_id}/refusal", response={204: None}, summary="Refuse, without a reason")
@lets_in(PERSON | REPRESENTATIVE)
def refuse_request(request: HttpRequest, request_id: RequestId) -> Status[None]:
    """The requester learns that it was refused, and may not ask again for thirty days."""
    actor = _actor(request)
    check_decide_consent(actor, person_id=actor.for_person_id or 0)
    refuse_consent(actor=actor, at=now(), person_id=actor.for_person_id or 0, request_id=request_id)
    return Status(204, None)


@router.get("/consents", response=list[ConsentOut], summary="What one granted, and how it stands")
@lets_in(PERSON | REPRESENTATIVE)
def consents(request: HttpRequest) -> list[ConsentOut]:
    """Latest first, ended ones too."""
    _, person_id = _own(request)
    return [ConsentOut.of(consent, now()) for consent in list_consents(person_id)]


@router.get(
    "/consents/{consent_id}/receipt", summary="The sealed receipt of a consent", openapi_extra=produces("application/jose+json", SEALED)
)
@lets_in(PERSON | REPRESENTATIVE)
def receipt(request: HttpRequest, consent_id: ConsentId) -> HttpResponse:
    """Flattened JWS; `bhxh verify` and any JOSE library verify it offline."""
    _, person_id = _own(request)
    return HttpResponse(get_consent(consent_id, person_id=person_id).receipt, content_type="application/jose+json")


@router.post("/consents/{consent_id}/withdrawal", response=ConsentOut, summary="Withdraw a consent, from now on")
@lets_in(PERSON | REPRESENTATIVE)
def withdraw_consent(request: HttpRequest, consent_id: ConsentId) -> ConsentOut:
    """No fresh sign-in: ending it is easier than granting it. The next read gets nothing."""
    actor, at = _actor(request), now()
    check_withdraw_consent(actor, person_id=actor.for_person_id or 0)
    consent = withdraw(actor=actor, at=at, person_id=actor.for_person_id or 0, consent_id=consent_id, issuer=partners().receipt_issuer)
    record_look(actor=actor, at=at, person_id=consent.person_id, what="consents")
    return ConsentOut.of(consent, at)


def _actor(request: HttpRequest) -> Actor:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in.actor(_PURPOSE)


def _own(request: HttpRequest) -> tuple[Actor, int]:
    actor = _actor(request)
    person_id = actor.for_person_id or 0
    check_see_consents(actor, person_id=person_id)
    record_look(actor=actor, at=now(), person_id=person_id, what="consents")
    return actor, person_id


def _proof(signed_in: SignedIn, actor: Actor) -> GrantProof:
    """How the person was known, and when. A fresh sign-in is demanded: what is granted here is read by others. Raises NotAllowed ACC-030."""
    signed_in.check_fresh()
    claims, session = signed_in.claims, signed_in.session
    assert claims.signed_in_at is not None, "what is fresh has an instant"
    return GrantProof(
        authenticated_at=claims.signed_in_at,
        assurance_level=claims.assurance_level,
        session_sha256=session.secret_sha256 if session else sha256_hex(claims.jti.encode()),
        is_by_representative=actor.on_behalf_of_person_id is not None,
    )
