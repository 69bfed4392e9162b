"""A decision or a receipt as PDF/A-3a + PDF/UA-1: a letter to read and to show that carries the sealed original inside.

Deterministic: the same payload and seal give the same bytes. Personal numbers are masked on the page; the attached original is
the filer's own and holds them. A procedure renders letters of its own results with `LETTERHEAD`, `seal_shown` and `compile_letter`.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Final

import orjson

from bhxh.book.issuing import bound_issuer
from bhxh.book.presenting import grouped
from bhxh.book.rendering import qr_svg
from bhxh.book.typst_compiling import Template, compile_pdf
from bhxh.dossiers.presenting import present_decision, present_receipt
from bhxh.kernel.custodian import Custodian

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
LETTERHEAD: Final = _TEMPLATES / "letterhead.typ"
"""What letters share: page, heads, seal line. Templates import it as `letterhead.typ`."""
_DECISION: Final = Template.read(_TEMPLATES / "decision.typ", LETTERHEAD)
_RECEIPT: Final = Template.read(_TEMPLATES / "receipt.typ", LETTERHEAD)


def render_decision_pdf(payload: bytes, flattened: bytes, *, number: int = 1, public_url: str | None = None) -> bytes:
    """The decision as an administrative letter. `flattened` is attached as `quyet-dinh.json`.

    `number` counts the decisions of the dossier; it is given when a decision is stored, so it stands beside the payload, not in it.
    """
    address = (public_url or bound_issuer().public_url).rstrip("/")
    view = present_decision(orjson.loads(payload), number=number, seal=seal_shown(flattened), public_url=address)
    return compile_letter(_DECISION, view, flattened)


def render_receipt_pdf(payload: bytes, flattened: bytes, *, custodian: Custodian | None = None) -> bytes:
    """The receipt and appointment, one page. `flattened` is attached as `giay-tiep-nhan.json`."""
    keeper = custodian or bound_issuer().custodian
    return compile_letter(_RECEIPT, present_receipt(orjson.loads(payload), seal=seal_shown(flattened), custodian=keeper), flattened)


def payload_of(flattened: bytes) -> bytes:
    """The payload inside a sealed document that this installation stored itself; no signature is checked."""
    return _decoded(orjson.loads(flattened)["payload"])


def compile_letter(template: Template, view: dict[str, Any], flattened: bytes) -> bytes:
    """A letter from its view, which holds `address` for the QR and `seal` (`seal_shown`). `flattened` reaches the template as `sealed`."""
    inputs = {
        "view": json.dumps(view, ensure_ascii=False, sort_keys=True),
        "qr": qr_svg(view["address"], view["seal"]["sha256"]),
        "sealed": flattened.decode(),
    }
    return compile_pdf(template, inputs)


def seal_shown(flattened: bytes) -> dict[str, str]:
    """What a letter's seal line says: the key, and the digest of the sealed document."""
    header = orjson.loads(_decoded(orjson.loads(flattened)["protected"]))
    digest = hashlib.sha256(flattened).hexdigest()
    return {"kid": str(header["kid"]), "sha256": digest, "shown": grouped(digest)}


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
