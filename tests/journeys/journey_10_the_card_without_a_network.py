"""10. At a commune's clinic there is no network. The card that somebody kept on their own phone opens all the same, and says how old it is."""

import pytest
from playwright.sync_api import Error

from tests.journeys.stage import SCRIPTED_WAYS, Stage, Way


@pytest.mark.parametrize("way", SCRIPTED_WAYS, ids=str)
def test_the_card_opens_without_a_network(stage: Stage, way: Way) -> None:
    somebody = stage.grounds.workers[-1]
    with stage.visit(way, service_workers="allow") as visit:
        visit.sign_in(somebody.pin)
        visit.go("/the")
        visit.is_sound()
        visit.page.get_by_role("button", name="Lưu trên máy này", exact=True).click()
        visit.awaits("Đã lưu. Thẻ này mở được khi không có mạng")
        visit.page.context.set_offline(True)
        for path in ("/the", "/the/trinh"):
            visit.page.goto(f"{stage.grounds.stack.address}{path}")
            visit.reads(somebody.full_name)
            visit.reads("Không có mạng. Đây là bản lưu trên máy lúc")
            assert visit.page.locator(".qr svg").is_visible()
        visit.page.goto(f"{stage.grounds.stack.address}/chia-se")
        visit.reads("Biểu mẫu không được gửi khi không có mạng")
        visit.page.context.set_offline(False)
        visit.go("/dang-xuat")
        visit.press("Đăng xuất")
        visit.page.context.set_offline(True)
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):  # signing out took the copy and all else we kept
            visit.page.goto(f"{stage.grounds.stack.address}/the")
