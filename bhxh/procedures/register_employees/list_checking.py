"""A list that waits to be judged before it is signed: read it, judge it, say how far one is, write down what was found."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from bhxh.dossiers import list_checks
from bhxh.dossiers.facts import Verdict
from bhxh.dossiers.gathering import GatheringPorts
from bhxh.dossiers.list_checks import ENDED, CheckState, Findings
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.decisions import Outcome
from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month
from bhxh.procedures.register_employees.canonical_xml import Batch
from bhxh.procedures.register_employees.change_codes import Effect, find_change_code
from bhxh.procedures.register_employees.checking import LINE_STATES, CheckedLine, Written, check_lines, write_documents
from bhxh.procedures.register_employees.money import Money, foresee
from bhxh.procedures.register_employees.workbook_writing import (
    WOULD_BE_REFUSED,
    WOULD_BE_SEEN,
    WOULD_PASS,
    LineVerdict,
    write_results,
)
from bhxh.registry.queries import get_employer

_TOLD: Final = 8  # LIMIT: notes of progress of one list; each is a transaction
_WORTH_SAYING: Final = frozenset({Outcome.NOT_MET.value, Outcome.UNCLEAR.value, Outcome.WARNING.value})
_MARKED: Final = {"clean": WOULD_PASS, "officer": WOULD_BE_SEEN, "refused": WOULD_BE_REFUSED}
_KINDS: Final = {
    Effect.START: "joining",
    Effect.STOP: "leaving",
    Effect.WAGE: "wage",
    Effect.BACK_PAY: "past",
    Effect.BACK_FUND: "past",
    Effect.BACK_CUT: "past",
}
"""What an employer calls a change; the rest is `other`."""


def check_kept_list(check_id: UUID, *, actor: Actor, at: datetime, deps: GatheringPorts) -> None:
    """Judge a list that was uploaded. Whoever it names sees that its uploader looked. Run again after it ended, it does nothing."""
    work = list_checks.get_to_check(check_id)
    if work is None or work.state in ENDED:
        return
    assert work.asker.employer_id is not None, "only an organisation uploads lists"
    employer = get_employer(work.asker.employer_id)
    list_checks.note_progress(actor=actor, at=at, check_id=check_id, state=CheckState.READING, done=0, total=0)
    try:
        written = write_documents(work.source, employer=employer, period=Month.parse(work.period), batch=work.batch, at=at)
    except Invalid as refused:
        list_checks.end_check(actor=actor, at=at, check_id=check_id, error=refused)
        return
    progress = _Progress(check_id, actor, at, written)
    money = [Money()]
    persons: dict[int, int] = {}

    def judged(part: Batch, verdicts: Mapping[int, Verdict]) -> None:
        progress.part_done(len(part.filing.lines))
        money.append(money.pop().plus(foresee(part.filing, verdicts, employer)))
        persons.update({number: one.person_id for number, one in verdicts.items() if one.person_id is not None})

    lines = sorted(
        check_lines(
            written,
            actor=work.asker,
            employer=employer,
            at=at,
            confirmed_repairs=work.confirmed_repairs,
            deps=deps,
            heard=progress.heard,
            judged=judged,
        ),
        key=lambda line: line.number,
    )
    findings = _found(work.source, written, lines, money[0], persons)
    list_checks.finish_check(actor=actor, at=at, check_id=check_id, findings=findings)


class _Progress:
    """Says how many lines are judged, a few times in all."""

    def __init__(self, check_id: UUID, actor: Actor, at: datetime, written: Written) -> None:
        self._check_id, self._actor, self._at = check_id, actor, at
        self._total = len(written[0].lines)
        self._parts = [len(part.filing.lines) for part in written[1]]
        self._before = 0
        self._told = -1
        self._say(0)

    def heard(self, answers: int, of: int) -> None:
        now_at = self._parts[0] if self._parts else 0
        self._say(self._before + now_at * answers // max(of, 1))

    def part_done(self, lines: int) -> None:
        self._before += lines
        self._parts = self._parts[1:]
        self._say(self._before)

    def _say(self, done: int) -> None:
        step = done * _TOLD // max(self._total, 1)
        if step > self._told:
            self._told = step
            list_checks.note_progress(
                actor=self._actor, at=self._at, check_id=self._check_id, state=CheckState.CHECKING, done=done, total=self._total
            )


def _found(source: bytes, written: Written, lines: list[CheckedLine], money: Money, persons: Mapping[int, int]) -> Findings:
    read = written[0]
    counted = Counter(line.state for line in lines)
    kinds: Counter[str] = Counter()
    for one in read.lines:
        change = find_change_code(str(one.filed.content.get("change_code", ""))) if one.filed is not None else None
        if change is not None:
            kinds[_KINDS.get(change.effect, "other")] += 1
    verdicts = [
        LineVerdict(number=line.number, state=_MARKED[line.state], findings=line.findings) for line in lines if line.state in _MARKED
    ]
    return Findings(
        counts={state: counted[state] for state in LINE_STATES},
        kinds=dict(kinds),
        money=money.as_json(),
        lines=[_shown(line, persons.get(line.number)) for line in lines if line.state != "clean" or line.repairs or _said(line)],
        wrong_lines=[line.number for line in lines if line.state in {"refused", "unreadable"}],
        person_ids=sorted(set(persons.values())),
        marked=write_results(source, verdicts, read=read),
    )


def _said(line: CheckedLine) -> list[dict[str, Json]]:
    wanted = ("code", "outcome", "where", "vi", "en", "citation")
    return [{name: finding[name] for name in wanted} for finding in line.findings if finding["outcome"] in _WORTH_SAYING]


def _shown(line: CheckedLine, person_id: int | None) -> dict[str, Json]:
    return {
        "number": line.number,
        "row": line.row,
        "name": line.name,
        "person_id": person_id,
        "state": line.state,
        "findings": _said(line),
        "repairs": [dict(repair) for repair in line.repairs],
    }
