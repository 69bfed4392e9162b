"""`bhxh convert`: what officers do at the desk: scan and certify a paper, compare as a second person, withdraw, print a copy."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from bhxh.access.permissions import check_convert
from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import record_look
from bhxh.conversion import commands, flows
from bhxh.conversion.desks import find_owner
from bhxh.conversion.facts import CaseView
from bhxh.conversion.originals import ORIGINALS, Original, Paper
from bhxh.conversion.printing import print_book, print_item
from bhxh.conversion.queries import get_case, list_waiting
from bhxh.conversion.states import NAMES
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import acting, officer_of, operator
from bhxh.doors.cli.errors import CLI_BAD_VALUE, CLI_NO_FILE, CLI_SCAN_REFUSED
from bhxh.doors.cli.values import parsed
from bhxh.doors.partners import partners
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import CATALOGUE, Invalid
from bhxh.kernel.who import SYSTEM, officer
from bhxh.warehouse import flows as warehouse
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import read_item
from bhxh.warehouse.uploads import UploadState


@lets_in(SYSTEM | officer(OfficerRole.CONVERTER))
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of: scan, confirm, refuse, withdraw, show, waiting, print."""
    acts = {"scan": _scan, "confirm": _confirm, "refuse": _end, "withdraw": _end, "show": _show, "waiting": _waiting, "print": _print}
    return acts[options.what](options)


def _scan(options: argparse.Namespace) -> dict[str, Any]:
    actor, owner = _desk(options)
    desk = partners().desk()
    contents = [_read(Path(file)) for file in options.files]
    case_id = commands.open_case(
        actor=actor,
        at=now(),
        owner=owner,
        original=parsed(Original, options.original, "--original"),
        paper=Paper(options.paper),
        declared_pages=options.pages,
        limits=desk.limits,
    )
    items = [_kept(actor, owner, content, file) for content, file in zip(contents, options.files, strict=True)]
    done = flows.convert(
        actor=actor, at=now(), case_id=case_id, item_ids=items, has_compared=options.compared, remarks=options.words, desk=desk
    )
    return _told(actor, done, options.out)


def _confirm(options: argparse.Namespace) -> dict[str, Any]:
    actor, case = _case(options)
    done = flows.confirm(actor=actor, at=now(), case_id=case.case_id, has_compared=options.compared, desk=partners().desk())
    return _told(actor, done, options.out)


def _end(options: argparse.Namespace) -> dict[str, Any]:
    actor, case = _case(options)
    if options.what == "refuse":
        commands.decline(actor=actor, at=now(), case_id=case.case_id, words=options.words)
    else:
        organisation = partners().desk().organisation
        commands.withdraw(actor=actor, at=now(), case_id=case.case_id, words=options.words, organisation=organisation)
    return _told(actor, get_case(case.case_id), "")


def _show(options: argparse.Namespace) -> dict[str, Any]:
    actor, case = _case(options)
    return _told(actor, case, options.out)


def _waiting(options: argparse.Namespace) -> dict[str, Any]:
    rows = [_row(case) for case in list_waiting()]
    return {"waiting": rows, "text": "\n".join(_line(row) for row in rows) or "(trống · empty)"}


def _print(options: argparse.Namespace) -> dict[str, Any]:
    actor, owner = _desk(options)
    if not options.out:
        raise Invalid(CLI_BAD_VALUE, where="--out", option="--out")
    at, desk = now(), partners().desk()
    if options.item:
        made = print_item(actor=actor, at=at, owner=owner, item_id=parsed(UUID, options.item, "--item"), desk=desk)
    elif owner.kind == "person":
        made = print_book(actor=actor, at=at, person_id=owner.id, desk=desk)
    else:
        raise Invalid(CLI_BAD_VALUE, where="--item", option="--item")
    _look(actor, owner)
    file = Path(options.out)
    file.write_bytes(read_item(made.item_id, owner=owner))
    return {"print_id": str(made.print_id), "file": file.name, "code": made.code, "text": f"{file.name}  {made.code}"}


def _kept(actor: Actor, owner: Owner, content: bytes, name: str) -> UUID:
    """Examined at once: whoever stands at the desk waits for it. Raises Invalid CLI-045 with the warehouse's own reason."""
    side = partners()
    upload = warehouse.receive(
        actor=actor,
        at=now(),
        owner=owner,
        kind="other",
        content=[content],
        expected_bytes=len(content),
        maximum_bytes=side.maximum_document_bytes,
    )
    done = warehouse.examine(upload.upload_id, owner=owner, at=now(), scanner=side.scanner)
    if done.state is not UploadState.USABLE or done.item_id is None:
        why = CATALOGUE[done.reason]
        raise Invalid(CLI_SCAN_REFUSED, where=name, file=Path(name).name, reason=why.vi, reason_en=why.en)
    return done.item_id


def _told(actor: Actor, case: CaseView, out: str) -> dict[str, Any]:
    _look(actor, case.owner)
    row = _row(case)
    if out and case.item_id is not None:
        Path(out).write_bytes(read_item(case.item_id, owner=case.owner))
        row["file"] = Path(out).name
    return {**row, "text": _line(row)}


def _row(case: CaseView) -> dict[str, Any]:
    facts = ORIGINALS[case.original]
    return {
        "case_id": str(case.case_id),
        "original": case.original.value,
        "vi": facts.vi,
        "state": case.state.value,
        "state_vi": NAMES[case.state][0],
        "pages": case.declared_pages,
        "item_id": str(case.item_id or ""),
        "code": case.code,
    }


def _line(row: dict[str, Any]) -> str:
    return f"{row['case_id']}  {row['vi']}, {row['pages']} trang: {row['state_vi']}  {row['code']}".rstrip()


def _look(actor: Actor, owner: Owner) -> None:
    if owner.kind == "person":
        record_look(actor=actor, at=now(), person_id=owner.id, what="conversion")


def _officer(options: argparse.Namespace, owner: Owner | None) -> Actor:
    facts = officer_of(options.officer)
    actor = replace(acting(facts), purpose="conversion")
    check_convert(actor, person_id=owner.id if owner is not None and owner.kind == "person" else None, officer=facts)
    return actor


def _desk(options: argparse.Namespace) -> tuple[Actor, Owner]:
    pin = sys.stdin.readline() if options.pin == "-" else options.pin
    owner = find_owner(pin=pin, employer=options.employer, custodian=partners().custodian)
    return _officer(options, owner), owner


def _case(options: argparse.Namespace) -> tuple[Actor, CaseView]:
    case = get_case(parsed(UUID, options.files[0] if options.files else "", "files"))
    # WHY the operator where no officer is named: only to look at it; every act asks for one.
    actor = operator() if options.what == "show" and not options.officer else _officer(options, case.owner)
    return actor, case


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(CLI_NO_FILE, file=file.name, reason=type(error).__name__) from None
