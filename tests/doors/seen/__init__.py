"""Which pages a browser looks at, in which state: one list for each part of the portal and the office."""

from tests.doors.seen.page import AT_WORK, Seen

__all__ = ["AT_WORK", "Seen"]
