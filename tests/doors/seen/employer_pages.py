"""What an organisation sees."""

from tests.doors.seen.page import Seen

PAGES: tuple[Seen, ...] = ()
