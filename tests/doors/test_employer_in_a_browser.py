"""An organisation's long list in a real browser: five thousand lines go up, the page follows the check by itself, and says each wrong cell."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.doors.chromium import window
from tests.doors.live import Live
from tests.doors.seen.employer_lists import Clerk, run_check
from tests.doors.world import World

LINES, WRONG = 5_000, 10


@pytest.fixture(scope="module")
def cookies(live: Live) -> dict[str, str]:
    return {"bhxh-session": live.cookie("clerk", org_id=live.world.population.employers[0].tax_code)}


@pytest.fixture(scope="module")
def long_list(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of people no register knows, one of them with a wage below the floor."""
    from samples.make_d02_workbook import _hire, demo_period, make_large

    line = _hire(world.population.hire_candidates[0], demo_period(world.population), 0)
    lines = ({**line, "worker_reference": n, "si_code": f"001099{n:06d}"} for n in range(1, LINES + 1))
    wrong = ({**one, "wage_vnd": 1_000_000} if n == WRONG else one for n, one in enumerate(lines, 1))
    path = tmp_path_factory.mktemp("long") / "danh-sach-5000.xlsx"
    path.write_bytes(make_large(wrong))
    return path


def test_five_thousand_lines_go_up_are_followed_and_come_back_by_cell(
    live: Live, browser: Browser, cookies: dict[str, str], long_list: Path
) -> None:
    with window(browser, live.address, cookies=cookies, width=1280) as opened:
        opened.go("/don-vi/khai-bao")
        opened.page.locator("input[type=file]").set_input_files(long_list)
        opened.page.locator("input[name=dot]").fill("21")
        opened.page.locator("form[data-upload] button[type=submit]").dblclick()
        opened.page.wait_for_url("**/khai-bao/*-*")
        address = opened.page.url
        check = address.rpartition("/")[2]
        assert opened.page.locator(".timeline__step--here").count() == 1
        opened.page.locator("#again").focus()
        opened.page.evaluate("document.getElementById('said').isTheSame = true")
        opened.page.evaluate(
            "window.settled = 0; document.addEventListener('htmx:afterSettle', ({ target }) => { window.settled += target.id === 'job'; });"
        )
        opened.page.wait_for_function("() => window.settled >= 2")
        assert opened.page.evaluate("document.activeElement.id") == "again", "the focus stays where it was"
        run_check(check)
        opened.page.locator(".tiles").wait_for()  # nobody pressed anything: the page asked
        assert opened.page.evaluate("document.getElementById('said').isTheSame"), "readers hear what comes into a place that was there"
        assert opened.page.locator("#said").text_content() == "Đã kiểm tra"
        assert "trong 5.000 dòng" in opened.page.locator(".result").inner_text()
        cells = opened.page.locator(".cell").all_inner_texts()
        assert f"J{WRONG + 3}" in cells and f"J{WRONG + 4}" not in cells, "the wage of that row, as Excel names its cell"
        assert opened.page.locator("h1").count() == 1
        opened.fits("don-vi-nam-nghin-dong")
        assert opened.barriers() == []
        opened.resize(390)
        assert opened.barriers() == []
        opened.resize(1280)
        with opened.page.expect_download() as marked:
            opened.page.locator("a[download]").first.click()
        assert Path(marked.value.path()).stat().st_size > 100_000
        opened.page.reload()
        assert opened.page.url == address and opened.page.locator(".tiles").is_visible()
        opened.go("/don-vi/khai-bao")
        lists = opened.page.locator("article", has_text="danh-sach-5000.xlsx").filter(has_text="đợt 21 ")
        assert lists.count() == 1, "a double click is one list"
        assert opened.complaints == opened.strayed == []


def test_without_scripts_the_same_list_is_followed_by_hand(live: Live, browser: Browser, cookies: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "ngan.xlsx"
    file.write_bytes(live.world.workbook)
    with window(browser, live.address, cookies=cookies, has_scripts=False) as opened:
        opened.go("/don-vi/khai-bao")
        opened.page.locator("input[type=file]").set_input_files(file)
        opened.page.locator("input[name=dot]").fill("22")
        opened.press(opened.page.locator("main button[type=submit]"))
        check = opened.page.url.rpartition("/")[2]
        run_check(check)
        opened.press(opened.page.get_by_text("Tải lại để xem tiến độ"))
        assert "dòng cần sửa trong 32 dòng" in opened.page.locator(".result").inner_text()
        opened.press(opened.page.locator(".speech [lang=en]"))
        assert "of 32 lines to correct" in opened.page.locator(".result").inner_text()


def test_a_lost_connection_says_so_and_keeps_what_was_chosen(live: Live, browser: Browser, cookies: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "ngan.xlsx"
    file.write_bytes(live.world.workbook)
    with window(browser, live.address, cookies=cookies) as opened:
        opened.page.clock.install()
        opened.go("/don-vi/khai-bao")
        opened.page.locator("input[type=file]").set_input_files(file)
        opened.page.locator("input[name=dot]").fill("23")
        opened.page.context.set_offline(True)
        opened.page.locator("form[data-upload] button[type=submit]").click()
        opened.page.get_by_text("Mất kết nối khi đang gửi").wait_for()
        assert opened.page.locator("input[name=dot]").input_value() == "23"
        opened.page.context.set_offline(False)
        opened.let_a_second_pass()
        opened.page.locator("form[data-upload] button[type=submit]").click()
        opened.page.wait_for_url("**/khai-bao/*-*")


def test_a_line_that_breaks_half_way_says_so_and_the_same_press_sends_all_again(
    live: Live, browser: Browser, cookies: dict[str, str], long_list: Path
) -> None:
    """As over 3G: the bar shows how far it came, then nothing goes any more."""
    with window(browser, live.address, cookies=cookies) as opened:
        opened.page.clock.install()
        opened.go("/don-vi/khai-bao")
        opened.page.locator("input[type=file]").set_input_files(long_list)
        opened.page.locator("input[name=dot]").fill("26")
        line = opened.page.context.new_cdp_session(opened.page)
        slow = {"latency": 100, "downloadThroughput": 50_000, "uploadThroughput": long_list.stat().st_size / 20}
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", {"offline": False, **slow})
        opened.page.locator("form[data-upload] button[type=submit]").click()
        opened.page.wait_for_function("() => document.querySelector('#sending').value > 20")
        line.send("Network.emulateNetworkConditions", {"offline": True, **slow})
        opened.page.get_by_text("Mất kết nối khi đang gửi").wait_for()
        assert not opened.page.locator("#sending").is_visible() and opened.page.locator("input[name=dot]").input_value() == "26"
        line.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
        opened.let_a_second_pass()
        opened.page.locator("form[data-upload] button[type=submit]").click()
        opened.page.wait_for_url("**/khai-bao/*-*")


def test_a_session_that_ended_says_so_and_the_same_file_goes_up_after_signing_in_again(
    live: Live, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "ngan.xlsx"
    file.write_bytes(live.world.workbook)
    tax_code = live.world.population.employers[0].tax_code
    with window(browser, live.address, cookies={"bhxh-session": live.cookie("clerk", org_id=tax_code)}) as opened:
        opened.page.clock.install()
        opened.go("/don-vi/khai-bao")
        opened.page.locator("input[type=file]").set_input_files(file)
        opened.page.locator("input[name=dot]").fill("25")
        opened.be(None)
        send = opened.page.locator("form[data-upload] button[type=submit]")
        send.click()
        opened.page.get_by_text("Phiên đã hết, những gì bạn nhập và tệp đã chọn vẫn còn ở đây").wait_for()
        assert opened.page.locator("input[name=dot]").input_value() == "25"
        opened.fits("don-vi-tep-het-phien")
        assert opened.barriers() == []
        with opened.page.expect_popup() as tab:
            opened.page.locator("[data-failed] a").click()
        tab.value.wait_for_load_state()
        tab.value.close()
        opened.be(live.cookie("clerk", org_id=tax_code))
        opened.let_a_second_pass()
        send.click()
        opened.page.wait_for_url("**/khai-bao/*-*")
        assert opened.page.get_by_text("ngan.xlsx").first.is_visible()


def test_what_is_no_workbook_is_said_on_the_same_page_and_heard(
    live: Live, browser: Browser, cookies: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "anh.xlsx"
    file.write_bytes(b"no workbook at all")
    with window(browser, live.address, cookies=cookies) as opened:
        opened.go("/don-vi/khai-bao")
        opened.page.locator("input[type=file]").set_input_files(file)
        opened.page.locator("form[data-upload] button[type=submit]").click()
        opened.page.locator(".govuk-error-summary").wait_for()
        assert opened.page.title().startswith("Lỗi:")
        assert opened.page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
        assert opened.page.locator("button.govuk-file-upload-button").count() == 1, "the field is built again, in our words"
        opened.fits("don-vi-khong-phai-bang-tinh")
        assert opened.barriers() == []
        opened.page.locator(".govuk-error-summary a").click()
        assert opened.page.evaluate("document.activeElement.id") == "tep"


def test_a_holder_s_answer_brings_the_receipt_without_a_press(live: Live, browser: Browser, cookies: dict[str, str]) -> None:
    from tests.doors.test_remote_signing import Device

    clerk = Clerk(live)
    check = clerk.upload(live.world.workbook, "ky-tu-xa.xlsx", batch="24")
    run_check(check)
    draft = clerk.prepare(check, "dich-vu")
    device = Device(live.world)
    before = set(device.waiting())
    with window(browser, live.address, cookies=cookies) as opened:
        opened.go(f"/don-vi/khai-bao/{check}/ky")
        assert opened.page.get_by_text("Tệp chứng thư số").is_visible()
        opened.page.get_by_label("Dịch vụ ký số từ xa").check()
        assert not opened.page.get_by_text("Tệp chứng thư số").is_visible()
        opened.go(f"/don-vi/ky/{draft}")
        assert not opened.page.get_by_text("Tệp chữ ký").is_visible(), "the way that was not chosen is folded"
        opened.press(opened.page.get_by_role("button", name="Gửi câu hỏi đến điện thoại"))
        [question] = set(device.waiting()) - before
        assert opened.page.locator(".short-code").inner_text().isalnum()
        button = opened.page.get_by_role("button", name="Kiểm tra đã duyệt chưa")
        button.focus()
        opened.page.evaluate(
            "window.told = []; document.addEventListener('htmx:afterRequest', ({ detail }) => { window.told.push(detail.xhr.status); });"
        )
        opened.page.wait_for_function("() => window.told.length")
        assert set(opened.page.evaluate("window.told")) == {204}
        assert button.evaluate("(one) => one === document.activeElement"), "nothing moves while nobody answered"
        opened.press(button)
        assert opened.page.evaluate("window.told === undefined"), "a press is answered with the page anew"
        assert opened.page.locator(".short-code").is_visible()
        before.add(question)
        device.answer(question, "refuse")
        opened.page.get_by_text("Chưa có gì được nộp, văn bản vẫn được giữ").wait_for()  # nobody pressed anything
        assert opened.page.locator("h1").count() == 1 and opened.page.locator(".result--no").is_visible()
        opened.press(opened.page.get_by_role("button", name="Về trang ký").or_(opened.page.get_by_role("link", name="Về trang ký")))
        opened.press(opened.page.get_by_role("button", name="Gửi câu hỏi đến điện thoại"))
        [question] = set(device.waiting()) - before
        device.answer(question, "approve")
        opened.page.wait_for_url("**/da-nop")
        assert opened.page.locator(".govuk-panel").is_visible()
        assert opened.complaints == []
