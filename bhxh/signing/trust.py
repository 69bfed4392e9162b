"""The licensed authorities: our own configured list of roots and intermediates, with windows and suspensions.

A folder of PEM files and one `trust.json`:

    {"authorities": [{"file": "x.pem", "kind": "root" | "intermediate", "from": instant, "until": instant | null,
                      "suspended_from": instant | null}]}
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.serialization import Encoding

from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import shown
from bhxh.kernel.errors import BhxhError, Defect, Invalid
from bhxh.signing.errors import SIG_CA_OUT_OF_WINDOW, SIG_SUSPENDED_CA, SIG_TRUST_LIST, SIG_UNKNOWN_CA
from bhxh.signing.signers import read_certificate, signer_of


class AuthorityKind(StrEnum):
    """Where an authority stands in a path."""

    ROOT = "root"
    INTERMEDIATE = "intermediate"


@dataclass(frozen=True, slots=True)
class TrustedAuthority:
    """One licensed authority; `until_at` is exclusive."""

    name: str
    kind: AuthorityKind
    der: bytes
    from_at: datetime
    until_at: datetime | None = None
    suspended_from: datetime | None = None


@dataclass(frozen=True)
class TrustList:
    """All licensed authorities."""

    authorities: tuple[TrustedAuthority, ...]

    @cached_property
    def version(self) -> str:
        """Names this list: another list, in whatever part, has another."""
        parts = [f"{one.kind.value} {sha256_hex(one.der)} {one.from_at} {one.until_at} {one.suspended_from}" for one in self.authorities]
        return sha256_hex("\n".join(parts).encode())

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """Every listed certificate (DER): what `verify_xades` builds its first, short path with."""
        return tuple(authority.der for authority in self.authorities)

    def ders(self, kind: AuthorityKind) -> list[bytes]:
        """The certificates of one kind."""
        return [authority.der for authority in self.authorities if authority.kind is kind]

    def check_authority(self, der: bytes, *, at: datetime) -> None:
        """Raise Invalid SIG-024 (not listed), SIG-025 (suspended) or SIG-026 (outside its window)."""
        found = next((authority for authority in self.authorities if authority.der == der), None)
        if found is None:
            raise Invalid(SIG_UNKNOWN_CA)
        if found.suspended_from is not None and found.suspended_from <= at:
            raise Invalid(SIG_SUSPENDED_CA, authority=found.name, suspended_on=shown(found.suspended_from))
        if at < found.from_at or (found.until_at is not None and at >= found.until_at):
            raise Invalid(SIG_CA_OUT_OF_WINDOW, authority=found.name)

    @classmethod
    def load(cls, folder: Path) -> "TrustList":
        """Read the folder. Raises Defect SIG-060: without it no signature can be judged."""
        file = folder / "trust.json"
        try:
            entries = orjson.loads(file.read_bytes())["authorities"]
            return cls(tuple(_read(folder, entry) for entry in entries))
        except (OSError, ValueError, KeyError, TypeError, BhxhError) as error:
            raise Defect(SIG_TRUST_LIST, reason=f"{file.name}: {type(error).__name__}") from error


def _read(folder: Path, entry: dict[str, Any]) -> TrustedAuthority:
    certificate = read_certificate((folder / Path(entry["file"]).name).read_bytes())
    from_at = _instant(entry["from"])
    assert from_at is not None
    return TrustedAuthority(
        name=signer_of(certificate).subject_name,
        kind=AuthorityKind(entry["kind"]),
        der=certificate.public_bytes(Encoding.DER),
        from_at=from_at,
        until_at=_instant(entry.get("until")),
        suspended_from=_instant(entry.get("suspended_from")),
    )


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant of the trust list has no zone")
    return instant
