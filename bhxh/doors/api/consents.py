"""A person decides about their data: who asks for what, granting all or part, refusing, withdrawing, the receipts."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from bhxh.access.consent_queries import get_consent, list_consents, list_requests
from bhxh.access.consents import day_after
from bhxh.doors import consenting
from bhxh.doors.admission import lets_in
from bhxh.doors.api.consent_shapes import ConsentId, ConsentOut, GrantedOut, GrantIn, RequestId, Sealed, WantedOut
from bhxh.doors.api.shapes import SEALED, produces
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.who import PERSON, REPRESENTATIVE

router = Router(tags=["consent"])


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
    consent = consenting.grant_request(signed_in, request_id, fields=body.fields, until_on=day_after(body.until))
    return Status(201, GrantedOut(consent=ConsentOut.of(consent, now()), receipt=Sealed.of(consent.receipt)))


@router.post("/consent-requests/{request_id}/refusal", response={204: None}, summary="Refuse, without a reason")
@lets_in(PERSON | REPRESENTATIVE)
def refuse_request(request: HttpRequest, request_id: RequestId) -> Status[None]:
    """The requester learns that it was refused, and may not ask again for thirty days."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    consenting.refuse_request(signed_in, request_id)
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
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return ConsentOut.of(consenting.end_consent(signed_in, consent_id), now())


def _own(request: HttpRequest) -> tuple[Actor, int]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return consenting.see_consents(signed_in)
