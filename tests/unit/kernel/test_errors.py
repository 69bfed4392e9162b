"""Errors: kinds, sentences in two languages, and nothing of a person in `str(error)`."""

import logging

import pytest

from bhxh.kernel import errors
from bhxh.kernel.errors import (
    BhxhError,
    Conflict,
    Defect,
    Invalid,
    NotAllowed,
    NotFound,
    Refusal,
    Rejected,
    Sentence,
    Trouble,
    Unavailable,
    define,
)

SENTENCE = Sentence("TST-001", "Không có “{name}”.", "There is no “{name}”.")


def test_text_in_both_languages_and_vietnamese_for_any_other() -> None:
    error = NotFound(SENTENCE, name="Nguyễn Thị Mẫu")
    assert error.text() == error.text("vi") == error.text("fr") == "Không có “Nguyễn Thị Mẫu”."
    assert error.text("en") == "There is no “Nguyễn Thị Mẫu”."
    assert error.code == "TST-001"


def test_the_error_as_text_shows_no_parameter(caplog: pytest.LogCaptureFixture) -> None:
    error = Invalid(SENTENCE, where="lines[3].pin", name="001199000001")
    assert str(error) == "TST-001 at lines[3].pin"
    assert str(Invalid(SENTENCE, name="001199000001")) == "TST-001"
    with caplog.at_level(logging.ERROR):
        try:
            raise error
        except Invalid:
            logging.getLogger("test").exception("failed")
    assert "001199000001" not in repr(error) + str(error.args) + caplog.text


def test_a_sentence_may_name_the_place_the_error_speaks_of() -> None:
    error = Invalid(Sentence("TST-003", "Sai ở {where}.", "Wrong at {where}."), where="E12")
    assert (error.text(), error.text("en")) == ("Sai ở E12.", "Wrong at E12.")


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    assert NotFound(SENTENCE, name="{name} {0} {}").text("en") == "There is no “{name} {0} {}”."


@pytest.mark.parametrize(
    ("kind", "family", "status"),
    [
        (Invalid, Refusal, 422),
        (NotAllowed, Refusal, 403),
        (NotFound, Refusal, 404),
        (Conflict, Refusal, 409),
        (Refusal, BhxhError, 400),
        (Unavailable, Trouble, 503),
        (Rejected, Trouble, 502),
        (errors.Nonsense, Trouble, 502),
        (Trouble, BhxhError, 503),
        (Defect, BhxhError, 500),
    ],
)
def test_each_kind_has_its_family_and_status(kind: type[BhxhError], family: type[BhxhError], status: int) -> None:
    assert issubclass(kind, family) and kind.status == status


def test_a_code_is_defined_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "CATALOGUE", {})
    sentence = define("TST-002", "Một.", "One.")
    assert list(errors.CATALOGUE.items()) == [("TST-002", sentence)]
    with pytest.raises(AssertionError, match="TST-002"):
        define("TST-002", "Hai.", "Two.")
    assert errors.CATALOGUE["TST-002"].vi == "Một."
