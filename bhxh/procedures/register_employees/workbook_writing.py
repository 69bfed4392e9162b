"""Hand the clerk's own workbook back with one more column: what became of each row, and what to do.

The column is spliced into the sheet's XML; every other part of the package, and every other byte of the sheet's cells, stays as it was,
so drop-downs, formulas, styles and comments survive. WHY not load and save: that loses the template's drop-downs.
"""

import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from bhxh.kernel.canonical import Json
from bhxh.kernel.decisions import Outcome
from bhxh.kernel.errors import Invalid
from bhxh.procedures.register_employees import errors
from bhxh.procedures.register_employees.form import CONTROL_CHARACTERS
from bhxh.procedures.register_employees.workbook_door import Package, letters_of_column, number_of_column, open_package, parse_part
from bhxh.procedures.register_employees.workbook_reading import Layout, ReadLine, ReadWorkbook, read_workbook

HEADING, CODE = "Kết quả", "KetQua"
_WIDTH = 100
_NOT_FILED = "not_filed"
ELSEWHERE = "elsewhere"
"""A row that stands in another document (a list too long for one is filed as several), or was left out to be filed later."""
WOULD_PASS, WOULD_BE_SEEN, WOULD_BE_REFUSED = "would_pass", "would_be_seen", "would_be_refused"
"""Of a list that was judged and not filed."""
_STATE_WORDS: Mapping[str, str] = {
    "pending": "Đã nhận, đang kiểm tra",
    "clean": "Đã giải quyết",
    "officer": "Đã nhận, cán bộ đang xem xét",
    "refused": "Không giải quyết",
    "superseded": "Đã thay bằng dòng nộp sau",
    _NOT_FILED: "Chưa nhận, cần sửa",
    ELSEWHERE: "Không thuộc hồ sơ này: nộp riêng, hoặc ở hồ sơ khác của danh sách",
    WOULD_PASS: "Đạt, chưa nộp",
    WOULD_BE_SEEN: "Cán bộ sẽ xem xét, chưa nộp",
    WOULD_BE_REFUSED: "Chưa đạt, chưa nộp, cần sửa",
}
_WORTH_SAYING = frozenset({Outcome.NOT_MET.value, Outcome.UNCLEAR.value, Outcome.WARNING.value})
_LONGEST_RESULT = 2_000  # LIMIT: a row with every mistake stays well below; Excel's own limit is 32,767

_ROW = re.compile(rb"<(?P<prefix>\w+:)?row\b(?P<attributes>[^>]*?)(?P<empty>/)?>")
_IS = rb"\s*=\s*[\"']"
"""WHY with spaces: XML allows them, and a row number that is passed over would put results into other rows."""
_ROW_NUMBER = re.compile(rb"\br" + _IS + rb"(\d+)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br" + _IS + rb"([A-Z]{1,3})\d+[\"']")
_SPANS = re.compile(rb"(\bspans" + _IS + rb"\d+:)(\d+)")
_HEIGHT = re.compile(rb"\s\bht" + _IS + rb"([\d.]+)[\"']")
_HEIGHT_KEPT = re.compile(rb"\s\bcustomHeight" + _IS + rb"\w+[\"']")
_LINE_HEIGHT = 15
_CHARACTERS_ON_A_LINE = 95
_COL = re.compile(rb"<(?:\w+:)?col\b[^>]*?/>")
_BOUND = re.compile(rb"\b(min|max)" + _IS + rb"(\d+)[\"']")
_DIMENSION = re.compile(rb"(<(?:\w+:)?dimension\b[^>]*?ref" + _IS + rb"[A-Z]+\d+:)([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineVerdict:
    """What became of one filed line, as the engine keeps it."""

    number: int
    state: str
    """`pending`, `clean`, `officer`, `refused` or `superseded` (dossier-states, point 3)."""
    findings: Sequence[Mapping[str, Json]] = field(default_factory=tuple)
    """As stored: `Finding.as_json`."""


def write_results(data: bytes, verdicts: Sequence[LineVerdict], *, read: ReadWorkbook | None = None, others: str = "pending") -> bytes:
    """The same workbook with a result for every filled row. Rows that could not be read say so by themselves.

    Shape:  `read` saves reading the file once more, where the caller has just done it. `others` is the state of readable rows
            without a verdict.
    Raises: Invalid D02-001 to D02-010, as reading does.
    """
    read = read or read_workbook(data)
    by_number = {verdict.number: verdict for verdict in verdicts}
    texts = {line.row: _result_text(line, by_number.get(line.number), read.layout, others) for line in read.lines}
    layout = read.layout
    del read  # WHY: beside the sheet in memory, the lines of a long list would be as much again
    package = open_package(data)
    changed = _Sheet(package.part(layout.part), layout, texts, _find_wrapping_style(package)).with_results()
    return replace_part(data, layout.part, changed)


# -- words ------------------------------------------------------------------------------------------------------


def _result_text(line: ReadLine, verdict: LineVerdict | None, layout: Layout, others: str) -> str:
    if line.filed is None or verdict is None:
        findings: Sequence[Mapping[str, Json]] = [finding.as_json() for finding in line.findings]
        state = _NOT_FILED if line.filed is None else others
    else:
        findings = [*(finding.as_json() for finding in line.findings), *verdict.findings]
        state = verdict.state
    said = [_sentence(finding, line.row, layout) for finding in findings if finding["outcome"] in _WORTH_SAYING]
    text = ". ".join([_STATE_WORDS[state], *dict.fromkeys(said)]) if said else _STATE_WORDS[state]
    return CONTROL_CHARACTERS.sub("", text)[:_LONGEST_RESULT]


def _sentence(finding: Mapping[str, Json], row: int, layout: Layout) -> str:
    where = str(finding["where"])
    cell = layout.cell(where, row) if where in layout.letters else where
    place = f"Ô {cell}: " if re.fullmatch(r"[A-Z]+\d+", cell) else ""
    return f"{place}{str(finding['vi']).rstrip('.')} ({finding['code']})"


# -- the sheet --------------------------------------------------------------------------------------------------


class _Sheet:
    """The bytes of one sheet while a column is added behind all others."""

    def __init__(self, part: bytes, layout: Layout, texts: Mapping[int, str], style: bytes) -> None:
        self._part = part
        self._style = style
        self._layout = layout
        self._texts = texts
        self._column = self._choose_column()
        self._letters = letters_of_column(self._column).encode()

    def _choose_column(self) -> int:
        last = max((number_of_column(letters.decode()) for letters in set(_CELL.findall(self._part))), default=1)
        return last if self._is_ours(last) else last + 1

    def _is_ours(self, column: int) -> bool:
        """Whether the last column is the result column of an earlier answer: the same file, sent again."""
        address = f"{letters_of_column(column)}{self._layout.header_row}".encode()
        found = re.search(rb"<(?:\w+:)?c\b[^>]*?\br" + _IS + address + rb"[\"'][^>]*>.*?</", self._part, re.DOTALL)
        return found is not None and CODE.encode() in found[0]

    def with_results(self) -> bytes:
        """The sheet with the column."""
        texts = {**self._texts, **self._headings()}
        pieces: list[bytes] = []
        position = number = 0
        for match in _ROW.finditer(self._part):
            own = _ROW_NUMBER.search(match["attributes"])
            number = int(own[1]) if own else number + 1
            if number not in texts:
                continue
            prefix = match["prefix"] or b""
            opening = b"<" + prefix + b"row" + self._fitted(match["attributes"], texts[number]) + b">"
            end_tag = b"</" + prefix + b"row>"
            end = match.end() if match["empty"] else self._part.find(end_tag, match.end())
            if end < 0:
                raise Invalid(errors.FILE_DAMAGED)
            pieces += [self._part[position : match.start()], opening, self._without_old(self._part[match.end() : end])]
            pieces += [self._cell(prefix, number, texts[number]), end_tag]
            position = end if match["empty"] else end + len(end_tag)
        pieces.append(self._part[position:])
        return self._with_width(self._with_dimension(b"".join(pieces)))

    def _headings(self) -> dict[int, str]:
        row = self._layout.header_row
        return {row - 1: HEADING, row: CODE} if row > 1 else {row: HEADING}

    def _cell(self, prefix: bytes, row: int, text: str) -> bytes:
        style = self._style_of_heading(row) if row <= self._layout.header_row else self._style
        address = self._letters + str(row).encode()
        shown = b'<%st xml:space="preserve">%s</%st>' % (prefix, escape(text).encode(), prefix)
        return b'<%sc r="%s"%s t="inlineStr"><%sis>%s</%sis></%sc>' % (prefix, address, style, prefix, shown, prefix, prefix)

    def _style_of_heading(self, row: int) -> bytes:
        """The heading looks like the heading of the names."""
        address = f"{self._layout.letters['full_name']}{row}".encode()
        found = re.search(rb"<(?:\w+:)?c\b[^>]*?\br" + _IS + address + rb"[\"'][^>]*>", self._part)
        style = re.search(rb"\bs" + _IS + rb"(\d+)[\"']", found[0]) if found else None
        return b' s="%s"' % style[1] if style else b""

    def _without_old(self, cells: bytes) -> bytes:
        return re.sub(
            rb"<((?:\w+:)?)c\b[^>]*?\br" + _IS + self._letters + rb"\d+[\"'](?:[^>]*?/>|[^>]*>.*?</\1c>)", b"", cells, flags=re.DOTALL
        )

    def _fitted(self, attributes: bytes, text: str) -> bytes:
        """A row tall enough for its result; and `spans` is a promise about the row's cells: keep it true."""
        attributes = _SPANS.sub(lambda found: found[1] + str(max(int(found[2]), self._column)).encode(), attributes)
        lines = math.ceil(len(text) / _CHARACTERS_ON_A_LINE) if self._style else 1
        given = _HEIGHT.search(attributes)
        if lines == 1 or (given and float(given[1]) >= lines * _LINE_HEIGHT):
            return attributes
        return _HEIGHT_KEPT.sub(b"", _HEIGHT.sub(b"", attributes)) + f' ht="{lines * _LINE_HEIGHT}" customHeight="1"'.encode()

    def _with_dimension(self, part: bytes) -> bytes:
        def widen(found: re.Match[bytes]) -> bytes:
            last = max(number_of_column(found[2].decode()), self._column)
            return found[1] + letters_of_column(last).encode() + found[3]

        return _DIMENSION.sub(widen, part, count=1)

    def _with_width(self, part: bytes) -> bytes:
        """Make the column wide and visible; a range of columns that covers it is cut around it."""
        head, separator, tail = part.partition(b"sheetData")
        prefix = head[head.rfind(b"<") + 1 :]
        head = head[: head.rfind(b"<")]
        number = str(self._column).encode()
        ours = b"<" + prefix + b'col min="' + number + b'" max="' + number + b'" width="' + str(_WIDTH).encode() + b'" customWidth="1"/>'
        columns = list(_COL.finditer(head))
        if not columns:
            wrapped = b"<" + prefix + b"cols>" + ours + b"</" + prefix + b"cols>"
            return head + wrapped + b"<" + prefix + separator + tail
        rebuilt: list[bytes] = []
        is_placed = False
        for column in columns:
            bounds = {key: int(value[:9]) for key, value in _BOUND.findall(column[0])}
            first, last = bounds.get(b"min", 0), bounds.get(b"max", 0)
            if first > self._column and not is_placed:
                rebuilt.append(ours)
                is_placed = True
            if not first <= self._column <= last:
                rebuilt.append(column[0])
                continue
            if first < self._column:
                rebuilt.append(_bounded(column[0], first, self._column - 1))
            rebuilt.append(ours)
            is_placed = True
            if last > self._column:
                rebuilt.append(_bounded(column[0], self._column + 1, last))
        if not is_placed:
            rebuilt.append(ours)
        head = head[: columns[0].start()] + b"".join(rebuilt) + head[columns[-1].end() :]
        return head + b"<" + prefix + separator + tail


def _find_wrapping_style(package: Package) -> bytes:
    """The attribute of a style that wraps text, from those the workbook has: adding one would change another part of the package."""
    try:
        styles = parse_part(package.part("xl/styles.xml"))
    except KeyError:
        return b""
    found = b""
    for index, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        alignment = style.find("{*}alignment")
        if alignment is None or alignment.get("wrapText") not in ("1", "true") or style.get("fillId", "0") != "0":
            continue
        found = found or f' s="{index}"'.encode()
        if alignment.get("horizontal", "left") in ("left", "general"):
            return f' s="{index}"'.encode()
    return found


def _bounded(column: bytes, first: int, last: int) -> bytes:
    bounds = {b"min": first, b"max": last}
    return _BOUND.sub(lambda found: found[1] + b'="' + str(bounds[found[1]]).encode() + b'"', column)


def replace_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same package, part for part in the same order, with one part's content exchanged."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            target.writestr(part, content if part.filename == name else source.read(part))
    return written.getvalue()
