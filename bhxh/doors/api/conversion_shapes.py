"""What the desk for converting papers takes and gives."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from bhxh.conversion.facts import CaseView, PrintView, Scanned
from bhxh.conversion.originals import ORIGINALS, Original, Paper
from bhxh.conversion.states import NAMES, ConversionState
from bhxh.kernel.errors import Invalid

_NO_NUL = r"^[^\x00]*$"
_Words = Annotated[str, Field(min_length=1, max_length=1000, pattern=_NO_NUL)]
_Items = Annotated[list[UUID], Field(min_length=1, max_length=200)]


class OwnerIn(Schema):
    """Whose paper it is: one of the two."""

    pin: str = Field("", max_length=40, pattern=_NO_NUL, description="personal number")
    employer: str = Field("", max_length=40, pattern=_NO_NUL, description="tax code or unit code")


class CaseIn(OwnerIn):
    """A paper that came to the desk."""

    original: Original
    paper: Paper = Paper.A4
    pages: int = Field(ge=1, le=200, description="sides with something on them, as counted on the paper")


class ScansIn(Schema):
    """Papers of the owner's warehouse that are its scans, in the order of its pages."""

    items: _Items


class ScanProposalIn(ScansIn):
    """The scans, and that they were compared with the paper."""

    has_compared: bool = Field(description="every page was compared with the paper and agrees; nothing is certified without")
    remarks: str = Field("", max_length=1000, pattern=_NO_NUL, description="about the paper's condition; printed on the certificate")


class ConfirmationOfScansIn(Schema):
    """The second person's own comparison."""

    has_compared: bool


class EndIn(Schema):
    """Why it is declined or withdrawn; read by officers."""

    words: _Words


class PrintIn(OwnerIn):
    """What is to be printed: a paper of the warehouse, or, without one, the person's latest book."""

    item_id: UUID | None = None


class ConversionStepOut(Schema):
    """One thing that was done."""

    step: str
    by: str
    at: datetime
    words: str


class ScannedPageOut(Schema):
    """What was measured on a page."""

    number: int
    width: int
    height: int
    dots_per_inch: int
    sharpness: int = Field(description="hundredths; sharp print has 150, unreadable 15")
    contrast: int = Field(description="of 255")


class ShortcomingOut(Schema):
    """What stands in the way."""

    code: str
    where: str
    vi: str
    en: str

    @classmethod
    def of(cls, error: Invalid) -> "ShortcomingOut":
        """In both languages."""
        return cls(code=error.code, where=error.where, vi=error.text("vi"), en=error.text("en"))


class CheckedScansOut(Schema):
    """Every page as measured, and everything that stands in the way; empty where it may be put forward."""

    pages: list[ScannedPageOut]
    shortcomings: list[ShortcomingOut]

    @classmethod
    def of(cls, scanned: Scanned, shortcomings: tuple[Invalid, ...]) -> "CheckedScansOut":
        """From the room's answer."""
        return cls(pages=_pages(scanned), shortcomings=[ShortcomingOut.of(one) for one in shortcomings])


class CaseOut(Schema):
    """A conversion, and where it stands. It names nobody: whose paper it is, the desk knows."""

    case_id: UUID
    original: Original
    original_vi: str
    original_en: str
    needs_second: bool
    paper: Paper
    declared_pages: int
    state: ConversionState
    state_vi: str
    state_en: str
    steps: list[ConversionStepOut]
    items: list[UUID] = Field(description="the scans of the last proposal")
    pages: list[ScannedPageOut]
    item_id: UUID | None = Field(description="the converted file in the owner's warehouse")
    file_sha256: str
    code: str = Field(description="what the certificate is verified by: /xac-minh/<code>")

    @classmethod
    def of(cls, case: CaseView) -> "CaseOut":
        """From the room's view."""
        facts, (vi, en) = ORIGINALS[case.original], NAMES[case.state]
        return cls(
            case_id=case.case_id,
            original=case.original,
            original_vi=facts.vi,
            original_en=facts.en,
            needs_second=facts.needs_second,
            paper=case.paper,
            declared_pages=case.declared_pages,
            state=case.state,
            state_vi=vi,
            state_en=en,
            steps=[ConversionStepOut(step=step.step.value, by=step.by, at=step.at, words=step.words) for step in case.steps],
            items=[scan.item_id for scan in case.scanned.scans],
            pages=_pages(case.scanned),
            item_id=case.item_id,
            file_sha256=case.file_sha256,
            code=case.code,
        )


class PrintOut(Schema):
    """A print copy."""

    print_id: UUID
    kind: str
    pages: int = Field(description="of the original; the print has one more")
    original_sha256: str
    made_at: datetime
    item_id: UUID
    file_sha256: str
    code: str = Field(description="what the paper is verified by: /xac-minh/<code>")

    @classmethod
    def of(cls, made: PrintView) -> "PrintOut":
        """From the room's view."""
        return cls(
            print_id=made.print_id,
            kind=made.kind,
            pages=made.pages,
            original_sha256=made.original_sha256,
            made_at=made.at,
            item_id=made.item_id,
            file_sha256=made.file_sha256,
            code=made.code,
        )


def _pages(scanned: Scanned) -> list[ScannedPageOut]:
    return [
        ScannedPageOut(
            number=page.reading.number,
            width=page.reading.width,
            height=page.reading.height,
            dots_per_inch=page.reading.dots_per_inch,
            sharpness=page.reading.sharpness,
            contrast=page.reading.contrast,
        )
        for page in scanned.pages
    ]
