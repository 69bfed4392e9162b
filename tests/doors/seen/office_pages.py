"""What officers and operators see."""

from tests.doors.seen.page import Seen

PAGES: tuple[Seen, ...] = ()
