"""`bhxh book`: a person's sealed book, for the operator; the look is written down and the person sees it."""

import argparse
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from bhxh.audit.commands import record_look
from bhxh.book.queries import get_payload_and_sealed, list_versions
from bhxh.book.rendering import render_pdf
from bhxh.doors.cli.errors import CLI_NO_PERSON
from bhxh.kernel.actor import system_actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.identifiers import Pin
from bhxh.registry.queries import find_person


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Write the sealed book (.json) or its readable form (.pdf) to a file, or print what it says."""
    pin = Pin.parse(sys.stdin.readline() if options.pin == "-" else options.pin)
    person = find_person("PIN", pin)
    if person is None:
        raise NotFound(CLI_NO_PERSON)
    actor = system_actor(name="cli", request_id=uuid4().hex, purpose="operation")
    record_look(actor=actor, at=now(), person_id=person.person_id, what="book")
    payload, sealed = get_payload_and_sealed(person.person_id, options.version or None)
    book = orjson.loads(payload)
    if options.out:
        file = Path(options.out)
        file.write_bytes(render_pdf(payload, sealed) if file.suffix == ".pdf" else sealed)
        return {"file": file.name, "sha256": sha256_hex(payload)}
    versions = [
        {"version": version.version, "sealed_at": version.sealed_at, "sha256": version.sha256}
        for version in list_versions(person.person_id)
    ]
    text = orjson.dumps(book, option=orjson.OPT_INDENT_2).decode()
    return {"book": book, "versions": versions, "text": text}
