"""Make a D02 workbook in the layout employers use today: `python -m samples.make_d02_workbook out/d02.xlsx`.

Same sheet name, three header rows (hints, labels, hidden field codes), 82 columns and drop-downs. The demonstration's list has 32
workers: hires, leavers, wage changes; among them the mistakes real lists have.
"""

import io
import os
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import django
import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhxh.wiring.settings")
django.setup()

from bhxh.kernel.months import Month  # noqa: E402
from bhxh.procedures.register_employees.change_codes import CHANGE_CODES, DECLARATION_TYPES  # noqa: E402
from bhxh.procedures.register_employees.columns import BY_FIELD, COLUMNS, TABLE  # noqa: E402
from bhxh.registry.synthetic import Population, SyntheticCitizen, generate, register_view  # noqa: E402

Cell = str | int | float | date
SampleLine = Mapping[str, Cell]
"""Field of the form to what is typed into its cell."""

SHEET, LISTS = "Dữ Liệu", "Danh mục"
FIRST_ROW = 4
_ROWS_WITH_LISTS = 1_000
_HINTS = {
    "worker_reference": "Những cột màu xanh đậm là bắt buộc. Dữ liệu nhập từ dòng thứ 4.",
    "si_code": "Số định danh cá nhân 12 chữ số, định dạng Văn bản",
    "from_month": "MM/YYYY",
    "birth_on": "ngày/tháng/năm, tháng/năm hoặc năm",
    "sex": "Nam: 1, Nữ: 0",
    "wage_vnd": "Số đồng, ví dụ 14.500.000",
}
_MANDATORY = {"full_name", "si_code", "declaration_type_title", "change_title", "job_title", "wage_vnd", "from_month"}
_WIDE = {"full_name": 26, "change_title": 30, "declaration_type_title": 20, "job_title": 24, "workplace": 28, "si_code": 17, "wage_vnd": 16}
_WRAPPED = {"job_title", "workplace"}
_THIN = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def make(path: Path, lines: Sequence[SampleLine]) -> Path:
    """Write a workbook with these lines."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _write_header(sheet)
    for row, line in enumerate(lines, start=FIRST_ROW):
        for field, value in line.items():
            cell = sheet[f"{BY_FIELD[field].letter}{row}"]
            cell.value = value
            cell.border = _BOX
            cell.alignment = Alignment(wrap_text=field in _WRAPPED, vertical="top")
            if isinstance(value, date):
                cell.number_format = "dd/mm/yyyy"
            elif isinstance(value, str):
                cell.number_format = "@"
    _fold_away(sheet, {field for line in lines for field in line})
    _add_lists(book, sheet)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def make_large(lines: Iterable[SampleLine]) -> bytes:
    """The bytes of a workbook with any number of lines: the package that `make` writes, its rows written as text.

    WHY not one cell at a time: 50,000 rows would take the library minutes and a gigabyte.
    """
    with TemporaryDirectory() as folder:
        package = make(Path(folder) / "head.xlsx", []).read_bytes()
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for part in source.infolist():
            head, end, tail = source.read(part).partition(b"</sheetData>")
            with target.open(part.filename, "w") as stream:
                stream.write(head)
                if part.filename == "xl/worksheets/sheet1.xml":
                    stream.writelines(_rows(lines))
                stream.write(end + tail)
    return written.getvalue()


def _rows(lines: Iterable[SampleLine]) -> Iterator[bytes]:
    for row, line in enumerate(lines, start=FIRST_ROW):
        cells = "".join(_cell(f"{column.letter}{row}", line[column.field]) for column in COLUMNS if column.field in line)
        yield f'<row r="{row}">{cells}</row>'.encode()


def _cell(address: str, value: Cell) -> str:
    if isinstance(value, int | float):
        return f'<c r="{address}"><v>{value}</v></c>'
    shown = _day(value) if isinstance(value, date) else value
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(shown)}</t></is></c>'


def demo_period(population: Population) -> Month:
    """The month the demonstration declares: the first that nobody has declared yet."""
    return population.last_month.plus(1)


def demo_lines(population: Population) -> list[SampleLine]:
    """The 32 lines of the demonstration: 22 hires, 5 leavers, 3 wage changes, 1 maternity leave, 1 new title.

    Four hires are wrong on purpose, in this order at the end of the hires: a lost leading zero (a number cell), a birth date that
    differs from the register, a wage below the social insurance floor, and a soldier.
    """
    view = register_view(population)
    dirty = {*view.mismatched_pins, *view.missing_pins}
    month = demo_period(population)
    hires = [citizen for citizen in population.hire_candidates if citizen.pin not in dirty]
    cut = next(citizen for citizen in hires if citizen.pin[0] == "0" and citizen.pin[1] != "0")
    hires = [citizen for citizen in hires if citizen is not cut]
    workers = [citizen for citizen in population.demo_workers if citizen.pin not in dirty]
    lines = [_hire(citizen, month, position) for position, citizen in enumerate(hires[:18])]
    differing, underpaid = hires[18], hires[19]
    lines.append({**_hire(cut, month, 1), "si_code": int(cut.pin)})
    lines.append({**_hire(differing, month, 1), "birth_on": _day(differing.birth_on + timedelta(days=1))})
    lines.append({**_hire(underpaid, month, 1), "wage_vnd": 2_000_000})
    lines.append(_hire(population.soldiers[0], month, 1))
    lines += [_change(citizen, month, "GH" if position < 3 else "GD", "3") for position, citizen in enumerate(workers[:5])]
    for position, citizen in enumerate(workers[5:8]):
        spell = citizen.present_spell(population.last_month)
        assert spell is not None, "a worker of the employer has a spell there"
        raised = spell.wage(population.last_month) * 11 // 10 // 1_000 * 1_000
        lines.append({**_change(citizen, month, "DC", "2"), "wage_vnd": f"{raised:,}".replace(",", ".") if position else raised})
    mother = next(citizen for citizen in workers[8:] if citizen.sex == "FEMALE")
    lines.append({**_change(mother, month, "TS", "3"), "to_month": month.plus(5).shown})
    promoted = next(citizen for citizen in workers[8:] if citizen is not mother)
    lines.append({**_change(promoted, month, "CD", "5"), "job_title": "Tổ trưởng sản xuất"})
    return [{"worker_reference": number, **line} for number, line in enumerate(lines, start=1)]


def _hire(citizen: SyntheticCitizen, month: Month, position: int) -> SampleLine:
    """A hire; every third one without birth date and sex, which the population register knows."""
    line: dict[str, Cell] = {
        **_change(citizen, month, ("TM", "TD", "TC")[position % 3] if citizen.is_registered else "TM", "1"),
        "job_title": ("Công nhân may", "Nhân viên kho", "Kỹ thuật viên")[position % 3],
        "workplace": "Xưởng 2, Khu công nghiệp",
        "wage_vnd": (9_800_000, "14.500.000", "11,200,000")[position % 3],
        "nationality_title": "Việt Nam",
        "nationality": "VN",
    }
    if position % 3:
        line["birth_on"] = citizen.birth_on if position % 2 else _day(citizen.birth_on)
        line["sex"] = 1 if citizen.sex == "MALE" else 0
    return line


def _change(citizen: SyntheticCitizen, month: Month, code: str, kind: str) -> dict[str, Cell]:
    return {
        "full_name": citizen.full_name,
        "si_code": citizen.pin,
        "declaration_type_title": DECLARATION_TYPES[kind][0],
        "declaration_type": int(kind),
        "change_title": f"{code} - {CHANGE_CODES[code].title_vi}",
        "change_code": code,
        "from_month": month.shown,
    }


def _day(on: date) -> str:
    return f"{on:%d/%m/%Y}"


def _write_header(sheet: Worksheet) -> None:
    for column in TABLE:
        hint, label, code = (sheet[f"{column.letter}{row}"] for row in (1, 2, 3))
        hint.value, label.value, code.value = _HINTS.get(column.field), column.label_vi, column.code or None
        is_mandatory = column.field in _MANDATORY
        label.fill = PatternFill("solid", start_color="1F4E79" if is_mandatory else "DDEBF7")
        label.font = Font(bold=True, color="FFFFFF" if is_mandatory else "000000")
        for cell in (hint, label):
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
            cell.border = _BOX
        sheet.column_dimensions[column.letter].width = _WIDE.get(column.field, 13)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height, sheet.row_dimensions[3].hidden = 60, 36, True
    sheet.freeze_panes = "C4"


def _fold_away(sheet: Worksheet, used: set[str]) -> None:
    """Hide the columns nobody filled, as clerks do, and print on one page's width."""
    for column in TABLE:
        sheet.column_dimensions[column.letter].hidden = column.field not in used
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _add_lists(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    lists = book.create_sheet(LISTS)
    changes = [f"{change.code} - {change.title_vi}" for change in CHANGE_CODES.values()]
    kinds = [title for title, _ in DECLARATION_TYPES.values()]
    for column, values in (("A", kinds), ("B", changes)):
        for row, value in enumerate(values, start=1):
            lists[f"{column}{row}"] = value
    choices = {
        "declaration_type_title": f"'{LISTS}'!$A$1:$A${len(kinds)}",
        "change_title": f"'{LISTS}'!$B$1:$B${len(changes)}",
        "sex": '"0,1"',
    }
    for letter, formula in _by_letter(choices):
        validation = DataValidation(type="list", formula1=formula, allow_blank=True)
        validation.add(f"{letter}{FIRST_ROW}:{letter}{_ROWS_WITH_LISTS}")
        sheet.add_data_validation(validation)


def _by_letter(choices: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field, formula in choices.items():
        yield BY_FIELD[field].letter, formula


if __name__ == "__main__":
    written = make(Path(sys.argv[1] if len(sys.argv) > 1 else "out/d02.xlsx"), demo_lines(generate(1)))
    print(f"written: {written}")
