"""Is this book genuine? Pure and offline: nothing but the file and the published keys. Imports no database.

What it cannot say without the network: whether a newer version exists or the book was suspended since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bhxh.book.composing import FORMAT
from bhxh.book.errors import BOK_BROKEN_CHAIN, BOK_CHANGED, BOK_NOT_A_BOOK, BOK_WRONG_KEY
from bhxh.book.issuing import AUTHORITY
from bhxh.book.states import BookState
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import SIG_SEAL_BROKEN, SIG_SEAL_FORM, SIG_SEAL_KEY_WINDOW, SIG_SEAL_UNKNOWN_KEY
from bhxh.signing.seals import KeySet, verify_flattened

TYPE_NAME = "bhxh-book+json"
PURPOSE = "book"
MAXIMUM_BYTES = 4 * 1024 * 1024  # LIMIT: sixty years of monthly lines are some 300 KB

_BLOCKS = {
    *("benefits", "contributions", "header", "health_cover", "other", "person"),
    *("settlements", "totals", "unemployment_cover"),
}
_HEADER = {
    *("book_id", "custodian", "format", "issued_at", "issuer", "issuing_office", "known_at"),
    *("previous_sha256", "si_code", "state", "valid_on", "version"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedBook:
    """A book whose seal holds. Use only `book` (or `payload`), never the file it came in."""

    payload: bytes
    book: Mapping[str, Any]
    kid: str
    custodian: Custodian
    book_id: str
    si_code: str
    version: int
    state: BookState
    issued_at: datetime
    sha256: str
    previous_sha256: str


def verify(data: bytes, keys: KeySet) -> VerifiedBook:
    """Check a sealed book: signature, key, form, header.

    Raises: Invalid BOK-004 (changed, or not ours), BOK-005 (not a book), BOK-006 (a key that may not seal it).
    """
    try:
        sealed = verify_flattened(data, keys=keys, type_name=TYPE_NAME, maximum_bytes=MAXIMUM_BYTES, purpose=PURPOSE)
    except Invalid as error:
        raise _in_our_words(error) from error
    book = orjson.loads(sealed.payload)
    header = _header(book)
    if header["custodian"] != sealed.custodian:
        raise Invalid(BOK_WRONG_KEY, kid=sealed.kid, reason=f"{sealed.custodian} ≠ {header['custodian']}")
    issued_at = datetime.fromisoformat(header["issued_at"])
    if not keys.get(sealed.kid).is_in_force(issued_at):
        raise Invalid(BOK_WRONG_KEY, kid=sealed.kid, reason=f"issued_at {header['issued_at']}")
    return VerifiedBook(
        payload=sealed.payload,
        book=book,
        kid=sealed.kid,
        custodian=Custodian(header["custodian"]),
        book_id=header["book_id"],
        si_code=header["si_code"],
        version=header["version"],
        state=BookState(header["state"]),
        issued_at=issued_at,
        sha256=sha256_hex(sealed.payload),
        previous_sha256=header["previous_sha256"],
    )


def verify_chain(versions: Sequence[bytes], keys: KeySet) -> tuple[VerifiedBook, ...]:
    """Check all versions of one book in order: each by itself, and each naming the one before. Raises also BOK-007."""
    verified = tuple(verify(data, keys) for data in versions)
    for at, book in enumerate(verified):
        before = verified[at - 1] if at else None
        expected = (before.version + 1, before.sha256, before.book_id) if before else (1, "", book.book_id)
        if (book.version, book.previous_sha256, book.book_id) != expected:
            raise Invalid(BOK_BROKEN_CHAIN, version=book.version)
    return verified


def _header(book: Any) -> Mapping[str, Any]:
    if not isinstance(book, dict) or set(book) != _BLOCKS:
        raise Invalid(BOK_NOT_A_BOOK, reason="blocks")
    header = book["header"]
    if not isinstance(header, dict) or set(header) != _HEADER or header["format"] != FORMAT:
        raise Invalid(BOK_NOT_A_BOOK, reason="header")
    try:
        is_first = header["version"] == 1
        assert isinstance(header["version"], int) and header["version"] >= 1
        assert header["previous_sha256"] == "" if is_first else len(bytes.fromhex(header["previous_sha256"])) == 32
        assert header["issuer"] == AUTHORITY[Custodian(header["custodian"])][0]
        assert header["si_code"] == book["person"]["si_code"]
        assert datetime.fromisoformat(header["issued_at"]).tzinfo is not None
        BookState(header["state"])
    except (AssertionError, ValueError, TypeError, KeyError):
        raise Invalid(BOK_NOT_A_BOOK, reason="header") from None
    return header


def _in_our_words(error: Invalid) -> Invalid:
    if error.sentence in (SIG_SEAL_UNKNOWN_KEY, SIG_SEAL_KEY_WINDOW):
        return Invalid(BOK_WRONG_KEY, kid=error.parameters["kid"], reason=error.code)
    if error.sentence in (SIG_SEAL_BROKEN, SIG_SEAL_FORM):
        return Invalid(BOK_CHANGED)
    return Invalid(BOK_NOT_A_BOOK, reason=error.code)
