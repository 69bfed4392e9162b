"""The canonical document: what is written is read back, the same input gives the same bytes, nothing else is read."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bhxh.kernel.errors import Invalid
from bhxh.procedures.register_employees import canonical_xml
from bhxh.procedures.register_employees.canonical_xml import as_filed
from bhxh.procedures.register_employees.form import CONTROL_CHARACTERS, Header, Line
from bhxh.procedures.register_employees.schema import envelope_text, form_text

HEADER = Header(
    tax_code="0110000027", unit_code="TA0001Z", unit_name="Công ty Mẫu", agency_code="00101", period="2026-11", made_on=date(2026, 11, 21)
)
LINE = Line(
    full_name="Nguyễn Thị Mẫu & <con>",
    si_code="079188000123",
    birth_on="1988-05",
    sex="FEMALE",
    change_code="TM",
    declaration_type="1",
    from_month="2026-11",
    wage_vnd=14_500_000,
    wage_region="1",
    has_book=False,
    died_on="2026-11-02",
    rate_percent="32.5",
)
_SCHEMAS = Path(__file__).resolve().parents[3] / "schema"


def test_what_is_written_is_read_back() -> None:
    filing = canonical_xml.read(canonical_xml.write(HEADER, [as_filed(1, LINE), as_filed(7, LINE)]))
    assert (filing.filer_identifier, filing.period) == ("0110000027", "2026-11")
    assert [(line.number, line.pin, line.content) for line in filing.lines] == [(n, "079188000123", LINE.as_content()) for n in (1, 7)]


def test_the_same_input_gives_the_same_bytes_with_room_for_the_signature() -> None:
    document = canonical_xml.write(HEADER, [as_filed(1, LINE)])
    assert document == canonical_xml.write(HEADER, [as_filed(1, LINE)])
    assert document.endswith(b"<CKy_Dvi/></Hoso>")
    assert b"<Ghichu" not in document


_text = st.text(max_size=60).filter(lambda text: not CONTROL_CHARACTERS.search(text))
_lines = st.builds(
    Line,
    full_name=_text,
    note=_text,
    si_code=st.from_regex(r"\A[0-9]{9,12}\Z"),
    birth_on=st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)).flatmap(
        lambda d: st.sampled_from([d.isoformat(), d.isoformat()[:7], d.isoformat()[:4]])
    ),
    sex=st.sampled_from(["", "MALE", "FEMALE"]),
    from_month=st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)).map(lambda d: d.isoformat()[:7]),
    wage_vnd=st.one_of(st.none(), st.integers(101, 9_999_999_999)),
    other_allowance_vnd=st.one_of(st.none(), st.integers(0, 9_999_999_999)),
    has_book=st.sampled_from([None, True, False]),
    wage_region=st.sampled_from(["", "1", "2", "3", "4"]),
    position_allowance=st.from_regex(r"\A[0-9]{1,6}(\.[0-9]{1,6})?\Z"),
)


@given(st.lists(_lines, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_line_survives_the_way_through_xml(lines: list[Line]) -> None:
    filed = [as_filed(number, line) for number, line in enumerate(lines, start=1)]
    document = canonical_xml.write(HEADER, filed)
    assert canonical_xml.read(document) == canonical_xml.as_filing(HEADER, filed)
    assert etree.tostring(etree.fromstring(document), encoding="UTF-8", xml_declaration=True) == document


def test_a_coefficient_survives_too() -> None:
    line = Line(full_name="A", wage_coefficient="2.34")
    assert canonical_xml.read(canonical_xml.write(HEADER, [as_filed(1, line)])).lines[0].content == line.as_content()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<Hoso>", b"<Hoso2>", "SIG-"),
        (b"D02-TS xmlns", b"D03-TS xmlns", "SIG-"),
        (b'stt="1"', b'stt="0"', "D02-040"),
        (b'stt="2"', b'stt="1"', "D02-044"),
        (b"<PA>TM</PA>", b"<PA>ZZ</PA>", "D02-041"),
        (b"<PA>TM</PA>", b"<XX>TM</XX>", "D02-040"),
        (b"<TuThang>11/2026", b"<TuThang>13/2026", "D02-040"),
        (b"<NgayChet>02/11/2026", b"<NgayChet>31/02/2026", "D02-041"),
        (b"<KyKeKhai>11/2026</KyKeKhai>", b"", "D02-040"),
        (b"urn:bhxh:register-employees:1", b"urn:other", "D02-040"),
        (b"<NoiDung>", b"<NoiDung><NoiDung/>", "D02-040"),
    ],
)
def test_another_document_is_refused_with_a_sentence(old: bytes, new: bytes, code: str) -> None:
    document = canonical_xml.write(HEADER, [as_filed(1, LINE), as_filed(2, LINE)])
    assert old in document
    with pytest.raises(Invalid) as caught:
        canonical_xml.read(document.replace(old, new, 1))
    assert caught.value.code.startswith(code)


def test_too_many_lines_become_batches() -> None:
    lines = [as_filed(n, Line(full_name="A", change_code="TM")) for n in range(1, 10_002)]
    with pytest.raises(Invalid) as caught:
        canonical_xml.write(HEADER, lines)
    assert caught.value.code == "D02-042"
    batches = canonical_xml.write_batches(HEADER, lines)
    read = [canonical_xml.read(batch.document) for batch in batches]
    assert read == [batch.filing for batch in batches]
    assert [filing.content.get("batch", 1) for filing in read] == [1, 2]
    assert [line.number for filing in read for line in filing.lines] == [line.number for line in lines]


def test_a_list_is_cut_between_workers_never_within_one() -> None:
    workers = [LINE.model_copy(update={"si_code": f"0791880{number:05d}", "worker_reference": "x" * 300}) for number in range(9_999)]
    late = [workers[0].model_copy(update={"change_code": "GH"}), Line(full_name="B", si_code="0112345678"), workers[9_998]]
    lines = [as_filed(number, line) for number, line in enumerate([*workers, *late, Line(full_name="C", si_code="0112345678")], start=1)]
    parts = [[line.number for line in batch.filing.lines] for batch in canonical_xml.write_batches(HEADER, lines)]
    assert parts == [[*range(1, 9_999), 10_000], [9_999, 10_001, 10_002, 10_003]]


def test_a_list_that_is_too_heavy_is_cut_further_until_no_batch_number_is_left() -> None:
    heavy = LINE.model_copy(update={f"{name}": "ộ" * 500 for name in ("note", "job_title", "workplace", "contact_address", "email")})
    lines = [as_filed(number, heavy.model_copy(update={"si_code": f"0791880{number:05d}"})) for number in range(1, 2_001)]
    batches = canonical_xml.write_batches(HEADER, lines)
    assert [len(batch.filing.lines) for batch in batches] == [1000, 1000]
    with pytest.raises(Invalid) as caught:
        canonical_xml.write_batches(HEADER.model_copy(update={"batch": 999}), lines)
    assert caught.value.code == "D02-045"


def test_the_published_schemas_are_fresh_and_hold_what_we_write() -> None:
    assert (_SCHEMAS / "hoso.xsd").read_text("utf-8") == envelope_text()
    assert (_SCHEMAS / "register_employees.xsd").read_text("utf-8") == form_text()
    root = etree.fromstring(canonical_xml.write(HEADER, [as_filed(1, LINE)]))
    assert etree.XMLSchema(etree.parse(_SCHEMAS / "hoso.xsd")).validate(root)
