"""Which accounts and officers are known. Mandates: `mandate_queries.py`; programs: `machine_queries.py`."""

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.db.models import Q

from bhxh.access.models import Account, Officer
from bhxh.access.roles import AccountSummary, AccountType, OfficerFacts, OfficerRole


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


def find_officer_by_login(*, login: str, on: date) -> OfficerFacts | None:
    """The officer of this login, if in service on the day."""
    return _officer(Officer.objects.filter(_in_force(on), login=login).first())


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
