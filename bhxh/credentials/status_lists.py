"""The signed status list: for each credential of a list two bits that say whether it still holds. Pure and offline.

Shape of the Token Status List: JSON with `status_list.bits` and `status_list.lst` (deflated, base64url), sealed as flattened JWS. Beside it
`reasons` names why, in codes that tell no more than the law's ground. It is fetched whole, so that nobody learns whose code was verified.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any, Final

import orjson

from bhxh.credentials.errors import CRD_NOT_A_LIST, CRD_NOT_VALID, CRD_OLD_LIST, CRD_OTHER_LIST, CRD_WRONG_KEY
from bhxh.credentials.verification import CLOCK_MAY_BE_BEHIND, PURPOSE, VerifiedCredential
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.clock import shown
from bhxh.kernel.errors import Invalid
from bhxh.signing.base64url import decode, encode
from bhxh.signing.keysets import KeySet
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal, verify_flattened

TYPE_NAME: Final = "statuslist+jwt"
LIST_SIZE: Final = 1 << 17
"""Places of one list: 32 kB of two bits each, some hundred bytes where little happened."""
FRESH: Final = timedelta(hours=24)
"""LAW: none gives a limit; a day is what a counter without network can be asked for (assumed)."""
_BITS: Final = 2
_MOST_BYTES: Final = 1 << 20  # LIMIT: of a sealed file, and of what it inflates to


class Status(IntEnum):
    """The two bits. The first three are those of the Token Status List, the last is ours."""

    VALID = 0
    WITHDRAWN = 1
    SUSPENDED = 2
    REPLACED = 3


STATUS_WORDS: Final = {
    Status.VALID: ("Còn giá trị", "Valid"),
    Status.WITHDRAWN: ("Đã thu hồi", "Withdrawn"),
    Status.SUSPENDED: ("Tạm thu hồi", "Withdrawn for a time"),
    Status.REPLACED: ("Đã có bản mới hơn", "Replaced by a newer one"),
}
_SPOKEN = {Status.VALID: "valid", Status.WITHDRAWN: "withdrawn", Status.SUSPENDED: "suspended", Status.REPLACED: "replaced"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a credential still holds, and why not."""

    status: Status
    reason: str = ""

    @property
    def name(self) -> str:
        """In small letters, as programs are told."""
        return _SPOKEN[self.status]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """A list whose seal holds and that is fresh."""

    address: str
    made_at: datetime
    fresh_until: datetime
    bits: bytes
    reasons: Mapping[str, str]

    def standing_of(self, credential: VerifiedCredential) -> Standing:
        """Raises Invalid CRD-022 where the credential's place is in another list."""
        index = credential.status_index
        if credential.status_address != self.address or index >= len(self.bits) * 4:
            raise Invalid(CRD_OTHER_LIST, address=credential.status_address[:200])
        return Standing(Status(self.bits[index >> 2] >> _BITS * (index & 3) & 3), self.reasons.get(str(index), ""))


def check_standing(standing: Standing) -> None:
    """Raises Invalid CRD-023 where a credential does not hold any more."""
    if standing.status is not Status.VALID:
        vi, en = STATUS_WORDS[standing.status]
        raise Invalid(CRD_NOT_VALID, status=vi, status_en=en, reason=standing.reason or standing.name)


def seal_list(standings: Mapping[int, Standing], *, address: str, at: datetime, key: SealKey) -> bytes:
    """The sealed file. What is not named is valid."""
    bits = bytearray(LIST_SIZE // 4)
    for index, standing in standings.items():
        bits[index >> 2] |= standing.status << _BITS * (index & 3)
    payload = canonical_bytes(
        {
            "exp": int((at + FRESH).timestamp()),
            "iat": int(at.timestamp()),
            "reasons": {str(index): standing.reason for index, standing in standings.items() if standing.reason},
            "status_list": {"bits": _BITS, "lst": encode(zlib.compress(bytes(bits), 9))},
            "sub": address,
            "ttl": int(FRESH.total_seconds()) // 2,
        }
    )
    return as_flattened(payload, seal(payload, key=key, type_name=TYPE_NAME))


def open_list(data: bytes, keys: KeySet, *, at: datetime) -> StatusList:
    """Check a list for an instant. Raises Invalid SIG-040 to SIG-047, CRD-006 (key), CRD-020 (not a list), CRD-021 (too old)."""
    sealed = verify_flattened(data, keys=keys, type_name=TYPE_NAME, maximum_bytes=_MOST_BYTES, purpose=PURPOSE)
    read = _read(orjson.loads(sealed.payload))
    if not keys.get(sealed.kid).is_in_force(read.made_at):
        raise Invalid(CRD_WRONG_KEY, kid=sealed.kid, reason=read.made_at.isoformat())
    if read.fresh_until - read.made_at > FRESH or at + CLOCK_MAY_BE_BEHIND < read.made_at:
        raise Invalid(CRD_NOT_A_LIST, reason="iat, exp")
    if at >= read.fresh_until:
        raise Invalid(CRD_OLD_LIST, fresh_until=shown(read.fresh_until))
    return read


def _read(made: Any) -> StatusList:
    try:
        bits_each, inflating = made["status_list"]["bits"], zlib.decompressobj()
        bits = inflating.decompress(decode(made["status_list"]["lst"]), _MOST_BYTES)
        read = StatusList(
            address=str(made["sub"]),
            made_at=datetime.fromtimestamp(made["iat"], UTC),
            fresh_until=datetime.fromtimestamp(made["exp"], UTC),
            bits=bits,
            reasons={str(index): str(reason) for index, reason in made["reasons"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, zlib.error) as error:
        raise Invalid(CRD_NOT_A_LIST, reason=type(error).__name__) from None
    if bits_each != _BITS or not inflating.eof:
        raise Invalid(CRD_NOT_A_LIST, reason="status_list")
    return read
