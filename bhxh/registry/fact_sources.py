"""What is held of a person now, fact by fact, with whence and since when: for whoever shows it before asking anything."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from bhxh.kernel.canonical import Json
from bhxh.registry.models import PersonFact


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSource:
    """The latest word on one fact."""

    value: Json
    source_system: str
    at: datetime
    """When the source said so; of what came without a look-up, when it was recorded."""


def list_fact_sources(person_id: int, names: Collection[str], *, on: date) -> dict[str, FactSource]:
    """By name of the fact, in one statement; what is not known is absent."""
    rows = (
        PersonFact.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=on), person_id=person_id, name__in=names, valid_from__lte=on
        )
        .order_by("name", "-n")
        .distinct("name")
    )
    return {
        row.name: FactSource(value=row.value, source_system=row.source_system, at=row.fetched_at or row.recorded_at)
        for row in rows
        if row.value is not None
    }
