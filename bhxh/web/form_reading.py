"""From what a browser sent to the answers that a form type takes, and what is said where it does not take them. Pure.

What was typed is kept as it was typed (`Typed`), right or wrong; answers are read from it whenever they are needed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from bhxh.dossiers.questions import LEAST_SOUGHT, Group, Kind, Listed, Question, Questions, Words
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month
from bhxh.kernel.text import search_form, tidy
from bhxh.web.amounts import both

Typed = Mapping[str, list[str]]
"""Name of an input -> what was typed or chosen there."""
_PREFIX: Final = "q-"
"""WHY: a question may be called like one of the fields that every form has."""
PARTS: Final = {Kind.DATE: ("d", "m", "y"), Kind.MONTH: ("m", "y")}
"""Boxes of one answer, as their inputs are called."""
SOUGHT, SHOWN_FOR = "tim", "da-tim"
"""Of a question that is searched: what is looked for, and for which words the list on the page was made."""
MOST_TYPED: Final = 20_000
"""LIMIT: of one input; ten times the longest answer a procedure asks for."""
_MOST_CHOSEN: Final = 100  # LIMIT: boxes ticked of one question
_AMOUNT = re.compile(r"\d{1,3}([., ]\d{3})+|\d+")
_WHOLE_DATE = re.compile(r"(\d{1,2})[/.\- ]+(\d{1,2})[/.\- ]+(\d{4})")
_WHOLE_MONTH = re.compile(r"(\d{1,2})[/.\- ]+(\d{4})")
_BOXES: Final = {"d": ("ngày", "day"), "m": ("tháng", "month"), "y": ("năm", "year")}
_SAMPLES: Final = {Kind.DATE: "2 11 2026", Kind.MONTH: "11 2026"}
_YEAR_DIGITS = 4
_MOST_DIGITS = 15
"""LIMIT: of an amount or a count; more than all the money there is. Python itself reads no number of more than 4,300 digits."""
_WRONG: Final[dict[Kind, Words]] = {
    Kind.NUMBER: ("{vi} phải là số, ví dụ 12", "{en} must be a number, for example 12"),
    Kind.MONEY: (
        "{vi} phải là số tiền bằng đồng, ví dụ 14.500.000",
        "{en} must be an amount in Vietnamese dong, for example 14,500,000",
    ),
    Kind.DIGITS: ("{vi} chỉ gồm chữ số. Kiểm tra lại rồi nhập lại", "{en} has digits only. Check it and enter it again"),
}
_NOT_TAKEN: Final[Words] = (
    "{vi} chưa đúng. Xem ví dụ bên cạnh rồi nhập lại",
    "{en} cannot be right. Look at the example beside it and enter it again",
)


_UNKNOWN: Final[Words] = (
    "Mã đã chọn không có trong danh mục hiện hành. Tìm lại theo tên rồi chọn",
    "The code that was chosen is not in the present list. Look for it again by name",
)
_TOO_SHORT: Final[Words] = ("Gõ ít nhất 2 chữ của tên rồi bấm Tìm", "Type at least 2 letters of the name, then press Search")
_NONE_FOUND: Final[Words] = ("Không tìm thấy nơi nào tên như vậy. {vi}", "Nothing of such a name was found. {en}")
_CHOOSE: Final[Words] = ("Chọn một nơi trong danh sách tìm được", "Choose one of what was found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a directory says of one question: the entry of the code that was chosen, and what there is of the name that was typed."""

    chosen: Listed | None
    found: tuple[Listed, ...]


NOTHING_LOOKED_UP: Final = Looked(chosen=None, found=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to fix."""

    field: str
    at: str
    """Id of the input where the person goes to fix it."""
    words: Words
    is_missing: bool = False
    """Nothing was answered yet: not wrong, only not done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was understood."""

    values: Mapping[str, Json]
    """By field, of the questions that are asked and were answered."""
    problems: tuple[Problem, ...]
    listed: Mapping[str, Listed] = field(default_factory=dict)
    """By field, of the questions that are searched: the entry that was chosen."""

    def of(self, group: Group) -> tuple[Problem, ...]:
        """The problems of one page."""
        fields = {question.field for question in group.questions}
        return tuple(problem for problem in self.problems if problem.field in fields)

    def content(self) -> dict[str, Json]:
        """The answers as the form type takes them: `bank.account` lies inside `bank`."""
        made: dict[str, Any] = {}
        for path, value in self.values.items():
            *outer, name = path.split(".")
            place = made
            for one in outer:
                place = place.setdefault(one, {})
            place[name] = value
        return made


def answer_in(content: Mapping[str, Any], path: str) -> Any:
    """One of the answers that `Reading.content` made; None where there is none."""
    found: Any = content
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def input_name(question: Question) -> str:
    """How the question's input, or the first part of its inputs' names, is called."""
    return _PREFIX + question.field.replace(".", "-")


def inputs_of(question: Question) -> tuple[str, ...]:
    """All its inputs."""
    name = input_name(question)
    if question.kind is Kind.SEARCHED:
        return (f"{name}-{SOUGHT}", name, f"{name}-{SHOWN_FOR}")
    return tuple(f"{name}-{part}" for part in PARTS[question.kind]) if question.kind in PARTS else (name,)


def take_typed(group: Group, sent: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What a form of this group's page sent, free of what no database keeps; inputs that were not sent are empty."""
    return {
        name: [_kept(text) for text in sent.get(name, ())][:_MOST_CHOSEN]
        for question in group.questions
        if question.kind is not Kind.FILES
        for name in inputs_of(question)
    }


def read_answers(
    questions: Questions, typed: Typed, *, files: Mapping[str, int] | None = None, looked: Mapping[str, Looked] | None = None
) -> Reading:
    """Everything that was typed so far, read and held against the form type field by field. `files`: how many, by component; `looked`: what
    directories say, by field.

    What is not asked (`asked_if`) is neither read nor missed.
    """
    found = {question.field: _read(question, typed) for question in questions.every if question.kind is not Kind.FILES}
    values = {field: one for field, one in found.items() if not isinstance(one, Problem) and one not in ("", [])}
    problems: list[Problem] = []
    asked: dict[str, Json] = {}
    listed: dict[str, Listed] = {}
    for group in questions.groups:
        for question in group.asked(values):
            said = (looked or {}).get(question.field, NOTHING_LOOKED_UP)
            wrong = _search_problem(question, typed, said) if question.kind is Kind.SEARCHED else None
            problems.extend([wrong] if wrong else _judge(questions.form, question, found.get(question.field, ""), files or {}))
            if question.field in values:
                asked[question.field] = values[question.field]
            if said.chosen is not None:
                listed[question.field] = said.chosen
    return Reading(values=asked, problems=tuple(problems), listed=listed)


def read_whole(questions: Questions, reading: Reading, around: Mapping[str, Json]) -> tuple[Problem, ...]:
    """What the form type says of all answers together, with what the door adds (`around`); nothing where it takes them."""
    by_field = {question.field: question for question in questions.every}
    try:
        questions.form.model_validate({**reading.content(), **around})
    except ValidationError as error:
        fields = [".".join(str(part) for part in one["loc"]) for one in error.errors(include_input=False)]
        known = [by_field[field] for field in dict.fromkeys(fields) if field in by_field]
        return tuple(_problem(one, one.wrong if any(one.wrong) else _NOT_TAKEN) for one in known or questions.every[:1])
    except Invalid as error:
        question = by_field.get(error.where, questions.every[0])
        return (Problem(field=question.field, at=_first(question), words=(error.text("vi"), error.text("en"))),)
    return ()


def shown_answer(question: Question, value: Json | None, listed: Listed | None = None) -> Words:
    """An answer as it is read back to the person; empty where there is none. `listed`: the entry of the directory that was chosen."""
    match question.kind, value:
        case _, None | "" | []:
            return ("", "")
        case Kind.SEARCHED, str() if listed is not None:
            return (f"{listed.shown} ({value})", f"{listed.shown} ({value})")
        case Kind.MONEY, int():
            vi, en = both(value)
            return (f"{vi} đồng", f"{en} VND")
        case Kind.NUMBER, int():
            return both(value)
        case Kind.DATE, str():
            day = date.fromisoformat(value).strftime("%d/%m/%Y")
            return (day, day)
        case Kind.MONTH, str():
            month = Month.parse(value).shown
            return (month, month)
        case Kind.ONE | Kind.SEVERAL, _:
            chosen = value if isinstance(value, list) else [value]
            labels = [choice.label for choice in question.choices if choice.value in chosen]
            return ("; ".join(vi for vi, _ in labels), "; ".join(en for _, en in labels))
        case _:
            return (str(value), str(value))


def _kept(text: str) -> str:
    lines = unicodedata.normalize("NFC", text[:MOST_TYPED]).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})


def _first(question: Question) -> str:
    return inputs_of(question)[0]


def _problem(question: Question, words: Words, at: str = "") -> Problem:
    vi, en = question.label
    names = {"vi": vi.rstrip("?"), "en": en.rstrip("?")}
    return Problem(field=question.field, at=at or _first(question), words=(words[0].format_map(names), words[1].format_map(names)))


def _read(question: Question, typed: Typed) -> Json | Problem:
    given = [one for one in typed.get(input_name(question), ()) if one.strip()]
    text = given[0].strip() if given else ""
    match question.kind:
        case Kind.DATE | Kind.MONTH:
            return _read_boxes(question, typed)
        case Kind.SEVERAL:
            return [choice.value for choice in question.choices if choice.value in given]
        case Kind.ONE:
            return text if text in {choice.value for choice in question.choices} else ""
        case Kind.NUMBER | Kind.MONEY:
            return _read_amount(question, text)
        case Kind.DIGITS:
            digits = re.sub(r"[\s.\-]", "", text)
            return digits if not digits or digits.isascii() else _problem(question, _wrong(question))
        case Kind.TEXT:
            return tidy(text)
        case _:
            return text


def sought(question: Question, typed: Typed) -> str:
    """The name that is looked for."""
    return next(iter(typed.get(f"{input_name(question)}-{SOUGHT}", ())), "").strip()


def fruitless(question: Question, typed: Typed, looked: Looked) -> Problem | None:
    """What is said where looking for what was typed leads to nothing to choose from."""
    if len(search_form(sought(question, typed))) < LEAST_SOUGHT:
        return _problem(question, _TOO_SHORT)
    if looked.found:
        return None
    advice = question.directory.advice if question.directory else ("", "")
    words = (_NONE_FOUND[0].format(vi=advice[0]), _NONE_FOUND[1].format(en=advice[1]))
    return Problem(field=question.field, at=_first(question), words=words)


def _search_problem(question: Question, typed: Typed, looked: Looked) -> Problem | None:
    """WHY also where something is chosen: whoever types another name and goes on means what they typed, not what stood there before."""
    text, name = sought(question, typed), input_name(question)
    code, *_ = (*(one.strip() for one in typed.get(name, ())), "")
    shown_for = next(iter(typed.get(f"{name}-{SHOWN_FOR}", ())), "")
    if code and looked.chosen is None:
        return _problem(question, _UNKNOWN)
    is_settled = search_form(text) in ("", search_form(shown_for)) or code in {one.code for one in looked.found}
    is_left_out = question.is_optional and bool(typed.get(name)) and not code
    if (code and is_settled) or (is_left_out and is_settled) or not text:
        return None
    return fruitless(question, typed, looked) or _problem(question, _CHOOSE, at=name)


def _read_amount(question: Question, text: str) -> Json | Problem:
    bare = re.sub(r"(?i)\s*(đồng|dong|vnđ|vnd|đ|₫)\.?$", "", text).strip()
    if not bare:
        return ""
    digits = re.sub(r"[., ]", "", bare)
    if not _AMOUNT.fullmatch(bare) or len(digits) > _MOST_DIGITS:
        return _problem(question, _wrong(question))
    return int(digits)


def _read_boxes(question: Question, typed: Typed) -> Json | Problem:
    parts, name = PARTS[question.kind], input_name(question)
    boxes = {part: next(iter(typed.get(f"{name}-{part}", ())), "").strip() for part in parts}
    # WHY: whoever pastes a whole date into the first box means that date.
    whole = (_WHOLE_DATE if question.kind is Kind.DATE else _WHOLE_MONTH).fullmatch(boxes[parts[0]])
    if whole and not any(boxes[part] for part in parts[1:]):
        boxes = dict(zip(parts, whole.groups(), strict=True))
    if not any(boxes.values()):
        return ""
    sample = _SAMPLES[question.kind]
    for part in parts:
        box_vi, box_en = _BOXES[part]
        if not boxes[part]:
            words = (f"{{vi}}: thiếu {box_vi}. Nhập đủ, ví dụ {sample}", f"{{en}}: the {box_en} is missing. For example {sample}")
            return _problem(question, words, f"{name}-{part}")
        is_number = boxes[part].isascii() and boxes[part].isdigit() and len(boxes[part]) <= _YEAR_DIGITS
        if not is_number or (part == "y" and len(boxes[part]) != _YEAR_DIGITS):
            digits_vi, digits_en = ("4 chữ số", "4 digits") if part == "y" else ("số", "a number")
            words = (
                f"{{vi}}: {box_vi} phải là {digits_vi}, ví dụ {sample}",
                f"{{en}}: the {box_en} must be {digits_en}, for example {sample}",
            )
            return _problem(question, words, f"{name}-{part}")
    try:
        found = date(int(boxes["y"]), int(boxes["m"]), int(boxes.get("d", "1")))
    except ValueError:
        typed_date = "/".join(boxes.values())
        box = next((part for part, most in (("m", 12), ("d", 31)) if part in boxes and not 1 <= int(boxes[part]) <= most), parts[0])
        words = (f"{{vi}}: không có {typed_date}. Kiểm tra lại", f"{{en}}: there is no {typed_date}. Check it")
        return _problem(question, words, f"{name}-{box}")
    return found.isoformat() if question.kind is Kind.DATE else str(Month.of(found))


def _judge(form: type[BaseModel], question: Question, found: Json | Problem, files: Mapping[str, int]) -> Iterator[Problem]:
    if isinstance(found, Problem):
        yield found
        return
    is_empty = not files.get(question.field) if question.kind is Kind.FILES else found in ("", [])
    if is_empty:
        if not question.is_optional:
            yield replace(_problem(question, question.missing), is_missing=True)
        return
    if question.kind is Kind.FILES:
        return
    if question.most_characters and isinstance(found, str) and len(found) > question.most_characters:
        most, length = question.most_characters, len(found)
        words = (
            f"{{vi}}: tối đa {most} ký tự, bạn nhập {length}. Viết ngắn lại",
            f"{{en}}: at most {most} characters, you entered {length}. Shorten it",
        )
        yield _problem(question, words)
        return
    try:
        _adapter(form, question.field).validate_python(found)
    except ValidationError:
        yield _problem(question, _wrong(question))
    except Invalid as error:
        said = question.wrong if any(question.wrong) else (error.text("vi"), error.text("en"))
        yield Problem(field=question.field, at=_first(question), words=said)


def _wrong(question: Question) -> Words:
    return question.wrong if any(question.wrong) else _WRONG.get(question.kind, _NOT_TAKEN)


@cache
def _adapter(form: type[BaseModel], path: str) -> TypeAdapter[Any]:
    """What judges one field alone: its type with everything that is annotated beside it."""
    name, _, rest = path.partition(".")
    info = form.model_fields[name]
    if rest:
        assert isinstance(info.annotation, type), "a field inside another one lies in a form type"
        assert issubclass(info.annotation, BaseModel), "a field inside another one lies in a form type"
        return _adapter(info.annotation, rest)
    judged: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    return TypeAdapter(judged)


def list_asked(questions: Questions, values: Mapping[str, Json]) -> list[tuple[Group, tuple[Question, ...]]]:
    """The pages that stand, given the answers so far, each with what it asks."""
    return [(group, asked) for group in questions.groups if (asked := group.asked(values))]
