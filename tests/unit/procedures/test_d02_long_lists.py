"""A long list, cut into several documents: read as the workbook has it, and judged line by line as the whole list would be."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from bhxh.dossiers.ports import Answer, AnswerKind, SourceKind
from bhxh.dossiers.procedure import Case, Filing, Subject
from bhxh.kernel.errors import Invalid
from bhxh.procedures.register_employees import canonical_xml, workbook_door, workbook_reading
from bhxh.procedures.register_employees.form import Header
from bhxh.procedures.register_employees.rules import judge
from bhxh.procedures.register_employees.workbook_door import check_sheet, is_long
from bhxh.procedures.register_employees.workbook_reading import read_workbook
from samples.make_d02_workbook import SampleLine, make_large

_AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
_HEADER = Header(tax_code="0110000027", unit_name="Công ty Mẫu", period="2026-11", batch=4, made_on=date(2026, 11, 21))
_PEOPLE = 2_000


def line(number: int, code: str = "TM", **more: str | int) -> SampleLine:
    return {
        "full_name": f"Nguyễn Thị Mẫu {number % 17}",
        "si_code": f"0791880{number:05d}",
        "declaration_type": {"GH": 3, "CD": 5}.get(code, 1),
        "change_code": code,
        "from_month": "11/2026",
        "job_title": "Công nhân may",
        "wage_vnd": 2_000_000 if number % 5 == 0 else 9_800_000,
        **more,
    }


def sample() -> list[SampleLine]:
    """Hires; then, far from their first lines: repeats, a leaver hired anew, titles, a second number, rows that cannot be read."""
    lines = [line(number) for number in range(_PEOPLE)]
    lines[40] = line(40, "GH")
    lines += [line(number) for number in (3, 1_500, 700)]
    lines += [
        line(40),
        line(40, "CD", job_title="Tổ trưởng"),
        line(41, "CD"),
        {**line(9), "from_month": "x"},
        {**line(10), "id_number": "1"},
    ]
    return lines


def case_of(filing: Filing) -> Case:
    """The register knows everybody but each thirteenth, and is silent on each nineteenth; each seventh works here already, and so does 40."""
    answers, subjects = {}, {}
    for filed in filing.lines:
        number = int(filed.pin[7:])
        same = {"full_name": filed.content["full_name"], "birth_on": "1988-05-20", "sex": "MALE", "is_deceased": number % 11 == 0}
        kind = AnswerKind.UNAVAILABLE if number % 19 == 0 else AnswerKind.NOT_FOUND if number % 13 == 0 else AnswerKind.ANSWERED
        answers["population", filed.pin] = Answer(
            subject=filed.pin, kind=kind, source_kind=SourceKind.NATIONAL_DB, source_system="population", fetched_at=_AT, content=same
        )
        if number % 7 == 0 or number == 40:
            here = {"since": "2025-01", "status": "WORKING", "wage_vnd": 9_000_000}
            subjects[filed.pin] = Subject(
                person_id=number,
                pin=filed.pin,
                full_name=str(filed.content["full_name"]),
                birth_on="1988-05-20",
                sex="MALE",
                managed_by="mof",
                facts={"here": here, "standing": [{"from_month": "2025-01", "until_month": "", **here}]},
            )
    return Case(
        filing=filing, on=_AT.date(), filed_at=_AT, custodian="mof", subjects=subjects, answers=answers, employer={"wage_region": 1}
    )


def test_a_list_judged_in_documents_gets_the_verdicts_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_workbook(make_large(sample()))
    assert len(read.lines) == len(sample())
    assert [one.number for one in read.lines if one.filed is None] == [_PEOPLE + 7]
    whole = judge(case_of(canonical_xml.as_filing(_HEADER, read.to_file)))
    monkeypatch.setattr(canonical_xml, "MAXIMUM_LINES", 700)
    batches = canonical_xml.write_batches(_HEADER, read.to_file)
    assert [batch.filing.content["batch"] for batch in batches] == [4, 5, 6]
    in_parts = {}
    for batch in batches:
        assert canonical_xml.read(batch.document) == batch.filing
        in_parts |= judge(case_of(batch.filing))
    assert in_parts == whole
    assert {decision.proposal.value for decision in whole.values()} == {"grant", "refuse", "officer"}
    twins = [number for number, decision in whole.items() if any(found.code == "D02-123" for found in decision.findings)]
    assert sorted(twins) == [_PEOPLE + 1, _PEOPLE + 2, _PEOPLE + 3, _PEOPLE + 8]


def test_a_list_with_too_many_rows_is_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_reading, "MAXIMUM_ROWS", 99)
    with pytest.raises(Invalid) as caught:
        read_workbook(make_large([line(number) for number in range(100)]))
    assert caught.value.code == "D02-009"
    assert "99" in caught.value.text("vi")


def test_a_file_is_long_by_what_it_says_of_itself() -> None:
    assert is_long(make_large([line(number) for number in range(10_000)]))
    assert not is_long(make_large([line(number) for number in range(50)]))
    assert not is_long(b"PK\x03\x04 not a zip")
    assert not is_long(b"")


def test_a_sheet_is_looked_through_in_pieces_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(io.BytesIO(make_large([line(1), {**line(2), "note": "a<f>b"}]))) as archive:
        plain = archive.read("xl/worksheets/sheet1.xml")
    formula = plain.replace(b"</sheetData>", b'<row r="9"><c r="B9"><f>1+1</f></c></row></sheetData>')
    far = plain.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    for size in (450, 3_333, 100_000):
        monkeypatch.setattr(workbook_door, "_CHUNK", size)
        assert not check_sheet(io.BytesIO(plain))
        assert check_sheet(io.BytesIO(formula))
        with pytest.raises(Invalid) as caught:
            check_sheet(io.BytesIO(far))
        assert (caught.value.code, caught.value.parameters["cell"]) == ("D02-010", "XFD1048576")
    monkeypatch.setattr(workbook_door, "_CHUNK", 16)
    with pytest.raises(Invalid):
        check_sheet(io.BytesIO(b"<c " + b"x" * 100))
