"""Whom a command acts for or as: an employer by its code, a person by number, an officer by login."""

import sys
from uuid import uuid4

from bhxh.access.queries import find_officer_by_login
from bhxh.access.roles import OfficerFacts
from bhxh.doors.admission import admit
from bhxh.doors.cli.errors import CLI_NO_EMPLOYER, CLI_NO_KEY_HERE, CLI_NO_OFFICER, CLI_NO_PERSON
from bhxh.doors.partners import partners
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis, system_actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import NotAllowed, NotFound
from bhxh.kernel.identifiers import Pin
from bhxh.registry.queries import EmployerSummary, PersonSummary, find_employer, find_person


def employer_of(code: str) -> EmployerSummary:
    """By tax code or unit code. Raises NotFound CLI-003."""
    found = find_employer(tax_code=code) or find_employer(unit_code=code.upper())
    if found is None:
        raise NotFound(CLI_NO_EMPLOYER, code=code[:40])
    return found


def person_of(number: str) -> PersonSummary:
    """By personal number, `-` reads it from standard input. Raises NotFound CLI-005."""
    person = find_person("PIN", Pin.parse(sys.stdin.readline() if number == "-" else number))
    if person is None:
        raise NotFound(CLI_NO_PERSON)
    return person


def officer_of(login: str) -> OfficerFacts:
    """An officer in service today. Raises NotFound CLI-006; NotAllowed CLI-030 in production."""
    if partners().is_production:
        raise NotAllowed(CLI_NO_KEY_HERE)
    officer = find_officer_by_login(login=login, on=day_in_vietnam(now()))
    if officer is None:
        raise NotFound(CLI_NO_OFFICER, login=login)
    return officer


def operator() -> Actor:
    """The installation itself, as the operator at the machine uses it."""
    return admit(system_actor(name="cli", request_id=uuid4().hex, purpose="operation"))


def counter(*, purpose: str, employer_id: int | None = None, person_id: int | None = None) -> Actor:
    """The counter at which an operator does what an employer or a person came for."""
    actor = Actor(
        kind=ActorKind.PERSON,
        account="cli:counter",
        request_id=uuid4().hex,
        purpose=purpose,
        legal_basis=LegalBasis.LEGAL_DUTY,
        employer_id=employer_id,
        person_id=person_id,
        assurance_level=2,
    )
    return admit(actor)


def acting(officer: OfficerFacts) -> Actor:
    """An officer at work."""
    actor = Actor(
        kind=ActorKind.OFFICER,
        account=f"officer:{officer.login}",
        request_id=uuid4().hex,
        purpose="decide",
        legal_basis=LegalBasis.LEGAL_DUTY,
        assurance_level=2,
        roles=officer.roles,
    )
    return admit(actor)
