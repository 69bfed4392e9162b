"""Filing a dossier."""

from tests.doors.seen.page import Seen

PAGES: tuple[Seen, ...] = ()
