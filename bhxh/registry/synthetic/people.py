"""Invented households: names by sex, plausible ages, personal numbers of the right structure that nobody holds by intent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bhxh.kernel.text import search_form
from bhxh.registry.synthetic.places import birth_provinces, name_parts, present_province, wards

NUMBER_SPACE = 1_000_000
"""LIMIT: serials are distinct for a million citizens of one population; beyond it numbers may meet."""
_STRIDE = 618_033  # WHY: shares no factor with a million, so multiples of it visit every serial once
_ETHNIC = ("01", "02", "03", "05", "06", "07", "08", "09", "12")
_ETHNIC_CUMULATED = (85, 87, 89, 91, 93, 95, 97, 98, 100)


@dataclass(frozen=True, slots=True)
class Resident:
    """A member of a household before a history is given."""

    number: int
    household: int
    relation: str
    pin: str
    ten_digits: str
    full_name: str
    birth_on: date
    sex: str
    ethnicity: str
    province_code: str
    ward_code: str
    street: str
    phone: str
    email: str
    age: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A member of a household before a name and a number are given."""

    relation: str
    """decree-164 section 8.6."""
    age: int
    sex: str
    family_name: str


def settle_household(seed: int, rng: Random, drafts: Sequence[Draft], household: int, first_number: int, as_of: date) -> list[Resident]:
    """The members of a drafted household with names, numbers and a home. `rng` is the one that drafted them."""
    birth_province = birth_provinces().draw(rng)
    home = birth_province if rng.random() < 0.7 else birth_provinces().draw(rng)
    province = present_province()[home]
    ward = rng.choice(wards()[province])
    street = rng.choice(("Số {} đường Hòa Bình", "Tổ dân phố {}", "Thôn {}", "Số {} ngõ Ví Dụ", "Ấp {}")).format(rng.randrange(1, 120))
    ethnicity = rng.choices(_ETHNIC, cum_weights=_ETHNIC_CUMULATED)[0]
    return [
        _resident(seed, rng, draft, household, first_number + index, as_of, birth_province, province, ward, street, ethnicity)
        for index, draft in enumerate(drafts)
    ]


def draft_household(rng: Random, head_age: int | None) -> list[Draft]:
    """Who lives together, head first: enough to count them. `head_age` where the story asks for one."""
    age = head_age or int(rng.triangular(22, 84, 42))
    sex = "MALE" if rng.random() < 0.6 else "FEMALE"
    family = name_parts("FAMILY", "").draw(rng)
    members = [Draft("00", age, sex, family)]
    is_married = age >= 24 and rng.random() < 0.72
    father_family, mother_age = family, age
    if is_married:
        other = "FEMALE" if sex == "MALE" else "MALE"
        spouse = Draft("01" if sex == "MALE" else "02", max(20, age + rng.randrange(-6, 5)), other, name_parts("FAMILY", "").draw(rng))
        members.append(spouse)
        father_family = family if sex == "MALE" else spouse.family_name
        mother_age = spouse.age if sex == "MALE" else age
    if is_married:
        for _ in range(rng.choices((0, 1, 2, 3), (18, 32, 40, 10))[0]):
            child_age = mother_age - rng.randrange(22, 36)
            if 0 <= child_age <= 23:
                members.append(Draft("08", child_age, rng.choice(("MALE", "FEMALE")), father_family))
    if age < 55 and rng.random() < 0.16:
        parent_sex = rng.choice(("MALE", "FEMALE"))
        parent_family = family if parent_sex == "MALE" else name_parts("FAMILY", "").draw(rng)
        members.append(Draft("03" if parent_sex == "MALE" else "04", age + rng.randrange(22, 34), parent_sex, parent_family))
    return members


def _resident(
    seed: int,
    rng: Random,
    draft: Draft,
    household: int,
    number: int,
    as_of: date,
    birth_province: str,
    province: str,
    ward: str,
    street: str,
    ethnicity: str,
) -> Resident:
    birth_on = date(as_of.year - draft.age, as_of.month, as_of.day) - timedelta(days=rng.randrange(0, 365))
    full_name = _full_name(rng, draft.sex, draft.family_name)
    serial = (number * _STRIDE + seed * 7_919) % NUMBER_SPACE
    century_and_sex = (birth_on.year // 100 - 19) * 2 + (draft.sex == "FEMALE")
    return Resident(
        number=number,
        household=household,
        relation=draft.relation,
        pin=f"0{birth_province}{century_and_sex}{birth_on.year % 100:02d}{serial:06d}",
        ten_digits=f"{birth_province}{number % 100_000_000:08d}",
        full_name=full_name,
        birth_on=birth_on,
        sex=draft.sex,
        ethnicity=ethnicity,
        province_code=province,
        ward_code=ward,
        street=street,
        phone=f"+8490000{number % 10_000:04d}",
        email=f"{search_form(full_name).lower().replace(' ', '.')}.{number}@vidu.example",
        age=draft.age,
    )


def _full_name(rng: Random, sex: str, family: str) -> str:
    given = name_parts("GIVEN", sex).draw(rng)
    middle = name_parts("MIDDLE", sex).draw(rng)
    while middle.split()[-1] == given:
        middle = name_parts("MIDDLE", sex).draw(rng)
    return f"{family} {middle} {given}"
