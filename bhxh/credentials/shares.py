"""What a holder shows somebody for some minutes: which parts of the card or of the book, and in which words. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from bhxh.credentials.contents import Kind, month_of
from bhxh.signing.cbor import Cbor

LONGEST_MINUTES: Final = 60
MOST_AT_ONCE: Final = 5  # LIMIT: standing shares of one person; a sixth ends the oldest
MOST_VIEWS: Final = 20  # LIMIT: openings of one share; then it is over, whoever has the address


class Part(StrEnum):
    """What may be shared apart from the rest."""

    IDENTITY = "IDENTITY"
    NUMBER = "NUMBER"
    VALIDITY = "VALIDITY"
    MONTHS = "MONTHS"
    WORKPLACES = "WORKPLACES"


PARTS: Final = {
    Kind.HEALTH_CARD: frozenset({Part.IDENTITY, Part.NUMBER, Part.VALIDITY}),
    Kind.BOOK_SUMMARY: frozenset({Part.IDENTITY, Part.NUMBER, Part.MONTHS, Part.WORKPLACES}),
}
_ROWS: Final[dict[Part, tuple[tuple[str, str, str], ...]]] = {
    Part.IDENTITY: (
        ("name", "Họ và tên", "Full name"),
        ("born", "Ngày sinh", "Date of birth"),
        ("sex", "Giới tính", "Sex"),
    ),
    Part.NUMBER: (
        ("card", "Mã thẻ BHYT", "Health card"),
        ("book", "Số sổ", "Book number"),
        ("code", "Mã số BHXH", "Social insurance code"),
    ),
    Part.VALIDITY: (
        ("from", "Có giá trị từ", "Valid from"),
        ("until", "Đến hết ngày", "Until the end of"),
        ("level", "Mức hưởng", "Benefit level"),
        ("clinic", "Nơi khám chữa bệnh ban đầu", "First facility"),
        ("five", "Đủ 5 năm liên tục từ", "Five years in a row from"),
    ),
    Part.MONTHS: (
        ("si", "Số tháng đóng BHXH", "Months of social insurance"),
        ("ui", "Số tháng đóng BHTN", "Months of unemployment insurance"),
        ("hi", "Số tháng đóng BHYT", "Months of health insurance"),
    ),
    Part.WORKPLACES: (("work", "Nơi làm việc gần nhất", "Latest workplaces"),),
}
_SEX: Final = {"M": "Nam · Male", "F": "Nữ · Female"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedView:
    """What somebody sees who opened a share."""

    kind: Kind
    rows: tuple[tuple[str, str, str], ...]
    """Vietnamese label, English label, value."""
    expires_at: datetime


def rows_of(content: Mapping[str, Cbor], parts: Collection[Part]) -> tuple[tuple[str, str, str], ...]:
    """Only what the parts name, in their order."""
    chosen = [row for part in Part if part in parts for row in _ROWS[part]]
    return tuple((vi, en, _shown(key, content[key])) for key, vi, en in chosen if key in content)


def _shown(key: str, value: Any) -> str:
    match key:
        case "sex":
            return _SEX.get(value, str(value))
        case "work":
            return "; ".join(f"{name} ({month_of(first).shown} – {month_of(last).shown})" for name, first, last in value)
        case "born" | "from" | "until" | "five" if len(value) == 10:
            return date.fromisoformat(value).strftime("%d/%m/%Y")
    return str(value)
