"""What the warehouse asks of the outside: keys that it never sees, and a judgement about what was sent in."""

from collections.abc import Iterable
from typing import Protocol

from bhxh.warehouse.owners import Owner


class OwnerKeys(Protocol):
    """One key for each owner, kept outside the database and outside the files. Keys never leave it: it wraps and unwraps the keys of files."""

    def wrap(self, data_key: bytes, *, owner: Owner, about: bytes) -> bytes:
        """A file's key, to be opened for this owner and this content only. Always `WRAPPED_BYTES` long."""

    def unwrap(self, wrapped: bytes, *, owner: Owner, about: bytes) -> bytes:
        """The file's key. Raises ValueError where it was changed or belongs to another; Defect WAR-011 where its master key is gone."""

    def rotate(self) -> int:
        """A new master key for what is sealed from now on; returns its number."""


WRAPPED_BYTES = 64
"""Generation of the master key (4), nonce (12), wrapped key (32), tag (16)."""


class FileScanner(Protocol):
    """Looks for harmful content."""

    def finds(self, content: Iterable[bytes]) -> bool:
        """Whether something harmful is in it. Raises Unavailable WAR-030 where that could not be found out: never a guess."""
