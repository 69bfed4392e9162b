"""What is known of conversions and print copies, as the room hands it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from bhxh.conversion.originals import Original, Paper
from bhxh.conversion.readability import PageReading
from bhxh.conversion.states import ConversionState, Step
from bhxh.kernel.canonical import Json
from bhxh.warehouse.owners import Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """An officer who answers for a conversion."""

    account: str
    person_id: int
    full_name: str
    agency_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One file that a conversion is made of."""

    item_id: UUID
    sha256: str
    media_type: str
    size_bytes: int
    scan: str
    """What the virus scanner said: `clean`, or `not_scanned`."""

    def as_json(self) -> dict[str, Json]:
        """For a row and for the certificate."""
        return {
            "item_id": str(self.item_id),
            "sha256": self.sha256,
            "media_type": self.media_type,
            "size_bytes": self.size_bytes,
            "scan": self.scan,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page as measured, and the file it is from."""

    scan: int
    """Place of the file among the scans, from 0."""
    reading: PageReading

    def as_json(self) -> dict[str, Json]:
        """For a row and for the certificate."""
        return {
            "number": self.reading.number,
            "scan": self.scan,
            "width": self.reading.width,
            "height": self.reading.height,
            "dots_per_inch": self.reading.dots_per_inch,
            "sharpness": self.reading.sharpness,
            "contrast": self.reading.contrast,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What was put forward as the paper's picture: the files, and what was measured on each page."""

    scans: Sequence[Scan]
    pages: Sequence[ReadPage]

    def as_json(self) -> dict[str, Json]:
        """For a row."""
        return {"scans": [scan.as_json() for scan in self.scans], "pages": [page.as_json() for page in self.pages]}

    @classmethod
    def of(cls, stored: Mapping[str, list[dict[str, int]]]) -> "Scanned":
        """From a row."""
        scans = [Scan(**{**scan, "item_id": UUID(str(scan["item_id"]))}) for scan in stored.get("scans", [])]  # type: ignore[arg-type]
        pages = [
            ReadPage(scan=page["scan"], reading=PageReading(**{name: value for name, value in page.items() if name != "scan"}))
            for page in stored.get("pages", [])
        ]
        return cls(scans=scans, pages=pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One thing that was done with a conversion."""

    n: int
    step: Step
    by: str
    by_person_id: int
    agency_code: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A conversion from paper, and where it stands."""

    case_id: UUID
    owner: Owner
    original: Original
    paper: Paper
    declared_pages: int
    opened_by: str
    at: datetime
    state: ConversionState
    steps: tuple[StepView, ...]
    scanned: Scanned
    """Of the last proposal; empty before one."""
    item_id: UUID | None
    """Of the converted file."""
    file_sha256: str
    code: str

    @property
    def proposed(self) -> StepView | None:
        """The last proposal."""
        return next((step for step in reversed(self.steps) if step.step is Step.PROPOSED), None)

    @property
    def last(self) -> StepView | None:
        """The last thing that was done."""
        return self.steps[-1] if self.steps else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintView:
    """A print copy that was made."""

    print_id: UUID
    owner: Owner
    kind: str
    original_sha256: str
    original_item_id: UUID | None
    original_code: str
    pages: int
    by: str
    at: datetime
    item_id: UUID
    file_sha256: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What anybody may know of a conversion by its code or the digest of its file. Nothing in it names the owner."""

    direction: Literal["TO_ELECTRONIC", "TO_PAPER"]
    vi: str
    """What the original is."""
    en: str
    converted_at: datetime
    agency_code: str
    pages: int
    withdrawn_at: datetime | None
    """Of the conversion, or of the conversion that was printed."""
    original_sha256: str = ""
    """Of a print: the electronic original's digest."""
    original_code: str = ""
    """Of a print: what its original is looked up by; empty where nobody may."""
    owner: Owner
