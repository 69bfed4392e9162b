"""What a procedure asks a person on pages, and what people read before they start. Declared in its `form.py`; pages are made from it. Pure.

The form type stays the only judge of what was typed: a question names the field it fills, the words around it, and when it is asked.

    QUESTIONS = Questions(
        form=Request,
        groups=(Group(code="purpose", title=("Dùng vào việc gì", "What it is for"), questions=(...)),),
        known=known_person,
    )
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel

from bhxh.kernel.canonical import Json
from bhxh.kernel.data_groups import DataGroup

Words = tuple[str, str]
"""Vietnamese, English."""


class Kind(StrEnum):
    """How an answer is given, and what the field holds of it."""

    TEXT = "text"
    """One line; a string, tidied."""
    LONG_TEXT = "long_text"
    """Several lines; a string."""
    DIGITS = "digits"
    """Numbers that are no amounts: account, telephone, personal number. A string; spaces, dots and hyphens are taken out."""
    NUMBER = "number"
    """A count; an integer."""
    MONEY = "money"
    """Đồng; an integer. `14.500.000` and `14,500,000` are read, too."""
    DATE = "date"
    """Three boxes; a string YYYY-MM-DD, empty where nothing was typed."""
    MONTH = "month"
    """Two boxes; a string YYYY-MM, empty where nothing was typed."""
    ONE = "one"
    """One of the choices: radio buttons; a list to unfold where they are more than `MOST_RADIOS`. A string."""
    SEVERAL = "several"
    """Any of the choices; a list of strings."""
    SEARCHED = "searched"
    """One entry of a directory, found by part of its name: some of it is typed, a short list comes back to choose from. A string: the entry's code."""
    FILES = "files"
    """Documents. `field` is the code of a component; nothing of it stands in the form."""


MOST_RADIOS: Final = 8
MOST_FILES: Final = 10
"""LIMIT: documents of one question."""
MOST_FOUND: Final = 15
"""LIMIT: entries of a directory that are shown to choose from. WHY so many: the commonest name of a commune is borne by thirteen."""
LEAST_SOUGHT: Final = 2
"""Letters of a name before anything is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to choose."""

    value: str
    label: Words
    hint: Words = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of a directory."""

    code: str
    name: str
    place: str = ""
    """Where it lies: a province."""
    note: Words = ("", "")
    """Why it was found, where its name does not say so."""

    @property
    def shown(self) -> str:
        """As an answer is read back."""
        return ", ".join(filter(None, (self.name, self.place)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A public list that is too long to be shown. Asked of lower rooms; it names nobody."""

    search: Callable[[str, date], tuple[Listed, ...]]
    """By what was typed, on a day; at most `MOST_FOUND` and one more, which says that there are more."""
    find: Callable[[str, date], Listed | None]
    """By code, on a day."""
    advice: Words
    """What to try where nothing was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Asked only where another question was answered so."""

    field: str
    is_one_of: tuple[str, ...]

    def holds(self, answers: Mapping[str, Json]) -> bool:
        """Whether it is asked, given the answers so far."""
        given = answers.get(self.field)
        chosen = given if isinstance(given, list) else [given]
        return any(str(one) in self.is_one_of for one in chosen if one is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, on the page of its group."""

    field: str
    """Of the form type; of a field inside another one `bank.account`. Of files: the component's code."""
    kind: Kind
    label: Words
    hint: Words = ("", "")
    """With a real example."""
    missing: Words = ("", "")
    """What is said where nothing was answered: what to do. Needed unless it is optional."""
    wrong: Words = ("", "")
    """What is said where the form type does not take the answer; empty: what the kind says."""
    is_optional: bool = False
    choices: tuple[Choice, ...] = ()
    most_characters: int = 0
    """0: not counted before the form type does."""
    most_files: int = MOST_FILES
    asked_if: Condition | None = None
    directory: Directory | None = None
    """Where the entry stands that is looked for. Needed where one is."""
    autocomplete: str = ""
    """What a browser may fill in by itself: `tel`, `email`, `name` ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that stand on one page, and are one line of the task list."""

    code: str
    """In the address: lower case, no marks."""
    title: Words
    questions: tuple[Question, ...]
    note: Words = ("", "")
    """Why it is asked, or what need not be brought."""

    def asked(self, answers: Mapping[str, Json]) -> tuple[Question, ...]:
        """The questions that stand, given the answers so far."""
        return tuple(one for one in self.questions if one.asked_if is None or one.asked_if.holds(answers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the State already has: shown first, never asked, with whence and when."""

    label: Words
    value: Words
    source: str
    """A key of `components.SOURCES`."""
    at: datetime | None
    """When it came here."""
    group: DataGroup
    """Where a mistake in it is reported."""
    about: str = ""
    """What a report of a mistake names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """All that a procedure asks."""

    form: type[BaseModel]
    groups: tuple[Group, ...]
    known: Callable[[int, date], tuple[Known, ...]] | None = None
    """By person and day: queries of lower rooms. Personal: whoever shows it records the look first."""
    act: Words = ("Xác nhận và nộp", "Confirm and submit")
    """The last button: it names the act."""
    statement: Words = (
        "Tôi xác nhận những điều trên là đúng và chịu trách nhiệm trước pháp luật về nội dung đã khai.",
        "I confirm that the above is true, and answer for it before the law.",
    )

    def __post_init__(self) -> None:
        codes = [group.code for group in self.groups]
        fields = [question.field for group in self.groups for question in group.questions]
        assert len(set(codes)) == len(codes), "two groups have one code"
        assert len(set(fields)) == len(fields), "a field is asked twice"

    @property
    def every(self) -> tuple[Question, ...]:
        """All questions, in the order in which they are asked."""
        return tuple(question for group in self.groups for question in group.questions)


class LifeEvent(StrEnum):
    """What happened, as people say it: how they find a procedure."""

    WORK = "viec-lam"
    CHILD = "sinh-con"
    ILLNESS = "om-dau"
    UNEMPLOYED = "that-nghiep"
    RETIREMENT = "nghi-huu"
    DEATH = "nguoi-than-mat"
    BOOK = "so-va-the"
    PERSON = "thong-tin-ca-nhan"


LIFE_EVENTS: Final[dict[LifeEvent, Words]] = {
    LifeEvent.WORK: ("Đi làm, đổi hoặc nghỉ việc", "Starting, changing or leaving work"),
    LifeEvent.CHILD: ("Sinh con, nuôi con nhỏ", "Having a child"),
    LifeEvent.ILLNESS: ("Ốm đau, khám chữa bệnh", "Illness and treatment"),
    LifeEvent.UNEMPLOYED: ("Mất việc", "Losing work"),
    LifeEvent.RETIREMENT: ("Nghỉ hưu", "Retirement"),
    LifeEvent.DEATH: ("Người thân qua đời", "A death in the family"),
    LifeEvent.BOOK: ("Sổ và thẻ bảo hiểm", "Insurance book and card"),
    LifeEvent.PERSON: ("Đổi hoặc sửa thông tin cá nhân", "Changing or correcting personal data"),
}
"""In the order in which the catalogue shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What people read of a procedure before they start, and by what they find it."""

    what: Words
    """In a sentence or two, in plain words."""
    who: Words
    """Who may do it."""
    life_events: tuple[LifeEvent, ...]
    search_words: tuple[str, ...] = ()
    """As people say it, not as the law does: `chốt sổ`, `giấy xác nhận bảo hiểm`."""
