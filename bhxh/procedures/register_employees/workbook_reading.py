"""Read the workbook employers use into lines of the form, cell by cell, never stopping at the first mistake.

A row counts when its name or its change code is filled. What cannot be read becomes a Finding at its cell (`C17`), with what to
write instead; the other rows are not held up. A file that cannot be read at all is one Invalid.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO

import python_calamine
from lxml import etree

from bhxh.dossiers.procedure import FilingLine
from bhxh.kernel.decisions import Citation, Finding, Outcome
from bhxh.kernel.errors import Invalid, Sentence
from bhxh.kernel.text import search_form
from bhxh.procedures.register_employees import cells, errors
from bhxh.procedures.register_employees.canonical_xml import as_filed
from bhxh.procedures.register_employees.change_codes import find_change_code, find_declaration_type
from bhxh.procedures.register_employees.columns import BY_CODE, BY_FIELD, TABLE, Column
from bhxh.procedures.register_employees.form import Line, identify
from bhxh.procedures.register_employees.old_texts import find_old_texts
from bhxh.procedures.register_employees.workbook_door import (
    Package,
    check_sheet,
    letters_of_column,
    local_name,
    number_of_column,
    open_package,
)

MAXIMUM_ROWS = 50_000
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_HEADER_WITHIN_ROWS = 40  # LIMIT: the template has its field codes in row 3; letterheads above it are short
_FEWEST_HEADERS = 5
_LAYOUT = Citation("Decision 595/QD-BHXH (2017), form D02-TS; layout of the import workbook", is_assumed=True)
_DERIVED = {"change_code": "change_title", "declaration_type": "declaration_type_title"}
"""Columns the template fills by formula from a drop-down beside them: readable without the formula's value."""

_FILLED_BY = frozenset({"full_name", "change_code", "change_title"})
"""A row counts when one of these is filled: name or change code."""

Row = Sequence[cells.Cell]
_ReadCell = Callable[[Column, cells.Cell], cells.Value | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the table lies in this very file."""

    sheet: str
    part: str
    """The part of the package that holds the sheet."""
    header_row: int
    """The row of the field codes (or of the labels, where the codes were deleted); 1-based as Excel shows it."""
    letters: Mapping[str, str]
    """Field of the form to column letter."""

    def cell(self, field: str, row: int) -> str:
        """The address a clerk looks for, such as C17; the row alone where the sheet has no such column."""
        return f"{self.letters[field]}{row}" if field in self.letters else str(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What must have been meant: a number that lost its zeros, text of an old font. A person confirms it before it is used."""

    cell: str
    written: str
    proposed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """One filled row."""

    number: int
    """Its number in the list, kept in the XML."""
    row: int
    name: str
    """As written, so that a row with mistakes can be shown."""
    filed: FilingLine | None
    """None where a cell could not be read: the row is not filed, and its findings say why.

    WHY not the `Line` itself: with room for 80 fields in each it takes five times the memory of what is filled.
    """
    findings: tuple[Finding, ...] = ()
    repairs: tuple[Repair, ...] = ()

    @property
    def line(self) -> Line | None:
        """The form's view of it."""
        return Line.from_content(self.filed.content) if self.filed is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWorkbook:
    """What a file says."""

    layout: Layout
    lines: tuple[ReadLine, ...]

    @property
    def to_file(self) -> tuple[FilingLine, ...]:
        """The readable lines: what goes into the XML."""
        return tuple(read.filed for read in self.lines if read.filed is not None)

    @property
    def repairs(self) -> Mapping[int, tuple[Repair, ...]]:
        """Line number to the repairs that want a person's confirmation."""
        return {read.number: read.repairs for read in self.lines if read.repairs}


def read_workbook(data: bytes) -> ReadWorkbook:
    """Read a file of unknown origin. Raises Invalid D02-001 to D02-010 where there is no list in it."""
    package = open_package(data)
    table = _find_table(package)
    layout = table.layout
    suspects = _find_suspects(package, layout) if table.has_suspects else {}
    places = {number_of_column(letters): field for field, letters in layout.letters.items()}
    fields = tuple(places.get(position, "") for position in range(1, max(places) + 1))
    read_cell = cells.remembering_reader()
    lines: list[ReadLine] = []
    for row_number, row in enumerate(table.rows, start=layout.header_row + 1):
        picked = {
            field: cell
            for field, cell in zip(fields, row, strict=False)
            if cell != "" and field and not cells.is_empty(cell)  # the first test is the quick one
        }
        if _FILLED_BY.isdisjoint(picked):
            continue
        if len(lines) == MAXIMUM_ROWS:
            raise Invalid(errors.TOO_MANY_ROWS, limit=MAXIMUM_ROWS)
        lines.append(_read_row(len(lines) + 1, row_number, picked, layout, suspects.get(row_number, {}), read_cell))
    if not lines:
        raise Invalid(errors.NO_ROWS, sheet=layout.sheet)
    return ReadWorkbook(layout=layout, lines=tuple(lines))


# -- find the table ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The table of a file that was found in it."""

    layout: Layout
    rows: Iterator[Row]
    """Those below the heading, one by one."""
    has_suspects: bool


def _find_table(package: Package) -> _Table:
    book = _open_with_reader(package.data)
    for sheet, part in package.sheets.items():
        with package.stream(part) as stream:
            has_suspects = check_sheet(stream)
        rows = _rows_of(book, sheet)
        first = list(islice(rows, _HEADER_WITHIN_ROWS + 1))
        for index, row in enumerate(first[:_HEADER_WITHIN_ROWS]):
            letters = _match_codes(row) or _match_labels(row, first[index + 1] if index + 1 < len(first) else ())
            if letters:
                layout = Layout(sheet=sheet, part=part, header_row=index + 1, letters=letters)
                return _Table(layout=layout, rows=chain(first[index + 1 :], rows), has_suspects=has_suspects)
    raise Invalid(errors.NO_DATA_SHEET)


def _match_codes(row: Row) -> dict[str, str]:
    found: dict[str, str] = {}
    for position, cell in enumerate(row, start=1):
        column = BY_CODE.get(cell.strip()) if isinstance(cell, str) else None
        if column is not None:
            found.setdefault(column.field, letters_of_column(position))
    return found if _is_header(found) else {}


def _match_labels(row: Row, following: Row) -> dict[str, str]:
    """By label, for files whose row of field codes was deleted. Repeated labels are told apart by their order."""
    if _match_codes(following):
        return {}
    waiting: dict[str, list[Column]] = {}
    for column in TABLE:
        waiting.setdefault(search_form(column.label_vi), []).append(column)
    found: dict[str, str] = {}
    for position, cell in enumerate(row, start=1):
        candidates = waiting.get(search_form(cell)) if isinstance(cell, str) else None
        if candidates and (column := candidates.pop(0)).field:
            found[column.field] = letters_of_column(position)
    return found if _is_header(found) else {}


def _is_header(found: Mapping[str, str]) -> bool:
    return len(found) >= _FEWEST_HEADERS and "full_name" in found and bool({"change_code", "change_title"} & found.keys())


def _open_with_reader(data: bytes) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError as error:
        raise Invalid(errors.HAS_PASSWORD) from error
    except BaseException as error:
        raise _damaged_or(error) from error


def _rows_of(book: python_calamine.CalamineWorkbook, sheet: str) -> Iterator[Row]:
    try:
        yield from book.get_sheet_by_name(sheet).iter_rows()
    except GeneratorExit:
        raise
    except BaseException as error:
        raise _damaged_or(error) from error


def _damaged_or(error: BaseException) -> BaseException:
    # WHY by name: the reader is written in Rust, and its panics are no Exception and cannot be imported.
    is_readers = isinstance(error, Exception) or type(error).__name__ == "PanicException"
    return Invalid(errors.FILE_DAMAGED) if is_readers else error


# -- cells the reader cannot tell from empty ones ---------------------------------------------------------------


def _find_suspects(package: Package, layout: Layout) -> dict[int, dict[str, str]]:
    """Cells with a formula nobody calculated ("") or with an error of Excel ("#REF!"), by row and field."""
    with package.stream(layout.part) as stream:
        return _find_suspects_in(stream, layout)


def _find_suspects_in(sheet: IO[bytes], layout: Layout) -> dict[int, dict[str, str]]:
    wanted = {letter: field for field, letter in layout.letters.items()}
    suspects: dict[int, dict[str, str]] = {}
    try:
        for _, element in etree.iterparse(
            sheet, events=("end",), tag=("{*}c", "{*}row"), resolve_entities=False, no_network=True, huge_tree=True
        ):
            if local_name(element) == "row":
                _forget(element)
                continue
            address = _ADDRESS.fullmatch(str(element.get("r") or ""))
            if address is None or address[1] not in wanted:
                continue
            held = {local_name(child): child.text or "" for child in element}
            found = None
            if element.get("t") == "e":
                found = held.get("v", "")
            elif "f" in held and not held.get("v") and not (element.get("t") == "str" and "v" in held):
                found = ""
            if found is not None:
                suspects.setdefault(int(address[2]), {})[wanted[address[1]]] = found
    except etree.XMLSyntaxError as error:
        raise Invalid(errors.FILE_DAMAGED) from error
    return suspects


def _forget(row: etree._Element) -> None:
    """Let go of a row that was read, so that a large sheet never stands in memory as a tree."""
    row.clear()
    parent = row.getparent()
    while parent is not None and row.getprevious() is not None:
        del parent[0]


# -- one row ----------------------------------------------------------------------------------------------------


def _read_row(
    number: int, row: int, picked: Mapping[str, cells.Cell], layout: Layout, suspects: Mapping[str, str], read_cell: _ReadCell
) -> ReadLine:
    values: dict[str, cells.Value] = {}
    findings: list[Finding] = []
    for field in (*picked, *(suspects.keys() - picked.keys())):
        column = BY_FIELD[field]
        try:
            if field not in picked:
                _refuse_suspect(column, layout.cell(field, row), suspects[field], picked)
                continue
            value = read_cell(column, picked[field])
        except Invalid as error:
            findings.append(_finding(error.sentence, layout.cell(field, row), error.parameters, is_spare=_is_spare(column, picked)))
            continue
        if value is not None:
            values[cells.target_field(column, value)] = value
    findings.extend(_derive_codes(values, row, layout, {finding.where for finding in findings}))
    name = str(values.get("full_name", ""))
    if any(finding.outcome is Outcome.NOT_MET for finding in findings):
        return ReadLine(number=number, row=row, name=name, filed=None, findings=tuple(findings))
    line = Line.model_validate(values)
    return ReadLine(
        number=number,
        row=row,
        name=name,
        filed=as_filed(number, line),
        findings=tuple(findings),
        repairs=tuple(_propose(line, layout, row)),
    )


def _propose(line: Line, layout: Layout, row: int) -> Iterator[Repair]:
    identity = identify(line)
    if identity.is_repaired and identity.pin is not None:
        yield Repair(cell=layout.cell(identity.field, row), written=identity.written, proposed=identity.pin)
    for old in find_old_texts(line):
        if old.proposed:
            yield Repair(cell=layout.cell(old.field, row), written=old.written, proposed=old.proposed)


def _refuse_suspect(column: Column, address: str, error_shown: str, picked: Mapping[str, cells.Cell]) -> None:
    source = _DERIVED.get(column.field)
    if source in picked:
        return
    if error_shown:
        raise Invalid(errors.CELL_IS_ERROR, cell=address, value=error_shown)
    raise Invalid(errors.FORMULA_WITHOUT_VALUE, cell=address)


def _derive_codes(values: dict[str, cells.Value], row: int, layout: Layout, known_wrong: set[str]) -> Iterator[Finding]:
    """Fill the two code columns from the titles beside them where a formula left them empty."""
    change, kind = str(values.get("change_title", "")), str(values.get("declaration_type_title", ""))
    if "change_code" not in values and layout.cell("change_code", row) not in known_wrong:
        found = find_change_code(change)
        if found is not None:
            values["change_code"] = found.code
        else:
            sentence = errors.UNKNOWN_CHANGE_CODE if change else errors.CHANGE_CODE_MISSING
            field = "change_title" if "change_title" in layout.letters else "change_code"
            yield _finding(sentence, layout.cell(field, row), {"value": cells.shown(change)} if change else {})
    if "declaration_type" not in values and kind and (derived := find_declaration_type(kind)):
        values["declaration_type"] = derived


def _is_spare(column: Column, picked: Mapping[str, cells.Cell]) -> bool:
    """Whether a malformed number may be passed over because the other number column is readable."""
    if column.field != "id_number":
        return False
    try:
        return cells.read(BY_FIELD["si_code"], picked.get("si_code")) is not None
    except Invalid:
        return False


def _finding(sentence: Sentence, address: str, parameters: Mapping[str, object], *, is_spare: bool = False) -> Finding:
    plain = {key: str(value) for key, value in parameters.items()}
    if is_spare:
        spare = {"written": plain.get("value", "")}
        return Finding(errors.SPARE_NUMBER_IGNORED, Outcome.WARNING, _LAYOUT, where=address, parameters=spare)
    return Finding(sentence, Outcome.NOT_MET, _LAYOUT, where=address, parameters=plain)
