"""`python -m bench [name ...]`: run the benches, print the table, keep it in bench/RESULTS.md with the machine's description.

A bench is a module of this folder with `def run() -> list[Row]`; add its name to BENCHES.
"""

import argparse
import importlib
import os
import platform
import signal
import sys
import time
from pathlib import Path

from bench.database import fresh_database
from bench.measuring import Row

BENCHES = (
    "contributions_due",
    "signature_verification",
    "credentials",
    "ledger_posting",
    "books_sealed",
    "pages_sealed",
    "sign_in",
    "book_lookup",
    "filing_to_receipt",
    "uploads",
    "pages",
    "large_list",
)

ALONE = ("scale", "log_proof")
"""Long ones, run by name only; the last table of each is kept in a file of its own and shown with every full run."""

_RESULTS = Path(__file__).with_name("RESULTS.md")
_LIMITS = Path(__file__).with_name("limits.md")
"""What holds each figure back, as last profiled: written by hand, joined to each run's table."""


def _cells(row: Row) -> tuple[str, ...]:
    beside = f"{row.beside}: {_number(row.beside_value)}" if row.beside_value is not None else row.beside
    return (row.what, _number(row.value), row.unit, beside, row.ratio, row.note)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _table(rows: list[Row]) -> str:
    cells = [("what", "value", "unit", "beside", "ratio", "note"), *map(_cells, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(6)]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _machine(server_version: str) -> str:
    cpuinfo = Path("/proc/cpuinfo")
    models = (
        [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        if cpuinfo.exists()
        else []
    )
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{time.strftime('%d %b %Y', time.gmtime())}: {os.cpu_count()} cores ({models[0] if models else platform.machine()}), {memory_gib:.0f} GiB,"
        f" load average {os.getloadavg()[0]:.1f} at the start, Python {platform.python_version()}, PostgreSQL {server_version}."
    )


def _kept(name: str) -> Path:
    return _RESULTS.with_name(f"{name}.md")


def main() -> None:
    """Run what was asked for (all by default)."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure; print the table; write bench/RESULTS.md when all were run."
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of: {', '.join((*BENCHES, *ALONE))}")
    names = parser.parse_args().names or BENCHES
    if unknown := set(names) - {*BENCHES, *ALONE}:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is stopped then too
    with fresh_database() as server_version:
        machine = _machine(server_version)
        rows = [row for name in names for row in importlib.import_module(f"bench.{name}").run()]
    machine += f" Load average {os.getloadavg()[0]:.1f} at the end."
    print(f"{machine}\n\n{_table(rows)}")
    if len(names) == 1 and names[0] in ALONE:
        _kept(names[0]).write_text(f"## {names[0].capitalize()}\n\n{machine}\n\n{_table(rows)}\n", encoding="utf-8")
    if tuple(names) == BENCHES:
        kept = "".join(_kept(name).read_text(encoding="utf-8") + "\n" for name in ALONE if _kept(name).exists())
        _RESULTS.write_text(
            "# Results of the last full run\n\nWritten by `python -m bench`. On a shared machine read the ratios, not the absolutes.\n\n"
            f"{machine}\n\n{_table(rows)}\n\n{kept}{_LIMITS.read_text(encoding='utf-8')}",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
