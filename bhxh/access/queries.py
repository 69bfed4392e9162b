"""Which accounts and officers are known. Mandates: `mandate_queries.py`; programs: `machine_queries.py`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q

from bhxh.access.models import Account, Officer
from bhxh.access.roles import AccountSummary, AccountType, OfficerFacts, OfficerRole
from bhxh.kernel.clock import day_in_vietnam


def find_account_by_reference(account: str) -> AccountSummary | None:
    """The account as linked, or None on first sight, by `eid:<issuer host>:<sub>`. WHY no model: every request asks this, most of them twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, issuer, subject, person_id, account_type FROM access_account WHERE account = %s", [account])
        row = cursor.fetchone()
    if row is None:
        return None
    return AccountSummary(account=row[0], issuer=row[1], subject=row[2], person_id=row[3], account_type=AccountType(row[4]))


def list_subjects(person_ids: Collection[int], *, issuer: str) -> dict[int, str]:
    """The opaque account name under which each person's book is published; absent where the person never signed in.

    Citizens' and foreigners' own accounts only.
    """
    own = (AccountType.CITIZEN.value, AccountType.FOREIGNER.value)
    rows = Account.objects.filter(person_id__in=person_ids, issuer=issuer, account_type__in=own).order_by("linked_at", "account")
    return dict(rows.values_list("person_id", "subject"))


def find_officer(*, account: str, on: date) -> OfficerFacts | None:
    """The officer who signs in with this e-ID account, if in service on the day."""
    return _officer(Officer.objects.filter(_in_force(on), account=account).first())


_AT_WORK = (
    "SELECT officer.login, officer.account, officer.agency_code, officer.roles, officer.skills, holder.person_id,"
    " EXISTS (SELECT FROM access_second_factor AS shown WHERE shown.session = %s AND shown.login = officer.login AND shown.until_at > %s)"
    " FROM access_officer AS officer LEFT JOIN access_account AS holder ON holder.account = officer.account"
    " WHERE officer.account = %s AND officer.from_on <= %s AND (officer.until_on IS NULL OR officer.until_on > %s)"
)
"""WHY one statement and no model: everything an officer opens asks it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAtWork:
    """An officer in service who has signed in."""

    facts: OfficerFacts
    person_id: int | None
    has_shown_key: bool
    """In this session, and not too long ago."""


def find_officer_at_work(*, account: str, session: str, at: datetime) -> OfficerAtWork | None:
    """The officer who signs in with this e-ID account, if in service now, with what else their work is let in by."""
    on = day_in_vietnam(at)
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, [session, at, account, on, on])
        row = cursor.fetchone()
    if row is None:
        return None
    facts = OfficerFacts(
        login=row[0], account=row[1], agency_code=row[2], roles=frozenset(OfficerRole(role) for role in row[3]), skills=frozenset(row[4])
    )
    return OfficerAtWork(facts=facts, person_id=row[5], has_shown_key=row[6])


def find_officer_by_login(*, login: str, on: date) -> OfficerFacts | None:
    """The officer of this login, if in service on the day."""
    return _officer(Officer.objects.filter(_in_force(on), login=login).first())


def list_logins(role: OfficerRole, *, procedure: str, on: date, besides: str, limit: int) -> tuple[str, ...]:
    """Officers in service who have a role for a procedure, by login."""
    rows = Officer.objects.filter(_in_force(on), Q(skills=[]) | Q(skills__contains=[procedure]), roles__contains=[role.value])
    return tuple(rows.exclude(login=besides).order_by("login").values_list("login", flat=True)[:limit])


def _in_force(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


def _officer(row: Officer | None) -> OfficerFacts | None:
    if row is None:
        return None
    return OfficerFacts(
        login=row.login,
        account=row.account,
        agency_code=row.agency_code,
        roles=frozenset(OfficerRole(role) for role in row.roles),
        skills=frozenset(row.skills),
    )
