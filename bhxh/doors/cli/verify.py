"""`bhxh verify`: books, QR codes of cards and summaries, receipts, decisions, extracts, confirmations, log heads, copies of own data. Files and a key set: no database, no network.

A PDF is verified by the sealed original it carries; what its pages show is not looked at.
"""

import argparse
from base64 import urlsafe_b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson

from bhxh.book import verification as books
from bhxh.credentials import verification as credentials
from bhxh.credentials.contents import NAMES as CREDENTIALS
from bhxh.credentials.status_lists import check_standing, open_list
from bhxh.doors.admission import lets_in
from bhxh.doors.cli import pdf_attachments
from bhxh.doors.cli.errors import CLI_NO_FILE, CLI_NO_KEYS, CLI_NO_ROOT, CLI_NOTHING_ATTACHED, CLI_UNKNOWN_KIND
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import BhxhError, Invalid
from bhxh.kernel.who import ANYBODY
from bhxh.own_data import verification as own_copies
from bhxh.signing import confirmations
from bhxh.signing.keysets import KeySet
from bhxh.signing.seals import verify_flattened
from bhxh.signing.signed_keysets import is_signed, verify_key_set

_MAXIMUM_BYTES = 64 * 1024 * 1024
_KINDS = {
    "bhxh-receipt+json": ("receipt", "receipt"),
    "bhxh-decision+json": ("decision", "decision"),
    "bhxh-audit-root+json": ("log head", "audit"),
    "bhxh-extract+json": ("extract", "book"),
    "bhxh-consent-receipt+json": ("consent receipt", "consent"),
    "bhxh-disclosure+json": ("disclosure", "consent"),
    "bhxh-consent-status+json": ("consent status", "consent"),
    "bhxh-mandate+json": ("mandate", "mandate"),
    "bhxh-mandate-revocation+json": ("mandate revocation", "mandate"),
}
"""Type of a sealed document besides the book -> its name, and the purpose of the key that may seal it."""


@lets_in(ANYBODY)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Verify every file; `holds` only if all hold."""
    if not options.keys:
        raise Invalid(CLI_NO_KEYS)
    keys = _key_set(options)
    content = _read(Path(options.content)) if options.content else None
    statuses = _read(Path(options.status_list)) if options.status_list else None
    results = [_verify(Path(file), keys, content, statuses) for file in options.files]
    lines = [f"{'ĐÚNG · holds  ' if r['holds'] else 'SAI · refused '} {r['file']}  {r['kind']}  {r.get('vi', '')}" for r in results]
    return {"holds": all(result["holds"] for result in results), "files": results, "text": "\n".join(lines)}


def _key_set(options: argparse.Namespace) -> KeySet:
    """As it was published; or as the root signed it, which is proven first."""
    data = _read(Path(options.keys))
    if not is_signed(data):
        return KeySet.from_json(data)
    if not options.root:
        raise Invalid(CLI_NO_ROOT)
    return verify_key_set(data, root=KeySet.from_json(_read(Path(options.root)))).keys


def _verify(file: Path, keys: KeySet, content: bytes | None, statuses: bytes | None) -> dict[str, Any]:
    report: dict[str, Any] = {"file": file.name, "holds": False, "kind": ""}
    try:
        data = _original(_read(file), file.name)
        report["kind"], kid, told = _judge(data, file.name, keys, content, statuses)
    except BhxhError as error:
        return {**report, "code": error.code, "vi": error.text("vi"), "en": error.text("en")}
    return {**report, "holds": True, "kid": kid, "sha256": sha256_hex(data), **told}


def _original(data: bytes, name: str) -> bytes:
    """The sealed document itself: the file, or what a PDF of ours carries inside."""
    if not data.startswith(pdf_attachments.MARK):
        return data
    attached = pdf_attachments.find_sealed(data, maximum_bytes=_MAXIMUM_BYTES)
    if attached is None:
        raise Invalid(CLI_NOTHING_ATTACHED, file=name)
    return attached


def _judge(data: bytes, name: str, keys: KeySet, content: bytes | None, statuses: bytes | None) -> tuple[str, str, dict[str, Any]]:
    """(kind, key, what else is told of it)."""
    if data.startswith(own_copies.MARK):
        return "copy of own data", own_copies.verify(BytesIO(data), keys), {}
    if data.startswith(credentials.PREFIX.encode()):
        return _judge_credential(data, keys, statuses)
    type_name = _type_of(data, name)
    if type_name == books.TYPE_NAME:
        return "book", books.verify(data, keys).kid, {}
    if type_name == confirmations.TYPE_NAME:
        verified = confirmations.verify_confirmation(data, keys=keys, content=content)
        return "confirmation", verified.kid, _told(verified.confirmed, is_compared=content is not None)
    if type_name not in _KINDS:
        raise Invalid(CLI_UNKNOWN_KIND, file=name)
    kind, purpose = _KINDS[type_name]
    return kind, verify_flattened(data, keys=keys, type_name=type_name, maximum_bytes=_MAXIMUM_BYTES, purpose=purpose).kid, {}


def _judge_credential(data: bytes, keys: KeySet, statuses: bytes | None) -> tuple[str, str, dict[str, Any]]:
    """The text of a QR code, as a scanner writes it into a file; with a status list also whether it still holds."""
    at = now()
    verified = credentials.verify(data.decode("ascii", "replace").rstrip("\r\n"), keys, at=at)
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
    return "QR code", verified.kid, told


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
        raise Invalid(CLI_UNKNOWN_KIND, file=name) from None


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MAXIMUM_BYTES:
            raise Invalid(CLI_UNKNOWN_KIND, file=file.name)
        return file.read_bytes()
    except OSError as error:
        raise Invalid(CLI_NO_FILE, file=file.name, reason=type(error).__name__) from None
