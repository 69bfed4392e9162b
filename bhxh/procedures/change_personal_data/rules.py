"""May this change be recorded at once: one function for each clause. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from bhxh.dossiers.ports import Answer, AnswerKind
from bhxh.dossiers.procedure import Case, FilingLine, Subject
from bhxh.kernel.canonical import Json
from bhxh.kernel.decisions import Citation, Decision, Finding, Outcome, propose
from bhxh.procedures.change_personal_data import errors
from bhxh.procedures.change_personal_data.evidence import POPULATION
from bhxh.procedures.change_personal_data.form import WISHES, list_wishes
from bhxh.procedures.change_personal_data.identity import FIELDS, Held, agrees_with_number, find_said, is_clean, list_differing

_CHANGE = Citation("Law 41/2024/QH15, Art. 29")
_IDENTITY = Citation("Decree 164/2025/ND-CP: comparison with the population database (R-171, R-172)", is_assumed=True)
_OWN_WORD = Citation("Decree 164/2025/ND-CP: contact data as the person gives them (R-170)", is_assumed=True)
_PAYMENT = Citation("Law 41/2024/QH15, Art. 82")
_CARD = Citation("House rule: the first facility is changed on a card in force", is_assumed=True)
_TOLD = ("email", "mobile_phone", "preferred_channel", "address")


def judge(case: Case) -> Mapping[int, Decision]:
    """Granted at once where nothing is unclear; a difference that entitlements depend on goes to people.

    Law:  Law 41/2024/QH15, Art. 29 (change of data); a person of another custodian is refused by the engine.
    """
    return {line.number: propose(_findings(case, line)) for line in case.filing.lines}


def _findings(case: Case, line: FilingLine) -> Iterator[Finding]:
    subject = case.subjects.get(line.pin)
    if subject is None:
        yield Finding(errors.CPD_NO_PERSON, Outcome.NOT_MET, _CHANGE, where="pin")
        return
    wishes = list_wishes(line.content)
    if "identity" in wishes:
        yield from _identity(case.answers.get((POPULATION, line.pin)), subject)
    yield from _contact(case, line)
    if "account" in wishes:
        yield _account(subject)
    if "facility" in wishes:
        yield _facility(case, line, subject)


def _identity(answer: Answer | None, subject: Subject) -> Iterator[Finding]:
    """Law: R-171, R-172 (a mismatch blocks no right by itself); what is clean is assumed, see `identity.is_clean`."""
    if answer is not None and answer.kind is AnswerKind.NOT_FOUND:
        yield Finding(errors.CPD_NOT_IN_REGISTER, Outcome.UNCLEAR, _IDENTITY, where="identity")
        return
    said = find_said(answer)
    if said is None or answer is None:
        yield Finding(errors.CPD_NOT_ASKED, Outcome.UNCLEAR, _IDENTITY, where="identity")
        return
    if answer.content.get("is_deceased"):
        yield Finding(errors.CPD_DECEASED, Outcome.UNCLEAR, _IDENTITY, where="identity")
    precision = str(subject.facts.get("birth_precision", "DAY"))
    held = Held.of(full_name=subject.full_name, birth_on=subject.birth_on, birth_precision=precision, sex=subject.sex)
    differing = list_differing(held, said)
    if not differing:
        yield Finding(errors.CPD_SAME, Outcome.MET, _IDENTITY, where="identity")
    else:
        is_plain = is_clean(held, said)
        sentence, outcome = (errors.CPD_TAKEN_OVER, Outcome.MET) if is_plain else (errors.CPD_DIFFERS, Outcome.UNCLEAR)
        yield Finding(sentence, outcome, _IDENTITY, where="identity", parameters=_named(FIELDS, differing))
    if not agrees_with_number(subject.pin, said):
        yield Finding(errors.CPD_NUMBER_DIFFERS, Outcome.WARNING, _IDENTITY, where="pin")


def _contact(case: Case, line: FilingLine) -> Iterator[Finding]:
    """Law: R-170 (the person's own declaration); a commune's code has a meaning only on a day."""
    if line.content.get("ward") and not case.reference.get("ward"):
        shown: dict[str, Json] = {"code": line.content["ward"], "on": _day_shown(case.on)}
        yield Finding(errors.CPD_NO_WARD, Outcome.NOT_MET, _OWN_WORD, where="ward", parameters=shown)
    told = [name for name in list_wishes(line.content) if name in _TOLD]
    if told:
        yield Finding(errors.CPD_RECORDED, Outcome.MET, _OWN_WORD, parameters=_named(WISHES, told))


def _account(subject: Subject) -> Finding:
    """Law: Law 41/2024/QH15, Art. 82 (change of how a benefit is paid); that people look first while money flows is assumed."""
    if subject.facts.get("is_being_paid"):
        return Finding(errors.CPD_ACCOUNT_IN_USE, Outcome.UNCLEAR, _PAYMENT, where="bank_account")
    return Finding(errors.CPD_ACCOUNT, Outcome.MET, _OWN_WORD, where="bank_account")


def _facility(case: Case, line: FilingLine, subject: Subject) -> Finding:
    """Law: none found for when it may be changed; assumed that it may at any time while a card is in force."""
    shown: dict[str, Json] = {"code": line.content["facility"]}
    if not case.reference.get("has_facility"):
        return Finding(errors.CPD_NO_FACILITY, Outcome.NOT_MET, _CARD, where="facility", parameters=shown)
    if not subject.facts.get("has_card"):
        return Finding(errors.CPD_NO_CARD, Outcome.NOT_MET, _CARD, where="facility")
    return Finding(errors.CPD_FACILITY, Outcome.MET, _CARD, where="facility", parameters=shown)


def _named(words: Mapping[str, tuple[str, str]], names: list[str] | tuple[str, ...]) -> dict[str, Json]:
    return {"fields_vi": ", ".join(words[name][0] for name in names), "fields_en": ", ".join(words[name][1] for name in names)}


def _day_shown(on: date) -> str:
    return f"{on:%d/%m/%Y}"
