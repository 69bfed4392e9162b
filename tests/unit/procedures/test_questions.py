"""What procedures declare for pages: every question fills a field that there is, and says what to do where nothing was answered."""

import pytest

from bhxh.dossiers.person_form import PersonForm
from bhxh.dossiers.procedure import FilerKind, Procedure
from bhxh.dossiers.questions import Condition, Kind, Question
from bhxh.procedures import PROCEDURES

ASKING = [one for one in PROCEDURES if one.questions]


@pytest.mark.parametrize("procedure", ASKING, ids=lambda one: one.slug)
def test_questions_fill_fields_and_components_that_there_are(procedure: Procedure) -> None:
    assert procedure.questions and procedure.compose, "what was answered is composed into the document"
    components = {component.code for component in procedure.components}
    for question in procedure.questions.every:
        assert question.field in components if question.kind is Kind.FILES else _is_field(procedure.questions.form, question.field)
        if question.asked_if:
            assert question.asked_if.field in {one.field for one in procedure.questions.every}


@pytest.mark.parametrize("procedure", ASKING, ids=lambda one: one.slug)
def test_every_field_that_must_be_filled_is_asked(procedure: Procedure) -> None:
    assert procedure.questions
    asked = {question.field.partition(".")[0] for question in procedure.questions.every}
    by_the_door = set(PersonForm.model_fields)
    needed = {name for name, field in procedure.questions.form.model_fields.items() if field.is_required()}
    assert needed - by_the_door <= asked


@pytest.mark.parametrize(
    "question",
    [(one.slug, q) for one in ASKING for q in (one.questions.every if one.questions else ())],
    ids=lambda one: f"{one[0]}-{one[1].field}",
)
def test_every_question_says_what_to_do(question: tuple[str, Question]) -> None:
    _, asked = question
    assert all(asked.label)
    assert asked.is_optional or all(asked.missing)
    assert bool(asked.directory) == (asked.kind is Kind.SEARCHED)
    assert bool(asked.choices) == (asked.kind in (Kind.ONE, Kind.SEVERAL))
    for said in (*asked.missing, *asked.wrong):
        assert "!" not in said
        assert not said.endswith(".")
        assert "vui lòng" not in said.lower()


def test_what_a_person_files_is_found_by_what_happened_to_them() -> None:
    for procedure in PROCEDURES:
        if procedure.filer is FilerKind.PERSON:
            assert procedure.guide
            assert procedure.guide.life_events


def test_a_condition_looks_at_one_answer_or_at_any_of_several() -> None:
    condition = Condition(field="how", is_one_of=("account",))
    assert condition.holds({"how": "account"})
    assert condition.holds({"how": ["cash", "account"]})
    assert not condition.holds({"how": "cash"})
    assert not condition.holds({})


def _is_field(form: type, path: str) -> bool:
    name, _, rest = path.partition(".")
    if name not in getattr(form, "model_fields", {}):
        return False
    return not rest or _is_field(form.model_fields[name].annotation, rest)  # type: ignore[attr-defined]
