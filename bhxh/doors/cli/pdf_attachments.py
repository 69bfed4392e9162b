"""Takes the sealed original out of a PDF of ours. Offline; what is not such a PDF gives nothing, whatever it is."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

MARK = b"%PDF-"
_DEEPEST = 8  # LIMIT: levels of the name tree; ours has one
_MOST = 20  # LIMIT: attachments looked at; ours has one


def find_sealed(data: bytes, *, maximum_bytes: int) -> bytes | None:
    """The first attached JSON file, never unpacked beyond the limit. None where there is none."""
    try:
        names = PdfFileReader(BytesIO(data), strict=False).root["/Names"]["/EmbeddedFiles"]
        for position, specification in enumerate(_specifications(names, _DEEPEST)):
            if position == _MOST:
                break
            content = _content(specification["/EF"]["/F"], maximum_bytes)
            if content.lstrip()[:1] == b"{":
                return content
    except Exception:  # noqa: BLE001  # border to a parser fed with anything: it has no error class of its own for all of it
        return None
    return None


def _specifications(node: DictionaryObject, deepest: int) -> Iterator[Any]:
    if deepest == 0:
        return
    pairs = node.get("/Names", ())
    for position in range(1, len(pairs), 2):
        yield pairs[position]
    for child in node.get("/Kids", ()):
        yield from _specifications(child, deepest - 1)


def _content(stream: StreamObject, maximum_bytes: int) -> bytes:
    kind = stream.get("/Filter")
    if kind is None:
        return bytes(stream.encoded_data[:maximum_bytes])
    if kind not in ("/FlateDecode", ["/FlateDecode"]):
        return b""
    # WHY not the library's own: it unpacks without a limit.
    return zlib.decompressobj().decompress(stream.encoded_data, maximum_bytes)
