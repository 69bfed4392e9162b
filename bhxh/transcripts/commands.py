"""Type a converted paper into lines, twice, by two people; agree on what it says. Each is one transaction with its entry in the log.

Every command locks the dossier first, so that two that come at once are one after the other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import command, record
from bhxh.conversion.facts import Converter
from bhxh.conversion.policies import acting_converter
from bhxh.conversion.queries import get_case
from bhxh.conversion.states import ConversionState
from bhxh.dossiers import catalogue
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.line_commands import judge_again, record_evidence
from bhxh.dossiers.ports import Answer, AnswerKind, SourceKind
from bhxh.dossiers.queries import get_dossier_by_id, list_all_lines
from bhxh.dossiers.records import lock_dossier
from bhxh.dossiers.states import LineState, State
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.kernel.clock import VIETNAM, day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid, NotAllowed
from bhxh.kernel.text import tidy
from bhxh.kernel.who import officer
from bhxh.transcripts import errors
from bhxh.transcripts.comparing import settle
from bhxh.transcripts.facts import REGISTER, TranscriptView
from bhxh.transcripts.models import TranscriptStep
from bhxh.transcripts.queries import get_transcript
from bhxh.transcripts.rows import Row, Typed, read_rows, tidied
from bhxh.transcripts.states import NAMES, STEPS, Step
from bhxh.warehouse.owners import Owner

MOST_SAVES = 200  # LIMIT: of one officer; every minute of three hours
FEWEST_CHARACTERS, MOST_CHARACTERS = 10, 1000
_TYPISTS = officer(OfficerRole.CONVERTER)


@command(by=_TYPISTS)
def open_transcript(*, actor: Actor, at: datetime, dossier_id: UUID, case_id: UUID) -> None:
    """From this certified conversion of the filer's own paper it is typed. The same again changes nothing.

    Raises: NotFound DOS-002, CNV-012; Conflict TRN-001, TRN-002, TRN-003, CNV-014; NotAllowed CNV-010.
    """
    dossier, by, transcript = _opened(actor, dossier_id)
    if transcript.case_id == case_id:
        _record(actor, at, "transcripts.transcript.repeat", dossier, {"step": Step.OPENED.value})
        return
    _check_may_follow(transcript, Step.OPENED)
    case = get_case(case_id)
    if case.owner != Owner("person", _person_of(dossier)) or case.state is not ConversionState.CERTIFIED:
        raise Conflict(errors.TRN_NOT_CERTIFIED)
    _write(dossier, transcript, Step.OPENED, by, at, case_id=case_id)
    _record(actor, at, "transcripts.transcript.open", dossier, {"case": str(case_id)})


@command(by=_TYPISTS)
def save(*, actor: Actor, at: datetime, dossier_id: UUID, rows: Sequence[Typed], after: int) -> int:
    """Keep what an officer typed so far, readable or not. Returns the number of the save, which the next one names as `after`.

    Shape:  `after` is the officer's save that the page was made from, 0 where there was none. The same rows again change nothing.
    Raises: Conflict TRN-001, TRN-002, TRN-004, TRN-005 (another window saved meanwhile), TRN-006; Invalid TRN-010; NotAllowed CNV-010.
    """
    dossier, by, transcript = _opened(actor, dossier_id)
    kept = tidied(rows)
    _check_may_enter(transcript, by)
    _check_may_follow(transcript, Step.SAVED)
    last = transcript.last_save_of(by.account)
    if last is not None and list(last.rows) == kept:
        _record(actor, at, "transcripts.transcript.repeat", dossier, {"step": Step.SAVED.value})
        return last.n
    if last is not None and last.n != after:
        raise Conflict(errors.TRN_STALE, at=last.at.astimezone(VIETNAM).strftime("%H:%M"))
    if transcript.count_saves_of(by.account) >= MOST_SAVES:
        raise Conflict(errors.TRN_TOO_MANY_SAVES, most=MOST_SAVES)
    n = _write(dossier, transcript, Step.SAVED, by, at, rows=kept)
    _record(actor, at, "transcripts.transcript.save", dossier, {"lines": len(kept)})
    return n


@command(by=_TYPISTS)
def enter(*, actor: Actor, at: datetime, dossier_id: UUID, rows: Sequence[Typed]) -> TranscriptView:
    """This is what the paper says, says this officer. Two who agree have agreed on it; the rules look again. The same again changes nothing.

    Raises: Conflict TRN-001, TRN-002, TRN-004; Invalid TRN-009, TRN-010; NotAllowed CNV-010.
    """
    dossier, by, transcript = _opened(actor, dossier_id)
    read = _read(rows, at)
    before = transcript.entry_of(by.account, by.person_id)
    if before is not None and before.by == by.account and list(before.rows) == [row.as_typed() for row in read]:
        _record(actor, at, "transcripts.transcript.repeat", dossier, {"step": Step.ENTERED.value})
        return transcript
    _check_may_enter(transcript, by)
    _check_may_follow(transcript, Step.ENTERED)
    _write(dossier, transcript, Step.ENTERED, by, at, rows=[row.as_typed() for row in read])
    _record(actor, at, "transcripts.transcript.enter", dossier, {"lines": len(read)})
    return _tell_rules(actor, at, dossier)


@command(by=_TYPISTS)
def settle_differences(*, actor: Actor, at: datetime, dossier_id: UUID, choices: Mapping[str, str], words: str = "") -> TranscriptView:
    """Where the two differ, the paper says this: by the second officer or a third one, who sees both. The rules look again.

    Raises: Conflict TRN-001, TRN-002; NotAllowed TRN-007, CNV-010; Invalid TRN-009, TRN-031, TRN-032.
    """
    dossier, by, transcript = _opened(actor, dossier_id)
    _check_may_follow(transcript, Step.SETTLED)
    comparison, first = transcript.comparison, transcript.entries[0]
    assert comparison is not None, "what differs was entered twice"
    if by.account == first.by or by.person_id == first.by_person_id:
        raise NotAllowed(errors.TRN_FIRST_SETTLES)
    read = _read(settle(comparison, choices), at)
    said = tidy(words)[:MOST_CHARACTERS]
    _write(dossier, transcript, Step.SETTLED, by, at, rows=[row.as_typed() for row in read], words=said)
    _record(actor, at, "transcripts.transcript.settle", dossier, {"differences": len(comparison.differences), "lines": len(read)})
    return _tell_rules(actor, at, dossier)


@command(by=_TYPISTS)
def discard(*, actor: Actor, at: datetime, dossier_id: UUID, words: str) -> None:
    """It does not stand: another may be begun, from this or another conversion. What was typed stays on record.

    Raises: Conflict TRN-001, TRN-002; Invalid TRN-008; NotAllowed CNV-010.
    """
    dossier, by, transcript = _opened(actor, dossier_id)
    said = tidy(words)
    if not FEWEST_CHARACTERS <= len(said) <= MOST_CHARACTERS:
        raise Invalid(errors.TRN_WORDS, where="words", fewest=FEWEST_CHARACTERS, most=MOST_CHARACTERS)
    _check_may_follow(transcript, Step.DISCARDED)
    was_agreed = transcript.agreed is not None
    _write(dossier, transcript, Step.DISCARDED, by, at, words=said)
    _record(actor, at, "transcripts.transcript.discard", dossier, {"state": transcript.state.value})
    if was_agreed:
        _give_evidence(actor, at, dossier, _answer(dossier, at, AnswerKind.NOT_FOUND))


def _opened(actor: Actor, dossier_id: UUID) -> tuple[DossierView, Converter, TranscriptView]:
    """Lock the dossier; who acts, never about their own papers; what was done so far."""
    lock_dossier(dossier_id)
    dossier = get_dossier_by_id(dossier_id)
    is_entered_here = catalogue.get(dossier.procedure_slug).is_entered_from_paper and dossier.person_id is not None
    if not is_entered_here or dossier.state is not State.IN_PROCESS or not dossier.lines.get(LineState.OFFICER):
        raise Conflict(errors.TRN_NOT_ENTERED_HERE)
    person_id = _person_of(dossier)
    return dossier, acting_converter(actor, Owner("person", person_id)), get_transcript(dossier_id, person_id=person_id)


def _person_of(dossier: DossierView) -> int:
    assert dossier.person_id is not None, "only a person's dossier is entered from paper"
    return dossier.person_id


def _check_may_enter(transcript: TranscriptView, by: Converter) -> None:
    if transcript.entry_of(by.account, by.person_id) is not None:
        raise Conflict(errors.TRN_TWICE)


def _check_may_follow(transcript: TranscriptView, step: Step) -> None:
    if step not in STEPS[transcript.state]:
        vi, en = NAMES[transcript.state]
        raise Conflict(errors.TRN_NOT_NOW, state=vi, state_en=en)


def _read(rows: Sequence[Typed], at: datetime) -> tuple[Row, ...]:
    read, problems = read_rows(tidied(rows), on=day_in_vietnam(at))
    if problems:
        raise Invalid(
            errors.TRN_NOT_READABLE, where=f"rows[{problems[0].row}].{problems[0].field}", count=len(problems), row=problems[0].row
        )
    return read


def _tell_rules(actor: Actor, at: datetime, dossier: DossierView) -> TranscriptView:
    """What was agreed becomes evidence of the dossier, and the rules look again."""
    transcript = get_transcript(dossier.dossier_id, person_id=_person_of(dossier))
    if transcript.agreed is None:
        return transcript
    case_id = transcript.case_id
    assert case_id is not None, "what is agreed was opened"
    case, comparison = get_case(case_id), transcript.comparison
    assert comparison is not None, "what is agreed was entered twice"
    content: dict[str, Json] = {
        "rows": [row.as_json() for row in transcript.agreed],
        "converted_sha256": case.file_sha256,
        "conversion_code": case.code,
        "entered_by": [entry.by for entry in transcript.entries],
        "differences": len(comparison.differences),
        "settled_by": transcript.settled.by if transcript.settled else "",
    }
    _give_evidence(actor, at, dossier, _answer(dossier, at, AnswerKind.ANSWERED, record_id=str(case_id), content=content))
    return transcript


def _answer(dossier: DossierView, at: datetime, kind: AnswerKind, *, record_id: str = "", content: dict[str, Json] | None = None) -> Answer:
    [line] = list_all_lines(dossier.dossier_id)
    return Answer(
        subject=line.pin,
        kind=kind,
        source_kind=SourceKind.OFFICER,
        source_system=REGISTER,
        record_id=record_id,
        fetched_at=at,
        content=content or {},
        content_sha256=sha256_hex(canonical_bytes(content)) if content else "",
    )


def _give_evidence(actor: Actor, at: datetime, dossier: DossierView, answer: Answer) -> None:
    record_evidence(actor=actor, at=at, dossier_id=dossier.dossier_id, answers=[(REGISTER, answer)])
    judge_again(actor=actor, at=at, dossier_id=dossier.dossier_id)


def _write(
    dossier: DossierView,
    transcript: TranscriptView,
    step: Step,
    by: Converter,
    at: datetime,
    *,
    case_id: UUID | None = None,
    rows: Sequence[Typed] = (),
    words: str = "",
) -> int:
    n = len(transcript.steps) + 1
    typed_from = case_id or transcript.case_id
    assert typed_from is not None, "every step but the opening follows one"
    TranscriptStep.objects.create(
        person_id=_person_of(dossier),
        dossier_id=dossier.dossier_id,
        n=n,
        step=step.value,
        by=by.account,
        by_person_id=by.person_id,
        agency_code=by.agency_code,
        at=at,
        case_id=typed_from,
        rows=list(rows),
        words=words,
    )
    return n


def _record(actor: Actor, at: datetime, verb: str, dossier: DossierView, detail: Mapping[str, Json]) -> None:
    record(actor=actor, at=at, verb=verb, person_id=dossier.person_id, dossier_id=dossier.dossier_id, detail=dict(detail))
