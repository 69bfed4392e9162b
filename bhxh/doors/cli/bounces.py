"""`bhxh bounces`: mail that came back, one message from the mail server's pipe or everything new in a Maildir.

Exit codes are the mail server's (sysexits): 0 taken, whatever it was; 75 keep it and try again. Nothing else is ever answered,
because any other code makes the server return the bounce to somebody.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

import structlog

from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.kernel.clock import now
from bhxh.kernel.who import SYSTEM
from bhxh.notices.flows import Taken, take_returned
from bhxh.notices.returned_mail import LONGEST

_log = structlog.get_logger()
_MOST = 1000  # LIMIT: mails of one run; what is left is taken by the next
_CHUNK = 64 * 1024
_FOR_A_PERSON = {Taken.STRAY, Taken.ANSWER}


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Take what came back; how many of which kind."""
    piped = not options.maildir
    counted = Counter([_take(_read_all(sys.stdin.buffer), options.recipient)]) if piped else _take_maildir(Path(options.maildir))
    return {one.value: counted[one] for one in Taken if counted[one]}


def _take_maildir(folder: Path) -> Counter[Taken]:
    """Everything in `new`. What was understood is deleted, because it holds an address; the rest goes to `cur`, flagged for a person."""
    counted: Counter[Taken] = Counter()
    waiting = sorted(file for file in (folder / "new").iterdir() if file.is_file() and not file.is_symlink())
    for file in waiting[:_MOST]:
        with file.open("rb") as stream:
            taken = _take(stream.read(LONGEST), "")
        counted[taken] += 1
        if taken in _FOR_A_PERSON:
            file.rename(folder / "cur" / f"{file.name.partition(':')[0]}:2,F")
        else:
            file.unlink()
    return counted


def _take(raw: bytes, recipient: str) -> Taken:
    taken = take_returned(raw, now(), returns=partners().mail.returns, delivered_to=recipient)
    _log.info("notices.returned.take", became=taken.value)
    return taken


def _read_all(stream: BinaryIO) -> bytes:
    """The first bytes; the rest is read and dropped, or the server would see its pipe break."""
    raw = stream.read(LONGEST)
    while stream.read(_CHUNK):
        pass
    return raw
