"""Parts of pages that come, go up or are sent by themselves, and what somebody hears of it."""

from playwright.sync_api import Browser, Route

from tests.component.warehouse.test_uploads import PDF
from tests.doors.chromium import window
from tests.doors.live import Live


def test_enter_in_a_second_form_is_not_a_press_on_the_other_language(live: Live, browser: Browser) -> None:
    cookies = {"bhxh-session": live.cookie("officer", choose="OFFICER")}
    with window(browser, live.address, cookies=cookies, width=1280) as opened:
        page = opened.page
        opened.go(f"/can-bo/ho-so/{live.world.code}")
        page.locator("details.act > summary").click()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        page.locator("form:has([value=bo-sung]) input[type=text]").first.fill("Thiếu hợp đồng")
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")
        assert page.get_attribute("html", "lang") == "vi"
        assert len(sent) == 1 and "lang=" not in sent[0], sent


def test_somebody_who_goes_on_while_a_file_goes_up_hears_why_nothing_happens(live: Live, browser: Browser) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with window(browser, live.address, cookies={"bhxh-session": live.cookie("citizen")}) as opened:
        page = opened.page
        page.route("**/giay-to/tep", hold)
        draft = live.draft("citizen", "report_mistake", **{"q-group": "social_insurance", "q-words": "Thiếu tháng 4/2025."})
        opened.go(f"/ho-so/nhap/{draft}/giay-to")
        before = page.locator(".session-end [data-said]").text_content()
        with page.expect_request("**/giay-to/tep"):
            page.locator("input[type=file]").set_input_files({"name": "hop-dong.pdf", "mimeType": "application/pdf", "buffer": PDF})
        page.get_by_role("button", name="Tiếp tục").click()
        page.locator("form[data-uploads] [data-said]", has_text="Còn tệp đang gửi").wait_for()
        assert page.locator(".session-end [data-said]").text_content() == before, "what is said of the session stays"
        page.locator(".speech [lang=en]").click()
        assert page.locator("input[type=file]").is_enabled(), "what was not sent is not closed"
        assert page.get_attribute("html", "lang") == "vi"
        held[0].continue_()
        page.get_by_text("Đang kiểm tra").wait_for()


def test_a_board_says_what_is_missing_until_it_is_there_again(live: Live, browser: Browser) -> None:
    session = live.cookie("operator", choose="OFFICER")
    with window(browser, live.address, cookies={"bhxh-session": session}) as opened:
        page, box = opened.page, opened.page.locator(".session-end")
        page.clock.install()
        opened.go("/van-hanh")
        opened.be(None)
        page.clock.fast_forward("00:31")
        box.get_by_text("Phiên đã hết").wait_for()
        with page.expect_event("requestfailed"):
            page.context.set_offline(True)
            page.clock.fast_forward("00:31")
        page.context.set_offline(False)
        opened.be(live.cookie("operator", choose="OFFICER", has_shown=False))
        page.clock.fast_forward("00:31")
        box.get_by_text("Cán bộ cần xác nhận bằng khóa bảo mật").wait_for()
        assert not box.get_by_text("Phiên đã hết").is_visible()
        opened.be(session)
        page.clock.fast_forward("00:31")
        box.wait_for(state="hidden")


def test_a_button_that_came_with_a_filter_is_pressed_by_the_space_bar(live: Live, browser: Browser) -> None:
    with window(browser, live.address, cookies={"bhxh-session": live.cookie("officer", choose="OFFICER")}, width=1280) as opened:
        page = opened.page
        opened.go("/can-bo/viec")
        page.get_by_label("Tôi đang làm").check()
        page.locator("#queue-acts .govuk-button").wait_for(state="detached")
        page.get_by_label("Tôi đang làm").uncheck()
        page.locator("#queue-acts .govuk-button[data-govuk-button-init]").wait_for()  # it is built a moment after it came
        with page.expect_navigation(wait_until="load"):
            page.get_by_role("button", name="Mở hồ sơ gấp nhất").press("Space")
        page.wait_for_url("**/can-bo/ho-so/**")
