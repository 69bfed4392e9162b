"""What the registry is told: the values its commands take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bhxh.kernel.canonical import Json
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.identifiers import PassportNumber, Pin, SocialInsuranceCode
from bhxh.kernel.months import Month
from bhxh.law.figures import Fund


class Scheme(StrEnum):
    """Kinds of numbers by which a person is found."""

    PIN = "PIN"
    SI = "SI"
    """Present social insurance code and its 10-digit predecessors."""
    PASSPORT = "PASSPORT"
    """`country:number`, such as KR:M12345678."""
    OLD_ID = "OLD_ID"
    HI = "HI"
    """Health card code, 15 characters."""


class Verification(StrEnum):
    """Result of comparing identity facts with the population register. A mismatch never blocks a right by itself."""

    UNVERIFIED = "UNVERIFIED"
    VERIFIED = "VERIFIED"
    MISMATCH = "MISMATCH"


class ParticipationStatus(StrEnum):
    """What holds between a worker and an employer in a span of months."""

    WORKING = "WORKING"
    ON_LEAVE = "ON_LEAVE"
    """Still employed, not contributing: maternity, long sickness, unpaid leave."""
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where facts come from. `source_kind` is a value of decree-164 section 8.9."""

    source_kind: str
    source_system: str
    source_record_id: str = ""
    fetched_at: datetime | None = None
    content_sha256: str = ""
    dossier_id: UUID | None = None
    officer: str = ""

    def as_columns(self, at: datetime) -> tuple[object, ...]:
        """In the order of SOURCE_COLUMNS."""
        return (
            at,
            self.source_kind,
            self.source_system,
            self.source_record_id,
            self.fetched_at,
            self.content_sha256,
            self.dossier_id,
            self.officer,
        )


SOURCE_COLUMNS = (
    "recorded_at",
    "source_kind",
    "source_system",
    "source_record_id",
    "fetched_at",
    "content_sha256",
    "dossier_id",
    "officer",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityFacts:
    """Group 1 of the seven: who somebody is. Text is tidied by the command."""

    full_name: str
    birth_on: date
    sex: str
    birth_precision: str = "DAY"
    nationality: str = "VN"
    ethnicity: str = ""
    permanent_ward: str = ""
    permanent_street: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """One person to be registered. The code is the PIN; without one the 10-digit `si_code`, or a new one of ours."""

    identity: IdentityFacts
    pin: Pin | None = None
    passport_country: str = ""
    passport_number: PassportNumber | None = None
    si_code: SocialInsuranceCode | None = None
    legacy_si_codes: tuple[str, ...] = ()
    old_id: str = ""
    email: str = ""
    mobile_phone: str = ""
    managed_by: Custodian | None = None
    """None: by this installation's custodian."""
    provenance: Provenance | None = None
    """Where this one comes from; None: as the whole list."""

    @property
    def key(self) -> str:
        """What `register_persons` answers by: the PIN, else `country:number`, else the code."""
        if self.pin:
            return str(self.pin)
        return f"{self.passport_country}:{self.passport_number}" if self.passport_number else str(self.si_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """What the comparison of one person gave."""

    person_id: int
    verification: Verification
    mismatch_fields: tuple[str, ...] = ()
    provenance: Provenance | None = None
    """Where this one comes from; None: as the whole list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsRow:
    """Facts of one person over a span of days."""

    person_id: int
    facts: Mapping[str, Json]
    valid_from: date
    valid_until: date | None = None
    provenance: Provenance | None = None
    """Where this one comes from; None: as the whole list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """How a person wants to be reached."""

    person_id: int
    email: str = ""
    mobile_phone: str = ""
    current_ward: str = ""
    current_street: str = ""
    preferred_channel: str = "EMAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRow:
    """A household with its members: (person_id, relation code)."""

    ward: str
    street: str
    members: tuple[tuple[int, str], ...]
    from_on: date
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationRow:
    """What holds from `from_month` on (until `until_month`, exclusive, where given).

    A row overrides, for the months it covers and the same employer, whatever was recorded before. So a leaver is one
    row with status ENDED from the first month not worked; an earlier row is never closed.
    """

    person_id: int
    employer_id: int
    participant_type: str
    wage_vnd: int
    from_month: Month
    until_month: Month | None = None
    job_title: str = ""
    workplace: str = ""
    change_code: str = ""
    status: str = "WORKING"
    left_funds: frozenset[Fund] = frozenset()
    """Funds that are not paid while this holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCardRow:
    """A card, or a later state of a card already issued (same code)."""

    person_id: int
    card_code: str
    valid_from: date
    valid_until: date | None = None
    facility_code: str = ""
    five_year_on: date | None = None
    area_code: str = ""
    state: str = "VALID"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnemploymentCoverRow:
    """Contribution months kept for a later benefit, as of a day."""

    person_id: int
    preserved_months: int
    as_of_on: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitEventRow:
    """An award, or a later state of it (same scheme and decision number)."""

    person_id: int
    scheme: str
    decision_number: str
    decided_on: date
    from_on: date
    until_on: date | None
    amount_vnd: int
    paying_office: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementEventRow:
    """A scheme settled in one dossier, or a later state of it (same dossier code)."""

    person_id: int
    scheme: str
    dossier_code: str
    settled_on: date
    office: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerEntry:
    """One employer to be registered."""

    unit_code: str
    tax_code: str
    name: str
    agency_code: str
    wage_region: int
    industry: str = ""
    enterprise_type: str = "OTHER"
    email: str = ""
    phone: str = ""
    head_office_ward: str = ""
    head_office_street: str = ""
    legal_representative_pin: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further facts by name, such as `establishment_decision_number`."""
