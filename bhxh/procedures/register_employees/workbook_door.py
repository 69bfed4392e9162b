"""The one door for spreadsheets: prove that a file is a harmless .xlsx before anything parses it.

What is refused here: other formats, passwords, macros, files too large, archives that unpack to too much, repeated or
encrypted parts, XML with a document type, and sheets whose cells lie so far out that a reader would reserve the memory of a grid.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from lxml import etree

from bhxh.kernel.errors import Invalid
from bhxh.procedures.register_employees import errors

MAXIMUM_BYTES = 25 * 1024 * 1024  # LIMIT: 50,000 filled rows of the template weigh about 12 MB
_MAXIMUM_PARTS = 500  # LIMIT: the template has 33; pictures and comments add some
_MAXIMUM_UNPACKED = 600 * 1024 * 1024  # LIMIT: 50,000 rows of 82 filled columns unpack to about 300 MB
_MAXIMUM_RATIO = 200  # LIMIT: repeated rows of a real sheet reach 60; a bomb has 1,000
_RATIO_FROM_BYTES = 50 * 1024 * 1024  # below this a ratio harms nobody
_MAXIMUM_GRID = 12_000_000  # LIMIT: rows times columns that a reader reserves; 50,000 x 82 is 4.1 million
_LAST_COLUMN = 16_384  # LIMIT: XFD, where Excel ends; the search for the header looks at every cell of its rows
_LONGEST_ADDRESS = 12  # LIMIT: Excel ends at XFD and 1048576; anything longer is no address
_LONG_BYTES = 3 * 1024 * 1024  # LIMIT: the largest sheet of the template; one of 4,000 rows, fewer where more cells are filled
_CHUNK = 1024 * 1024
_LONGEST_PROMISE = 1024  # LIMIT: characters of `uniqueCount="..."` looked for across two pieces

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PLACED = re.compile(rb"<(?:\w+:)?(?:c|row)\s(?:[^<>]*?\s)?r\s*=\s*[\"']([A-Za-z]*)(\d*)([^\"']*)[\"'][^<>]*(?<!/)>")
_SUSPECT = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b't="e"', b"t='e'")
"""WHY not a pattern: these are looked for in hundreds of megabytes, nearly always in vain."""
_STRING_COUNT = re.compile(rb"\buniqueCount\s*=\s*[\"']\s*\+?(\d+)")
_NAMESPACES = re.compile(r"\{[^}]*\}")
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How workbooks are packed. WHY no other: an LZMA part names the memory it wants, and breaks off with errors of its own."""
_TROUBLE_OF_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that passed the door."""

    data: bytes
    sheets: Mapping[str, str]
    """Sheet name to the part that holds it, in the workbook's order."""

    def part(self, name: str) -> bytes:
        """The bytes of one part."""
        with self.stream(name) as stream:
            return stream.read()

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """One part piece by piece: a long list unpacks to hundreds of megabytes."""
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive, archive.open(name) as stream:
            yield stream


def open_package(data: bytes) -> Package:
    """Check a file of unknown origin. Raises Invalid D02-001 to D02-006."""
    if len(data) > MAXIMUM_BYTES:
        raise Invalid(errors.FILE_TOO_LARGE, size_mb=_megabytes(len(data)), limit_mb=_megabytes(MAXIMUM_BYTES))
    if data.startswith(_OLE):
        raise Invalid(errors.HAS_PASSWORD)
    if not data.startswith(_ZIP):
        raise Invalid(errors.NOT_A_WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive)
            return Package(data, _list_sheets(archive))
    except _TROUBLE_OF_ZIP as error:
        raise Invalid(errors.FILE_DAMAGED) from error


def is_long(data: bytes) -> bool:
    """Whether a file may hold thousands of rows: by what it says of itself, as good as a guess before it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return max((part.file_size for part in archive.infolist()), default=0) > _LONG_BYTES
    except _TROUBLE_OF_ZIP:
        return False


def check_sheet(sheet: IO[bytes]) -> bool:
    """Refuse a sheet with a filled cell so far out that the grid up to it would not fit.

    Returns whether a cell may be one that the reader cannot tell from an empty one: a formula, or an error of Excel.
    Raises: Invalid D02-006, D02-010.
    """
    last_column, last_row, is_suspect = 1, 1, False
    for block in _blocks_of(sheet):
        columns: set[bytes] = set()
        for letters, digits, rest in _PLACED.findall(block):
            if rest or not digits or len(letters) > _LONGEST_ADDRESS or len(digits) > _LONGEST_ADDRESS:
                raise Invalid(errors.FILE_DAMAGED)
            columns.add(letters)
            last_row = max(last_row, int(digits))
        last_column = max([last_column, *(number_of_column(letters.decode() or "A") for letters in columns)])
        is_suspect = is_suspect or any(mark in block for mark in _SUSPECT)
    if last_row * last_column > _MAXIMUM_GRID or last_column > _LAST_COLUMN:
        raise Invalid(errors.SHEET_TOO_WIDE, cell=f"{letters_of_column(last_column)}{last_row}")
    return is_suspect


def _blocks_of(sheet: IO[bytes]) -> Iterator[bytes]:
    """The sheet in pieces that end where a tag ends or begins, so that no tag is cut in two."""
    rest = b""
    while chunk := sheet.read(_CHUNK):
        if b"\x00" in chunk:  # WHY: in UTF-16 the patterns would see nothing, and no program writes sheets so
            raise Invalid(errors.FILE_DAMAGED)
        block = rest + chunk
        cut = block.rfind(b"<")
        rest = block[cut:] if cut >= 0 and b">" not in block[cut:] else b""
        if len(rest) > _CHUNK:  # LIMIT: one tag; those of real sheets have some hundred characters
            raise Invalid(errors.FILE_DAMAGED)
        yield block[:cut] if rest else block
    yield rest


def parse_part(part: bytes) -> etree._Element:
    """Parse one part without entities, network or document type. Raises Invalid D02-006."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_blank_text=False)
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Invalid(errors.FILE_DAMAGED) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid(errors.FILE_DAMAGED)
    return root


def local_name(element: etree._Element) -> str:
    """The name without its namespace: workbooks come in two of them."""
    return _NAMESPACES.sub("", str(element.tag))


def number_of_column(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters_of_column(number: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > _MAXIMUM_PARTS:
        raise Invalid(errors.FILE_UNPACKS_TOO_LARGE)
    if len(set(names)) != len(names):
        raise Invalid(errors.FILE_DAMAGED)
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(errors.HAS_PASSWORD)
    if any(part.compress_type not in _PACKINGS for part in parts):
        raise Invalid(errors.FILE_DAMAGED)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Invalid(errors.NOT_A_WORKBOOK)
    _check_content(archive, parts)
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise Invalid(errors.HAS_MACROS)


def _check_content(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack everything once, counting, and keep no more of it than a piece.

    WHY not trust the declared sizes: they are the sender's. WHY look for promises: a reader reserves room for as many shared
    strings as a part says it has, so no part may promise more than it can hold.
    """
    total = 0
    packed = max(1, sum(part.compress_size for part in parts))
    for part in parts:
        length, promised, before = 0, 0, b""
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                length += len(chunk)
                total += len(chunk)
                if total > _MAXIMUM_UNPACKED or (total > _RATIO_FROM_BYTES and total / packed > _MAXIMUM_RATIO):
                    raise Invalid(errors.FILE_UNPACKS_TOO_LARGE)
                promised = max([promised, *(int(count[:20]) for count in _STRING_COUNT.findall(before + chunk))])
                before = chunk[-_LONGEST_PROMISE:]
        if promised > length:
            raise Invalid(errors.FILE_DAMAGED)


def _list_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    targets = {
        str(link.get("Id")): str(link.get("Target"))
        for link in parse_part(archive.read("xl/_rels/workbook.xml.rels"))
        if link.get("Target") is not None
    }
    sheets: dict[str, str] = {}
    for element in parse_part(archive.read("xl/workbook.xml")).iter():
        if isinstance(element.tag, str) and local_name(element) == "sheet":
            link = next((value for key, value in element.attrib.items() if _NAMESPACES.sub("", str(key)) == "id"), "")
            target = targets.get(str(link), "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            if path in archive.NameToInfo and path.endswith(".xml"):
                sheets[str(element.get("name"))] = path
    return sheets


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1024 / 1024:.0f}"
