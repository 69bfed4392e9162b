"""The one document that is signed, filed and judged: envelope `Hoso`, form `D02-TS`, a `Dong` for each line.

Writing is deterministic: the same header and lines give the same bytes. Reading is only ever done on bytes whose signature was
verified before; it gives back exactly what was written. Empty fields are omitted.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from xml.sax.saxutils import escape

from lxml import etree

from bhxh.dossiers.procedure import Filing, FilingLine
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month
from bhxh.procedures.register_employees import cells, xml_errors
from bhxh.procedures.register_employees.columns import COLUMNS, Column, Kind
from bhxh.procedures.register_employees.form import HIGHEST_BATCH, Header, Line, identify, known_as
from bhxh.procedures.register_employees.old_texts import in_unicode
from bhxh.procedures.register_employees.schema import MAXIMUM_LINES, NAMESPACE, envelope_schema, form_schema
from bhxh.signing.xml_door import parse_xml

MAXIMUM_BYTES = 12 * 1024 * 1024
_ROOM_FOR_SIGNATURE = 64 * 1024  # LIMIT: a XAdES signature with its certificate weighs about 6 KB
PROCEDURE_CODE = "SI-02"
PROCEDURE_TITLE = "Báo tăng, báo giảm, điều chỉnh lao động tham gia bảo hiểm"
_FORM = f"{{{NAMESPACE}}}"
_BY_TAG: Final[Mapping[str, Column]] = {_FORM + column.code: column for column in COLUMNS}
_ANY_FIELD: Final = f"{_FORM}*"
_HERE: Final = "here"
_PLACE: Final = f"<DanhSach>{_HERE}</DanhSach>".encode()
"""Where the lines go. No text of the envelope can be this: its angle brackets would be escaped."""
_UNIT, _FILING = "NoiDung/ThongTinDonVi", "NoiDung/ThongTinHoSo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One document of a list, and the filing that is read back from it."""

    document: bytes
    filing: Filing


def write(header: Header, lines: Sequence[FilingLine]) -> bytes:
    """The canonical document of one list, unsigned, with an empty place for the unit's signature.

    Raises: Invalid D02-042 or D02-043 where the list is too long for one document; `write_batches` splits it.
    """
    if len(lines) > MAXIMUM_LINES:
        raise Invalid(xml_errors.TOO_MANY_LINES, limit=MAXIMUM_LINES, count=len(lines))
    root = etree.Element("Hoso")
    content = etree.SubElement(root, "NoiDung")
    unit = etree.SubElement(content, "ThongTinDonVi")
    _put(unit, "TenDoiTuong", header.unit_name)
    _put(unit, "MaSoBHXH", header.unit_code)
    _put(unit, "MaSoThue", header.tax_code)
    _put(unit, "CoQuanQuanLy", header.agency_code)
    filing = etree.SubElement(content, "ThongTinHoSo")
    _put(filing, "TenThuTuc", PROCEDURE_TITLE)
    _put(filing, "MaThuTuc", PROCEDURE_CODE)
    _put(filing, "KyKeKhai", f"{header.period[5:]}/{header.period[:4]}")
    _put(filing, "SoDot", str(header.batch))
    _put(filing, "NgayLap", f"{header.made_on:%d/%m/%Y}")
    _put(filing, "SoLuongFile", "1")
    file = etree.SubElement(etree.SubElement(filing, "ToKhais"), "FileToKhai")
    _put(file, "MaToKhai", "D02-TS")
    _put(file, "MoTaToKhai", "Danh sách lao động tham gia bảo hiểm")
    form = etree.SubElement(etree.SubElement(file, "NoiDungFile"), f"{_FORM}D02-TS", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    table = etree.SubElement(form, f"{_FORM}DanhSach")
    table.text = _HERE
    etree.SubElement(root, "CKy_Dvi")
    envelope: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    head, _, tail = envelope.partition(_PLACE)
    document = b"".join((head, b"<DanhSach>", *(_written_line(line).encode() for line in lines), b"</DanhSach>", tail))
    _check_size(document)
    return document


def write_batches(header: Header, lines: Sequence[FilingLine]) -> tuple[Batch, ...]:
    """One document, or several with rising batch numbers where a list is longer than one document may be.

    Shape:  all lines of one worker stand in the same document: what the rules say of a line that repeats or follows another does
            not depend on where a list was cut.
    Raises: Invalid D02-043 where one worker's lines alone are too many for a document; D02-045 where there are too many documents.
    """
    waiting = _cut(lines, MAXIMUM_LINES)
    batches: list[Batch] = []
    while waiting:
        part = waiting.pop(0)
        number = header.batch + len(batches)
        if number > HIGHEST_BATCH:
            raise Invalid(xml_errors.TOO_MANY_BATCHES, limit=HIGHEST_BATCH)
        own = header.model_copy(update={"batch": number})
        try:
            batches.append(Batch(document=write(own, part), filing=as_filing(own, part)))
        except Invalid as error:
            halves = _cut(part, (len(part) + 1) // 2)
            if error.sentence is not xml_errors.XML_TOO_LARGE or len(halves) == 1:
                raise
            waiting[:0] = halves
    return tuple(batches)


def as_filing(header: Header, lines: Sequence[FilingLine]) -> Filing:
    """What `read` finds in the document that `write` makes of the same."""
    content = header.model_dump(mode="json", exclude_defaults=True)
    return Filing(filer_identifier=header.tax_code, period=header.period, lines=tuple(lines), content=content)


def read(document: bytes) -> Filing:
    """The filing a verified document holds. Raises Invalid D02-040 to D02-044, and SIG errors of the XML door."""
    root = parse_xml(document, maximum_bytes=MAXIMUM_BYTES)
    form = root.find(f"{_FILING}/ToKhais/FileToKhai/NoiDungFile/{_FORM}D02-TS")
    if root.tag != "Hoso" or form is None:
        raise Invalid(xml_errors.NOT_OUR_FORM)
    for element, schema in ((root, envelope_schema()), (form, form_schema())):
        if not schema.validate(element):
            raise _schema_error(schema)
    return as_filing(_read_header(root), tuple(_read_lines(form)))


def as_filed(number: int, line: Line) -> FilingLine:
    """A line as the engine is given it, whether it came by workbook or in a document."""
    pin = identify(line).pin or ""
    return FilingLine(number=number, pin=pin, content=line.as_content(), known_as=None if pin else known_as(in_unicode(line)))


# -- writing ----------------------------------------------------------------------------------------------------


def _put(parent: etree._Element, name: str, text: str) -> None:
    if text:
        etree.SubElement(parent, name).text = text


def _written_line(line: FilingLine) -> str:
    """WHY as text: an element for each cell of 10,000 lines costs three times the time, and the bytes are the same."""
    filled = line.content
    if "wage_coefficient" in filled:
        filled = {**filled, "wage_vnd": filled["wage_coefficient"]}
    elements = [f"<{code}>{escape(shown(filled[field]))}</{code}>" for field, code, shown in _WRITERS if field in filled]
    return f'<Dong stt="{line.number}">{"".join(elements)}</Dong>'


def _turned(value: Json) -> str:
    """Months MM/YYYY, days DD/MM/YYYY."""
    return "/".join(reversed(str(value).split("-")))


_SHOWN: Final[Mapping[Kind, Callable[[Json], str]]] = {
    Kind.SEX: lambda value: "1" if value == "MALE" else "0",
    Kind.YES_NO: lambda value: "1" if value else "0",
    Kind.REGION: lambda value: f"0{value}",
    Kind.MONTH: _turned,
    Kind.DATE: _turned,
    Kind.BIRTH: _turned,
}
"""How the form writes a value, where it is not the value's own text."""

_WRITERS: Final = tuple((column.field, column.code, _SHOWN.get(column.kind, str)) for column in COLUMNS)


def _cut(lines: Sequence[FilingLine], size: int) -> list[list[FilingLine]]:
    """Parts of at most so many lines, in order, each worker's lines together in the part of the first of them.

    Shape:  a worker is known by number, else by the old numbers; a line with neither stands alone.
    """
    together: dict[Hashable, list[FilingLine]] = {}
    for line in lines:
        together.setdefault(line.pin or (line.known_as and line.known_as.numbers) or line.number, []).append(line)
    parts: list[list[FilingLine]] = []
    for of_worker in together.values():
        if not parts or len(parts[-1]) + len(of_worker) > size:
            parts.append([])
        parts[-1] += of_worker
    return [sorted(part, key=lambda line: line.number) for part in parts]


def _check_size(document: bytes) -> None:
    if len(document) > MAXIMUM_BYTES - _ROOM_FOR_SIGNATURE:
        size, limit = f"{len(document) / 1024 / 1024:.1f}", MAXIMUM_BYTES // 1024 // 1024
        raise Invalid(xml_errors.XML_TOO_LARGE, size_mb=size, limit_mb=limit)


# -- reading ----------------------------------------------------------------------------------------------------


def _read_header(root: etree._Element) -> Header:
    day = str(root.findtext(f"{_FILING}/NgayLap"))
    month = str(root.findtext(f"{_FILING}/KyKeKhai"))
    try:
        return Header(
            tax_code=str(root.findtext(f"{_UNIT}/MaSoThue")),
            unit_code=root.findtext(f"{_UNIT}/MaSoBHXH") or "",
            unit_name=str(root.findtext(f"{_UNIT}/TenDoiTuong")),
            agency_code=root.findtext(f"{_UNIT}/CoQuanQuanLy") or "",
            period=str(Month.parse(month)),
            batch=int(str(root.findtext(f"{_FILING}/SoDot"))),
            made_on=date(int(day[6:]), int(day[3:5]), int(day[:2])),
        )
    except (ValueError, Invalid) as error:
        raise Invalid(xml_errors.NOT_OUR_FORM, where=_FILING) from error


def _read_lines(form: etree._Element) -> Iterator[FilingLine]:
    previous = 0
    read_cell = cells.remembering_reader()
    for element in form.iterfind(f"{_FORM}DanhSach/{_FORM}Dong"):
        number = int(str(element.get("stt")))
        if number <= previous:
            raise Invalid(xml_errors.LINE_NUMBERS_WRONG, where=f"Dong[{number}]", stt=number)
        previous = number
        yield as_filed(number, _read_line(number, element, read_cell))


def _read_line(number: int, element: etree._Element, read_cell: Callable[[Column, cells.Cell], cells.Value | None]) -> Line:
    values: dict[str, cells.Value] = {}
    for child in element.iterchildren(_ANY_FIELD):
        column = _BY_TAG[str(child.tag)]
        try:
            value = read_cell(column, child.text)
        except Invalid as error:
            where = f"Dong[{number}]/{column.code}"
            reason, reason_en = error.text("vi"), error.text("en")
            raise Invalid(
                xml_errors.BAD_ELEMENT, where=where, stt=number, element=column.code, reason=reason, reason_en=reason_en
            ) from error
        if value is not None:
            values[cells.target_field(column, value)] = value
    return Line.model_validate(values)


def _schema_error(schema: etree.XMLSchema) -> Invalid:
    """The first thing the schema found, at its line of the list where it lies in one. What somebody typed is not repeated."""
    found: Any = schema.error_log  # WHY: lxml's stubs do not know that a log is a sequence
    entry = found[0] if len(found) else None
    return Invalid(xml_errors.NOT_OUR_FORM, where=f"{entry.path or ''}:{entry.line}" if entry is not None else "")
