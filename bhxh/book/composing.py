"""The canonical bytes of a book, put together from pieces that already are canonical. Pure.

The top-level names are chosen so that their alphabetical order (the canonical order) is the order of joining:

    benefits  contributions  header  health_cover  other  person  settlements  totals  unemployment_cover

so the ledger's stored fragments go in as bytes and are never read or written again. A test proves
`canonical_bytes(json.loads(payload)) == payload`.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bhxh.book.issuing import AUTHORITY
from bhxh.book.states import BookState
from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.custodian import Custodian

FORMAT = "bhxh-book/2"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookHeader:
    """The first block of decree-164 section 4.8. The signature stands beside the payload, not in it."""

    book_id: str
    si_code: str
    version: int
    """0 in a composition that was never sealed."""
    issued_at: datetime
    valid_on: date
    known_at: datetime
    custodian: Custodian
    office_code: str
    office_name: str
    state: BookState
    previous_sha256: str
    """Digest of the payload of the version before; empty in the first."""

    def lasting(self) -> dict[str, Json]:
        """The fields that say something of the holder's rights."""
        return {
            "book_id": self.book_id,
            "custodian": self.custodian.value,
            "format": FORMAT,
            "issuer": AUTHORITY[self.custodian][0],
            "issuing_office": {"code": self.office_code, "name": self.office_name},
            "si_code": self.si_code,
            "state": self.state.value,
        }

    def passing(self) -> dict[str, Json]:
        """The fields that differ from one sealing to the next although nothing happened."""
        return {
            "issued_at": _instant(self.issued_at),
            "known_at": _instant(self.known_at),
            "previous_sha256": self.previous_sha256,
            "valid_on": self.valid_on.isoformat(),
            "version": self.version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BookBlocks:
    """What the rooms below hold of one person, as the book shows it."""

    person: Mapping[str, Json]
    contributions: bytes = b""
    """The ledger's fragments, in the order of posting, joined by commas."""
    totals: Mapping[str, Json]
    benefits: Sequence[Json] = ()
    settlements: Sequence[Json] = ()
    health_cover: Sequence[Json] = ()
    unemployment_cover: Mapping[str, Json] = field(default_factory=dict)
    other: Sequence[Json] = ()
    """Closing marks, one-off withdrawals, transfers to or from another custodian, merged codes."""


@dataclass(frozen=True, slots=True)
class ComposedBook:
    """One composed book."""

    payload: bytes
    digest: bytes
    """SHA-256 of the payload: what is sealed, chained and verified."""
    content_digest: bytes
    """SHA-256 of the same canonical bytes without the passing fields: equal means that nothing happened."""


def compose_book(header: BookHeader, blocks: BookBlocks) -> ComposedBook:
    """Join one book's canonical bytes."""
    before = b'{"benefits":%b,"contributions":[%b],"header":' % (_list(blocks.benefits), blocks.contributions)
    after = b',"health_cover":%b,"other":%b,"person":%b,"settlements":%b,"totals":%b,"unemployment_cover":%b}' % (
        _list(blocks.health_cover),
        _list(blocks.other),
        canonical_bytes(blocks.person),
        _list(blocks.settlements),
        canonical_bytes(blocks.totals),
        canonical_bytes(blocks.unemployment_cover),
    )
    lasting = header.lasting()
    payload = before + canonical_bytes(lasting | header.passing()) + after
    content = before + canonical_bytes(lasting) + after
    return ComposedBook(payload, hashlib.sha256(payload).digest(), hashlib.sha256(content).digest())


def book_number(custodian: Custodian, person_id: int) -> str:
    """The number of a person's book: SBH-XXXXX-XXXXX-XXXX, 70 bits, the same for ever, tells nothing about the person.

    >>> book_number(Custodian.MOF, 7)
    'SBH-AWK4K-HEYVC-76GH'
    """
    letters = base64.b32encode(hashlib.sha256(f"book:{custodian.value}:{person_id}".encode()).digest()).decode()
    return f"SBH-{letters[:5]}-{letters[5:10]}-{letters[10:14]}"


def _list(rows: Sequence[Json]) -> bytes:
    return canonical_bytes(list(rows)) if rows else b"[]"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
