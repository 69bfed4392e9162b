"""Questions as the components of a page: each with what was typed and what is wrong there. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bhxh.dossiers.questions import MOST_RADIOS, Group, Kind, Question
from bhxh.web.form_reading import PARTS, Problem, Typed, input_name
from bhxh.web.languages import in_words

_BOXES: Final = {"d": (("Ngày", "Day"), 2), "m": (("Tháng", "Month"), 2), "y": (("Năm", "Year"), 4)}
_SHORT = 40
"""An answer of at most so many characters has a short box."""
_UNIT = ("đồng", "VND")


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


def fields_of(group: Group, typed: Typed, problems: Collection[Problem]) -> tuple[Field, ...]:
    """The fields of a page, files apart. One that depends on another one of this page stands on it, and says on what it depends."""
    wrong = {problem.field: problem for problem in problems}
    beside = {question.field: question for question in group.questions}
    return tuple(
        _field(question, typed, wrong.get(question.field), beside) for question in group.questions if question.kind is not Kind.FILES
    )


def summary_of(problems: Collection[Problem]) -> list[tuple[str, str]]:
    """Problems as the error summary takes them."""
    return [(problem.at, in_words(problem.words)) for problem in problems]


def _field(question: Question, typed: Typed, problem: Problem | None, beside: Mapping[str, Question]) -> Field:
    component, given = _given(question, typed, problem)
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
    given: dict[str, Any] = {
        "name": name,
        "label": in_words(question.label),
        "hint": in_words(question.hint),
        "error": in_words(problem.words) if problem else "",
        "is_optional": question.is_optional,
        "autocomplete": question.autocomplete,
    }
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
