"""Everything the registry holds of one person, row by row, with where each row came from: for the person's own copy.

Left out are our inner ids, and which officer wrote a row: people are told that by office and role.
"""

from typing import Any, Final

from django.db.models import Manager

from bhxh.kernel.data_groups import DataGroup
from bhxh.registry.models import (
    BenefitEvent,
    Contact,
    Employer,
    HealthCard,
    Household,
    HouseholdMember,
    Identifier,
    Participation,
    Person,
    PersonFact,
    SettlementEvent,
    UnemploymentCover,
)
from bhxh.registry.queries import get_person

COPIED: Final[dict[DataGroup, dict[str, Manager[Any]]]] = {
    DataGroup.BASIC: {"person": Person.objects, "identifiers": Identifier.objects, "facts": PersonFact.objects},
    DataGroup.CONTACT: {"contact": Contact.objects},
    DataGroup.HOUSEHOLD: {"memberships": HouseholdMember.objects},
    DataGroup.SOCIAL_INSURANCE: {
        "participations": Participation.objects,
        "benefits": BenefitEvent.objects,
        "settlements": SettlementEvent.objects,
    },
    DataGroup.HEALTH_INSURANCE: {"cards": HealthCard.objects},
    DataGroup.UNEMPLOYMENT_INSURANCE: {"kept_months": UnemploymentCover.objects},
}
"""The tables of each group that are keyed by person. A house test holds the schema to it."""
_INNER: Final = frozenset({"person_id", "full_name_search", "officer"})
_OF_EMPLOYER: Final = ("employer_id", "unit_code", "tax_code", "name", "industry", "agency_code", "status")

Rows = list[dict[str, Any]]


def copy_of(person_id: int) -> dict[DataGroup, dict[str, Rows]]:
    """All seven groups. Raises NotFound REG-001, REG-002."""
    get_person(person_id)
    copied = {group: {name: _rows(table, person_id) for name, table in tables.items()} for group, tables in COPIED.items()}
    employers = {row["employer_id"]: row for row in _employers(copied[DataGroup.SOCIAL_INSURANCE]["participations"])}
    for row in copied[DataGroup.SOCIAL_INSURANCE]["participations"]:
        row["unit_code"] = employers.get(row.pop("employer_id"), {}).get("unit_code", "")
    households = {row["household_id"]: row for row in _households(copied[DataGroup.HOUSEHOLD]["memberships"])}
    for row in copied[DataGroup.HOUSEHOLD]["memberships"]:
        row["household"] = {name: value for name, value in households[row.pop("household_id")].items() if name != "household_id"}
    workplaces = [{name: value for name, value in row.items() if name != "employer_id"} for row in employers.values()]
    return {**copied, DataGroup.EMPLOYER: {"employers": workplaces}}


def _rows(table: Manager[Any], person_id: int) -> Rows:
    """In the order of recording."""
    rows = table.filter(person_id=person_id).order_by("recorded_at", "pk").values()
    return [{name: value for name, value in row.items() if name not in _INNER} for row in rows]


def _employers(participations: Rows) -> Rows:
    ids = {row["employer_id"] for row in participations}
    return list(Employer.objects.filter(employer_id__in=ids).order_by("unit_code").values(*_OF_EMPLOYER))


def _households(memberships: Rows) -> Rows:
    ids = {row["household_id"] for row in memberships}
    rows = Household.objects.filter(household_id__in=ids).order_by("household_id")
    return [dict(row) for row in rows.values("household_id", "code", "ward", "street", "recorded_at")]
