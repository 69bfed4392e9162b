"""What people type is read as they mean it; what cannot be read is said at its field, with what to do, and nothing typed is lost."""

from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bhxh.dossiers.questions import Choice, Condition, Group, Kind, Question, Questions
from bhxh.kernel.errors import CATALOGUE, Invalid, define
from bhxh.web.form_fields import fields_of, summary_of
from bhxh.web.form_reading import Problem, Reading, read_answers, read_whole, shown_answer, take_typed
from bhxh.web.languages import speaking

if "TST-941" not in CATALOGUE:
    define("TST-941", "Ngày kết thúc phải sau ngày bắt đầu.", "The last day must be after the first.")


class Bank(BaseModel):
    account: Annotated[str, Field(pattern=r"^\d{6,19}$")] = ""


class Leave(BaseModel):
    model_config = ConfigDict(extra="forbid")

    from_on: str = ""
    until_on: str = ""
    month: str = ""
    wage: Annotated[int, Field(gt=0)] = 1
    children: Annotated[int, Field(ge=0, le=20)] = 0
    how: str = ""
    bank: Bank = Bank()
    reasons: list[str] = []
    words: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> "Leave":
        if self.until_on and self.until_on < self.from_on:
            raise Invalid(CATALOGUE["TST-941"], where="until_on")
        return self


def question(field: str, kind: Kind, **more: object) -> Question:
    return Question(field=field, kind=kind, label=(f"Ô {field}", f"Box {field}"), **{"is_optional": True, **more})  # type: ignore[arg-type]


HOW = question(
    "how",
    Kind.ONE,
    is_optional=False,
    missing=("Chọn cách bạn muốn nhận tiền", "Choose how you want to be paid"),
    choices=(Choice(value="account", label=("Tài khoản", "Account")), Choice(value="cash", label=("Tiền mặt", "Cash"))),
)
ACCOUNT = question(
    "bank.account",
    Kind.DIGITS,
    is_optional=False,
    missing=("Nhập số tài khoản ngân hàng", "Enter your bank account number"),
    asked_if=Condition(field="how", is_one_of=("account",)),
)
MANY = question("reasons", Kind.SEVERAL, choices=tuple(Choice(value=one, label=(one, one)) for one in ("a", "b", "c")))
ONE_PAGE = Group(
    code="mot",
    title=("Một", "One"),
    questions=(
        question("from_on", Kind.DATE),
        question("until_on", Kind.DATE),
        question("month", Kind.MONTH),
        question("wage", Kind.MONEY),
        question("children", Kind.NUMBER),
        HOW,
        ACCOUNT,
        MANY,
        question("words", Kind.LONG_TEXT, most_characters=10),
    ),
)
FILES = Group(
    code="hai",
    title=("Hai", "Two"),
    questions=(question("proof", Kind.FILES, is_optional=False, missing=("Gửi ảnh giấy ra viện", "Send a photo of the paper")),),
)
LEAVE = Questions(form=Leave, groups=(ONE_PAGE, FILES))


def read(**typed: str) -> Reading:
    return read_answers(LEAVE, {f"q-{name}": [value] for name, value in {"how": "cash", **typed}.items()}, files={"proof": 1})


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ({"from_on-d": "5", "from_on-m": "02", "from_on-y": "2026"}, "from_on", "2026-02-05"),
        ({"from_on-d": " 05 ", "from_on-m": "2", "from_on-y": "2026"}, "from_on", "2026-02-05"),
        ({"from_on-d": "5/2/2026"}, "from_on", "2026-02-05"),
        ({"from_on-d": "05-02-2026"}, "from_on", "2026-02-05"),
        ({"month-m": "1", "month-y": "2020"}, "month", "2020-01"),
        ({"month-m": "01/2020"}, "month", "2020-01"),
        ({"wage": "14500000"}, "wage", 14_500_000),
        ({"wage": "14.500.000"}, "wage", 14_500_000),
        ({"wage": "14,500,000"}, "wage", 14_500_000),
        ({"wage": "14 500 000 đồng"}, "wage", 14_500_000),
        ({"wage": "14.500.000đ"}, "wage", 14_500_000),
        ({"children": " 2 "}, "children", 2),
        ({"how": "account", "bank-account": "0071 000-123.456"}, "bank.account", "0071000123456"),
        ({"words": " một  hai "}, "words", "một  hai"),
        ({"reasons": "b"}, "reasons", ["b"]),
    ],
)
def test_what_is_meant_is_read(typed: dict[str, str], field: str, value: object) -> None:
    reading = read(**typed)
    assert reading.problems == ()
    assert reading.values[field] == value


@pytest.mark.parametrize(
    ("typed", "at", "vi"),
    [
        ({"from_on-d": "5", "from_on-y": "2026"}, "q-from_on-m", "Ô from_on: thiếu tháng. Nhập đủ, ví dụ 2 11 2026"),
        ({"from_on-d": "31", "from_on-m": "2", "from_on-y": "2026"}, "q-from_on-d", "Ô from_on: không có 31/2/2026. Kiểm tra lại"),
        ({"from_on-d": "1", "from_on-m": "13", "from_on-y": "2026"}, "q-from_on-m", "Ô from_on: không có 1/13/2026. Kiểm tra lại"),
        ({"from_on-d": "1", "from_on-m": "1", "from_on-y": "26"}, "q-from_on-y", "Ô from_on: năm phải là 4 chữ số, ví dụ 2 11 2026"),
        ({"from_on-d": "một", "from_on-m": "1", "from_on-y": "2026"}, "q-from_on-d", "Ô from_on: ngày phải là số, ví dụ 2 11 2026"),
        ({"month-m": "0", "month-y": "2026"}, "q-month-m", "Ô month: không có 0/2026. Kiểm tra lại"),
        ({"month-m": "9" * 20, "month-y": "2026"}, "q-month-m", "Ô month: tháng phải là số, ví dụ 11 2026"),
        ({"from_on-d": "9" * 5000, "from_on-m": "1", "from_on-y": "2026"}, "q-from_on-d", "Ô from_on: ngày phải là số, ví dụ 2 11 2026"),
        ({"wage": "9" * 5000}, "q-wage", "Ô wage phải là số tiền bằng đồng, ví dụ 14.500.000"),
        ({"wage": "14.50.000"}, "q-wage", "Ô wage phải là số tiền bằng đồng, ví dụ 14.500.000"),
        ({"wage": "0"}, "q-wage", "Ô wage phải là số tiền bằng đồng, ví dụ 14.500.000"),
        ({"children": "hai"}, "q-children", "Ô children phải là số, ví dụ 12"),
        ({"children": "21"}, "q-children", "Ô children phải là số, ví dụ 12"),
        ({"how": "by pigeon"}, "q-how", "Chọn cách bạn muốn nhận tiền"),
        ({"how": "account"}, "q-bank-account", "Nhập số tài khoản ngân hàng"),
        ({"how": "account", "bank-account": "12x456"}, "q-bank-account", "Ô bank.account chỉ gồm chữ số. Kiểm tra lại rồi nhập lại"),
        ({"words": "mười một ký tự"}, "q-words", "Ô words: tối đa 10 ký tự, bạn nhập 14. Viết ngắn lại"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_box(typed: dict[str, str], at: str, vi: str) -> None:
    [problem] = read(**typed).problems
    assert (problem.at, problem.words[0]) == (at, vi)
    assert "{" not in problem.words[1]


def test_a_question_that_is_not_asked_is_neither_missed_nor_read() -> None:
    assert "bank.account" not in read(**{"how": "cash", "bank-account": "0071000123456"}).values


def test_documents_are_missed_where_there_are_none() -> None:
    [problem] = read_answers(LEAVE, {"q-how": ["cash"]}).of(FILES)
    assert problem.words[0] == "Gửi ảnh giấy ra viện"


def test_answers_lie_where_the_form_type_has_them() -> None:
    reading = read(**{"how": "account", "bank-account": "0071000123456"})
    assert reading.content() == {"how": "account", "bank": {"account": "0071000123456"}}


def test_what_only_all_answers_together_show_is_said_at_the_field_it_names() -> None:
    dates = {"from_on-d": "5/2/2026", "until_on-d": "4/2/2026"}
    assert read_whole(LEAVE, read(**dates), {}) == (
        Problem(
            field="until_on", at="q-until_on-d", words=("Ngày kết thúc phải sau ngày bắt đầu.", "The last day must be after the first.")
        ),
    )
    assert read_whole(LEAVE, read(**{"from_on-d": "5/2/2026"}), {}) == ()


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("wage", 14_500_000, ("14.500.000 đồng", "14,500,000 VND")),
        ("from_on", "2026-02-05", ("05/02/2026", "05/02/2026")),
        ("month", "2020-01", ("01/2020", "01/2020")),
        ("how", "cash", ("Tiền mặt", "Cash")),
        ("reasons", ["a", "c"], ("a; c", "a; c")),
        ("words", "", ("", "")),
    ],
)
def test_answers_are_read_back_in_words(field: str, value: object, shown: tuple[str, str]) -> None:
    asked = next(one for one in LEAVE.every if one.field == field)
    assert shown_answer(asked, value) == shown  # type: ignore[arg-type]


def test_what_was_typed_comes_back_as_it_was_typed_with_what_is_wrong() -> None:
    typed = take_typed(ONE_PAGE, {"q-from_on-d": ["31"], "q-from_on-m": ["2\x00"], "q-from_on-y": ["2026"], "else": ["x"]})
    assert typed["q-from_on-m"] == ["2"]
    assert "else" not in typed
    problems = read_answers(LEAVE, typed).of(ONE_PAGE)
    with speaking("vi"):
        fields = {field.given["name"]: field for field in fields_of(ONE_PAGE, typed, problems)}
        assert [at for at, _ in summary_of(problems)] == ["q-from_on-d", "q-how"]
    assert [part[3] for part in fields["q-from_on"].given["parts"]] == ["31", "2", "2026"]
    assert fields["q-from_on"].given["wrong_part"] == "d"
    assert (fields["q-bank-account"].asked_if, fields["q-bank-account"].asked_values) == ("q-how", "account")
    assert fields["q-bank-account"].condition == "Tài khoản"
