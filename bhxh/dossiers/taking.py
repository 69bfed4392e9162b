"""Who works on a dossier: an officer takes it, so that no two do the same work, and gives it back. It keeps nobody else from deciding."""

from datetime import datetime
from uuid import UUID

from bhxh.audit.commands import command, record
from bhxh.dossiers.own_cases import check_not_own
from bhxh.dossiers.policies import DECIDING_OFFICERS
from bhxh.dossiers.records import lock_dossier, require_state, save
from bhxh.dossiers.states import State
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam


@command(by=DECIDING_OFFICERS)
def take(*, actor: Actor, at: datetime, dossier_id: UUID) -> None:
    """Work on it from now on, also where a colleague did. Asked again it changes nothing.

    Raises: NotFound DOS-002; NotAllowed ACC-072, ACC-112; Conflict DOS-003.
    """
    row = lock_dossier(dossier_id)
    require_state(row, State.RECEIVED, State.IN_PROCESS, State.SUPPLEMENT_REQUIRED)
    check_not_own(actor, row, day_in_vietnam(at))
    before = row.assigned_to
    if before != actor.account:
        row.assigned_to = actor.account
        save(row)
    record(actor=actor, at=at, verb="dossiers.dossier.take", dossier_id=dossier_id, detail={"from": before})


@command(by=DECIDING_OFFICERS)
def release(*, actor: Actor, at: datetime, dossier_id: UUID) -> None:
    """Back to everybody. Only who has it gives it back; asked again it changes nothing. Raises NotFound DOS-002."""
    row = lock_dossier(dossier_id)
    if row.assigned_to == actor.account:
        row.assigned_to = ""
        save(row)
    record(actor=actor, at=at, verb="dossiers.dossier.release", dossier_id=dossier_id)
