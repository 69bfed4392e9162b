"""The extract as PDF/A-3a + PDF/UA-1: a page to read and to show that carries the sealed original inside. Deterministic."""

from pathlib import Path
from typing import Final

import orjson

from bhxh.book.issuing import bound_issuer
from bhxh.book.typst_compiling import Template
from bhxh.dossiers.rendering import LETTERHEAD, compile_letter, payload_of, seal_shown
from bhxh.procedures.confirmation_extract.presenting import present_extract

_TEMPLATE: Final = Template.read(Path(__file__).resolve().parent / "templates" / "extract.typ", LETTERHEAD)


def render_extract_pdf(flattened: bytes, *, public_url: str | None = None) -> bytes:
    """The printable extract. `flattened` is attached as `ban-trich.json`. Whoever shows it to somebody writes down the look first."""
    address = (public_url or bound_issuer().public_url).rstrip("/")
    view = present_extract(orjson.loads(payload_of(flattened)), seal=seal_shown(flattened), public_url=address)
    return compile_letter(_TEMPLATE, view, flattened)
