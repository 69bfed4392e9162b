"""`bhxh offices`: load the table of social insurance offices, or see what is wrong with it."""

import argparse
from pathlib import Path
from typing import Any

from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator
from bhxh.doors.cli.errors import CLI_NO_FILE
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.who import SYSTEM
from bhxh.registry.offices import check_offices, load_offices

_SHOWN = 100  # LIMIT: mistakes listed at once; who has more corrects these first


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Every wrong line with what to do; where there is none, `load` puts the table in the place of the one before."""
    content = _read(Path(options.file))
    problems = check_offices(content)
    if problems:
        told = [f"{one.text('vi')} · {one.text('en')}" for one in problems[:_SHOWN]]
        return {"holds": False, "loaded": 0, "problems": len(problems), "lines": told, "text": "\n".join(told)}
    if options.what == "check":
        return {"loaded": 0, "problems": 0, "text": "(tệp đúng, chưa nạp · the file is right; nothing was loaded)"}
    return {"loaded": load_offices(actor=operator(), at=now(), content=content), "problems": 0}


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(CLI_NO_FILE, file=file.name, reason=type(error).__name__) from None
