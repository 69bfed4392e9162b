"""Registered programs and their keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from bhxh.access.machine_keys import is_key_in_force, keys_in_force
from bhxh.access.models import Machine
from bhxh.access.roles import Grant, MachineFacts
from bhxh.kernel.clock import day_in_vietnam

_LIMIT = 200  # LIMIT: more programs than one organisation may have, retired ones included


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramKey:
    """One public key of a program, and when it is good."""

    kid: str
    not_before: datetime | None
    not_after: datetime | None
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramSummary:
    """A program as its owner sees it."""

    client_id: str
    name: str
    owner_employer_id: int | None
    grants: frozenset[Grant]
    until_on: date | None
    registered_at: datetime
    keys: tuple[ProgramKey, ...]


def find_machine(*, client_id: str, at: datetime) -> tuple[MachineFacts, Mapping[str, Any]] | None:
    """A program let in at the instant, with its public keys that are in force."""
    on = day_in_vietnam(at)
    row = Machine.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), client_id=client_id).first()
    if row is None:
        return None
    grants = frozenset(Grant(grant) for grant in row.grants)
    facts = MachineFacts(client_id=row.client_id, name=row.name, grants=grants, owner_employer_id=row.owner_employer_id)
    return facts, keys_in_force(row.jwks, at)


def find_program(client_id: str, *, at: datetime) -> ProgramSummary | None:
    """A program, retired or not."""
    row = Machine.objects.filter(client_id=client_id).first()
    return None if row is None else _summary(row, at)


def list_programs(*, owner_employer_id: int | None = None, at: datetime) -> tuple[ProgramSummary, ...]:
    """Programs of an organisation, or, for the operator, of everybody; retired ones included. At most 200."""
    rows = Machine.objects.all() if owner_employer_id is None else Machine.objects.filter(owner_employer_id=owner_employer_id)
    return tuple(_summary(row, at) for row in rows.order_by("client_id")[:_LIMIT])


def _summary(row: Machine, at: datetime) -> ProgramSummary:
    return ProgramSummary(
        client_id=row.client_id,
        name=row.name,
        owner_employer_id=row.owner_employer_id,
        grants=frozenset(Grant(grant) for grant in row.grants),
        until_on=row.until_on,
        registered_at=row.registered_at,
        keys=tuple(
            ProgramKey(
                kid=str(key["kid"]),
                not_before=_instant(key.get("not_before")),
                not_after=_instant(key.get("not_after")),
                is_in_force=is_key_in_force(key, at),
            )
            for key in row.jwks.get("keys", ())
            if "kid" in key
        ),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
