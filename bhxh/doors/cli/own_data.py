"""`bhxh own`: for a person at the counter: who looked at their data, and a copy of everything. Each is a look."""

import argparse
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bhxh.audit.commands import record_look
from bhxh.book.composing import book_number
from bhxh.book.seal_keys import bound_seal_key
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator, person_of
from bhxh.doors.cli.errors import CLI_BAD_VALUE
from bhxh.doors.partners import partners
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import Invalid
from bhxh.kernel.who import SYSTEM
from bhxh.own_data import archive
from bhxh.own_data.copying import list_files
from bhxh.own_data.looks import LookTold, tell_looks
from bhxh.warehouse.owners import Owner


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of: looks, copy, warehouse."""
    return {"looks": looks, "copy": copy, "warehouse": warehouse}[options.what](options)


def looks(options: argparse.Namespace) -> dict[str, Any]:
    """Who looked at one person's data, latest first, in both languages."""
    person = person_of(options.pin)
    record_look(actor=operator(), at=now(), person_id=person.person_id, what="looks")
    told = tell_looks(person.person_id, office=partners().office)
    return {"looks": [_row(look) for look in told], "text": "\n".join(f"{shown(look.at)}  {_sentence(look, 0)}" for look in told)}


def copy(options: argparse.Namespace) -> dict[str, Any]:
    """Everything held of one person, as one archive with a sealed manifest."""
    file = _file(options)
    person, at, known = person_of(options.pin), now(), partners()
    record_look(actor=operator(), at=at, person_id=person.person_id, what="own_copy")
    pieces = archive.stream(
        list_files(person.person_id, at=at, office=known.office),
        subject={"book_id": book_number(known.custodian, person.person_id)},
        custodian=known.custodian.value,
        at=at,
        key=bound_seal_key(),
    )
    return _written(file, pieces)


def warehouse(options: argparse.Namespace) -> dict[str, Any]:
    """Everything in a person's warehouse, as one archive with a sealed manifest."""
    file = _file(options)
    person, at = person_of(options.pin), now()
    record_look(actor=operator(), at=at, person_id=person.person_id, what="warehouse_archive")
    owner = Owner("person", person.person_id)
    return _written(file, archive.stream_warehouse(owner, custodian=partners().custodian, at=at, key=bound_seal_key()))


def _file(options: argparse.Namespace) -> Path:
    if not options.out:
        raise Invalid(CLI_BAD_VALUE, where="--out", option="--out")
    return Path(options.out)


def _written(file: Path, pieces: Iterable[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with file.open("wb") as out:
        for piece in pieces:
            out.write(piece)
            digest.update(piece)
            size += len(piece)
    return {"file": file.name, "size_bytes": size, "sha256": digest.hexdigest()}


def _row(look: LookTold) -> dict[str, Any]:
    return {
        "at": look.at,
        "what": look.what,
        "groups": [group for group, _, _ in look.groups],
        "recipient": look.recipient.value,
        "who": look.who[0],
        "purpose": look.purpose,
        "legal_basis": look.legal_basis,
        "dossier": look.dossier_code,
        "consent": str(look.consent_id or ""),
        "vi": _sentence(look, 0),
        "en": _sentence(look, 1),
    }


def _sentence(look: LookTold, language: int) -> str:
    return f"{look.who[language]}: {look.shown[language]}; {look.why[language]} ({look.basis[language]})"
