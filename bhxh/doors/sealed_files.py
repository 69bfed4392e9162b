"""Is this file one of ours, and as it was sealed? Books, QR codes, receipts, decisions, extracts, consents, mandates, confirmations, log heads.

Files and a key set: no database, no network. A PDF is judged by the sealed original it carries; what its pages show is not looked at.
Whether a genuine one still holds is another question, asked of a status list or of the installation (`public_verification.py`).
"""

from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import orjson

from bhxh.book import verification as books
from bhxh.book.verification import VerifiedBook
from bhxh.conversion import certificates as conversions
from bhxh.credentials import verification as credentials
from bhxh.credentials.contents import NAMES as CREDENTIALS
from bhxh.credentials.status_lists import check_standing, open_list
from bhxh.doors import pdf_attachments
from bhxh.doors.errors import NOT_OURS, NOTHING_ATTACHED
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import shown
from bhxh.kernel.errors import Invalid
from bhxh.own_data import verification as own_copies
from bhxh.signing import confirmations
from bhxh.signing.keysets import KeySet
from bhxh.signing.seals import verify_flattened

MAXIMUM_BYTES: Final = 64 * 1024 * 1024
_KINDS: Final = {
    "bhxh-receipt+json": ("receipt", "receipt"),
    "bhxh-decision+json": ("decision", "decision"),
    "bhxh-audit-root+json": ("log head", "audit"),
    conversions.TYPE_NAME: ("conversion", conversions.PURPOSE),
    "bhxh-extract+json": ("extract", "book"),
    "bhxh-consent-receipt+json": ("consent receipt", "consent"),
    "bhxh-disclosure+json": ("disclosure", "consent"),
    "bhxh-consent-status+json": ("consent status", "consent"),
    "bhxh-mandate+json": ("mandate", "mandate"),
    "bhxh-mandate-revocation+json": ("mandate revocation", "mandate"),
}
"""Type of a sealed document besides the book -> its name, and the purpose of the key that may seal it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFile:
    """A file that is genuine."""

    kind: str
    kid: str
    sha256: str
    """Of the sealed original."""
    told: dict[str, Any] = field(default_factory=dict)
    """What else is told of it."""
    book: VerifiedBook | None = None


def original_of(data: bytes, name: str) -> bytes:
    """The sealed document itself: the file, or what a PDF of ours carries inside. Raises Invalid API-041."""
    if not data.startswith(pdf_attachments.MARK):
        return data
    attached = pdf_attachments.find_sealed(data, maximum_bytes=MAXIMUM_BYTES)
    if attached is None:
        raise Invalid(NOTHING_ATTACHED, file=name)
    return attached


def is_code(data: bytes) -> bool:
    """Whether it is the text of a QR code, as a scanner writes it into a file."""
    return data.startswith(credentials.PREFIX.encode())


def judge(data: bytes, name: str, keys: KeySet, *, at: datetime, content: bytes | None = None, statuses: bytes | None = None) -> JudgedFile:
    """Judge an original. `content`: the document that a confirmation is about; `statuses`: a status list for a QR code.

    Raises: Invalid API-040 (nothing of ours), or as whatever verifies that kind does.
    """
    sha256 = sha256_hex(data)
    if data.startswith(own_copies.MARK):
        return JudgedFile(kind="copy of own data", kid=own_copies.verify(BytesIO(data), keys), sha256=sha256)
    if is_code(data):
        kid, told = _judge_code(data, keys, statuses, at)
        return JudgedFile(kind="QR code", kid=kid, sha256=sha256, told=told)
    type_name = _type_of(data, name)
    if type_name == books.TYPE_NAME:
        book = books.verify(data, keys)
        return JudgedFile(kind="book", kid=book.kid, sha256=sha256, book=book)
    if type_name == confirmations.TYPE_NAME:
        verified = confirmations.verify_confirmation(data, keys=keys, content=content)
        told = _told(verified.confirmed, is_compared=content is not None)
        return JudgedFile(kind="confirmation", kid=verified.kid, sha256=sha256, told=told)
    if type_name not in _KINDS:
        raise Invalid(NOT_OURS, file=name)
    kind, purpose = _KINDS[type_name]
    sealed = verify_flattened(data, keys=keys, type_name=type_name, maximum_bytes=MAXIMUM_BYTES, purpose=purpose)
    of_conversion = {"code": sha256_hex(sealed.payload)} if kind == "conversion" else {}
    return JudgedFile(kind=kind, kid=sealed.kid, sha256=sha256, told=of_conversion)


def _judge_code(data: bytes, keys: KeySet, statuses: bytes | None, at: datetime) -> tuple[str, dict[str, Any]]:
    """(key, what is told); with a status list also whether it still holds."""
    verified = credentials.verify(code_text(data), keys, at=at)
    if statuses is not None:
        check_standing(open_list(statuses, keys, at=at).standing_of(verified))
    asked = "còn giá trị · still valid" if statuses is not None else "chưa hỏi trạng thái, dùng --status-list · status not asked"
    vi, en = CREDENTIALS[verified.kind]
    told = {
        "content": {name: value.hex() if isinstance(value, bytes) else value for name, value in verified.content.items()},
        "issued_at": verified.issued_at.isoformat(),
        "expires_at": verified.expires_at.isoformat(),
        "vi": f"{vi} · {en}, {verified.content.get('name', '')}, cấp {shown(verified.issued_at)}, {asked}",
        "status_address": verified.status_address,
        "is_status_asked": statuses is not None,
    }
    return verified.kid, told


def code_text(data: bytes) -> str:
    """The text of a QR code out of a file, without the line's end."""
    return data.decode("ascii", "replace").rstrip("\r\n")


def _told(one: confirmations.Confirmed, *, is_compared: bool) -> dict[str, Any]:
    """Who confirmed, when, and whether the document itself was looked at: a digest alone says nothing to a reader."""
    vi = "đã so với tệp nội dung" if is_compared else "chưa so với nội dung; dùng --content TỆP"
    en = "compared with the content" if is_compared else "not compared with the content; use --content FILE"
    return {
        "signer": one.signer.full_name or one.signer.account,
        "party": one.party.kind.value,
        "confirmed_at": one.confirmed_at.isoformat(),
        "content_sha256": one.content_sha256,
        "is_content_compared": is_compared,
        "vi": f"{one.signer.full_name or one.signer.account}, {shown(one.confirmed_at)}, {vi} · {en}",
    }


def _type_of(data: bytes, name: str) -> str:
    """The type the header claims: only to choose which rules to verify by. The rules then check it against the seal."""
    try:
        protected = orjson.loads(data)["protected"]
        return str(orjson.loads(urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))["typ"])
    except (ValueError, KeyError, TypeError):
        raise Invalid(NOT_OURS, file=name) from None
