"""The canonical bytes of a book, put together from pieces that already are canonical. Pure.

The top-level names are chosen so that their alphabetical order (the canonical order) is the order of joining:

    benefits  contributions  header  health_cover  other  person  settlements  totals  unemployment_cover

so the ledger's stored fragments go in as bytes and are never read or written again. A test proves
`canonical_bytes(json.loads(payload)) == payload`.
"""

import hashlib
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from bhxh.book.issuing import AUTHORITY
from bhxh.book.states import BookState
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.custodian import Custodian

FORMAT = "bhxh-book/2"


# WHY named tuples in this module and its caller: a frozen dataclass of twelve fields takes as long to make as the book takes to hash.
class BookHeader(NamedTuple):
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


class BookBlocks(NamedTuple):
    """What the rooms below hold of one person, as the book shows it: each block in canonical JSON."""

    person: bytes
    totals: bytes
    contributions: bytes = b""
    """The ledger's fragments, in the order of posting, joined by commas."""
    benefits: bytes = b"[]"
    settlements: bytes = b"[]"
    health_cover: bytes = b"[]"
    unemployment_cover: bytes = b"{}"
    other: bytes = b"[]"
    """Closing marks, one-off withdrawals, transfers to or from another custodian, merged codes."""


class ComposedBook(NamedTuple):
    """One composed book."""

    payload: bytes
    digest: bytes
    """SHA-256 of the payload: what is sealed, chained and verified."""
    content_digest: bytes
    """SHA-256 of the same canonical bytes without the passing fields: equal means that nothing happened."""


def compose_book(header: BookHeader, blocks: BookBlocks) -> ComposedBook:
    """Join one book's canonical bytes, and hash them: what both digests cover is hashed once."""
    before = b'{"benefits":%b,"contributions":[%b],"header":{"book_id":"%b","custodian":"%b","format":"%b",' % (
        blocks.benefits,
        blocks.contributions,
        header.book_id.encode("ascii"),
        header.custodian.encode("ascii"),
        FORMAT.encode("ascii"),
    )
    issuer = _issuer(header.custodian, header.office_code, header.office_name)
    si_code = canonical_bytes(header.si_code)
    state = header.state.encode("ascii")
    after = b'},"health_cover":%b,"other":%b,"person":%b,"settlements":%b,"totals":%b,"unemployment_cover":%b}' % (
        blocks.health_cover,
        blocks.other,
        blocks.person,
        blocks.settlements,
        blocks.totals,
        blocks.unemployment_cover,
    )
    # WHY two spellings of the header: the fields that differ from one sealing to the next although nothing happened are in the first only.
    whole = b'"issued_at":"%b",%b,"known_at":"%b","previous_sha256":"%b","si_code":%b,"state":"%b","valid_on":"%b","version":%d%b' % (
        _instant(header.issued_at),
        issuer,
        _instant(header.known_at),
        header.previous_sha256.encode("ascii"),
        si_code,
        state,
        header.valid_on.isoformat().encode("ascii"),
        header.version,
        after,
    )
    digest = hashlib.sha256(before)
    content_digest = digest.copy()
    digest.update(whole)
    content_digest.update(b'%b,"si_code":%b,"state":"%b"%b' % (issuer, si_code, state, after))
    return ComposedBook(before + whole, digest.digest(), content_digest.digest())


def book_number(custodian: Custodian, person_id: int) -> str:
    """The number of a person's book: SBH-XXXXX-XXXXX-XXXX, 70 bits, the same for ever, tells nothing about the person.

    >>> book_number(Custodian.MOF, 7)
    'SBH-AWK4K-HEYVC-76GH'
    """
    drawn = int.from_bytes(hashlib.sha256(b"book:%b:%d" % (custodian.encode("ascii"), person_id)).digest()[:9], "big") >> 2
    letters = "".join([_PAIRS[drawn >> shift & 1023] for shift in range(60, -1, -10)])
    return f"SBH-{letters[:5]}-{letters[5:10]}-{letters[10:14]}"


_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]


@lru_cache(maxsize=16)  # LIMIT: an installation issues for one office
def _issuer(custodian: Custodian, office_code: str, office_name: str) -> bytes:
    office = canonical_bytes({"code": office_code, "name": office_name})
    return b'"issuer":"%b","issuing_office":%b' % (AUTHORITY[custodian][0].encode("ascii"), office)


@lru_cache(maxsize=64)  # LIMIT: all books of a sealing share their instants
def _instant(at: datetime) -> bytes:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z").encode("ascii")
