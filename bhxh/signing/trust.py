"""The licensed authorities: our own list of roots and intermediates, with windows, suspensions and the rules of acceptance.

A folder of PEM files and one `trust.json`:

    {"authorities": [{"file": "x.pem", "kind": "root" | "intermediate", "from": instant, "until": instant | null,
                      "suspensions": [{"from": instant, "until": instant | null}],
                      "suspended_from": instant | null}],
     "policy": {"algorithms": [{"name": "rsa", "minimum_bits": 3072, "from": instant, "until": instant}],
                "required_usages": ["non_repudiation"], "longest_age_s": 86400}}

or, where the list must be believed, `trust.signed.json` beside it or instead of it (`trust_file`), which is read then.
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
from bhxh.signing.keysets import KeySet
from bhxh.signing.policy import USUAL, SignaturePolicy, Window, read_instant, read_policy
from bhxh.signing.signers import read_certificate, signer_of
from bhxh.signing.trust_file import FILE_NAME, Issue, open_list


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
    """A suspension without a known end."""
    suspensions: tuple[Window, ...] = ()
    """Suspensions with their ends: what is filed after one is taken again, what was filed during it is not."""

    def suspended_at(self, at: datetime) -> Window | None:
        """The suspension that an instant falls in."""
        windows = (*self.suspensions, *((Window(self.suspended_from),) if self.suspended_from is not None else ()))
        return next((window for window in windows if window.holds(at)), None)


@dataclass(frozen=True)
class TrustList:
    """All licensed authorities and the rules of acceptance."""

    authorities: tuple[TrustedAuthority, ...]
    policy: SignaturePolicy = USUAL
    issue: Issue | None = None
    """Who signed the list, when, and until when it is to be believed; None for a list that nobody signed."""

    @cached_property
    def version(self) -> str:
        """Names this list: another list, in whatever part, has another."""
        parts = [
            f"{one.kind.value} {sha256_hex(one.der)} {one.from_at} {one.until_at} {one.suspended_from} {one.suspensions}"
            for one in self.authorities
        ]
        return sha256_hex("\n".join([*parts, self.policy.spelled(), repr(self.issue)]).encode())

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """Every listed certificate (DER): what `verify_xades` builds its first, short path with."""
        return tuple(authority.der for authority in self.authorities)

    def ders(self, kind: AuthorityKind) -> list[bytes]:
        """The certificates of one kind."""
        return [authority.der for authority in self.authorities if authority.kind is kind]

    def is_stale(self, at: datetime) -> bool:
        """Whether a newer list should have come by then: suspensions may be missing in this one."""
        return self.issue is not None and at >= self.issue.next_update_at

    def check_authority(self, der: bytes, *, at: datetime) -> None:
        """Raise Invalid SIG-024 (not licensed), SIG-025 (suspended) or SIG-026 (outside its window)."""
        found = next((authority for authority in self.authorities if authority.der == der), None)
        if found is None:
            raise Invalid(SIG_UNKNOWN_CA)
        suspension = found.suspended_at(at)
        if suspension is not None:
            raise Invalid(SIG_SUSPENDED_CA, authority=found.name, suspended_on=shown(suspension.from_at) if suspension.from_at else "?")
        if at < found.from_at or (found.until_at is not None and at >= found.until_at):
            raise Invalid(SIG_CA_OUT_OF_WINDOW, authority=found.name)

    @classmethod
    def load(cls, folder: Path, keys: KeySet | None = None) -> "TrustList":
        """Read the folder; with the keys of whoever signs the list, only a signed one is believed.

        Raises: Defect SIG-060: without it no signature can be judged.
        """
        file = folder / (FILE_NAME if keys is not None else "trust.json")
        try:
            if keys is not None:
                said, issue = open_list(file.read_bytes(), keys=keys)
                return cls(tuple(_read(entry, folder=None) for entry in said["authorities"]), read_policy(said.get("policy", {})), issue)
            said = orjson.loads(file.read_bytes())
            return cls(tuple(_read(entry, folder=folder) for entry in said["authorities"]), read_policy(said.get("policy", {})))
        except (OSError, ValueError, KeyError, TypeError, BhxhError) as error:
            raise Defect(SIG_TRUST_LIST, reason=f"{file.name}: {type(error).__name__}") from error


def _read(entry: dict[str, Any], *, folder: Path | None) -> TrustedAuthority:
    """An entry; in a signed list the certificate itself stands in it, so that no file beside it can take its place."""
    pem = entry["certificate"].encode() if folder is None else (folder / Path(entry["file"]).name).read_bytes()
    certificate = read_certificate(pem)
    from_at = read_instant(entry["from"])
    assert from_at is not None
    return TrustedAuthority(
        name=signer_of(certificate).subject_name,
        kind=AuthorityKind(entry["kind"]),
        der=certificate.public_bytes(Encoding.DER),
        from_at=from_at,
        until_at=read_instant(entry.get("until")),
        suspended_from=read_instant(entry.get("suspended_from")),
        suspensions=tuple(_read_suspension(window) for window in entry.get("suspensions", ())),
    )


def _read_suspension(window: dict[str, str | None]) -> Window:
    from_at = read_instant(window["from"])
    if from_at is None:
        raise ValueError("a suspension begins on a day")
    return Window(from_at, read_instant(window.get("until")))
