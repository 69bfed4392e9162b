"""Words of the access room: account types, mandate roles, officers' roles, machines' grants, and the facts about holders."""

from dataclasses import dataclass
from enum import StrEnum


class AccountType(StrEnum):
    """Whose e-ID account. Law: decree-164 section 2.5 (Decree 69/2024)."""

    CITIZEN = "CITIZEN"
    FOREIGNER = "FOREIGNER"
    ORG = "ORG"


class MandateRole(StrEnum):
    """As what a natural person acts for an organisation (R-026)."""

    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE"
    """By the register as a rule; by mandate where the register does not know them yet."""
    AUTHORISED = "AUTHORISED"
    """A clerk with a mandate."""
    AGENT = "AGENT"
    """Another organisation, such as an accounting firm or I-VAN provider, or a program."""


class OfficerRole(StrEnum):
    """What an officer does. What each may: `permissions.py`; for what each may read a person: `reading_purposes.py`."""

    RECEPTION = "RECEPTION"
    APPRAISER = "APPRAISER"
    APPROVER = "APPROVER"
    CONVERTER = "CONVERTER"
    """Turns paper into electronic documents and back; sees the documents of dossiers."""
    REGISTRAR = "REGISTRAR"
    """Keeps the register right: duplicates, corrections, mismatches."""
    SUPERVISOR = "SUPERVISOR"
    """Watches over queue, deadlines and complaints; decides nothing."""
    OPERATOR = "OPERATOR"
    """Runs the installation; sees nobody's data."""
    AUDITOR = "AUDITOR"
    """Reads the log and its proofs; changes nothing and works on no dossier."""
    DATA_PROTECTION = "DATA_PROTECTION"
    """Data-protection officer: who looked at whom, requests of data subjects, breaches."""


class Grant(StrEnum):
    """What another program may do."""

    FILE_FOR_EMPLOYERS = "FILE_FOR_EMPLOYERS"
    """Filing software of an employer; the employer's mandate is needed besides."""
    FILE_FOR_PERSONS = "FILE_FOR_PERSONS"
    """The national portal: it vouches for the citizen's own sign-in."""
    READ_WITH_CONSENT = "READ_WITH_CONSENT"
    """Asks persons for their consent, and reads what they granted."""
    READ_BY_DUTY = "READ_BY_DUTY"
    """A State agency: reads by legal basis and purpose, within its agreed scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary:
    """A known e-ID account."""

    account: str
    issuer: str
    subject: str
    person_id: int
    account_type: AccountType


def person_reference(person_id: int) -> str:
    """`person:<id>`: names somebody in a mandate before they ever signed in for the employer."""
    return f"person:{person_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerFacts:
    """An officer in service."""

    login: str
    account: str
    agency_code: str
    roles: frozenset[OfficerRole]
    skills: frozenset[str]
    """Slugs of procedures the officer is trained for; empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFacts:
    """A registered program."""

    client_id: str
    name: str
    grants: frozenset[Grant]
    owner_employer_id: int | None = None
    """The organisation that looks after it; None: this installation's operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerFacts:
    """What the caller knows of an organisation that somebody acts for, from the registry above us."""

    employer_id: int
    legal_representative_pin: str = ""
    is_dissolved: bool = False
    acting_person_id: int | None = None
    """The acting person as the registry knows them, found by the token's `acting_pin`; a mandate may name that person."""
