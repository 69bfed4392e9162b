"""An officer reads a person: by a dossier that concerns them, or for a stated purpose; the groups asked for and no others; a look first."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from bhxh.access.officer_errors import ACC_NOT_IN_DOSSIER, ACC_OWN_CASE
from bhxh.access.permissions import check_read_person, may_read_person
from bhxh.access.reading_purposes import READING_PURPOSES, read_purpose
from bhxh.access.roles import OfficerFacts
from bhxh.audit.commands import record_look
from bhxh.dossiers.models import Line
from bhxh.dossiers.queries import get_dossier
from bhxh.kernel.actor import Actor
from bhxh.kernel.data_groups import DataGroup
from bhxh.kernel.errors import NotAllowed
from bhxh.kernel.who import officer as officer_who
from bhxh.ledger.queries import Totals, totals
from bhxh.registry.queries import (
    EmployerSummary,
    Participation,
    PersonSummary,
    get_person_by_number,
    list_employers,
    list_identifiers,
    list_participations,
)

READERS: Final = officer_who(*sorted({role for facts in READING_PURPOSES.values() for role in facts.roles}))
READABLE: Final = (DataGroup.BASIC, DataGroup.CONTACT, DataGroup.EMPLOYER, DataGroup.SOCIAL_INSURANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRead:
    """What was asked for; None where a group was not."""

    person: PersonSummary
    identifiers: tuple[tuple[str, str], ...] = ()
    participations: tuple[tuple[Participation, EmployerSummary], ...] | None = None
    sums: Totals | None = None


def read_person(
    *,
    actor: Actor,
    at: datetime,
    officer: OfficerFacts,
    number: str,
    groups: Collection[DataGroup],
    dossier_code: str,
    purpose: str,
    words: str,
) -> PersonRead:
    """Read one person by number. LAW: R-194, R-197: no dossier number, no read; else a purpose with words, which the person sees.

    Shape:   what may not be read is refused before anybody is searched, so a refusal tells nothing. `actor.purpose` is what was stated.
    Raises:  Invalid ACC-070; NotAllowed ACC-020, ACC-071, ACC-072; NotFound DOS-001, REG-001.
    """
    stated = read_purpose(has_dossier=bool(dossier_code), purpose=purpose, words=words)
    # WHY before the search, with a person who is nobody: whether the role may read at all does not depend on whom.
    check_read_person(actor, person_id=0, purpose=stated, is_named_in_dossier=True, officer=officer)
    dossier = get_dossier(dossier_code) if dossier_code else None
    person = get_person_by_number(number)
    if actor.person_id == person.person_id:
        raise NotAllowed(ACC_OWN_CASE)
    is_named = dossier is not None and (person.person_id == dossier.person_id or _is_on_a_line(dossier.dossier_id, person))
    if not may_read_person(actor, person_id=person.person_id, purpose=stated, is_named_in_dossier=is_named, officer=officer):
        raise NotAllowed(ACC_NOT_IN_DOSSIER)
    record_look(
        actor=replace(actor, purpose=stated.value),
        at=at,
        person_id=person.person_id,
        what="person_record",
        dossier_id=dossier.dossier_id if dossier else None,
        groups=[group.value for group in READABLE if group in groups],
        reason=words,
    )
    return _read(person, groups, at)


def _is_on_a_line(dossier_id: UUID, person: PersonSummary) -> bool:
    return Line.objects.filter(Q(person_id=person.person_id) | Q(pin=person.pin), dossier_id=dossier_id).exists()


def _read(person: PersonSummary, groups: Collection[DataGroup], at: datetime) -> PersonRead:
    worked = list_participations([person.person_id]).get(person.person_id, ()) if DataGroup.EMPLOYER in groups else None
    employers = list_employers({row.employer_id for row in worked}) if worked else {}
    return PersonRead(
        person=person,
        identifiers=list_identifiers([person.person_id]).get(person.person_id, ()) if DataGroup.BASIC in groups else (),
        participations=None if worked is None else tuple((row, employers[row.employer_id]) for row in worked),
        sums=totals(person.person_id, at) if DataGroup.SOCIAL_INSURANCE in groups else None,
    )
