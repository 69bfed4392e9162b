"""What has been kept long enough goes: first no list shows it any more, a day later its file is removed, unless something rests on it.

Each step asks what rests on the content. WHY two steps: whoever chose a paper for a dossier the moment before it ended has filed by then,
and the second question sees the dossier.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, Protocol
from uuid import uuid4

import structlog

from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.law.retention import retention_of
from bhxh.warehouse.lifetime_commands import end_items, keep_longer, settle
from bhxh.warehouse.lifetimes import Ending, list_due, list_held, list_unsettled
from bhxh.warehouse.store import bound_store

UNDER_WAY: Final = timedelta(days=1)
"""LIMIT: longer than any filing, delivery or upload takes from choosing a content to the commit of what names it."""
_LOOKED_AT_AGAIN: Final = timedelta(days=365)
_AT_ONCE: Final = 500  # LIMIT: items of one beat; the next one takes the rest
_log = structlog.get_logger()


class Resting(Protocol):
    """Asks the rooms above what they hold on to."""

    def __call__(self, contents: Collection[str], /) -> frozenset[str]:
        """Those of these contents, by digest, on which something rests."""


@dataclass(frozen=True, slots=True)
class Expired:
    """What one run did."""

    ended: int
    kept_longer: int
    files_removed: int


def expire(at: datetime, *, rests_on: Resting) -> Expired:
    """One run: end what is due, remove the files of what ended a day ago. May be broken off anywhere and run again.

    WHY each asks first: a command writes the log, and a quiet day must leave it as it is.
    """
    actor = system_actor(name="warehouse", request_id=uuid4().hex, purpose="operation")
    ended, kept_longer = _end_due(actor, at, rests_on)
    expired = Expired(ended, kept_longer, _remove_files(actor, at, rests_on))
    if expired != Expired(0, 0, 0):
        _log.info("warehouse.items.expired", ended=ended, kept_longer=kept_longer, files_removed=expired.files_removed)
    return expired


def _end_due(actor: Actor, at: datetime, rests_on: Resting) -> tuple[int, int]:
    today = day_in_vietnam(at)
    due = list_due(today, limit=_AT_ONCE)
    if not due:
        return 0, 0
    resting = rests_on({item.sha256 for item in due})
    rested_on, over, longer = list[Ending](), list[Ending](), list[Ending]()
    for item in due:
        until_on = retention_of(item.kind, kept_on=item.kept_on).until_on
        if item.sha256 in resting:
            rested_on.append(item)
        # WHY asked again: a rule that was made longer since holds; one that was made shorter does not break what the owner was told.
        elif until_on is None or until_on > today:
            longer.append(item)
        else:
            over.append(item)
    if rested_on:
        keep_longer(actor=actor, at=at, items=rested_on, until_on=today + _LOOKED_AT_AGAIN, why="something rests on it")
    for days, items in groupby(longer, key=lambda item: retention_of(item.kind, kept_on=item.kept_on).until_on):
        keep_longer(actor=actor, at=at, items=list(items), until_on=days or today + _LOOKED_AT_AGAIN, why="the rule is longer now")
    if over:
        end_items(actor=actor, at=at, items=over)
    return len(over), len(rested_on) + len(longer)


def _remove_files(actor: Actor, at: datetime, rests_on: Resting) -> int:
    unsettled: Sequence[Ending] = list_unsettled(ended_before=at - UNDER_WAY, limit=_AT_ONCE)
    if not unsettled:
        return 0
    contents = {item.sha256 for item in unsettled}
    resting, held, removed = rests_on(contents), list_held(contents), 0
    if back := [item for item in unsettled if item.sha256 in resting and not item.is_removed]:
        until_on = day_in_vietnam(at) + _LOOKED_AT_AGAIN
        keep_longer(actor=actor, at=at, items=back, until_on=until_on, why="something rests on it")
    for item in unsettled:
        if item.sha256 in resting and not item.is_removed:
            continue
        # WHY not back where its owner removed it: what rests on it has the file, not the item.
        stays = item.sha256 in held or item.sha256 in resting
        is_gone = not stays and bound_store().remove(item.sha256, untouched_since=at - UNDER_WAY)
        if is_gone or stays:  # WHY else not: somebody has just kept the same content, and it is looked at again
            settle(actor=actor, at=at, item=item, is_file_gone=is_gone)
        removed += is_gone
    return removed
