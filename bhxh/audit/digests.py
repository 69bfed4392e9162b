"""What a row of the log is, as bytes: its digest over its columns, and its leaf. The same from Python values and from the table."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
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


def digest(content: Sequence[object]) -> bytes:
    """SHA-256 over the columns in their order. Instants count in UTC, so that it does not matter in which zone they were given."""
    return sha256(canonical_bytes([_plain(value) for value in content])).digest()


class EntryDigests:
    """The digests of many entries that differ in person and detail only: what they share is spelled once."""

    def __init__(self, fixed: Sequence[object], dossier_id: UUID | None) -> None:
        self._start = canonical_bytes([_plain(value) for value in fixed])[:-1]
        self._dossier = canonical_bytes(_plain(dossier_id))

    def __call__(self, person_id: int | None, detail: bytes) -> bytes:
        """The same as `digest` over all columns. `detail` is canonical JSON."""
        person = b"null" if person_id is None else b"%d" % person_id
        return sha256(b"%b,%b,%b,%b]" % (self._start, person, self._dossier, detail)).digest()


def entry_leaf(entry_id: int, row_digest: bytes) -> bytes:
    """Leaf hash of an entry."""
    return leaf_hash(canonical_bytes(["entry", entry_id, row_digest.hex()]))


def look_leaf(person_id: int, look_id: UUID, row_digest: bytes) -> bytes:
    """Leaf hash of a look."""
    return leaf_hash(canonical_bytes(["look", person_id, str(look_id), row_digest.hex()]))


def _plain(value: object) -> Json:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case UUID():
            return str(value)
        case _:
            return value  # type: ignore[return-value]
