"""A workbook judged before it is signed: every row's verdict at its cells, and the canonical document the clerk will sign."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bhxh.dossiers.facts import LineView, Verdict
from bhxh.dossiers.gathering import GatheringPorts
from bhxh.dossiers.previewing import preview
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.months import Month
from bhxh.procedures.register_employees import canonical_xml
from bhxh.procedures.register_employees.canonical_xml import Batch
from bhxh.procedures.register_employees.form import Header
from bhxh.procedures.register_employees.workbook_reading import ReadLine, ReadWorkbook, read_workbook
from bhxh.procedures.register_employees.workbook_writing import ELSEWHERE, LineVerdict, write_results
from bhxh.registry.queries import EmployerSummary

LINE_STATES: Final = ("clean", "officer", "refused", "unreadable")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLine:
    """One row and what would become of it."""

    number: int
    row: int
    name: str
    state: str
    """`clean`, `officer`, `refused`; `unreadable` where a cell could not be read: such a row is not filed."""
    findings: tuple[Mapping[str, Json], ...]
    repairs: tuple[Mapping[str, Json], ...]
    """Lost zeros, text of an old font: the cell, what stands there, what it must have been. The clerk confirms them by line number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedWorkbook:
    """What a workbook would give."""

    period: str
    lines: tuple[CheckedLine, ...]
    documents: tuple[bytes, ...]
    """The canonical XML to sign; several where the list is longer than one document may be, none where no row is readable."""

    @property
    def counts(self) -> dict[str, int]:
        """Rows by state."""
        return {state: sum(line.state == state for line in self.lines) for state in LINE_STATES}


Written = tuple[ReadWorkbook, tuple[Batch, ...]]
"""A workbook as it was read, and the documents of its readable rows."""


def write_documents(
    data: bytes, *, employer: EmployerSummary, period: Month, batch: int, at: datetime, left_out: frozenset[int] = frozenset()
) -> Written:
    """Read a workbook and write the canonical documents of its readable rows, but for those left out by number.

    Raises: Invalid where there is no list in the file.
    """
    read = read_workbook(data)
    header = Header(
        tax_code=employer.tax_code,
        unit_code=employer.unit_code,
        unit_name=employer.name,
        agency_code=employer.agency_code,
        period=str(period),
        batch=batch,
        made_on=day_in_vietnam(at),
    )
    return read, canonical_xml.write_batches(header, tuple(line for line in read.to_file if line.number not in left_out))


def check_written(
    written: Written,
    *,
    actor: Actor,
    employer: EmployerSummary,
    period: Month,
    at: datetime,
    confirmed_repairs: frozenset[int],
    deps: GatheringPorts,
) -> CheckedWorkbook:
    """Judge every row of a workbook that was read. Nothing is filed; each person known here sees that they were looked up."""
    judged = check_lines(written, actor=actor, employer=employer, at=at, confirmed_repairs=confirmed_repairs, deps=deps)
    lines = tuple(sorted(judged, key=lambda line: line.number))
    return CheckedWorkbook(period=str(period), lines=lines, documents=tuple(part.document for part in written[1]))


def check_lines(
    written: Written,
    *,
    actor: Actor,
    employer: EmployerSummary,
    at: datetime,
    confirmed_repairs: frozenset[int],
    deps: GatheringPorts,
    heard: Callable[[int, int], None] | None = None,
    judged: Callable[[Batch, Mapping[int, Verdict]], None] | None = None,
) -> Iterator[CheckedLine]:
    """The same row by row, as they are judged: one document after the other, then the rows that could not be read.

    Shape: `heard` is told as `preview` tells it, `judged` once for each document.
    WHY not all at once: what the rules say of 50,000 lines takes hundreds of megabytes.
    """
    read, batches = written
    by_number = {line.number: line for line in read.lines}
    for part in batches:
        verdicts = preview(
            actor=actor,
            procedure_slug="register_employees",
            filing=part.filing,
            employer=employer,
            at=at,
            confirmed_repairs=confirmed_repairs,
            deps=deps,
            heard=heard,
        )
        if judged is not None:
            judged(part, verdicts)
        for number, verdict in verdicts.items():
            yield _checked(read, by_number.pop(number), verdict)
        del verdicts
    for line in by_number.values():
        yield _checked(read, line, None)


def _checked(read: ReadWorkbook, line: ReadLine, verdict: Verdict | None) -> CheckedLine:
    judged = tuple({**finding, "where": _cell(read, line, str(finding["where"]))} for finding in verdict.findings) if verdict else ()
    return CheckedLine(
        number=line.number,
        row=line.row,
        name=line.name,
        state=verdict.to_state.value if verdict else "unreadable",
        findings=(*(finding.as_json() for finding in line.findings), *judged),
        repairs=tuple({"cell": one.cell, "written": one.written, "proposed": str(one.proposed)} for one in line.repairs),
    )


def _cell(read: ReadWorkbook, line: ReadLine, field: str) -> str:
    """The address of the cell a finding speaks of; the row where it speaks of the whole line."""
    return read.layout.cell(field, line.row) if field else str(line.row)


def hand_back(workbook: bytes, lines: Sequence[LineView]) -> bytes:
    """The filed workbook with its result column, as the engine delivers it."""
    verdicts = [LineVerdict(number=line.number, state=line.state.value, findings=line.findings) for line in lines]
    return write_results(workbook, verdicts, others=ELSEWHERE)
