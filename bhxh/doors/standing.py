"""Who may act for an employer, put together from the register (below the registry) and the mandates (below access). Shared by the doors."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bhxh.access.authority import EVERYTHING, Scope, employer_reference, machine_reference
from bhxh.access.machine_queries import find_machine
from bhxh.access.mandate_documents import Party
from bhxh.access.mandate_errors import ACC_CLIENT_EMPLOYER_UNKNOWN, ACC_HOLDER_UNKNOWN
from bhxh.access.mandate_queries import replay
from bhxh.access.queries import find_account_by_reference
from bhxh.access.roles import EmployerFacts, MandateRole, person_reference
from bhxh.doors.partners import partners
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.text import search_form
from bhxh.registry.employer_history import DISSOLVED, find_employer_fact
from bhxh.registry.queries import EmployerSummary, find_employer, find_person

FOR_EMPLOYER: Final = "Acting-For-Employer"
"""Request header: tax code or unit code of the organisation whose mandate a program, an agent or a clerk wants to use."""
_REPRESENTATIVE: Final = "legal_representative_pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoodFor:
    """Somebody who could act for an employer on a day, by the register or by a mandate, as the records stood then."""

    role: MandateRole
    by: str
    """`register`, or `mandate:<id>`."""
    holder: str
    person_id: int | None
    scope: Scope
    from_on: date | None
    until_on: date | None
    recorded_at: datetime | None
    recorded_by: str


def employer_facts(employer: EmployerSummary, *, acting_person_id: int | None = None) -> EmployerFacts:
    """An employer as the access room sees it."""
    return EmployerFacts(
        employer_id=employer.employer_id,
        legal_representative_pin=employer.legal_representative_pin,
        is_dissolved=employer.status == DISSOLVED,
        acting_person_id=acting_person_id,
    )


def count_for_employer(employer: EmployerSummary) -> None:
    """A request on behalf of an organisation by who is not its own account. Raises TooMany ACC-034.

    WHY only when the right was proved: else anybody could use up an organisation's share by naming it.
    """
    partners().signing_in.limits.check_organisation(employer.tax_code or employer.unit_code)


def employer_by_code(code: str) -> EmployerSummary:
    """By tax code or unit code. Raises NotFound ACC-111."""
    found = (find_employer(tax_code=code) or find_employer(unit_code=code.upper())) if code else None
    if found is None:
        raise NotFound(ACC_CLIENT_EMPLOYER_UNKNOWN)
    return found


def party_of_employer(employer: EmployerSummary) -> Party:
    """An organisation as a mandate names it."""
    return Party(reference=employer_reference(employer.employer_id), name=employer.name, number=employer.tax_code or employer.unit_code)


def party_of_agent(tax_code: str) -> Party:
    """The organisation that is to hold a mandate. Raises Invalid ACC-106."""
    found = find_employer(tax_code=tax_code) if tax_code else None
    if found is None or found.status == DISSOLVED:
        raise Invalid(ACC_HOLDER_UNKNOWN, where="holder")
    return party_of_employer(found)


def party_of_program(client_id: str, at: datetime) -> Party:
    """The program that is to hold a mandate. Raises Invalid ACC-106."""
    found = find_machine(client_id=client_id, at=at)
    if found is None:
        raise Invalid(ACC_HOLDER_UNKNOWN, where="holder")
    return Party(reference=machine_reference(client_id), name=found[0].name, number=client_id)


def party_of_person(pin: str, full_name: str) -> tuple[Party, int]:
    """The person that is to hold a mandate, and their id; number and name must both be theirs.

    Raises: Invalid ACC-106. WHY the same for an unknown number and a wrong name: else anybody could ask whose a number is.
    """
    parsed = Pin.try_parse(pin)
    found = find_person("PIN", parsed) if parsed else None
    if found is None or found.managed_by != partners().custodian or search_form(found.full_name) != search_form(full_name):
        raise Invalid(ACC_HOLDER_UNKNOWN, where="holder")
    reference = person_reference(found.person_id)
    return Party(reference=reference, name=found.full_name, number=Pin(found.pin).masked), found.person_id


def who_could_act(employer_id: int, *, on: date, known_at: datetime) -> tuple[StoodFor, ...]:
    """Everybody who could act for an employer on a day, as the records stood at an instant; nobody for one that was dissolved."""
    if find_employer_fact(employer_id, "status", on=on, known_at=known_at) == DISSOLVED:
        return ()
    return (*_by_register(employer_id, on=on, known_at=known_at), *_by_mandate(employer_id, on=on, known_at=known_at))


def _by_register(employer_id: int, *, on: date, known_at: datetime) -> Iterator[StoodFor]:
    pin = find_employer_fact(employer_id, _REPRESENTATIVE, on=on, known_at=known_at)
    if not pin:
        return
    person = find_person("PIN", str(pin))
    yield StoodFor(
        role=MandateRole.LEGAL_REPRESENTATIVE,
        by="register",
        # WHY not always the person: the register may name somebody who is not insured here.
        holder=person_reference(person.person_id) if person else f"pin:{Pin(str(pin)).masked}",
        person_id=person.person_id if person else None,
        scope=EVERYTHING,
        from_on=None,
        until_on=None,
        recorded_at=None,
        recorded_by="",
    )


def _by_mandate(employer_id: int, *, on: date, known_at: datetime) -> Iterator[StoodFor]:
    for found in replay(employer_id=employer_id, on=on, known_at=known_at):
        yield StoodFor(
            role=found.mandate.role,
            by=f"mandate:{found.mandate.mandate_id}",
            holder=found.mandate.account,
            person_id=person_behind(found.mandate.account),
            scope=found.mandate.scope,
            from_on=found.mandate.from_on,
            until_on=found.mandate.until_on,
            recorded_at=found.at,
            recorded_by=found.by_account,
        )


def person_behind(holder: str) -> int | None:
    """The person a holder's reference stands for; None for organisations, programs, and accounts nobody linked."""
    kind, _, rest = holder.partition(":")
    if kind == "person":
        return int(rest)
    known = find_account_by_reference(holder) if kind == "eid" else None
    return known.person_id if known else None
