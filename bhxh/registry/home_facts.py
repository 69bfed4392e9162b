"""How a person is reached and which household they belong to: groups 2 and 3 of the database. Of nobody but the person asked for."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from bhxh.registry.queries import get_person


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """How a person is reached now."""

    email: str = ""
    mobile_phone: str = ""
    ward: str = ""
    street: str = ""
    preferred_channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFacts:
    """The household a person belongs to on a day. Its other members are not told: their data are theirs."""

    code: str
    ward: str
    street: str
    relation: str
    """decree-164 section 8.6; 00 is the head."""
    from_on: date


def get_contact(person_id: int) -> ContactFacts:
    """Empty where nothing is known. Raises NotFound REG-001, REG-002."""
    get_person(person_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email, mobile_phone, current_ward, current_street, preferred_channel FROM registry_contact WHERE person_id = %s",
            [person_id],
        )
        row = cursor.fetchone()
    if row is None:
        return ContactFacts()
    return ContactFacts(email=row[0], mobile_phone=row[1], ward=row[2], street=row[3], preferred_channel=row[4])


def find_household(person_id: int, on: date) -> HouseholdFacts | None:
    """By the membership recorded last of those that hold on the day. Raises NotFound REG-001, REG-002."""
    get_person(person_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.code, h.ward, h.street, m.relation, m.from_on FROM registry_household_member m"
            " JOIN registry_household h ON h.household_id = m.household_id"
            " WHERE m.person_id = %s AND m.from_on <= %s AND (m.until_on IS NULL OR m.until_on > %s) ORDER BY m.n DESC LIMIT 1",
            [person_id, on, on],
        )
        row = cursor.fetchone()
    return None if row is None else HouseholdFacts(code=row[0], ward=row[1], street=row[2], relation=row[3], from_on=row[4])
