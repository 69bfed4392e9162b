"""Copies of PDFs made before, so that the same document is not typeset twice. A folder of bounded size; losing it costs only time.

A copy's name is the digest of everything that went into it, so a copy can be missing but never stale. Wiring binds the folder once;
where none is bound, nothing is kept.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")
_DIGEST_BYTES = 32


class PdfCopies:
    """One folder, 0700, of files named by digest; each begins with the digest of its own content.

    Shape:  every process that writes looks at the folder again after a sixteenth of `maximum_bytes`, and what was used longest ago
            goes first. So the folder holds at most `maximum_bytes` and a sixteenth more for each writing process.
    WHY no flush to the disk: a copy that a crash cut short does not agree with its digest, and is made again.
    """

    def __init__(self, folder: Path, *, maximum_bytes: int) -> None:
        self._folder = folder
        self._maximum_bytes = maximum_bytes
        self._unseen_bytes = maximum_bytes
        """Written since the folder was last looked at; at first whatever other processes left."""

    def find(self, name: str) -> bytes | None:
        """The copy of that name, proven whole; None where there is none."""
        path = self._path(name)
        try:
            kept = path.read_bytes()
            digest, content = kept[:_DIGEST_BYTES], kept[_DIGEST_BYTES:]
            if sha256(content).digest() != digest:
                path.unlink(missing_ok=True)
                return None
            os.utime(path)
        except OSError:
            return None
        return content

    def keep(self, name: str, content: bytes) -> None:
        """Keep a copy. A folder that cannot be written, or a full disk, keeps nothing: the document itself is there already."""
        size = _DIGEST_BYTES + len(content)
        if size > self._maximum_bytes // 4:
            return
        path = self._path(name)
        temporary = path.with_name(f".{name}.{secrets.token_hex(8)}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sha256(content).digest() + content)
            temporary.rename(path)
            self._unseen_bytes += size
            if self._unseen_bytes > self._maximum_bytes // 16:
                self._unseen_bytes = 0
                self._make_room()
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _make_room(self) -> None:
        files = sorted(self._files(), key=lambda file: file[0])
        too_many = sum(size for _, size, _ in files) - self._maximum_bytes
        for _, size, path in files:
            if too_many <= 0:
                return
            path.unlink(missing_ok=True)
            too_many -= size

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """(last use, size, path), also of what a killed process left half written."""
        with os.scandir(self._folder) as entries:
            for entry in entries:
                try:
                    facts = entry.stat()
                except FileNotFoundError:  # another process made room meanwhile
                    continue
                yield facts.st_mtime, facts.st_size, Path(entry.path)

    def _path(self, name: str) -> Path:
        assert _NAME.fullmatch(name), "a digest is the only thing that ever becomes a path here"
        return self._folder / name


_bound: list[PdfCopies] = []


def bind_copies(copies: PdfCopies | None) -> None:
    """Called once by wiring."""
    _bound[:] = [copies] if copies is not None else []


def bound_copies() -> PdfCopies | None:
    """The installation's copies, where it keeps any."""
    return _bound[0] if _bound else None
