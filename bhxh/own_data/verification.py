"""A copy of everything, read back offline: the manifest's seal, and that every file is as it was sealed. No database, no network, no Django."""

import hashlib
import struct
import zlib
from typing import IO, Final
from zipfile import BadZipFile, ZipFile

import orjson

from bhxh.kernel.errors import Invalid
from bhxh.own_data.errors import OWN_NOT_AN_ARCHIVE, OWN_NOT_AS_SEALED
from bhxh.signing.keysets import KeySet
from bhxh.signing.seals import verify_flattened

TYPE_NAME: Final = "bhxh-own-copy+json"
FORMAT: Final = "bhxh-own-copy/1"
PURPOSE: Final = "book"
"""A copy is sealed with the key that seals the person's book."""
MANIFEST: Final = "manifest.json"
MARK: Final = b"PK\x03\x04"
"""How an archive begins."""
_MAXIMUM_MANIFEST_BYTES: Final = 4 * 1024 * 1024  # LIMIT: some 20,000 files
_MAXIMUM_FILE_BYTES: Final = 256 * 1024 * 1024  # LIMIT: of one unpacked file; what is kept of a person is far below it


def verify(source: IO[bytes], keys: KeySet) -> str:
    """Check an archive offline: the manifest's seal, and that it holds exactly the files the manifest names. Returns the key's id.

    Raises: Invalid OWN-001, OWN-002, SIG-040 to SIG-046.
    """
    try:
        with ZipFile(source) as archive:
            names = archive.namelist()
            if MANIFEST not in names:
                raise Invalid(OWN_NOT_AN_ARCHIVE)
            sealed = _read(archive, MANIFEST, _MAXIMUM_MANIFEST_BYTES)
            held = verify_flattened(sealed, keys=keys, type_name=TYPE_NAME, maximum_bytes=_MAXIMUM_MANIFEST_BYTES, purpose=PURPOSE)
            listed = {str(file["name"]): str(file["sha256"]) for file in orjson.loads(held.payload)["files"]}
            if sorted(names) != sorted([*listed, MANIFEST]):
                raise Invalid(OWN_NOT_AS_SEALED, name=next(iter({*names} ^ {*listed, MANIFEST}), MANIFEST)[:100])
            for name, sha256 in listed.items():
                if hashlib.sha256(_read(archive, name, _MAXIMUM_FILE_BYTES)).hexdigest() != sha256:
                    raise Invalid(OWN_NOT_AS_SEALED, name=name[:100])
            return held.kid
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, struct.error, zlib.error):
        # WHY so many: the standard library raises each of these over one damaged byte or another.
        raise Invalid(OWN_NOT_AN_ARCHIVE) from None


def _read(archive: ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise Invalid(OWN_NOT_AN_ARCHIVE)
    return content
