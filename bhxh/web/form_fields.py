"""Questions as the components of a page: each with what was typed and what is wrong there. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bhxh.dossiers.questions import MOST_FOUND, MOST_RADIOS, Group, Kind, Listed, Question
from bhxh.web.form_reading import NOTHING_LOOKED_UP, PARTS, SHOWN_FOR, SOUGHT, Looked, Problem, Typed, input_name, sought
from bhxh.web.languages import in_words

_BOXES: Final = {"d": (("Ngày", "Day"), 2), "m": (("Tháng", "Month"), 2), "y": (("Năm", "Year"), 4)}
_SHORT = 40
"""An answer of at most so many characters has a short box."""
_UNIT = ("đồng", "VND")
_NO_ENTRY = ("Không ghi", "Leave it out")
_CHOSEN = ("Bạn đang chọn nơi này", "This is what you chose")
_MORE = (
    f"Có hơn {MOST_FOUND} nơi tên như vậy; dưới đây là {MOST_FOUND} nơi đầu. Gõ thêm chữ, hoặc thêm dấu phẩy và tên tỉnh.",
    f"There are more than {MOST_FOUND} of such a name; these are the first {MOST_FOUND}. Type more of it, or a comma and the province.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One component of a form."""

    component: str
    given: Mapping[str, Any]
    asked_if: str = ""
    """Name of the input of the same page on whose answer it depends; empty: it always stands."""
    asked_values: str = ""
    condition: str = ""
    """The same in words, for whom nothing is hidden."""


def fields_of(
    group: Group, typed: Typed, problems: Collection[Problem], *, looked: Mapping[str, Looked] | None = None, found_now: str = ""
) -> tuple[Field, ...]:
    """The fields of a page, files apart. One that depends on another one of this page stands on it, and says on what it depends.

    `looked`: what directories say, by field; `found_now`: the input whose list was just asked for.
    """
    wrong = {problem.field: problem for problem in problems}
    beside = {question.field: question for question in group.questions}
    fields = (
        _searched(one, typed, wrong.get(one.field), (looked or {}).get(one.field, NOTHING_LOOKED_UP), found_now)
        if one.kind is Kind.SEARCHED
        else _given(one, typed, wrong.get(one.field))
        for one in group.questions
        if one.kind is not Kind.FILES
    )
    asked = (one for one in group.questions if one.kind is not Kind.FILES)
    return tuple(_field(question, component, given, beside) for question, (component, given) in zip(asked, fields, strict=True))


def summary_of(problems: Collection[Problem]) -> list[tuple[str, str]]:
    """Problems as the error summary takes them."""
    return [(problem.at, in_words(problem.words)) for problem in problems]


def _field(question: Question, component: str, given: Mapping[str, Any], beside: Mapping[str, Question]) -> Field:
    condition = question.asked_if
    other = beside.get(condition.field) if condition else None
    if condition is None or other is None:
        return Field(component=component, given=given)
    labels = [in_words(choice.label) for choice in other.choices if choice.value in condition.is_one_of]
    return Field(
        component=component,
        given=given,
        asked_if=input_name(other),
        asked_values=" ".join(condition.is_one_of),
        condition=" · ".join(labels),
    )


def _given(question: Question, typed: Typed, problem: Problem | None) -> tuple[str, dict[str, Any]]:
    name = input_name(question)
    text = next(iter(typed.get(name, ())), "")
    given = _around(question, problem)
    match question.kind:
        case Kind.DATE | Kind.MONTH:
            boxes = [(part, *_BOXES[part]) for part in PARTS[question.kind]]
            parts = [(part, in_words(words), width, next(iter(typed.get(f"{name}-{part}", ())), "")) for part, words, width in boxes]
            return "date_field", {**given, "parts": parts, "wrong_part": problem.at.removeprefix(f"{name}-") if problem else ""}
        case Kind.ONE | Kind.SEVERAL:
            chosen = set(typed.get(name, ()))
            choices = [
                {"value": one.value, "words": in_words(one.label), "hint": in_words(one.hint), "is_chosen": one.value in chosen}
                for one in question.choices
            ]
            is_list = question.kind is Kind.ONE and len(choices) > MOST_RADIOS
            return "select_field" if is_list else "choices", {
                **given,
                "choices": choices,
                "are_several": question.kind is Kind.SEVERAL,
                "has_none": True,
            }
        case Kind.LONG_TEXT:
            return "text_area", {**given, "value": text, "most": question.most_characters, "rows": 6}
        case Kind.MONEY:
            return "text_field", {**given, "value": text, "is_number": True, "width": "10", "suffix": in_words(_UNIT)}
        case Kind.NUMBER:
            return "text_field", {**given, "value": text, "is_number": True, "width": "5"}
        case Kind.DIGITS:
            return "text_field", {**given, "value": text, "is_number": True, "width": "20"}
        case _:
            is_short = 0 < question.most_characters <= _SHORT
            return "text_field", {**given, "value": text, "width": "20" if is_short else ""}


def _around(question: Question, problem: Problem | None) -> dict[str, Any]:
    return {
        "name": input_name(question),
        "label": in_words(question.label),
        "hint": in_words(question.hint),
        "error": in_words(problem.words) if problem else "",
        "is_optional": question.is_optional,
        "autocomplete": question.autocomplete,
    }


def _searched(question: Question, typed: Typed, problem: Problem | None, looked: Looked, found_now: str) -> tuple[str, dict[str, Any]]:
    """The box for part of a name, and below it what was found, what was chosen before first where it is not among it."""
    name, shown = input_name(question), looked.found[:MOST_FOUND]
    chosen = looked.chosen
    codes = {one.code for one in shown}
    entries = [_entry(one, chosen) for one in (*((chosen,) if chosen and chosen.code not in codes else ()), *shown)]
    if entries and question.is_optional:
        is_left_out = bool(typed.get(name)) and chosen is None
        entries.append({"value": "", "words": in_words(_NO_ENTRY), "hint": "", "is_chosen": is_left_out})
    return "search_field", {
        **_around(question, problem),
        "box": f"{name}-{SOUGHT}",
        "text": sought(question, typed),
        "shown_for": f"{name}-{SHOWN_FOR}",
        "entries": entries,
        "said": _said(len(looked.found)),
        "is_wrong_choice": problem is not None and problem.at == name,
        "is_now": found_now == name,
    }


def _entry(one: Listed, chosen: Listed | None) -> dict[str, Any]:
    is_chosen = chosen is not None and chosen.code == one.code
    hint = " · ".join(filter(None, (one.place, in_words(one.note))))
    return {"value": one.code, "words": one.name, "hint": hint, "is_chosen": is_chosen}


def _said(found: int) -> str:
    if found > MOST_FOUND:
        return in_words(_MORE)
    if not found:
        return in_words(_CHOSEN)
    return in_words((f"Tìm thấy {found} nơi. Chọn một nơi:", f"{found} found. Choose one:" if found > 1 else "One found. Choose it:"))
