"""A program that reads files nobody should trust, with little memory: `python -m tests.properties.hostile_reader FOLDER`.

It takes the files of a folder in order of their names, as the doors would before any database is asked, and says one line for each. What a door
must never do it shows by dying: out of memory (1.5 GB of address space for everything), longer than 20 s, or a traceback.
"""

import argparse
import os
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

ADDRESS_SPACE = 1_500 * 1024 * 1024
LONGEST_S = 20
"""LIMIT: a guard against hanging; files here take a fraction of a second."""


def read_as_workbook(data: bytes) -> str:
    """From the file to the canonical document and back to the clerk, with every row where it was."""
    from bhxh.procedures.register_employees import canonical_xml
    from bhxh.procedures.register_employees.form import Header
    from bhxh.procedures.register_employees.workbook_reading import read_workbook
    from bhxh.procedures.register_employees.workbook_writing import write_results

    read = read_workbook(data)
    batches = canonical_xml.write_batches(_header(Header), read.to_file)
    filed = [line for batch in batches for line in canonical_xml.read(batch.document).lines]
    assert sorted(filed, key=lambda line: line.number) == list(read.to_file)
    again = read_workbook(write_results(data, [], read=read))
    assert [(line.number, line.row, line.line) for line in again.lines] == [(line.number, line.row, line.line) for line in read.lines]
    return f"{len(read.lines)} rows, {len(read.to_file)} readable"


def read_as_list(data: bytes) -> str:
    """A canonical list, as it is read once its signature was verified; judged of strangers, and of workers since 1970."""
    from datetime import UTC, datetime

    from bhxh.dossiers.procedure import Case, Subject
    from bhxh.procedures.register_employees import canonical_xml
    from bhxh.procedures.register_employees.rules import judge

    filing = canonical_xml.read(data)
    at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    span = {"from_month": "1970-01", "until_month": "", "status": "WORKING", "wage_vnd": 5_000_000}
    worked = {"since": "1970-01", "status": "WORKING"}
    months = [f"{year}-{month:02d}" for year in range(1970, 2027) for month in range(1, 13)]
    for facts in ({}, {"here": worked, "standing": [span], "counted_here": months}):
        subjects = {
            line.pin: Subject(person_id=1, pin=line.pin, full_name="Mẫu", birth_on="", sex="", managed_by="mof", facts=facts)
            for line in filing.lines
            if line.pin and facts
        }
        case = Case(filing=filing, on=at.date(), filed_at=at, custodian="mof", subjects=subjects, answers={}, employer={"wage_region": 1})
        decisions = judge(case)
        assert all(finding.text("vi") and finding.text("en") for decision in decisions.values() for finding in decision.findings)
    return f"{len(filing.lines)} lines"


def verify(path: Path, keys: Path) -> str:
    """What `bhxh verify` says."""
    from bhxh.doors.cli import verify as verifying

    report = verifying.run(argparse.Namespace(keys=str(keys), files=[str(path)], content="", trust=""))
    [file] = report["files"]
    assert file["holds"] or file["code"]
    return f"holds: {report['holds']}"


def _header(header: Callable[..., object]) -> object:
    from datetime import date

    return header(tax_code="0110000027", unit_name="Công ty Mẫu", period="2026-11", made_on=date(2026, 11, 21))


def main() -> int:
    """One line for each file: its name, and a code or what was read."""
    folder = Path(sys.argv[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhxh.wiring.settings")
    import django

    django.setup()
    from bhxh.kernel.errors import Refusal

    warnings.simplefilter("error")
    ways: Mapping[str, Callable[[Path], str]] = {
        ".xlsx": lambda path: read_as_workbook(path.read_bytes()),
        ".xml": lambda path: read_as_list(path.read_bytes()),
        ".sealed": lambda path: verify(path, folder / "keys.json"),
    }
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    for path in sorted(folder.iterdir()):
        if path.suffix not in ways:
            continue
        print(path.name, end=" ", flush=True)
        signal.alarm(LONGEST_S)  # WHY no handler: it must end this process also where Rust or C does not come back
        try:
            print(ways[path.suffix](path), flush=True)
        except Refusal as refusal:
            assert refusal.text("vi") and refusal.text("en")
            print(refusal.code, flush=True)
        signal.alarm(0)
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
