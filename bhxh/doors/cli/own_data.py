"""`bhxh own`: for a person at the counter: who looked at their data, and a copy of everything. Each is a look."""

import argparse
from pathlib import Path
from typing import Any

from bhxh.audit.commands import record_look
from bhxh.book.composing import book_number
from bhxh.book.seal_keys import bound_seal_key
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator, person_of
from bhxh.doors.cli.errors import CLI_BAD_VALUE
from bhxh.doors.partners import partners
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import Invalid
from bhxh.kernel.who import SYSTEM
from bhxh.own_data import archive
from bhxh.own_data.copying import list_files
from bhxh.own_data.looks import LookTold, tell_looks


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of: looks, copy."""
    return {"looks": looks, "copy": copy}[options.what](options)


def looks(options: argparse.Namespace) -> dict[str, Any]:
    """Who looked at one person's data, latest first, in both languages."""
    person = person_of(options.pin)
    record_look(actor=operator(), at=now(), person_id=person.person_id, what="looks")
    told = tell_looks(person.person_id, office=partners().office)
    return {"looks": [_row(look) for look in told], "text": "\n".join(f"{shown(look.at)}  {_sentence(look, 0)}" for look in told)}


def copy(options: argparse.Namespace) -> dict[str, Any]:
    """Everything held of one person, as one archive with a sealed manifest."""
    if not options.out:
        raise Invalid(CLI_BAD_VALUE, where="--out", option="--out")
    person, at, known, file = person_of(options.pin), now(), partners(), Path(options.out)
    record_look(actor=operator(), at=at, person_id=person.person_id, what="own_copy")
    pieces = archive.stream(
        list_files(person.person_id, at=at, office=known.office),
        book_id=book_number(known.custodian, person.person_id),
        custodian=known.custodian.value,
        at=at,
        key=bound_seal_key(),
    )
    with file.open("wb") as out:
        for piece in pieces:
            out.write(piece)
    content = file.read_bytes()
    return {"file": file.name, "size_bytes": len(content), "sha256": sha256_hex(content)}


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
