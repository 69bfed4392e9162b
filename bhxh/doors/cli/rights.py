"""Who may act for whom: mandates of employers' clerks, and programs that are let in (the national portal, filing software)."""

import argparse
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from bhxh.access.commands import grant_mandate, register_machine, retire_machine, revoke_mandate
from bhxh.access.permissions import check_operate
from bhxh.access.queries import list_mandates
from bhxh.access.roles import Grant, MandateRole, person_reference
from bhxh.doors.cli.callers import employer_of, operator, person_of
from bhxh.doors.cli.errors import CLI_BAD_VALUE, CLI_NO_FILE, CLI_NO_PERSON
from bhxh.doors.partners import partners
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid, NotFound

_MAXIMUM_KEYS_BYTES = 1024 * 1024  # LIMIT: a key set is a few kilobytes


def mandate(options: argparse.Namespace) -> dict[str, Any]:
    """Grant, revoke or list what accounts and persons may do for an employer."""
    actor, at = _operator(), now()
    if options.what == "revoke":
        mandate_id = value_of(UUID, options.mandate, "mandate")
        revoke_mandate(actor=actor, at=at, mandate_id=mandate_id, on=day_of(options.start, day_in_vietnam(at)))
        return {"mandate": str(mandate_id), "revoked": True}
    employer = employer_of(options.employer)
    if options.what == "list":
        held = list_mandates(employer_id=employer.employer_id, on=day_in_vietnam(at))
        rows = [
            {"mandate": str(m.mandate_id), "account": m.account, "role": m.role.value, "from_on": m.from_on, "until_on": m.until_on}
            for m in held
        ]
        text = "\n".join(f"{row['mandate']}  {row['role']:<20}  {row['from_on']}  {row['account']}" for row in rows)
        return {"mandates": rows, "text": text or "(không có ủy quyền · no mandate in force)"}
    granted = grant_mandate(
        actor=actor,
        at=at,
        employer_id=employer.employer_id,
        account=options.account or person_reference(_person_id(options.pin)),
        role=value_of(MandateRole, options.role, "--role"),
        from_on=day_of(options.start, day_in_vietnam(at)),
        until_on=day_of(options.until, None),
    )
    return {"mandate": str(granted), "employer": employer.tax_code}


def program(options: argparse.Namespace) -> dict[str, Any]:
    """Let another program in by its public keys, change its keys and grants, or shut it out."""
    actor, at = _operator(), now()
    if options.retire:
        retire_machine(actor=actor, at=at, client_id=options.client, on=day_in_vietnam(at))
        return {"program": options.client, "retired": True}
    grants = [value_of(Grant, part, "--grants") for part in options.grants.split(",") if part]
    register_machine(
        actor=actor,
        at=at,
        client_id=options.client,
        name=options.name or options.client,
        jwks=_keys(options.keys),
        grants=grants,
        until_on=day_of(options.until, None),
    )
    return {"program": options.client, "grants": ",".join(grants)}


def _keys(source: str) -> Mapping[str, Any]:
    """`portal`: as the national portal publishes them now; `-`: standard input; else a file."""
    if source == "portal":
        return partners().portal_keys.get()
    try:
        data = sys.stdin.buffer.read(_MAXIMUM_KEYS_BYTES) if source == "-" else Path(source).read_bytes()[:_MAXIMUM_KEYS_BYTES]
    except OSError as error:
        raise Invalid(CLI_NO_FILE, file=Path(source).name, reason=type(error).__name__) from None
    try:
        read = orjson.loads(data)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise Invalid(CLI_BAD_VALUE, where="--keys", option="--keys")
    return read


def _operator() -> Actor:
    actor = operator()
    check_operate(actor)
    return actor


def _person_id(number: str) -> int:
    person = person_of(number)
    if person.managed_by != partners().custodian:
        raise NotFound(CLI_NO_PERSON)
    return person.person_id


def day_of(text: str, otherwise: date | None) -> Any:
    """A day as it was typed, or the other where nothing was. Raises Invalid CLI-008."""
    return value_of(date.fromisoformat, text, "YYYY-MM-DD") if text else otherwise


def value_of(kind: Any, text: str, option: str) -> Any:
    """What was typed as a value of that kind. Raises Invalid CLI-008."""
    try:
        return kind(text)
    except ValueError:
        raise Invalid(CLI_BAD_VALUE, where=option, option=option) from None
