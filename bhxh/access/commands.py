"""Link accounts, appoint officers. Mandates: `mandate_commands.py`; programs: `machine_commands.py`."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from bhxh.access.errors import ACC_ACCOUNT_OF_ANOTHER, ACC_ASSERTION_USED, ACC_NO_OFFICER, NotSignedIn
from bhxh.access.models import Account, Officer, UsedAssertion
from bhxh.access.periods import check_period
from bhxh.access.roles import AccountType, OfficerRole
from bhxh.access.tokens import account_reference
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Conflict, NotFound
from bhxh.kernel.who import SYSTEM, machine, officer

_REMEMBERED = timedelta(hours=1)  # LIMIT: an assertion lives five minutes, clocks differ by one


@command(by=SYSTEM)
def link_account(
    *, actor: Actor, at: datetime, issuer: str, subject: str, person_id: int, account_type: AccountType = AccountType.CITIZEN
) -> str:
    """Remember whose account this is, on first sight of its token; the caller found the person by the token's personal number.

    Shape:   once linked for good; linking to the same person again changes nothing and is journalled.
    Raises:  Conflict ACC-012 where it belongs to another person.
    """
    account = account_reference(issuer, subject)
    row = Account(
        account=account, issuer=issuer, subject=subject, person_id=person_id, account_type=AccountType(account_type).value, linked_at=at
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # WHY not asked first: two first requests may come at once.
        kept = Account.objects.filter(account=account).values_list("person_id", flat=True).first()
        if kept != person_id:
            raise Conflict(ACC_ACCOUNT_OF_ANOTHER) from None
    record(actor=actor, at=at, verb="access.account.link", person_id=person_id, detail={"account": account})
    return account


@command(by=SYSTEM | officer(OfficerRole.OPERATOR))
def appoint_officer(
    *,
    actor: Actor,
    at: datetime,
    login: str,
    account: str,
    agency_code: str,
    roles: Collection[OfficerRole],
    from_on: date,
    skills: Collection[str] = (),
    until_on: date | None = None,
) -> None:
    """Put an officer into service, or change an officer's office, roles and skills. `account` is the officer's own e-ID account."""
    check_period(from_on, until_on)
    content = {
        "account": account,
        "agency_code": agency_code,
        "roles": sorted(OfficerRole(role).value for role in roles),
        "skills": sorted(skills),
        "from_on": from_on,
        "until_on": until_on,
    }
    Officer.objects.update_or_create(login=login, defaults=content)
    record(
        actor=actor,
        at=at,
        verb="access.officer.appoint",
        detail={"login": login, "agency": agency_code, "roles": sorted(OfficerRole(role).value for role in roles)},
    )


@command(by=SYSTEM | officer(OfficerRole.OPERATOR))
def dismiss_officer(*, actor: Actor, at: datetime, login: str, on: date) -> None:
    """End an officer's service from this day on. Raises NotFound ACC-015."""
    if not Officer.objects.filter(login=login).update(until_on=on):
        raise NotFound(ACC_NO_OFFICER)
    record(actor=actor, at=at, verb="access.officer.dismiss", detail={"login": login, "until": on.isoformat()})


@command(by=SYSTEM | machine())
def use_assertion(*, actor: Actor, at: datetime, client_id: str, jti: str) -> None:
    """Note that a verified assertion was used. Raises NotSignedIn ACC-004 the second time."""
    UsedAssertion.objects.filter(client_id=client_id, used_at__lt=at - _REMEMBERED).delete()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(client_id=client_id, jti=jti, used_at=at)
    except IntegrityError:
        raise NotSignedIn(ACC_ASSERTION_USED) from None
    record(actor=actor, at=at, verb="access.assertion.use", detail={"client": client_id})
