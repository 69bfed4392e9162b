"""The sheets of paper inside files that were sent in: a photograph is one, each page of a scanner's PDF is one. Pure.

What a PDF shows besides one picture of the sheet would be lost in the conversion, so such a page is refused, not guessed at.
"""

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import pikepdf
from PIL import Image, ImageOps

from bhxh.conversion.errors import CNV_NO_PAPER_ON_PAGE, CNV_NOT_A_PICTURE, CNV_TOO_LARGE, CNV_TOO_MANY_PAGES
from bhxh.kernel.errors import Invalid
from bhxh.warehouse.proving import JPEG, MAXIMUM_PIXELS, PDF, PNG, prove_type

MAXIMUM_BYTES: Final = 60 * 1024 * 1024  # LIMIT: of all pictures together; the store takes 64 MB in one file
_MOST_INSTRUCTIONS: Final = 64 * 1024  # LIMIT: packed bytes that place the picture on its page; a scanner writes some hundred
_MOST_LOOKED_AT: Final = 100  # LIMIT: pages of one file that are looked at page by page; each is read before the first is shown
_LEAST_COVER: Final = 0.7
"""Of the page. WHY: a letter written on a computer with a logo on it holds one picture too."""
_FILTERS: Final = {"/DCTDecode", "/FlateDecode", "/CCITTFaxDecode", "/JPXDecode"}
"""How scanners pack. WHY no others: chains and rarer ones unpack to any size, or need programs of their own."""
_PLAIN_MODES: Final = {"1", "L", "RGB"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was sent in, and what it was proven to be."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One side of a paper as a picture that every reader shows alike."""

    source: int
    """Which of the files it is from, counted from 0."""
    kind: Literal["jpg", "png"]
    content: bytes

    @property
    def media_type(self) -> str:
        """Of the picture."""
        return JPEG if self.kind == "jpg" else PNG

    def open(self) -> Image.Image:
        """The picture, upright."""
        return ImageOps.exif_transpose(Image.open(io.BytesIO(self.content), formats=("JPEG", "PNG")))


def read_sheets(files: Sequence[SourceFile], *, most: int) -> list[Sheet]:
    """Every sheet, in the order of the files.

    Shape:  a JPEG stays as it came, to the byte; what no reader would show alike is written anew without loss.
    Raises: Invalid CNV-005, CNV-006, CNV-007, CNV-019.
    """
    sheets: list[Sheet] = []
    size = 0
    for number, file in enumerate(files):
        for kind, content in _pictures(file, len(sheets)):
            size += len(content)
            sheets.append(Sheet(number, kind, content))
            if len(sheets) > most:
                raise Invalid(CNV_TOO_MANY_PAGES, most=most)
            if size > MAXIMUM_BYTES:
                raise Invalid(CNV_TOO_LARGE, size_bytes=size, maximum_bytes=MAXIMUM_BYTES)
    return sheets


def count_sheets(content: bytes) -> int:
    """How many sheets of a file can be looked at one by one; 0 where it is no scan, or is damaged: then it is a file to be saved."""
    kind = _proven_type(content)
    if kind != PDF:
        return int(kind in (JPEG, PNG))
    with _opened(content) as document:
        try:
            count = len([_sheet_of(page) for page in document.pages]) if len(document.pages) <= _MOST_LOOKED_AT else 0
        except _UNREADABLE:
            return 0
    return count


def find_sheet(content: bytes, number: int) -> Sheet | None:
    """The sheet of this number, counted from 1, as it would go into a conversion. None where there is none to look at."""
    kind = _proven_type(content)
    if kind in (JPEG, PNG) and number == 1:
        return Sheet(0, *_as_it_came(content))
    if kind != PDF:
        return None
    with _opened(content) as document:
        if not 1 <= number <= len(document.pages):
            return None
        try:
            return Sheet(0, *_only_picture(document.pages[number - 1]))
        except _UNREADABLE:
            return None


def _proven_type(content: bytes) -> str:
    """WHY proven again: what a dossier brought from elsewhere did not come through the warehouse's examination."""
    try:
        return prove_type(io.BytesIO(content))
    except Invalid:
        return ""


def _pictures(file: SourceFile, before: int) -> Iterator[tuple[Literal["jpg", "png"], bytes]]:
    match file.media_type:
        case "image/jpeg" | "image/png":
            yield _as_it_came(file.content)
        case "application/pdf":
            yield from _scanned(file.content, before)
        case _:
            raise Invalid(CNV_NOT_A_PICTURE, name=file.media_type)


assert (PDF, PNG, JPEG) == ("application/pdf", "image/png", "image/jpeg"), "the pattern above spells them out"


def _as_it_came(content: bytes) -> tuple[Literal["jpg", "png"], bytes]:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        if picture.mode in _PLAIN_MODES:
            return ("jpg" if picture.format == "JPEG" else "png"), content
        return "png", _as_png(ImageOps.exif_transpose(picture))


def _as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    (picture if picture.mode in _PLAIN_MODES else picture.convert("RGB")).save(out, "PNG")
    return out.getvalue()


def _scanned(content: bytes, before: int) -> Iterator[tuple[Literal["jpg", "png"], bytes]]:
    with _opened(content) as document:
        for number, page in enumerate(document.pages, start=before + 1):
            try:
                yield _only_picture(page)
            except _UNREADABLE:
                raise Invalid(CNV_NO_PAPER_ON_PAGE, page=number) from None


def _opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True)


class _NoSheetError(Exception):
    """The page is not one picture and nothing else."""


_UNREADABLE: Final = (
    _NoSheetError,
    pikepdf.PdfError,
    Image.DecompressionBombError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OSError,
)
"""WHY so many: the libraries raise each of these over one damaged or unusual object or another."""


def _sheet_of(page: pikepdf.Page) -> pikepdf.Stream:
    if page.obj.get("/Annots"):
        raise _NoSheetError
    return _placed_picture(page)


def _only_picture(page: pikepdf.Page) -> tuple[Literal["jpg", "png"], bytes]:
    picture = _sheet_of(page)
    turned = int(page.obj.get("/Rotate", 0)) % 360
    if picture.get("/Filter") == "/DCTDecode" and not turned and picture.get("/Decode") is None:
        raw = picture.read_raw_bytes()
        with Image.open(io.BytesIO(raw), formats=("JPEG",)) as opened:
            if opened.size != (int(picture.Width), int(picture.Height)):
                raise _NoSheetError
            if opened.mode in _PLAIN_MODES and not opened.getexif():
                return "jpg", raw
    unpacked = pikepdf.PdfImage(picture).as_pil_image()
    return "png", _as_png(unpacked.rotate(-turned, expand=True) if turned else unpacked)


def _placed_picture(page: pikepdf.Page) -> pikepdf.Stream:
    """The one picture, upright, over nearly the whole page, beside text that nobody sees (what a scanner read) and nothing else."""
    contents: Any = page.obj.get("/Contents", [])
    if sum(_packed_bytes(part) for part in (contents if isinstance(contents, pikepdf.Array) else [contents])) > _MOST_INSTRUCTIONS:
        raise _NoSheetError
    left, bottom, right, top = (float(side) for side in page.mediabox)
    matrix, kept, is_unseen = pikepdf.Matrix(), list[pikepdf.Matrix](), False
    found: list[str] = []
    for instruction in pikepdf.parse_content_stream(page):
        match str(instruction.operator), list(instruction.operands):
            case "q", _:
                kept.append(matrix)
            case "Q", _ if kept:
                matrix = kept.pop()
            case "cm", numbers:
                matrix = pikepdf.Matrix(*(float(number) for number in numbers)) @ matrix
            case "Tr", [mode]:
                is_unseen = int(mode) == 3
            case "Tj" | "TJ" | "'" | '"' | "INLINE IMAGE" | "sh" | "f" | "F" | "f*" | "B" | "B*" | "S", _:
                if not (is_unseen and str(instruction.operator) in {"Tj", "TJ", "'", '"'}):
                    raise _NoSheetError
            case "Do", [name]:
                found.append(str(name))
                is_upright = matrix.a > 0 and matrix.d > 0 and abs(matrix.b) < 0.01 and abs(matrix.c) < 0.01
                if not is_upright or matrix.a * matrix.d < _LEAST_COVER * (right - left) * (top - bottom):
                    raise _NoSheetError
    if len(found) != 1:
        raise _NoSheetError
    picture = page.resources["/XObject"][found[0]]
    if not isinstance(picture, pikepdf.Stream):
        raise _NoSheetError
    _check_plain(picture)
    return picture


def _check_plain(picture: Any) -> None:
    """A picture that unpacks to what it says it is."""
    width, height, filtered = int(picture.Width), int(picture.Height), picture.get("/Filter")
    if isinstance(filtered, pikepdf.Array) and len(filtered) == 1:
        filtered = filtered[0]
    is_plain = picture.get("/Subtype") == "/Image" and str(filtered) in _FILTERS and not {"/SMask", "/Mask"} & set(picture.keys())
    if not is_plain or width * height > MAXIMUM_PIXELS:
        raise _NoSheetError
    if filtered == "/FlateDecode" and _unpacks_beyond(picture.read_raw_bytes(), 8 * width * height + 1024 * 1024):
        raise _NoSheetError
    if filtered == "/JPXDecode":
        with Image.open(io.BytesIO(picture.read_raw_bytes()), formats=("JPEG2000",)) as opened:
            if opened.size != (width, height):
                raise _NoSheetError


def _unpacks_beyond(packed: bytes, most: int) -> bool:
    """WHY asked before: a few kilobytes may unpack to gigabytes, and the reader unpacks all of it."""
    unpacking, seen = zlib.decompressobj(), 0
    while packed and not unpacking.eof:
        seen += len(unpacking.decompress(packed, 1024 * 1024))
        packed = unpacking.unconsumed_tail
        if seen > most:
            return True
    return False


def _packed_bytes(part: Any) -> int:
    return len(part.read_raw_bytes()) if isinstance(part, pikepdf.Stream) else 0
