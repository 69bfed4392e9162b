"""What other registers hold of the same people, with dirt planted by the seed."""

from dataclasses import dataclass
from datetime import date
from random import Random

from bhxh.registry.synthetic.places import address_text
from bhxh.registry.synthetic.shapes import Population, SyntheticCitizen

MISSING_SHARE = 0.01
MISMATCH_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRecord:
    """One record of the national population register."""

    pin: str
    full_name: str
    birth_on: date
    sex: str
    nationality: str
    ethnicity: str
    residence_province: str
    residence_ward: str
    residence_street: str
    residence: str
    """The same as one text."""
    is_deceased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterView:
    """The population register's records, and which dirt was planted."""

    records: tuple[RegisterRecord, ...]
    mismatched_pins: tuple[str, ...]
    missing_pins: tuple[str, ...]

    def by_pin(self) -> dict[str, RegisterRecord]:
        """Records by personal number."""
        return {record.pin: record for record in self.records}


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRecord:
    """One record of the business register."""

    tax_code: str
    name: str
    status: str
    enterprise_type: str
    industry: str
    ward_code: str
    address: str
    legal_representative_pin: str


def register_view(population: Population) -> RegisterView:
    """What the population register holds: 1 % of the people missing, 2 % with another birth date or name."""
    records: list[RegisterRecord] = []
    mismatched: list[str] = []
    missing: list[str] = []
    for citizen in population.citizens:
        rng = Random(f"{population.seed}/register/{citizen.pin}")
        drawn = rng.random()
        if drawn < MISSING_SHARE:
            missing.append(citizen.pin)
        elif drawn < MISSING_SHARE + MISMATCH_SHARE:
            mismatched.append(citizen.pin)
            records.append(_record(citizen, *_dirtied(citizen, rng)))
        else:
            records.append(_record(citizen, citizen.full_name, citizen.birth_on))
    return RegisterView(records=tuple(records), mismatched_pins=tuple(mismatched), missing_pins=tuple(missing))


def business_view(population: Population) -> tuple[BusinessRecord, ...]:
    """What the business register holds; the last employer of a large population is suspended there."""
    last = len(population.employers) - 1
    return tuple(
        BusinessRecord(
            tax_code=employer.tax_code,
            name=employer.name,
            status="SUSPENDED" if last >= 20 and employer.number == last else "ACTIVE",
            enterprise_type=employer.enterprise_type,
            industry=employer.industry,
            ward_code=employer.ward_code,
            address=address_text(employer.province_code, employer.ward_code, employer.street),
            legal_representative_pin=employer.legal_representative_pin,
        )
        for employer in population.employers
    )


def _record(citizen: SyntheticCitizen, full_name: str, birth_on: date) -> RegisterRecord:
    return RegisterRecord(
        pin=citizen.pin,
        full_name=full_name,
        birth_on=birth_on,
        sex=citizen.sex,
        nationality=citizen.nationality,
        ethnicity=citizen.ethnicity,
        residence_province=citizen.province_code,
        residence_ward=citizen.ward_code,
        residence_street=citizen.street,
        residence=address_text(citizen.province_code, citizen.ward_code, citizen.street),
    )


def _dirtied(citizen: SyntheticCitizen, rng: Random) -> tuple[str, date]:
    """Another day of birth (month and day swapped where they can be), or a lost middle name."""
    birth_on = citizen.birth_on
    words = citizen.full_name.split()
    if rng.random() < 0.4 and len(words) > 2:
        return f"{words[0]} {words[-1]}", birth_on
    if birth_on.day <= 12 and birth_on.day != birth_on.month:
        return citizen.full_name, date(birth_on.year, birth_on.day, birth_on.month)
    return citizen.full_name, date(birth_on.year, birth_on.month, birth_on.day % 28 + 1)
