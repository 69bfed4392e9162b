"""What the sandbox's registers hold: the view of the one synthetic population that each register would have."""

import hmac
import random
from collections.abc import Mapping
from dataclasses import dataclass

_SUBJECT_KEY = b"sandbox account names"  # a stand-in has nothing to hide; a real issuer keeps such a key secret


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHeld:
    """One person as the population register has them."""

    pin: str
    full_name: str
    birth_on: str
    """ISO day, month or year."""
    sex: str
    residence: str
    is_deceased: bool
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyHeld:
    """One enterprise as the business register has it."""

    tax_code: str
    name: str
    address: str
    legal_representative_pin: str
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Everything, by personal number and by tax code."""

    persons: Mapping[str, PersonHeld]
    companies: Mapping[str, CompanyHeld]


def load_holdings(*, seed: int, citizens: int, employers: int) -> Holdings:
    """The registers' view. The same arguments give the same holdings in every program."""
    source = random.Random(seed)
    persons = {}
    for number in range(citizens):
        year = source.randint(1962, 2006)
        sex = source.choice(("MALE", "FEMALE"))
        pin = f"001{(year // 100 - 19) * 2 + (sex == 'FEMALE')}{year % 100:02d}{number:06d}"
        persons[pin] = PersonHeld(
            pin=pin,
            full_name=f"Nguyễn Văn Mẫu {number}",
            birth_on=f"{year}-{source.randint(1, 12):02d}-{source.randint(1, 28):02d}",
            sex=sex,
            residence="Phường Mẫu, Hà Nội",
            is_deceased=False,
            record_id=f"NPD-{number:07d}",
        )
    pins = sorted(persons)
    companies = {}
    for number in range(employers):
        tax_code = _tax_code(number + 1)
        companies[tax_code] = CompanyHeld(
            tax_code=tax_code, name=f"Công ty Mẫu {number}", address="Hà Nội", legal_representative_pin=pins[number % len(pins)]
        )
    return Holdings(persons=persons, companies=companies)


def account_subject(*parts: str) -> str:
    """The opaque account name the e-ID issuer gives: by personal number, or by organisation and acting person."""
    return hmac.new(_SUBJECT_KEY, "|".join(parts).encode(), "sha256").hexdigest()[:32]


def _tax_code(number: int) -> str:
    while True:
        nine = f"01{number:07d}"
        check = 10 - sum(w * int(d) for w, d in zip((31, 29, 23, 19, 17, 13, 7, 5, 3), nine, strict=True)) % 11
        if check < 10:
            return f"{nine}{check}"
        number += 5000
