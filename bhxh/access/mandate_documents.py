"""A mandate as a document: what was confirmed, word for word, and how; sealed by us so that anybody can verify it later. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import orjson

from bhxh.access.authority import MandateAct, Scope
from bhxh.access.roles import MandateRole
from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.signing.base64url import decode
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal

MANDATE_TYPE = "bhxh-mandate+json"
REVOCATION_TYPE = "bhxh-mandate-revocation+json"
PURPOSE = "mandate"
"""The purpose of the key that seals both."""

_ROLES = {
    MandateRole.LEGAL_REPRESENTATIVE: ("người đại diện theo pháp luật", "legal representative"),
    MandateRole.AUTHORISED: ("nhân viên được ủy quyền", "authorised clerk"),
    MandateRole.AGENT: ("đại lý", "agent"),
}
_ACTS = {
    MandateAct.FILE: ("lập, ký và nộp hồ sơ, bổ sung hồ sơ", "prepare, sign, file and supplement dossiers"),
    MandateAct.FOLLOW: ("xem hồ sơ, giấy tờ và kết quả", "see dossiers, letters and results"),
    MandateAct.WITHDRAW: ("rút hồ sơ", "take dossiers back"),
}


class How(StrEnum):
    """How somebody showed that they want it."""

    EID = "eid"
    """A fresh sign-in of level 2 on the portal."""
    CERTIFICATE = "certificate"
    """The digital signature of the organisation, or of its legal representative."""
    PAPER = "paper"
    """A request on paper that an operator read; the paper is kept at the office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The proof that goes into the sealed document: ids, digests and times. No token, no session secret."""

    how: How
    facts: Mapping[str, Json]
    signed: bytes = b""
    """The document with the digital signature, where that is the proof; kept beside the seal, which names its digest."""

    def as_json(self) -> dict[str, Json]:
        """As sealed."""
        digest: dict[str, Json] = {"signed_sha256": sha256_hex(self.signed)} if self.signed else {}
        return {"how": self.how.value, **self.facts, **digest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The employer or the holder, as the document names them."""

    reference: str
    """`employer:<id>`, `person:<id>`, `eid:...`, `machine:<client>`."""
    name: str
    number: str
    """Tax code, masked personal number, or client id."""

    def as_json(self) -> dict[str, Json]:
        """As sealed."""
        return {"reference": self.reference, "name": self.name, "number": self.number}


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateContent:
    """What somebody confirms: who may act for whom, as what, how far, from when until when (exclusive)."""

    employer_id: int
    employer: Party
    holder: Party
    role: MandateRole
    scope: Scope
    from_on: date
    until_on: date | None

    def as_json(self) -> dict[str, Json]:
        """Canonical; the same wish gives the same digest."""
        procedures = self.scope.procedures
        return {
            "employer": self.employer.as_json(),
            "holder": self.holder.as_json(),
            "role": self.role.value,
            "acts": sorted(act.value for act in self.scope.acts),
            "procedures": None if procedures is None else sorted(procedures),
            "from_on": self.from_on.isoformat(),
            "until_on": None if self.until_on is None else self.until_on.isoformat(),
        }

    @property
    def sha256(self) -> str:
        """What is confirmed by digest."""
        return sha256_hex(canonical_bytes(self.as_json()))

    def words(self, titles: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
        """The same in plain words, Vietnamese and English; `titles` are those of the procedures by slug."""
        return self._words(0, titles), self._words(1, titles)

    def _words(self, language: int, titles: Mapping[str, tuple[str, str]]) -> str:
        acts = "; ".join(_ACTS[act][language] for act in sorted(self.scope.acts))
        named = self.scope.procedures
        procedures = (
            "; ".join(titles[slug][language] for slug in sorted(named))
            if named is not None
            else ("mọi thủ tục", "every procedure")[language]
        )
        begin = f"{self.from_on:%d/%m/%Y}"
        end = f"{self.until_on:%d/%m/%Y}" if self.until_on is not None else ""
        employer, holder = f"{self.employer.name} ({self.employer.number})", f"{self.holder.name} ({self.holder.number})"
        role = _ROLES[self.role][language]
        if language == 0:
            period = f"từ ngày {begin} đến trước ngày {end}" if end else f"từ ngày {begin} cho đến khi thu hồi"
            return f"{employer} ủy quyền cho {holder} với vai trò {role}. Được làm: {acts}. Thủ tục: {procedures}. Thời hạn: {period}."
        period = f"from {begin} until before {end}" if end else f"from {begin} until revoked"
        return f"{employer} authorises {holder} as {role}. May: {acts}. Procedures: {procedures}. Period: {period}."


def sealed_mandate(
    content: MandateContent, *, mandate_id: UUID, granted_by: str, granted_at: datetime, confirmation: Confirmation, key: SealKey
) -> bytes:
    """The document: content, who granted it and how they proved it. Flattened JWS."""
    payload: dict[str, Json] = {
        "mandate_id": str(mandate_id),
        "content": content.as_json(),
        "content_sha256": content.sha256,
        "granted_by": granted_by,
        "granted_at": granted_at.isoformat(),
        "confirmation": confirmation.as_json(),
    }
    return _sealed(payload, key, MANDATE_TYPE)


def sealed_revocation(
    *,
    mandate_id: UUID,
    mandate_sha256: str,
    until_on: date,
    revoked_by: str,
    revoked_at: datetime,
    confirmation: Confirmation,
    key: SealKey,
) -> bytes:
    """The end of a mandate as a document of its own; it names the sealed mandate by digest."""
    payload: dict[str, Json] = {
        "mandate_id": str(mandate_id),
        "mandate_sha256": mandate_sha256,
        "until_on": until_on.isoformat(),
        "revoked_by": revoked_by,
        "revoked_at": revoked_at.isoformat(),
        "confirmation": confirmation.as_json(),
    }
    return _sealed(payload, key, REVOCATION_TYPE)


def holder_in(sealed: bytes) -> tuple[str, str]:
    """(name, number) of the holder in a sealed mandate of our own keeping. Nothing is verified here."""
    holder = orjson.loads(decode(orjson.loads(sealed)["payload"]))["content"]["holder"]
    return str(holder["name"]), str(holder["number"])


def revocation_content(*, mandate_id: UUID, until_on: date) -> bytes:
    """What somebody confirms when they end a mandate."""
    return canonical_bytes({"mandate_id": str(mandate_id), "until_on": until_on.isoformat()})


def _sealed(payload: Mapping[str, Json], key: SealKey, type_name: str) -> bytes:
    content = canonical_bytes(payload)
    return as_flattened(content, seal(content, key=key, type_name=type_name))
