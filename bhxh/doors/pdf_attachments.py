"""Takes the sealed original out of a PDF of ours. Offline; what is not such a PDF gives nothing, whatever it is.

WHY no reader of PDFs: strangers send these to the public verification, and a reader follows what they say (references in circles, tables that
inflate to gigabytes). An attached file always lies in the file's bytes under its own name, so looking through them is enough.
"""

import re
import zlib
from typing import Final

MARK: Final = b"%PDF-"
_ATTACHED: Final = re.compile(rb"/Type\s*/EmbeddedFile\b")
_MOST: Final = 20  # LIMIT: attachments looked at; ours has one
_NEAR: Final = 1024  # LIMIT: bytes from the name to where the content begins
_BEGIN, _END = re.compile(rb">>\s*stream\r?\n"), b"endstream"


def find_sealed(data: bytes, *, maximum_bytes: int) -> bytes | None:
    """The attached JSON file, never unpacked beyond the limit. None where there is none, or where there are several that differ."""
    found = set()
    for position, match in enumerate(_ATTACHED.finditer(data)):
        if position == _MOST:
            return None
        content = _content(data, match.start(), maximum_bytes)
        if content.lstrip()[:1] == b"{":
            found.add(content)
    return found.pop() if len(found) == 1 else None


def _content(data: bytes, at: int, maximum_bytes: int) -> bytes:
    begin = _BEGIN.search(data, at, at + _NEAR)
    if begin is None:
        return b""
    said = data[max(data.rfind(b"obj", 0, at), at - _NEAR, 0) : begin.start()]
    if b"/Filter" not in said:
        end = data.find(_END, begin.end())
        return data[begin.end() : min(max(end, 0), begin.end() + maximum_bytes)].rstrip(b"\r\n")
    try:
        return zlib.decompressobj().decompress(memoryview(data)[begin.end() :], maximum_bytes)
    except zlib.error:
        return b""
