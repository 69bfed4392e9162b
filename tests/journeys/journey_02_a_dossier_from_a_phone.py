"""2. Somebody sees a wrong month in their book, reports it from their phone with a photo, and follows what becomes of it."""

from pathlib import Path

import pytest

from tests.component.warehouse.test_uploads import JPEG
from tests.journeys.stage import ALL_WAYS, Stage, Visit, Way

_WORDS = "Sổ ghi lương 5.000.000 đồng, hợp đồng của tôi ghi 8.000.000 đồng."


@pytest.mark.parametrize(("number", "way"), list(enumerate(ALL_WAYS)), ids=str)
def test_a_dossier_is_filed_and_followed(stage: Stage, number: int, way: Way, tmp_path: Path) -> None:
    photo = tmp_path / "hop-dong.jpg"
    photo.write_bytes(JPEG)
    with stage.visit(way) as visit:
        visit.sign_in(stage.grounds.others[number].pin)
        _begin(visit)
        _answer(visit)
        visit.press("Tiếp tục")
        visit.send(photo)
        visit.reads("hop-dong.jpg")
        visit.is_sound()
        visit.press("Tiếp tục")
        visit.reads(_WORDS)
        visit.is_sound()
        visit.file("Xác nhận và gửi")
        visit.reads("Mã hồ sơ")
        visit.awaits("Phiếu tiếp nhận đã gửi đến hộp thư của bạn lúc", is_live=False)  # promised by a clock time until then
        visit.is_sound()
        visit.press("Theo dõi hồ sơ này")
        visit.reads("Các bước")
        visit.is_sound()
        visit.go("/thong-bao")
        visit.awaits("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", is_live=False)


def _begin(visit: Visit) -> None:
    visit.go("/thu-tuc")
    visit.fill("Tìm thủ tục", "bao sai")
    visit.press("Tìm")
    visit.is_sound()
    visit.choose("a[href='/thu-tuc/report_mistake']")
    visit.is_sound()
    visit.press("Bắt đầu")
    visit.is_sound()
    visit.press("Bắt đầu")
    visit.choose("main a[href*='/noi-dung']")


def _answer(visit: Visit) -> None:
    visit.page.locator("input[name=q-group][value=social_insurance]").check()
    visit.fill("Sai thế nào?", _WORDS)
