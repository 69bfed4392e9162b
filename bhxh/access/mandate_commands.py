"""Grant and revoke mandates. Each is a sealed document, and a row that an auditor can replay."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from bhxh.access.authority import EVERYTHING
from bhxh.access.errors import ACC_MANDATE_OVERLAPS, ACC_NO_MANDATE_FOUND
from bhxh.access.mandate_documents import Confirmation, MandateContent, sealed_mandate, sealed_revocation
from bhxh.access.mandate_errors import (
    ACC_MANDATE_HOLDER,
    ACC_MANDATE_SCOPE,
    ACC_MANDATE_TO_ONESELF,
    ACC_MANDATE_TOO_LONG,
    ACC_REVOKED_BACKWARDS,
)
from bhxh.access.models import Mandate, MandateRecord
from bhxh.access.periods import check_period
from bhxh.access.roles import MandateRole, OfficerRole
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json, sha256_hex
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.ids import uuid7
from bhxh.kernel.who import EMPLOYER, SYSTEM, officer
from bhxh.signing.ports import SealKey

_AHEAD = timedelta(days=366)  # LIMIT: a mandate that begins later is granted later
_GRANTING = 742_030  # advisory lock, with the employer beside it
_LONGEST_YEARS = 5  # LIMIT: what nobody looks at for so long nobody remembers; no law found says how long
_AGENTS = ("employer:", "machine:")


@command(by=SYSTEM | EMPLOYER | officer(OfficerRole.OPERATOR))
def grant_mandate(*, actor: Actor, at: datetime, content: MandateContent, confirmation: Confirmation, key: SealKey) -> UUID:
    """Let a person, another organisation or a program act for an employer from a day until a day (exclusive).

    Shape:  the document is sealed with how it was confirmed, and kept as it stood.
    Raises: Invalid ACC-023, ACC-103 to ACC-105, ACC-109; Conflict ACC-021 where one of the same holder, employer and role overlaps.
    """
    _check(content, day_in_vietnam(at))
    _wait_for_turn(content.employer_id)
    same = Mandate.objects.filter(employer_id=content.employer_id, account=content.holder.reference, role=content.role.value)
    # WHY its own beginning too: one that was revoked before it began covers no day, and stands in nobody's way.
    overlapping = same.filter(Q(until_on__isnull=True) | (Q(until_on__gt=content.from_on) & Q(until_on__gt=F("from_on"))))
    if content.until_on is not None:
        overlapping = overlapping.filter(from_on__lt=content.until_on)
    if overlapping.exists():
        raise Conflict(ACC_MANDATE_OVERLAPS)
    procedures = content.scope.procedures
    row = Mandate.objects.create(
        mandate_id=uuid7(at),
        employer_id=content.employer_id,
        account=content.holder.reference,
        role=content.role.value,
        acts=sorted(content.scope.acts),
        procedures=None if procedures is None else sorted(procedures),
        from_on=content.from_on,
        until_on=content.until_on,
        granted_by=actor.account,
        granted_at=at,
    )
    sealed = sealed_mandate(content, mandate_id=row.mandate_id, granted_by=actor.account, granted_at=at, confirmation=confirmation, key=key)
    _keep(row, n=1, actor=actor, at=at, sealed=sealed, confirmation=confirmation)
    detail: dict[str, Json] = {
        "mandate": str(row.mandate_id),
        "employer": row.employer_id,
        "account": row.account,
        "role": row.role,
        "confirmed_by": confirmation.how.value,
        "sealed_sha256": sha256_hex(sealed),
    }
    record(actor=actor, at=at, verb="access.mandate.grant", detail=detail)
    return row.mandate_id


@command(by=SYSTEM | EMPLOYER | officer(OfficerRole.OPERATOR))
def revoke_mandate(*, actor: Actor, at: datetime, mandate_id: UUID, on: date, confirmation: Confirmation, key: SealKey) -> None:
    """End a mandate: its holder no longer acts from this day on, today included. One not yet begun never begins.

    Raises: NotFound ACC-022; Invalid ACC-108 for a day that is past.
    """
    row = Mandate.objects.select_for_update().filter(mandate_id=mandate_id).first()
    if row is None or (row.until_on is not None and row.until_on <= on):
        raise NotFound(ACC_NO_MANDATE_FOUND)
    if on < day_in_vietnam(at):
        raise Invalid(ACC_REVOKED_BACKWARDS, where="on")
    row.until_on = max(on, row.from_on)
    row.save(update_fields=["until_on"])
    granted = MandateRecord.objects.filter(mandate_id=mandate_id).order_by("-n").values_list("n", "sealed").first()
    assert granted is not None, "a mandate is recorded when it is granted"
    n, sealed_before = granted
    sealed = sealed_revocation(
        mandate_id=mandate_id,
        mandate_sha256=sha256_hex(bytes(sealed_before)),
        until_on=row.until_on,
        revoked_by=actor.account,
        revoked_at=at,
        confirmation=confirmation,
        key=key,
    )
    _keep(row, n=n + 1, actor=actor, at=at, sealed=sealed, confirmation=confirmation)
    detail: dict[str, Json] = {"mandate": str(mandate_id), "until": row.until_on.isoformat(), "confirmed_by": confirmation.how.value}
    record(actor=actor, at=at, verb="access.mandate.revoke", detail=detail)


def _check(content: MandateContent, today: date) -> None:
    check_period(content.from_on, content.until_on)
    is_agent = content.holder.reference.startswith(_AGENTS)
    if is_agent != (content.role is MandateRole.AGENT):
        raise Invalid(ACC_MANDATE_HOLDER, where="role", role=content.role.value)
    if content.holder.reference == content.employer.reference:
        raise Invalid(ACC_MANDATE_TO_ONESELF, where="holder")
    is_limited = content.scope != EVERYTHING
    is_empty = not content.scope.acts or content.scope.procedures == frozenset()
    if is_empty or (is_limited and content.role is MandateRole.LEGAL_REPRESENTATIVE):
        raise Invalid(ACC_MANDATE_SCOPE, where="scope")
    if content.from_on > today + _AHEAD or (content.until_on is not None and content.until_on > _latest_end(content.from_on)):
        raise Invalid(ACC_MANDATE_TOO_LONG, where="until_on", days=_AHEAD.days, years=_LONGEST_YEARS)


def _latest_end(from_on: date) -> date:
    return date(from_on.year + _LONGEST_YEARS, from_on.month, 28) + timedelta(days=4)


def _wait_for_turn(employer_id: int) -> None:
    """One employer's mandates are granted one after another: two of the same moment would not see each other's row.

    WHY no constraint: one over periods and words needs an extension that not every server has.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_GRANTING, str(employer_id)])


def _keep(row: Mandate, *, n: int, actor: Actor, at: datetime, sealed: bytes, confirmation: Confirmation) -> None:
    MandateRecord.objects.create(
        mandate_id=row.mandate_id,
        n=n,
        employer_id=row.employer_id,
        account=row.account,
        role=row.role,
        acts=row.acts,
        procedures=row.procedures,
        from_on=row.from_on,
        until_on=row.until_on,
        at=at,
        by_account=actor.account,
        sealed=sealed,
        signed=confirmation.signed,
    )
