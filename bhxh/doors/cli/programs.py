"""`bhxh program`: let another program in by its public keys, change keys and grants, shut it out."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from bhxh.access.machine_commands import add_machine_key, register_machine, retire_machine, retire_machine_key
from bhxh.access.machine_queries import ProgramSummary, list_programs
from bhxh.access.permissions import check_operate
from bhxh.access.roles import Grant
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator
from bhxh.doors.cli.errors import CLI_BAD_VALUE, CLI_NO_FILE
from bhxh.doors.cli.values import parsed, parsed_day, parsed_instant
from bhxh.doors.partners import partners
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.who import SYSTEM

_MAXIMUM_KEYS_BYTES = 1024 * 1024  # LIMIT: a key set is a few kilobytes


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Register (again), add a key, end a key, retire, or, without a client, list."""
    actor, at = operator(), now()
    check_operate(actor)
    if not options.client:
        rows = [_row(program) for program in list_programs(at=at)]
        lines = [f"{row['program']:<24} {','.join(row['grants']):<40} {' '.join(row['keys_in_force'])}" for row in rows]
        return {"programs": rows, "text": "\n".join(lines) or "(chưa có hệ thống nào · no program)"}
    if options.retire:
        retire_machine(actor=actor, at=at, client_id=options.client, on=day_in_vietnam(at))
        return {"program": options.client, "retired": True}
    if options.retire_key:
        ends = parsed_instant(options.at, at, "--at")
        retire_machine_key(actor=actor, at=at, client_id=options.client, kid=options.retire_key, from_at=ends)
        return {"program": options.client, "key": options.retire_key, "until": max(at, ends)}
    if options.add_key:
        kid = add_machine_key(actor=actor, at=at, client_id=options.client, jwk=_one_key(options.add_key))
        return {"program": options.client, "key": kid}
    grants = [parsed(Grant, part, "--grants") for part in options.grants.split(",") if part]
    register_machine(
        actor=actor,
        at=at,
        client_id=options.client,
        name=options.name or options.client,
        jwks=_keys(options.keys, "--keys"),
        grants=grants,
        until_on=parsed_day(options.until, None),
    )
    return {"program": options.client, "grants": ",".join(grants)}


def _keys(source: str, option: str) -> Mapping[str, Any]:
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
        raise Invalid(CLI_BAD_VALUE, where=option, option=option)
    return read


def _one_key(source: str) -> Mapping[str, Any]:
    """A JWK, or a key set that holds just one."""
    read = _keys(source, "--add-key")
    listed = read.get("keys", [read])
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        raise Invalid(CLI_BAD_VALUE, where="--add-key", option="--add-key")
    only: dict[str, Any] = listed[0]
    return only


def _row(program: ProgramSummary) -> dict[str, Any]:
    return {
        "program": program.client_id,
        "name": program.name,
        "owner_employer_id": program.owner_employer_id,
        "grants": sorted(program.grants),
        "until_on": program.until_on,
        "keys_in_force": [key.kid for key in program.keys if key.is_in_force],
    }
