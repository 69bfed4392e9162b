"""Filing in a real browser: without scripts as with them, over a line that breaks, in two windows at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.component.warehouse.test_uploads import PDF
from tests.doors.chromium import Window, window
from tests.doors.live import Live
from tests.doors.test_filing_pages import examine_all


@pytest.fixture(scope="module")
def cookies(live: Live) -> dict[str, str]:
    return {"bhxh-session": live.cookie("citizen")}


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("papers") / "hop-dong.pdf"
    path.write_bytes(PDF)
    return path


def examine() -> None:
    """WHY elsewhere: a browser that is driven from here counts as an event loop."""

    def work() -> None:
        from django.db import connection

        examine_all()
        connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(work).result()


def press(opened: Window, words: str) -> None:
    opened.press(opened.page.get_by_role("button", name=words, exact=True))


def begin(opened: Window, slug: str) -> str:
    """Address of a new draft."""
    opened.go(f"/ho-so/moi/{slug}")
    opened.press(opened.page.locator("main form button[type=submit]"))
    return str(opened.page.url.removeprefix(opened.address))


def is_sound(opened: Window, name: str) -> None:
    opened.fits(name)
    opened.resize(390)
    assert opened.barriers() == []


def test_somebody_files_a_report_without_scripts(live: Live, browser: Browser, cookies: dict[str, str], paper: Path) -> None:
    with window(browser, live.address, cookies=cookies, has_scripts=False) as opened:
        page = opened.page
        opened.go("/thu-tuc")
        page.get_by_label("Tìm thủ tục").fill("sai luong")
        press(opened, "Tìm")
        opened.press(page.get_by_role("link", name="Báo sai sót trong dữ liệu của mình"))
        opened.press(page.get_by_role("button", name="Bắt đầu"))
        assert page.get_by_text("Chúng tôi đã có, bạn không phải nhập").is_visible()
        opened.press(page.locator("main form button[type=submit]"))
        opened.press(page.get_by_role("link", name="Điều bạn thấy sai"))
        press(opened, "Tiếp tục")
        assert page.title().startswith("Lỗi:") and page.get_by_text("Có 2 chỗ cần sửa").is_visible()
        page.locator(".govuk-error-summary a").first.click()
        page.get_by_label("Bảo hiểm xã hội: quá trình đóng").check()
        page.locator("textarea").fill("Sổ ghi thiếu tháng 3/2025.")
        press(opened, "Tiếp tục")
        assert page.locator("h1").inner_text() == "Giấy tờ cho thấy điều đúng"
        page.locator("input[type=file]").set_input_files(paper)
        press(opened, "Tải lên")
        assert page.get_by_text("Đang kiểm tra").is_visible()
        examine()
        page.locator("input[type=file]").set_input_files(
            {"name": "bang-luong.pdf", "mimeType": "application/pdf", "buffer": paper.read_bytes()}
        )
        press(opened, "Tiếp tục")
        assert page.get_by_text("Sổ ghi thiếu tháng 3/2025.").is_visible()
        assert page.get_by_text("hop-dong.pdf; bang-luong.pdf").is_visible(), "chosen and gone on: sent, not left behind"
        examine()
        page.reload()
        press(opened, "Xác nhận và gửi")
        assert page.locator("h1").inner_text().startswith("Đã nhận hồ sơ")
        opened.press(page.get_by_role("button", name="Theo dõi hồ sơ này"))
        assert page.locator(".timeline").is_visible()
        assert opened.strayed == opened.complaints == []


def test_errors_are_reached_by_the_keyboard_and_hide_nothing(live: Live, browser: Browser, cookies: dict[str, str]) -> None:
    with window(browser, live.address, cookies=cookies) as opened:
        draft = begin(opened, "confirmation_extract")
        opened.go(f"{draft}/noi-dung")
        opened.page.locator("#q-from_month-m").fill("13")
        opened.page.locator("#q-from_month-y").fill("2020")
        press(opened, "Tiếp tục")
        assert opened.page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
        opened.page.locator(".govuk-error-summary a").click()
        assert opened.page.evaluate("document.activeElement.id") == "q-from_month-m"
        assert opened.page.locator("#q-from_month-m").input_value() == "13"
        is_sound(opened, "nhap-loi")
        assert opened.strayed == opened.complaints == []


def test_files_go_up_when_they_are_chosen_and_a_broken_line_loses_nothing(
    live: Live, browser: Browser, cookies: dict[str, str], paper: Path
) -> None:
    with window(browser, live.address, cookies=cookies) as opened:
        page = opened.page
        draft = begin(opened, "report_mistake")
        opened.go(f"{draft}/giay-to")
        assert not page.get_by_role("button", name="Tải lên").is_visible()
        page.context.set_offline(True)
        page.locator("input[type=file]").set_input_files(paper)
        page.get_by_text("Mất kết nối khi đang gửi").wait_for()
        opened.keep("nhap-tep-mat-ket-noi-390")
        page.context.set_offline(False)
        page.get_by_role("button", name="Gửi lại").click()
        page.get_by_text("Đang kiểm tra").wait_for()
        examine()
        page.get_by_text("Đã nhận").wait_for()
        is_sound(opened, "nhap-tep-da-nhan")
        opened.page.locator("input[type=file]").set_input_files({"name": "anh.heic", "mimeType": "image/heic", "buffer": b"ftypheic"})
        page.get_by_text("anh.heic không phải").wait_for()
        most = int(str(page.locator("form[data-uploads]").get_attribute("data-most")))
        opened.page.locator("input[type=file]").set_input_files({"name": "to.jpg", "mimeType": "image/jpeg", "buffer": bytes(most + 1)})
        page.get_by_text(f"to.jpg: nặng quá {most // 1024**2} MB").wait_for()
        is_sound(opened, "nhap-tep-khong-nhan")
        assert page.get_by_text("hop-dong.pdf", exact=True).first.is_visible()
        assert opened.strayed == []


def test_a_file_after_the_session_ended_waits_on_the_page_for_the_next_one(live: Live, browser: Browser, paper: Path) -> None:
    with window(browser, live.address, cookies={"bhxh-session": live.cookie("citizen")}) as opened:
        page = opened.page
        draft = begin(opened, "report_mistake")
        opened.go(f"{draft}/giay-to")
        opened.be(None)
        page.locator("input[type=file]").set_input_files(paper)
        page.get_by_text("Phiên đã hết, những gì bạn nhập và tệp đã chọn vẫn còn ở đây").wait_for()
        assert not page.get_by_text("Mất kết nối").is_visible()
        assert page.locator(".uploads a").get_attribute("href") == "/dang-nhap?tiep=%2Fdang-nhap%2Fxong"
        is_sound(opened, "nhap-tep-het-phien")
        page.get_by_role("button", name="Gửi lại").click()
        page.get_by_role("button", name="Gửi lại").wait_for()  # pressed too early: it says the same again
        opened.be(live.cookie("citizen"))
        page.get_by_role("button", name="Gửi lại").click()
        page.get_by_text("Đang kiểm tra").wait_for()
        assert page.locator(".uploads__file").count() == 1


def test_what_is_typed_is_kept_and_only_a_failure_is_said(live: Live, browser: Browser, cookies: dict[str, str]) -> None:
    with window(browser, live.address, cookies=cookies) as phone, window(browser, live.address, cookies=cookies) as desk:
        draft = begin(phone, "report_mistake")
        for opened in (phone, desk):
            opened.go(f"{draft}/noi-dung")
        said = phone.page.locator(".unsaved")
        phone.page.context.set_offline(True)
        phone.page.locator("textarea").fill("Thiếu tháng")
        phone.page.get_by_text("Chưa lưu được").wait_for()
        phone.page.context.set_offline(False)
        with phone.page.expect_response(lambda reply: reply.status == 204):  # before it is typed: a pause in typing is soon over
            phone.page.locator("textarea").fill("Thiếu tháng 3/2025")
        phone.page.wait_for_function("() => document.querySelector('.unsaved').textContent === ''")
        assert said.inner_text() == ""
        desk.page.locator("textarea").fill("Sai lương")
        press(desk, "Tiếp tục")
        assert desk.page.locator("h1").inner_text() == "Trang này đã được sửa ở nơi khác"
        is_sound(desk, "nhap-hai-ban")
        press(desk, "Giữ bản tôi vừa nhập")
        desk.go(f"{draft}/noi-dung")
        assert desk.page.locator("textarea").input_value() == "Sai lương"


def test_a_question_shows_when_it_is_asked(live: Live, browser: Browser, cookies: dict[str, str]) -> None:
    with window(browser, live.address, cookies=cookies) as opened:
        draft = begin(opened, "change_personal_data")
        opened.go(f"{draft}/doi-gi")
        opened.page.get_by_label("Số điện thoại di động").check()
        press(opened, "Tiếp tục")
        assert opened.page.locator("input[autocomplete=tel], input[inputmode=numeric]").count() == 1
        is_sound(opened, "nhap-thong-tin-moi")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_commune_is_found_by_name_and_nothing_typed_is_lost(
    live: Live, browser: Browser, cookies: dict[str, str], *, has_scripts: bool
) -> None:
    with window(browser, live.address, cookies=cookies, has_scripts=has_scripts) as opened:
        page = opened.page
        draft = begin(opened, "change_personal_data")
        opened.go(f"{draft}/doi-gi")
        page.get_by_label("Nơi nhận thư").check()
        page.get_by_label("Thư điện tử").check()
        press(opened, "Tiếp tục")
        page.get_by_label("Nơi nhận thư mới").fill("12 phố Mẫu")
        box = page.locator("#q-ward-tim")
        box.fill("zzzz")
        opened.press_with_the_keyboard(box)
        assert page.title().startswith("Lỗi:")
        assert page.get_by_label("Nơi nhận thư mới").input_value() == "12 phố Mẫu"
        box.fill("ba dinh")
        opened.press(page.locator("#q-ward-find"))
        assert page.get_by_label("Nơi nhận thư mới").input_value() == "12 phố Mẫu"
        if has_scripts:
            assert "Tìm thấy" in page.evaluate("document.activeElement.textContent")
            is_sound(opened, "nhap-tim-xa-thay")
        page.get_by_label("Phường Ba Đình").check()
        page.locator("#q-email").fill("mau@example.vn")
        opened.press_with_the_keyboard(page.locator("#q-email"))
        assert page.locator("h1").inner_text() == "Kiểm tra lại trước khi nộp", "Enter elsewhere goes on"
        assert page.get_by_text("Phường Ba Đình, Thành phố Hà Nội (00004)").is_visible()
        assert opened.strayed == opened.complaints == []
