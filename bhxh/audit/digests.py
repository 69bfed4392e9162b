"""What a row of the log is, as bytes: its digest over its columns, and its leaf. The same from Python values and from the table.

Columns that came after the first release stand in the digest only where they hold something, by name, in an object at the end: rows
written before keep their digest, and nobody can empty or fill such a column unseen.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Final
from uuid import UUID

from bhxh.audit.tree import leaf_hash
from bhxh.kernel.canonical import Json, canonical_bytes

ENTRY_COLUMNS: Final = (
    "at",
    "verb",
    "actor_kind",
    "account",
    "acting_person_id",
    "employer_id",
    "on_behalf_of_person_id",
    "purpose",
    "legal_basis",
    "request_id",
    "person_id",
    "dossier_id",
    "detail",
)
LATER_ENTRY_COLUMNS: Final = ("consent_id", "mandate_id")
LOOK_COLUMNS: Final = (
    "person_id",
    "look_id",
    "at",
    "what",
    "actor_kind",
    "account",
    "acting_person_id",
    "employer_id",
    "purpose",
    "legal_basis",
    "request_id",
    "dossier_id",
)
LATER_LOOK_COLUMNS: Final = ("roles", "on_behalf_of_person_id", "consent_id", "mandate_id", "groups", "reason")


def row_content(content: Sequence[object], later: Mapping[str, object] = MappingProxyType({})) -> list[Json]:
    """The columns in their order, and the later ones that hold something: what a row's digest is over, as JSON.

    Instants count in UTC, so that it does not matter in which zone they were given.
    """
    written: list[Json] = [_plain(value) for value in content]
    added = _that_hold_something(later)
    return [*written, added] if added else written


def digest(content: Sequence[object], later: Mapping[str, object] = MappingProxyType({})) -> bytes:
    """SHA-256 over `row_content`."""
    return sha256(canonical_bytes(row_content(content, later))).digest()


class EntryDigests:
    """The digests of many entries that differ in person and detail only: what they share is spelled once."""

    def __init__(self, fixed: Sequence[object], dossier_id: UUID | None, later: Mapping[str, object]) -> None:
        self._start = canonical_bytes([_plain(value) for value in fixed])[:-1]
        self._dossier = canonical_bytes(_plain(dossier_id))
        added = _that_hold_something(later)
        self._end = b",%b]" % canonical_bytes(added) if added else b"]"

    def __call__(self, person_id: int | None, detail: bytes) -> bytes:
        """The same as `digest` over all columns. `detail` is canonical JSON."""
        person = b"null" if person_id is None else b"%d" % person_id
        return sha256(b"%b,%b,%b,%b%b" % (self._start, person, self._dossier, detail, self._end)).digest()


def entry_leaf(entry_id: int, row_digest: bytes) -> bytes:
    """Leaf hash of an entry."""
    return leaf_hash(canonical_bytes(["entry", entry_id, row_digest.hex()]))


def look_leaf(person_id: int, look_id: UUID, row_digest: bytes) -> bytes:
    """Leaf hash of a look."""
    return leaf_hash(canonical_bytes(["look", person_id, str(look_id), row_digest.hex()]))


def _that_hold_something(later: Mapping[str, object]) -> dict[str, Json]:
    return {name: _plain(value) for name, value in later.items() if value is not None}


def _plain(value: object) -> Json:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case UUID():
            return str(value)
        case _:
            return value  # type: ignore[return-value]
