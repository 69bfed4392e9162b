"""The engine's verbs on the lines of a dossier: evidence, verdicts by rule, appraisal and approval by officers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import orjson
from django.db import connection

from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import command, record, record_looks
from bhxh.dossiers.errors import DOS_LINES_NOT_OPEN, DOS_REASON_MISSING, DOS_SAME_OFFICER, DOS_SIGNATURE_PENDING, DOS_STALE
from bhxh.dossiers.facts import Verdict
from bhxh.dossiers.models import Appraisal, Decision, Dossier, Line
from bhxh.dossiers.own_cases import check_not_own
from bhxh.dossiers.policies import DECIDING_OFFICERS
from bhxh.dossiers.ports import Answer
from bhxh.dossiers.procedure import Effects, EffectsRequest
from bhxh.dossiers.receipts import SealedDocument, Sender
from bhxh.dossiers.records import (
    SWEEP_AFTER,
    count_lines,
    defer_delivery,
    defer_gather,
    defer_sealing,
    lock_dossier,
    move,
    numbers_in,
    require_state,
    save,
    write_verdicts,
)
from bhxh.dossiers.states import LineState, State
from bhxh.dossiers.telling import tell
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json, sha256_hex
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.errors import Conflict, Invalid, NotAllowed, Refusal
from bhxh.kernel.text import tidy
from bhxh.kernel.who import SYSTEM, officer
from bhxh.notices.letters import LetterKind


class EffectsRefusedError(Exception):
    """A lower room would not write what was granted. Nothing of the attempt is kept."""

    def __init__(self, cause: Refusal) -> None:
        super().__init__(cause.code)
        self.cause = cause


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDraft:
    """A decision that has been composed and sealed, before it takes effect."""

    kind: Literal["automatic", "officers"]
    appraiser: str
    approver: str
    rule_version: str
    sealed: SealedDocument
    effects: Callable[[EffectsRequest], Effects]
    request: EffectsRequest
    """Holds the granted lines; none where all are refused."""


@command(by=SYSTEM)
def record_evidence(*, actor: Actor, at: datetime, dossier_id: UUID, answers: Sequence[tuple[str, Answer]]) -> int:
    """Keep partners' answers (register, answer), also those that say nothing. Set-based. Law: R-044."""
    row = lock_dossier(dossier_id)
    require_state(row, State.RECEIVED, State.IN_PROCESS)
    first = row.evidence_count + 1
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_evidence (dossier_id, n, register, subject, kind, source_kind, source_system, record_id, fetched_at,"
            " content, content_sha256) SELECT %s, given.n, given.register, given.subject, given.kind, given.source_kind,"
            " given.source_system, given.record_id, given.fetched_at, given.content, given.content_sha256"
            " FROM jsonb_to_recordset(%s::jsonb) AS given (n int, register text, subject text, kind text, source_kind text,"
            " source_system text, record_id text, fetched_at timestamptz, content jsonb, content_sha256 text)",
            [
                dossier_id,
                orjson.dumps([_evidence_row(n, register, answer) for n, (register, answer) in enumerate(answers, first)]).decode(),
            ],
        )
    row.evidence_count += len(answers)
    row.next_step_at = at + SWEEP_AFTER
    save(row)
    record(actor=actor, at=at, verb="dossiers.evidence.record", dossier_id=dossier_id, detail={"answers": len(answers)})
    return len(answers)


def _evidence_row(n: int, register: str, answer: Answer) -> dict[str, object]:
    return {
        "n": n,
        "register": register,
        "subject": answer.subject,
        "kind": answer.kind,
        "source_kind": answer.source_kind,
        "source_system": answer.source_system,
        "record_id": answer.record_id,
        "fetched_at": answer.fetched_at,
        "content": answer.content,
        "content_sha256": answer.content_sha256,
    }


@command(by=SYSTEM)
def postpone(*, actor: Actor, at: datetime, dossier_id: UUID, next_step_at: datetime) -> None:
    """A partner still owes an answer: count the round and come back later."""
    row = lock_dossier(dossier_id)
    require_state(row, State.RECEIVED, State.IN_PROCESS)
    row.gather_rounds += 1
    row.next_step_at = next_step_at
    save(row)
    detail: dict[str, Json] = {"round": row.gather_rounds, "next_step_at": next_step_at.isoformat()}
    record(actor=actor, at=at, verb="dossiers.dossier.postpone", dossier_id=dossier_id, detail=detail)


@command(by=SYSTEM)
def record_verdicts(
    *,
    actor: Actor,
    at: datetime,
    dossier_id: UUID,
    verdicts: Sequence[Verdict],
    decision: DecisionDraft | None,
    looked_at: Sequence[int] = (),
    line_results_from: Sender | None = None,
) -> int:
    """The rules' answers about pending lines, with the partial decision and its effects: one transaction.

    Shape:  a constant number of statements of its own, whatever the number of lines. `line_results_from`: who writes the filer
            of a list once that its lines were judged while some are with officers. Lines decided meanwhile by another run
            make it stale. Returns how many lines were written.
    Raises: Conflict DOS-003, DOS-004, DOS-030; EffectsRefusedError.
    """
    row = lock_dossier(dossier_id)
    require_state(row, State.IN_PROCESS)
    written = _apply(row, actor=actor, at=at, verdicts=verdicts, decision=decision, only_from=LineState.PENDING)
    if looked_at:
        record_looks(actor=actor, at=at, person_ids=looked_at, what="dossier", dossier_id=dossier_id)
    if line_results_from is not None and row.lines_officer and not row.lines_pending:
        key = f"{LetterKind.LINE_RESULTS.value}:{row.code}"
        tell(actor, at, row, LetterKind.LINE_RESULTS, line_results_from, reasons=(), key=key)
    counts: dict[str, Json] = {"clean": row.lines_clean, "officer": row.lines_officer, "refused": row.lines_refused}
    record(actor=actor, at=at, verb="dossiers.lines.judge", dossier_id=dossier_id, detail={"lines": written, **counts})
    return written


@command(by=SYSTEM)
def judge_again(*, actor: Actor, at: datetime, dossier_id: UUID) -> int:
    """Officers found out more, and it is among the evidence: the rules look at the undecided lines once more. Returns how many.

    What an officer proposed meanwhile was about less, so it stands no longer. Raises: Conflict DOS-003, DOS-013.
    """
    row = lock_dossier(dossier_id)
    require_state(row, State.IN_PROCESS)
    waiting = Line.objects.filter(dossier_id=dossier_id, state=LineState.OFFICER.value)
    count = waiting.update(state=LineState.PENDING.value, appraisal_n=None)
    if not count:
        raise Conflict(DOS_LINES_NOT_OPEN, count=0)
    count_lines(row)
    row.gather_rounds = 0
    row.next_step_at = at + SWEEP_AFTER
    save(row)
    defer_gather(dossier_id, lines=row.lines_total)
    record(actor=actor, at=at, verb="dossiers.lines.judge_again", dossier_id=dossier_id, detail={"lines": count})
    return count


@command(by=officer(OfficerRole.APPRAISER))
def appraise(
    *,
    actor: Actor,
    at: datetime,
    dossier_id: UUID,
    line_numbers: Sequence[int],
    proposal: Proposal,
    reason: str,
    row_version: int | None = None,
) -> int:
    """A first officer proposes to grant or refuse lines, with a reason; nothing takes effect. Returns the appraisal's number.

    Law:    R-081, four eyes; R-085, a refusal has a reason in writing.
    Raises: NotAllowed AUD-010, ACC-072; Conflict DOS-004, DOS-013; Invalid DOS-014.
    """
    written = tidy(reason)
    if not written or proposal is Proposal.OFFICER:
        raise Invalid(DOS_REASON_MISSING)
    row = lock_dossier(dossier_id, row_version=row_version)
    require_state(row, State.IN_PROCESS)
    wanted = sorted(set(line_numbers))
    _check_open(dossier_id, wanted)
    check_not_own(actor, row, day_in_vietnam(at), numbers=wanted)
    n = Appraisal.objects.filter(dossier_id=dossier_id).count() + 1
    Appraisal.objects.create(
        dossier_id=dossier_id, n=n, officer=actor.account, at=at, proposal=proposal.value, reason=written, line_numbers=wanted
    )
    Line.objects.filter(dossier_id=dossier_id, number__in=wanted).update(appraisal_n=n)
    row.assigned_to = actor.account
    save(row)
    detail: dict[str, Json] = {"appraisal": n, "lines": len(wanted), "proposal": proposal.value}
    record(actor=actor, at=at, verb="dossiers.lines.appraise", dossier_id=dossier_id, detail=detail)
    return n


@command(by=officer(OfficerRole.APPROVER))
def decide_by_officers(
    *,
    actor: Actor,
    at: datetime,
    dossier_id: UUID,
    row_version: int,
    verdicts: Sequence[Verdict],
    decision: DecisionDraft,
    needs_second: bool,
) -> int:
    """The second officer's signature: appraised lines are decided, with effects. Called by `flows.approve`, which composed it.

    Raises: NotAllowed DOS-012 where the approver appraised one of the lines; Conflict DOS-004, DOS-013.
    """
    row = lock_dossier(dossier_id, row_version=row_version)
    require_state(row, State.IN_PROCESS)
    numbers = [verdict.number for verdict in verdicts]
    _check_open(dossier_id, numbers)
    check_not_own(actor, row, day_in_vietnam(at), numbers=numbers)
    lines = Line.objects.filter(dossier_id=dossier_id, number__in=numbers, appraisal_n__isnull=False)
    appraisals = {n for n in lines.values_list("appraisal_n", flat=True) if n is not None}
    if lines.count() != len(numbers):
        raise Conflict(DOS_LINES_NOT_OPEN, count=len(numbers) - lines.count())
    appraisers = set(Appraisal.objects.filter(dossier_id=dossier_id, n__in=appraisals).values_list("officer", flat=True))
    if needs_second and actor.account in appraisers:
        raise NotAllowed(DOS_SAME_OFFICER)
    written = _apply(row, actor=actor, at=at, verdicts=verdicts, decision=decision, only_from=LineState.OFFICER)
    detail: dict[str, Json] = {"lines": written, "decision": row.decision_count}
    record(actor=actor, at=at, verb="dossiers.lines.approve", dossier_id=dossier_id, detail=detail)
    return written


@command(by=DECIDING_OFFICERS)
def supersede(
    *, actor: Actor, at: datetime, dossier_id: UUID, row_version: int, line_numbers: Sequence[int], by_code: str, reason: str
) -> int:
    """An officer closes lines that another dossier took over."""
    row = lock_dossier(dossier_id, row_version=row_version)
    require_state(row, State.IN_PROCESS)
    wanted = sorted(set(line_numbers))
    if not tidy(reason) or not by_code:
        raise Invalid(DOS_REASON_MISSING)
    _check_open(dossier_id, wanted)
    check_not_own(actor, row, day_in_vietnam(at), numbers=wanted)
    Line.objects.filter(dossier_id=dossier_id, number__in=wanted).update(state=LineState.SUPERSEDED.value, appraisal_n=None)
    count_lines(row)
    _finish(row, actor=actor, at=at, document_sha256="")
    save(row)
    detail: dict[str, Json] = {"lines": len(wanted), "by": by_code, "reason": tidy(reason)}
    record(actor=actor, at=at, verb="dossiers.lines.supersede", dossier_id=dossier_id, detail=detail)
    return len(wanted)


def _check_open(dossier_id: UUID, numbers: Sequence[int]) -> None:
    missing = len(numbers) - len(numbers_in(dossier_id, LineState.OFFICER, numbers))
    if missing or not numbers:
        raise Conflict(DOS_LINES_NOT_OPEN, count=missing)


def _apply(
    row: Dossier, *, actor: Actor, at: datetime, verdicts: Sequence[Verdict], decision: DecisionDraft | None, only_from: LineState
) -> int:
    """Effects, decision, lines, counts, follow-up work; the dossier is locked by the caller."""
    if row.signature_pending:
        raise Conflict(DOS_SIGNATURE_PENDING)
    effects = Effects(touched_person_ids=())
    n: int | None = None
    if decision is not None:
        n = row.decision_count = row.decision_count + 1
        if decision.request.lines:
            try:
                effects = decision.effects(decision.request)
            except Refusal as refusal:
                raise EffectsRefusedError(refusal) from refusal
        _write_decision(row, at=at, n=n, decision=decision, verdicts=verdicts, effects=effects)
    written = write_verdicts(
        row.dossier_id,
        [
            (
                verdict.number,
                verdict.to_state,
                verdict.proposal,
                verdict.findings,
                effects.person_id_by_line.get(verdict.number, verdict.person_id),
                n if verdict.to_state in (LineState.CLEAN, LineState.REFUSED) else None,
            )
            for verdict in verdicts
        ],
        only_from=only_from,
    )
    if written != len(verdicts):
        raise Conflict(DOS_STALE)
    count_lines(row)
    defer_sealing(row.dossier_id, sorted(set(effects.touched_person_ids)), lines=row.lines_total)
    # WHY only where nothing is pending: the sweeper comes back for what a partner owes; what an officer owes is in the queue.
    row.next_step_at = at + SWEEP_AFTER if row.lines_pending else None
    _finish(row, actor=actor, at=at, document_sha256=decision.sealed.sha256 if decision else "")
    save(row)
    return written


def _finish(row: Dossier, *, actor: Actor, at: datetime, document_sha256: str) -> None:
    """RESOLVED as soon as no line waits."""
    if row.lines_pending or row.lines_officer:
        return
    move(row, State.RESOLVED, actor=actor, at=at, document_sha256=document_sha256)
    row.next_step_at = at + SWEEP_AFTER
    defer_delivery(row.dossier_id, lines=row.lines_total)


def _write_decision(row: Dossier, *, at: datetime, n: int, decision: DecisionDraft, verdicts: Sequence[Verdict], effects: Effects) -> None:
    Decision.objects.create(
        dossier_id=row.dossier_id,
        n=n,
        kind=decision.kind,
        at=at,
        appraiser=decision.appraiser,
        approver=decision.approver,
        rule_version=decision.rule_version,
        payload=decision.sealed.payload,
        payload_sha256=sha256_hex(decision.sealed.payload),
        sealed=decision.sealed.flattened,
        kid=decision.sealed.kid,
        granted_lines=[verdict.number for verdict in verdicts if verdict.to_state is LineState.CLEAN],
        refused_lines=[verdict.number for verdict in verdicts if verdict.to_state is LineState.REFUSED],
        touched_person_ids=sorted(set(effects.touched_person_ids)),
    )
