"""What of a person's cover holds on a day: cards in force, benefits awarded, whether one is being paid. Of persons kept here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from bhxh.kernel.postgres_format import bigint_array
from bhxh.registry.facts import HealthCardRow

_IN_PAYMENT: Final = ["AWARDED", "PAYING", "SUSPENDED"]
_CARDS = """
    SELECT person_id, card_code, valid_from, valid_until, facility_code, five_year_on, area_code
    FROM (SELECT DISTINCT ON (person_id, card_code) * FROM registry_health_card WHERE person_id = ANY(%s::bigint[])
          ORDER BY person_id, card_code, n DESC) latest
    WHERE state = 'VALID' AND valid_from <= %s AND (valid_until IS NULL OR valid_until >= %s) ORDER BY person_id, valid_from, card_code"""
_AWARDED = """
    SELECT person_id, scheme, bool_or(status = ANY(%s) AND (until_on IS NULL OR until_on >= %s))
    FROM (SELECT DISTINCT ON (person_id, scheme, decision_number) * FROM registry_benefit_event WHERE person_id = ANY(%s::bigint[])
          ORDER BY person_id, scheme, decision_number, n DESC) latest
    WHERE status <> 'REFUSED' GROUP BY person_id, scheme"""


@dataclass(frozen=True, slots=True)
class PresentCover:
    """Of one person."""

    cards: tuple[HealthCardRow, ...] = ()
    """In force, each as it was stated last."""
    is_being_paid: bool = False
    awarded: frozenset[str] = frozenset()
    """Schemes of which something was ever awarded."""


def list_present_cover(person_ids: Collection[int], on: date) -> dict[int, PresentCover]:
    """By person; empty where nothing holds. Two statements, however many."""
    ids = bigint_array(person_ids)
    cards: dict[int, list[HealthCardRow]] = {person_id: [] for person_id in person_ids}
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, [ids, on, on])
        for person_id, card_code, valid_from, valid_until, facility_code, five_year_on, area_code in cursor.fetchall():
            cards[person_id].append(
                HealthCardRow(
                    person_id=person_id,
                    card_code=card_code,
                    valid_from=valid_from,
                    valid_until=valid_until,
                    facility_code=facility_code,
                    five_year_on=five_year_on,
                    area_code=area_code,
                )
            )
        cursor.execute(_AWARDED, [_IN_PAYMENT, on, ids])
        awards: dict[int, dict[str, bool]] = {person_id: {} for person_id in person_ids}
        for person_id, scheme, is_paid in cursor.fetchall():
            awards[person_id][scheme] = is_paid
    return {
        person_id: PresentCover(tuple(found), any(awards[person_id].values()), frozenset(awards[person_id]))
        for person_id, found in cards.items()
    }
