"""Read consent: who may ask, what was asked of a person, what was granted, and how it stands."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bhxh.access.consent_errors import ACC_NO_AGREED_SCOPE, ACC_NO_CONSENT, ACC_NO_CONSENT_REQUEST, ACC_NO_REQUESTER
from bhxh.access.consents import (
    AgreedScopeFacts,
    ConsentPurpose,
    ConsentRequestView,
    ConsentView,
    RequesterFacts,
    RequesterKind,
    RequestState,
)
from bhxh.access.models import AgreedScope, Consent, ConsentRequest, ConsentWithdrawal, Requester
from bhxh.kernel.actor import LegalBasis
from bhxh.kernel.errors import NotAllowed, NotFound

_LIMIT = 200  # LIMIT: a page of a person's requests or consents


def find_requester_of(*, account: str, employer_id: int | None, on: date) -> RequesterFacts | None:
    """The registered organisation that a program (`machine:<client>`) or an employer's account acts for on a day."""
    of_account = Q(client_id=account.removeprefix("machine:")) if account.startswith("machine:") else Q(employer_id=employer_id)
    if not account.startswith("machine:") and employer_id is None:
        return None
    row = Requester.objects.filter(_in_force(on), of_account).first()
    return _requester(row) if row else None


def get_requester(requester_id: str, *, on: date) -> RequesterFacts:
    """A requester in force on a day. Raises NotAllowed ACC-141."""
    row = Requester.objects.filter(_in_force(on), requester_id=requester_id).first()
    if row is None:
        raise NotAllowed(ACC_NO_REQUESTER)
    return _requester(row)


def list_requesters() -> tuple[RequesterFacts, ...]:
    """All that were ever registered, by name of key. At most 200."""
    return tuple(_requester(row) for row in Requester.objects.order_by("requester_id")[:_LIMIT])


def get_agreed_scope(scope_id: str, *, requester_id: str, on: date) -> AgreedScopeFacts:
    """An agency's scope in force on a day. Raises NotAllowed ACC-151."""
    row = AgreedScope.objects.filter(_in_force(on), from_on__lte=on, scope_id=scope_id, requester_id=requester_id).first()
    if row is None:
        raise NotAllowed(ACC_NO_AGREED_SCOPE)
    return AgreedScopeFacts(
        scope_id=row.scope_id,
        requester_id=row.requester_id,
        legal_basis=LegalBasis(row.legal_basis),
        purpose_vi=row.purpose_vi,
        purpose_en=row.purpose_en,
        ground=row.ground,
        fields=tuple(row.fields),
    )


def list_requests(person_id: int, *, at: datetime) -> tuple[ConsentRequestView, ...]:
    """What was asked of a person, latest first. At most 200."""
    return _requests(list(ConsentRequest.objects.filter(person_id=person_id).order_by("-asked_at", "-request_id")[:_LIMIT]), at)


def get_request(request_id: UUID, *, at: datetime, person_id: int | None = None, requester_id: str | None = None) -> ConsentRequestView:
    """One request, of this person or of this requester. Raises NotFound ACC-145, also where it is somebody else's."""
    assert (person_id is None) != (requester_id is None), "a request is looked up by its person or by its requester"
    rows = ConsentRequest.objects.filter(request_id=request_id)
    rows = rows.filter(person_id=person_id) if requester_id is None else rows.filter(requester_id=requester_id)
    found = _requests(list(rows), at)
    if not found:
        raise NotFound(ACC_NO_CONSENT_REQUEST)
    return found[0]


def list_consents(person_id: int) -> tuple[ConsentView, ...]:
    """What a person granted, latest first, ended ones too. At most 200."""
    return _consents(list(Consent.objects.filter(person_id=person_id).order_by("-granted_at", "-consent_id")[:_LIMIT]))


def get_consent(consent_id: UUID, *, person_id: int | None = None) -> ConsentView:
    """One consent, however it stands. Raises NotFound ACC-148, also where it is another person's."""
    rows = Consent.objects.filter(consent_id=consent_id)
    found = _consents(list(rows if person_id is None else rows.filter(person_id=person_id)))
    if not found:
        raise NotFound(ACC_NO_CONSENT)
    return found[0]


def get_consent_held(consent_id: UUID) -> ConsentView:
    """The consent as it stands, and until this transaction ends nobody withdraws it. Readers do not wait for each other.

    WHY the request's row: a consent is append-only, so our role may not lock its row; the request that was granted is locked in its stead.
    Raises:  NotFound ACC-148.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM access_consent_request asked JOIN access_consent granted USING (request_id)"
            " WHERE granted.consent_id = %s FOR SHARE OF asked",
            [consent_id],
        )
    # WHY only now: whoever waited above for a withdrawal sees it in this statement, not in the one that waited.
    return get_consent(consent_id)


def _requests(rows: Collection[ConsentRequest], at: datetime) -> tuple[ConsentRequestView, ...]:
    requesters = _requesters({row.requester_id for row in rows})
    return tuple(request_view(row, requesters[row.requester_id], at) for row in rows)


def _consents(rows: Collection[Consent]) -> tuple[ConsentView, ...]:
    requesters = _requesters({row.requester_id for row in rows})
    ended = ConsentWithdrawal.objects.filter(consent_id__in=[row.consent_id for row in rows])
    withdrawn = dict(ended.values_list("consent_id", "withdrawn_at"))
    return tuple(
        ConsentView(
            consent_id=row.consent_id,
            request_id=row.request_id,
            person_id=row.person_id,
            requester=requesters[row.requester_id],
            fields=tuple(row.fields),
            purpose=ConsentPurpose(row.purpose),
            on=row.on,
            until_on=row.until_on,
            granted_at=row.granted_at,
            withdrawn_at=withdrawn.get(row.consent_id),
            receipt=bytes(row.receipt),
        )
        for row in rows
    )


def request_view(row: ConsentRequest, requester: RequesterFacts, at: datetime) -> ConsentRequestView:
    """A row as callers see it; one that waited too long has lapsed without anybody writing it down."""
    has_lapsed = row.state == RequestState.WAITING and row.lapses_at <= at
    return ConsentRequestView(
        request_id=row.request_id,
        requester=requester,
        person_id=row.person_id,
        fields=tuple(row.fields),
        purpose=ConsentPurpose(row.purpose),
        reason=row.reason,
        reference=row.reference,
        on=row.on,
        until_on=row.until_on,
        asked_at=row.asked_at,
        lapses_at=row.lapses_at,
        state=RequestState.LAPSED if has_lapsed else RequestState(row.state),
        consent_id=row.consent_id,
    )


def _requesters(ids: Collection[str]) -> dict[str, RequesterFacts]:
    return {row.requester_id: _requester(row) for row in Requester.objects.filter(requester_id__in=ids)}


def _requester(row: Requester) -> RequesterFacts:
    return RequesterFacts(
        requester_id=row.requester_id,
        name=row.name,
        kind=RequesterKind(row.kind),
        client_id=row.client_id,
        employer_id=row.employer_id,
        fields=tuple(row.fields),
        purposes=tuple(ConsentPurpose(purpose) for purpose in row.purposes),
        contact=row.contact,
        notice_url=row.notice_url,
    )


def _in_force(on: date) -> Q:
    return Q(until_on__isnull=True) | Q(until_on__gt=on)
