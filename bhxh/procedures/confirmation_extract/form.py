"""What may be said in a request. Only the number of the signed-in person is needed; nothing else is asked."""

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
from bhxh.procedures.confirmation_extract.errors import CFX_NOT_READABLE

_MAXIMUM_BYTES = 4096  # LIMIT: a request is a number, two months and a line of text


def _month(text: str) -> str:
    return str(Month.parse(text)) if text else ""


class Request(PersonForm):
    """One request. Both months empty: everything."""

    from_month: Annotated[str, AfterValidator(_month)] = ""
    """YYYY-MM or MM/YYYY; empty: from the first month."""
    until_month: Annotated[str, AfterValidator(_month)] = ""
    """The last month, inclusive; empty: to the present."""
    purpose: Annotated[str, Field(max_length=200), AfterValidator(tidy)] = ""
    """The person's own words, printed on the extract; never asked for."""


GUIDE = Guide(
    what=(
        "Bạn nhận bản trích quá trình đóng bảo hiểm xã hội có ký số, dùng được như giấy: để vay ngân hàng, xin thị thực, đổi việc.",
        "You receive a digitally sealed extract of your contributions, as good as paper: for a loan, a visa, a new job.",
    ),
    who=("Người có tham gia bảo hiểm xã hội, cho chính mình hoặc cho con.", "Anybody insured, for themselves or for a child."),
    life_events=(LifeEvent.BOOK, LifeEvent.WORK),
    search_words=("giấy xác nhận bảo hiểm", "trích sao", "chốt sổ", "vay ngân hàng", "thị thực", "extract", "proof of contributions"),
)
QUESTIONS = Questions(
    form=Request,
    known=known_person,
    groups=(
        Group(
            code="noi-dung",
            title=("Nội dung bản trích", "What the extract says"),
            note=(
                "Không bắt buộc trả lời. Bỏ trống cả trang: bản trích ghi toàn bộ quá trình đóng.",
                "Nothing here has to be answered. Left empty, the extract covers everything.",
            ),
            questions=(
                Question(
                    field="from_month",
                    kind=Kind.MONTH,
                    label=("Từ tháng", "From"),
                    hint=("Ví dụ 1 2020", "For example 1 2020"),
                    wrong=("Tháng bắt đầu phải là tháng và năm có thật, ví dụ 1 2020", "The first month must be real, for example 1 2020"),
                    is_optional=True,
                ),
                Question(
                    field="until_month",
                    kind=Kind.MONTH,
                    label=("Đến hết tháng", "Up to and including"),
                    hint=("Ví dụ 10 2026", "For example 10 2026"),
                    wrong=(
                        "Tháng kết thúc phải là tháng và năm có thật, ví dụ 10 2026",
                        "The last month must be real, for example 10 2026",
                    ),
                    is_optional=True,
                ),
                Question(
                    field="purpose",
                    kind=Kind.TEXT,
                    label=("Dùng vào việc gì", "What it is for"),
                    hint=("In trên bản trích. Ví dụ: vay mua nhà", "Printed on the extract. For example: a home loan"),
                    is_optional=True,
                    most_characters=200,
                ),
            ),
        ),
    ),
)


def compose_document(pin: Pin, wishes: Mapping[str, Any] | None = None, *, asked_on: date) -> bytes:
    """The canonical document that a door files for a signed-in person. Raises Invalid CFX-001."""
    return compose_form(Request, pin, wishes, asked_on=asked_on, unreadable=CFX_NOT_READABLE)


def describe_line(content: Mapping[str, Any]) -> tuple[str, str]:
    """The wish in a few words. The person's own words on its purpose are not repeated."""
    first, last = (Month.parse(str(content[name])).shown if content.get(name) else "" for name in ("from_month", "until_month"))
    vi = "".join((f", từ {first}" if first else "", f", đến {last}" if last else "")) or ", toàn bộ"
    en = "".join((f", from {first}" if first else "", f", to {last}" if last else "")) or ", everything"
    return f"Xác nhận quá trình đóng{vi}", f"Confirmation of contributions{en}"


def read(document: bytes) -> Filing:
    """A canonical document back to a filing of exactly one line. Raises Invalid CFX-001."""
    return read_form(Request, document, maximum_bytes=_MAXIMUM_BYTES, unreadable=CFX_NOT_READABLE)
