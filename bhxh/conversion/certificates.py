"""The certificate of a conversion: what the law wants to be found on the other form, as sealed JSON that anybody verifies without us. Pure.

It names who converted and who answers for it, never whose paper it is: it travels with the file, and its digest is public.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from bhxh.conversion.facts import CaseView, Converter, ReadPage, Scan
from bhxh.conversion.originals import ORIGINALS
from bhxh.conversion.readability import ReadableFrom
from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal

PURPOSE: Final = "conversion"
"""Of the seal key."""
TYPE_NAME: Final = "bhxh-conversion+json"
FORMAT: Final = "bhxh-conversion/1"
TO_ELECTRONIC_MARK: Final = ("BẢN CHUYỂN ĐỔI TỪ VĂN BẢN GIẤY", "Converted from paper")
"""LAW: R-103 (Decree 137/2024/ND-CP, Art. 4): a letter mark, the time, the full name of the converter. That these are the words is assumed."""
TO_PAPER_MARK: Final = ("BẢN GIẤY CHUYỂN ĐỔI TỪ THÔNG ĐIỆP DỮ LIỆU", "Converted from an electronic original")
"""LAW: R-104 (Law 20/2023/QH15, Art. 12(2)). The words are assumed."""
STATEMENT: Final = (
    "Đã đối chiếu từng trang: nội dung bản chuyển đổi đúng và đủ so với bản giấy.",
    "Every page was compared: what the conversion shows is right and complete against the paper.",
)
LAW: Final = ("Law 20/2023/QH15, Art. 12", "Decree 137/2024/ND-CP, Art. 4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who converts, as the certificate names it, and the system that keeps the originals."""

    code: str
    name: str
    custodian: str
    public_url: str

    def as_json(self) -> dict[str, Json]:
        """LAW: R-104: the information system and its owner, for looking the original up."""
        return {"code": self.code, "name": self.name, "custodian": self.custodian, "system": "bhxh", "address": self.public_url}

    def verification_address(self, code: str) -> str:
        """Where anybody asks how a conversion stands."""
        return f"{self.public_url.rstrip('/')}/xac-minh/{code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate and its seal."""

    payload: bytes
    sealed: bytes
    kid: str

    @property
    def code(self) -> str:
        """Digest of what it says: its QR code leads there."""
        return sha256_hex(self.payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The electronic original of a print."""

    kind: str
    vi: str
    en: str
    sha256: str
    code: str
    media_type: str
    kept_at: datetime
    pages: int


def certify_scan(
    case: CaseView, *, at: datetime, by: Converter, second: Converter | None, limits: ReadableFrom, organisation: Organisation, key: SealKey
) -> Certificate:
    """Of a paper that was turned into a file. LAW: R-102, R-103; what is stored of each: R-105."""
    facts = ORIGINALS[case.original]
    proposed = case.proposed
    assert proposed is not None, "nothing is certified that was not proposed"
    content: dict[str, Json] = {
        "direction": "TO_ELECTRONIC",
        "mark": _both(TO_ELECTRONIC_MARK),
        "case_id": str(case.case_id),
        "converted_at": _instant(at),
        "organisation": {**organisation.as_json(), "is_seal_demanded": facts.is_official},
        "converter": _named(by, proposed.at),
        "second": None if second is None else _named(second, at),
        "statement": _both(STATEMENT),
        "remarks": proposed.words,
        "original": {"kind": case.original.value, "vi": facts.vi, "en": facts.en, "pages": case.declared_pages, "paper": case.paper.value},
        "scans": [_without_id(scan) for scan in case.scanned.scans],
        "pages": [page.as_json() for page in case.scanned.pages],
        "readable_from": {
            "dots_per_inch": limits.least_dots_per_inch,
            "sharpness": limits.least_sharpness,
            "contrast": limits.least_contrast,
        },
    }
    return _sealed(content, key)


def certify_print(
    printed: Printed, *, print_id: UUID, at: datetime, by: Converter, organisation: Organisation, key: SealKey
) -> Certificate:
    """Of an electronic original that was set for the printer. LAW: R-104, R-107."""
    content: dict[str, Json] = {
        "direction": "TO_PAPER",
        "mark": _both(TO_PAPER_MARK),
        "print_id": str(print_id),
        "converted_at": _instant(at),
        "organisation": organisation.as_json(),
        "converter": _named(by, at),
        "original": {
            "kind": printed.kind,
            "vi": printed.vi,
            "en": printed.en,
            "sha256": printed.sha256,
            "code": printed.code,
            "media_type": printed.media_type,
            "kept_at": _instant(printed.kept_at),
            "pages": printed.pages,
        },
    }
    return _sealed(content, key)


def _sealed(content: dict[str, Json], key: SealKey) -> Certificate:
    payload = canonical_bytes({"format": FORMAT, "law": list(LAW), **content})
    made = seal(payload, key=key, type_name=TYPE_NAME)
    return Certificate(payload=payload, sealed=as_flattened(payload, made), kid=made.kid)


def _named(one: Converter, at: datetime) -> dict[str, Json]:
    return {"full_name": one.full_name, "agency_code": one.agency_code, "at": _instant(at)}


def _without_id(scan: Scan) -> dict[str, Json]:
    return {name: value for name, value in scan.as_json().items() if name != "item_id"}


def _both(pair: tuple[str, str]) -> dict[str, Json]:
    return {"vi": pair[0], "en": pair[1]}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def pages_told(pages: Sequence[ReadPage]) -> str:
    """The range of resolutions in words: `300` or `200 – 310`."""
    dots = sorted(page.reading.dots_per_inch for page in pages)
    return str(dots[0]) if dots[0] == dots[-1] else f"{dots[0]} – {dots[-1]}"
