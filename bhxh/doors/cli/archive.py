"""`bhxh archive`: copies of sealed pages that prove themselves for decades, their renewal, and whether they hold.

`renew` is the yearly job: a folder of copies is gone through, and what is due gets one more time stamp.
"""

import argparse
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator
from bhxh.doors.cli.errors import CLI_BAD_VALUE, CLI_NO_FILE
from bhxh.doors.partners import partners
from bhxh.kernel.clock import now
from bhxh.kernel.errors import BhxhError, Invalid
from bhxh.kernel.who import SYSTEM
from bhxh.signing.pdf_archiving import ArchiveCheck, check_archive, renew_at


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One line for each file; `holds` only if all do."""
    admitted, at = operator(), now()
    if options.what == "make" and (len(options.files) != 1 or not options.out):
        raise Invalid(CLI_BAD_VALUE, where="--out", option="--out")
    results = [_done(options, file, at) for file in _files(options.files)]
    lines = [f"{'ĐÚNG · holds  ' if one['holds'] else 'SAI · refused '} {one['file']}  {one.get('vi', '')}" for one in results]
    return {"holds": all(one["holds"] for one in results), "by": admitted.account, "files": results, "text": "\n".join(lines)}


def _done(options: argparse.Namespace, file: Path, at: datetime) -> dict[str, Any]:
    report: dict[str, Any] = {"file": file.name, "holds": False}
    try:
        content = file.read_bytes()
        match options.what:
            case "make":
                made = partners().archivist().archive(content, at=at)
                _write(Path(options.out), made)
                return {**report, "file": Path(options.out).name, **_told(_check(made, at))}
            case "renew":
                return {**report, **_renewed(file, content, at, timedelta(days=options.after_days))}
            case _:
                return {**report, **_told(_check(content, at))}
    except OSError as error:
        missing = Invalid(CLI_NO_FILE, file=file.name, reason=type(error).__name__)
        return {**report, "code": missing.code, "vi": missing.text("vi"), "en": missing.text("en")}
    except BhxhError as error:
        return {**report, "code": error.code, "vi": error.text("vi"), "en": error.text("en")}


def _renewed(file: Path, content: bytes, at: datetime, after: timedelta) -> dict[str, Any]:
    found = _check(content, at)
    if not found.holds or found.stamped_at is None or found.lasts_until is None:
        return {**_told(found), "renewed": False}
    if at < min(found.stamped_at + after, renew_at(found.stamped_at, found.lasts_until)):
        return {**_told(found), "renewed": False}
    renewed = partners().archivist().renew(content, at=at)
    _write(file, renewed)
    return {**_told(_check(renewed, at)), "renewed": True}


def _check(content: bytes, at: datetime) -> ArchiveCheck:
    return check_archive(content, trust=partners().trust(), at=at)


def _told(found: ArchiveCheck) -> dict[str, Any]:
    return {
        "holds": found.holds,
        "stamps": found.stamps,
        "stamped_at": found.stamped_at,
        "lasts_until": found.lasts_until,
        "reason": found.reason,
    }


def _files(named: list[str]) -> Iterator[Path]:
    """Files as named; of a folder every PDF in it, in order."""
    for name in named:
        path = Path(name)
        yield from sorted(path.glob("*.pdf")) if path.is_dir() else [path]


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all: the copy before is there until the new one is."""
    draft = file.with_name(f".{file.name}.new")
    draft.write_bytes(content)
    draft.replace(file)
