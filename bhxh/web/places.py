"""The few places of each role: one list, shown as a bar on top and, on a phone, at the bottom. A place is listed when its page stands."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a bar."""

    path: str
    icon: str
    long: tuple[str, str]
    """Vietnamese, English; on a wide screen."""
    short: tuple[str, str]
    """On a phone: a fifth of its width."""


CITIZEN: Final = (
    Place("/so", "book", ("Sổ của tôi", "My book"), ("Sổ", "Book")),
    Place("/the", "card", ("Thẻ BHYT", "Health card"), ("Thẻ BHYT", "Card")),
    Place("/ho-so", "file", ("Hồ sơ", "Dossiers"), ("Hồ sơ", "Dossiers")),
    Place("/chia-se", "share", ("Chia sẻ", "Sharing"), ("Chia sẻ", "Sharing")),
    Place("/thong-bao", "bell", ("Thông báo", "Notices"), ("Thông báo", "Notices")),
)
EMPLOYER: Final = (
    Place("/don-vi", "building", ("Tổng quan", "Overview"), ("Tổng quan", "Overview")),
    Place("/don-vi/lao-dong", "person", ("Lao động", "Workers"), ("Lao động", "Workers")),
    Place("/don-vi/khai-bao", "table", ("Khai báo", "Declare"), ("Khai báo", "Declare")),
    Place("/don-vi/ho-so", "file", ("Hồ sơ đã nộp", "Filings"), ("Hồ sơ", "Filings")),
    Place("/don-vi/quyen", "share", ("Quyền", "Rights"), ("Quyền", "Rights")),
)
OFFICER: Final = (
    Place("/can-bo/viec", "tasks", ("Hàng việc", "Work queue"), ("Việc", "Queue")),
    Place("/can-bo/so", "book", ("Sổ", "Books"), ("Sổ", "Books")),
    Place("/can-bo/so-hoa", "scan", ("Số hóa", "Paper desk"), ("Số hóa", "Paper")),
    Place("/can-bo/tra-cuu", "search", ("Tra cứu", "Look up"), ("Tra cứu", "Look up")),
    Place("/can-bo/bao-sai", "alert", ("Báo sai", "Mistakes"), ("Báo sai", "Mistakes")),
)
RECEPTION: Final = (
    Place("/can-bo/tai-quay", "person", ("Tại quầy", "At the counter"), ("Tại quầy", "Counter")),
    *OFFICER[:4],
)
"""WHY without the last: six do not fit on a phone; reports of mistakes are led to from the counter."""
OPERATOR: Final = (
    Place("/van-hanh", "clock", ("Vận hành", "Operation"), ("Số liệu", "Numbers")),
    Place("/van-hanh/cho-lau", "file", ("Chờ cán bộ", "Waiting"), ("Chờ", "Waiting")),
    Place("/van-hanh/phieu-cham", "alert", ("Phiếu chậm", "Late receipts"), ("Chậm", "Late")),
    Place("/van-hanh/thu-tra-lai", "mail", ("Thư trả lại", "Returned letters"), ("Thư", "Letters")),
    Place("/van-hanh/ho-so-dung", "cross", ("Hồ sơ dừng", "Held up"), ("Dừng", "Held up")),
)
BARS: Final = {"citizen": CITIZEN, "employer": EMPLOYER, "officer": OFFICER, "reception": RECEPTION, "operator": OPERATOR}
"""LIMIT: five on a phone; `tests/unit/web` holds to it."""
