"""What officers read beside a declared value: the form's own words where a form asks for it."""

import pytest

from bhxh.doors.office.field_words import field_words, value_words
from bhxh.dossiers.questions import Question
from bhxh.kernel.canonical import Json
from bhxh.procedures import PROCEDURES
from bhxh.web.languages import speaking

ASKED = {(one.slug, question.field): question for one in PROCEDURES if one.questions for question in one.questions.every}


@pytest.mark.parametrize("question", ASKED.values(), ids=["-".join(key) for key in ASKED])
def test_a_field_is_called_as_it_was_asked(question: Question) -> None:
    for language, label in zip(("vi", "en"), question.label, strict=True):
        with speaking(language):
            assert field_words(question.field, question) == label


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, ""), ("", ""), ("2026-10-20", "20/10/2026"), ("2026-10", "10/2026"), (14_500_000, "14.500.000"), (15, "15"), ("MALE", "Nam")],
)
def test_a_value_is_written_as_people_write_it(value: Json, words: str) -> None:
    with speaking("vi"):
        assert value_words(value) == words


def test_an_amount_is_grouped_as_the_language_does() -> None:
    with speaking("en"):
        assert value_words(14_500_000) == "14,500,000"


def test_a_code_list_has_words_in_both_languages() -> None:
    [words] = (one.list_words for one in PROCEDURES if one.list_words)
    content: dict[str, Json] = {"change_code": "TD", "change_title": "TD - Tăng do chuyển đơn vị", "declaration_type": "1"}
    assert words(content, "change_title") == ("TD – Tăng do chuyển đơn vị", "TD – Joins from another employer")
    assert words(content, "declaration_type_title") == ("Tăng lao động", "More workers")
    assert words(content, "job_title") is words({}, "change_title") is None


def test_what_was_chosen_is_shown_as_it_was_to_be_chosen() -> None:
    wishes, channel = ASKED["change_personal_data", "changes"], ASKED["change_personal_data", "preferred_channel"]
    with speaking("en"):
        assert value_words(["email", "facility"], wishes) == "E-mail address, First health facility"
        assert value_words("EMAIL", channel) == next(one.label[1] for one in channel.choices if one.value == "EMAIL")
        assert value_words("of another version", channel) == "of another version"
