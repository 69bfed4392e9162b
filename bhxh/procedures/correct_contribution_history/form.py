"""What a person says about an old book: which months are missing or wrong. The book itself comes as photos of its pages."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bhxh.dossiers.known import known_person
from bhxh.dossiers.person_form import PersonForm, compose_form, read_form
from bhxh.dossiers.procedure import Filing
from bhxh.dossiers.questions import Group, Guide, Kind, LifeEvent, Question, Questions
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.kernel.text import tidy
from bhxh.procedures.correct_contribution_history.errors import CCH_NOT_READABLE

_MAXIMUM_BYTES = 8192  # LIMIT: two months and half a page of words
WORDS = 1000
BOOK = "so-giay"
"""Code of the component that the pages of the book are."""


def _month(text: str) -> str:
    return str(Month.parse(text)) if text else ""


def _said(text: str) -> str:
    said = tidy(text)
    if not said:
        raise ValueError("nothing said")
    return said


class Request(PersonForm):
    """One request to enter an old book."""

    words: Annotated[str, Field(max_length=WORDS), AfterValidator(_said)]
    """Which time is missing or wrong, in the person's own words."""
    from_month: Annotated[str, AfterValidator(_month)] = ""
    until_month: Annotated[str, AfterValidator(_month)] = ""
    """The months it is about, where the person knows them; the book says the rest."""


GUIDE = Guide(
    what=(
        "Bạn gửi ảnh các trang sổ giấy cũ; hai cán bộ nhập độc lập, so với nhau rồi ghi vào sổ điện tử. Bạn thấy từng tháng được ghi theo sổ nào.",
        "You send photos of your old paper book; two officers type it independently, compare, and enter it into your electronic book.",
    ),
    who=("Người có sổ giấy mà sổ điện tử còn thiếu hoặc ghi khác.", "Anybody whose paper book says more than the electronic one."),
    life_events=(LifeEvent.BOOK, LifeEvent.WORK, LifeEvent.RETIREMENT),
    search_words=(
        *("sổ giấy", "sổ cũ", "thiếu quá trình đóng", "sai quá trình đóng", "gộp sổ", "tờ rời", "nhập sổ", "paper book", "missing months"),
    ),
)
QUESTIONS = Questions(
    form=Request,
    known=known_person,
    groups=(
        Group(
            code="trang-so",
            title=("Các trang sổ giấy", "Pages of the paper book"),
            note=(
                "Chụp bìa và mọi trang có ghi chữ, mỗi trang một ảnh, đủ sáng, thấy cả bốn góc. Giữ sổ giấy: cán bộ có thể hẹn xem bản gốc.",
                "The cover and every page with writing, one photo each, well lit, all four corners in sight. Keep the book: officers may ask to see it.",
            ),
            questions=(
                Question(
                    field=BOOK,
                    kind=Kind.FILES,
                    label=("Ảnh hoặc bản quét các trang sổ", "Photos or scans of the pages"),
                    hint=("JPEG, PNG hoặc PDF, mỗi tệp tối đa 10 MB", "JPEG, PNG or PDF, at most 10 MB each"),
                    missing=("Chụp các trang sổ giấy rồi chọn ảnh ở đây", "Photograph the pages of the book, then choose the photos here"),
                ),
            ),
        ),
        Group(
            code="dieu-con-thieu",
            title=("Điều còn thiếu hoặc sai", "What is missing or wrong"),
            questions=(
                Question(
                    field="words",
                    kind=Kind.LONG_TEXT,
                    label=("Sổ điện tử còn thiếu hoặc sai những gì?", "What does the electronic book lack, or say wrongly?"),
                    hint=(
                        "Ví dụ: thiếu thời gian tôi làm ở nhà máy dệt từ 2003 đến 2008",
                        "For example: my time at the textile mill from 2003 to 2008 is missing",
                    ),
                    missing=("Ghi điều còn thiếu hoặc sai", "Write what is missing or wrong"),
                    most_characters=WORDS,
                ),
                Question(
                    field="from_month",
                    kind=Kind.MONTH,
                    label=("Từ tháng", "From"),
                    hint=("Nếu bạn nhớ. Ví dụ 3 2003", "If you remember. For example 3 2003"),
                    wrong=("Tháng bắt đầu phải là tháng và năm có thật, ví dụ 3 2003", "The first month must be real, for example 3 2003"),
                    is_optional=True,
                ),
                Question(
                    field="until_month",
                    kind=Kind.MONTH,
                    label=("Đến hết tháng", "Up to and including"),
                    hint=("Nếu bạn nhớ. Ví dụ 12 2008", "If you remember. For example 12 2008"),
                    wrong=(
                        "Tháng kết thúc phải là tháng và năm có thật, ví dụ 12 2008",
                        "The last month must be real, for example 12 2008",
                    ),
                    is_optional=True,
                ),
            ),
        ),
    ),
)


def compose_document(pin: Pin, wishes: Mapping[str, Any] | None = None, *, asked_on: date) -> bytes:
    """The canonical document that a door files for a signed-in person. Raises Invalid CCH-001."""
    return compose_form(Request, pin, wishes, asked_on=asked_on, unreadable=CCH_NOT_READABLE)


def describe_line(content: Mapping[str, Any]) -> tuple[str, str]:
    """The request in a few words. The person's own words are not repeated."""
    first, last = (Month.parse(str(content[name])).shown if content.get(name) else "" for name in ("from_month", "until_month"))
    vi = "".join((f", từ {first}" if first else "", f", đến {last}" if last else ""))
    en = "".join((f", from {first}" if first else "", f", to {last}" if last else ""))
    return f"Ghi quá trình đóng theo sổ giấy{vi}", f"Contributions as in the paper book{en}"


def read(document: bytes) -> Filing:
    """A canonical document back to a filing of exactly one line. Raises Invalid CCH-001."""
    return read_form(Request, document, maximum_bytes=_MAXIMUM_BYTES, unreadable=CCH_NOT_READABLE)
