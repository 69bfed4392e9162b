"""`bhxh generate`: fill an installation with the synthetic population, by the same commands as production.

Restartable: citizens come in slices, each slice is one transaction, and who is already here is left alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby, islice

from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.decisions import Citation
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.money import Vnd
from bhxh.law.contributions import contributions_due
from bhxh.law.participant_types import ParticipantType
from bhxh.ledger.commands import LineDraft, LineKind, post_lines
from bhxh.registry import commands as registry
from bhxh.registry.facts import (
    BenefitEventRow,
    EmployerEntry,
    HealthCardRow,
    HouseholdRow,
    IdentityFacts,
    ParticipationRow,
    PersonEntry,
    Provenance,
    Scheme,
    SettlementEventRow,
    UnemploymentCoverRow,
)
from bhxh.registry.queries import find_employer, find_persons
from bhxh.registry.synthetic import LAST_MONTH, Spell, SyntheticCitizen, SyntheticEmployer, iterate_citizens, list_employers

_SLICE = 500  # LIMIT: citizens in one transaction; about 12,000 ledger lines, some ten megabytes in memory
_BASIS = Citation("Law 41/2024/QH15, Art. 34", is_assumed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was written."""

    employers: int = 0
    persons: int = 0
    markers: int = 0
    """Persons of other custodians: numbers only."""
    unregistered: int = 0
    """Citizens whom only the population register knows."""
    participations: int = 0
    lines: int = 0
    benefits: int = 0
    cards: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


def generate_into_database(*, actor: Actor, at: datetime, seed: int, citizens: int = 1000, employers: int = 60) -> Counts:
    """Write the population of a seed with its histories. Returns what was new; a second run returns zeros (but `unregistered`)."""
    made = list_employers(seed, employers, citizens=citizens)
    employer_ids, written = _load_employers(actor=actor, at=at, employers=made, seed=seed)
    counts = Counts(employers=written)
    for people in _slices(iterate_citizens(seed, citizens, made)):
        counts = counts.plus(_load_slice(actor=actor, at=at, people=people, employers=made, employer_ids=employer_ids, seed=seed))
    return counts


def _slices(people: Iterator[SyntheticCitizen]) -> Iterator[list[SyntheticCitizen]]:
    """Whole households, about _SLICE citizens each."""
    households = (list(members) for _, members in groupby(people, key=lambda citizen: citizen.household))
    while chunk := list(islice(households, _SLICE // 3)):
        yield [citizen for members in chunk for citizen in members]


def _provenance(seed: int, on: str) -> Provenance:
    return Provenance(source_kind="SPECIALISED_DB", source_system="synthetic", source_record_id=f"seed-{seed}/{on}")


@command
def _load_employers(*, actor: Actor, at: datetime, employers: Sequence[SyntheticEmployer], seed: int) -> tuple[list[int], int]:
    known = {employer.number: find_employer(unit_code=employer.unit_code) for employer in employers}
    new = [employer for employer in employers if known[employer.number] is None]
    ids = registry.register_employers(
        actor=actor,
        at=at,
        entries=[
            EmployerEntry(
                unit_code=employer.unit_code,
                tax_code=employer.tax_code,
                name=employer.name,
                agency_code=employer.agency_code,
                industry=employer.industry,
                enterprise_type=employer.enterprise_type,
                wage_region=employer.wage_region,
                email=employer.email,
                phone=employer.phone,
                head_office_ward=employer.ward_code,
                head_office_street=employer.street,
                legal_representative_pin=employer.legal_representative_pin,
            )
            for employer in new
        ],
        provenance=_provenance(seed, "employers"),
    )
    found = [known[employer.number] for employer in employers]
    return [summary.employer_id if summary else ids[e.unit_code] for summary, e in zip(found, employers, strict=True)], len(new)


@command
def _load_slice(
    *,
    actor: Actor,
    at: datetime,
    people: Sequence[SyntheticCitizen],
    employers: Sequence[SyntheticEmployer],
    employer_ids: Sequence[int],
    seed: int,
) -> Counts:
    here = find_persons([(Scheme.PIN, citizen.pin) for citizen in people if citizen.is_registered])
    new = [citizen for citizen in people if citizen.is_registered and (Scheme.PIN.value, citizen.pin) not in here]
    unregistered = sum(not citizen.is_registered for citizen in people)
    if not new:
        record(actor=actor, at=at, verb="registry.synthetic.skip", detail={"citizens": len(people)})
        return Counts(unregistered=unregistered)
    provenance = _provenance(seed, f"household-{people[0].household}")
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
    post_lines(actor=actor, at=at, drafts=drafts, basis=_BASIS, dossier_id=None)
    return Counts(
        persons=len(ours),
        markers=len(new) - len(ours),
        unregistered=unregistered,
        participations=len(participations),
        lines=len(drafts),
        benefits=len(benefits),
        cards=len(cards),
    )


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
