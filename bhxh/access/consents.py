"""Words and facts of consent: who asks, for what, what a person granted, and how it stands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from bhxh.kernel.actor import LegalBasis
from bhxh.kernel.clock import day_in_vietnam


class RequesterKind(StrEnum):
    """What sort of organisation asks."""

    BANK = "BANK"
    LANDLORD_AGENCY = "LANDLORD_AGENCY"
    COURT = "COURT"
    STATE_AGENCY = "STATE_AGENCY"
    HEALTH_FACILITY = "HEALTH_FACILITY"
    OTHER = "OTHER"


class ConsentPurpose(StrEnum):
    """For what data may be asked: a closed list, so that a person reads words that we chose."""

    CREDIT = "CREDIT"
    TENANCY = "TENANCY"
    COURT_CASE = "COURT_CASE"
    RECRUITMENT = "RECRUITMENT"
    SOCIAL_POLICY = "SOCIAL_POLICY"
    HEALTH_CARE = "HEALTH_CARE"
    PRIVATE_INSURANCE = "PRIVATE_INSURANCE"


PURPOSE_WORDS: Final[dict[ConsentPurpose, tuple[str, str]]] = {
    ConsentPurpose.CREDIT: ("xét cho bạn vay", "to decide on a loan for you"),
    ConsentPurpose.TENANCY: ("xét cho bạn thuê nhà", "to decide on letting you a home"),
    ConsentPurpose.COURT_CASE: ("giải quyết vụ việc của bạn tại tòa án", "for your case before a court"),
    ConsentPurpose.RECRUITMENT: ("xét tuyển dụng bạn", "to decide on employing you"),
    ConsentPurpose.SOCIAL_POLICY: ("xét trợ cấp, chính sách cho bạn", "to decide on support for you"),
    ConsentPurpose.HEALTH_CARE: ("khám bệnh, chữa bệnh cho bạn", "to treat you"),
    ConsentPurpose.PRIVATE_INSURANCE: ("xét hợp đồng bảo hiểm của bạn", "to decide on an insurance contract of yours"),
}


class RequestState(StrEnum):
    """Where a request stands. One that nobody answered lapses by itself: silence is not consent."""

    WAITING = "WAITING"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"
    """Taken back by the requester, or replaced by its next one for the same purpose."""
    LAPSED = "LAPSED"


class ConsentStatus(StrEnum):
    """How a consent stands (R-193)."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ConsentChannel(StrEnum):
    """Where the person said it."""

    SIGNED_IN = "SIGNED_IN"
    COUNTER = "COUNTER"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterFacts:
    """A registered organisation that may ask persons for data, or reads them by its duty."""

    requester_id: str
    name: str
    kind: RequesterKind
    client_id: str
    """Its program; empty where it has none."""
    employer_id: int | None
    """The organisation whose e-ID account acts for it; None where it has none."""
    fields: tuple[str, ...]
    """The most it may ask for."""
    purposes: tuple[ConsentPurpose, ...]
    contact: str
    notice_url: str
    """Where it tells people how it treats data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedScopeFacts:
    """What a State agency may read without asking the person (R-194)."""

    scope_id: str
    requester_id: str
    legal_basis: LegalBasis
    purpose_vi: str
    purpose_en: str
    ground: str
    """The clause and the agreement it rests on."""
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRequestView:
    """A request as its requester and its person see it."""

    request_id: UUID
    requester: RequesterFacts
    person_id: int | None
    fields: tuple[str, ...]
    purpose: ConsentPurpose
    reason: str
    """The requester's own words."""
    reference: str
    """The requester's own number."""
    on: date | None
    until_on: date
    asked_at: datetime
    lapses_at: datetime
    state: RequestState
    consent_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """A consent: what it covers, whether it stands, and its receipt."""

    consent_id: UUID
    request_id: UUID
    person_id: int
    requester: RequesterFacts
    fields: tuple[str, ...]
    purpose: ConsentPurpose
    on: date | None
    until_on: date
    granted_at: datetime
    withdrawn_at: datetime | None
    receipt: bytes
    """Flattened JWS."""

    def status(self, at: datetime) -> ConsentStatus:
        """How it stands at an instant."""
        if self.withdrawn_at is not None:
            return ConsentStatus.WITHDRAWN
        return ConsentStatus.GIVEN if day_in_vietnam(at) < self.until_on else ConsentStatus.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantProof:
    """How the person was known when they granted: part of the receipt's evidence."""

    authenticated_at: datetime
    """When they last proved who they are, to the e-ID issuer."""
    assurance_level: int
    session_sha256: str
    """Digest of the session or token they acted in."""
    is_by_representative: bool = False
    """A parent or guardian granted for the person."""


def last_day(until_on: date) -> date:
    """People name the last day; the house keeps the first that no longer counts."""
    return until_on - timedelta(days=1)


def day_after(until: date) -> date:
    """The inverse of `last_day`."""
    return until + timedelta(days=1)
