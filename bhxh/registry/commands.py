"""Every change of the registry, in one place to import from. The verbs are written beside their subjects."""

from bhxh.registry.appending import lock_kept_persons, lock_persons
from bhxh.registry.employer_commands import record_employer_facts, register_employer, register_employers
from bhxh.registry.history_commands import (
    issue_health_cards,
    record_benefit_events,
    record_participations,
    record_settlement_events,
    record_unemployment_cover,
    register_households,
)
from bhxh.registry.person_commands import record_contacts, record_facts, record_facts_of_many, record_verification
from bhxh.registry.present_state import refresh_present_state
from bhxh.registry.registering import assign_pin, register_person, register_persons

__all__ = [
    "assign_pin",
    "issue_health_cards",
    "lock_kept_persons",
    "lock_persons",
    "record_benefit_events",
    "record_contacts",
    "record_employer_facts",
    "record_facts",
    "record_facts_of_many",
    "record_participations",
    "record_settlement_events",
    "record_unemployment_cover",
    "record_verification",
    "refresh_present_state",
    "register_employer",
    "register_employers",
    "register_households",
    "register_person",
    "register_persons",
]
