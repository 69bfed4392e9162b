"""Sealed extracts made without a database and without a key: the seal's value is not looked at by who only shows them."""

import base64
import json
from datetime import UTC, datetime
from typing import Any, Final

from bhxh.kernel.canonical import canonical_bytes
from bhxh.procedures.confirmation_extract.extract import TYPE_NAME, compose_extract
from tests.unit.book.books import composed

CODE: Final = "G12.99.01-261121-000043"
AT: Final = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
"""01:30 on 22 November in Viet Nam."""


def sealed_extract(lines: list[dict[str, Any]], *, is_sealed: bool = True, **wishes: str) -> bytes:
    """Flattened JWS of an extract from a book with these lines."""
    book = composed(lines)
    extract = compose_extract(
        json.loads(book.payload), book_sha256=book.digest.hex(), is_sealed=is_sealed, dossier_code=CODE, at=AT, wishes=wishes
    )
    header = {"alg": "ES256", "kid": "mof-book-12", "typ": TYPE_NAME}
    return canonical_bytes(
        {"payload": _encoded(canonical_bytes(extract)), "protected": _encoded(canonical_bytes(header)), "signature": "AA"}
    )


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
