"""The files themselves: content-addressed and encrypted on a local folder, written so that a name never stands for half a file.

Wiring binds the folder once (`bind_store`); nobody above knows where the files lie.
"""

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import errorcode
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Defect, Invalid, NotFound, Unavailable
from bhxh.warehouse.errors import WAR_BAD_DIGEST, WAR_DAMAGED, WAR_NO_BLOB, WAR_NOT_BOUND, WAR_NOT_WRITABLE, WAR_TOO_LARGE
from bhxh.warehouse.owners import INSTALLATION, Owner
from bhxh.warehouse.ports import OwnerKeys
from bhxh.warehouse.sealed_file import PIECE_BYTES, DamagedError, Header, SealedReader, read_header, sealed_size, write_sealed

MAXIMUM_BYTES = 64 * 1024 * 1024  # LIMIT: five times the largest filing a door reads

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """A file's key as it was wrapped for one of its owners."""

    owner: Owner
    wrapped: bytes


class BlobStore:
    """One folder of encrypted files named by the SHA-256 of their content: `sealed/ab/cd/<digest>`.

    A file is written under a temporary name, flushed to the disk, renamed, and the folder flushed too: after a crash a name
    exists with all its bytes or not at all. Files are 0600 and are never written twice or changed; its time of change says when somebody
    last kept that content.
    LEGACY: `sha256/ab/cd/<digest>` holds files of before encryption; they are read until `seal_old` has sealed them.
    """

    def __init__(self, folder: Path, *, keys: OwnerKeys) -> None:
        self.folder, self.keys = folder, keys
        self._root = folder / "sealed"
        self._old = folder / "sha256"

    def write(self, content: bytes, *, owner: Owner = INSTALLATION) -> str:
        """Keep the bytes; returns their digest. The same bytes again cost one look at the folder, whosever they are.

        Raises: Invalid WAR-004; Unavailable WAR-007 where the disk is full or fails: nothing is left of the attempt.
        """
        if len(content) > MAXIMUM_BYTES:
            raise Invalid(WAR_TOO_LARGE, size_bytes=len(content), maximum_bytes=MAXIMUM_BYTES)
        digest = sha256_hex(content)
        target = self._path(self._root, digest)
        if self._is_kept(target, len(content)):
            return digest
        with told_of_the_disk():
            self._write_new(target, [content], owner)
        return digest

    def _write_new(self, target: Path, content: Iterable[bytes], owner: Owner) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = target.parent / f".{target.name}.{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                digest, _ = write_sealed(file, content, owner=owner, keys=self.keys)
                if digest != target.name:
                    raise Defect(WAR_DAMAGED, sha256=target.name)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(target)
        finally:
            temporary.unlink(missing_ok=True)
        self._flush_above(target)

    def adopt(self, file: Path, sha256: str, size_bytes: int) -> None:
        """Take over a sealed file of that content, which lies on the same disk. Done before, it is only removed from where it was."""
        target = self._path(self._root, sha256)
        if self._is_kept(target, size_bytes):
            file.unlink(missing_ok=True)
            return
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.rename(target)
        self._flush_above(target)

    def _is_kept(self, target: Path, size_bytes: int) -> bool:
        """Whether it is there whole; it then counts as kept just now, so that `remove` leaves it alone."""
        if not target.exists():
            return False
        try:
            with self._locked(fcntl.LOCK_SH):
                os.utime(target)
                return target.stat().st_size == sealed_size(size_bytes)
        except FileNotFoundError:
            return False

    def remove(self, sha256: str, *, untouched_since: datetime) -> bool:
        """Take a file away that nobody has kept again since then; whether it is gone. Whoever calls has seen to it that nothing names it."""
        for root in (self._root, self._old):
            path = self._path(root, sha256)
            if not path.exists():
                continue
            with self._locked(fcntl.LOCK_EX):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= untouched_since:
                    return False
                path.unlink()
            flush_folder(path.parent)
        return True

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        # WHY: between the look at a file's time and its removal nobody may be told that it is kept.
        lock = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, how)
            yield
        finally:
            os.close(lock)

    def _flush_above(self, target: Path) -> None:
        for folder in (target.parent, target.parent.parent, self._root):
            flush_folder(folder)

    def read(self, sha256: str, *, owned: OwnedKey | None = None) -> bytes:
        """The bytes, proven to be the ones the digest names. Raises NotFound WAR-002, Defect WAR-001."""
        content = b"".join(self._pieces(sha256, owned))
        if sha256_hex(content) != sha256:
            raise Defect(WAR_DAMAGED, sha256=sha256)
        return content

    def stream(self, sha256: str, *, owned: OwnedKey | None = None) -> Iterator[bytes]:
        """The same, piece by piece. What cannot be read at all is refused at once; the digest is proven before the last piece is given."""
        pieces = self._pieces(sha256, owned)
        return _proven(next(pieces, b""), pieces, sha256)

    @contextmanager
    def opened(self, sha256: str, *, path: Path | None = None) -> Iterator[BinaryIO]:
        """The content, to be read from any place on once all of it was proven; `path` where it does not lie in the store yet.

        Raises: FileNotFoundError; Defect WAR-001.
        """
        with self._open(path or self._path(self._root, sha256), sha256, None) as reader:
            digest = hashlib.sha256()
            with _damage_of(sha256):
                for piece in reader.pieces():
                    digest.update(piece)
            if digest.hexdigest() != sha256:
                raise Defect(WAR_DAMAGED, sha256=sha256)
            yield BufferedReader(reader, PIECE_BYTES)

    def wrapped_keys(self, sha256: str, owners: Sequence[Owner]) -> list[bytes]:
        """The file's key for each of these owners, to be kept with their items. Raises NotFound WAR-002, Defect WAR-001."""
        try:
            with self._path(self._root, sha256).open("rb") as file, _damage_of(sha256):
                header = read_header(file)
                data_key = self.keys.unwrap(header.wrapped_key, owner=header.owner, about=bytes.fromhex(sha256))
        except FileNotFoundError:
            raise NotFound(WAR_NO_BLOB, sha256=sha256) from None
        about = bytes.fromhex(sha256)
        return [self.keys.wrap(data_key, owner=owner, about=about) for owner in owners]

    def has(self, sha256: str) -> bool:
        """Whether a file of that name exists; its bytes are not read."""
        return self._path(self._root, sha256).exists() or self._path(self._old, sha256).exists()

    def prove(self, sha256: str) -> None:
        """Read a file to its end. Raises NotFound WAR-002, Defect WAR-001."""
        for _ in self.stream(sha256):
            pass

    def prove_all(self) -> Iterator[str]:
        """Read every encrypted file to its end; gives each digest once it holds. Raises Defect WAR-001, WAR-010, WAR-011 at the first that does not."""
        for file in sorted(self._root.rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                self.prove(file.name)
                yield file.name

    def seal_old(self) -> Iterator[str]:
        """LEGACY: encrypt what lies here from before; gives each digest once that is done. May be broken off and run again.

        Raises: Defect WAR-001 at a damaged file, which stays as it is; Unavailable WAR-007.
        """
        for file in sorted(self._old.rglob("*")):
            if not file.is_file() or file.name.startswith("."):
                continue
            if not self._path(self._root, file.name).exists():
                self.write(self.read(file.name))
            self.read(file.name)  # WHY once more: the old one goes only where the new one is whole
            file.unlink()
            flush_folder(file.parent)
            yield file.name

    def _pieces(self, sha256: str, owned: OwnedKey | None) -> Iterator[bytes]:
        sealed, old = self._path(self._root, sha256), self._path(self._old, sha256)
        try:
            if sealed.exists() or not old.exists():
                with self._open(sealed, sha256, owned) as reader, _damage_of(sha256):
                    yield from reader.pieces()
            else:
                with old.open("rb") as file:
                    while piece := file.read(PIECE_BYTES):
                        yield piece
        except FileNotFoundError:
            raise NotFound(WAR_NO_BLOB, sha256=sha256) from None

    def _open(self, path: Path, sha256: str, owned: OwnedKey | None) -> SealedReader:
        file = path.open("rb")
        try:
            with _damage_of(sha256):
                return SealedReader(file, find_key=lambda header: self._find_key(header, sha256, owned))
        except BaseException:
            file.close()
            raise

    def _find_key(self, header: Header, sha256: str, owned: OwnedKey | None) -> bytes:
        about = bytes.fromhex(sha256)
        if owned is not None:
            data_key = self.keys.unwrap(owned.wrapped, owner=owned.owner, about=about)
            if header.is_key(data_key):
                return data_key
        # WHY else: two that stored the same at once, or a file that had to be written anew, have left a key that opens nothing.
        data_key = self.keys.unwrap(header.wrapped_key, owner=header.owner, about=about)
        if not header.is_key(data_key):
            raise DamagedError
        return data_key

    @staticmethod
    def _path(root: Path, sha256: str) -> Path:
        # WHY: a digest is the only thing that ever becomes a path here.
        if _DIGEST.fullmatch(sha256) is None:
            raise Invalid(WAR_BAD_DIGEST, sha256=sha256[:64])
        return root / sha256[:2] / sha256[2:4] / sha256


_bound: list[BlobStore] = []


def bind_store(store: BlobStore) -> None:
    """Called once by wiring."""
    _bound[:] = [store]


def bound_store() -> BlobStore:
    """The installation's store. Raises Defect WAR-003 where wiring forgot it."""
    if not _bound:
        raise Defect(WAR_NOT_BOUND)
    return _bound[0]


def store_blob(content: bytes, *, owner: Owner = INSTALLATION) -> str:
    """Keep bytes under their digest, durable on return, encrypted for their owner. Belongs before a transaction, not into it."""
    return bound_store().write(content, owner=owner)


def read_blob(sha256: str) -> bytes:
    """Bytes by digest, verified."""
    return bound_store().read(sha256)


def _proven(first: bytes, rest: Iterator[bytes], sha256: str) -> Iterator[bytes]:
    digest, held = hashlib.sha256(first), first
    for piece in rest:
        yield held
        digest.update(piece)
        held = piece
    if digest.hexdigest() != sha256:
        raise Defect(WAR_DAMAGED, sha256=sha256)
    yield held


@contextmanager
def _damage_of(sha256: str) -> Iterator[None]:
    try:
        yield
    except (DamagedError, ValueError):
        raise Defect(WAR_DAMAGED, sha256=sha256) from None


@contextmanager
def told_of_the_disk() -> Iterator[None]:
    """A disk that is full or fails refuses with Unavailable WAR-007."""
    try:
        yield
    except OSError as error:
        # WHY not a defect: a full or failing disk is the operator's to mend, and what was sent is taken as soon as it is.
        raise Unavailable(WAR_NOT_WRITABLE, reason=errorcode.get(error.errno or 0, "I/O")) from error


def flush_folder(folder: Path) -> None:
    """Names in it are on the disk on return."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
