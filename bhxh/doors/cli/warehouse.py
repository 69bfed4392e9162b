"""`bhxh warehouse`: the operator's care for files at rest: seal what was kept before encryption, begin a new master key."""

import argparse
from typing import Any

from bhxh.doors.admission import lets_in
from bhxh.kernel.who import SYSTEM
from bhxh.warehouse.store import bound_store


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of: seal-old, new-key."""
    if options.what == "new-key":
        return {"generation": bound_store().keys.rotate()}
    return {"sealed": sum(1 for _ in bound_store().seal_old())}
