"""The loaders of the synthetic population write what the rooms' commands write, row for row."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import orjson
import pytest
from django.db import IntegrityError, connection, transaction

from bhxh.audit.commands import command
from bhxh.doors.cli.generate import _BASIS as BASIS
from bhxh.doors.cli.generate import _load_employers, generate_into_database
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Conflict
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.kernel.who import SYSTEM
from bhxh.law.contributions import contributions_due
from bhxh.law.participant_types import ParticipantType
from bhxh.ledger.commands import LineDraft, LineKind, post_lines
from bhxh.ledger.loading import Engagement, load_lines
from bhxh.registry import commands as registry
from bhxh.registry.facts import (
    BenefitEventRow,
    HealthCardRow,
    HouseholdRow,
    IdentityFacts,
    ParticipationRow,
    PersonEntry,
    Provenance,
    SettlementEventRow,
    UnemploymentCoverRow,
)
from bhxh.registry.queries import find_employer_ids
from bhxh.registry.synthetic import LAST_MONTH, Spell, SyntheticCitizen, SyntheticEmployer, iterate_slices, list_employers

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
SEED, CITIZENS, EMPLOYERS = 11, 1100, 12
_TABLES = (
    *("registry_person", "registry_contact", "registry_person_fact", "registry_identifier", "registry_household_member"),
    *("registry_participation", "registry_health_card", "registry_benefit_event", "registry_settlement_event"),
    *("registry_unemployment_cover", "ledger_contribution_line"),
)


def _dump() -> dict[str, list[tuple[str, str]]]:
    """Every row of every table, under the holder's number instead of an id that differs from run to run."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, value FROM registry_identifier WHERE scheme = 'PIN'")
        pins = dict(cursor.fetchall())
        for table in _TABLES:
            cursor.execute(f"SELECT person_id, (to_jsonb(t) - 'person_id' - 'household_id')::text FROM {table} t")
            found[table] = sorted((pins[person_id], row) for person_id, row in cursor.fetchall())
        cursor.execute("SELECT household_id, (to_jsonb(h) - 'household_id')::text FROM registry_household h")
        homes = dict(cursor.fetchall())
        cursor.execute("SELECT household_id, person_id FROM registry_household_member")
        found["registry_household"] = sorted((pins[person_id], homes[household_id]) for household_id, person_id in cursor.fetchall())
    return found


def test_loaders_and_commands_write_the_same_rows(db: None) -> None:
    employers = list_employers(SEED, EMPLOYERS, citizens=CITIZENS)
    _load_employers(actor=ACTOR, at=AT, employers=employers, seed=SEED)
    before = transaction.savepoint()
    counts = generate_into_database(actor=ACTOR, at=AT, seed=SEED, citizens=CITIZENS, employers=EMPLOYERS)
    loaded = _dump()
    transaction.savepoint_rollback(before)
    known = find_employer_ids([employer.unit_code for employer in employers])
    ids = [known[employer.unit_code] for employer in employers]
    for people in iterate_slices(SEED, CITIZENS, employers):
        _by_commands(actor=ACTOR, at=AT, people=people, employers=employers, employer_ids=ids)
    posted = _dump()
    for table, rows in posted.items():
        assert loaded[table] == rows, table
    assert len(posted["ledger_contribution_line"]) == counts.lines > 10_000
    assert all(posted.values()), "every table has rows to compare"


def test_a_slice_is_one_entry_for_each_room(db: None) -> None:
    counts = generate_into_database(actor=ACTOR, at=AT, seed=SEED, citizens=CITIZENS, employers=EMPLOYERS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb, detail FROM audit_entry WHERE verb LIKE '%%.load' ORDER BY entry_id")
        entries = cursor.fetchall()
    assert [verb for verb, _ in entries] == ["registry.person.load", "ledger.line.load"] * 2
    details = [orjson.loads(detail) for _, detail in entries]
    assert sum(detail["person"] for detail in details[::2]) == counts.persons
    assert sum(detail["lines"] for detail in details[1::2]) == counts.lines


def test_parts_together_are_the_whole(db: None) -> None:
    employers = list_employers(SEED, EMPLOYERS, citizens=CITIZENS)
    whole = [citizen for people in iterate_slices(SEED, CITIZENS, employers) for citizen in people]
    parts = [[c for people in iterate_slices(SEED, CITIZENS, employers, part=part, parts=2) for c in people] for part in range(2)]
    assert sorted(parts[0] + parts[1], key=lambda citizen: citizen.number) == whole
    assert all(parts)
    _load_employers(actor=ACTOR, at=AT, employers=employers, seed=SEED)
    wanted: dict[str, Any] = {"actor": ACTOR, "at": AT, "seed": SEED, "citizens": CITIZENS, "employers": EMPLOYERS}
    second, first = (generate_into_database(**wanted, part=part, parts=2) for part in (1, 0))
    assert first.plus(second).persons == sum(citizen.is_registered and citizen.managed_by is Custodian.MOF for citizen in whole)
    assert generate_into_database(**wanted).persons == 0, "again, that is nothing"


def test_a_later_beginning_gives_fewer_lines_to_the_same_people() -> None:
    employers = list_employers(SEED, EMPLOYERS, citizens=CITIZENS)
    since = Month(2024, 7)
    long, short = (
        [c for people in iterate_slices(SEED, CITIZENS, employers, first_month=first) for c in people] for first in (Month(2018, 1), since)
    )
    assert [citizen.pin for citizen in long] == [citizen.pin for citizen in short]
    assert min(spell.from_month for citizen in short for spell in citizen.spells) >= since
    lines = sum(spell.count_contributed(LAST_MONTH) for citizen in short for spell in citizen.spells)
    assert 7 < lines / CITIZENS < 12


def test_a_number_that_is_taken_is_a_sentence(db: None) -> None:
    with connection.cursor() as cursor:
        [citizen] = [c for people in iterate_slices(SEED, 30, list_employers(SEED, 1, citizens=30)) for c in people if c.number == 20]
        cursor.execute("INSERT INTO registry_identifier VALUES ('SI', %s, 1, 'mof', now())", [citizen.old_si_code])
    with pytest.raises(Conflict) as caught:
        generate_into_database(actor=ACTOR, at=AT, seed=SEED, citizens=30, employers=1)
    assert caught.value.code == "REG-015"


def test_the_ledger_refuses_a_month_twice_and_a_person_with_lines(db: None) -> None:
    due = contributions_due(participant_type=ParticipantType.LABOUR_CONTRACT, month=Month(2026, 1), wage_vnd=Vnd(9_000_000), wage_region=1)
    once = Engagement(
        person_id=1,
        employer_id=1,
        unit_code="TA0001Z",
        unit_name="Ví Dụ",
        job_title="",
        participant_type=ParticipantType.LABOUR_CONTRACT,
        months=((Month(2026, 1), due),),
    )
    for engagements in ([once, once], [once]):
        with pytest.raises(IntegrityError), transaction.atomic():
            load_lines(actor=ACTOR, at=AT, engagements=[once], basis=BASIS) if len(engagements) == 1 else None
            load_lines(actor=ACTOR, at=AT, engagements=engagements, basis=BASIS)


# -- the same by commands -----------------------------------------------------------------------------------------------------


@command(by=SYSTEM)
def _by_commands(
    *,
    actor: Actor,
    at: datetime,
    people: Sequence[SyntheticCitizen],
    employers: Sequence[SyntheticEmployer],
    employer_ids: Sequence[int],
) -> None:
    new = [citizen for citizen in people if citizen.is_registered]
    provenance = Provenance(
        source_kind="SPECIALISED_DB", source_system="synthetic", source_record_id=f"seed-{SEED}/household-{people[0].household}"
    )
    ids = registry.register_persons(actor=actor, at=at, entries=[_entry(citizen) for citizen in new], provenance=provenance)
    ours = [citizen for citizen in new if citizen.managed_by is Custodian.MOF]
    registry.register_households(actor=actor, at=at, rows=_households(ours, ids), provenance=provenance)
    participations = [row for citizen in ours for spell in citizen.spells for row in _participations(ids[citizen.pin], spell, employer_ids)]
    registry.record_participations(actor=actor, at=at, rows=participations, provenance=provenance)
    cards = [_card(ids[citizen.pin], citizen) for citizen in ours if citizen.cards]
    registry.issue_health_cards(actor=actor, at=at, rows=cards, provenance=provenance)
    benefits = _benefits(ours, ids, employers)
    registry.record_benefit_events(actor=actor, at=at, rows=benefits, provenance=provenance)
    registry.record_settlement_events(actor=actor, at=at, rows=_settlements(ours, ids, employers), provenance=provenance)
    registry.record_unemployment_cover(
        actor=actor,
        at=at,
        rows=[
            UnemploymentCoverRow(
                person_id=ids[citizen.pin], preserved_months=citizen.preserved_ui_months, as_of_on=LAST_MONTH.plus(1).first_on
            )
            for citizen in ours
            if citizen.preserved_ui_months is not None
        ],
        provenance=provenance,
    )
    drafts = [draft for citizen in ours for draft in _drafts(ids[citizen.pin], citizen, employers, employer_ids)]
    post_lines(actor=actor, at=at, drafts=drafts, basis=BASIS, dossier_id=None)


def _entry(citizen: SyntheticCitizen) -> PersonEntry:
    return PersonEntry(
        identity=IdentityFacts(
            full_name=citizen.full_name,
            birth_on=citizen.birth_on,
            sex=citizen.sex,
            nationality=citizen.nationality,
            ethnicity=citizen.ethnicity,
            permanent_ward=citizen.ward_code,
            permanent_street=citizen.street,
        ),
        pin=Pin.parse(citizen.pin),
        legacy_si_codes=(citizen.old_si_code,) if citizen.old_si_code else (),
        email=citizen.email,
        mobile_phone=citizen.phone,
        managed_by=citizen.managed_by,
    )


def _households(citizens: Sequence[SyntheticCitizen], ids: dict[str, int]) -> list[HouseholdRow]:
    """Households whose head is kept here; those of soldiers and unregistered heads wait."""
    rows = []
    for _, grouped in groupby(citizens, key=lambda citizen: citizen.household):
        members = list(grouped)
        if members[0].relation == "00":
            rows.append(
                HouseholdRow(
                    ward=members[0].ward_code,
                    street=members[0].street,
                    members=tuple((ids[member.pin], member.relation) for member in members),
                    from_on=date(2025, 7, 1),
                )
            )
    return rows


def _participations(person_id: int, spell: Spell, employer_ids: Sequence[int]) -> Iterator[ParticipationRow]:
    first = ParticipationRow(
        person_id=person_id,
        employer_id=employer_ids[spell.employer],
        participant_type=spell.participant_type,
        wage_vnd=spell.wages[0][1],
        from_month=spell.from_month,
        job_title=spell.job_title,
        change_code="TM",
    )
    yield first
    for month, wage_vnd in spell.wages[1:]:
        yield replace(first, from_month=month, wage_vnd=wage_vnd, change_code="DC")
    for start, end in spell.leave:
        yield replace(first, from_month=start, until_month=end, wage_vnd=spell.wage(start), change_code="TS", status="ON_LEAVE")
    if spell.until_month is not None:
        yield replace(first, from_month=spell.until_month, wage_vnd=spell.wages[-1][1], change_code="GH", status="ENDED")


def _card(person_id: int, citizen: SyntheticCitizen) -> HealthCardRow:
    card = citizen.cards[-1]
    return HealthCardRow(
        person_id=person_id,
        card_code=card.code,
        valid_from=card.valid_from,
        valid_until=card.valid_until,
        facility_code=card.facility_code,
        five_year_on=card.five_year_on,
        state=card.state,
    )


def _office(citizen: SyntheticCitizen, employers: Sequence[SyntheticEmployer]) -> str:
    return employers[citizen.spells[-1].employer].agency_code if citizen.spells else f"0{citizen.province_code}01"


def _benefits(citizens: Sequence[SyntheticCitizen], ids: dict[str, int], employers: Sequence[SyntheticEmployer]) -> list[BenefitEventRow]:
    return [
        BenefitEventRow(
            person_id=ids[citizen.pin],
            scheme=benefit.scheme,
            decision_number=benefit.decision_number,
            decided_on=benefit.decided_on,
            from_on=benefit.from_on,
            until_on=benefit.until_on,
            amount_vnd=benefit.amount_vnd,
            paying_office=_office(citizen, employers),
            status=benefit.status,
        )
        for citizen in citizens
        for benefit in citizen.benefits
    ]


def _settlements(
    citizens: Sequence[SyntheticCitizen], ids: dict[str, int], employers: Sequence[SyntheticEmployer]
) -> list[SettlementEventRow]:
    return [
        SettlementEventRow(
            person_id=ids[citizen.pin],
            scheme=benefit.scheme,
            dossier_code=benefit.dossier_code,
            settled_on=benefit.decided_on,
            office=_office(citizen, employers),
            state="RESOLVED",
        )
        for citizen in citizens
        for benefit in citizen.benefits
    ]


def _drafts(
    person_id: int, citizen: SyntheticCitizen, employers: Sequence[SyntheticEmployer], employer_ids: Sequence[int]
) -> Iterator[LineDraft]:
    for spell in citizen.spells:
        employer = employers[spell.employer]
        participant_type = ParticipantType(spell.participant_type)
        for month, wage_vnd in spell.contributed(employer.last_paid(LAST_MONTH)):
            yield LineDraft(
                person_id=person_id,
                employer_id=employer_ids[spell.employer],
                unit_code=employer.unit_code,
                unit_name=employer.name,
                workplace="",
                job_title=spell.job_title,
                participant_type=participant_type,
                month=month,
                kind=LineKind.NORMAL,
                due=contributions_due(
                    participant_type=participant_type, month=month, wage_vnd=Vnd(wage_vnd), wage_region=employer.wage_region
                ),
            )
