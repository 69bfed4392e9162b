"""What anybody is told of a conversion by its code."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from bhxh.conversion.facts import Standing


class ConversionStandingOut(Schema):
    """A converted paper or a print copy. Nothing in it names the owner."""

    direction: Literal["TO_ELECTRONIC", "TO_PAPER"]
    title_vi: str
    title_en: str
    converted_at: datetime
    agency_code: str
    pages: int
    withdrawn_at: datetime | None
    original_sha256: str = Field(description="of a print: its electronic original's digest")
    original_code: str = Field(description="of a print: what its original is verified by; empty where it has no code")

    @classmethod
    def of(cls, standing: Standing) -> "ConversionStandingOut":
        """From the room's view."""
        return cls(
            direction=standing.direction,
            title_vi=standing.vi,
            title_en=standing.en,
            converted_at=standing.converted_at,
            agency_code=standing.agency_code,
            pages=standing.pages,
            withdrawn_at=standing.withdrawn_at,
            original_sha256=standing.original_sha256,
            original_code=standing.original_code,
        )
