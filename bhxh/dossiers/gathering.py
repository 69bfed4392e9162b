"""Gather -> decide -> record: ask what must be asked, let the rules judge, write the partial decision and its effects.

Every step may be repeated: answers that were kept are not asked for again, lines that were decided are not judged again. A
process that dies between two steps leaves a dossier that the next run, or the sweeper's, takes up where it stands.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bhxh.dossiers import catalogue, commands, line_commands, signature_commands
from bhxh.dossiers.case_making import case_from, compose_case
from bhxh.dossiers.errors import DOS_LINES_NOT_OPEN, DOS_SAME_OFFICER, DOS_STALE, DOS_WRONG_STATE
from bhxh.dossiers.facts import AppraisalView, DossierView, LineView, Verdict
from bhxh.dossiers.judging import (
    DECISION_TYPE,
    compose_decision,
    judge_lines,
    latest_answers,
    officers_verdict,
    refused_by_room,
    slices_of,
)
from bhxh.dossiers.line_commands import DecisionDraft, EffectsRefusedError
from bhxh.dossiers.old_numbers import link_old_numbers
from bhxh.dossiers.policies import check_officer
from bhxh.dossiers.ports import Answer, AnswerKind, BusinessRegister, PopulationRegister
from bhxh.dossiers.procedure import Case, EffectsRequest, GrantedLine, Procedure
from bhxh.dossiers.queries import get_dossier_by_id, list_all_lines, list_answers, list_appraisals
from bhxh.dossiers.receipts import Sender, seal_document
from bhxh.dossiers.signatures import judge_filed, keep_evidence, kept_others
from bhxh.dossiers.states import LineState, State
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.errors import Conflict, Invalid, NotAllowed
from bhxh.notices.letters import LetterReason
from bhxh.signing.certificates import TrustList
from bhxh.signing.ports import RevocationSource, SealKey
from bhxh.warehouse.store import read_blob, store_blob

LINES_PER_DECISION: Final = 2_000  # LIMIT: its persons stay locked for the second or so that its effects take; a longer list has several
PAUSES: Final = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
)
"""How long a silent partner is waited for, round by round; after the last, people look at the lines."""


@dataclass(frozen=True, kw_only=True)
class GatheringPorts:
    """What gathering and deciding need of the outside and of this installation."""

    population: PopulationRegister
    business: BusinessRegister
    trust: TrustList
    revocation: RevocationSource
    revocation_budget_s: float
    decision_key: SealKey
    custodian: str
    sender: Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherOutcome:
    """Where a run left the dossier."""

    dossier_id: UUID
    state: State
    decided: int
    """Lines this run took off `pending`."""
    retry_at: datetime | None
    """When the sweeper comes back for what a partner still owes."""


def gather(dossier_id: UUID, at: datetime, deps: GatheringPorts) -> GatherOutcome:
    """Take a received dossier as far as rules can take it. Running it twice, also at the same moment, changes nothing."""
    try:
        return _gather(dossier_id, at, deps)
    except Conflict as conflict:
        # WHY: another run decided these lines meanwhile, or the filer withdrew; what is there now is the truth.
        if conflict.sentence not in (DOS_STALE, DOS_WRONG_STATE):
            raise
        return _outcome(dossier_id, 0)


def _gather(dossier_id: UUID, at: datetime, deps: GatheringPorts) -> GatherOutcome:
    actor = system_actor(name="dossiers.gather", request_id=f"dossier-{dossier_id}", purpose=get_dossier_by_id(dossier_id).procedure_slug)
    dossier = _check_signature(actor, at, dossier_id, deps)
    if dossier.state not in (State.RECEIVED, State.IN_PROCESS) or not dossier.lines.get(LineState.PENDING):
        return _outcome(dossier_id, 0)
    procedure = catalogue.get(dossier.procedure_slug)
    filing = link_old_numbers(procedure.read(read_blob(dossier.canonical_sha256)))
    case = compose_case(actor, at, dossier, procedure, filing, deps)
    if dossier.signature_pending:
        return _come_back(actor, at, dossier)
    if dossier.state is State.RECEIVED:
        commands.begin(actor=actor, at=at, dossier_id=dossier_id)
    pending = frozenset(line.number for line in list_all_lines(dossier_id, LineState.PENDING))
    judged = judge_lines(procedure, case, pending=pending, may_wait=dossier.gather_rounds < len(PAUSES))
    size = LINES_PER_DECISION if procedure.decides_clean_lines_at_once else len(filing.lines)
    parts = slices_of(case, judged.verdicts, size)
    decided = sum(_record(actor, at, dossier, procedure, case, part, deps) for part in parts)
    return _come_back(actor, at, dossier, decided) if judged.waiting else _outcome(dossier_id, decided)


def approve(
    *,
    actor: Actor,
    at: datetime,
    dossier_id: UUID,
    row_version: int | None = None,
    line_numbers: Sequence[int] | None = None,
    deps: GatheringPorts,
) -> int:
    """The second officer signs what the first proposed: the decision is composed, sealed and takes effect. Returns the lines decided.

    Shape:  `line_numbers` None means every appraised line that this officer did not appraise. `row_version` is the one the
            officer's page was built on.
    Raises: NotAllowed DOS-012, DOS-017; Conflict DOS-004, DOS-013; whatever the effects' rooms refuse.
    """
    check_officer(actor)
    dossier = get_dossier_by_id(dossier_id)
    if row_version is not None and dossier.row_version != row_version:
        raise Conflict(DOS_STALE)
    procedure = catalogue.get(dossier.procedure_slug)
    appraisals = {appraisal.n: appraisal for appraisal in list_appraisals(dossier_id)}
    lines = _lines_to_approve(actor, procedure, dossier_id, line_numbers, appraisals)
    filing = link_old_numbers(procedure.read(read_blob(dossier.canonical_sha256)))
    case = case_from(dossier, procedure, filing, latest_answers(list_answers(dossier_id)), deps.custodian)
    pins = {line.number: line.pin for line in filing.lines}
    verdicts = []
    for line in lines:
        assert line.appraisal_n is not None, "_lines_to_approve keeps appraised lines only"
        appraisal = appraisals[line.appraisal_n]
        subject = case.subjects.get(pins[line.number])
        proposal = Proposal(appraisal.proposal)
        if subject is not None and subject.managed_by != case.custodian:
            proposal = Proposal.REFUSE
        verdicts.append(
            officers_verdict(number=line.number, person_id=line.person_id, found=line.findings, proposal=proposal, reason=appraisal.reason)
        )
    appraisers = ", ".join(sorted({appraisals[line.appraisal_n].officer for line in lines if line.appraisal_n is not None}))
    draft = _draft(actor, at, dossier, procedure, case, verdicts, deps, kind="officers", appraiser=appraisers, approver=actor.account)
    try:
        return line_commands.decide_by_officers(
            actor=actor,
            at=at,
            dossier_id=dossier_id,
            row_version=dossier.row_version,
            verdicts=verdicts,
            decision=draft,
            needs_second=procedure.needs_second_officer,
        )
    except EffectsRefusedError as refused:
        raise refused.cause from None


def _lines_to_approve(
    actor: Actor,
    procedure: Procedure,
    dossier_id: UUID,
    line_numbers: Sequence[int] | None,
    appraisals: Mapping[int, AppraisalView],
) -> list[LineView]:
    appraised = [line for line in list_all_lines(dossier_id, LineState.OFFICER) if line.appraisal_n in appraisals]
    own = {n for n, appraisal in appraisals.items() if appraisal.officer == actor.account}
    if line_numbers is not None:
        lines = [line for line in appraised if line.number in set(line_numbers)]
        if len(lines) != len(set(line_numbers)):
            raise Conflict(DOS_LINES_NOT_OPEN, count=len(set(line_numbers)) - len(lines))
    else:
        lines = [line for line in appraised if not (procedure.needs_second_officer and line.appraisal_n in own)]
    if procedure.needs_second_officer and (any(line.appraisal_n in own for line in lines) or (appraised and not lines)):
        raise NotAllowed(DOS_SAME_OFFICER)
    if not lines:
        raise Conflict(DOS_LINES_NOT_OPEN, count=0)
    return lines


def _check_signature(actor: Actor, at: datetime, dossier_id: UUID, deps: GatheringPorts) -> DossierView:
    """Ask again about a signature that was pending, for the instant of arrival: nothing is backdated."""
    dossier = get_dossier_by_id(dossier_id)
    procedure = catalogue.get(dossier.procedure_slug)
    if not dossier.signature_pending or dossier.state is not State.RECEIVED:
        return dossier
    try:
        judged = judge_filed(procedure, read_blob(dossier.document_sha256), at=dossier.submitted_at, checks=deps)
    except Invalid as bad:
        # WHY the plain sentence: the letter repeats nothing that stands in the certificate.
        reason = LetterReason(code=bad.code, vi=bad.text("vi"), en=bad.text("en"))
        signature_commands.stop_for_bad_signature(
            actor=actor, at=at, dossier_id=dossier_id, code=bad.code, reason=reason, sender=deps.sender
        )
        return get_dossier_by_id(dossier_id)
    if not judged.is_pending:
        signature_commands.confirm_signature(
            actor=actor,
            at=at,
            dossier_id=dossier_id,
            evidence=keep_evidence(judged),
            status=judged.status.as_json(store_blob),
            others=kept_others(judged),
        )
    return get_dossier_by_id(dossier_id)


def _record(
    actor: Actor,
    at: datetime,
    dossier: DossierView,
    procedure: Procedure,
    case: Case,
    verdicts: Sequence[Verdict],
    deps: GatheringPorts,
) -> int:
    """Write verdicts with their partial decision. Where a lower room refuses the effects, halve: only the line at fault goes to people."""
    is_decision = any(verdict.to_state in (LineState.CLEAN, LineState.REFUSED) for verdict in verdicts)
    version = f"{procedure.slug}@{dossier.procedure_version}"
    draft = None
    if is_decision:
        draft = _draft(
            actor,
            at,
            dossier,
            procedure,
            case,
            verdicts,
            deps,
            kind="automatic",
            appraiser=f"rule:{version}",
            approver=f"key:{deps.decision_key.kid}",
        )
    try:
        return line_commands.record_verdicts(
            actor=actor,
            at=at,
            dossier_id=dossier.dossier_id,
            verdicts=verdicts,
            decision=draft,
            line_results_from=deps.sender if procedure.is_list else None,
            looked_at=sorted({verdict.person_id for verdict in verdicts if verdict.person_id is not None}),
        )
    except EffectsRefusedError as refused:
        granted = [verdict for verdict in verdicts if verdict.to_state is LineState.CLEAN]
        others = [verdict for verdict in verdicts if verdict.to_state is not LineState.CLEAN]
        if len(granted) == 1:
            return _record(actor, at, dossier, procedure, case, [*others, refused_by_room(granted[0], code=refused.cause.code)], deps)
        middle = len(granted) // 2
        return _record(actor, at, dossier, procedure, case, [*others, *granted[:middle]], deps) + _record(
            actor, at, dossier, procedure, case, granted[middle:], deps
        )


def _draft(
    actor: Actor,
    at: datetime,
    dossier: DossierView,
    procedure: Procedure,
    case: Case,
    verdicts: Sequence[Verdict],
    deps: GatheringPorts,
    *,
    kind: str,
    appraiser: str,
    approver: str,
) -> DecisionDraft:
    """Compose and seal a decision before its transaction."""
    payload = compose_decision(
        procedure=procedure,
        version=dossier.procedure_version,
        case=case,
        verdicts=verdicts,
        dossier_code=dossier.code,
        document_sha256=dossier.document_sha256,
        kind=kind,
        appraiser=appraiser,
        approver=approver,
        agency={"code": dossier.office, "name": deps.sender.agency_name},
        decided_at=at,
    )
    granted = {verdict.number for verdict in verdicts if verdict.to_state is LineState.CLEAN}
    return DecisionDraft(
        kind="officers" if kind == "officers" else "automatic",
        appraiser=appraiser,
        approver=approver,
        rule_version=f"{procedure.slug}@{dossier.procedure_version}",
        sealed=seal_document(payload, key=deps.decision_key, type_name=DECISION_TYPE),
        effects=procedure.effects,
        request=_request(actor, at, dossier, case, granted),
    )


def granted_request(actor: Actor, at: datetime, dossier: DossierView, procedure: Procedure, custodian: str) -> EffectsRequest:
    """What was granted in a dossier, as `result` of its procedure is given it."""
    filing = link_old_numbers(procedure.read(read_blob(dossier.canonical_sha256)))
    case = case_from(dossier, procedure, filing, latest_answers(list_answers(dossier.dossier_id)), custodian)
    return _request(actor, at, dossier, case, {line.number for line in list_all_lines(dossier.dossier_id, LineState.CLEAN)})


def _request(actor: Actor, at: datetime, dossier: DossierView, case: Case, granted: Collection[int]) -> EffectsRequest:
    return EffectsRequest(
        actor=actor,
        at=at,
        dossier_id=dossier.dossier_id,
        dossier_code=dossier.code,
        employer_id=dossier.employer_id,
        filing=case.filing,
        lines=[
            GrantedLine(line=line, subject=case.subjects.get(line.pin), answer=_told(case.answers.get(("population", line.pin))))
            for line in case.filing.lines
            if line.number in granted
        ],
    )


def _told(answer: Answer | None) -> Answer | None:
    return answer if answer is not None and answer.kind is AnswerKind.ANSWERED else None


def _come_back(actor: Actor, at: datetime, dossier: DossierView, decided: int = 0) -> GatherOutcome:
    pause = PAUSES[min(dossier.gather_rounds, len(PAUSES) - 1)]
    retry_at = at + pause
    line_commands.postpone(actor=actor, at=at, dossier_id=dossier.dossier_id, next_step_at=retry_at)
    return _outcome(dossier.dossier_id, decided, retry_at)


def _outcome(dossier_id: UUID, decided: int, retry_at: datetime | None = None) -> GatherOutcome:
    return GatherOutcome(dossier_id=dossier_id, state=get_dossier_by_id(dossier_id).state, decided=decided, retry_at=retry_at)
