"""What a file is, proven by reading it with a real parser. What a sender calls it counts for nothing, nor do its first bytes alone.

LAW: R-106 (assumed): PDF, JPEG, PNG; and signed XML, because registers and other systems issue it.
"""

from typing import BinaryIO, Final

import pikepdf
from PIL import Image

from bhxh.kernel.errors import Invalid, Refusal
from bhxh.signing.xml_door import parse_xml
from bhxh.warehouse.errors import WAR_LOCKED, WAR_NOT_PROVEN, WAR_TOO_MUCH_INSIDE, WAR_WRONG_TYPE

PDF, PNG, JPEG, XML = "application/pdf", "image/png", "image/jpeg", "application/xml"
MAXIMUM_PAGES: Final = 2000  # LIMIT: a career's contracts in one file have some hundreds
MAXIMUM_PIXELS: Final = 52_000_000  # LIMIT: large phones' pictures and A4 at 600 dots an inch; reading one takes up to six bytes for each
MAXIMUM_XML_BYTES: Final = 12 * 1024 * 1024  # LIMIT: as large as a filing; a tree takes some thirty times its text
_BEGINNINGS: Final = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def prove_type(file: BinaryIO) -> str:
    """The media type of a file that can be read to its end. Raises Invalid WAR-025 to WAR-028."""
    file.seek(0)
    start = file.read(8)
    is_markup = start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    media_type = next((media_type for beginning, media_type in _BEGINNINGS if start.startswith(beginning)), XML if is_markup else "")
    if not media_type:
        raise Invalid(WAR_WRONG_TYPE)
    file.seek(0)
    {PDF: _prove_pdf, PNG: _prove_picture, JPEG: _prove_picture, XML: _prove_xml}[media_type](file)
    return media_type


def _prove_pdf(file: BinaryIO) -> None:
    try:
        # WHY no recovery: what has to be guessed at is read differently by different programs.
        with pikepdf.open(file, attempt_recovery=False, suppress_warnings=True) as document:
            if document.is_encrypted:
                raise Invalid(WAR_LOCKED)
            if len(document.pages) > MAXIMUM_PAGES:
                raise Invalid(WAR_TOO_MUCH_INSIDE)
            if not document.pages or not all(isinstance(page.obj, pikepdf.Dictionary) for page in document.pages):
                raise Invalid(WAR_NOT_PROVEN)
    except pikepdf.PasswordError:
        raise Invalid(WAR_LOCKED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        # WHY so many: the library raises each of these over one damaged object or another.
        raise Invalid(WAR_NOT_PROVEN) from None


def _prove_picture(file: BinaryIO) -> None:
    try:
        with Image.open(file, formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            if width * height > MAXIMUM_PIXELS:
                raise Invalid(WAR_TOO_MUCH_INSIDE)
            picture.draft("L", (max(1, width // 8), max(1, height // 8)))  # WHY: a JPEG is read to its end at a sixty-fourth of the memory
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(WAR_TOO_MUCH_INSIDE) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError, MemoryError):
        # WHY so many: the library raises each of these over one damaged byte or another.
        raise Invalid(WAR_NOT_PROVEN) from None


def _prove_xml(file: BinaryIO) -> None:
    try:
        root = parse_xml(file.read(MAXIMUM_XML_BYTES + 1), maximum_bytes=MAXIMUM_XML_BYTES)
    except Refusal:
        raise Invalid(WAR_NOT_PROVEN) from None
    if root.tag != _SIGNATURE and root.find(f".//{_SIGNATURE}") is None:
        raise Invalid(WAR_WRONG_TYPE)
