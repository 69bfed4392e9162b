"""Append to a person's histories: participation, health cards, unemployment cover, benefits, settlements, households."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from bhxh.audit.commands import command, record_many
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.identifiers import HealthCardCode
from bhxh.kernel.text import tidy
from bhxh.kernel.who import SYSTEM
from bhxh.registry.appending import append_rows, copy_rows, lock_persons, next_ids, own_custodian
from bhxh.registry.errors import REG_BAD_CARD, REG_BAD_CODE, REG_CARD_OF_ANOTHER, REG_NO_HEAD
from bhxh.registry.facts import (
    SOURCE_COLUMNS,
    BenefitEventRow,
    HealthCardRow,
    HouseholdRow,
    ParticipationRow,
    ParticipationStatus,
    Provenance,
    Scheme,
    SettlementEventRow,
    UnemploymentCoverRow,
)

_HEAD = "00"
_CARD_STATES = {"VALID", "WITHDRAWN", "TEMP_LOCKED", "EXPIRED", "REPLACED"}


@command(by=SYSTEM)
def record_participations(*, actor: Actor, at: datetime, rows: Sequence[ParticipationRow], provenance: Provenance) -> int:
    """State what holds between workers and employers. Returns how many rows were written.

    A later row overrides earlier ones of the same employer for the months it covers; a leaver is a row with status ENDED.
    """
    for position, row in enumerate(rows):
        if row.status not in ParticipationStatus.__members__:
            raise Invalid(REG_BAD_CODE, where=f"rows[{position}].status", field="status", position=position)
        if row.until_month is not None and row.until_month <= row.from_month:
            raise Invalid(REG_BAD_CODE, where=f"rows[{position}].until_month", field="until_month", position=position)
    columns = (
        "employer_id",
        "participant_type",
        "job_title",
        "workplace",
        "wage_vnd",
        "from_month",
        "until_month",
        "change_code",
        "status",
        "left_funds",
    )
    values = [
        (
            row.person_id,
            (
                row.employer_id,
                str(row.participant_type),
                tidy(row.job_title),
                tidy(row.workplace),
                row.wage_vnd,
                row.from_month.number,
                row.until_month.number if row.until_month else None,
                row.change_code,
                str(row.status),
                ",".join(sorted(row.left_funds)),
            ),
        )
        for row in rows
    ]
    return _append(actor, at, "participation", columns, values, provenance)


@command(by=SYSTEM)
def issue_health_cards(*, actor: Actor, at: datetime, rows: Sequence[HealthCardRow], provenance: Provenance) -> int:
    """Issue cards, or record a later state of them. The code becomes a number by which the person is found.

    Raises: Invalid REG-008 for a malformed card; Conflict REG-009 where the code was given to somebody else.
    """
    values: list[tuple[int, Sequence[object]]] = []
    for position, row in enumerate(rows):
        code = HealthCardCode.try_parse(row.card_code)
        ends_too_early = row.valid_until is not None and row.valid_until < row.valid_from
        if code is None or ends_too_early or row.state not in _CARD_STATES:
            raise Invalid(REG_BAD_CARD, where=f"rows[{position}]", position=position)
        values.append(
            (
                row.person_id,
                (
                    str(code),
                    code.participant_type,
                    code.benefit_level,
                    row.facility_code,
                    row.valid_from,
                    row.valid_until,
                    row.five_year_on,
                    row.area_code,
                    row.state,
                    row.reason,
                ),
            )
        )
    lock_persons([row.person_id for row in rows])
    _claim_card_codes(rows, at)
    columns = (
        "card_code",
        "participant_type",
        "benefit_level",
        "facility_code",
        "valid_from",
        "valid_until",
        "five_year_on",
        "area_code",
        "state",
        "reason",
    )
    return _append(actor, at, "health_card", columns, values, provenance)


@command(by=SYSTEM)
def record_unemployment_cover(*, actor: Actor, at: datetime, rows: Sequence[UnemploymentCoverRow], provenance: Provenance) -> int:
    """State the contribution months kept for a later unemployment benefit, as of a day."""
    values = [(row.person_id, (row.preserved_months, row.as_of_on, row.note)) for row in rows]
    return _append(actor, at, "unemployment_cover", ("preserved_months", "as_of_on", "note"), values, provenance)


@command(by=SYSTEM)
def record_benefit_events(*, actor: Actor, at: datetime, rows: Sequence[BenefitEventRow], provenance: Provenance) -> int:
    """Record awards, or later states of them."""
    columns = ("scheme", "decision_number", "decided_on", "from_on", "until_on", "amount_vnd", "paying_office", "status")
    values = [(row.person_id, tuple(getattr(row, name) for name in columns)) for row in rows]
    return _append(actor, at, "benefit_event", columns, values, provenance)


@command(by=SYSTEM)
def record_settlement_events(*, actor: Actor, at: datetime, rows: Sequence[SettlementEventRow], provenance: Provenance) -> int:
    """Record settlements of schemes, or later states of them."""
    columns = ("scheme", "dossier_code", "settled_on", "office", "state")
    values = [(row.person_id, tuple(getattr(row, name) for name in columns)) for row in rows]
    return _append(actor, at, "settlement_event", columns, values, provenance)


@command(by=SYSTEM)
def register_households(*, actor: Actor, at: datetime, rows: Sequence[HouseholdRow], provenance: Provenance) -> list[int]:
    """Register households with their members. Returns household_ids in order.

    Raises: Invalid REG-010 where a household has not exactly one head.
    """
    for position, row in enumerate(rows):
        if sum(relation == _HEAD for _, relation in row.members) != 1:
            raise Invalid(REG_NO_HEAD, where=f"rows[{position}]", position=position)
    ids = next_ids("registry_household_id", len(rows))
    copy_rows(
        "registry_household",
        ("household_id", "code", "ward", "street", "recorded_at"),
        [(household_id, row.code, row.ward, tidy(row.street), at) for household_id, row in zip(ids, rows, strict=True)],
    )
    values = [
        (person_id, (household_id, relation, row.from_on, None))
        for household_id, row in zip(ids, rows, strict=True)
        for person_id, relation in row.members
    ]
    _append(actor, at, "household_member", ("household_id", "relation", "from_on", "until_on"), values, provenance)
    return ids


def _append(
    actor: Actor,
    at: datetime,
    what: str,
    columns: Sequence[str],
    values: Sequence[tuple[int, Sequence[object]]],
    provenance: Provenance,
) -> int:
    lock_persons([person_id for person_id, _ in values])
    source = provenance.as_columns(at)
    append_rows(f"registry_{what}", (*columns, *SOURCE_COLUMNS), [(person_id, (*row, *source)) for person_id, row in values])
    counts: dict[int, int] = {}
    for person_id, _ in values:
        counts[person_id] = counts.get(person_id, 0) + 1
    record_many(
        actor=actor,
        at=at,
        verb=f"registry.{what}.record",
        subjects=[(person_id, {"rows": count}) for person_id, count in counts.items()] or [(None, {"rows": 0})],
        dossier_id=provenance.dossier_id,
    )
    return len(values)


def _claim_card_codes(rows: Sequence[HealthCardRow], at: datetime) -> None:
    owners = {str(HealthCardCode.parse(row.card_code)): row.person_id for row in sorted(rows, key=lambda row: row.card_code)}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_identifier (scheme, value, person_id, managed_by, recorded_at)"
            " SELECT %s, v.code, v.person_id, %s, %s FROM unnest(%s::text[], %s::bigint[]) AS v(code, person_id) ON CONFLICT DO NOTHING",
            [Scheme.HI.value, own_custodian().value, at, list(owners), list(owners.values())],
        )
        cursor.execute(
            "SELECT value, person_id FROM registry_identifier WHERE scheme = %s AND value = ANY(%s)", [Scheme.HI.value, list(owners)]
        )
        present = dict(cursor.fetchall())
    for position, row in enumerate(rows):
        if present[str(HealthCardCode.parse(row.card_code))] != row.person_id:
            raise Conflict(REG_CARD_OF_ANOTHER, where=f"rows[{position}]", position=position)
