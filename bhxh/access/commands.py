"""Link accounts, grant and revoke mandates, appoint officers, register programs."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from bhxh.access.errors import (
    ACC_ACCOUNT_OF_ANOTHER,
    ACC_ASSERTION_USED,
    ACC_BAD_KEYS,
    ACC_BAD_PERIOD,
    ACC_MANDATE_OVERLAPS,
    ACC_NO_MACHINE,
    ACC_NO_MANDATE_FOUND,
    ACC_NO_OFFICER,
    NotSignedIn,
)
from bhxh.access.models import Account, Machine, Mandate, Officer, UsedAssertion
from bhxh.access.roles import AccountType, Grant, MandateRole, OfficerRole
from bhxh.access.tokens import account_reference, usable_keys
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.ids import uuid7

_REMEMBERED = timedelta(hours=1)  # LIMIT: an assertion lives five minutes, clocks differ by one


@command
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


@command
def grant_mandate(
    *, actor: Actor, at: datetime, employer_id: int, account: str, role: MandateRole, from_on: date, until_on: date | None = None
) -> UUID:
    """Let an account (`eid:...`, `machine:...`, or a person's `person:<id>`) act for an employer from a day until a day (exclusive).

    Raises: Invalid ACC-023; Conflict ACC-021 where one of the same account, employer and role overlaps.
    """
    _check_period(from_on, until_on)
    same = Mandate.objects.filter(employer_id=employer_id, account=account, role=MandateRole(role).value)
    overlapping = same.filter(Q(until_on__isnull=True) | Q(until_on__gt=from_on))
    if until_on is not None:
        overlapping = overlapping.filter(from_on__lt=until_on)
    if overlapping.exists():
        raise Conflict(ACC_MANDATE_OVERLAPS)
    mandate = Mandate.objects.create(
        mandate_id=uuid7(at),
        employer_id=employer_id,
        account=account,
        role=MandateRole(role).value,
        from_on=from_on,
        until_on=until_on,
        granted_by=actor.account,
        granted_at=at,
    )
    detail: dict[str, Json] = {"mandate": str(mandate.mandate_id), "employer": employer_id, "account": account, "role": mandate.role}
    record(actor=actor, at=at, verb="access.mandate.grant", detail=detail)
    return mandate.mandate_id


@command
def revoke_mandate(*, actor: Actor, at: datetime, mandate_id: UUID, on: date) -> None:
    """End a mandate: the account no longer acts from this day on. A mandate not yet begun never begins. Raises NotFound ACC-022."""
    mandate = Mandate.objects.select_for_update().filter(mandate_id=mandate_id).first()
    if mandate is None or (mandate.until_on is not None and mandate.until_on <= on):
        raise NotFound(ACC_NO_MANDATE_FOUND)
    mandate.until_on = max(on, mandate.from_on)
    mandate.save(update_fields=["until_on"])
    record(actor=actor, at=at, verb="access.mandate.revoke", detail={"mandate": str(mandate_id), "until": mandate.until_on.isoformat()})


@command
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
    _check_period(from_on, until_on)
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


@command
def dismiss_officer(*, actor: Actor, at: datetime, login: str, on: date) -> None:
    """End an officer's service from this day on. Raises NotFound ACC-015."""
    if not Officer.objects.filter(login=login).update(until_on=on):
        raise NotFound(ACC_NO_OFFICER)
    record(actor=actor, at=at, verb="access.officer.dismiss", detail={"login": login, "until": on.isoformat()})


@command
def register_machine(
    *,
    actor: Actor,
    at: datetime,
    client_id: str,
    name: str,
    jwks: Mapping[str, Any],
    grants: Collection[Grant],
    until_on: date | None = None,
) -> None:
    """Let another program in by its public keys, or change its keys and grants. Raises Invalid ACC-024."""
    _check_public(jwks)
    content = {
        "name": name,
        "jwks": dict(jwks),
        "grants": sorted(Grant(grant).value for grant in grants),
        "until_on": until_on,
        "registered_at": at,
    }
    Machine.objects.update_or_create(client_id=client_id, defaults=content)
    detail = {"client": client_id, "grants": sorted(Grant(grant).value for grant in grants), "keys": sorted(usable_keys(jwks))}
    record(actor=actor, at=at, verb="access.machine.register", detail=detail)


@command
def retire_machine(*, actor: Actor, at: datetime, client_id: str, on: date) -> None:
    """Shut a program out from this day on. Raises NotFound ACC-016."""
    if not Machine.objects.filter(client_id=client_id).update(until_on=on):
        raise NotFound(ACC_NO_MACHINE)
    record(actor=actor, at=at, verb="access.machine.retire", detail={"client": client_id, "until": on.isoformat()})


@command
def use_assertion(*, actor: Actor, at: datetime, client_id: str, jti: str) -> None:
    """Note that a verified assertion was used. Raises NotSignedIn ACC-004 the second time."""
    UsedAssertion.objects.filter(client_id=client_id, used_at__lt=at - _REMEMBERED).delete()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(client_id=client_id, jti=jti, used_at=at)
    except IntegrityError:
        raise NotSignedIn(ACC_ASSERTION_USED) from None
    record(actor=actor, at=at, verb="access.assertion.use", detail={"client": client_id})


def _check_period(from_on: date, until_on: date | None) -> None:
    if until_on is not None and until_on <= from_on:
        raise Invalid(ACC_BAD_PERIOD, where="until_on")


def _check_public(jwks: Mapping[str, Any]) -> None:
    try:
        usable = usable_keys(jwks)
    except Exception as error:
        raise Invalid(ACC_BAD_KEYS, where="jwks", reason="not readable") from error
    if not usable:
        raise Invalid(ACC_BAD_KEYS, where="jwks", reason="no P-256 key with a kid")
    if any(isinstance(jwk, dict) and "d" in jwk for jwk in jwks["keys"]):
        raise Invalid(ACC_BAD_KEYS, where="jwks", reason="it holds a private key; replace that key, it is no longer secret")
