"""The operator's commands: population, officers, worker, conservation, backup."""

import argparse
from pathlib import Path
from typing import Any

from bhxh.access.commands import appoint_officer, link_account
from bhxh.access.roles import OfficerRole
from bhxh.access.tokens import account_reference
from bhxh.book.queries import list_holders, list_stale
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.backup import Place
from bhxh.doors.cli.backup import backup as make_backup
from bhxh.doors.cli.backup import restore as take_back
from bhxh.doors.cli.backup_errors import BAK_NO_CHECKPOINT
from bhxh.doors.cli.callers import operator, person_of
from bhxh.doors.cli.errors import CLI_NO_PERSON
from bhxh.doors.cli.generate import generate_in_processes, generate_into_database
from bhxh.doors.cli.log import kept_head, open_seal
from bhxh.doors.partners import partners
from bhxh.doors.root_sealing import KeySealer
from bhxh.dossiers.queries import conservation as count_dossiers
from bhxh.dossiers.queries import list_stuck
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.months import Month
from bhxh.kernel.who import SYSTEM
from bhxh.registry.offices import load_offices
from bhxh.registry.reference import load_reference_data
from bhxh.registry.synthetic.offices import office_table
from bhxh.warehouse.store import bound_store


@lets_in(SYSTEM)
def generate(options: argparse.Namespace) -> dict[str, Any]:
    """Reference data and invented offices, then the synthetic population with its histories."""
    actor, at = operator(), now()
    loaded = load_reference_data(actor=actor, at=at)
    load_offices(actor=actor, at=at, content=office_table())
    first_month = Month.parse(options.since)
    part, _, parts = options.part.partition("/")
    population = {"seed": options.seed, "citizens": options.citizens, "employers": options.employers, "first_month": first_month}
    if options.processes > 1:
        counts = generate_in_processes(actor=actor, at=at, **population, processes=options.processes)
    else:
        counts = generate_into_database(actor=actor, at=at, **population, part=int(part) - 1, parts=int(parts))
    return {"reference_rows": sum(loaded.values()), **{name: getattr(counts, name) for name in counts.__slots__}}


@lets_in(SYSTEM)
def appoint(options: argparse.Namespace) -> dict[str, Any]:
    """Put an officer into service; the person signs in with their own e-ID account."""
    person, actor, at = person_of(options.pin), operator(), now()
    subject = partners().accounts.find_subjects([person.pin]).get(person.pin)
    if subject is None:
        raise NotFound(CLI_NO_PERSON)
    issuer = partners().eid_issuer
    link_account(actor=actor, at=at, issuer=issuer, subject=subject, person_id=person.person_id)
    appoint_officer(
        actor=actor,
        at=at,
        login=options.login,
        account=account_reference(issuer, subject),
        agency_code=partners().sender.agency_code,
        roles=[OfficerRole(role) for role in options.roles.split(",")],
        from_on=day_in_vietnam(at),
    )
    return {"officer": options.login, "roles": options.roles}


@lets_in(SYSTEM)
def conservation(options: argparse.Namespace) -> dict[str, Any]:
    """Filed = in work + waiting + decided + not accepted + stopped + withdrawn; and which of them an error of ours holds up."""
    counted, stuck = count_dossiers(now()), list_stuck()
    found = {"holds": counted.holds, "filed": counted.filed, **{where.value: count for where, count in counted.by_place.items()}}
    return found | {"stuck": [f"{one.code} {one.state} {one.failed_runs}x {one.what}" for one in stuck]}


@lets_in(SYSTEM)
def equality(options: argparse.Namespace) -> dict[str, Any]:
    """Every latest sealed book is composed anew and compared with what was sealed (R-127)."""
    at, last, books, stale = now(), 0, 0, 0
    while holders := list_holders(after_person_id=last):
        books += len(holders)
        stale += len(list_stale(holders, valid_on=day_in_vietnam(at), known_at=at))
        last = holders[-1]
    return {"holds": stale == 0, "books": books, "stale": stale}


@lets_in(SYSTEM)
def backup(options: argparse.Namespace) -> dict[str, Any]:
    """Copy database and files; the manifest names the log's root."""
    report = make_backup(Path(options.folder), at=now(), place=_place(), sealer=KeySealer(partners().keys.seal_key("audit")))
    return {"folder": report.folder.name, "size": report.size, "root": report.root, "rows": report.rows, "files": report.files}


@lets_in(SYSTEM)
def restore(options: argparse.Namespace) -> dict[str, Any]:
    """Take a backup back into the empty database this command is pointed at, under the last head that was published."""
    if not options.checkpoint:
        raise Invalid(BAK_NO_CHECKPOINT)
    published = kept_head(options.checkpoint)
    report = take_back(Path(options.folder), at=now(), place=_place(), open_seal=open_seal, published=published)
    return {"folder": report.folder.name, "size": report.size, "root": report.root, "rows": report.rows, "files": report.files}


def _place() -> Place:
    known = partners()
    return Place(
        owner_address=known.database_owner_address,
        program=known.postgres_program,
        warehouse_folder=known.warehouse_folder,
        prove_file=bound_store().prove,
    )
