"""Instants as pages tell them, in the language that is spoken."""

from datetime import datetime

from bhxh.kernel.clock import VIETNAM, shown
from bhxh.web.languages import in_words


def both(at: datetime) -> tuple[str, str]:
    """`21:05 ngày 21/11/2026` and `21:05 on 21/11/2026`."""
    return shown(at), at.astimezone(VIETNAM).strftime("%H:%M on %d/%m/%Y")


def told(at: datetime) -> str:
    """Of both the one that is spoken."""
    return in_words(both(at))


def instant(at: datetime) -> str:
    """As lists write it, alike in both languages: `21:05 21/11/2026`."""
    return at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
