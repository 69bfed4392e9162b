"""What the law says of each line. Pure: a case goes in, a decision for each line comes out. One function for each clause.

Reading: any `not_met` refuses the line, any `unclear` sends it to an officer, otherwise it is granted. A register that does not answer
is never a "no", and a difference from a register never blocks a right: both go to an officer.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from bhxh.dossiers.ports import AnswerKind
from bhxh.dossiers.procedure import Case, FilingLine
from bhxh.kernel.canonical import Json
from bhxh.kernel.decisions import Citation, Decision, Finding, Outcome, Proposal, propose
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.procedures.register_employees import errors
from bhxh.procedures.register_employees.change_codes import CHANGE_CODES, Effect
from bhxh.procedures.register_employees.evidence import BUSINESS, REUSABLE, REUSE, answered
from bhxh.procedures.register_employees.form import YOUNGEST_YEARS, Identity, Line, identify
from bhxh.procedures.register_employees.line_case import FORM, PARTICIPATION, Clause, LineCase, finding, not_met
from bhxh.procedures.register_employees.old_texts import find_old_texts, in_unicode
from bhxh.procedures.register_employees.past_rules import check_fund, check_past, check_wage_is_kept
from bhxh.procedures.register_employees.standing import BACK_DATED, WORKING, months_of
from bhxh.procedures.register_employees.text_rules import check_old_texts, check_places
from bhxh.procedures.register_employees.wage_rules import FIGURES_SINCE, check_regional_minimum, check_wage

NUMBER = Citation("Social insurance code is the personal number since 1 August 2025 (Vietnam Social Security, 2025)", is_assumed=True)
IDENTITY = Citation("Decree 164/2025/ND-CP: comparison with the National Population Database", is_assumed=True)
CUSTODY = Citation("Decree 164/2025/ND-CP: books of persons of the defence and public-security ministries", is_assumed=True)
ONE_MONTH_ONCE = Citation("One insured month per calendar month, counted on the first contract", is_assumed=True)

FARTHEST_BACK_MONTHS = 3
"""Assumed: what begins earlier than this before the declared month may be a back payment (procedure SI-03)."""
FARTHEST_AHEAD_MONTHS = 1
"""Assumed: joiners of the next month are reported at the end of this one."""
_LABELS_EN = {fact.field: fact.title_en for fact in REUSABLE}
_LABELS_VI = {fact.field: fact.title_vi for fact in REUSABLE}
_SOURCES = {
    "population": ("Cơ sở dữ liệu quốc gia về dân cư", "the national population database"),
    "registry": ("Cơ sở dữ liệu quốc gia về bảo hiểm", "the National Insurance Database"),
}


def judge(case: Case) -> Mapping[int, Decision]:
    """A decision for each line of the list.

    Law:  see each clause. A person of another custodian gets that one finding and no other: nothing more may be said of them.
    """
    of_list = (*check_employer(case), *check_period(case))
    twins, overlaps = find_twins(case), find_overlaps(case)
    decisions: dict[int, Decision] = {}
    left_at: dict[str, tuple[Month, int]] = {}
    # WHY leavers first: who leaves in this list may be hired anew in it, in the same month too
    for filed in sorted(case.filing.lines, key=lambda filed: (_effect_of(filed) is not Effect.STOP, filed.number)):
        written = Line.from_content(filed.content)
        old_texts = find_old_texts(written)
        line = in_unicode(written, old_texts)
        line_case = LineCase(case, filed, line, _whom(filed, line), old_texts, left_at.get(filed.pin))
        if line_case.is_kept_elsewhere:
            decisions[filed.number] = propose(check_custodian(line_case))
            continue
        findings = [said for clause in CLAUSES for said in clause(line_case)]
        if filed.number in twins:
            findings.append(not_met(errors.TWICE_IN_LIST, FORM, "change_code", other=twins[filed.number]))
        elif filed.number in overlaps:
            findings.append(not_met(errors.OVERLAPS_IN_LIST, FORM, "from_month", other=overlaps[filed.number]))
        decisions[filed.number] = decision = propose((*findings, *of_list))
        if line_case.effect is Effect.STOP and decision.proposal is Proposal.GRANT:
            left_at[filed.pin] = (line.starts or line_case.period, filed.number)
    return decisions


# -- who --------------------------------------------------------------------------------------------------------


def check_custodian(c: LineCase) -> Iterator[Finding]:
    """Another custodian's person is not touched, and nothing is told of them.

    Law: Decree 164/2025/ND-CP (R-135 to R-138; article numbers assumed).
    """
    if c.is_kept_elsewhere:
        yield not_met(errors.OTHER_CUSTODIAN, CUSTODY, c.identity.field)


def check_number(c: LineCase) -> Iterator[Finding]:
    """The line must say, without doubt, whom it speaks of.

    Law: one person, one number: the personal number is the social insurance code since 1 August 2025 (assumed citation).
    """
    who = c.identity
    if who.is_contradictory:
        yield not_met(errors.TWO_NUMBERS, NUMBER, who.field)
    elif who.is_repaired:
        parameters = {"written": who.written, "proposed": str(who.pin)}
        if c.filed.number in c.case.confirmed_repairs:
            yield finding(errors.LOST_ZERO_CONFIRMED, Outcome.MET, NUMBER, who.field, **parameters)
        else:
            yield not_met(errors.LOST_ZERO, NUMBER, who.field, digits=len(who.written), **parameters)
    elif who.is_linked:
        yield finding(errors.OLD_NUMBER_LINKED, Outcome.MET, NUMBER, who.field, written=who.written)
    elif who.pin is None and who.written:
        yield finding(errors.LEGACY_NUMBER, Outcome.UNCLEAR, NUMBER, who.field, written=who.written)
    elif who.pin is None:
        yield not_met(errors.NUMBER_MISSING, NUMBER, "id_number")


def check_register(c: LineCase) -> Iterator[Finding]:
    """The worker exists and is alive; a silent register is not a "no".

    Law: Decree 164/2025/ND-CP, comparison with the population database (article number assumed).
    """
    if c.identity.pin is None:
        return
    kind = c.answer.kind if c.answer is not None else AnswerKind.UNAVAILABLE
    if kind is AnswerKind.NOT_FOUND:
        if c.subject is None:
            yield not_met(errors.NOBODY, IDENTITY, c.identity.field)
        else:
            yield finding(errors.NOT_IN_REGISTER_BUT_KNOWN, Outcome.UNCLEAR, IDENTITY, c.identity.field)
    elif kind is not AnswerKind.ANSWERED:
        yield finding(errors.REGISTER_SILENT, Outcome.UNCLEAR, IDENTITY, c.identity.field)
    elif answered(c.answer).get("is_deceased") is True and c.effect is not Effect.STOP:
        yield not_met(errors.DECEASED, IDENTITY, c.identity.field)


def check_identity(c: LineCase) -> Iterator[Finding]:
    """What the list says of a person equals what the register says; a difference is looked at by an officer, never refused.

    Law: Decree 164/2025/ND-CP, comparison with the population database (article number assumed).
    """
    said = answered(c.answer)
    if not said:
        return
    is_same = {
        "full_name": _is_same_name(c.line.full_name, str(said.get("full_name", ""))),
        "birth_on": _is_same_birth(c.line.birth_on, str(said.get("birth_on", ""))),
        "sex": not c.line.sex or c.line.sex == said.get("sex"),
    }
    for field, is_equal in is_same.items():
        if not is_equal:
            label = _LABELS_VI[field].capitalize()
            parameters = {"label": label, "label_en": _LABELS_EN[field].capitalize()}
            yield finding(errors.DIFFERS_FROM_REGISTER, Outcome.UNCLEAR, IDENTITY, field, **parameters)
    if all(is_same.values()):
        yield finding(errors.SAME_AS_REGISTER, Outcome.MET, IDENTITY, "full_name")


def check_reuse(c: LineCase) -> Iterator[Finding]:
    """A fact some register holds is not demanded; one that nobody gives is, where somebody new is registered.

    While the register is silent the demand is `unclear`: it is asked again first, and people are asked only after that (R-045).
    Law: Decree 164/2025/ND-CP, reuse of digitised data (R-041 to R-045; article number assumed).
    """
    if c.identity.pin is None:
        return
    for fact in REUSABLE:
        if getattr(c.line, fact.field):
            continue
        known = c.facts.get(fact.field)
        if known is not None:
            source, source_en = _SOURCES[known.source]
            label, label_en = fact.title_vi.capitalize(), fact.title_en.capitalize()
            parameters: dict[str, Json] = {"label": label, "label_en": label_en, "source": source, "source_en": source_en}
            yield finding(errors.FILLED_FROM_REGISTER, Outcome.COMPUTED, REUSE, fact.field, **parameters)
        elif c.effect is Effect.START:
            outcome = Outcome.NOT_MET if answered(c.answer) else Outcome.UNCLEAR
            yield finding(errors.FACT_DEMANDED, outcome, REUSE, fact.field, label=fact.title_vi, label_en=fact.title_en)


# -- what -------------------------------------------------------------------------------------------------------


def check_change_code(c: LineCase) -> Iterator[Finding]:
    """There is a change code, and it may stand with the kind of declaration.

    Law: code lists of form D02-TS (Decision 595/QD-BHXH; list as in employers' software, assumed).
    """
    change = CHANGE_CODES.get(c.line.change_code)
    if change is None:
        yield not_met(errors.CHANGE_CODE_MISSING, FORM, "change_code")
        return
    kind = c.line.declaration_type
    if kind and not change.is_allowed_with(kind):
        allowed = ", ".join(change.declaration_types)
        yield not_met(errors.CODE_NOT_ALLOWED, FORM, "change_code", change_code=change.code, declaration_type=kind, allowed=allowed)


def check_standing(c: LineCase) -> Iterator[Finding]:
    """One joins where one is not yet (or has left by an earlier line of this list), and leaves or changes where one is.

    Law: Law 41/2024/QH15, Art. 2 and 28; one month counts once, on the first contract (assumed).
    """
    if c.identity.pin is None or c.effect is Effect.UNKNOWN:
        return
    if c.effect is Effect.START:
        is_returning = c.here is not None and c.here.get("status") == "ON_LEAVE" and c.line.change_code == "ON"
        has_left = c.left_at is not None and c.left_at <= (c.line.starts or c.period, c.filed.number)
        if c.here is not None and not is_returning and not has_left:
            since = Month.parse(str(c.here["since"])).shown
            yield not_met(errors.ALREADY_HERE, PARTICIPATION, c.identity.field, since=since)
        if c.subject is not None and (c.subject.facts.get("elsewhere") or c.subject.facts.get("counted_elsewhere")):
            yield finding(errors.SECOND_CONTRACT, Outcome.WARNING, ONE_MONTH_ONCE, "from_month")
    elif c.here is None and c.effect not in (Effect.FUND, *BACK_DATED):
        yield not_met(errors.NOT_HERE, PARTICIPATION, c.identity.field, change_code=c.line.change_code)


# -- when -------------------------------------------------------------------------------------------------------


def check_months(c: LineCase) -> Iterator[Finding]:
    """The change begins in or shortly before the declared month, and not before the worker is fifteen.

    Law: Law 41/2024/QH15, Art. 28 (30 days to register); the limit of months is assumed.
    """
    starts, ends = c.line.starts, c.line.ends
    if starts is None:
        if c.effect is not Effect.TITLE:
            yield not_met(errors.MONTH_MISSING, FORM, "from_month")
        return
    if starts > c.period:
        yield not_met(errors.MONTH_IN_FUTURE, FORM, "from_month", month=starts.shown, period=c.period.shown)
    if ends is not None and ends < starts:
        yield not_met(errors.MONTHS_REVERSED, FORM, "to_month", month=starts.shown, to_month=ends.shown)
    if starts.until(c.period) > FARTHEST_BACK_MONTHS:
        month, limit = starts.shown, FARTHEST_BACK_MONTHS
        yield finding(errors.TOO_FAR_BACK, Outcome.UNCLEAR, PARTICIPATION, "from_month", month=month, limit=limit)
    born = c.facts.get("birth_on")
    if born is not None and (starts.year, starts.month) < _fifteen_in(born.value):
        yield not_met(errors.BEFORE_FIFTEEN, PARTICIPATION, "from_month", month=starts.shown)


def check_sick_leave(c: LineCase) -> Iterator[Finding]:
    """Sick leave of 14 days or more in the first month of work, or of coming back, does not stop that month's contribution.

    Law: Decree 158/2025/ND-CP (first month of work or of return); OF says "sick or unpaid" and no source says which, so people ask.
    """
    first = c.line.starts
    if c.line.change_code != "OF" or first is None or c.identity.pin is None:
        return
    now, before = c.standing.at(first), c.standing.at(first.plus(-1)) if first > FIGURES_SINCE else None
    if now is not None and now.status == WORKING and (before is None or before.status != WORKING):
        yield finding(errors.SICK_IN_FIRST_MONTH, Outcome.UNCLEAR, PARTICIPATION, "from_month", month=first.shown)


CLAUSES: tuple[Clause, ...] = (
    check_number,
    check_old_texts,
    check_places,
    check_register,
    check_identity,
    check_reuse,
    check_change_code,
    check_standing,
    check_fund,
    check_past,
    check_months,
    check_sick_leave,
    check_wage,
    check_wage_is_kept,
    check_regional_minimum,
)


# -- the list as a whole ----------------------------------------------------------------------------------------


def check_employer(case: Case) -> Iterator[Finding]:
    """The business register still has the employer; what we hold is enough where it does not answer.

    Law: Decree 164/2025/ND-CP, reuse of digitised data (R-042; article number assumed).
    """
    answer = case.answers.get((BUSINESS, case.filing.filer_identifier))
    if answer is None or answer.kind not in (AnswerKind.ANSWERED, AnswerKind.NOT_FOUND):
        yield finding(errors.BUSINESS_REGISTER_SILENT, Outcome.WARNING, REUSE, "")
    elif answered(answer).get("status") != "ACTIVE":
        yield finding(errors.EMPLOYER_CEASED, Outcome.UNCLEAR, REUSE, "")


def check_period(case: Case) -> Iterator[Finding]:
    """The list is declared for a month that has come, or the next one.

    Law: Law 41/2024/QH15, Art. 28 (30 days to register); how far ahead a list may be filed is assumed.
    """
    period = Month.parse(case.filing.period)
    if Month.of(case.on).until(period) > FARTHEST_AHEAD_MONTHS:
        yield not_met(errors.PERIOD_IN_FUTURE, PARTICIPATION, "", period=period.shown, limit=FARTHEST_AHEAD_MONTHS)


def find_twins(case: Case) -> Mapping[int, int]:
    """Lines that repeat an earlier one (same person, same change code, same first month): line number to the earlier one.

    Law: form D02-TS, one line for each change (assumed).
    """
    seen: dict[tuple[str, Json, Json], int] = {}
    twins: dict[int, int] = {}
    for line in case.filing.lines:
        if line.pin:
            key = (line.pin, line.content.get("change_code"), line.content.get("from_month"))
            if key in seen:
                twins[line.number] = seen[key]
            seen.setdefault(key, line.number)
    return twins


def find_overlaps(case: Case) -> Mapping[int, int]:
    """Lines by which somebody joins in months in which an earlier line has them join already: line number to the earlier one.

    Shape:  who also leaves by this list is not looked at: the order of leaving and joining is judged line by line.
    Law:    lines of one employer must not overlap (decree-164 section 4.8, assumed citation).
    """
    period = Month.parse(case.filing.period)
    leaving = {filed.pin for filed in case.filing.lines if _effect_of(filed) is Effect.STOP}
    joining: dict[str, list[FilingLine]] = {}
    for filed in case.filing.lines:
        if filed.pin and filed.pin not in leaving and _effect_of(filed) is Effect.START:
            joining.setdefault(filed.pin, []).append(filed)
    overlaps: dict[int, int] = {}
    for of_person in joining.values():
        if len(of_person) == 1:
            continue
        spans = [(filed.number, *months_of(Line.from_content(filed.content), Effect.START, period)) for filed in of_person]
        for (number, start, end), (later, first, until) in combinations(spans, 2):
            if (until is None or start < until) and (end is None or first < end):
                overlaps.setdefault(later, number)
    return overlaps


def _whom(filed: FilingLine, line: Line) -> Identity:
    """As the line says; where it says only an old number, as the engine linked it."""
    who = identify(line)
    return replace(who, pin=Pin(filed.pin), is_linked=True) if who.pin is None and not who.is_contradictory and filed.pin else who


def _effect_of(filed: FilingLine) -> Effect:
    change = CHANGE_CODES.get(str(filed.content.get("change_code", "")))
    return change.effect if change is not None else Effect.UNKNOWN


# -- comparing --------------------------------------------------------------------------------------------------


def _is_same_name(written: str, registered: str) -> bool:
    return not written or written == registered or _spelling(written) == _spelling(registered)


def _spelling(name: str) -> list[tuple[str, str]]:
    """A name word by word: letters, and the tone apart, because `hoà` and `hòa` are one spelling."""
    words = []
    for word in name.casefold().split():
        letters = unicodedata.normalize("NFD", word)
        tones = "".join(mark for mark in letters if mark in _TONES)
        words.append((unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in _TONES)), tones))
    return words


_TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above, dot below."""


def _is_same_birth(written: str, registered: str) -> bool:
    """Equal as far as both are known: a year alone agrees with any day of it."""
    return written.startswith(registered) or registered.startswith(written)


def _fifteen_in(born: str) -> tuple[int, int]:
    """Year and month in which somebody turns fifteen; the earliest possible one where only the year is known.

    WHY no Month: somebody born in 1900 turned fifteen before the months that contributions know.
    """
    return int(born[:4]) + YOUNGEST_YEARS, int(born[5:7] or 1)
