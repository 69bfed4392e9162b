"""What a person's pages say of a book, a card, a paper: every state, from sealed content alone."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import orjson
import pytest

from bhxh.book.states import BookState
from bhxh.doors.portal.citizen.book_view import BookView, view_book
from bhxh.doors.portal.citizen.card_view import CardView, view_card
from bhxh.doors.portal.citizen.dossier_view import waits_for
from bhxh.doors.portal.citizen.history_view import steps_of_history
from bhxh.dossiers.ports import Answer, AnswerKind, SourceKind
from bhxh.ledger.queries import LineSource
from bhxh.procedures.report_mistake import form as report_mistake
from bhxh.web.languages import speaking
from bhxh.web.qr import qr_of
from bhxh.web.sizes import size_shown
from tests.unit.book.books import AT, composed, header, months

ON = date(2026, 11, 22)
CARD = {
    "card_code": "DN4790000000001",
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
    "state": "VALID",
    "benefit_level": "4",
    "facility_code": "79001",
    "five_year_on": None,
    "participant_type": "DN",
    "area_code": "",
}
QR = qr_of("x")


def _book(**more: Any) -> dict[str, Any]:
    book: dict[str, Any] = orjson.loads(composed(months("2026-01", 3), **more).payload)
    return book


def _shown(book: dict[str, Any], *, qr: Any = None) -> CardView | None:
    return view_card(
        book,
        on=ON,
        qr=qr,
        facility_of=lambda code: {"79001": "Trạm y tế phường Mẫu"}.get(code, ""),
        type_of=lambda code: {"DN": "Người lao động trong doanh nghiệp"}.get(code, ""),
    )


@pytest.mark.parametrize(
    ("changes", "state", "kind", "advice"),
    [
        ({"valid_until": "2026-11-21"}, "Hết hạn", "late", "Thẻ đã hết hạn"),
        ({"state": "TEMP_LOCKED"}, "Tạm khóa", "late", "đang tạm khóa"),
        ({"state": "WITHDRAWN"}, "Đã thu hồi", "late", "Thẻ đã thu hồi"),
        ({"state": "REPLACED"}, "Đã đổi thẻ", "late", "Thẻ này đã được đổi"),
        ({"valid_from": "2026-12-01"}, "Chưa có hiệu lực", "wait", "chưa đến ngày"),
        ({}, "Còn hiệu lực", "ok", "Chưa tạo được mã QR"),
    ],
)
def test_a_card_without_a_code_says_why_and_what_to_do(changes: dict[str, str], state: str, kind: str, advice: str) -> None:
    card = _shown(_book(health_cover=[{**CARD, **changes}]))
    assert card is not None
    assert (card.state, card.state_kind) == (state, kind) and advice in card.advice


def test_a_card_that_holds_says_until_when_and_where() -> None:
    card = _shown(_book(health_cover=[CARD]), qr=QR)
    assert card is not None
    assert (card.advice, card.until, card.code) == ("", "31/12/2026", "DN479 00000 00001")
    assert ("Nơi khám ban đầu", "Trạm y tế phường Mẫu", "is-wide") in card.facts
    assert ("Đối tượng", "Người lao động trong doanh nghiệp", "is-wide") in card.facts
    rural = _shown(_book(health_cover=[{**CARD, "area_code": "K2", "participant_type": "ZZ"}]), qr=QR)
    assert rural is not None
    assert ("Khu vực", "K2", "") in rural.facts and ("Đối tượng", "ZZ", "is-wide") in rural.facts
    endless = _shown(_book(health_cover=[{**CARD, "valid_until": None, "facility_code": "00000"}]), qr=QR)
    assert endless is not None
    assert endless.until == "" and ("Đến hết ngày", "không giới hạn", "") in endless.facts
    assert ("Nơi khám ban đầu", "00000", "is-wide") in endless.facts, "a facility we do not know is told by its code"


def test_who_never_had_a_card_has_none() -> None:
    assert _shown(_book()) is None


def _view(state: BookState = BookState.ACTIVE, *, procedure: str = "") -> BookView:
    book = orjson.loads(composed(months("2026-01", 1), its_header=header(state=state)).payload)
    dossier = UUID(int=1)
    source = LineSource(AT, dossier if procedure else None, "Law 41/2024/QH15, Art. 31")
    return view_book(book, address="https://bhxh.example/x", sources={1: source}, dossiers={dossier: ("G12.1", procedure)})


@pytest.mark.parametrize("state", [state for state in BookState if state is not BookState.NONE])
def test_a_book_that_is_not_in_use_says_so_in_both_languages(state: BookState) -> None:
    for language in ("vi", "en"):
        with speaking(language):
            assert bool(_view(state).warning) is (state is not BookState.ACTIVE)


@pytest.mark.parametrize(
    ("procedure", "words", "is_own"),
    [
        ("", "Chuyển từ hệ thống trước đây", False),
        ("register_employees", "Đơn vị khai báo", False),
        ("correct_contribution_history", "hai cán bộ đối chiếu", True),
        ("report_mistake", "Ghi theo một hồ sơ", True),
    ],
)
def test_each_row_says_how_it_is_known(procedure: str, words: str, is_own: bool) -> None:
    [source] = _view(procedure=procedure).rows[0].sources
    assert source.how.startswith(words) or words in source.how
    assert source.how.endswith("21/11/2026.")
    assert (source.is_own, source.basis) == (is_own, "Luật số 41/2024/QH15, Điều 31")


def test_a_report_of_a_mistake_begins_with_the_row_it_is_about() -> None:
    [row] = _view().rows
    asked = parse_qs(urlsplit(row.mistake).query)
    assert asked == {"q-group": ["social_insurance"], "q-about": [row.span]} and "01/2026" in row.span
    assert {"group", "about"} <= {question.field for question in report_mistake.QUESTIONS.every}, "what the link fills in is asked there"


def test_a_benefit_says_by_which_decision_it_is_known() -> None:
    event = {
        "scheme": "MATERNITY",
        "from_on": "2024-01-01",
        "decision_number": "12/QĐ",
        "decided_on": "2024-02-01",
        "amount_vnd": 5_000_000,
    }
    book = _book(benefits=[{**event, "status": "PAID"}])
    [shown] = view_book(book, address="https://bhxh.example/x", sources={}, dossiers={}).benefits
    assert shown.decision == "Theo quyết định số 12/QĐ ngày 01/02/2024."
    assert parse_qs(urlsplit(shown.mistake).query)["q-about"] == ["Quyết định số 12/QĐ"]
    [without] = view_book(
        _book(benefits=[{**event, "status": "PAID", "decision_number": ""}]), address="https://bhxh.example/x", sources={}, dossiers={}
    ).benefits
    assert parse_qs(urlsplit(without.mistake).query)["q-about"] == ["Quyền lợi từ 01/01/2024"], "an illness lies in no address"


def test_who_waits_for_a_silent_register_is_told_and_need_do_nothing() -> None:
    def answer(kind: AnswerKind) -> Answer:
        return Answer(subject="1", kind=kind, source_kind=SourceKind.NATIONAL_DB, source_system="x", fetched_at=AT)

    silent, answered = answer(AnswerKind.UNAVAILABLE), answer(AnswerKind.ANSWERED)
    with speaking("vi"):
        words = waits_for([("population", silent)])
        assert words.startswith("Chưa kiểm tra được với Cơ sở dữ liệu quốc gia về dân cư. Bạn không phải làm gì")
        assert waits_for([("population", silent), ("population", answered)]) == waits_for([]) == ""
    with speaking("en"):
        assert "the population register and the business register" in waits_for([("business", silent), ("population", silent)])


def test_a_history_compares_each_version_with_the_one_before() -> None:
    older, newer = orjson.loads(composed(months("2026-01", 1)).payload), _book()
    newest, middle, first = steps_of_history([(3, AT, newer), (2, AT, newer), (1, datetime(2026, 1, 1, tzinfo=UTC), older)])
    assert (newest.changes, newest.is_first) == ((), False)
    assert [kind for kind, _ in middle.changes] == ["added"]
    assert (first.is_first, first.sealed_at) == (True, "07:00 01/01/2026")


@pytest.mark.parametrize(("size", "shown"), [(1, "1 KB"), (312 * 1024, "312 KB"), (1_500_000, "1,4 MB"), (10 << 20, "10 MB")])
def test_sizes_are_read_as_people_write_them(size: int, shown: str) -> None:
    with speaking("vi"):
        assert size_shown(size) == shown
