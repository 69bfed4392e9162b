"""Let programs in by their public keys, turn their keys, shut them out."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from bhxh.access.errors import ACC_BAD_KEYS, ACC_NO_MACHINE
from bhxh.access.machine_errors import (
    ACC_BAD_CLIENT,
    ACC_CLIENT_TAKEN,
    ACC_GRANT_BY_OPERATOR,
    ACC_KEY_KNOWN_ALREADY,
    ACC_NO_PROGRAM_KEY,
    ACC_TOO_MANY_PROGRAM_KEYS,
    ACC_TOO_MANY_PROGRAMS,
)
from bhxh.access.machine_keys import earliest_end, is_key_in_force, keys_in_force, with_end
from bhxh.access.models import Machine
from bhxh.access.roles import Grant, OfficerRole
from bhxh.access.tokens import usable_keys
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.text import tidy
from bhxh.kernel.who import EMPLOYER, SYSTEM, officer

SELF_SERVICE = frozenset({Grant.FILE_FOR_EMPLOYERS})
"""What an organisation may give its own program; what reads or files for persons is the operator's to give."""
_OPERATOR: Final = SYSTEM | officer(OfficerRole.OPERATOR)
_CLIENT = re.compile(r"[a-z][a-z0-9-]{2,39}")
_MEMBERS = ("kty", "crv", "x", "y")
_MOST_KEYS = 4  # LIMIT: two places, each turning its key
_MOST_PROGRAMS = 20  # LIMIT: of one organisation, in service at once


@command(by=_OPERATOR)
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
    """Let another program in by its public keys, or change its keys and grants, as the operator. Raises Invalid ACC-024."""
    public, granted = _public(jwks), sorted(Grant(grant).value for grant in grants)
    content = {"name": name, "jwks": public, "grants": granted, "until_on": until_on, "registered_at": at}
    Machine.objects.update_or_create(client_id=client_id, defaults=content)
    record(actor=actor, at=at, verb="access.machine.register", detail={"client": client_id, "grants": granted, "keys": _names(public)})


@command(by=EMPLOYER)
def register_own_machine(
    *, actor: Actor, at: datetime, client_id: str, name: str, jwks: Mapping[str, Any], grants: Collection[Grant], owner_employer_id: int
) -> None:
    """An organisation registers a program of its own: it files for whoever gives it, or the organisation, a mandate.

    Raises: Invalid ACC-024, ACC-125, ACC-129; Conflict ACC-124, ACC-127, ACC-130.
    """
    if not _CLIENT.fullmatch(client_id):
        raise Invalid(ACC_BAD_CLIENT, where="client_id")
    for grant in set(grants) - SELF_SERVICE:
        raise Invalid(ACC_GRANT_BY_OPERATOR, where="grants", grant=grant.value)
    public = _public(jwks)
    if len(public["keys"]) > _MOST_KEYS:
        raise Conflict(ACC_TOO_MANY_PROGRAM_KEYS, limit=_MOST_KEYS)
    if Machine.objects.filter(_in_service(day_in_vietnam(at)), owner_employer_id=owner_employer_id).count() >= _MOST_PROGRAMS:
        raise Conflict(ACC_TOO_MANY_PROGRAMS, limit=_MOST_PROGRAMS)
    row = Machine(
        client_id=client_id,
        name=tidy(name),
        owner_employer_id=owner_employer_id,
        jwks=public,
        grants=sorted(grant.value for grant in grants),
        registered_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(ACC_CLIENT_TAKEN, client=client_id) from None
    detail: dict[str, Json] = {
        "client": client_id,
        "employer": owner_employer_id,
        "grants": list(row.grants),
        "keys": _names(public),
    }
    record(actor=actor, at=at, verb="access.machine.register", detail=detail)


@command(by=EMPLOYER | _OPERATOR)
def add_machine_key(*, actor: Actor, at: datetime, client_id: str, jwk: Mapping[str, Any]) -> str:
    """A further public key, in force at once beside the others. Returns its name.

    Raises: NotFound ACC-016; Invalid ACC-024; Conflict ACC-126, ACC-127.
    """
    row = _lock(client_id, at)
    [new] = _public({"keys": [jwk]})["keys"]
    kid = str(new["kid"])
    if any(kept["kid"] == kid for kept in row.jwks["keys"]):
        raise Conflict(ACC_KEY_KNOWN_ALREADY, kid=kid[:80])
    if len(keys_in_force(row.jwks, at)["keys"]) >= _MOST_KEYS:
        raise Conflict(ACC_TOO_MANY_PROGRAM_KEYS, limit=_MOST_KEYS)
    row.jwks = {"keys": [*row.jwks["keys"], {**new, "not_before": at.isoformat()}]}
    row.save(update_fields=["jwks"])
    record(actor=actor, at=at, verb="access.machine.add_key", detail={"client": client_id, "key": kid})
    return kid


@command(by=EMPLOYER | _OPERATOR)
def retire_machine_key(*, actor: Actor, at: datetime, client_id: str, kid: str, from_at: datetime) -> None:
    """A key ends at an instant, now at the earliest: time enough to turn to the next one. Tokens got with it end with it.

    Shape:  one that is to end sooner already does: ending a key asks for no fresh sign-in, and so lengthens nothing.
    Raises: NotFound ACC-016, ACC-128.
    """
    row = _lock(client_id, at)
    key = next((key for key in row.jwks["keys"] if key["kid"] == kid and is_key_in_force(key, at)), None)
    if key is None:
        raise NotFound(ACC_NO_PROGRAM_KEY, kid=kid[:80])
    ends_at = earliest_end(key, max(at, from_at))
    row.jwks = with_end(row.jwks, kid=kid, not_after=ends_at)
    row.save(update_fields=["jwks"])
    detail = {"client": client_id, "key": kid, "until": ends_at.isoformat()}
    record(actor=actor, at=at, verb="access.machine.retire_key", detail=detail)


@command(by=EMPLOYER | _OPERATOR)
def retire_machine(*, actor: Actor, at: datetime, client_id: str, on: date) -> None:
    """Shut a program out from this day on. Raises NotFound ACC-016."""
    if not Machine.objects.filter(client_id=client_id).update(until_on=on):
        raise NotFound(ACC_NO_MACHINE)
    record(actor=actor, at=at, verb="access.machine.retire", detail={"client": client_id, "until": on.isoformat()})


def _lock(client_id: str, at: datetime) -> Machine:
    row = Machine.objects.select_for_update().filter(_in_service(day_in_vietnam(at)), client_id=client_id).first()
    if row is None:
        raise NotFound(ACC_NO_MACHINE)
    return row


def _in_service(on: date) -> Q:
    return Q(until_on__isnull=True) | Q(until_on__gt=on)


def _public(jwks: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The usable keys, and of each only what says which key it is: a key set may hold anything. Raises Invalid ACC-024."""
    try:
        usable = usable_keys(jwks)
    except Exception as error:
        raise Invalid(ACC_BAD_KEYS, where="jwks", reason="not readable") from error
    if not usable:
        raise Invalid(ACC_BAD_KEYS, where="jwks", reason="no P-256 key with a kid")
    if any(isinstance(jwk, dict) and "d" in jwk for jwk in jwks["keys"]):
        raise Invalid(ACC_BAD_KEYS, where="jwks", reason="it holds a private key; replace that key, it is no longer secret")
    return {"keys": [{**{name: key.as_dict(private=False)[name] for name in _MEMBERS}, "kid": kid} for kid, key in usable.items()]}


def _names(jwks: Mapping[str, Any]) -> list[str]:
    return sorted(str(key["kid"]) for key in jwks["keys"])
