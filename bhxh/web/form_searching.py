"""What directories say of what a person looks for on a form: asked once for a page, however often its answers are read."""

from collections.abc import Iterator, MutableMapping
from datetime import date
from typing import Final

from bhxh.dossiers.questions import Kind, Questions
from bhxh.web.form_reading import Looked, Typed, input_name, sought

_LONGEST_NAME: Final = 120  # LIMIT: of what is looked for; the longest name of a health facility has some ninety
_LONGEST_CODE: Final = 20

Asked = MutableMapping[tuple[str, str, str], Looked]
"""(field, code, name) -> what was said before."""


def look_up(questions: Questions, typed: Typed, on: date, *, asked: Asked) -> dict[str, Looked]:
    """By field, for every question that is searched and has anything in it. `asked` remembers."""
    return dict(_look_up(questions, typed, on, asked))


def _look_up(questions: Questions, typed: Typed, on: date, asked: Asked) -> Iterator[tuple[str, Looked]]:
    for question in questions.every:
        if question.kind is not Kind.SEARCHED or question.directory is None:
            continue
        code = next((one.strip() for one in typed.get(input_name(question), ()) if one.strip()), "")[:_LONGEST_CODE]
        name = sought(question, typed)[:_LONGEST_NAME]
        if not code and not name:
            continue
        key = (question.field, code, name)
        if key not in asked:
            chosen = question.directory.find(code, on) if code else None
            asked[key] = Looked(chosen=chosen, found=question.directory.search(name, on) if name else ())
        yield question.field, asked[key]
