"""Who is known, and who may act for whom on a day."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from bhxh.access.models import Account, Machine, Mandate, Officer
from bhxh.access.roles import AccountSummary, AccountType, Grant, MachineFacts, MandateRole, MandateSummary, OfficerFacts, OfficerRole

_LIMIT = 200  # LIMIT: a page of mandates; an employer with more clerks pages on by account


def find_account(*, issuer: str, subject: str) -> AccountSummary | None:
    """The account as linked, or None on first sight."""
    return _account(Account.objects.filter(issuer=issuer, subject=subject).first())


def find_account_by_reference(account: str) -> AccountSummary | None:
    """The same by `eid:<issuer host>:<sub>`."""
    return _account(Account.objects.filter(account=account).first())


def list_subjects(person_ids: Collection[int], *, issuer: str) -> dict[int, str]:
    """The opaque account name under which each person's book is published; absent where the person never signed in.

    Citizens' and foreigners' own accounts only.
    """
    own = (AccountType.CITIZEN.value, AccountType.FOREIGNER.value)
    rows = Account.objects.filter(person_id__in=person_ids, issuer=issuer, account_type__in=own).order_by("linked_at", "account")
    return dict(rows.values_list("person_id", "subject"))


def find_mandate(*, account: str, employer_id: int, on: date) -> MandateSummary | None:
    """The strongest mandate of an account for an employer that is in force on a day."""
    found = Mandate.objects.filter(_in_force(on), account=account, employer_id=employer_id)
    return min((_mandate(row) for row in found), key=lambda m: m.role is not MandateRole.LEGAL_REPRESENTATIVE, default=None)


def list_mandates(*, employer_id: int | None = None, account: str | None = None, on: date) -> tuple[MandateSummary, ...]:
    """Mandates in force on a day: of an employer, or of an account. At most 200."""
    assert (employer_id is None) != (account is None), "ask for one employer or for one account"
    asked = Q(employer_id=employer_id) if account is None else Q(account=account)
    return tuple(_mandate(row) for row in Mandate.objects.filter(_in_force(on), asked).order_by("account", "employer_id", "role")[:_LIMIT])


def find_officer(*, account: str, on: date) -> OfficerFacts | None:
    """The officer who signs in with this e-ID account, if in service on the day."""
    return _officer(Officer.objects.filter(_in_force(on), account=account).first())


def find_officer_by_login(*, login: str, on: date) -> OfficerFacts | None:
    """The officer of this login, if in service on the day."""
    return _officer(Officer.objects.filter(_in_force(on), login=login).first())


def find_machine(*, client_id: str, on: date) -> tuple[MachineFacts, Mapping[str, Any]] | None:
    """A program let in on the day, with its public keys."""
    row = Machine.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), client_id=client_id).first()
    if row is None:
        return None
    facts = MachineFacts(client_id=row.client_id, name=row.name, grants=frozenset(Grant(grant) for grant in row.grants))
    return facts, row.jwks


def _in_force(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


def _account(row: Account | None) -> AccountSummary | None:
    if row is None:
        return None
    return AccountSummary(
        account=row.account, issuer=row.issuer, subject=row.subject, person_id=row.person_id, account_type=AccountType(row.account_type)
    )


def _mandate(row: Mandate) -> MandateSummary:
    return MandateSummary(
        mandate_id=row.mandate_id,
        employer_id=row.employer_id,
        account=row.account,
        role=MandateRole(row.role),
        from_on=row.from_on,
        until_on=row.until_on,
    )


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
