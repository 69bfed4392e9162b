"""A draft as its pages show it: what is known, what is done and what is left, what was answered, the files beside it. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bhxh.dossiers.answering import AnswerFile, AnswersView
from bhxh.dossiers.components import SOURCES
from bhxh.dossiers.procedure import Procedure
from bhxh.dossiers.questions import Group, Kind, Known, Listed, Question, Questions
from bhxh.dossiers.supplement_commands import DOCUMENT_TYPES
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import VIETNAM
from bhxh.kernel.data_groups import DataGroup
from bhxh.kernel.errors import CATALOGUE
from bhxh.warehouse.uploads import UploadState, UploadView
from bhxh.web.form_reading import Problem, Reading, Typed, inputs_of, list_asked, shown_answer, sought
from bhxh.web.languages import in_words
from bhxh.web.moments import instant
from bhxh.web.sizes import size_shown

CHECK: Final = "kiem-tra"
"""The last page of a draft, and where a page of questions leads back to that was opened from there."""
_NOTHING = ("(bỏ trống)", "(left empty)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the task list."""

    id: str
    name: str
    state: str
    kind: str = ""
    address: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """One thing that is not asked."""

    label: str
    value: str
    source: str
    address: str
    """Where somebody says that it is wrong; empty: not from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """One document of a draft, and where it stands."""

    id: str
    name: str
    size: str
    kind: str
    state: str
    is_waiting: bool = False
    is_usable: bool = False
    why: str = ""
    remove: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The answers of one page, as they are checked before filing."""

    title: str
    rows: tuple[tuple[str, str], ...]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftShown:
    """A draft in a list."""

    title: str
    address: str
    saved_at: str
    expires_on: str


def shown_draft(draft: AnswersView, procedure: Procedure, address: str) -> DraftShown:
    """In the language that is spoken. `address`: where its pages begin, as every `base` here."""
    return DraftShown(
        title=in_words((procedure.title_vi, procedure.title_en)),
        address=address,
        saved_at=instant(draft.saved_at),
        expires_on=draft.expires_at.astimezone(VIETNAM).strftime("%d/%m/%Y"),
    )


def known_rows(known: Iterable[Known], mistake: Callable[[DataGroup, str], str] | None) -> tuple[KnownRow, ...]:
    """With whence and when, and where to say that it is wrong; None where that is not said from here."""
    return tuple(
        KnownRow(
            label=in_words(one.label),
            value=in_words(one.value),
            source=_source(one),
            address=mistake(one.group, one.about) if mistake else "",
        )
        for one in known
    )


def tasks_of(draft: AnswersView, questions: Questions, reading: Reading, *, base: str) -> tuple[Task, ...]:
    """The pages with what is left to do there, and at last the check before filing."""
    tasks = [_task(draft, group, asked, reading, base) for group, asked in list_asked(questions, reading.values)]
    is_ready = not reading.problems
    check = Task(
        id=CHECK,
        name=in_words(("Kiểm tra lại và nộp", "Check your answers and submit")),
        state=in_words(("Chưa làm", "Not yet started") if is_ready else ("Chưa thể bắt đầu", "Cannot start yet")),
        kind="info" if is_ready else "",
        address=f"{base}/{CHECK}" if is_ready else "",
    )
    return (*tasks, check)


def count_done(draft: AnswersView, questions: Questions, reading: Reading) -> tuple[int, int]:
    """How many pages need nothing more, and how many there are. One that nobody has to answer counts once somebody was there."""
    seen = [
        (group, group.code in draft.pages)
        for group, asked in list_asked(questions, reading.values)
        if group.code in draft.pages or _must(asked)
    ]
    return sum(is_seen and not reading.of(group) for group, is_seen in seen), len(seen)


def cards_of(questions: Questions, reading: Reading, files: Mapping[str, Sequence[FileShown]], *, base: str) -> tuple[Card, ...]:
    """Everything that will be filed, page by page."""
    return tuple(
        Card(
            title=in_words(group.title),
            rows=tuple(_row(question, reading, files) for question in asked),
            address=f"{base}/{group.code}?ve={CHECK}",
        )
        for group, asked in list_asked(questions, reading.values)
    )


def answer_row(question: Question, value: Json | None, listed: Listed | None = None, *, raw: str = "") -> tuple[str, str]:
    """A question with its answer as it is read back, in the language that is spoken. `raw`: what was typed, where it could not be read."""
    return in_words(question.label), in_words(shown_answer(question, value, listed)) or raw or in_words(_NOTHING)


def files_of(files: Iterable[AnswerFile], uploads: Mapping[UUID, UploadView], *, remove: str = "") -> tuple[FileShown, ...]:
    """In the order in which they came."""
    return tuple(_file(file, uploads.get(UUID(file.upload_id)), remove) for file in files)


def as_typed(group: Group, typed: Typed, reading: Reading) -> tuple[tuple[str, str], ...]:
    """What stands on one page, whether or not it could be read: for choosing between two versions."""
    rows = []
    for question in group.questions:
        if question.kind is Kind.FILES:
            continue
        raw = sought(question, typed) or "/".join(text for name in inputs_of(question) for text in typed.get(name, ()) if text)
        rows.append(answer_row(question, *_answer(question, reading), raw=raw))
    return tuple(rows)


def next_address(questions: Questions, reading: Reading, page: str, *, base: str) -> str:
    """Where "Tiếp tục" leads: the next page, after the last one the check, or what is left."""
    codes = [group.code for group, _ in list_asked(questions, reading.values)]
    after = codes[codes.index(page) + 1 :] if page in codes else []
    if after:
        return f"{base}/{after[0]}"
    return base if reading.problems else f"{base}/{CHECK}"


def problems_shown(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """As the error summary takes them."""
    return [(problem.at, in_words(problem.words)) for problem in problems]


def _must(asked: Sequence[Question]) -> bool:
    return any(not question.is_optional for question in asked)


def _task(draft: AnswersView, group: Group, asked: Sequence[Question], reading: Reading, base: str) -> Task:
    problems, was_seen = reading.of(group), group.code in draft.pages
    if any(not problem.is_missing for problem in problems):
        state, kind = ("Có lỗi", "Has errors"), "late"
    elif problems and was_seen:
        state, kind = ("Đang làm", "In progress"), "wait"
    elif problems:
        state, kind = ("Chưa làm", "Not yet started"), "info"
    elif was_seen:
        state, kind = ("Đã xong", "Completed"), ""
    elif _must(asked):
        state, kind = ("Đã điền sẵn", "Filled in for you"), ""
    else:
        state, kind = ("Không bắt buộc", "Optional"), ""
    return Task(id=group.code, name=in_words(group.title), state=in_words(state), kind=kind, address=f"{base}/{group.code}")


def _answer(question: Question, reading: Reading) -> tuple[Json | None, Listed | None]:
    return reading.values.get(question.field), reading.listed.get(question.field)


def _row(question: Question, reading: Reading, files: Mapping[str, Sequence[FileShown]]) -> tuple[str, str]:
    if question.kind is not Kind.FILES:
        return answer_row(question, *_answer(question, reading))
    return answer_row(question, None, raw="; ".join(file.name for file in files.get(question.field, ())))


def _source(one: Known) -> str:
    name = in_words(SOURCES[one.source])
    return f"{name}, {instant(one.at)}" if one.at else name


def _file(file: AnswerFile, upload: UploadView | None, remove: str) -> FileShown:
    if upload is None or upload.state is UploadState.REFUSED or (upload.media_type and upload.media_type not in DOCUMENT_TYPES):
        sentence = CATALOGUE.get(upload.reason if upload and upload.reason else "WAR-025")
        why = in_words((sentence.vi, sentence.en)) if sentence else ""
        state = in_words(("Không nhận được", "Not taken"))
        size = size_shown(upload.size_bytes) if upload else ""
        return FileShown(id=file.upload_id, name=file.name, size=size, kind="late", state=state, why=why, remove=remove)
    is_usable = upload.state is UploadState.USABLE
    state = in_words(("Đã nhận", "Received") if is_usable else ("Đang kiểm tra", "Being checked"))
    return FileShown(
        id=file.upload_id,
        name=file.name,
        size=size_shown(upload.size_bytes),
        kind="ok" if is_usable else "wait",
        state=state,
        is_waiting=not is_usable,
        is_usable=is_usable,
        remove=remove,
    )
