"""What becomes of a filing whose signature could not be fully checked when it arrived: proven, found bad, or ended by an officer.

All three judge the instant of arrival; nothing is backdated, and the evidence that came later is kept with the time it came.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from bhxh.audit.commands import command, record
from bhxh.dossiers.errors import DOS_REASON_MISSING, DOS_SIGNATURE_JUDGED, DOS_SIGNATURE_NOT_PROVEN, DOS_SIGNATURE_STILL_ASKED
from bhxh.dossiers.own_cases import check_not_own
from bhxh.dossiers.policies import DECIDING_OFFICERS
from bhxh.dossiers.receipts import Sender
from bhxh.dossiers.records import lock_dossier, move, require_state, save
from bhxh.dossiers.states import State
from bhxh.dossiers.telling import tell
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.text import tidy
from bhxh.kernel.who import SYSTEM
from bhxh.notices.letters import LetterKind, LetterReason

ASKED_AT_LEAST: Final = 6
"""Rounds in which the authorities must have been asked before an officer may end it: some hundred minutes, as for any silent partner."""


@command(by=SYSTEM)
def confirm_signature(
    *, actor: Actor, at: datetime, dossier_id: UUID, evidence: Sequence[Json], status: Mapping[str, Json], others: Mapping[str, Json]
) -> None:
    """A pending signature was found good: the evidence completes the proof. What was known at the arrival stays beside it."""
    row = lock_dossier(dossier_id)
    if row.signature_pending:
        row.signature_pending = False
        row.gather_rounds = 0
        row.proof = {
            **row.proof,
            "is_pending": False,
            "completed_at": at.isoformat(),
            "completed_evidence": list(evidence),
            "completed_status": status,
            **({"completed_other_statuses": others} if others else {}),
        }
        save(row)
    record(actor=actor, at=at, verb="dossiers.signature.confirm", dossier_id=dossier_id)


@command(by=SYSTEM)
def stop_for_bad_signature(*, actor: Actor, at: datetime, dossier_id: UUID, code: str, reason: LetterReason, sender: Sender) -> None:
    """A pending signature was found bad: RECEIVED -> STOPPED, the filer told, nothing backdated."""
    row = lock_dossier(dossier_id)
    require_state(row, State.RECEIVED)
    row.signature_pending = False
    row.proof = {**row.proof, "is_pending": False, "found_bad_at": at.isoformat(), "found_bad": code}
    move(row, State.STOPPED, actor=actor, at=at, reason=code)
    save(row)
    tell(actor, at, row, LetterKind.REFUSAL, sender, reasons=(reason,))
    record(actor=actor, at=at, verb="dossiers.dossier.stop", dossier_id=dossier_id, detail={"code": code})


@command(by=DECIDING_OFFICERS)
def refuse_signature(*, actor: Actor, at: datetime, dossier_id: UUID, row_version: int, reason: str, sender: Sender) -> None:
    """An officer ends a dossier whose signature nobody could prove: RECEIVED -> STOPPED, in writing, the filer told.

    Shape:  for what asking again will not settle: a key reported stolen after the filing, an authority that answers nothing for good.
    Raises: NotAllowed AUD-010, ACC-072, ACC-112; Conflict DOS-003, DOS-004, DOS-035, DOS-036; Invalid DOS-014 without a reason.
    """
    row = lock_dossier(dossier_id, row_version=row_version)
    require_state(row, State.RECEIVED)
    check_not_own(actor, row, day_in_vietnam(at))
    if not row.signature_pending:
        raise Conflict(DOS_SIGNATURE_JUDGED)
    if row.gather_rounds < ASKED_AT_LEAST:
        raise Conflict(DOS_SIGNATURE_STILL_ASKED, asked=row.gather_rounds, limit=ASKED_AT_LEAST)
    written = tidy(reason)
    if not written:
        raise Invalid(DOS_REASON_MISSING)
    row.signature_pending = False
    row.proof = {**row.proof, "is_pending": False, "refused_at": at.isoformat(), "refused_by": actor.account}
    move(row, State.STOPPED, actor=actor, at=at, reason=written)
    save(row)
    not_proven = LetterReason(code=DOS_SIGNATURE_NOT_PROVEN.code, vi=DOS_SIGNATURE_NOT_PROVEN.vi, en=DOS_SIGNATURE_NOT_PROVEN.en)
    own_words = LetterReason(code="DOS-026", vi=written, en=written)
    tell(actor, at, row, LetterKind.REFUSAL, sender, reasons=(not_proven, own_words))
    record(actor=actor, at=at, verb="dossiers.signature.refuse", dossier_id=dossier_id)
