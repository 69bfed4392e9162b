"""`bhxh book`: a person's sealed book, for the operator; the look is written down and the person sees it."""

import argparse
from pathlib import Path
from typing import Any

import orjson

from bhxh.audit.commands import record_look
from bhxh.book.queries import get_payload_and_sealed, list_versions
from bhxh.credentials.book_pages import book_pdf
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator, person_of
from bhxh.doors.partners import partners
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.kernel.who import SYSTEM


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Write the sealed book (.json) or its readable form (.pdf) to a file, or print what it says."""
    person = person_of(options.pin)
    at, side = now(), partners()
    record_look(actor=operator(), at=at, person_id=person.person_id, what="book")
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
