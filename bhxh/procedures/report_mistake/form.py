"""What may be said in a report: which data, which line or field of them, what is wrong, and what would be right."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bhxh.dossiers.known import known_person
from bhxh.dossiers.person_form import PersonForm, compose_form, read_form
from bhxh.dossiers.procedure import Filing
from bhxh.dossiers.questions import Choice, Group, Guide, Kind, LifeEvent, Question, Questions
from bhxh.kernel.data_groups import GROUP_WORDS, DataGroup
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.text import tidy
from bhxh.procedures.report_mistake.errors import RPM_NOT_READABLE

_MAXIMUM_BYTES = 16 * 1024  # LIMIT: 2,000 characters of Vietnamese are 6 KB
WORDS = 2000
"""LIMIT: what is wrong is told in a page; documents are attached to an answer."""


def _said(text: str) -> str:
    said = tidy(text)
    if not said:
        raise ValueError("nothing said")
    return said


class Report(PersonForm):
    """One report."""

    group: DataGroup
    """Which of the seven groups."""
    about: Annotated[str, Field(max_length=200), AfterValidator(tidy)] = ""
    """The line or field, as the book or the copy names it: `2025-03 TA0001`, `birth_on`. May be empty."""
    words: Annotated[str, Field(max_length=WORDS), AfterValidator(_said)]
    """What is wrong, in the person's own words."""
    right: Annotated[str, Field(max_length=500), AfterValidator(tidy)] = ""
    """What would be right, where the person knows."""


GUIDE = Guide(
    what=(
        "Bạn thấy điều gì sai trong sổ, thẻ hoặc dữ liệu về mình thì báo tại đây. Cán bộ kiểm tra và trả lời; không có gì tự thay đổi.",
        "Report here what is wrong in your book, card or data. Officers look into it and answer; nothing changes by itself.",
    ),
    who=("Người có dữ liệu bị sai, hoặc cha mẹ, người giám hộ.", "The person whose data are wrong, a parent or a guardian."),
    life_events=(LifeEvent.BOOK, LifeEvent.PERSON),
    search_words=("báo sai", "sai tên", "sai ngày sinh", "thiếu tháng đóng", "sai mức lương", "mistake", "wrong name", "missing months"),
)
QUESTIONS = Questions(
    form=Report,
    known=known_person,
    act=("Xác nhận và gửi", "Confirm and send"),
    groups=(
        Group(
            code="noi-dung",
            title=("Điều bạn thấy sai", "What is wrong"),
            questions=(
                Question(
                    field="group",
                    kind=Kind.ONE,
                    label=("Phần nào bị sai?", "Which part is wrong?"),
                    missing=("Chọn phần dữ liệu bị sai", "Choose the part that is wrong"),
                    choices=tuple(Choice(value=group.value, label=GROUP_WORDS[group]) for group in DataGroup),
                ),
                Question(
                    field="about",
                    kind=Kind.TEXT,
                    label=("Dòng hoặc mục nào?", "Which line or entry?"),
                    hint=("Ghi như trong sổ. Ví dụ: tháng 3/2025", "As the book has it. For example: March 2025"),
                    is_optional=True,
                    most_characters=200,
                ),
                Question(
                    field="words",
                    kind=Kind.LONG_TEXT,
                    label=("Sai thế nào?", "What is wrong with it?"),
                    hint=(
                        "Ví dụ: sổ ghi lương 5.000.000 đồng, hợp đồng của tôi ghi 8.000.000 đồng",
                        "For example: the book says a wage of 5,000,000, my contract says 8,000,000",
                    ),
                    missing=("Ghi điều bạn thấy sai", "Write what is wrong"),
                    most_characters=WORDS,
                ),
                Question(
                    field="right",
                    kind=Kind.TEXT,
                    label=("Đúng ra phải thế nào?", "What would be right?"),
                    hint=("Ví dụ: 8.000.000 đồng", "For example: 8,000,000"),
                    is_optional=True,
                    most_characters=500,
                ),
            ),
        ),
        Group(
            code="giay-to",
            title=("Giấy tờ cho thấy điều đúng", "Documents that show what is right"),
            note=(
                "Không có giấy tờ vẫn gửi được. Cán bộ tự tra cứu những gì cơ quan nhà nước đã có.",
                "You can send the report without any. Officers look up by themselves what the State already holds.",
            ),
            questions=(
                Question(
                    field="proof",
                    kind=Kind.FILES,
                    label=("Ảnh chụp hoặc tệp PDF", "Photos or PDF files"),
                    hint=("Ví dụ: hợp đồng lao động, bảng lương", "For example: a labour contract, a pay slip"),
                    is_optional=True,
                ),
            ),
        ),
    ),
)


def compose_document(pin: Pin, wishes: Mapping[str, Any] | None = None, *, asked_on: date) -> bytes:
    """The canonical document that a door files for a signed-in person. Raises Invalid RPM-001."""
    return compose_form(Report, pin, wishes, asked_on=asked_on, unreadable=RPM_NOT_READABLE)


def describe_line(content: Mapping[str, Any]) -> tuple[str, str]:
    """The report in a few words. The person's own words are not repeated."""
    vi, en = GROUP_WORDS[DataGroup(content["group"])]
    return f"Báo sai sót: {vi}", f"Report of a mistake: {en}"


def read(document: bytes) -> Filing:
    """A canonical document back to a filing of exactly one line. Raises Invalid RPM-001."""
    return read_form(Report, document, maximum_bytes=_MAXIMUM_BYTES, unreadable=RPM_NOT_READABLE)
