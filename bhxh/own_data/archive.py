"""The copy of everything as one archive, file by file: a ZIP whose last entry is a sealed manifest with the digest of every other.

Sent while it is made: no more than one file of it is ever held. One that breaks off has no manifest and does not open.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from bhxh.book.composing import book_number
from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.clock import VIETNAM
from bhxh.kernel.custodian import Custodian
from bhxh.own_data.files import CopyFile, list_warehouse_files
from bhxh.own_data.verification import FORMAT, MANIFEST, TYPE_NAME
from bhxh.registry.queries import get_employer
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal
from bhxh.warehouse.owners import Owner


class _Outlet:
    """What was written and not yet sent. ZipFile asks no more of a file that it cannot go back in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing to do: the door sends."""

    def drain(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def stream(files: Iterable[CopyFile], *, subject: Mapping[str, Json], custodian: str, at: datetime, key: SealKey) -> Iterator[bytes]:
    """An archive in pieces: every file, then the manifest that names each with size and digest, sealed.

    Shape: `subject` says in the manifest whose copy it is.
    WHY the first file at once: who has none is refused before anything is sent.
    """
    rest = iter(files)
    return _stream(chain([next(rest)], rest), subject, custodian, at, key)


def stream_warehouse(owner: Owner, *, custodian: Custodian, at: datetime, key: SealKey) -> Iterator[bytes]:
    """The same of everything in an owner's warehouse. The manifest names a person by their book, an employer by its unit code."""
    subject: dict[str, Json] = {"scope": "warehouse"}
    if owner.kind == "employer":
        subject["unit_code"] = get_employer(owner.id).unit_code
    else:
        subject["book_id"] = book_number(custodian, owner.id)
    return stream(list_warehouse_files(owner), subject=subject, custodian=custodian.value, at=at, key=key)


def _stream(files: Iterable[CopyFile], subject: Mapping[str, Json], custodian: str, at: datetime, key: SealKey) -> Iterator[bytes]:
    outlet, listed = _Outlet(), list[Json]()
    with ZipFile(outlet, "w") as archive:  # type: ignore[call-overload]  # its stubs ask for more than it does
        for file in files:
            digest, size = hashlib.sha256(), 0
            with archive.open(_entry(file.name, at), "w") as entry:
                for piece in [file.content] if isinstance(file.content, bytes) else file.content:
                    entry.write(piece)
                    digest.update(piece)
                    size += len(piece)
                    yield outlet.drain()
            listed.append({"name": file.name, "vi": file.vi, "en": file.en, "size_bytes": size, "sha256": digest.hexdigest()})
        manifest: dict[str, Json] = {
            "format": FORMAT,
            **subject,
            "custodian": custodian,
            "made_at": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "files": listed,
        }
        payload = canonical_bytes(manifest)
        archive.writestr(_entry(MANIFEST, at), as_flattened(payload, seal(payload, key=key, type_name=TYPE_NAME)))
    yield outlet.drain()


def _entry(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, date_time=at.astimezone(VIETNAM).timetuple()[:6])
    # WHY: pictures and PDFs are packed already; packing them again costs time and saves nothing.
    entry.compress_type = ZIP_STORED if name.endswith((".pdf", ".jpg", ".png", ".xlsx")) else ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
