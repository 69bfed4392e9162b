"""The versions of a book, each with what it changed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bhxh.book.differences import differences
from bhxh.web.languages import in_words
from bhxh.web.moments import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStep:
    """One version."""

    version: int
    sealed_at: str
    is_first: bool
    changes: tuple[tuple[str, str], ...]
    """(added, changed or removed; in words)."""


def steps_of_history(versions: Sequence[tuple[int, datetime, Mapping[str, Any]]]) -> tuple[VersionStep, ...]:
    """Newest first, as given; the last one is compared with nothing."""
    steps = []
    for place, (version, sealed_at, book) in enumerate(versions):
        before = versions[place + 1][2] if place + 1 < len(versions) else None
        found = differences(before, book) if before is not None else ()
        steps.append(
            VersionStep(
                version=version,
                sealed_at=instant(sealed_at),
                is_first=before is None and version == 1,
                changes=tuple((one.kind, in_words((one.vi, one.en))) for one in found),
            )
        )
    return tuple(steps)
