"""The wrong lines of a filed workbook, and only they, as a workbook to be corrected and filed again: nobody types a line twice.

The other rows are emptied and hidden, not taken out: formulas of the template refer to each other across rows, and what stands at C17 stays there.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

from bhxh.dossiers.facts import LineView
from bhxh.dossiers.states import LineState
from bhxh.kernel.errors import NotFound
from bhxh.procedures.register_employees.errors import NO_WRONG_LINES
from bhxh.procedures.register_employees.workbook_door import open_package
from bhxh.procedures.register_employees.workbook_reading import read_workbook
from bhxh.procedures.register_employees.workbook_writing import LineVerdict, replace_part, write_results

_ROW: Final = re.compile(rb"<(?P<prefix>\w+:)?row\b(?P<attributes>[^>]*?)(?:/>|>(?P<cells>.*?)</(?P=prefix)?row>)", re.DOTALL)
_NUMBER: Final = re.compile(rb"\br\s*=\s*[\"'](\d+)[\"']")
_CELL: Final = re.compile(rb"<(?P<prefix>\w+:)?c\b(?P<attributes>[^>]*?)(?:/>|>(?P<body>.*?)</(?:\w+:)?c>)", re.DOTALL)
_KIND: Final = re.compile(rb"\s\bt\s*=\s*[\"']\w+[\"']")
_HIDDEN: Final = re.compile(rb"\s\bhidden\s*=\s*[\"']\w+[\"']")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>.*?</(?:\w+:)?f>)", re.DOTALL)


def wrong_lines_only(workbook: bytes, lines: Sequence[LineView]) -> bytes:
    """The workbook with the refused and the unreadable rows, each with what is wrong.

    Raises: NotFound D02-049 where no line is wrong; Invalid D02-001 to D02-010, as reading does.
    """
    read = read_workbook(workbook)
    by_number = {line.number: line for line in lines}
    wrong = {line.row: line.number for line in read.lines if line.filed is None or _is_refused(by_number.get(line.number))}
    if not wrong:
        raise NotFound(NO_WRONG_LINES)
    reduced = _with_rows(workbook, read.layout.part, emptied={line.row for line in read.lines} - wrong.keys())
    again = read_workbook(reduced)
    verdicts = [_verdict(line.number, by_number.get(wrong[line.row])) for line in again.lines if line.filed is not None]
    return write_results(reduced, verdicts, read=again)


def _is_refused(line: LineView | None) -> bool:
    return line is not None and line.state is LineState.REFUSED


def _verdict(number: int, line: LineView | None) -> LineVerdict:
    assert line is not None, "what is readable and wrong was refused"
    return LineVerdict(number=number, state=line.state.value, findings=line.findings)


def _with_rows(workbook: bytes, part: str, *, emptied: Collection[int]) -> bytes:
    sheet = open_package(workbook).part(part)

    def empty(row: re.Match[bytes]) -> bytes:
        number = _NUMBER.search(row["attributes"])
        if number is None or int(number[1]) not in emptied or row["cells"] is None:
            return row[0]
        prefix = row["prefix"] or b""
        attributes = _HIDDEN.sub(b"", row["attributes"]) + b' hidden="1"'
        return b"<%srow%s>%s</%srow>" % (prefix, attributes, _CELL.sub(_emptied, row["cells"]), prefix)

    return replace_part(workbook, part, _ROW.sub(empty, sheet))


def _emptied(cell: re.Match[bytes]) -> bytes:
    prefix, formula = cell["prefix"] or b"", _FORMULA.search(cell["body"] or b"")
    attributes = _KIND.sub(b"", cell["attributes"])
    return b"<%sc%s>%s</%sc>" % (prefix, attributes, formula[0], prefix) if formula else b"<%sc%s/>" % (prefix, attributes)
