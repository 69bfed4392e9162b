"""Two questions: is there such a person here, and does the period make sense. Pure."""

from collections.abc import Mapping

from bhxh.dossiers.procedure import Case, FilingLine
from bhxh.kernel.decisions import Citation, Decision, Finding, Outcome, propose
from bhxh.kernel.months import Month
from bhxh.procedures.confirmation_extract.errors import (
    CFX_NO_PERSON,
    CFX_PERIOD_FUTURE,
    CFX_PERIOD_REVERSED,
    CFX_PERIOD_SOUND,
    CFX_PERSON_KNOWN,
)

_OWN_BOOK = Citation("Law 41/2024/QH15, Art. 25")
_REUSE = Citation("Decree 164/2025/ND-CP: reuse of digitised data (article number not confirmed)", is_assumed=True)
_PERIOD = Citation("House rule: an extract covers months that have begun", is_assumed=True)


def judge(case: Case) -> Mapping[int, Decision]:
    """Always granted where the person is here, is ours, and the period is sound.

    Law:  Law 41/2024/QH15, Art. 25 (the holder's book); a person of another custodian is refused by the engine.
    """
    return {line.number: propose([_person(case, line), _period(case, line)]) for line in case.filing.lines}


def _person(case: Case, line: FilingLine) -> Finding:
    """Law: Law 41/2024/QH15, Art. 25; reuse R-042."""
    if line.pin not in case.subjects:
        return Finding(CFX_NO_PERSON, Outcome.NOT_MET, _OWN_BOOK, where="pin")
    return Finding(CFX_PERSON_KNOWN, Outcome.MET, _REUSE, where="pin")


def _period(case: Case, line: FilingLine) -> Finding:
    """Law: none found; assumed."""
    first, until = str(line.content.get("from_month", "")), str(line.content.get("until_month", ""))
    if first and until and Month.parse(until) < Month.parse(first):
        return Finding(
            CFX_PERIOD_REVERSED,
            Outcome.NOT_MET,
            _PERIOD,
            where="until_month",
            parameters={"first": Month.parse(first).shown, "until": Month.parse(until).shown},
        )
    if first and Month.of(case.on) < Month.parse(first):
        return Finding(CFX_PERIOD_FUTURE, Outcome.NOT_MET, _PERIOD, where="from_month", parameters={"first": Month.parse(first).shown})
    return Finding(CFX_PERIOD_SOUND, Outcome.MET, _PERIOD, parameters={"period": f"{first or '…'} – {until or '…'}"})
