"""`bhxh credential`: a person's health card or book summary as a QR code, for the operator; the look is written down."""

import argparse
from pathlib import Path
from typing import Any

from bhxh.audit.commands import record_look
from bhxh.credentials.commands import issue
from bhxh.credentials.contents import NAMES, Kind
from bhxh.credentials.drawing import draw_png, draw_svg
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator, person_of
from bhxh.doors.partners import partners
from bhxh.kernel.clock import now, shown
from bhxh.kernel.who import SYSTEM

_KINDS = {"card": Kind.HEALTH_CARD, "summary": Kind.BOOK_SUMMARY}


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Write the QR code as a picture (.svg, .png) or as text to a file, or print its text."""
    person, kind, at, side = person_of(options.pin), _KINDS[options.kind], now(), partners()
    key = side.keys.seal_key("credential")
    issued = issue(actor=operator(), at=at, person_id=person.person_id, kind=kind, issuer=side.credential_issuer, key=key)
    record_look(actor=operator(), at=at, person_id=person.person_id, what="credential")
    if options.out:
        _write(Path(options.out), issued.text)
    vi, en = NAMES[kind]
    return {
        "kind": kind.value,
        "text": f"{vi} · {en}: {shown(issued.issued_at)} – {shown(issued.expires_at)}\n{issued.text}",
        "qr": issued.text,
        "expires_at": issued.expires_at,
        "status_address": side.credential_issuer.status_address(issued.list_number),
        "status_index": issued.list_index,
    }


def _write(file: Path, text: str) -> None:
    match file.suffix:
        case ".svg":
            file.write_text(draw_svg(text))
        case ".png":
            file.write_bytes(draw_png(text))
        case _:
            file.write_text(text + "\n")
