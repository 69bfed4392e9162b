"""What the sandbox's registers hold: the view of the one synthetic population that each register would have."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bhxh.registry.synthetic import BusinessRecord, RegisterRecord, SyntheticCitizen, business_view, generate, register_view

_SUBJECT_KEY = b"sandbox account names"  # a stand-in has nothing to hide; a real issuer keeps such a key secret


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHeld:
    """One person as the population register has them."""

    pin: str
    full_name: str
    birth_on: str
    """ISO day."""
    sex: str
    residence: str
    is_deceased: bool = False

    @property
    def record_id(self) -> str:
        """The register's own name of the record."""
        return f"NPD-{sha256(self.pin.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyHeld:
    """One enterprise as the business register has it."""

    tax_code: str
    name: str
    address: str
    legal_representative_pin: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Everything, by personal number and by tax code."""

    persons: Mapping[str, PersonHeld]
    """The population register's records, with the dirt that is planted in them."""
    identities: Mapping[str, PersonHeld]
    """Who can sign in: everybody; those missing in the register with their own data."""
    companies: Mapping[str, CompanyHeld]


def load_holdings(*, seed: int, citizens: int, employers: int) -> Holdings:
    """The registers' view. The same arguments give the same holdings in every program."""
    population = generate(seed, citizens, employers)
    persons = {record.pin: _person(record) for record in register_view(population).records}
    missing = {citizen.pin: _citizen(citizen) for citizen in population.citizens if citizen.pin not in persons}
    companies = {record.tax_code: _company(record) for record in business_view(population)}
    return Holdings(persons=persons, identities={**persons, **missing}, companies=companies)


def account_subject(*parts: str) -> str:
    """The opaque account name the e-ID issuer gives: by personal number, or by organisation and acting person."""
    return hmac.new(_SUBJECT_KEY, "|".join(parts).encode(), "sha256").hexdigest()[:32]


def _person(record: RegisterRecord) -> PersonHeld:
    return PersonHeld(
        pin=record.pin,
        full_name=record.full_name,
        birth_on=record.birth_on.isoformat(),
        sex=record.sex,
        residence=record.residence,
        is_deceased=record.is_deceased,
    )


def _citizen(citizen: SyntheticCitizen) -> PersonHeld:
    return PersonHeld(
        pin=citizen.pin,
        full_name=citizen.full_name,
        birth_on=citizen.birth_on.isoformat(),
        sex=citizen.sex,
        residence=f"{citizen.street}, {citizen.ward_code}, {citizen.province_code}",
    )


def _company(record: BusinessRecord) -> CompanyHeld:
    return CompanyHeld(
        tax_code=record.tax_code,
        name=record.name,
        address=record.address,
        legal_representative_pin=record.legal_representative_pin,
        is_active=record.status == "ACTIVE",
    )
