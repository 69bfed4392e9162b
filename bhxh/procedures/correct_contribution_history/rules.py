"""What the months of an old book would do, for the two officers who decide. Pure; nothing is ever granted or refused here by itself.

Law:  Circular 09/2026/TT-BTC as reported (R-131): paper books not yet used for benefits and not yet in the database are entered.
"""

from collections.abc import Iterator, Mapping

from bhxh.book.words import SCHEMES
from bhxh.dossiers.ports import Answer, AnswerKind
from bhxh.dossiers.procedure import Case, FilingLine, Subject
from bhxh.kernel.canonical import Json
from bhxh.kernel.decisions import Citation, Decision, Finding, Outcome, propose
from bhxh.kernel.months import Month
from bhxh.procedures.correct_contribution_history import errors
from bhxh.procedures.correct_contribution_history.month_plan import Doing, HeldMonth, plan_months, spans_shown
from bhxh.transcripts.facts import REGISTER
from bhxh.transcripts.rows import Row, rows_of

_BOOK = Citation("Circular 09/2026/TT-BTC: paper books that are not in the database yet are entered (R-131)")
_CONVERTED = Citation("Law 20/2023/QH15, Art. 12(1)")
_TWO_ENTRIES = Citation("House rule: a paper book is typed twice, by two people, and decided by two", is_assumed=True)
_LINES = Citation("House rule: what a month of a paper book does to the ledger", is_assumed=True)
_USED_UP = frozenset({"ONE_OFF", "RETIREMENT", "SURVIVORS", "MONTHLY_ALLOWANCE"})
"""Schemes that contribution time is used up by, or measured for."""
_SAID = {
    Doing.NEW: (errors.CCH_NEW, Outcome.MET),
    Doing.SAME: (errors.CCH_SAME, Outcome.COMPUTED),
    Doing.CORRECTED: (errors.CCH_CORRECTED, Outcome.UNCLEAR),
    Doing.ELSEWHERE: (errors.CCH_ELSEWHERE, Outcome.UNCLEAR),
    Doing.LEFT: (errors.CCH_LEFT, Outcome.UNCLEAR),
}


def judge(case: Case) -> Mapping[int, Decision]:
    """To officers, always, where the person is here: first to be typed, then to be decided."""
    return {line.number: propose(_findings(case, line)) for line in case.filing.lines}


def _findings(case: Case, line: FilingLine) -> Iterator[Finding]:
    subject = case.subjects.get(line.pin)
    if subject is None:
        yield Finding(errors.CCH_NO_PERSON, Outcome.NOT_MET, _BOOK, where="pin")
        return
    answer = case.answers.get((REGISTER, line.pin))
    if answer is None or answer.kind is not AnswerKind.ANSWERED:
        shown: dict[str, Json] = {"words": str(line.content["words"])}
        yield Finding(errors.CCH_WAITING, Outcome.UNCLEAR, _BOOK, parameters=shown)
    else:
        yield from _months(answer, subject)
        yield Finding(errors.CCH_PEOPLE_DECIDE, Outcome.UNCLEAR, _TWO_ENTRIES)
    yield from _awards(subject)


def _months(answer: Answer, subject: Subject) -> Iterator[Finding]:
    """Law: decree-164 section 4.8 (lines of a book); what each month does is assumed."""
    rows = rows_in(answer)
    plan = plan_months(rows, held_by(subject))
    shown: dict[str, Json] = {
        "digest": str(answer.content["converted_sha256"])[:16],
        "lines": len(rows),
        "months": len(plan),
        "differences": answer.content["differences"],
    }
    yield Finding(errors.CCH_ENTERED, Outcome.COMPUTED, _CONVERTED, parameters=shown)
    for doing, (sentence, outcome) in _SAID.items():
        months = [planned.month for planned in plan if planned.doing is doing]
        if months:
            yield Finding(sentence, outcome, _LINES, parameters={"count": len(months), "spans": spans_shown(months)})


def _awards(subject: Subject) -> Iterator[Finding]:
    """Law: R-131 (only books not yet used for benefits)."""
    awarded = subject.facts.get("awarded")
    used = sorted(_USED_UP & {str(scheme) for scheme in awarded}) if isinstance(awarded, list) else []
    if used:
        words = [SCHEMES[scheme].split(" · ") for scheme in used]
        shown: dict[str, Json] = {"schemes_vi": ", ".join(vi for vi, _ in words), "schemes_en": ", ".join(en for _, en in words)}
        yield Finding(errors.CCH_USED, Outcome.UNCLEAR, _BOOK, parameters=shown)


def rows_in(answer: Answer) -> tuple[Row, ...]:
    """The lines that two officers agreed on, from the evidence."""
    rows = answer.content["rows"]
    assert isinstance(rows, list), "the room wrote a list"
    return rows_of([{name: str(value) for name, value in row.items()} for row in rows if isinstance(row, dict)])


def held_by(subject: Subject) -> Mapping[Month, HeldMonth]:
    """The months that are counted already."""
    counted = subject.facts.get("counted")
    if not isinstance(counted, Mapping):
        return {}
    return {Month.parse(month): HeldMonth(str(held[0]), int(str(held[1]))) for month, held in counted.items() if isinstance(held, list)}
