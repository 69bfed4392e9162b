"""A dossier as officers see it: what was declared beside what registers hold, what the rules found with its law, what is kept, what was done. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bhxh.doors.office.field_words import field_words, officer_named, value_words
from bhxh.doors.office.queue_address import dossier_address, write_filter
from bhxh.doors.office.queue_view import time_left
from bhxh.doors.office.viewing import PICTURES, Leaf
from bhxh.dossiers.components import SOURCES
from bhxh.dossiers.facts import AppraisalView, ComponentSource, DossierView, LineView, TransitionView
from bhxh.dossiers.office_queue import QueueFilter
from bhxh.dossiers.ports import Answer, AnswerKind, SourceKind
from bhxh.dossiers.procedure import Procedure
from bhxh.dossiers.states import FACTS, LineState, State
from bhxh.kernel.canonical import Json
from bhxh.kernel.citing import cited_en, cited_vi
from bhxh.kernel.decisions import Outcome, Proposal
from bhxh.registry.queries import PersonSummary
from bhxh.warehouse.proving import PDF
from bhxh.web.languages import in_words, spoken
from bhxh.web.moments import told

POPULATION: Final = "population"
SHEETS: Final = "xem"
"""In an address: which document lies open beside the case."""
_OUTCOMES: Final[Mapping[str, tuple[str, tuple[str, str]]]] = {
    Outcome.MET.value: ("ok", ("Đạt", "Met")),
    Outcome.NOT_MET.value: ("late", ("Không đạt", "Not met")),
    Outcome.UNCLEAR.value: ("wait", ("Chưa rõ", "Unclear")),
    Outcome.WARNING.value: ("info", ("Lưu ý", "Note")),
    Outcome.COMPUTED.value: ("plain", ("Đã tính", "Worked out")),
}
_WORST_FIRST: Final = (Outcome.NOT_MET, Outcome.UNCLEAR, Outcome.WARNING, Outcome.COMPUTED, Outcome.MET)
_LINE_STATES: Final[Mapping[LineState, tuple[str, tuple[str, str]]]] = {
    LineState.PENDING: ("plain", ("Chờ kiểm tra", "Not judged yet")),
    LineState.CLEAN: ("ok", ("Đã chấp nhận", "Granted")),
    LineState.OFFICER: ("wait", ("Chờ cán bộ", "Waits for officers")),
    LineState.REFUSED: ("late", ("Không chấp nhận", "Refused")),
    LineState.SUPERSEDED: ("plain", ("Hồ sơ khác giải quyết", "Taken over by another dossier")),
}
_ANSWERS: Final[Mapping[AnswerKind, tuple[str, tuple[str, str]]]] = {
    AnswerKind.ANSWERED: ("ok", ("Đã trả lời", "Answered")),
    AnswerKind.NOT_FOUND: ("wait", ("Không có người này", "Nobody there")),
    AnswerKind.REFUSED: ("late", ("Từ chối trả lời", "Refused to answer")),
    AnswerKind.UNAVAILABLE: ("wait", ("Chưa trả lời", "Did not answer")),
    AnswerKind.NONSENSE: ("wait", ("Trả lời sai dạng", "Answered what cannot be read")),
}
_FIRST: Final = ("full_name", "birth_on", "sex", "si_code", "id_number")
"""By what a person is known, in the order in which one compares it."""
_PROPOSALS: Final = {Proposal.GRANT.value: ("chấp nhận", "grant"), Proposal.REFUSE.value: ("từ chối", "refuse")}
_OTHER_PAPER = ("Giấy tờ khác", "Another paper")
"""Of no component of the procedure."""
_ACTORS: Final = {
    "officer": ("cán bộ", "officer"),
    "person": ("người nộp", "filer"),
    "machine": ("chương trình", "program"),
    "system": ("hệ thống", "system"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown:
    """One field: as declared, and beside it as the registers have it."""

    name: str
    declared: str
    population: str
    registry: str
    is_different: bool
    """The rules found something about this very field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingShown:
    """One clause: what it found, in words, and the law."""

    kind: str
    outcome: str
    words: str
    law: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """One line of the list, or the only one."""

    number: int
    title: str
    kind: str
    state: str
    is_waiting: bool
    compared: tuple[AnswerShown, ...]
    """What some register holds too, or what the rules doubt."""
    others: tuple[AnswerShown, ...]
    has_population: bool
    has_registry: bool
    findings: tuple[FindingShown, ...]
    proposed: str
    """What a first officer proposed, and who; empty while nobody did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceShown:
    """What a register answered, or a document."""

    name: str
    kind: str
    words: str
    note: str
    file: str = ""
    """Address of the document as it came; empty where nothing was supplied."""
    leaf: Leaf | None = None
    """Where it is looked at beside the case, where it may be a picture of a paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadShown:
    """What stands on top."""

    code: str
    title: str
    kind: str
    state: str
    filer: str
    filed_at: str
    left: tuple[str, str] | None
    lines: str
    taken_by: str


def head_of(dossier: DossierView, procedure: Procedure, *, on: date, filer: str) -> HeadShown:
    """In the language that is spoken."""
    facts, waiting = FACTS[dossier.state], dossier.lines[LineState.OFFICER]
    is_open = dossier.state in (State.RECEIVED, State.IN_PROCESS)
    return HeadShown(
        code=dossier.code,
        title=in_words((procedure.title_vi, procedure.title_en)),
        kind="info" if is_open else "plain",
        state=in_words((facts.vi, facts.en)),
        filer=filer,
        filed_at=told(dossier.submitted_at),
        left=time_left(dossier.due_on, on) if is_open else None,
        lines=in_words((f"{waiting}/{dossier.lines_total} dòng chờ cán bộ", f"{waiting} of {dossier.lines_total} lines wait for officers")),
        taken_by=officer_named(dossier.assigned_to),
    )


def line_of(
    line: LineView,
    *,
    procedure: Procedure,
    answers: Mapping[tuple[str, str], Answer],
    person: PersonSummary | None,
    appraisals: Mapping[int, AppraisalView],
    listed: Mapping[tuple[str, str], str],
) -> LineShown:
    """One line with everything the decision rests on. `listed`: by field and code, what a directory calls it."""
    told = answers.get((POPULATION, line.pin))
    population = told.content if told is not None and told.kind is AnswerKind.ANSWERED else {}
    registry = _of_registry(person)
    doubted = {str(one["where"]) for one in line.findings if one["outcome"] in (Outcome.NOT_MET.value, Outcome.UNCLEAR.value)}
    kind, state = _LINE_STATES[line.state]
    appraisal = appraisals.get(line.appraisal_n or 0)
    fields = [name for name in dict.fromkeys((*_FIRST, *population, *line.content)) if _is_shown(name, line, population)]
    asked = {question.field: question for question in procedure.questions.every} if procedure.questions else {}
    rows = {
        name: AnswerShown(
            name=field_words(name, asked.get(name)),
            declared=listed.get((name, str(line.content.get(name))))
            or _list_words(line, name, procedure)
            or value_words(line.content.get(name), asked.get(name)),
            population=value_words(population.get(name)),
            registry=value_words(registry.get(name)),
            is_different=name in doubted,
        )
        for name in fields
    }
    compared = [name for name, row in rows.items() if row.population or row.registry or row.is_different]
    return LineShown(
        number=line.number,
        title=_title(line, procedure),
        kind=kind,
        state=in_words(state),
        is_waiting=line.state is LineState.OFFICER,
        compared=tuple(rows[name] for name in compared),
        others=tuple(row for name, row in rows.items() if name not in compared),
        has_population=bool(population),
        has_registry=any(row.registry for row in rows.values()),
        findings=tuple(_findings(line.findings)),
        proposed="" if appraisal is None else proposed_words(appraisal),
    )


def _list_words(line: LineView, name: str, procedure: Procedure) -> str:
    """WHY in English only: who reads Vietnamese reads what was declared."""
    if spoken() != "en" or procedure.list_words is None or not line.content.get(name):
        return ""
    found = procedure.list_words(line.content, name)
    return in_words(found) if found else ""


def proposed_words(appraisal: AppraisalView) -> str:
    """What a first officer proposed."""
    officer, at = officer_named(appraisal.officer), told(appraisal.at)
    vi, en = _PROPOSALS.get(appraisal.proposal, ("", ""))
    return in_words((f"{officer} đề xuất {vi} lúc {at}: {appraisal.reason}", f"{officer} proposed to {en} at {at}: {appraisal.reason}"))


def evidence_of(answers: Mapping[tuple[str, str], Answer], numbers: Mapping[str, int]) -> list[EvidenceShown]:
    """What registers answered about the lines shown. `numbers`: line by subject."""
    shown = []
    for (register, subject), answer in answers.items():
        kind, words = _ANSWERS[answer.kind]
        line = in_words((f"dòng {numbers[subject]}, ", f"line {numbers[subject]}, ")) if len(numbers) > 1 and subject in numbers else ""
        proof = f" · {in_words(('mã băm', 'digest'))} {answer.content_sha256[:12]}" if answer.content_sha256 else ""
        name = in_words(SOURCES.get(register, (register, register)))
        shown.append(EvidenceShown(name=name, kind=kind, words=in_words(words), note=f"{line}{told(answer.fetched_at)}{proof}"))
    return shown


def document_address(code: str, sha256: str) -> str:
    """A document of a dossier."""
    return f"/can-bo/ho-so/{code}/giay-to/{sha256}"


def leaf_of(code: str, sha256: str, number: int, wanted: QueueFilter) -> Leaf:
    """A sheet of it, beside the case."""
    more = {"trang": str(number)}
    return Leaf(
        address=f"{dossier_address(code, wanted, **{SHEETS: sha256}, **more)}#viewer",
        part=f"{document_address(code, sha256)}{write_filter(wanted, khung='1', **more)}",
    )


def documents_of(components: Sequence[ComponentSource], *, procedure: Procedure, code: str, wanted: QueueFilter) -> list[EvidenceShown]:
    """What the dossier consists of, and where it came from."""
    titles = {one.code: (one.title_vi, one.title_en) for one in procedure.components}
    shown = []
    for one in components:
        is_filers = bool(one.content_sha256) and (not one.is_reused or one.source_kind == SourceKind.WAREHOUSE.value)
        source = in_words(SOURCES.get(one.source_system, (one.source_system, one.source_system)))
        shown.append(
            EvidenceShown(
                name=in_words(titles.get(one.code, _OTHER_PAPER)),
                kind="info" if is_filers else "plain",
                words=in_words(("Nộp kèm", "Supplied") if is_filers else ("Không phải nộp", "Not asked for")),
                note=source,
                file=document_address(code, one.content_sha256) if is_filers else "",
                leaf=leaf_of(code, one.content_sha256, 1, wanted) if is_filers and one.media_type in (*PICTURES, PDF) else None,
            )
        )
    return shown


def log_of(history: Sequence[TransitionView], appraisals: Sequence[AppraisalView]) -> list[tuple[str, str, str]]:
    """(when, what, who and why), in order."""
    steps = [
        (
            step.at,
            in_words((FACTS[State(step.to_state)].vi, FACTS[State(step.to_state)].en)),
            _by(step.actor_kind, step.account),
            step.reason,
        )
        for step in history
    ]
    proposed = in_words(("Đề xuất", "Proposal"))
    steps += [(one.at, proposed, officer_named(one.officer), one.reason) for one in appraisals]
    return [(told(at), what, f"{who}: {why}" if why else who) for at, what, who, why in sorted(steps, key=lambda step: step[0])]


def citations_of(lines: Sequence[LineView], procedure: Procedure) -> list[str]:
    """The law a refusal may rest on: of what was found first, then the procedure's own."""
    found = [str(one["citation"]) for line in lines for one in line.findings if one["outcome"] != Outcome.COMPUTED.value]
    return list(dict.fromkeys(cited_vi(one) for one in (*found, *map(str, procedure.law))))


def law_words(citation: str) -> str:
    """A citation in the language that is spoken."""
    return in_words((cited_vi(citation), cited_en(citation)))


def _title(line: LineView, procedure: Procedure) -> str:
    name = str(line.content.get("full_name", ""))
    if name:
        return name
    return (
        in_words(procedure.describe_line(line.content)) if procedure.describe_line else in_words((procedure.title_vi, procedure.title_en))
    )


def _is_shown(name: str, line: LineView, population: Mapping[str, Json]) -> bool:
    """Not the number by which the register was asked, and not a code whose title stands beside it."""
    if name == "pin":
        return False
    has_title = bool(line.content.get(f"{name.removesuffix('_code')}_title"))
    return name in population or (bool(line.content.get(name)) and not (has_title and not name.endswith("_title")))


def _of_registry(person: PersonSummary | None) -> dict[str, Json]:
    if person is None or not person.pin:
        return {}
    born = person.birth_on.isoformat() if person.birth_on else ""
    return {"full_name": person.full_name, "birth_on": born, "sex": person.sex, "si_code": person.si_code, "email": person.email}


def _findings(findings: Sequence[Mapping[str, Json]]) -> list[FindingShown]:
    ranks = {outcome.value: rank for rank, outcome in enumerate(_WORST_FIRST)}
    shown = []
    for one in sorted(findings, key=lambda one: ranks[str(one["outcome"])]):
        kind, words = _OUTCOMES[str(one["outcome"])]
        sentence = in_words((str(one["vi"]), str(one["en"])))
        law = law_words(str(one["citation"]))
        shown.append(FindingShown(kind=kind, outcome=in_words(words), words=sentence, law=law, code=str(one["code"])))
    return shown


def _by(kind: str, account: str) -> str:
    return officer_named(account) if kind == "officer" else in_words(_ACTORS.get(kind, (kind, kind)))
