"""Where what was sent in waits, encrypted, until it was examined: one file for each upload, which no list and no reader of items ever sees."""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from bhxh.kernel.errors import Invalid
from bhxh.warehouse.errors import WAR_CUT_OFF, WAR_EMPTY, WAR_TOO_LARGE
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.sealed_file import write_sealed
from bhxh.warehouse.store import BlobStore, bound_store, flush_folder, told_of_the_disk


class Quarantine:
    """One folder beside the store's, on the same disk: what is taken over is renamed, not copied."""

    def __init__(self, store: BlobStore) -> None:
        self._folder = store.folder / "quarantine"
        self._store = store

    def receive(
        self, upload_id: UUID, content: Iterable[bytes], *, owner: Owner, expected_bytes: int, maximum_bytes: int
    ) -> tuple[str, int]:
        """Keep what comes, hashed and encrypted while it comes; one piece of it is held. Returns digest and size.

        Raises: Invalid WAR-004, WAR-020, WAR-021; Unavailable WAR-007. Nothing is left of the attempt then.
        """
        if expected_bytes > maximum_bytes:
            raise Invalid(WAR_TOO_LARGE, size_bytes=expected_bytes, maximum_bytes=maximum_bytes)
        with told_of_the_disk():
            return self._receive(upload_id, content, owner, expected_bytes)

    def _receive(self, upload_id: UUID, content: Iterable[bytes], owner: Owner, expected_bytes: int) -> tuple[str, int]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._folder / f".{upload_id.hex}.{secrets.token_hex(4)}"
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                try:
                    sha256, size = write_sealed(file, content, owner=owner, keys=self._store.keys, maximum_bytes=max(1, expected_bytes))
                except OverflowError:
                    raise Invalid(WAR_CUT_OFF, size_bytes=f"> {expected_bytes}", expected_bytes=expected_bytes) from None
                if size == 0:
                    raise Invalid(WAR_EMPTY)
                if size != expected_bytes:
                    raise Invalid(WAR_CUT_OFF, size_bytes=size, expected_bytes=expected_bytes)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(self._path(upload_id))
        finally:
            temporary.unlink(missing_ok=True)
        flush_folder(self._folder)
        return sha256, size

    def has(self, upload_id: UUID) -> bool:
        """Whether it still waits here."""
        return self._path(upload_id).exists()

    @contextmanager
    def open(self, upload_id: UUID, sha256: str) -> Iterator[BinaryIO]:
        """To be read from any place on, proven to be what arrived. Raises FileNotFoundError; Defect WAR-001."""
        with self._store.opened(sha256, path=self._path(upload_id)) as file:
            yield file

    def take_over(self, upload_id: UUID, sha256: str, size_bytes: int) -> None:
        """Into the store, under its digest; again after it was done changes nothing. Raises Unavailable WAR-007."""
        with told_of_the_disk():
            self._store.adopt(self._path(upload_id), sha256, size_bytes)

    def drop(self, upload_id: UUID) -> None:
        """Away with it, whether or not it is there."""
        self._path(upload_id).unlink(missing_ok=True)

    def forget_older_than(self, at: datetime, *, is_waiting: Callable[[UUID], bool]) -> int:
        """Remove what was written before that time and nobody waits for: what dead processes left. Returns how many files."""
        removed = 0
        for file in [*self._folder.glob("*"), *self._folder.glob(".*")]:
            with suppress(FileNotFoundError):  # taken over meanwhile
                is_old = datetime.fromtimestamp(file.stat().st_mtime, UTC) < at
                if is_old and (file.name.startswith(".") or not is_waiting(UUID(hex=file.name))):
                    file.unlink()
                    removed += 1
        return removed

    def _path(self, upload_id: UUID) -> Path:
        return self._folder / upload_id.hex


def bound_quarantine() -> Quarantine:
    """The one that belongs to the installation's store. Raises Defect WAR-003 where wiring forgot that."""
    return Quarantine(bound_store())
