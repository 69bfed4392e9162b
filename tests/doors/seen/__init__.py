"""Which pages a browser looks at, in which state: one list for each part of the portal and the office."""

from typing import Final

from tests.doors.seen import citizen_pages, employer_pages, filing_pages, office_pages, public_pages
from tests.doors.seen.page import AT_WORK, Seen

__all__ = ["AT_WORK", "PAGES", "Seen"]

PAGES: Final[tuple[Seen, ...]] = tuple(
    page for part in (public_pages, citizen_pages, filing_pages, employer_pages, office_pages) for page in part.PAGES
)
