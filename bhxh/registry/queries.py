"""What other rooms may read: frozen values, never rows. Persons of another custodian are refused or blank."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from bhxh.kernel.errors import NotFound
from bhxh.kernel.months import Month
from bhxh.kernel.text import search_form, tidy
from bhxh.law.figures import Fund
from bhxh.registry.appending import check_kept_here, own_custodian
from bhxh.registry.book_facts import BookFacts, BookPieces, get_book_facts, get_book_pieces, last_fact_recorded_at
from bhxh.registry.errors import REG_NO_SUCH_EMPLOYER, REG_NO_SUCH_PERSON
from bhxh.registry.facts import ParticipationStatus, Scheme
from bhxh.registry.reference import list_days_off

__all__ = [
    "BookFacts",
    "BookPieces",
    "EmployerSummary",
    "Participation",
    "PersonSummary",
    "count_persons",
    "find_employer",
    "find_employer_ids",
    "find_person",
    "find_persons",
    "get_book_facts",
    "get_book_pieces",
    "get_employer",
    "get_person",
    "get_person_by_number",
    "last_fact_recorded_at",
    "list_card_states",
    "list_days_off",
    "list_employers",
    "list_identifiers",
    "list_participations",
    "list_persons",
    "list_workers",
    "search_persons",
]

_PAGE = 100  # LIMIT: a page of a search; more than that is a report, not a look


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSummary:
    """A person as known now. Of another custodian's person only `person_id` and `managed_by` are filled."""

    person_id: int
    managed_by: str
    pin: str = ""
    si_code: str = ""
    full_name: str = ""
    birth_on: date | None = None
    birth_precision: str = ""
    sex: str = ""
    nationality: str = ""
    email: str = ""
    verification: str = ""
    vital_status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerSummary:
    """An employer as known now."""

    employer_id: int
    unit_code: str
    tax_code: str
    name: str
    agency_code: str
    industry: str
    enterprise_type: str
    wage_region: int
    email: str
    phone: str
    head_office_ward: str
    status: str
    legal_representative_pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """What holds between a person and an employer in a span of months."""

    person_id: int
    n: int
    employer_id: int
    participant_type: str
    job_title: str
    workplace: str
    wage_vnd: int
    from_month: Month
    until_month: Month | None
    change_code: str
    status: str
    left_funds: frozenset[Fund] = frozenset()
    """Funds that are not paid while this holds."""


KEPT_BY = "SELECT person_id FROM registry_person WHERE person_id = %s AND managed_by = %s AND vital_status <> 'DECEASED'"
"""The person, where this custodian keeps them now and they are not dead. For statements of higher rooms that prove and read at once."""

_SUMMARY = (
    "p.person_id, coalesce(p.managed_by, i.managed_by), p.pin, p.si_code, p.full_name, p.birth_on, p.birth_precision, p.sex,"
    " p.nationality, coalesce(c.email, ''), p.verification, p.vital_status"
)


def _summary(person_id: int, row: Sequence[object]) -> PersonSummary:
    managed_by = str(row[1])
    if row[0] is None or managed_by != own_custodian():
        return PersonSummary(person_id=person_id, managed_by=managed_by)
    names = ("pin", "si_code", "full_name", "birth_on", "birth_precision", "sex", "nationality", "email", "verification", "vital_status")
    return PersonSummary(person_id=person_id, managed_by=managed_by, **dict(zip(names, row[2:], strict=True)))  # type: ignore[arg-type]


def find_persons(identifiers: Collection[tuple[str, str]]) -> dict[tuple[str, str], PersonSummary]:
    """Persons by (scheme, value), in one statement. Numbers nobody has are absent from the answer."""
    wanted = sorted({(str(scheme), str(value)) for scheme, value in identifiers})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT i.scheme, i.value, i.person_id, {_SUMMARY} FROM unnest(%s::text[], %s::text[]) AS q(scheme, value)"
            " JOIN registry_identifier i ON i.scheme = q.scheme AND i.value = q.value"
            " LEFT JOIN registry_person p ON p.person_id = i.person_id LEFT JOIN registry_contact c ON c.person_id = i.person_id",
            [[scheme for scheme, _ in wanted], [value for _, value in wanted]],
        )
        return {(row[0], row[1]): _summary(row[2], row[3:]) for row in cursor.fetchall()}


def find_person(scheme: str, value: str) -> PersonSummary | None:
    """One person by number, None where nobody has it. Blank where another custodian keeps the person."""
    return find_persons([(scheme, value)]).get((str(scheme), str(value)))


def get_person_by_number(typed: str) -> PersonSummary:
    """One person kept here by whichever number somebody typed. Raises NotFound REG-001, REG-002."""
    number = tidy(typed).replace(" ", "")
    known = find_persons([(scheme.value, number) for scheme in Scheme])
    found = next((known[scheme.value, number] for scheme in Scheme if (scheme.value, number) in known), None)
    if found is None:
        raise NotFound(REG_NO_SUCH_PERSON)
    return get_person(found.person_id)


def get_person(person_id: int) -> PersonSummary:
    """One person. Raises NotFound REG-001, REG-002."""
    found = list_persons([person_id]).get(person_id)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT managed_by FROM registry_identifier WHERE person_id = %s LIMIT 1", [person_id])
            row = cursor.fetchone()
        check_kept_here(row[0] if row else None)
    assert found is not None
    check_kept_here(found.managed_by)
    return found


def list_persons(person_ids: Collection[int]) -> dict[int, PersonSummary]:
    """Persons by id, in one statement; those of other custodians blank, unknown ones (and bare markers) absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_SUMMARY.replace('coalesce(p.managed_by, i.managed_by)', 'p.managed_by')} FROM registry_person p"
            " LEFT JOIN registry_contact c ON c.person_id = p.person_id WHERE p.person_id = ANY(%s)",
            [list(person_ids)],
        )
        return {row[0]: _summary(row[0], row) for row in cursor.fetchall()}


def search_persons(*, name: str, birth_on: date | None = None, limit: int = _PAGE) -> tuple[PersonSummary, ...]:
    """Persons of this installation whose name begins so, marks and case ignored, in name order."""
    pattern = search_form(name).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_SUMMARY.replace('coalesce(p.managed_by, i.managed_by)', 'p.managed_by')} FROM registry_person p"
            " LEFT JOIN registry_contact c ON c.person_id = p.person_id"
            " WHERE p.full_name_search LIKE %s AND p.managed_by = %s AND (%s::date IS NULL OR p.birth_on = %s)"
            " ORDER BY p.full_name_search, p.person_id LIMIT %s",
            [pattern, own_custodian().value, birth_on, birth_on, min(limit, _PAGE)],
        )
        return tuple(_summary(row[0], row) for row in cursor.fetchall())


def count_persons() -> int:
    """How many persons this installation keeps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_person WHERE managed_by = %s", [own_custodian().value])
        return int(cursor.fetchone()[0])


def list_identifiers(person_ids: Collection[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """All (scheme, value) of persons kept here."""
    found: dict[int, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM registry_person WHERE person_id = ANY(%s) AND managed_by = %s", [list(person_ids), own_custodian().value]
        )
        kept = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT person_id, scheme, value FROM registry_identifier WHERE person_id = ANY(%s) ORDER BY person_id, scheme, value", [kept]
        )
        for person_id, scheme, value in cursor.fetchall():
            found.setdefault(person_id, []).append((scheme, value))
    return {person_id: tuple(pairs) for person_id, pairs in found.items()}


_EMPLOYER = (
    "employer_id, unit_code, tax_code, name, agency_code, industry, enterprise_type, wage_region, email, phone, head_office_ward,"
    " status, legal_representative_pin"
)


def list_card_states(person_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """(person, card code) -> the state recorded last of each health card."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (person_id, card_code) person_id, card_code, state FROM registry_health_card"
            " WHERE person_id = ANY(%s::bigint[]) ORDER BY person_id, card_code, n DESC",
            [list(person_ids)],
        )
        return {(person_id, card_code): state for person_id, card_code, state in cursor.fetchall()}


def find_employer(*, tax_code: str | None = None, unit_code: str | None = None) -> EmployerSummary | None:
    """One employer by either code (both given: both must agree), None where there is none."""
    assert tax_code or unit_code, "an employer is found by a code"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_EMPLOYER} FROM registry_employer"
            " WHERE (%s::text IS NULL OR tax_code = %s) AND (%s::text IS NULL OR unit_code = %s) LIMIT 1",
            [tax_code or None, tax_code, unit_code or None, unit_code],
        )
        row = cursor.fetchone()
    return _employer(row) if row else None


def find_employer_ids(unit_codes: Collection[str]) -> dict[str, int]:
    """Employers by unit code, in one statement. Codes nobody has are absent from the answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_code, employer_id FROM registry_employer WHERE unit_code = ANY(%s)", [list(unit_codes)])
        return dict(cursor.fetchall())


def get_employer(employer_id: int) -> EmployerSummary:
    """One employer. Raises NotFound REG-006."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_EMPLOYER} FROM registry_employer WHERE employer_id = %s", [employer_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(REG_NO_SUCH_EMPLOYER)
    return _employer(row)


def list_employers(employer_ids: Collection[int]) -> dict[int, EmployerSummary]:
    """Employers by id, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_EMPLOYER} FROM registry_employer WHERE employer_id = ANY(%s)", [list(employer_ids)])
        return {row[0]: _employer(row) for row in cursor.fetchall()}


def _employer(row: Sequence[object]) -> EmployerSummary:
    names = [name.strip() for name in _EMPLOYER.split(",")]
    return EmployerSummary(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type]


_PARTICIPATION = (
    "t.person_id, t.n, t.employer_id, t.participant_type, t.job_title, t.workplace, t.wage_vnd, t.from_month, t.until_month,"
    " t.change_code, t.status, t.left_funds"
)


def list_participations(
    person_ids: Collection[int], on_month: Month | None = None, employer_id: int | None = None
) -> dict[int, tuple[Participation, ...]]:
    """Participations of persons kept here, in one statement.

    Shape:  with `on_month`, what holds in that month: one row per employer, those who have left not among them.
            Without, the whole history in the order in which it was recorded.
    """
    clauses: list[str] = ["t.person_id = ANY(%s)", "p.managed_by = %s", "(%s::bigint IS NULL OR t.employer_id = %s)"]
    values: list[Any] = [list(person_ids), own_custodian().value, employer_id, employer_id]
    source = "registry_participation t JOIN registry_person p ON p.person_id = t.person_id"
    if on_month is None:
        statement = f"SELECT {_PARTICIPATION} FROM {source} WHERE {' AND '.join(clauses)} ORDER BY t.person_id, t.n"
    else:
        clauses.append("t.from_month <= %s AND (t.until_month IS NULL OR t.until_month > %s)")
        values += [on_month.number, on_month.number]
        statement = (
            f"SELECT * FROM (SELECT DISTINCT ON (t.person_id, t.employer_id) {_PARTICIPATION} FROM {source}"
            f" WHERE {' AND '.join(clauses)} ORDER BY t.person_id, t.employer_id, t.n DESC) latest WHERE status <> %s"
            " ORDER BY person_id, employer_id"
        )
        values.append(ParticipationStatus.ENDED.value)
    found: dict[int, list[Participation]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for participation in _participations(cursor.fetchall()):
            found.setdefault(participation.person_id, []).append(participation)
    return {person_id: tuple(rows) for person_id, rows in found.items()}


def list_workers(employer_id: int, on_month: Month, *, after_person_id: int = 0, limit: int = 1000) -> tuple[Participation, ...]:
    """Who works for (or is on leave from) an employer in a month: a page in person order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM (SELECT DISTINCT ON (t.person_id) {_PARTICIPATION} FROM registry_participation t"
            " JOIN registry_person p ON p.person_id = t.person_id WHERE t.employer_id = %s AND t.person_id > %s AND p.managed_by = %s"
            " AND t.from_month <= %s AND (t.until_month IS NULL OR t.until_month > %s)"
            " ORDER BY t.person_id, t.n DESC) latest WHERE status <> %s ORDER BY person_id LIMIT %s",
            [
                employer_id,
                after_person_id,
                own_custodian().value,
                on_month.number,
                on_month.number,
                ParticipationStatus.ENDED.value,
                limit,
            ],
        )
        return tuple(_participations(cursor.fetchall()))


def _participations(rows: Sequence[Sequence[object]]) -> Iterator[Participation]:
    names = [name.strip().removeprefix("t.") for name in _PARTICIPATION.split(",")]
    for row in rows:
        values = dict(zip(names, row, strict=True))
        until = values["until_month"]
        values["from_month"] = Month.from_number(values["from_month"])  # type: ignore[arg-type]
        values["left_funds"] = frozenset(Fund(fund) for fund in str(values["left_funds"]).split(",") if fund)
        values["until_month"] = Month.from_number(until) if until else None  # type: ignore[arg-type]
        yield Participation(**values)  # type: ignore[arg-type]
