"""`bhxh verify`: books, QR codes of cards and summaries, receipts, decisions, extracts, confirmations, log heads, copies of own data. Files and a key set: no database, no network.

A PDF is verified by the sealed original it carries, and its pages by the seal outside where they have one.
"""

import argparse
from pathlib import Path
from typing import Any

from bhxh.doors.admission import lets_in
from bhxh.doors.cli.errors import CLI_NO_FILE, CLI_NO_KEYS, CLI_NO_ROOT
from bhxh.doors.errors import NOT_OURS
from bhxh.doors.pdf_attachments import MARK
from bhxh.doors.sealed_files import MAXIMUM_BYTES, is_code, judge, original_of
from bhxh.kernel.clock import now
from bhxh.kernel.errors import BhxhError, Invalid
from bhxh.kernel.who import ANYBODY
from bhxh.signing.keysets import KeySet
from bhxh.signing.page_verification import VerifiedPage, verify_page
from bhxh.signing.signed_keysets import is_signed, verify_key_set
from bhxh.signing.trust import TrustList


@lets_in(ANYBODY)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Verify every file; `holds` only if all hold."""
    if not options.keys:
        raise Invalid(CLI_NO_KEYS)
    keys = _key_set(options)
    content = _read(Path(options.content)) if options.content else None
    results = [_verify(Path(file), keys, content, options) for file in options.files]
    lines = [
        f"{'ĐÚNG · holds  ' if r['holds'] else 'SAI · refused '} {r['file']}  {r['kind']}  {r.get('page', '')}{r.get('vi', '')}"
        for r in results
    ]
    return {"holds": all(result["holds"] for result in results), "files": results, "text": "\n".join(lines)}


def _key_set(options: argparse.Namespace) -> KeySet:
    """As it was published; or as the root signed it, which is proven first."""
    data = _read(Path(options.keys))
    if not is_signed(data):
        return KeySet.from_json(data)
    if not options.root:
        raise Invalid(CLI_NO_ROOT)
    return verify_key_set(data, root=KeySet.from_json(_read(Path(options.root)))).keys


def _verify(file: Path, keys: KeySet, content: bytes | None, options: argparse.Namespace) -> dict[str, Any]:
    report: dict[str, Any] = {"file": file.name, "holds": False, "kind": ""}
    try:
        data = _read(file)
        if data.startswith(MARK):
            trust = TrustList.load(Path(options.trust)) if options.trust else None
            report |= _told_of_page(verify_page(data, keys=keys, trust=trust, at=now()), is_listed=trust is not None)
        original = original_of(data, file.name)
        statuses = _read(Path(options.status_list)) if is_code(original) and options.status_list else None
        judged = judge(original, file.name, keys, at=now(), content=content, statuses=statuses)
    except BhxhError as error:
        return {**report, "code": error.code, "vi": error.text("vi"), "en": error.text("en")}
    return {**report, "holds": True, "kind": judged.kind, "kid": judged.kid, "sha256": judged.sha256, **judged.told}


def _told_of_page(found: VerifiedPage | None, *, is_listed: bool) -> dict[str, Any]:
    """What the pages prove besides the original inside."""
    if found is None:
        return {
            "page_seal": None,
            "page": "trang không có niêm phong, chỉ bản gốc bên trong · pages not sealed, only the original inside  ",
        }
    facts = {"kid": found.kid, "claimed_at": found.claimed_at, "stamped_at": found.stamped_at, "lasts_until": found.lasts_until}
    by = "" if is_listed else ", chưa xét tổ chức chứng thực: dùng --trust · its authority not asked about: use --trust"
    return {"page_seal": {**facts, "is_authority_checked": is_listed}, "page": f"niêm phong của trang đúng · the pages' seal holds{by}  "}


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAXIMUM_BYTES:
            raise Invalid(NOT_OURS, file=file.name)
        return file.read_bytes()
    except OSError as error:
        raise Invalid(CLI_NO_FILE, file=file.name, reason=type(error).__name__) from None
