"""What papers are converted, by what they are and how large: what the rules ask of each is data. Pure.

LAW: R-102 (Law 20/2023/QH15, Art. 12(1)): a licence, certificate or approval that an authority issued also takes the converting organisation's signature.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Paper(StrEnum):
    """How large the sheet is, which is what dots are counted against."""

    A3 = "A3"
    A4 = "A4"
    A5 = "A5"
    CARD = "CARD"
    """An identity or insurance card."""

    @property
    def long_inches(self) -> float:
        """Its longer side."""
        return _LONG_MILLIMETRES[self] / 25.4


_LONG_MILLIMETRES: Final = {Paper.A3: 420.0, Paper.A4: 297.0, Paper.A5: 210.0, Paper.CARD: 85.6}


class Original(StrEnum):
    """What the paper is."""

    PAPER_BOOK = "paper_book"
    CERTIFICATE = "certificate"
    CIVIL_STATUS = "civil_status"
    IDENTITY = "identity"
    CONTRACT = "contract"
    MEDICAL = "medical"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class OriginalFacts:
    """A kind of paper in words, and what its conversion takes."""

    vi: str
    en: str
    is_official: bool
    """A licence, certificate or approval of an authority: the organisation's seal is demanded (LAW: Art. 12(1))."""
    needs_second: bool
    """Another converter compares it too. WHY these: money is decided by them years later, when the paper may be gone (assumed, ours)."""


ORIGINALS: Final[dict[Original, OriginalFacts]] = {
    Original.PAPER_BOOK: OriginalFacts("Sổ bảo hiểm xã hội bản giấy", "Paper insurance book", is_official=True, needs_second=True),
    Original.CERTIFICATE: OriginalFacts("Giấy phép, giấy chứng nhận, quyết định", "Licence, certificate, decision", True, True),
    Original.CIVIL_STATUS: OriginalFacts("Giấy tờ hộ tịch", "Civil status paper", True, False),
    Original.IDENTITY: OriginalFacts("Giấy tờ tùy thân", "Identity paper", True, False),
    Original.CONTRACT: OriginalFacts("Hợp đồng lao động", "Labour contract", False, False),
    Original.MEDICAL: OriginalFacts("Giấy tờ y tế", "Medical paper", False, False),
    Original.OTHER: OriginalFacts("Giấy tờ khác", "Other paper", False, False),
}
assert set(ORIGINALS) == set(Original), "each kind says what it takes"
