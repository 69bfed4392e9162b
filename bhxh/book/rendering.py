"""A book as PDF/A-3a + PDF/UA-1: a view to read and to show that carries the sealed original inside.

Deterministic: the same payload and seal give the same bytes, so a PDF is made when it is asked for; a kept copy
only saves the time (`pdf_copies.py`).
"""

import base64
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
import segno

from bhxh.book.issuing import bound_issuer
from bhxh.book.presenting import present_book
from bhxh.book.typst_compiling import Template, compile_pdf
from bhxh.kernel.clock import day_in_vietnam

_TEMPLATE = Template.read(Path(__file__).resolve().parent / "templates" / "book.typ")
QR_LIMIT = 600  # LIMIT: characters that phones and photocopies still read at error level M


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineCode:
    """A QR code that a room above drew, to be printed in the book: verified with the published keys alone."""

    name: tuple[str, str]
    svg: str
    until: datetime


def render_pdf(payload: bytes, flattened: bytes, *, codes: Sequence[OfflineCode] = (), verification_address: str | None = None) -> bytes:
    """The printable book. `flattened` is attached as `so-bhxh.json`; the address defaults to this installation's.

    Whoever shows it to somebody writes down the look first.
    """
    digest = hashlib.sha256(payload).hexdigest()
    address = verification_address or bound_issuer().verification_address(digest)
    view = present_book(orjson.loads(payload), sha256=digest, kid=_kid(flattened), address=address)
    inputs = {
        "view": json.dumps(view, ensure_ascii=False, sort_keys=True),
        "qr": qr_svg(address, digest),
        "sealed": flattened.decode(),
        "codes": json.dumps(
            [
                {"vi": code.name[0], "en": code.name[1], "until": day_in_vietnam(code.until).strftime("%d/%m/%Y"), "svg": code.svg}
                for code in codes
            ],
            ensure_ascii=False,
        ),
    }
    return compile_pdf(_TEMPLATE, inputs)


def qr_svg(address: str, digest: str) -> str:
    """The QR of a book: where to verify it, and its digest."""
    text = address if digest in address else f"{address}#{digest}"
    assert len(text) <= QR_LIMIT, "a verification address is short"
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, dark="#0b1f24", light="#ffffff", xmldecl=False, svgns=True)
    return out.getvalue().decode()


def _kid(flattened: bytes) -> str:
    protected: str = orjson.loads(flattened)["protected"]
    header = orjson.loads(base64.urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
    return str(header["kid"])
