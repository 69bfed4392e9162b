"""Keep the published status lists fresh. Called by the clockwork."""

from datetime import datetime, timedelta
from typing import Final

from bhxh.credentials.issuing import Issuer
from bhxh.credentials.status_commands import publish_list
from bhxh.credentials.status_queries import list_due
from bhxh.kernel.actor import system_actor
from bhxh.signing.ports import SealKey

AGE: Final = timedelta(hours=1)
_AT_ONCE: Final = 4  # LIMIT: lists of one beat, some half a second each when full; 5,760 a day are 750 million credentials


def publish_due(at: datetime, *, issuer: Issuer, key: SealKey) -> int:
    """Make the oldest lists anew that are an hour old. Returns how many. A list holds a day, so 23 hours of failure are bridged."""
    due = list_due(before=at - AGE, limit=_AT_ONCE)
    actor = system_actor(name="status_lists", request_id=f"lists-{at:%Y%m%d%H%M%S}", purpose="sealing")
    for number in due:
        publish_list(actor=actor, at=at, list_number=number, issuer=issuer, key=key)
    return len(due)
