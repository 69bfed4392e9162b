"""An old book being typed, as its pages show it: the steps, the grid of lines, what differs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bhxh.conversion.facts import CaseView
from bhxh.conversion.states import ConversionState
from bhxh.doors.office.field_words import officer_named
from bhxh.kernel.actor import Actor
from bhxh.law.participant_types import ParticipantType
from bhxh.transcripts.comparing import KEPT, LINE, Comparison, Difference
from bhxh.transcripts.facts import StepView, TranscriptView
from bhxh.transcripts.rows import FIELDS, TYPES, Problem, Row, Typed
from bhxh.transcripts.states import NAMES, TranscriptState
from bhxh.web.amounts import grouped
from bhxh.web.languages import in_words, spoken
from bhxh.web.moments import told

FIELD_WORDS: Final[dict[str, tuple[str, str]]] = {
    "from_month": ("Từ tháng", "From"),
    "to_month": ("Đến tháng", "To"),
    "unit_code": ("Mã đơn vị", "Unit code"),
    "unit_name": ("Tên đơn vị", "Unit"),
    "job_title": ("Chức danh, công việc", "Job"),
    "participant_type": ("Loại tham gia", "Participant"),
    "wage": ("Hệ số hoặc tiền lương", "Coefficient or wage"),
    "has_unemployment": ("Có BHTN", "Unemployment ins."),
    "is_hazardous": ("Nặng nhọc, độc hại", "Hazardous"),
    LINE: ("Dòng này", "This line"),
}
PARTICIPANTS: Final[dict[ParticipantType, tuple[str, str]]] = {
    ParticipantType.LABOUR_CONTRACT: ("Hợp đồng lao động", "Labour contract"),
    ParticipantType.PUBLIC_SERVANT: ("Cán bộ, công chức, viên chức", "Public servant"),
    ParticipantType.DEFENCE_WORKER: ("Công nhân quốc phòng, công an", "Defence or police worker"),
    ParticipantType.ARMED_FORCES_OFFICER: ("Sĩ quan, quân nhân chuyên nghiệp", "Officer, professional soldier"),
    ParticipantType.ARMED_FORCES_CONSCRIPT: ("Hạ sĩ quan, chiến sĩ", "Conscript"),
    ParticipantType.STANDING_MILITIA: ("Dân quân thường trực", "Standing militia"),
    ParticipantType.OVERSEAS_WORKER: ("Lao động ở nước ngoài", "Worker abroad"),
    ParticipantType.DIPLOMATIC_SPOUSE: ("Vợ, chồng đi cùng ở nước ngoài", "Spouse abroad"),
    ParticipantType.MANAGER_PAID: ("Người quản lý có lương", "Manager with salary"),
    ParticipantType.COMMUNE_PART_TIME: ("Không chuyên trách cấp xã", "Commune, part-time"),
    ParticipantType.PART_TIME_CONTRACT: ("Hợp đồng không trọn thời gian", "Part-time contract"),
    ParticipantType.BUSINESS_HOUSEHOLD_OWNER: ("Chủ hộ kinh doanh", "Business household"),
    ParticipantType.MANAGER_UNPAID: ("Người quản lý không lương", "Manager without salary"),
    ParticipantType.FOREIGN_WORKER: ("Lao động nước ngoài", "Foreign worker"),
    ParticipantType.VOLUNTARY: ("Tự nguyện", "Voluntary"),
}
_STATE_KINDS: Final = {
    TranscriptState.NONE: "plain",
    TranscriptState.ENTERING: "info",
    TranscriptState.DIFFERING: "wait",
    TranscriptState.AGREED: "ok",
}
_YES, _NO = ("có", "yes"), ("không", "no")
_FEWEST_LINES, _SPARE_LINES = 6, 3
MORE_LINES: Final = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of one line in the grid."""

    name: str
    """Of the form's field, and its id."""
    field: str
    label: str
    """With the line's number, for whoever does not see the table."""
    head: str
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line to type."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One difference to settle."""

    name: str
    title: str
    is_line: bool
    first: str
    second: str
    chosen: str
    """`first`, `second`, `other` or nothing yet."""
    other: str
    error: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place where the two differ, with what both agree on."""

    number: int
    line: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class BookInList:
    """One book that waits."""

    code: str
    kind: str
    state: str
    entries: int
    due: str


def state_words(state: TranscriptState) -> tuple[str, str]:
    """Kind of tag, and words."""
    words = in_words(NAMES[state])
    return _STATE_KINDS[state], words[0].upper() + words[1:]


def participants() -> tuple[tuple[str, str], ...]:
    """What may be chosen, in the language that is spoken."""
    return tuple((kind.value, in_words(PARTICIPANTS[kind])) for kind in TYPES)


def heads() -> tuple[str, ...]:
    """Of the grid's columns."""
    return tuple(in_words(FIELD_WORDS[name]) for name in FIELDS)


def grid_of(rows: Sequence[Typed], *, problems: Sequence[Problem] = (), more: int = 0) -> tuple[GridLine, ...]:
    """The lines as typed, and empty ones below."""
    said = {(problem.row, problem.field): problem.text(spoken()) for problem in reversed(problems)}
    count = max(len(rows) + _SPARE_LINES, _FEWEST_LINES) + more
    return tuple(_grid_line(number, rows[number - 1] if number <= len(rows) else {}, said) for number in range(1, count + 1))


def _grid_line(number: int, typed: Typed, said: Mapping[tuple[int, str], str]) -> GridLine:
    numbered = in_words((f"Dòng {number}", f"Line {number}"))
    return GridLine(
        number,
        tuple(
            Cell(
                name=cell_name(number, name),
                field=name,
                label=f"{numbered}: {in_words(FIELD_WORDS[name])}",
                head=in_words(FIELD_WORDS[name]),
                value=typed.get(name, ""),
                error=said.get((number, name), ""),
            )
            for name in FIELDS
        ),
    )


def cell_name(number: int, field: str) -> str:
    """`d3-wage`."""
    return f"d{number}-{field}"


def errors_of(problems: Sequence[Problem]) -> tuple[tuple[str, str], ...]:
    """For the summary: where, and what to do."""
    return tuple((cell_name(problem.row, problem.field), problem.text(spoken())) for problem in problems)


def places_of(comparison: Comparison, *, chosen: Mapping[str, tuple[str, str]], missing: str = "") -> tuple[Place, ...]:
    """Where the two differ. `chosen`: key -> (`first`, `second`, `other`; what else was typed)."""
    return tuple(
        Place(
            number=pair.place,
            line=_line_shown(pair.first or pair.second or {}, leaving_out={one.field for one in pair.differences}),
            choices=tuple(_choice(one, chosen.get(one.key, ("", "")), missing) for one in pair.differences),
        )
        for pair in comparison.pairs
        if pair.differences
    )


def _choice(difference: Difference, chosen: tuple[str, str], missing: str) -> Choice:
    is_line = difference.field == LINE
    return Choice(
        name=difference.key,
        title=in_words(FIELD_WORDS[difference.field]),
        is_line=is_line,
        first=_there(difference.first) if is_line else value_shown(difference.field, difference.first),
        second=_there(difference.second) if is_line else value_shown(difference.field, difference.second),
        chosen=chosen[0],
        other=chosen[1],
        error=missing if missing and not chosen[0] else "",
    )


def _there(value: str) -> str:
    return in_words(
        ("sổ có dòng này", "the book has this line") if value == KEPT else ("sổ không có dòng này", "the book has no such line")
    )


def value_shown(field: str, value: str) -> str:
    """A value as people read it."""
    if field in ("has_unemployment", "is_hazardous"):
        return in_words(_YES if value else _NO)
    if field == "participant_type" and value:
        return in_words(PARTICIPANTS[ParticipantType(value)])
    if field == "wage" and value.isdecimal() and len(value) > len("100"):
        return grouped(int(value))
    if field == "wage":
        return value.replace(".", in_words((",", ".")))
    return value or in_words(("để trống", "left empty"))


def _line_shown(typed: Typed, *, leaving_out: set[str]) -> str:
    shown = ("from_month", "to_month", "unit_name", "wage")
    return " · ".join(value_shown(name, typed[name]) for name in shown if typed.get(name) and name not in leaving_out)


def table_of(rows: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    """What was agreed, line by line."""
    return tuple(tuple(value_shown(name, row.as_typed()[name]) for name in FIELDS) for row in rows)


def who_and_when(step: StepView) -> tuple[str, str]:
    """Login and time."""
    return officer_named(step.by), told(step.at)


def conversion_kind(case: CaseView | None, actor: Actor) -> str:
    """What is to be done about the conversion: `none`, `again`, `second`, `waits`, `done`."""
    if case is None:
        return "none"
    if case.state is ConversionState.CERTIFIED:
        return "done"
    if case.state is ConversionState.PROPOSED and case.proposed is not None:
        return "waits" if case.proposed.by == actor.account else "second"
    return "again"


def may_settle(transcript: TranscriptView, actor: Actor) -> bool:
    """Not the first of the two. Whether it is another human being the command asks again."""
    return bool(transcript.entries) and transcript.entries[0].by != actor.account
