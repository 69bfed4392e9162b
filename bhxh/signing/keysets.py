"""The published set of seal keys: public halves with custodian, purpose and window. Enough to verify offline."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec

from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.errors import Invalid
from bhxh.signing.base64url import decode, encode
from bhxh.signing.errors import SIG_KEY_SET, SIG_SEAL_UNKNOWN_KEY

_MAXIMUM_KEYS = 1000


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """One public key and what it may be used for. `not_after` is exclusive; None is open."""

    kid: str
    custodian: str
    purpose: str
    public: ec.EllipticCurvePublicKey
    not_before: datetime | None = None
    not_after: datetime | None = None

    def is_in_force(self, at: datetime) -> bool:
        """Whether a seal made at that instant may use this key."""
        return (self.not_before is None or self.not_before <= at) and (self.not_after is None or at < self.not_after)

    def as_jwk(self) -> dict[str, Json]:
        """The key as a JSON Web Key."""
        numbers = self.public.public_numbers()
        jwk: dict[str, Json] = {
            "kty": "EC",
            "crv": "P-256",
            "x": encode(numbers.x.to_bytes(32, "big")),
            "y": encode(numbers.y.to_bytes(32, "big")),
            "use": "sig",
            "alg": "ES256",
            "kid": self.kid,
            "custodian": self.custodian,
            "purpose": self.purpose,
        }
        for name, instant in (("not_before", self.not_before), ("not_after", self.not_after)):
            if instant is not None:
                jwk[name] = instant.isoformat()
        return jwk


class KeySet:
    """Published keys by kid."""

    def __init__(self, keys: Iterable[PublishedKey]) -> None:
        self._keys: Mapping[str, PublishedKey] = {key.kid: key for key in keys}

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[PublishedKey]:
        return iter(self._keys.values())

    def get(self, kid: str) -> PublishedKey:
        """The key of that id. Raises Invalid SIG-042."""
        if kid not in self._keys:
            raise Invalid(SIG_SEAL_UNKNOWN_KEY, kid=kid[:80])
        return self._keys[kid]

    def merge(self, other: "KeySet") -> "KeySet":
        """Both sets as one, for a verifier that knows several custodians."""
        return KeySet([*self, *other])

    def to_json(self) -> bytes:
        """The set as a JWKS document, canonical."""
        return canonical_bytes({"keys": [self._keys[kid].as_jwk() for kid in sorted(self._keys)]})

    @classmethod
    def from_json(cls, data: bytes) -> "KeySet":
        """Read a JWKS document. Raises Invalid SIG-047; a private key in it is refused too."""
        try:
            listed = orjson.loads(data)["keys"]
            assert isinstance(listed, list)
            if len(listed) > _MAXIMUM_KEYS:
                raise Invalid(SIG_KEY_SET, reason=f"{len(listed)} keys")
            keys = [_read(jwk) for jwk in listed]
        except (ValueError, KeyError, TypeError, AssertionError) as error:
            raise Invalid(SIG_KEY_SET, reason=type(error).__name__) from None
        if len({key.kid for key in keys}) != len(keys):
            raise Invalid(SIG_KEY_SET, reason="kid twice")
        return cls(keys)


def _read(jwk: dict[str, Any]) -> PublishedKey:
    if "d" in jwk or jwk["kty"] != "EC" or jwk["crv"] != "P-256" or jwk.get("alg", "ES256") != "ES256":
        raise ValueError("not a public ES256 key")
    if not str(jwk["kid"]).startswith(f"{jwk['custodian']}-{jwk['purpose']}-"):
        raise ValueError("kid of another custodian or purpose")
    x, y = (int.from_bytes(decode(jwk[name]), "big") for name in ("x", "y"))
    return PublishedKey(
        kid=str(jwk["kid"]),
        custodian=str(jwk["custodian"]),
        purpose=str(jwk["purpose"]),
        public=ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key(),
        not_before=_instant(jwk.get("not_before")),
        not_after=_instant(jwk.get("not_after")),
    )


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("instant without zone")
    return instant
