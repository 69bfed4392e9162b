"""The one document that is signed, filed and judged: envelope `Hoso`, form `D02-TS`, a `Dong` for each line.

Writing is deterministic: the same header and lines give the same bytes. Reading is only ever done on bytes whose signature was
verified before; it gives back exactly what was written. Empty fields are omitted.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from lxml import etree

from bhxh.dossiers.procedure import Filing, FilingLine
from bhxh.kernel.errors import Invalid
from bhxh.procedures.register_employees import cells, errors
from bhxh.procedures.register_employees.columns import BY_CODE, COLUMNS, Column, Kind
from bhxh.procedures.register_employees.form import Header, Line, identify, known_as
from bhxh.procedures.register_employees.old_texts import in_unicode
from bhxh.procedures.register_employees.schema import MAXIMUM_LINES, NAMESPACE, envelope_schema, form_schema
from bhxh.signing.xml_door import parse_xml

MAXIMUM_BYTES = 12 * 1024 * 1024
_ROOM_FOR_SIGNATURE = 64 * 1024  # LIMIT: a XAdES signature with its certificate weighs about 6 KB
PROCEDURE_CODE = "SI-02"
PROCEDURE_TITLE = "Báo tăng, báo giảm, điều chỉnh lao động tham gia bảo hiểm"
_FORM = f"{{{NAMESPACE}}}"
_UNIT, _FILING = "NoiDung/ThongTinDonVi", "NoiDung/ThongTinHoSo"


def write(header: Header, lines: Sequence[tuple[int, Line]]) -> bytes:
    """The canonical document of one list, unsigned, with an empty place for the unit's signature.

    Raises: Invalid D02-042 or D02-043 where the list is too long for one document; `write_batches` splits it.
    """
    if len(lines) > MAXIMUM_LINES:
        raise Invalid(errors.TOO_MANY_LINES, limit=MAXIMUM_LINES, count=len(lines))
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
    for number, line in lines:
        _write_line(table, number, line)
    etree.SubElement(root, "CKy_Dvi")
    document = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    _check_size(document)
    return document


def write_batches(header: Header, lines: Sequence[tuple[int, Line]]) -> tuple[bytes, ...]:
    """One document, or several with rising batch numbers where a list is longer than one document may be."""
    parts = [lines[start : start + MAXIMUM_LINES] for start in range(0, len(lines), MAXIMUM_LINES)]
    documents: list[bytes] = []
    while parts:
        part = parts.pop(0)
        try:
            documents.append(write(header.model_copy(update={"batch": header.batch + len(documents)}), part))
        except Invalid as error:
            if error.sentence is not errors.XML_TOO_LARGE or len(part) == 1:
                raise
            middle = len(part) // 2
            parts[:0] = [part[:middle], part[middle:]]
    return tuple(documents)


def read(document: bytes) -> Filing:
    """The filing a verified document holds. Raises Invalid D02-040 to D02-044, and SIG errors of the XML door."""
    root = parse_xml(document, maximum_bytes=MAXIMUM_BYTES)
    form = root.find(f"{_FILING}/ToKhais/FileToKhai/NoiDungFile/{_FORM}D02-TS")
    if root.tag != "Hoso" or form is None:
        raise Invalid(errors.NOT_OUR_FORM)
    for element, schema in ((root, envelope_schema()), (form, form_schema())):
        if not schema.validate(element):
            raise _schema_error(schema)
    lines = tuple(_read_lines(form))
    header = _read_header(root)
    content = header.model_dump(mode="json", exclude_defaults=True)
    return Filing(filer_identifier=header.tax_code, period=header.period, lines=lines, content=content)


# -- writing ----------------------------------------------------------------------------------------------------


def _put(parent: etree._Element, name: str, text: str) -> None:
    if text:
        etree.SubElement(parent, name).text = text


def _write_line(table: etree._Element, number: int, line: Line) -> None:
    element = etree.SubElement(table, f"{_FORM}Dong", stt=str(number))
    filled = line.as_content()
    if "wage_coefficient" in filled:
        filled.setdefault("wage_vnd", filled["wage_coefficient"])
    for column in COLUMNS:
        if column.field in filled:
            etree.SubElement(element, _FORM + column.code).text = _written(column, filled[column.field])


def _written(column: Column, value: object) -> str:
    """A value as the form writes it: 1 and 0, months MM/YYYY, days DD/MM/YYYY."""
    match column.kind:
        case Kind.SEX:
            return "1" if value == "MALE" else "0"
        case Kind.YES_NO:
            return "1" if value else "0"
        case Kind.REGION:
            return f"0{value}"
        case Kind.MONTH | Kind.DATE | Kind.BIRTH:
            return "/".join(reversed(str(value).split("-")))
        case _:
            return str(value)


def _check_size(document: bytes) -> None:
    if len(document) > MAXIMUM_BYTES - _ROOM_FOR_SIGNATURE:
        size, limit = f"{len(document) / 1024 / 1024:.1f}", MAXIMUM_BYTES // 1024 // 1024
        raise Invalid(errors.XML_TOO_LARGE, size_mb=size, limit_mb=limit)


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
            period=f"{month[3:]}-{month[:2]}",
            batch=int(str(root.findtext(f"{_FILING}/SoDot"))),
            made_on=date(int(day[6:]), int(day[3:5]), int(day[:2])),
        )
    except ValueError as error:
        raise Invalid(errors.NOT_OUR_FORM) from error


def _read_lines(form: etree._Element) -> Iterator[FilingLine]:
    previous = 0
    for element in form.iterfind(f"{_FORM}DanhSach/{_FORM}Dong"):
        number = int(str(element.get("stt")))
        if number <= previous:
            raise Invalid(errors.LINE_NUMBERS_WRONG, where=f"Dong[{number}]", stt=number)
        previous = number
        line = _read_line(number, element)
        yield FilingLine(number=number, pin=identify(line).pin or "", content=line.as_content(), known_as=known_as(in_unicode(line)))


def _read_line(number: int, element: etree._Element) -> Line:
    values: dict[str, cells.Value] = {}
    for child in element.iterchildren(f"{_FORM}*"):
        column = BY_CODE[etree.QName(child).localname]
        try:
            value = cells.read(column, child.text)
        except Invalid as error:
            where = f"Dong[{number}]/{column.code}"
            reason, reason_en = error.text("vi"), error.text("en")
            raise Invalid(errors.BAD_ELEMENT, where=where, stt=number, element=column.code, reason=reason, reason_en=reason_en) from error
        if value is not None:
            values[cells.target_field(column, value)] = value
    return Line.model_validate(values)


def _schema_error(schema: etree.XMLSchema) -> Invalid:
    """The first thing the schema found, at its line of the list where it lies in one. What somebody typed is not repeated."""
    found: Any = schema.error_log  # WHY: lxml's stubs do not know that a log is a sequence
    entry = found[0] if len(found) else None
    return Invalid(errors.NOT_OUR_FORM, where=f"{entry.path or ''}:{entry.line}" if entry is not None else "")
