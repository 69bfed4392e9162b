"""The officer's key in a real browser: registered with the operator's code and shown, by a key the browser itself holds (WebAuthn)."""

from typing import Any

import httpx
from playwright.sync_api import Browser, Page

from tests.doors.chromium import window
from tests.doors.live import Live

_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in(page: Page, **more: Any) -> None:
    """A key that answers at once, as if its owner touched it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**_KEY, **more}})


def invited(live: Live, login: str) -> str:
    cookie = live.cookie("operator", choose="OFFICER")
    with httpx.Client(base_url=live.address, trust_env=False, cookies={"bhxh-session": cookie}, timeout=60) as client:
        csrf = client.get("/api/v1/session").json()["csrf"]
        return str(client.post(f"/api/v1/officers/{login}/key-codes", json={}, headers={"X-CSRF-Token": csrf}).json()["code"])


def test_from_the_operators_code_to_the_queue(live: Live, browser: Browser) -> None:
    code = invited(live, "lan")
    cookie = live.cookie("officer", choose="OFFICER", has_shown=False)
    with window(browser, live.address, cookies={"bhxh-session": cookie}, width=1280) as opened:
        page = opened.page
        page.clock.install()
        opened.go("/can-bo/viec?cua-toi=1")
        assert page.locator("h1").inner_text() == "Khóa bảo mật"
        plug_in(page)
        page.locator("#ma").fill("AAAA")
        page.locator("#ten").fill("khóa ở bàn")
        page.get_by_role("button", name="Đăng ký khóa này").click()
        said = page.locator("form[data-key=register] [data-said]")
        said.get_by_text("Mã một lần không đúng").wait_for()
        page.locator("#ma").fill(code.lower())
        opened.let_a_second_pass()
        opened.press(page.get_by_role("button", name="Đăng ký khóa này"))
        assert page.get_by_text("Đã đăng ký khóa").is_visible()
        assert page.get_by_role("heading", name="khóa ở bàn").is_visible()
        opened.go("/can-bo/viec?cua-toi=1")
        opened.press(page.get_by_role("button", name="Dùng khóa bảo mật"))
        page.wait_for_url("**/can-bo/viec?cua-toi=1")
        assert page.locator("h1").inner_text() == "Hàng việc"
        assert opened.strayed == []
        # WHY one is let pass: Chromium would like keys of RSA too, which are not taken here.
        assert [one for one in opened.complaints if "pubKeyCredParams" not in one] == []


def test_without_scripts_the_page_says_what_this_one_step_needs(live: Live, browser: Browser) -> None:
    cookie = live.cookie("officer", choose="OFFICER", has_shown=False)
    with window(browser, live.address, cookies={"bhxh-session": cookie}, has_scripts=False) as opened:
        opened.go("/can-bo/viec")
        assert "Riêng bước này cần JavaScript" in opened.page.locator("main").inner_text()
        assert not opened.page.get_by_role("button", name="Dùng khóa bảo mật").is_visible()


def test_filters_are_swapped_counted_aloud_and_kept_in_the_address(live: Live, browser: Browser) -> None:
    """And without scripts the same form asks for the same page."""
    cookie = live.cookie("officer", choose="OFFICER")
    for has_scripts in (True, False):
        with window(browser, live.address, cookies={"bhxh-session": cookie}, has_scripts=has_scripts) as opened:
            page = opened.page
            opened.go("/can-bo/viec")
            assert page.locator("#count").inner_text().startswith("1 ")
            urgent = page.get_by_role("button", name="Mở hồ sơ gấp nhất")
            assert urgent.is_visible()
            page.locator(".filters__group summary").nth(2).click()
            page.get_by_label("Quá hạn", exact=True).check()
            if has_scripts:
                page.wait_for_url("**/can-bo/viec?han=qua-han")
                page.locator("#count strong", has_text="0").wait_for()
                assert page.evaluate("document.activeElement.id") == "han-1", "the focus stays where it was"
                assert page.locator("#chosen-han").inner_text().startswith("1")
                urgent.wait_for(state="detached")  # it would lead past the filter
            else:
                opened.press(page.get_by_role("button", name="Lọc"))
                assert page.url.endswith("/can-bo/viec?han=qua-han")
            assert page.locator("#count").get_attribute("role") == "status"
            assert page.get_by_role("heading", name="Không có hồ sơ nào khớp").is_visible()
            opened.press(page.locator(".speech [lang=en]"))
            assert page.get_attribute("html", "lang") == "en"
            assert "han=qua-han" in page.url and page.get_by_label("Overdue", exact=True).is_checked(), "the filter stays"
            opened.press(page.locator(".speech [lang=vi]"))
            assert page.get_attribute("html", "lang") == "vi"
            assert opened.strayed == opened.complaints == []
