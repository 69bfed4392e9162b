"""The workbook employers send: what is read, what is refused, and what comes back."""

import io
import os
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bhxh.kernel.decisions import Outcome
from bhxh.kernel.errors import Invalid
from bhxh.procedures.register_employees import canonical_xml, errors
from bhxh.procedures.register_employees.form import Header, Line
from bhxh.procedures.register_employees.workbook_door import MAXIMUM_BYTES, check_sheet
from bhxh.procedures.register_employees.workbook_reading import ReadWorkbook, Repair, read_workbook
from bhxh.procedures.register_employees.workbook_writing import LineVerdict, write_results
from samples.make_d02_workbook import demo_lines, make
from tests.old_fonts import to_tcvn3, to_vni
from tests.other_programs import BESIDE

_SHARED = Path(os.environ.get("BHXH_SHARED", Path(__file__).resolve().parents[4] / "shared"))
_VENDOR = _SHARED / "data" / "employer-forms" / "FileMau_D02_TK1_VNPT.xlsx"
needs_vendor_file = pytest.mark.skipif(not _VENDOR.exists(), reason=f"NOT TESTED: the vendor's workbook. {BESIDE}")

GOOD: dict[str, Any] = {
    "full_name": "Nguyễn Thị Mẫu",
    "si_code": "079188000123",
    "change_title": "TM - Tăng mới",
    "change_code": "TM",
    "from_month": "11/2026",
    "wage_vnd": 14_500_000,
}


def workbook(tmp_path: Path, *lines: Mapping[str, Any]) -> bytes:
    return make(tmp_path / "d02.xlsx", lines).read_bytes()


def one(tmp_path: Path, **changes: Any) -> Any:
    [line] = read_workbook(workbook(tmp_path, {**GOOD, **changes})).lines
    return line


def edited(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            assert info.filename != part or old in content
            target.writestr(info, content.replace(old, new) if info.filename == part else content)
    return written.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_filled_row_is_read(tmp_path: Path) -> None:
    line = one(tmp_path)
    assert (line.row, line.number, line.findings) == (4, 1, ())
    assert line.line.as_content() == {
        "full_name": "Nguyễn Thị Mẫu",
        "si_code": "079188000123",
        "change_title": "TM - Tăng mới",
        "change_code": "TM",
        "from_month": "2026-11",
        "wage_vnd": 14_500_000,
    }


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        ("wage_vnd", "14.500.000", 14_500_000),
        ("wage_vnd", "14,500,000", 14_500_000),
        ("wage_vnd", "14 500 000 đồng", 14_500_000),
        ("wage_vnd", "14500000,00", 14_500_000),
        ("wage_vnd", 14_500_000.0, 14_500_000),
        ("from_month", "11/2026", "2026-11"),
        ("from_month", "1/2026", "2026-01"),
        ("from_month", "2026-11", "2026-11"),
        ("from_month", date(2026, 11, 1), "2026-11"),
        ("from_month", 46327, "2026-11"),
        ("birth_on", "1990", "1990"),
        ("birth_on", 1990, "1990"),
        ("birth_on", "05/1990", "1990-05"),
        ("birth_on", "5/6/1990", "1990-06-05"),
        ("birth_on", date(1990, 6, 5), "1990-06-05"),
        ("birth_on", 33029, "1990-06-05"),
        ("sex", 1, "MALE"),
        ("sex", "Nữ", "FEMALE"),
        ("rate_percent", "32,5", "32.5"),
        ("has_book", "x", True),
        ("wage_region", "01", "1"),
        ("wage_region", "Vùng II", "2"),
        ("si_code", "079 188 000 123", "079188000123"),
        ("si_code", 179188000123.0, "179188000123"),
    ],
)
def test_the_many_ways_people_write(tmp_path: Path, field: str, typed: Any, read: Any) -> None:
    line = one(tmp_path, **{field: typed})
    assert line.findings == ()
    assert getattr(line.line, field) == read


@pytest.mark.parametrize(
    ("field", "typed", "sentence", "cell"),
    [
        ("from_month", "13/2026", errors.NOT_A_MONTH, "P4"),
        ("from_month", "tháng mười", errors.NOT_A_MONTH, "P4"),
        ("birth_on", "31/02/1990", errors.NOT_A_DATE, "AD4"),
        ("wage_vnd", "mười triệu", errors.NOT_AN_AMOUNT, "J4"),
        ("wage_vnd", 14_500_000.5, errors.NOT_AN_AMOUNT, "J4"),
        ("wage_vnd", -5, errors.NOT_AN_AMOUNT, "J4"),
        ("si_code", "7.9188E+10", errors.DIGITS_LOST, "C4"),
        ("si_code", 79188000123.5, errors.DIGITS_LOST, "C4"),
        ("si_code", "07918800012A", errors.BAD_IDENTIFIER, "C4"),
        ("si_code", "12345678", errors.BAD_IDENTIFIER, "C4"),
        ("sex", "5", errors.BAD_SEX, "AE4"),
        ("change_code", "ZZ", errors.UNKNOWN_CHANGE_CODE, "G4"),
        ("declaration_type", 9, errors.UNKNOWN_DECLARATION_TYPE, "E4"),
        ("has_book", "có thể", errors.BAD_YES_NO, "V4"),
        ("note", "x" * 501, errors.TEXT_TOO_LONG, "S4"),
        ("wage_region", "05", errors.UNKNOWN_REGION, "Z4"),
    ],
)
def test_a_wrong_cell_says_where_what_and_how(tmp_path: Path, field: str, typed: Any, sentence: Any, cell: str) -> None:
    line = one(tmp_path, **{field: typed})
    assert line.line is None
    assert [(f.sentence, f.where, f.outcome) for f in line.findings] == [(sentence, cell, Outcome.NOT_MET)]
    assert "{" not in line.findings[0].text("vi") + line.findings[0].text("en")


def test_a_malformed_spare_number_is_passed_over(tmp_path: Path) -> None:
    line = one(tmp_path, id_number="abc")
    assert line.line is not None
    assert [finding.sentence for finding in line.findings] == [errors.SPARE_NUMBER_IGNORED]


def test_a_lost_zero_is_proposed_and_never_put_in_silently(tmp_path: Path) -> None:
    read = read_workbook(workbook(tmp_path, {**GOOD, "si_code": 79188000123}))
    assert read.repairs == {1: (Repair(cell="C4", written="79188000123", proposed="079188000123"),)}
    assert read.lines[0].line is not None
    assert read.lines[0].line.si_code == "79188000123"


def test_text_of_an_old_font_is_proposed_in_unicode_and_kept_as_written(tmp_path: Path) -> None:
    written = {"full_name": to_tcvn3("Vương Thị  Mẫu "), "job_title": to_vni("Thợ may công nghiệp"), "sex": to_tcvn3("Nữ")}
    read = read_workbook(workbook(tmp_path, {**GOOD, **written}))
    assert read.repairs[1] == (
        Repair(cell="B4", written=to_tcvn3("Vương Thị Mẫu"), proposed="Vương Thị Mẫu"),
        Repair(cell="H4", written=to_vni("Thợ may công nghiệp"), proposed="Thợ may công nghiệp"),
    )
    line = read.lines[0].line
    assert line is not None
    assert (line.full_name, line.sex) == (to_tcvn3("Vương Thị Mẫu"), "FEMALE"), "the letter ư is a soft hyphen there, and stays"
    header = Header(tax_code="0110000027", unit_name="Công ty Mẫu", period="2026-11", made_on=date(2026, 11, 21))
    [filed] = canonical_xml.read(canonical_xml.write(header, read.to_file)).lines
    assert Line.from_content(filed.content) == line


def test_a_pay_coefficient_is_not_an_amount(tmp_path: Path) -> None:
    line = one(tmp_path, wage_vnd="2,34").line
    assert (line.wage_vnd, line.wage_coefficient) == (None, "2.34")


def test_one_wrong_row_holds_no_other_up_and_numbers_stay(tmp_path: Path) -> None:
    read = read_workbook(workbook(tmp_path, GOOD, {**GOOD, "from_month": "x"}, {}, {"note": "chỉ ghi chú"}, GOOD))
    assert [(line.number, line.row, line.line is not None) for line in read.lines] == [(1, 4, True), (2, 5, False), (3, 8, True)]
    assert [line.number for line in read.to_file] == [1, 3]


def test_the_sheet_is_found_by_its_header_whatever_its_name_and_place(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(tmp_path, GOOD)))
    sheet = book["Dữ Liệu"]
    sheet.title = "thang 11"
    sheet.insert_rows(1, 4)
    sheet.insert_cols(2)
    book.create_sheet("Ghi chú", 0)["A1"] = "HoTen"
    target = io.BytesIO()
    book.save(target)
    [line] = read_workbook(target.getvalue()).lines
    assert (line.row, line.findings, line.line is not None) == (8, (), True)


def test_labels_do_where_the_row_of_codes_was_deleted(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(tmp_path, {**GOOD, "fixed_contract_from_on": "01/11/2026"})))
    book["Dữ Liệu"].delete_rows(3)
    target = io.BytesIO()
    book.save(target)
    [line] = read_workbook(target.getvalue()).lines
    assert line.row == 3
    assert line.line is not None
    assert (line.line.full_name, line.line.fixed_contract_from_on) == (GOOD["full_name"], "2026-11-01")


def test_a_formula_nobody_calculated(tmp_path: Path) -> None:
    line = one(tmp_path, wage_vnd="=5000000*2")
    assert [(f.sentence, f.where) for f in line.findings] == [(errors.FORMULA_WITHOUT_VALUE, "J4")]


def test_a_code_column_by_formula_is_read_from_the_drop_down_beside_it(tmp_path: Path) -> None:
    line = one(tmp_path, change_code='=IF(TRUE,"TM","")')
    assert line.findings == ()
    assert line.line.change_code == "TM"


def test_an_error_of_excel_is_said(tmp_path: Path) -> None:
    data = edited(workbook(tmp_path, GOOD), SHEET, b"<v>14500000</v>", b"<v>14500000</v>")
    data = edited(data, SHEET, b't="n"><v>14500000</v>', b't="e"><v>#REF!</v>')
    [line] = read_workbook(data).lines
    assert [(f.sentence, f.where) for f in line.findings] == [(errors.CELL_IS_ERROR, "J4")]


def _refused(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_workbook(data)
    return caught.value.code


def test_files_that_are_no_workbook(tmp_path: Path) -> None:
    good = workbook(tmp_path, GOOD)
    assert _refused(b"") == "D02-001"
    assert _refused(b"Ho ten;CMND\n") == "D02-001"
    assert _refused(b"%PDF-1.7") == "D02-001"
    assert _refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "D02-002"
    assert _refused(b"PK\x03\x04" + bytes(MAXIMUM_BYTES)) == "D02-004"
    assert _refused(good[: len(good) // 2]) == "D02-006"
    assert _refused(edited(good, "[Content_Types].xml", b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")) == "D02-003"
    assert _refused(edited(good, "xl/workbook.xml", b"<workbook", b"<!DOCTYPE x [<!ENTITY e 'x'>]><workbook")) == "D02-006"


def test_a_zip_that_is_something_else() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert _refused(target.getvalue()) == "D02-001"


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_workbook_packed_as_no_program_packs_it(tmp_path: Path, method: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(tmp_path, GOOD))) as source, zipfile.ZipFile(target, "w", method) as written:
        for name in source.namelist():
            written.writestr(name, source.read(name))
    whole = target.getvalue()
    torn = whole[:200] + bytes(20) + whole[220:]
    assert (_refused(whole), _refused(torn)) == ("D02-006", "D02-006")


def test_a_bomb_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    target = io.BytesIO(workbook(tmp_path, GOOD))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/big.xml", "w") as part:
        for _ in range(60):
            part.write(bytes(1024 * 1024))
    assert _refused(target.getvalue()) == "D02-005"


def test_a_cell_at_the_end_of_the_sheet_reserves_no_memory(tmp_path: Path) -> None:
    data = edited(workbook(tmp_path, GOOD), SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    assert _refused(data) == "D02-010"
    check_sheet(io.BytesIO(b'<row r="1048576"/><c r="XFD1048576" s="1"/><c r="A4"><v>1</v></c>'))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="A4"', b'r="ZZZZZ4"'),
        (b'r="A4"', b'r="AAA4294967295"'),
        (b'r="A4"', b'r="XFE4"'),
        (b'r="A4"', b'r="A"'),
        (b'r="A4"', b'r="&#88;FD4"'),
        (b'<row r="4"', b"<row r='1048576'"),
        (b'<row r="4"', b'<row r="99999999999"'),
    ],
)
def test_addresses_that_would_reserve_a_huge_grid_are_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    data = workbook(tmp_path, {**GOOD, "worker_reference": 1})
    assert _refused(edited(data, SHEET, old, new)) in {"D02-006", "D02-010"}


def test_a_promise_of_four_thousand_million_strings_reserves_no_memory(tmp_path: Path) -> None:
    # this aborts the process, past any handler, where the reader believes it
    target = io.BytesIO(workbook(tmp_path, GOOD))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/other/sharedStrings.xml", '<sst uniqueCount="4000000000"/>')
    assert _refused(target.getvalue()) == "D02-006"


def test_no_list_in_it(tmp_path: Path) -> None:
    assert _refused(workbook(tmp_path)) == "D02-008"
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    assert _refused(target.getvalue()) == "D02-007"


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_gets_a_sentence_and_never_a_traceback(data: st.DataObject) -> None:
    good = _a_workbook()
    start = data.draw(st.integers(0, len(good) - 1))
    noise = data.draw(st.binary(min_size=1, max_size=64))
    try:
        read_workbook(good[:start] + noise + good[start + len(noise) :])
    except Invalid as refusal:
        assert refusal.code.startswith("D02-")


_cells = st.one_of(
    st.text(max_size=30),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(min_value=date(1900, 1, 1)),
)


@given(st.dictionaries(st.sampled_from(["full_name", "si_code", "id_number", "wage_vnd", "from_month", "birth_on", "sex", "note"]), _cells))
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_reads_as_a_line_or_as_findings(tmp_path_factory: pytest.TempPathFactory, typed: Mapping[str, Any]) -> None:
    try:
        data = workbook(tmp_path_factory.mktemp("typed"), {**GOOD, **typed})
    except (openpyxl.utils.exceptions.IllegalCharacterError, UnicodeEncodeError):
        return
    for line in read_workbook(data).lines:
        assert (line.line is None) == any(finding.outcome is Outcome.NOT_MET for finding in line.findings)


_cached: list[bytes] = []


def _a_workbook() -> bytes:
    if not _cached:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            _cached.append(workbook(Path(folder), GOOD, GOOD))
    return _cached[0]


# -- the file back ----------------------------------------------------------------------------------------------

REFUSED = LineVerdict(
    number=2,
    state="refused",
    findings=[
        {
            "code": "D02-141",
            "outcome": "not_met",
            "citation": "",
            "where": "wage_vnd",
            "parameters": {},
            "vi": "Tiền lương <thấp> & sai.",
            "en": "",
        }
    ],
)


def results(data: bytes) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of extensions it does not know
        sheet = openpyxl.load_workbook(io.BytesIO(data))["Dữ Liệu"]
    column = sheet.max_column
    assert sheet.cell(2, column).value == "Kết quả"
    for row in range(4, sheet.max_row + 1):
        if sheet.cell(row, column).value:
            yield str(sheet.cell(row, column).value)


def test_the_same_file_back_with_a_result_column(tmp_path: Path) -> None:
    data = workbook(tmp_path, GOOD, GOOD, {**GOOD, "from_month": "x"}, GOOD)
    answered = write_results(data, [LineVerdict(number=1, state="clean"), REFUSED, LineVerdict(number=4, state="officer")])
    assert list(results(answered)) == [
        "Đã giải quyết",
        "Không giải quyết. Ô J5: Tiền lương <thấp> & sai (D02-141)",
        "Chưa nhận, cần sửa. Ô P6: Từ tháng: “x” không phải là tháng. Ghi tháng/năm, ví dụ 11/2026 (D02-022)",
        "Đã nhận, cán bộ đang xem xét",
    ]
    check_only_one_sheet_changed(data, answered, SHEET)
    assert read_workbook(answered) == read_workbook(data)


def test_a_long_result_gets_a_row_tall_enough(tmp_path: Path) -> None:
    data = workbook(tmp_path, {**GOOD, "job_title": "Công nhân"}, {**GOOD, "from_month": "x", "wage_vnd": "y", "sex": "z"})
    sheet = openpyxl.load_workbook(io.BytesIO(write_results(data, [])))["Dữ Liệu"]
    assert sheet.row_dimensions[5].height >= 30
    assert sheet.cell(5, sheet.max_column).alignment.wrap_text


def test_sent_again_the_old_results_are_replaced(tmp_path: Path) -> None:
    first = write_results(workbook(tmp_path, GOOD, GOOD), [REFUSED])
    second = write_results(first, [LineVerdict(number=1, state="clean"), LineVerdict(number=2, state="clean")])
    assert list(results(second)) == ["Đã giải quyết", "Đã giải quyết"]


def check_only_one_sheet_changed(before: bytes, after: bytes, sheet: str) -> None:
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert old.namelist() == new.namelist()
        assert [name for name in old.namelist() if old.read(name) != new.read(name)] == [sheet]
        # every drop-down is still there
        assert old.read(sheet).count(b"dataValidation ") == new.read(sheet).count(b"dataValidation ")


@needs_vendor_file
def test_the_vendor_workbook_is_good_input_with_one_real_row() -> None:
    read = read_workbook(_VENDOR.read_bytes())
    [line] = read.lines
    assert (read.layout.sheet, read.layout.header_row, line.row, line.findings) == ("Dữ Liệu", 3, 4, ())
    assert line.line is not None
    expected = ("Bùi Văn A", "1234567890", "ON", "1", 5_000_000, "2019-02", "1990", "MALE", "12005")
    got = line.line
    assert (
        got.full_name,
        got.si_code,
        got.change_code,
        got.declaration_type,
        got.wage_vnd,
        got.from_month,
        got.birth_on,
        got.sex,
        got.facility,
    ) == expected


@needs_vendor_file
def test_the_vendor_workbook_comes_back_with_everything_in_place() -> None:
    data = _VENDOR.read_bytes()
    answered = write_results(data, [LineVerdict(number=1, state="clean")])
    check_only_one_sheet_changed(data, answered, SHEET)
    assert list(results(answered)) == ["Đã giải quyết"]
    assert read_workbook(answered) == read_workbook(data)


def test_the_demonstration_list(tmp_path: Path) -> None:
    from bhxh.registry.synthetic import generate

    read: ReadWorkbook = read_workbook(make(tmp_path / "demo.xlsx", demo_lines(generate(1))).read_bytes())
    assert len(read.lines) == 32
    assert all(line.line is not None and not line.findings for line in read.lines)
    assert list(read.repairs) == [19]
