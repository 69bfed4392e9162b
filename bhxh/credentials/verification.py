"""Is this QR code genuine? Pure and offline: nothing but its text and the published keys. Imports no database.

What it cannot say without the status list: whether the card was withdrawn or the book suspended since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from bhxh.credentials.contents import CONTENT, EXPIRES, ISSUED, NAMES_OF_FIELDS, STATUS, Kind
from bhxh.credentials.errors import CRD_EXPIRED, CRD_NOT_A_CREDENTIAL, CRD_NOT_YET, CRD_WRONG_KEY
from bhxh.kernel.clock import shown
from bhxh.kernel.errors import Invalid
from bhxh.signing.cbor import Cbor
from bhxh.signing.cose_seals import PREFIX, open_claims
from bhxh.signing.keysets import KeySet

__all__ = ["CLOCK_MAY_BE_BEHIND", "PREFIX", "PURPOSE", "VerifiedCredential", "verify"]

PURPOSE: Final = "credential"
"""Of the seal key: cards, summaries and status lists."""
_KINDS: Final = {"HI": Kind.HEALTH_CARD, "BOOK": Kind.BOOK_SUMMARY}
_LATEST: Final = 253_402_300_799  # the last second of the year 9999
CLOCK_MAY_BE_BEHIND: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedCredential:
    """A card or summary whose seal holds. Use only this, never the text it came in."""

    kind: Kind
    content: Mapping[str, Cbor]
    """By the names of the fields."""
    kid: str
    custodian: str
    issued_at: datetime
    expires_at: datetime
    status_address: str
    status_index: int


def verify(text: str, keys: KeySet, *, at: datetime) -> VerifiedCredential:
    """Check a scanned text for an instant.

    Raises: Invalid SIG-090, SIG-042, SIG-043, SIG-044, CRD-003 (not of ours), CRD-004 (expired), CRD-005 (issued later than now), CRD-006 (key).
    """
    opened = open_claims(text, keys=keys, purpose=PURPOSE)
    read = _read(opened.claims, kid=opened.key.kid, custodian=opened.key.custodian)
    if not opened.key.is_in_force(read.issued_at):
        raise Invalid(CRD_WRONG_KEY, kid=read.kid, reason=read.issued_at.isoformat())
    if at + CLOCK_MAY_BE_BEHIND < read.issued_at:
        raise Invalid(CRD_NOT_YET, issued_at=shown(read.issued_at))
    if at >= read.expires_at:
        raise Invalid(CRD_EXPIRED, expired_at=shown(read.expires_at))
    return read


def _read(claims: Mapping[int | str, Cbor], *, kid: str, custodian: str) -> VerifiedCredential:
    match claims:
        case {
            4: int() as expires,
            6: int() as issued,
            65535: {"status_list": {"idx": int() as index, "uri": str() as address}},
            -70001: {0: str() as kind, **content},
        } if (
            len(claims) == 4
            and kind in _KINDS
            and content.keys() <= NAMES_OF_FIELDS.keys()
            and 0 <= issued < expires <= _LATEST
            and index >= 0
        ):
            return VerifiedCredential(
                kind=_KINDS[kind],
                content={NAMES_OF_FIELDS[number]: value for number, value in cast("Mapping[int | str, Cbor]", content).items()},
                kid=kid,
                custodian=custodian,
                issued_at=datetime.fromtimestamp(issued, UTC),
                expires_at=datetime.fromtimestamp(expires, UTC),
                status_address=address,
                status_index=index,
            )
    raise Invalid(CRD_NOT_A_CREDENTIAL, reason=", ".join(str(name) for name in claims)[:80])


assert (EXPIRES, ISSUED, STATUS, CONTENT) == (4, 6, 65535, -70001), "the pattern above spells them out"
