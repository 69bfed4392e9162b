"""The table of bad input: what employers send by mistake, what they are told, and that nothing typed is lost.

Each row goes through the real door (an upload over HTTP). A file without a readable list is refused whole, with a code, and nothing is changed. A list
with wrong rows is answered row by row, each with a code and the cell; it can be filed as it is and comes back with a result column.
"""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bhxh.kernel.months import Month
from bhxh.kernel.old_encodings import recognise
from bhxh.registry.synthetic import SyntheticCitizen, register_view
from tests.doors.test_answers import check_problem
from tests.doors.world import World
from tests.old_fonts import to_tcvn3, to_vni

_CHECKS = "/register-employees/checks"
_FIRST_ROW = 4
Line = dict[str, Any]


@dataclass(frozen=True)
class Cast:
    """Who stands in the lists: people of the prepared population, no two rows the same."""

    world: World
    month: Month
    hires: tuple[SyntheticCitizen, ...]
    lost_zero: SyntheticCitizen
    soldier: SyntheticCitizen
    elsewhere: SyntheticCitizen
    """Works for another employer."""
    dead: SyntheticCitizen

    def hire(self, who: int | SyntheticCitizen, **changes: Any) -> Line:
        citizen = self.hires[who] if isinstance(who, int) else who
        written: Line = {
            "full_name": citizen.full_name, "si_code": citizen.pin, "birth_on": f"{citizen.birth_on:%d/%m/%Y}", "sex": 1 if citizen.sex == "MALE" else 0,
            "declaration_type": 1, "change_code": "TM", "from_month": self.month.shown, "job_title": "Công nhân may", "wage_vnd": "9.800.000",
        }  # fmt: skip
        return {**written, **changes}


@pytest.fixture
def cast(api: World) -> Cast:
    population = api.population
    view = register_view(population)
    dirty = {*view.mismatched_pins, *view.missing_pins}
    from samples.make_d02_workbook import demo_lines

    listed = {str(line["si_code"]).zfill(12) for line in demo_lines(population)}
    free = [citizen for citizen in population.hire_candidates if citizen.pin not in dirty and citizen.pin not in listed]
    old_fonts = [
        c for c in free if all((old := recognise(write(c.full_name))) and old.unicode == c.full_name for write in (to_tcvn3, to_vni))
    ]
    cut = next(citizen for citizen in old_fonts if citizen.pin[0] == "0" and citizen.pin[1] != "0")
    return Cast(
        world=api,
        month=Month.parse(api.period),
        hires=tuple(citizen for citizen in old_fonts if citizen is not cut),
        lost_zero=cut,
        soldier=population.soldiers[0],
        elsewhere=next(worker for worker in population.workers_of(1) if worker.pin not in dirty and worker.managed_by == "mof"),
        dead=next(citizen for citizen in free if citizen not in old_fonts),
    )


@pytest.fixture(autouse=True)
def register_of_the_dead(api: World, cast: Cast) -> Iterator[None]:
    """The population register says that one of them has died: another answer of the same port."""
    from bhxh.doors import partners
    from bhxh.dossiers.ports import Answer, IdentityQuery

    real = partners.partners()

    class Register:
        def look_up(self, queries: Any) -> list[Answer]:
            asked: list[IdentityQuery] = list(queries)
            return [
                replace(a, content={**a.content, "is_deceased": True}) if a.subject == cast.dead.pin else a
                for a in real.population.look_up(asked)
            ]

    partners.bind(replace(real, population=Register()))
    yield
    partners.bind(real)


def make(tmp_path: Path, *lines: Mapping[str, Any]) -> bytes:
    from samples.make_d02_workbook import make as make_workbook

    return make_workbook(tmp_path / "d02.xlsx", lines).read_bytes()


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after a clerk worked on it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(data: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    parts = {"types": "[Content_Types].xml", "sheet": "xl/worksheets/sheet1.xml"}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name in source.namelist():
            change = next((changes[key] for key, part in parts.items() if part == name and key in changes), None)
            written.writestr(name, change(source.read(name)) if change else source.read(name))
    return target.getvalue()


def archive(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return target.getvalue()


def many_rows(data: bytes, count: int) -> bytes:
    """The last row again and again, as a program exports it."""

    def change(sheet: bytes) -> bytes:
        start, end = sheet.index(b'<row r="4"'), sheet.index(b"</sheetData>")
        row = sheet[start:end]
        return (
            sheet[:start]
            + b"".join(row.replace(b'r="4"', b'r="%d"' % n).replace(b'4" ', b'%d" ' % n) for n in range(4, 4 + count))
            + sheet[end:]
        )

    return repacked(data, sheet=change)


def a_bomb(data: bytes) -> bytes:
    return repacked(data, sheet=lambda sheet: sheet + b" " * 60_000_000)


# -- files that are refused whole -------------------------------------------------------------------------------------

FILES: dict[str, tuple[Callable[[bytes], bytes], int, str]] = {
    "not a spreadsheet: a PDF": (lambda good: b"%PDF-1.7\n" + good, 422, "D02-001"),
    "not a spreadsheet: text with semicolons": (lambda good: "Họ tên;Mã số\nMẫu;079188000123\n".encode(), 422, "D02-001"),
    "not a spreadsheet: a letter (.docx)": (lambda good: archive({"word/document.xml": b"<w/>"}), 422, "D02-001"),
    "not a spreadsheet: an OpenDocument sheet": (lambda good: archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}), 422, "D02-001"),
    "not a spreadsheet: nothing": (lambda good: b"", 422, "D02-001"),
    "a password, or the old .xls": (lambda good: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000), 422, "D02-002"),
    "macros": (lambda good: repacked(good, types=lambda part: part.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")), 422, "D02-003"),
    "12 MB and more": (lambda good: good + bytes(12 * 1024 * 1024), 413, "API-004"),
    "a bomb": (a_bomb, 422, "D02-005"),
    "half of it arrived": (lambda good: good[: len(good) // 2], 422, "D02-006"),
    "no D02 table in it": (lambda good: edited(good, lambda book: book["Dữ Liệu"].delete_rows(1, 3)), 422, "D02-007"),
    "no row filled": (lambda good: edited(good, lambda book: book["Dữ Liệu"].delete_rows(4, 9)), 422, "D02-008"),
    "60,000 rows": (lambda good: many_rows(good, 60_000), 422, "D02-009"),
    "a cell at the end of the sheet": (lambda good: edited(good, lambda book: book["Dữ Liệu"].cell(900_000, 9_000, 1)), 422, "D02-010"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_a_list_is_refused_with_a_code_and_changes_nothing(api: World, cast: Cast, tmp_path: Path, name: str) -> None:
    from bhxh.dossiers.models import Dossier, Draft

    spoil, status, code = FILES[name]
    workbook, before = spoil(make(tmp_path, cast.hire(0))), (Dossier.objects.count(), Draft.objects.count())
    assert api.signer is not None
    for path, files in (
        (_CHECKS, {"workbook": ("d02.xlsx", workbook)}),
        ("/register-employees/preparations", {"workbook": ("d02.xlsx", workbook), "certificate": ("c.der", api.signer.certificate)}),
    ):
        check_problem(api.upload(path, files, "clerk", period=api.period), status, code)
    assert (Dossier.objects.count(), Draft.objects.count()) == before


# -- rows of a list ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One kind of bad row: what is typed, and what is answered."""

    line: Callable[[Cast], Line]
    state: str
    code: str = ""
    """Empty: nothing is wrong with it after all."""
    column: str = ""
    """Letter of the column whose cell is named; empty where the whole row is meant."""
    confirm: bool = False
    """The clerk confirms what is proposed."""
    period_ahead: int = 0


ROWS: dict[str, Row] = {
    "a formula without value": Row(lambda c: c.hire(0, wage_vnd="=5000000*2"), "unreadable", "D02-020", "J"),
    "an error of Excel typed over a wage": Row(lambda c: c.hire(1, wage_vnd="#REF!"), "unreadable", "D02-021", "J"),
    "a date as text": Row(lambda c: c.hire(2, birth_on=f"{c.hires[2].birth_on.day}-{c.hires[2].birth_on.month}-{c.hires[2].birth_on.year}"), "clean"),
    "a date as Excel's number": Row(lambda c: c.hire(3, birth_on=(c.hires[3].birth_on - date(1899, 12, 30)).days), "clean"),
    "a month as a date": Row(lambda c: c.hire(4, from_month=c.month.first_on), "clean"),
    "a day there is not": Row(lambda c: c.hire(5, birth_on="31/02/1990"), "unreadable", "D02-023", "AD"),
    "a month there is not": Row(lambda c: c.hire(6, from_month="13/2026"), "unreadable", "D02-022", "P"),
    "a number column that lost a zero": Row(lambda c: c.hire(c.lost_zero, si_code=int(c.lost_zero.pin)), "refused", "D02-101", "C"),
    "a number column that lost a zero, confirmed": Row(lambda c: c.hire(c.lost_zero, si_code=float(c.lost_zero.pin)), "clean", "D02-102", "C", confirm=True),
    "a number in powers of ten": Row(lambda c: c.hire(7, si_code="7,9188E+10"), "unreadable", "D02-025", "C"),
    "letters in a personal number": Row(lambda c: c.hire(8, si_code="07918800O123"), "unreadable", "D02-026", "C"),
    "a decomposed name (NFD)": Row(lambda c: c.hire(9, full_name=unicodedata.normalize("NFD", c.hires[9].full_name)), "clean"),
    "a name in TCVN3": Row(lambda c: c.hire(10, full_name=to_tcvn3(c.hires[10].full_name)), "refused", "D02-117", "B"),
    "a name in TCVN3, confirmed": Row(lambda c: c.hire(11, full_name=to_tcvn3(c.hires[11].full_name)), "clean", "D02-118", "B", confirm=True),
    "a name in VNI": Row(lambda c: c.hire(12, full_name=to_vni(c.hires[12].full_name)), "refused", "D02-117", "B"),
    "name and title in VNI, confirmed": Row(
        lambda c: c.hire(13, full_name=to_vni(c.hires[13].full_name.upper()), job_title=to_vni("Thợ may công nghiệp")), "clean", "D02-118", "H", confirm=True
    ),
    "an old font that reads in two ways, even confirmed": Row(lambda c: c.hire(14, job_title="Thî may"), "refused", "D02-119", "H", confirm=True),
    "control characters": Row(lambda c: c.hire(15, note="x_x0001_y"), "unreadable", "D02-036", "S"),
    "an unknown change code": Row(lambda c: c.hire(16, change_code="ZZ"), "unreadable", "D02-029", "G"),
    "a change code that does not go with the declaration": Row(lambda c: c.hire(17, declaration_type=3), "refused", "D02-120", "G"),
    "a month after the declared one": Row(lambda c: c.hire(18, from_month=c.month.plus(1).shown), "refused", "D02-131", "P"),
    "a declared month that has not come": Row(lambda c: c.hire(19, from_month=c.month.plus(3).shown), "refused", "D02-135", period_ahead=3),
    "a month before the worker is fifteen": Row(
        lambda c: c.hire(20, from_month=Month.of(c.hires[20].birth_on).plus(14 * 12).shown), "refused", "D02-132", "P"
    ),
    "somebody who has died": Row(lambda c: c.hire(c.dead), "refused", "D02-113", "C"),
    "somebody of another custodian": Row(lambda c: c.hire(c.soldier), "refused", "D02-107", "C"),
    "a leaver who works for another employer": Row(
        lambda c: {**c.hire(c.elsewhere, change_code="GH", declaration_type=3), "wage_vnd": 0}, "refused", "D02-125", "C"
    ),
    "nobody's number": Row(lambda c: c.hire(21, si_code="001099999999"), "refused", "D02-108", "C"),
    "another birth date than the register has": Row(
        lambda c: c.hire(22, birth_on=f"{c.hires[22].birth_on + timedelta(days=1):%d/%m/%Y}"), "officer", "D02-110", "AD"
    ),
    "a wage below the floor": Row(lambda c: c.hire(23, wage_vnd=2_000_000), "refused", "D02-141", "J"),
    "a commune code of before July 2025": Row(lambda c: c.hire(24, contact_ward="00001"), "clean", "D02-160", "AW"),
    "the same, typed as a number": Row(lambda c: c.hire(25, contact_ward=1), "clean", "D02-160", "AW"),
    "an old commune that was cut up": Row(lambda c: c.hire(26, contact_ward="00007"), "officer", "D02-161", "AW"),
    "an old province": Row(lambda c: c.hire(27, birth_province="02", birth_province_title="Hà Giang"), "clean", "D02-160", "AO"),
    "a commune code of no time": Row(lambda c: c.hire(28, contact_ward="99999"), "clean", "D02-162", "AW"),
}  # fmt: skip


def judged(api: World, workbook: bytes, *, period: str = "", confirmed: str = "") -> list[Any]:
    reply = api.upload(_CHECKS, {"workbook": ("d02.xlsx", workbook)}, "clerk", period=period or api.period, confirmed_repairs=confirmed)
    assert reply.status_code == 200, reply.content
    lines: list[Any] = reply.json()["lines"]
    return lines


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_is_told_its_code_and_its_cell(api: World, cast: Cast, tmp_path: Path, name: str) -> None:
    row = ROWS[name]
    period = cast.month.plus(row.period_ahead).shown
    [line] = judged(api, make(tmp_path, row.line(cast)), period=period, confirmed="1" if row.confirm else "")
    assert (line["state"], line["row"]) == (row.state, _FIRST_ROW), line["findings"]
    told = [finding for finding in line["findings"] if finding["code"] == row.code]
    assert bool(told) == bool(row.code), line["findings"]
    for finding in told:
        assert finding["vi"] and finding["en"] and finding["vi"] != finding["en"]
        assert "{" not in finding["vi"] + finding["en"]
    assert not row.code or f"{row.column}{_FIRST_ROW}" in {finding["where"] for finding in told}


def test_a_line_s_number_without_end_is_no_line(api: World, cast: Cast, tmp_path: Path) -> None:
    [line] = judged(api, make(tmp_path, cast.hire(0)), confirmed=f"{'9' * 5_000},1")
    assert line["state"] == "clean"


def test_a_worker_twice_in_a_list(api: World, cast: Cast, tmp_path: Path) -> None:
    first, second = judged(api, make(tmp_path, cast.hire(0), cast.hire(0)))
    assert (first["state"], second["state"]) == ("clean", "refused")
    assert ("D02-123", "G5") in {(finding["code"], finding["where"]) for finding in second["findings"]}


def test_columns_shifted_renamed_and_extra_sheets(api: World, cast: Cast, tmp_path: Path) -> None:
    """The table is found by its field codes, or by its labels; a wrong cell is named where it now stands."""

    def work(book: Any) -> None:
        sheet = book["Dữ Liệu"]
        sheet.title = "thang 11 (2)"
        for column in range(1, 83):
            sheet.cell(2, column, f"Cột {column}")
        sheet.insert_cols(2, 2)
        sheet.insert_rows(1, 2)
        book.create_sheet("Ghi chú", 0)["A1"] = "HoTen"
        book.create_sheet("Trống")

    good, bad = judged(api, edited(make(tmp_path, cast.hire(0), cast.hire(1, from_month="x")), work))
    assert (good["state"], good["row"]) == ("clean", 6)
    assert [(finding["code"], finding["where"]) for finding in bad["findings"]] == [("D02-022", "R7")]

    def delete_codes(book: Any) -> None:
        book["Dữ Liệu"].delete_rows(3)

    [by_label] = judged(api, edited(make(tmp_path, cast.hire(0)), delete_codes))
    assert (by_label["state"], by_label["row"]) == ("clean", 3)


def test_what_is_proposed_says_what_stands_there_and_what_it_reads_as(api: World, cast: Cast, tmp_path: Path) -> None:
    cut, old = cast.lost_zero, cast.hires[0]
    first, second = judged(api, make(tmp_path, cast.hire(cut, si_code=int(cut.pin)), cast.hire(0, full_name=to_vni(old.full_name))))
    assert first["repairs"] == [{"cell": "C4", "written": cut.pin[1:], "proposed": cut.pin}]
    assert second["repairs"] == [{"cell": "B5", "written": to_vni(old.full_name), "proposed": old.full_name}]


def test_all_of_it_filed_comes_back_with_every_cell_and_every_answer(api: World, cast: Cast, tmp_path: Path) -> None:
    """One list with every bad row: it is filed, decided and handed back; the uploaded file stays as it came."""
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier
    from bhxh.registry.queries import find_person, list_participations
    from bhxh.warehouse.store import read_blob

    rows = {name: row for name, row in ROWS.items() if not row.period_ahead and name != "a number column that lost a zero"}
    workbook = make(tmp_path, *(row.line(cast) for row in rows.values()))
    confirmed = ",".join(str(number) for number, row in enumerate(rows.values(), start=1) if row.confirm)
    assert api.signer is not None
    files = {"workbook": ("d02.xlsx", workbook), "certificate": ("c.der", api.signer.certificate)}
    from base64 import b64decode

    prepared = api.upload("/register-employees/preparations", files, "clerk", period=api.period, confirmed_repairs=confirmed).json()
    filed = api.file_draft(prepared["draft_id"], b64decode(prepared["to_sign"]), key="bad input")
    assert filed.status_code == 201, filed.content
    code = filed.json()["code"]
    dossier = get_dossier(code)
    tasks.gather(dossier_id=str(dossier.dossier_id))
    assert read_blob(get_dossier(code).source_sha256) == workbook

    from bhxh.dossiers.queries import list_all_lines
    from bhxh.procedures.register_employees.checking import hand_back

    answered = hand_back(workbook, list_all_lines(dossier.dossier_id))
    before, after = (openpyxl.load_workbook(io.BytesIO(data))["Dữ Liệu"] for data in (workbook, answered))
    column = after.max_column
    assert after.cell(2, column).value == "Kết quả"
    said_in = {
        "refused": "Không giải quyết",
        "unreadable": "Chưa nhận, cần sửa",
        "officer": "cán bộ đang xem xét",
        "clean": "Đã giải quyết",
    }
    for number, (name, row) in enumerate(rows.items()):
        result = str(after.cell(_FIRST_ROW + number, column).value)
        assert said_in[row.state] in result, (name, result)
        if row.state != "clean":
            assert row.code in result, (name, result)
    assert [[cell.value for cell in row[: before.max_column]] for row in after.iter_rows()] == [
        [cell.value for cell in row] for row in before.iter_rows()
    ]

    titles = {13: "Thợ may công nghiệp", 11: "Công nhân may"}
    for hire, title in titles.items():
        person = find_person("PIN", cast.hires[hire].pin)
        assert person is not None and person.full_name == cast.hires[hire].full_name
        [work] = list_participations([person.person_id], cast.month)[person.person_id]
        assert work.job_title == title, "confirmed text is recorded in Unicode"
