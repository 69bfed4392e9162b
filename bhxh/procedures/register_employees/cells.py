"""Read what somebody typed into one cell: numbers as text, text as numbers, serial dates, all the ways people write a wage.

The same readers serve the XML, whose elements hold text in canonical form. An empty cell reads as None.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from bhxh.kernel.errors import Invalid, Sentence
from bhxh.kernel.months import Month
from bhxh.kernel.old_encodings import recognise
from bhxh.kernel.text import search_form, tidy
from bhxh.procedures.register_employees import errors, text_errors
from bhxh.procedures.register_employees.change_codes import find_change_code, find_declaration_type
from bhxh.procedures.register_employees.columns import COLUMNS, Column, Kind
from bhxh.procedures.register_employees.form import CONTROL_CHARACTERS, HIGHEST_COEFFICIENT, LONGEST_TEXT, tidy_typed

Cell = str | float | bool | date | datetime | time | timedelta | None
"""What a workbook gives for one cell (dates are subclasses of each other, bool and int of float's tower)."""
Value = str | int | bool
"""What a field of the form holds."""

_SERIAL_DAY_0 = date(1899, 12, 30)
_LARGEST_SERIAL = 73_415  # 31 December 2100
_LARGEST_EXACT = 10**15  # LIMIT: Excel keeps 15 digits; a longer number has lost its last ones
_FIRST_YEAR, _LAST_YEAR = 1850, 2199  # LIMIT: a day of a birth, a contract or a month outside is a slip
_SHOWN_CHARACTERS = 40
_REMEMBERED = 500  # LIMIT: different texts of a column kept; names and numbers fill it and repeat nowhere, titles and codes fit
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(:00)?)?")
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-](\d{4})")
_YEAR = re.compile(r"(1[89]|20)\d{2}")


def read(column: Column, cell: Cell) -> Value | None:
    """The value of a cell for its column; None where it is empty.

    Raises: Invalid D02-02x or D02-03x with a sentence that says what to write.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    return _READERS[column.kind](column, cell)


def remembering_reader() -> Callable[[Column, Cell], Value | None]:
    """`read` for one list: text that stood in the same column before is not worked out again. A long list repeats most of its cells.

    WHY text only: True, 1 and 1.0 would be one key. WHY for one list: what somebody typed must not outlive it.
    """
    known: dict[str, dict[str, Value | None]] = {column.code: {} for column in COLUMNS}

    def read_or_remember(column: Column, cell: Cell) -> Value | None:
        if type(cell) is not str:
            return read(column, cell)
        before = known[column.code]
        if cell in before:
            return before[cell]
        value = read(column, cell)
        if len(before) < _REMEMBERED:
            before[cell] = value
        return value

    return read_or_remember


def target_field(column: Column, value: Value) -> str:
    """The field of the form a value goes to: a coefficient in the wage column is not an amount."""
    return "wage_coefficient" if column.kind is Kind.WAGE and isinstance(value, str) else column.field


def is_empty(cell: Cell) -> bool:
    """Whether nothing was typed."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell) -> str:
    """A cell as a sentence quotes it."""
    return _as_text(cell)[:_SHOWN_CHARACTERS]


# -- one reader for each kind -----------------------------------------------------------------------------------


def _read_text(column: Column, cell: Cell) -> str | None:
    text = _as_text(cell)
    if CONTROL_CHARACTERS.search(text):
        raise Invalid(text_errors.CHARACTERS_NOT_ALLOWED, label=column.label_vi)
    text = tidy_typed(text)
    if len(text) > LONGEST_TEXT:
        raise Invalid(errors.TEXT_TOO_LONG, label=column.label_vi, length=len(text), limit=LONGEST_TEXT)
    return text or None


def _read_identifier(column: Column, cell: Cell) -> str:
    if isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= _LARGEST_EXACT):
        raise _wrong(errors.DIGITS_LOST, column, cell)
    text = re.sub(r"[\s.'’]", "", _as_text(cell))
    if re.fullmatch(r"\d+([.,]\d+)?E\+?\d+", text, re.IGNORECASE | re.ASCII) or re.fullmatch(r"\d+,\d+E\+?\d+", text, re.IGNORECASE):
        raise _wrong(errors.DIGITS_LOST, column, cell)
    if not re.fullmatch(r"\d{9,12}", text, re.ASCII):
        raise _wrong(errors.BAD_IDENTIFIER, column, cell)
    return text


def _read_declaration_type(column: Column, cell: Cell) -> str:
    text = tidy(_as_text(cell))
    found = find_declaration_type(text) or find_declaration_type(_word(cell))
    if found is None:
        raise _wrong(errors.UNKNOWN_DECLARATION_TYPE, column, cell)
    return found


def _read_change_code(column: Column, cell: Cell) -> str:
    found = find_change_code(tidy(_as_text(cell)))
    if found is None:
        raise _wrong(errors.UNKNOWN_CHANGE_CODE, column, cell)
    return found.code


def _read_wage(column: Column, cell: Cell) -> int | str | None:
    """An amount as int, or a coefficient as text. Nought is as good as empty: leavers have it."""
    text = _as_text(cell).strip().replace(",", ".")
    if re.fullmatch(r"\d{1,3}(\.\d{1,2})?", text, re.ASCII) and float(text) <= HIGHEST_COEFFICIENT:
        return text if float(text) > 0 else None
    amount = _read_money(column, cell)
    return amount if amount > HIGHEST_COEFFICIENT else None


def _read_money(column: Column, cell: Cell) -> int:
    """`14500000`, `14.500.000`, `14,500,000`, `14 500 000`, `14500000,00`, with or without the unit."""
    text = re.sub(r"(?i)\s*(đồng|dong|vnd|vnđ|đ)\.?$", "", _as_text(cell).strip())
    text = re.sub(r"[\s\u00a0\u202f]", "", text)
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[.,]", "", text)
    else:
        text = re.sub(r"[.,]0{1,2}$", "", text)
        if _GROUPED.fullmatch(text):
            text = re.sub(r"[.,]", "", text)
    if not re.fullmatch(r"\d{1,10}", text, re.ASCII):
        raise _wrong(errors.NOT_AN_AMOUNT, column, cell)
    return int(text)


def _read_decimal(column: Column, cell: Cell) -> str:
    text = _as_text(cell).strip().removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII):
        raise _wrong(errors.NOT_A_DECIMAL, column, cell)
    return text


def _read_month(column: Column, cell: Cell) -> str:
    """`11/2026`, `2026-11`, a date of that month, or Excel's number of such a date."""
    try:
        if (day := _find_day(cell)) is not None:
            return str(Month.of(day))
        return str(Month.parse(_as_text(cell).strip().replace(".", "/").replace(" ", "")))
    except Invalid as error:
        raise _wrong(errors.NOT_A_MONTH, column, cell) from error


def _read_date(column: Column, cell: Cell) -> str:
    day = _find_day(cell)
    if day is None:
        raise _wrong(errors.NOT_A_DATE, column, cell)
    return day.isoformat()


def _read_birth(column: Column, cell: Cell) -> str:
    """A day, a month (`MM/YYYY`), or a year alone, also where the year is a number."""
    text = _as_text(cell).strip()
    if _YEAR.fullmatch(text):
        return text
    if found := _MONTH_FIRST.fullmatch(text):
        return str(_month_of(column, cell, int(found[2]), int(found[1])))
    if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        return str(_month_of(column, cell, int(text[:4]), int(text[5:])))
    return _read_date(column, cell)


def _read_sex(column: Column, cell: Cell) -> str:
    known = {"1": "MALE", "NAM": "MALE", "MALE": "MALE", "0": "FEMALE", "NU": "FEMALE", "FEMALE": "FEMALE"}
    found = known.get(_word(cell))
    if found is None:
        raise _wrong(errors.BAD_SEX, column, cell)
    return found


def _read_yes_no(column: Column, cell: Cell) -> bool:
    known = {"1": True, "X": True, "CO": True, "TRUE": True, "0": False, "KHONG": False, "FALSE": False}
    found = known.get(_word(cell))
    if found is None:
        raise _wrong(errors.BAD_YES_NO, column, cell)
    return found


def _read_region(column: Column, cell: Cell) -> str:
    known = {"1": "1", "2": "2", "3": "3", "4": "4", "I": "1", "II": "2", "III": "3", "IV": "4"}
    text = search_form(_as_text(cell)).removeprefix("VUNG").strip().lstrip("0")
    if text not in known:
        raise _wrong(errors.UNKNOWN_REGION, column, cell)
    return known[text]


_READERS: Mapping[Kind, Callable[[Column, Cell], Value | None]] = {
    Kind.TEXT: _read_text,
    Kind.IDENTIFIER: _read_identifier,
    Kind.DECLARATION_TYPE: _read_declaration_type,
    Kind.CHANGE_CODE: _read_change_code,
    Kind.WAGE: _read_wage,
    Kind.MONEY: _read_money,
    Kind.DECIMAL: _read_decimal,
    Kind.MONTH: _read_month,
    Kind.DATE: _read_date,
    Kind.BIRTH: _read_birth,
    Kind.SEX: _read_sex,
    Kind.YES_NO: _read_yes_no,
    Kind.REGION: _read_region,
}


def _as_text(cell: Cell) -> str:
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer() and abs(cell) < _LARGEST_EXACT:
            return str(int(cell))
        case datetime() if (cell.hour, cell.minute, cell.second) == (0, 0, 0):
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def _word(cell: Cell) -> str:
    """A word of a short list, without marks, also where it was typed with an old font."""
    text = _as_text(cell)
    old = recognise(text)
    return search_form(old.unicode if old is not None and old.unicode else text)


def _find_day(cell: Cell) -> date | None:
    day = _read_day(cell)
    return day if day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _read_day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _as_text(cell).strip()
    if re.fullmatch(r"\d{5}", text, re.ASCII) and int(text) <= _LARGEST_SERIAL:
        return _SERIAL_DAY_0 + timedelta(days=int(text))
    if found := _DAY_FIRST.fullmatch(text):
        year, month, day = int(found[3]), int(found[2]), int(found[1])
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_of(column: Column, cell: Cell, year: int, month: int) -> str:
    try:
        return date(year, month, 1).isoformat()[:7]
    except ValueError as error:
        raise _wrong(errors.NOT_A_DATE, column, cell) from error


def _wrong(sentence: Sentence, column: Column, cell: Cell) -> Invalid:
    return Invalid(sentence, label=column.label_vi, value=shown(cell))
