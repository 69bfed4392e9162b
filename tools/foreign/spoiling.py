"""One thing changed in an artefact, so that whoever judges it must refuse: a byte, a letter, a place in a list."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

from bhxh.own_data.verification import MANIFEST

Change = Callable[[bytes], bytes]
_TIME = re.compile(rb"\x18[\x0f-\x20]20\d{12}")
"""GeneralizedTime up to its seconds; some authorities write fractions."""


def byte(marker: bytes, offset: int = 0) -> Change:
    """One bit of the byte that stands so far behind a marker's last occurrence's start."""

    def change(content: bytes) -> bytes:
        return flipped(content, content.rindex(marker) + offset)

    return change


def flipped(content: bytes, position: int) -> bytes:
    """One bit of one byte."""
    return content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]


def letter_of(member: str) -> Change:
    """One letter in the middle of a member of sealed JSON becomes another letter of Base64."""

    def change(content: bytes) -> bytes:
        start = content.index(b'"%b":"' % member.encode()) + len(member) + 4
        place = (start + content.index(b'"', start)) // 2
        return content[:place] + (b"A" if content[place : place + 1] != b"A" else b"B") + content[place + 1 :]

    return change


def last_digit_of_time(der: bytes) -> bytes:
    """The seconds of the first time (GeneralizedTime) in DER."""
    found = _TIME.search(der)
    assert found is not None
    return flipped(der, found.end() - 1)


def in_attachment(pdf: bytes) -> bytes:
    """A byte of the file that a page carries."""
    return flipped(pdf, pdf.index(b"stream", pdf.index(b"/Type/EmbeddedFile")) + 60)


SEALED = tuple((f"a letter of the {member}", letter_of(member)) for member in ("payload", "protected", "signature"))
COVERED: tuple[tuple[str, Change], ...] = (("a byte that the seal covers", lambda pdf: flipped(pdf, pdf.index(b"/Lang") + 4)),)
STRUCTURE = (("a digit of startxref", byte(b"startxref", 10)),)


# -- archives: packed anew, so that only the digests and the manifest's seal can tell --------------------------------------


def in_first_file(archive: bytes) -> bytes:
    """A byte of the first file."""
    return _repacked(archive, lambda number, _, content: flipped(content, len(content) // 2) if number == 0 else content)


def in_manifest(archive: bytes) -> bytes:
    """A letter of the manifest."""
    return _repacked(archive, lambda _, name, content: letter_of("payload")(content) if name == MANIFEST else content)


def _repacked(archive: bytes, change: Callable[[int, str, bytes], bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as read, zipfile.ZipFile(made, "w") as written:
        for number, name in enumerate(read.namelist()):
            written.writestr(name, change(number, name, read.read(name)))
    return made.getvalue()


# -- proofs from the log -------------------------------------------------------------------------------------------------


def one_leaf_before(bundle: bytes) -> bytes:
    """The number of another leaf."""
    told = json.loads(bundle)
    return _spelled({**told, "leaf_number": told["leaf_number"] - 1})


def exchanged(way: str) -> Change:
    """The first two digests of a path change places."""

    def change(bundle: bytes) -> bytes:
        told = json.loads(bundle)
        first, second, *rest = told[way]
        return _spelled({**told, way: [second, first, *rest]})

    return change


def without_one(way: str) -> Change:
    """A path without its first digest."""

    def change(bundle: bytes) -> bytes:
        told = json.loads(bundle)
        return _spelled({**told, way: told[way][1:]})

    return change


def _spelled(told: dict[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
