"""What a version changed, told in both languages."""

from typing import Any

import orjson

from bhxh.book.differences import differences
from bhxh.book.states import BookState
from tests.unit.book.books import PERSON, composed, header, line, months

_CARD = {"card_code": "DN4790000000001", "valid_from": "2026-01-01", "valid_until": None, "state": "VALID"}
_BENEFIT = {
    "scheme": "MATERNITY",
    "decision_number": "12/QĐ",
    "decided_on": "2026-03-01",
    "from_on": "2026-03-01",
    "until_on": None,
    "amount_vnd": 30_000_000,
    "paying_office": "",
    "status": "AWARDED",
}


def _told(before: list[dict[str, Any]], after: list[dict[str, Any]], *, changed: dict[str, Any] | None = None, **blocks: Any) -> list[Any]:
    older = orjson.loads(composed(before).payload)
    newer = orjson.loads(composed(after, its_header=header(version=2, **(changed or {})), **blocks).payload)
    return [(one.kind, one.vi, one.en) for one in differences(older, newer)]


def test_a_book_that_was_only_sealed_anew_changed_nothing() -> None:
    assert _told(months("2025-01", 3), months("2025-01", 3)) == []


def test_months_that_came_are_told_as_one_row() -> None:
    [(kind, vi, en)] = _told(months("2025-01", 3), months("2025-01", 5))
    assert kind == "added"
    assert vi == "Thêm 2 tháng đóng (04/2025 – 05/2025) tại Công ty CP Thực phẩm Sông Lam, tiền lương 10.000.000 đồng"
    assert en == "Added: 2 months (04/2025 – 05/2025) at Công ty CP Thực phẩm Sông Lam, wage 10,000,000 VND"


def test_a_month_taken_back_is_told_by_what_it_said_and_what_replaced_it() -> None:
    before = months("2025-01", 2)
    after = [*before, line(3, "2025-02", reverses=2, sign=-1), line(4, "2025-02", salary_base_vnd=12_000_000)]
    assert [(kind, vi.partition(" tháng")[0], "12.000.000" in vi) for kind, vi, _ in _told(before, after)] == [
        ("removed", "Bỏ 1", False),
        ("added", "Thêm 1", True),
    ]


def test_the_person_the_state_the_card_and_benefits_are_told() -> None:
    told = _told(
        [],
        [],
        changed={"state": BookState.SUSPENDED},
        person={**PERSON, "full_name": "Nguyễn Thị Minh Hạnh", "birth_on": "1988-03-13"},
        health_cover=[_CARD],
        benefits=[_BENEFIT],
        unemployment_cover={"preserved_months": 1, "as_of_on": "2026-05-01", "note": ""},
    )
    assert [vi for _, vi, _ in told] == [
        "Tình trạng sổ: Đang sử dụng → Tạm thu hồi",
        "Ngày sinh: 12/03/1988 → 13/03/1988",
        "Thêm chế độ hưởng: Thai sản, từ 01/03/2026, 30.000.000 đồng, đã có quyết định",
        "Thêm thẻ bảo hiểm y tế DN4790000000001: từ 01/01/2026, còn hiệu lực",
        "Bảo hiểm thất nghiệp được bảo lưu: 1 tháng, tính đến 01/05/2026",
    ]
    assert told[-1][2] == "Unemployment insurance kept for later: 1 month, as of 01/05/2026"
