"""A mother files for her child on a phone, forgets in which tab she is, and nothing goes to the wrong person."""

import pytest
from playwright.sync_api import Browser

from tests.doors.chromium import window
from tests.doors.live import Live
from tests.doors.test_counter import meet_family
from tests.doors.test_filing_in_a_browser import begin, is_sound, press

EXTRACT = "confirmation_extract"


@pytest.mark.parametrize(
    ("has_scripts", "purpose"), [(True, "Học bổng của cháu"), (False, "Lớp học hè của cháu")], ids=["scripts", "no scripts"]
)
def test_a_parent_files_for_a_child_and_two_tabs_never_mix_them_up(
    live: Live, browser: Browser, *, has_scripts: bool, purpose: str
) -> None:
    """Each time for another purpose: what was filed before would not be filed again."""
    meet_family(live.world)
    name = live.world.population.by_pin()[live.world.people["child"]].full_name
    with window(browser, live.address, cookies={"bhxh-session": live.cookie("parent")}, has_scripts=has_scripts) as opened:
        page = opened.page
        opened.go("/dai-dien")
        if has_scripts:
            is_sound(opened, "dai-dien-co-nguoi")
        opened.press(page.get_by_role("button", name=f"Làm thay {name}"))
        banner = page.locator(".acting--for")
        for place in ("/so", "/the", "/ho-so", "/kho", "/chia-se", "/thong-bao", "/ai-da-xem", "/toi"):
            opened.go(place)
            assert f"Bạn đang làm thay cho {name}" in banner.inner_text(), place
        opened.go("/ho-so")
        before = page.locator("article.dossier").count()
        opened.go("/tro-giup")
        if has_scripts:
            is_sound(opened, "lam-thay-trang-chung")
        opened.press(page.get_by_role("link", name="Về trang bạn đang làm việc"))
        assert page.locator("h1").inner_text() == f"Sổ bảo hiểm xã hội của {name}" and name not in page.title()
        if has_scripts:
            opened.go("/toi")
            is_sound(opened, "lam-thay-toi")
            opened.go("/dai-dien")
            is_sound(opened, "dai-dien-dang-lam-thay")
        draft = begin(opened, EXTRACT)
        opened.go(f"{draft}/noi-dung")
        page.locator("#q-purpose").fill(purpose)
        other = page.context.new_page()
        other.goto(f"{live.address}/ho-so")
        opened.press(other.get_by_role("button", name="Thôi làm thay"))
        assert "Bạn đã thôi làm thay" in other.locator("main").inner_text() and other.locator(".acting--for").count() == 0
        if has_scripts:
            page.locator("#q-purpose").press_sequentially(" lớn")
            page.get_by_text("Trang này mở ra trước khi bạn đổi người làm thay").wait_for()
            opened.keep("lam-thay-tu-luu-390")
            page.locator("#q-purpose").fill(purpose)
        press(opened, "Tiếp tục")
        assert "những gì bạn nhập vẫn còn ở đây" in page.locator("h1").inner_text()
        if has_scripts:
            is_sound(opened, "lam-thay-the-khac")
        opened.press(other.get_by_role("button", name=f"Làm thay {name}"))
        press(opened, "Tôi đã đổi lại, đi tiếp")
        press(opened, "Gửi tiếp")
        assert page.locator("h1").inner_text() == "Kiểm tra lại trước khi nộp"
        assert page.get_by_text(purpose).is_visible()
        press(opened, "Xác nhận và nộp")
        assert page.locator("h1").inner_text().startswith("Đã nhận hồ sơ")
        assert name in banner.inner_text()
        opened.go("/ho-so")
        assert page.locator("article.dossier").count() == before + 1, "filed once"
        opened.press(banner.get_by_role("button", name="Thôi làm thay"))
        opened.go("/ho-so")
        assert page.locator(".acting--for").count() == 0
        assert opened.strayed == opened.complaints == []
