"""From facts to verdicts and to the words of a decision. Pure: no table, no network, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bhxh.dossiers.errors import DOS_EFFECT_REFUSED, DOS_OFFICER_REASON, DOS_OTHER_CUSTODIAN, DOS_UNJUDGED_LINES, DOS_WAITS_FOR_ALL
from bhxh.dossiers.facts import Verdict
from bhxh.dossiers.ports import Answer, AnswerKind
from bhxh.dossiers.procedure import Case, FilingLine, Procedure
from bhxh.dossiers.states import LineState
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.decisions import Citation, Decision, Finding, Outcome, Proposal
from bhxh.kernel.errors import Defect

DECISION_TYPE: Final = "bhxh-decision+json"
SILENT: Final = frozenset({AnswerKind.UNAVAILABLE, AnswerKind.NONSENSE})
"""Answers that are none: worth asking again. REFUSED is a partner's last word on that question."""

_CUSTODIAN_LAW = Citation("Decree 164/2025/ND-CP (R-135 to R-138)")
_FOUR_EYES = Citation("R-081", is_assumed=True)
_LIST_RULE = Citation("Procedure sheet: lines decided together", is_assumed=True)

_TO_STATE: Final = {Proposal.GRANT: LineState.CLEAN, Proposal.REFUSE: LineState.REFUSED, Proposal.OFFICER: LineState.OFFICER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The rules' answer about the pending lines of a case."""

    verdicts: tuple[Verdict, ...]
    waiting: frozenset[int]
    """Lines that stay pending because a partner owes an answer that would decide them."""


def judge_lines(procedure: Procedure, case: Case, *, pending: frozenset[int], may_wait: bool) -> Judged:
    """A verdict for each pending line, or that it waits for a partner.

    Shape:  a person of another custodian is refused here, whatever the rules say: this installation must not touch them.
            A line waits only where it would go to an officer and something asked about it is still unanswered.
    Raises: Defect DOS-029 where the rules leave a line without an answer.
    """
    decisions = procedure.judge(case)
    lines = [line for line in case.filing.lines if line.number in pending]
    missing = [line.number for line in lines if line.number not in decisions]
    if missing:
        raise Defect(DOS_UNJUDGED_LINES, slug=procedure.slug, count=len(missing))
    pins = {line.pin for line in case.filing.lines}
    silent = {subject for (_, subject), answer in case.answers.items() if answer.kind in SILENT}
    is_whole_silent = bool(silent - pins)
    verdicts, waiting = [], set()
    for line in lines:
        decision = _with_custodian(case, line, decisions[line.number])
        if may_wait and decision.proposal is Proposal.OFFICER and (is_whole_silent or line.pin in silent):
            waiting.add(line.number)
            continue
        verdicts.append(_verdict(case, line, decision))
    if not procedure.decides_clean_lines_at_once and (waiting or any(v.to_state is LineState.OFFICER for v in verdicts)):
        verdicts = [_held_back(verdict) for verdict in verdicts]
    return Judged(verdicts=tuple(verdicts), waiting=frozenset(waiting))


def slices_of(case: Case, verdicts: Sequence[Verdict], size: int) -> list[list[Verdict]]:
    """Verdicts in parts of at most so many lines, in order, all lines of one person in the same part.

    WHY one person's together: their effects follow each other, and a run that dies between two parts must not leave half of them.
    """
    pins = {line.number: line.pin for line in case.filing.lines}
    together: dict[str | int, list[Verdict]] = {}
    for verdict in verdicts:
        together.setdefault(pins[verdict.number] or verdict.number, []).append(verdict)
    parts: list[list[Verdict]] = []
    for of_person in together.values():
        if not parts or len(parts[-1]) + len(of_person) > size:
            parts.append([])
        parts[-1] += of_person
    return parts


def officers_verdict(
    *, number: int, person_id: int | None, found: Sequence[Mapping[str, Json]], proposal: Proposal, reason: str
) -> Verdict:
    """A line as two officers decided it: the rules' findings stay, their reason is added."""
    outcome = Outcome.NOT_MET if proposal is Proposal.REFUSE else Outcome.COMPUTED
    added = Finding(DOS_OFFICER_REASON, outcome, _FOUR_EYES, parameters={"reason": reason})
    return Verdict(
        number=number, to_state=_TO_STATE[proposal], proposal=proposal.value, findings=(*found, added.as_json()), person_id=person_id
    )


def refused_by_room(verdict: Verdict, *, code: str) -> Verdict:
    """A granted line whose effects a lower room would not write: people look at it."""
    finding = Finding(DOS_EFFECT_REFUSED, Outcome.UNCLEAR, _LIST_RULE, parameters={"reason": code})
    return Verdict(
        number=verdict.number,
        to_state=LineState.OFFICER,
        proposal=Proposal.OFFICER.value,
        findings=(*verdict.findings, finding.as_json()),
        person_id=verdict.person_id,
    )


def compose_decision(
    *,
    procedure: Procedure,
    version: str,
    case: Case,
    verdicts: Sequence[Verdict],
    dossier_code: str,
    document_sha256: str,
    kind: str,
    appraiser: str,
    approver: str,
    agency: Mapping[str, Json],
    decided_at: datetime,
) -> dict[str, Json]:
    """What a decision says: findings, clauses, figures. The same input gives the same bytes."""
    lines = {line.number: line for line in case.filing.lines}
    decided = sorted((v for v in verdicts if v.to_state in (LineState.CLEAN, LineState.REFUSED)), key=lambda verdict: verdict.number)
    return {
        "type": DECISION_TYPE,
        "version": 1,
        "custodian": case.custodian,
        "agency": dict(agency),
        "dossier_code": dossier_code,
        "document_sha256": document_sha256,
        "filer": case.filing.filer_identifier,
        "period": case.filing.period,
        "procedure": {
            "slug": procedure.slug,
            "code": procedure.code,
            "title_vi": procedure.title_vi,
            "title_en": procedure.title_en,
            "version": version,
            "is_list": procedure.is_list,
        },
        "law": [str(citation) for citation in procedure.law],
        "law_on": case.on.isoformat(),
        "kind": kind,
        "appraiser": appraiser,
        "approver": approver,
        "decided_at": decided_at.isoformat(),
        "decided_on": day_in_vietnam(decided_at).isoformat(),
        "granted": sum(verdict.to_state is LineState.CLEAN for verdict in decided),
        "refused": sum(verdict.to_state is LineState.REFUSED for verdict in decided),
        "lines": [
            {
                "number": verdict.number,
                "pin": _pin_shown(lines[verdict.number], verdict),
                "outcome": "granted" if verdict.to_state is LineState.CLEAN else "refused",
                "content": dict(lines[verdict.number].content),
                **_described(procedure, lines[verdict.number]),
                "findings": [dict(finding) for finding in verdict.findings],
            }
            for verdict in decided
        ],
    }


def _pin_shown(line: FilingLine, verdict: Verdict) -> str:
    """WHY not always: who filed only an old number learns the personal number with a grant, not by trying."""
    return line.pin if line.known_as is None or verdict.to_state is LineState.CLEAN else ""


def _described(procedure: Procedure, line: FilingLine) -> dict[str, Json]:
    if procedure.describe_line is None:
        return {}
    vi, en = procedure.describe_line(line.content)
    return {"about": {"vi": vi, "en": en}}


def latest_answers(answers: Sequence[tuple[str, Answer]]) -> dict[tuple[str, str], Answer]:
    """By (register, subject), the last one that says something, else the last one."""
    latest: dict[tuple[str, str], Answer] = {}
    for register, answer in answers:
        key = (register, answer.subject)
        if key not in latest or answer.kind not in SILENT or latest[key].kind in SILENT:
            latest[key] = answer
    return latest


def _with_custodian(case: Case, line: FilingLine, decision: Decision) -> Decision:
    subject = case.subjects.get(line.pin)
    if subject is None or subject.managed_by == case.custodian or decision.proposal is Proposal.REFUSE:
        return decision
    finding = Finding(DOS_OTHER_CUSTODIAN, Outcome.NOT_MET, _CUSTODIAN_LAW, where=str(line.number))
    return Decision(Proposal.REFUSE, (*decision.findings, finding))


def _verdict(case: Case, line: FilingLine, decision: Decision) -> Verdict:
    subject = case.subjects.get(line.pin)
    is_ours = subject is not None and subject.managed_by == case.custodian
    return Verdict(
        number=line.number,
        to_state=_TO_STATE[decision.proposal],
        proposal=decision.proposal.value,
        findings=tuple(finding.as_json() for finding in decision.findings),
        person_id=subject.person_id if subject is not None and is_ours else None,
    )


def _held_back(verdict: Verdict) -> Verdict:
    if verdict.to_state is not LineState.CLEAN:
        return verdict
    finding = Finding(DOS_WAITS_FOR_ALL, Outcome.COMPUTED, _LIST_RULE)
    return Verdict(
        number=verdict.number,
        to_state=LineState.OFFICER,
        proposal=verdict.proposal,
        findings=(*verdict.findings, finding.as_json()),
        person_id=verdict.person_id,
    )
