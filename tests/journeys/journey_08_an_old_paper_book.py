"""8. Somebody photographs an old paper book. Two officers certify the pages, two type them without seeing each other's, the difference is settled,
two decide, and the years stand in the electronic book with whence they come."""

from pathlib import Path

import pytest

from tests.component.conversion.conftest import photo
from tests.doors.test_transcripts import LINE
from tests.journeys.stage import ALL_WAYS, Stage, Visit, Way
from tools.people import Client

_WORDS = "Thiếu thời gian tôi làm ở nhà máy dệt."
_DESK = "/can-bo/nhap-so"
_COMPARED = "Tôi đã đối chiếu từng trang với bản giấy, và các trang khớp với bản giấy"


@pytest.mark.parametrize(("number", "way"), list(enumerate(ALL_WAYS)), ids=str)
def test_an_old_book_becomes_lines_of_the_electronic_one(stage: Stage, number: int, way: Way, tmp_path: Path) -> None:
    grounds, somebody = stage.grounds, stage.grounds.workers[6 + number]
    page = tmp_path / "trang-1.jpg"
    page.write_bytes(photo())
    with stage.visit(way) as visit:
        visit.sign_in(somebody.pin)
        code = _send(visit, page)
    first, second = (grounds.officer(login, place, "CONVERTER") for login, place in (("thu", 4), ("mai", 5)))
    with stage.visit(way) as one, stage.visit(way) as other:
        one.sign_in_as(first)
        other.sign_in_as(second)
        _certify(one, other, code)
        for visit, wage in ((one, "2,34"), (other, "2,67")):
            _type(visit, code, wage)
        other.go(f"{_DESK}/{code}/so-sanh")
        other.is_sound()
        other.page.locator("input[type=radio][value=second]").first.check()
        other.press("Thống nhất như trên")
        other.reads("Đã thống nhất")
        other.is_sound()
    _decide(stage, way, grounds.officer("lan", 0), grounds.officer("minh", 2), code)
    with stage.visit(way) as visit:
        visit.sign_in(somebody.pin)
        visit.go(f"/ho-so/{code}/theo-doi")
        visit.awaits("Kết quả đã ở trong kho giấy tờ và thư của bạn", is_live=False)
        visit.go("/so")
        visit.reads(LINE["unit_name"])
        visit.is_sound()


def _send(visit: Visit, page: Path) -> str:
    visit.go("/ho-so/moi/correct_contribution_history")
    visit.press("Bắt đầu")
    visit.choose("main a[href*='/trang-so']")
    visit.send(page)
    visit.press("Tiếp tục")
    visit.fill("Sổ điện tử còn thiếu hoặc sai những gì?", _WORDS)
    visit.press("Tiếp tục")
    visit.file("Xác nhận và nộp")
    visit.reads("Mã hồ sơ")
    return str(visit.page.url.split("/")[-2])


def _certify(one: Visit, other: Visit, code: str) -> None:
    one.go(f"{_DESK}/{code}")
    one.awaits("Số trang có ghi chữ của sổ giấy", is_live=False)
    one.is_sound()
    one.fill("Số trang có ghi chữ của sổ giấy", "1")
    one.page.locator("select[name=co-giay]").select_option("A5")
    one.page.get_by_label(_COMPARED).check()
    one.press("Chuyển đổi các trang này")
    other.go(f"{_DESK}/{code}")
    other.page.get_by_label(_COMPARED).check()
    other.press("Chứng nhận bản chuyển đổi")


def _type(visit: Visit, code: str, wage: str) -> None:
    visit.go(f"{_DESK}/{code}")
    visit.press("Bắt đầu nhập")
    for field, value in {**LINE, "wage": wage}.items():
        visit.page.locator(f"[name='d1-{field}']").fill(value)
    visit.is_sound()
    visit.press("Hoàn thành bản nhập của tôi")


def _decide(stage: Stage, way: Way, first: Client, second: Client, code: str) -> None:
    with stage.visit(way) as visit:
        visit.sign_in_as(first)
        visit.go(f"/can-bo/ho-so/{code}")
        visit.awaits("Chấp nhận", is_live=False)  # as soon as all is gathered
        visit.page.get_by_label("Chấp nhận", exact=True).check()
        visit.fill("Lý do", "Hai bản nhập đã thống nhất, trang sổ rõ.")
        visit.press("Đề xuất")
    with stage.visit(way) as visit:
        visit.sign_in_as(second)
        visit.go(f"/can-bo/ho-so/{code}")
        visit.press("Phê duyệt 1 dòng")
