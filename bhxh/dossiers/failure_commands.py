"""Runs that ended by an error of ours: counted on the dossier, asked for again later and later, shown to the operator.

The dossier stays where it is. The first run that ends well clears the count; the log keeps all of it.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bhxh.audit.commands import command, record
from bhxh.dossiers.models import Dossier
from bhxh.dossiers.records import SWEEP_AFTER, lock_dossier
from bhxh.dossiers.states import TERMINAL, State
from bhxh.kernel.actor import Actor
from bhxh.kernel.who import SYSTEM

LONGEST_PAUSE: Final = timedelta(hours=1)
"""LIMIT: so long after a release that cures the error the dossier goes on by itself."""


@command(by=SYSTEM)
def note_failure(*, actor: Actor, at: datetime, dossier_id: UUID, what: str) -> int:
    """Count a failed run and come back after a pause that doubles. Returns how many failed in a row.

    Shape:  `what` names the kind of error and the line of code; never its message, which may hold what somebody typed.
    """
    row = lock_dossier(dossier_id)
    failed = row.failed_runs + 1
    next_step_at = None if State(row.state) in TERMINAL else at + min(LONGEST_PAUSE, SWEEP_AFTER * 2 ** min(failed - 1, 10))
    # WHY no new row version: nobody's page is stale because a run of ours failed.
    Dossier.objects.filter(dossier_id=dossier_id).update(failed_runs=failed, last_failure=what, next_step_at=next_step_at)
    record(actor=actor, at=at, verb="dossiers.run.fail", dossier_id=dossier_id, detail={"failed_runs": failed, "what": what})
    return failed


@command(by=SYSTEM)
def clear_failures(*, actor: Actor, at: datetime, dossier_id: UUID) -> None:
    """A run ended well after others had failed."""
    lock_dossier(dossier_id)
    Dossier.objects.filter(dossier_id=dossier_id).update(failed_runs=0, last_failure="")
    record(actor=actor, at=at, verb="dossiers.run.recover", dossier_id=dossier_id)
