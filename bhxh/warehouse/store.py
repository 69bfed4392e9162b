"""The files themselves: content-addressed on a local folder, written so that a name never stands for half a file.

Wiring binds the folder once (`bind_store`); nobody above knows where the files lie.
"""

import os
import re
import secrets
from errno import errorcode
from pathlib import Path

from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Defect, Invalid, NotFound, Unavailable
from bhxh.warehouse.errors import WAR_BAD_DIGEST, WAR_DAMAGED, WAR_NO_BLOB, WAR_NOT_BOUND, WAR_NOT_WRITABLE, WAR_TOO_LARGE

MAXIMUM_BYTES = 64 * 1024 * 1024  # LIMIT: five times the largest upload a door reads; a file is held in memory once

_DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobStore:
    """One folder of files named by their SHA-256: `sha256/ab/cd/<digest>`.

    A file is written under a temporary name, flushed to the disk, renamed, and the folder flushed too: after a crash a name
    exists with all its bytes or not at all. Files are 0600 and are never written twice or changed.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder / "sha256"

    def write(self, content: bytes) -> str:
        """Keep the bytes; returns their digest. The same bytes again cost one look at the folder.

        Raises: Invalid WAR-004; Unavailable WAR-007 where the disk is full or fails: nothing is left of the attempt.
        """
        if len(content) > MAXIMUM_BYTES:
            raise Invalid(WAR_TOO_LARGE, size_bytes=len(content), maximum_bytes=MAXIMUM_BYTES)
        digest = sha256_hex(content)
        target = self._path(digest)
        if target.exists() and target.stat().st_size == len(content):
            return digest
        try:
            self._write_new(target, content)
        except OSError as error:
            # WHY not a defect: a full or failing disk is the operator's to mend, and what was sent is taken as soon as it is.
            raise Unavailable(WAR_NOT_WRITABLE, reason=errorcode.get(error.errno or 0, "I/O")) from error
        return digest

    def _write_new(self, target: Path, content: bytes) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = target.parent / f".{target.name}.{secrets.token_hex(8)}"
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(target)
        finally:
            temporary.unlink(missing_ok=True)
        for folder in (target.parent, target.parent.parent, self._root):
            _flush_folder(folder)

    def read(self, sha256: str) -> bytes:
        """The bytes, proven to be the ones the digest names. Raises NotFound WAR-002, Defect WAR-001."""
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound(WAR_NO_BLOB, sha256=sha256) from None
        if sha256_hex(content) != sha256:
            raise Defect(WAR_DAMAGED, sha256=sha256)
        return content

    def has(self, sha256: str) -> bool:
        """Whether a file of that name exists; its bytes are not read."""
        return self._path(sha256).exists()

    def _path(self, sha256: str) -> Path:
        # WHY: a digest is the only thing that ever becomes a path here.
        if _DIGEST.fullmatch(sha256) is None:
            raise Invalid(WAR_BAD_DIGEST, sha256=sha256[:64])
        return self._root / sha256[:2] / sha256[2:4] / sha256


_bound: list[BlobStore] = []


def bind_store(store: BlobStore) -> None:
    """Called once by wiring."""
    _bound[:] = [store]


def bound_store() -> BlobStore:
    """The installation's store. Raises Defect WAR-003 where wiring forgot it."""
    if not _bound:
        raise Defect(WAR_NOT_BOUND)
    return _bound[0]


def store_blob(content: bytes) -> str:
    """Keep bytes under their digest, durable on return. Belongs before a transaction, not into it."""
    return bound_store().write(content)


def read_blob(sha256: str) -> bytes:
    """Bytes by digest, verified."""
    return bound_store().read(sha256)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
