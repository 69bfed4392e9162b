"""Whether the seals on pages go on: how long the certificate lasts, and whether the copies for decades are renewed in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bhxh.book.archive_queries import ArchiveHealth, archive_health
from bhxh.doors.partners import partners

_ASK_BEFORE: Final = timedelta(days=60)
"""LIMIT: a licensed authority takes weeks, and the request has to be signed by people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealHealth:
    """What monitoring is told."""

    certificate_until: datetime | None
    """End of the certificate under which pages are sealed; None where none is in force."""
    alarms: tuple[str, ...]
    archive: ArchiveHealth


def seal_health(at: datetime) -> SealHealth:
    """Alarms: `certificate_ending` 60 days before, `certificate_ended` from then on; `archive_late`, `archive_trouble`, `archive_ending`.

    An installation that never asked for a certificate seals no pages and hears no alarm about one.
    """
    keys, archive = partners().keys, archive_health(at)
    present = keys.certified("page")
    until = present.certificate.own.not_valid_after_utc if present is not None else None
    alarms = list(archive.alarms)
    if until is not None and until - at < _ASK_BEFORE:
        alarms.append("certificate_ending")
    if until is None and any(keys.certificate_of(key.kid) is not None for key in keys.key_set() if key.purpose == "page"):
        alarms.append("certificate_ended")
    return SealHealth(certificate_until=until, alarms=tuple(alarms), archive=archive)
