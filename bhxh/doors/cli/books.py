"""`bhxh book`: a person's sealed book, for the operator; the look is written down and the person sees it."""

import argparse
from pathlib import Path
from typing import Any

import orjson

from bhxh.audit.commands import record_look
from bhxh.book.archiving import archived_book
from bhxh.book.queries import get_payload_and_sealed, list_versions
from bhxh.credentials.book_pages import book_pdf
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator, person_of
from bhxh.doors.cli.errors import CLI_BAD_VALUE
from bhxh.doors.partners import partners
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.who import SYSTEM


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Write the sealed book (.json), its readable form (.pdf) or that form's copy for decades to a file, or print what it says."""
    if options.archive and not options.out.endswith(".pdf"):
        raise Invalid(CLI_BAD_VALUE, where="--out", option="--out")
    admitted, person = operator(), person_of(options.pin)
    at, side = now(), partners()
    record_look(actor=admitted, at=at, person_id=person.person_id, what="book")
    if options.archive:
        return _archived(options, admitted, person.person_id)
    payload, sealed = get_payload_and_sealed(person.person_id, options.version or None)
    book = orjson.loads(payload)
    if options.out:
        file = Path(options.out)
        if file.suffix == ".pdf":
            key, version = side.keys.seal_key("credential"), options.version or None
            sealed = book_pdf(actor=operator(), at=at, person_id=person.person_id, version=version, issuer=side.credential_issuer, key=key)
        file.write_bytes(sealed)
        return {"file": file.name, "sha256": sha256_hex(payload)}
    versions = [
        {"version": version.version, "sealed_at": version.sealed_at, "sha256": version.sha256}
        for version in list_versions(person.person_id)
    ]
    text = orjson.dumps(book, option=orjson.OPT_INDENT_2).decode()
    return {"book": book, "versions": versions, "text": text}


def _archived(options: argparse.Namespace, actor: Actor, person_id: int) -> dict[str, Any]:
    copy = archived_book(actor=actor, at=now(), person_id=person_id, version=options.version or None, archivist=partners().archivist())
    file = Path(options.out)
    file.write_bytes(copy)
    return {"file": file.name, "sha256": sha256_hex(copy)}
