"""`bhxh generate`: fill an installation with the synthetic population, its histories and its contribution lines.

Restartable: citizens come in slices, each slice is one transaction, and who is already here is left alone. Several processes share the
slices among them.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from operator import attrgetter

import orjson

from bhxh.audit.commands import command, record
from bhxh.doors.cli.errors import CLI_PART_FAILED
from bhxh.kernel.actor import Actor
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Defect
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.kernel.who import SYSTEM
from bhxh.law.contributions import ContributionsDue, contributions_due
from bhxh.law.participant_types import ParticipantType
from bhxh.ledger.lines import MONEY_COLUMNS
from bhxh.ledger.loading import Engagement, load_lines
from bhxh.registry.appending import own_custodian
from bhxh.registry.commands import register_employers
from bhxh.registry.facts import EmployerEntry, Provenance, Scheme
from bhxh.registry.queries import find_employer_ids, find_persons
from bhxh.registry.synthetic import FIRST_MONTH, LAST_MONTH, Spell, SyntheticCitizen, SyntheticEmployer, iterate_slices, list_employers
from bhxh.registry.synthetic_loading import load_citizens

_BASIS = Citation("Law 41/2024/QH15, Art. 34", is_assumed=True)
_amounts = attrgetter(*MONEY_COLUMNS)


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


def generate_into_database(
    *,
    actor: Actor,
    at: datetime,
    seed: int,
    citizens: int = 1000,
    employers: int = 60,
    first_month: Month = FIRST_MONTH,
    part: int = 0,
    parts: int = 1,
) -> Counts:
    """Write the population of a seed with its histories. Returns what was new; a second run returns zeros (but `unregistered`).

    Shape:  `first_month` is when the first of them may have begun to work: the later, the fewer contribution lines. One of several parts
            writes its slices only and needs the employers there.
    """
    made = list_employers(seed, employers, citizens=citizens)
    counts = _load_employers(actor=actor, at=at, employers=made, seed=seed) if parts == 1 else Counts()
    known = find_employer_ids([employer.unit_code for employer in made])
    ids = [known[employer.unit_code] for employer in made]
    for people in iterate_slices(seed, citizens, made, first_month=first_month, part=part, parts=parts):
        counts = counts.plus(_load_slice(actor=actor, at=at, people=people, employers=made, employer_ids=ids, seed=seed))
    return counts


def generate_in_processes(
    *, actor: Actor, at: datetime, seed: int, citizens: int, employers: int, first_month: Month, processes: int
) -> Counts:
    """The same by several processes of this program, each with its part of the slices. Raises Defect CLI-015 where one of them fails."""
    made = list_employers(seed, employers, citizens=citizens)
    counts = _load_employers(actor=actor, at=at, employers=made, seed=seed)
    options = {"seed": seed, "citizens": citizens, "employers": employers, "since": first_month}
    words = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "bhxh.wiring", "generate", "--json", *words]
    started = [subprocess.Popen([*command, f"--part={part}/{processes}"], stdout=subprocess.PIPE) for part in range(1, processes + 1)]
    said = [process.communicate()[0] for process in started]
    for part, (process, answer) in enumerate(zip(started, said, strict=True), start=1):
        if process.returncode != 0:
            raise Defect(CLI_PART_FAILED, part=part, parts=processes)
        counts = counts.plus(Counts(**{name: orjson.loads(answer)[name] for name in Counts.__slots__}))
    return counts


@command(by=SYSTEM)
def _load_employers(*, actor: Actor, at: datetime, employers: Sequence[SyntheticEmployer], seed: int) -> Counts:
    """Write the employers who are not here yet."""
    known = find_employer_ids([employer.unit_code for employer in employers])
    new = [employer for employer in employers if employer.unit_code not in known]
    register_employers(
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
    return Counts(employers=len(new))


def _provenance(seed: int, on: str) -> Provenance:
    return Provenance(source_kind="SPECIALISED_DB", source_system="synthetic", source_record_id=f"seed-{seed}/{on}")


@command(by=SYSTEM)
def _load_slice(
    *,
    actor: Actor,
    at: datetime,
    people: Sequence[SyntheticCitizen],
    employers: Sequence[SyntheticEmployer],
    employer_ids: Sequence[int],
    seed: int,
) -> Counts:
    registered = [citizen for citizen in people if citizen.is_registered]
    here = find_persons([(Scheme.PIN, citizen.pin) for citizen in registered])
    new = [citizen for citizen in registered if (Scheme.PIN.value, citizen.pin) not in here]
    unregistered = len(people) - len(registered)
    if not new:
        record(actor=actor, at=at, verb="registry.synthetic.skip", detail={"citizens": len(people)})
        return Counts(unregistered=unregistered)
    provenance = _provenance(seed, f"household-{people[0].household}")
    ids = load_citizens(actor=actor, at=at, citizens=new, employers=employers, employer_ids=employer_ids, provenance=provenance)
    ours = [citizen for citizen in new if citizen.managed_by is own_custodian()]
    engagements = (
        _engagement(ids[citizen.pin], spell, employers[spell.employer], employer_ids[spell.employer])
        for citizen in ours
        for spell in citizen.spells
    )
    lines = load_lines(actor=actor, at=at, engagements=engagements, basis=_BASIS)
    return Counts(
        persons=len(ours),
        markers=len(new) - len(ours),
        unregistered=unregistered,
        participations=sum(
            len(spell.wages) + len(spell.leave) + (spell.until_month is not None) for citizen in ours for spell in citizen.spells
        ),
        lines=lines,
        benefits=sum(len(citizen.benefits) for citizen in ours),
        cards=sum(bool(citizen.cards) for citizen in ours),
    )


def _engagement(person_id: int, spell: Spell, employer: SyntheticEmployer, employer_id: int) -> Engagement:
    return Engagement(
        person_id=person_id,
        employer_id=employer_id,
        unit_code=employer.unit_code,
        unit_name=employer.name,
        job_title=spell.job_title,
        participant_type=ParticipantType(spell.participant_type),
        months=tuple(_months(spell, employer)),
    )


def _months(spell: Spell, employer: SyntheticEmployer) -> Iterator[tuple[Month, ContributionsDue]]:
    for month, wage_vnd in spell.contributed(employer.last_paid(LAST_MONTH)):
        yield month, _due(spell.participant_type, month.year, month.month, wage_vnd, employer.wage_region)


@cache
def _due(participant_type: str, year: int, month: int, wage_vnd: int, wage_region: int) -> ContributionsDue:
    """What is due; one object for all months with equal amounts, as the ledger likes it. Some ten thousand combinations in all."""
    due = contributions_due(
        participant_type=ParticipantType(participant_type), month=Month(year, month), wage_vnd=Vnd(wage_vnd), wage_region=wage_region
    )
    return _equal.setdefault(_amounts(due), due)


_equal: dict[tuple[int, ...], ContributionsDue] = {}
