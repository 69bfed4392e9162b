"""Every page in a real browser: nothing loaded from elsewhere, nothing the policy forbids, no barrier axe can find, no sideways scrolling.

With BHXH_SCREENS set to a folder (`make screens`) each page is also kept there as a picture, as a phone and as a desktop show it.
"""

import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.doors.chromium import Window, window
from tests.doors.live import Live
from tests.doors.reading import enlarge, moving, read_aloud, walk
from tests.doors.seen import AT_WORK, PAGES, Seen
from tests.doors.seen.employer_lists import plant_lists

_SOUGHT = {"q-address": "12 phố Mẫu", "q-ward-tim": "truc bach", "q-facility-tim": "da khoa", "tim": "q-ward"}
_FIRST_VIEW_BYTES = 130 * 1024
_SCAN = "/trang/"
"""A page of a paper book that an officer types from: what a page is about weighs what it weighs, and is not part of its dress."""
_UNKEPT = """() => { const typed = [...document.querySelectorAll("form[method=post]")]
    .filter((one) => one.querySelector("textarea, select, input:not([type=hidden], [type=file])"));
  const lost = typed.filter((one) => !one.id.startsWith("form")).map((one) => one.outerHTML.slice(0, 120));
  const isSent = !typed.length || document.querySelector('#form') && document.querySelector('.speech button[form="form"]');
  return isSent ? lost : [...lost, "the language button sends nothing"]; }"""
"""Forms from which the change of the language would take what was typed."""
_OLD_COPY = """async (days) => { const cache = await caches.open("bhxh-kept"), kept = await cache.match("/so"), headers = new Headers(kept.headers);
  headers.set("Date", new Date(Date.now() - days * 86400e3).toUTCString());
  await cache.put("/so", new Response(await kept.text(), { headers })); }"""
"""The copy of the book on this device, as if it had been kept so many days ago."""
_USED = (
    *("trang-dau", "xac-minh", "so", "the", "chia-se-xin", "nhap", "nhap-cau-hoi", "nhap-tep", "bo-sung", "don-vi", "don-vi-khai-bao"),
    *("don-vi-kiem-tra-xong", "don-vi-ky", "don-vi-quyen-moi", "can-bo-viec", "can-bo-ho-so", "can-bo-so-hoa-mot", "can-bo-so-giay-nhap"),
    *("can-bo-so-giay-so-sanh", "van-hanh"),
)
USED = tuple(page for page in PAGES if page.name in _USED)
"""Of each kind of page one that has most to press, to type and to read."""
HEARD = {
    "nhap-tep": "[data-sent], .uploads__why[data-said]",
    "nhap-cau-hoi": "[data-unsaved]",
    "don-vi-khai-bao": "[data-failed]",
    "don-vi-kiem-tra-dang-cho": "#said",
    "can-bo-viec": "#count",
    "can-bo-khoa": "form[data-key] [data-said]",
    "so": "[data-keep-offline] [data-said], .session-end",
}
"""Page -> where its scripts say what happened."""


@pytest.fixture(scope="module")
def sessions(live: Live) -> dict[str, str]:
    orgs = {"clerk": live.world.population.employers[0].tax_code}
    roles = sorted({page.role for page in PAGES if page.role})
    at_work = {role: role.removesuffix(AT_WORK) for role in roles if role.endswith(AT_WORK)}
    return {role: live.cookie(role, org_id=orgs.get(role, "")) for role in roles if role not in at_work} | {
        role: live.cookie(officer, choose="OFFICER") for role, officer in at_work.items()
    }


@pytest.fixture(scope="module")
def own_code(live: Live, sessions: dict[str, str]) -> str:
    """Of a dossier that the citizen filed and officers looked at."""
    return live.file_request("citizen")


@pytest.fixture(scope="module")
def planted(live: Live, own_code: str) -> dict[str, str]:
    """What the paths of pages may name."""
    return {
        "code": live.world.code,
        "own": own_code,
        "draft": live.draft("citizen", "report_mistake", **{"q-group": "social_insurance", "q-words": "Sổ thiếu tháng 3/2025."}),
        "change": live.draft("citizen", "change_personal_data", **{"q-changes": "mobile_phone"}),
        "sought": live.draft("citizen", "change_personal_data", then=_SOUGHT, **{"q-changes": ["address", "facility"]}),
        "lacking": live.file_report("citizen", "officer"),
        **plant_lists(live),
        **live.share_data("citizen"),
        **live.old_books(),
        **live.paper_desk(),
        **live.withdrawn_book("other citizen"),
        **live.at_counter("officer RECEPTION", "citizen"),
        "shared": live.share("citizen"),
    }


@pytest.fixture(scope="module")
def tab(live: Live, browser: Browser) -> Iterator[Window]:
    """WHY one for all: a third of the time of a page went into its window."""
    with window(browser, live.address) as opened:
        yield opened


@pytest.fixture
def opened(tab: Window, sessions: dict[str, str], planted: dict[str, str], page: Seen) -> Window:
    """The window of whoever sees this page, before it is opened."""
    tab.begin_anew(sessions[page.role] if page.role else None)
    return tab


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_page_is_sound(opened: Window, planted: dict[str, str], page: Seen) -> None:
    assert opened.go(page.path.format(**planted)).status == page.status
    assert opened.page.get_attribute("html", "lang") == "vi"
    assert opened.page.locator("h1").count() == 1
    assert opened.page.evaluate(_UNKEPT) == []
    assert opened.moved() == []
    weights = opened.weigh()
    assert 0 < sum(size for address, size in weights.items() if _SCAN not in address) <= _FIRST_VIEW_BYTES, weights
    opened.fits(page.name)
    for width in (1280, 390):
        opened.resize(width)
        assert opened.barriers() == []
    opened.press_with_the_keyboard(opened.page.locator(".speech [lang=en]"))
    assert opened.page.get_attribute("html", "lang") == "en"
    opened.fits(f"{page.name}-en", kept=(390, 1280))
    assert opened.strayed == []
    assert opened.complaints == []


def test_a_window_begun_anew_hears_nothing_of_the_page_before(live: Live, browser: Browser) -> None:
    """Otherwise a page that brings itself up to date would be a fault of whichever comes after it."""
    with window(browser, live.address) as opened:
        opened.go("/")
        opened.page.evaluate("() => { setInterval(() => console.error('still here')); }")
        opened.begin_anew(None)
        opened.go("/xac-minh")
        assert opened.complaints == opened.strayed == []


def test_what_is_drawn_is_judged_as_well(live: Live, browser: Browser) -> None:
    """Otherwise a chart, or words over the drum, could turn pale and no test would say so."""
    with window(browser, live.address, width=1280) as opened:
        opened.go("/he-thong-giao-dien")
        drawn = opened.page.locator("#months_chart svg:visible text").all_text_contents()
        opened.page.evaluate("document.querySelectorAll('#months_chart text').forEach((one) => { one.style.fill = '#8a9a9e'; })")
        opened.page.evaluate("document.querySelector('#columns_chart svg rect').style.fill = '#cfe3e6'")
        opened.page.evaluate("document.querySelector('.book__kind').style.color = '#7fb0bc'")
        found = opened.barriers()
        assert [one for one in found if one.startswith("drawn word")] == [f"drawn word: {words}" for words in drawn] != []
        assert [one.partition(": ")[0] for one in found if not one.startswith("drawn word")] == ["drawn bar", "color-contrast"]


def test_a_stranger_verifies_a_code_and_changes_the_language_on_the_way(live: Live, browser: Browser) -> None:
    text = live.issue("citizen")
    for has_scripts in (True, False):
        with window(browser, live.address, has_scripts=has_scripts) as opened:
            opened.go("/xac-minh")
            opened.page.locator("textarea").fill(text)
            opened.press(opened.page.locator(".speech [lang=en]"))
            assert opened.page.locator("textarea").input_value() == text
            assert opened.page.locator("h1").inner_text().startswith("Verify")
            opened.press(opened.page.locator("main button[type=submit]"))
            assert "Valid" in opened.page.locator(".result--yes").inner_text()
            opened.press(opened.page.locator(".speech [lang=vi]"))
            assert "Còn giá trị" in opened.page.locator(".result--yes").inner_text()
            opened.fits("xac-minh-dung")
            if has_scripts:
                assert opened.barriers() == []
            assert opened.complaints == opened.strayed == []


def test_the_language_changes_in_whichever_form_was_typed_in(live: Live, browser: Browser, sessions: dict[str, str]) -> None:
    """A dossier's page has two: what is proposed, and what is missing. Without scripts the button sends the first."""
    for has_scripts, act, name in ((True, "bo-sung", "thieu-1"), (False, "de-xuat", "ly-do")):
        cookies = {"bhxh-session": sessions[f"officer{AT_WORK}"]}
        with window(browser, live.address, cookies=cookies, has_scripts=has_scripts, width=1280) as opened:
            opened.go(f"/can-bo/ho-so/{live.world.code}")
            opened.page.locator("details.act > summary").click()
            field = f"form:has([value={act}]) [name={name}]"
            opened.page.locator(field).fill("Thiếu hợp đồng")
            opened.press(opened.page.locator(".speech [lang=en]"))
            assert opened.page.get_attribute("html", "lang") == "en"
            assert opened.page.locator(field).input_value() == "Thiếu hợp đồng"
            assert opened.complaints == []


def test_a_book_that_is_withdrawn_is_said_so_to_a_stranger(live: Live, browser: Browser, planted: dict[str, str]) -> None:
    with window(browser, live.address, has_scripts=False) as opened:
        opened.go("/xac-minh")
        opened.page.locator("textarea").fill(planted["withdrawn_code"])
        opened.press(opened.page.locator("main button[type=submit]"))
        assert "thu hồi" in opened.page.locator(".result").inner_text()
        assert opened.page.locator(".result--yes").count() == 0
        opened.fits("xac-minh-tam-thu-hoi")


def test_somebody_is_found_at_the_counter_with_and_without_scripts(live: Live, browser: Browser, sessions: dict[str, str]) -> None:
    for has_scripts in (True, False):
        with window(
            browser, live.address, cookies={"bhxh-session": sessions[f"officer RECEPTION{AT_WORK}"]}, has_scripts=has_scripts
        ) as opened:
            opened.go("/can-bo/tai-quay")
            opened.page.locator("#so").fill(live.world.people["other citizen"])
            opened.press(opened.page.locator("main form button"))
            assert opened.page.title().startswith("Lỗi:") and opened.page.locator("#loi-error").is_visible()
            opened.fits("can-bo-tai-quay-loi")
            opened.page.locator("#loi").fill("Báo sổ thiếu tháng đóng")
            opened.press(opened.page.locator("main form button"))
            opened.page.locator("input[value=change_personal_data]").check()
            opened.press(opened.page.locator(".speech [lang=en]"))
            assert opened.page.locator("input[value=change_personal_data]").is_checked(), "what was chosen comes along"
            opened.fits("can-bo-tai-quay-tim-thay")
            if has_scripts:
                assert opened.barriers() == []
            opened.press(opened.page.locator("main form button"))
            assert opened.page.locator(".for-whom").is_visible()
            assert opened.strayed == opened.complaints == []


def test_without_scripts_a_page_is_the_same_page(live: Live, browser: Browser, sessions: dict[str, str]) -> None:
    with window(browser, live.address, cookies={"bhxh-session": sessions["citizen"]}, has_scripts=False) as opened:
        opened.go("/so")
        assert opened.page.locator(".book__name").is_visible() and opened.page.locator(".qr svg").is_visible()
        assert not opened.page.locator("[data-keep-offline], [data-print]").first.is_visible()
        opened.page.locator(".why summary").first.click()
        assert opened.page.locator(".why li").first.is_visible()
        opened.press(opened.page.locator(".places a[href='/ho-so']"))
        assert opened.page.locator("h1").inner_text() == "Hồ sơ của tôi"
        opened.press(opened.page.locator(".speech [lang=en]"))
        assert opened.page.locator("h1").inner_text() == "My dossiers"


@pytest.mark.parametrize("page", USED, ids=[page.name for page in USED])
def test_a_page_is_used_without_a_mouse_larger_and_read_aloud(opened: Window, planted: dict[str, str], page: Seen) -> None:
    opened.go(page.path.format(**planted))
    assert walk(opened) == []
    assert enlarge(opened) == []
    assert moving(opened) == []
    assert read_aloud(opened) == []


def test_what_is_wrong_with_using_a_page_is_seen(live: Live, browser: Browser) -> None:
    """Otherwise the tests above could look away."""
    with window(browser, live.address) as opened:
        opened.go("/")
        opened.page.evaluate("document.querySelector('main a').style.cssText = 'all: unset; transition: color 2s'")
        opened.page.evaluate("document.querySelector('main a').setAttribute('tabindex', '0')")
        opened.page.evaluate("document.querySelector('h1').style.cssText = 'height: 10px; overflow: hidden'")
        opened.page.evaluate("document.querySelector('.head__act').textContent = ''")
        assert any("not marked" in one for one in walk(opened))
        assert any("H1" in one for one in enlarge(opened))
        assert moving(opened) != []
        assert any("no name: link" in one for one in read_aloud(opened))


@pytest.mark.parametrize(("name", "said"), HEARD.items())
def test_what_changes_by_itself_is_in_a_place_that_is_read_out(
    live: Live, browser: Browser, sessions: dict[str, str], planted: dict[str, str], name: str, said: str
) -> None:
    """The place is there before anything is said in it: readers hear what comes into it, not that it comes."""
    [page] = (one for one in PAGES if one.name == name)
    with window(browser, live.address, cookies={"bhxh-session": sessions[page.role]}, has_scripts=False) as opened:
        opened.go(page.path.format(**planted))
        places = opened.page.locator(said)
        assert places.count() >= 1
        for place in places.all():
            assert place.get_attribute("role") in {"status", "alert"} or place.get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("name", ["so", "don-vi-khai-bao", "can-bo-viec"])
def test_on_a_slow_line_a_page_is_read_before_letters_and_scripts_have_come(
    live: Live, browser: Browser, sessions: dict[str, str], planted: dict[str, str], name: str
) -> None:
    [page] = (one for one in PAGES if one.name == name)
    with window(browser, live.address, cookies={"bhxh-session": sessions[page.role]}) as opened:
        opened.page.route("**/*", lambda route: None if route.request.resource_type in {"font", "script"} else route.continue_())
        opened.page.goto(f"{live.address}{page.path}", wait_until="commit")
        opened.page.wait_for_function("() => performance.getEntriesByType('paint').length")
        opened.page.locator("footer").wait_for()
        assert opened.page.locator("h1").is_visible() and opened.too_wide() == []
        waited = "performance.getEntriesByType('resource').filter((one) => one.renderBlockingStatus === 'blocking').map((one) => one.name)"
        assert [one.rpartition("/")[2] for one in opened.page.evaluate(waited)] == ["app.css"], "nothing else holds up the first view"


def test_the_keyboard_skips_to_the_content(live: Live, browser: Browser, sessions: dict[str, str]) -> None:
    with window(browser, live.address, cookies={"bhxh-session": sessions["citizen"]}) as opened:
        opened.go("/so")
        opened.page.keyboard.press("Tab")
        assert opened.page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
        opened.page.keyboard.press("Enter")
        opened.page.wait_for_function("() => location.hash === '#main'")


def test_a_book_is_kept_on_the_device_only_after_somebody_says_so_and_goes_with_signing_out(live: Live, browser: Browser) -> None:
    with window(browser, live.address, cookies={"bhxh-session": live.cookie("citizen")}, service_workers="allow") as opened:
        opened.go("/so")
        assert opened.page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
        opened.page.locator("[data-keep]").click()
        opened.page.locator("[data-drop]").wait_for()
        assert "30 ngày" in opened.page.locator("[data-keep-offline] [data-said]").inner_text()
        opened.page.context.set_offline(True)
        opened.page.goto(f"{live.address}/so")
        assert opened.page.locator(".book__name").is_visible() and opened.page.locator("[data-kept-copy]").is_visible()
        opened.page.goto(f"{live.address}/ho-so")
        assert opened.page.locator("h1").inner_text() == "Không có mạng"
        opened.page.evaluate(_OLD_COPY, 29)
        opened.page.goto(f"{live.address}/so")
        assert opened.page.locator(".book__name").is_visible(), "thirty days are not over"
        opened.page.evaluate(_OLD_COPY, 31)
        opened.page.goto(f"{live.address}/so")
        assert opened.page.locator("h1").inner_text() == "Không có mạng", "what is older is shown to nobody"
        opened.page.context.set_offline(False)
        opened.go("/dang-xuat")
        opened.press(opened.page.locator("main button").first)
        opened.go("/")
        assert opened.page.evaluate("caches.keys()") == []


def test_a_card_is_shown_without_network_and_dropped_without_the_book(live: Live, browser: Browser) -> None:
    with window(browser, live.address, cookies={"bhxh-session": live.cookie("citizen")}, service_workers="allow") as opened:
        for place in ("/so", "/the"):
            opened.go(place)
            opened.page.locator("[data-keep]").click()
            opened.page.locator("[data-drop]").wait_for()
        opened.page.context.set_offline(True)
        opened.page.goto(f"{live.address}/the")
        assert opened.page.locator(".hi-card__qr svg").is_visible() and opened.page.locator("[data-kept-copy]").is_visible()
        opened.press(opened.page.locator("a[href='/the/trinh']"))
        assert opened.page.locator(".show-card .qr svg").is_visible() and opened.page.locator("[data-kept-copy]").is_visible()
        opened.page.goto(f"{live.address}/the")
        opened.page.locator("[data-drop]").click()
        opened.page.locator("[data-keep]").wait_for()
        opened.page.goto(f"{live.address}/the")
        assert opened.page.locator("h1").inner_text() == "Không có mạng"
        opened.page.goto(f"{live.address}/so")
        assert opened.page.locator(".book__name").is_visible(), "the book was not dropped with it"


@pytest.mark.parametrize("path", ["/so", "/the/trinh"])
def test_a_code_is_dark_on_light_in_whatever_colours_somebody_reads(
    live: Live, browser: Browser, sessions: dict[str, str], path: str
) -> None:
    """With the colours of the system forced (white on black) a scanner still has to find the code."""
    with window(browser, live.address, cookies={"bhxh-session": sessions["citizen"]}) as opened:
        opened.page.emulate_media(forced_colors="active", color_scheme="dark")
        opened.go(path)
        drawn = Image.open(BytesIO(opened.page.locator(".qr").first.screenshot())).convert("L")
        shades = drawn.histogram()
        dark, light = sum(shades[:64]) / drawn.width / drawn.height, sum(shades[192:]) / drawn.width / drawn.height
        assert 0.15 < dark < 0.5 < light, (dark, light)


def test_a_printed_book_says_on_each_sheet_which_book_it_is_and_shows_no_bars(
    live: Live, browser: Browser, sessions: dict[str, str], tmp_path: Path
) -> None:
    with window(browser, live.address, cookies={"bhxh-session": sessions["citizen"]}) as opened:
        opened.go("/so")
        number = opened.page.locator(".print-foot").text_content() or ""
        opened.page.pdf(path=tmp_path / "so.pdf", prefer_css_page_size=True)
    sheets = subprocess.run(["pdftotext", "-layout", tmp_path / "so.pdf", "-"], capture_output=True, text=True, check=True).stdout.split(
        "\f"
    )[:-1]
    assert len(sheets) > 1, "long enough to see a second sheet"
    for place, sheet in enumerate(sheets, start=1):
        assert number in " ".join(sheet.split()) and f"{place}/{len(sheets)}" in sheet.replace(" ", "")
    told = " ".join("".join(sheets).split())
    assert "Vì sao có dòng này" in told and "Căn cứ:" in told, "what is folded away on the screen is open on paper"
    assert "Đăng xuất" not in told and "Chia sẻ, trình mã QR" not in told and "Trợ giúp" not in told


def test_consent_is_granted_and_stopped_without_scripts(live: Live, browser: Browser, planted: dict[str, str]) -> None:
    assert planted, "the bank is registered"
    person = "level 1"  # WHY not the citizen: whose request waits is looked at by another test
    with window(browser, live.address, cookies={"bhxh-session": live.cookie(person)}, has_scripts=False) as opened:
        opened.go(f"/chia-se/yeu-cau/{live.ask(person)}")
        opened.press(opened.page.locator("main button[value=mot-phan]"))
        assert opened.page.locator(".govuk-error-summary").is_visible() and opened.page.title().startswith("Lỗi:")
        opened.page.locator("input[name=muc]").first.check()
        opened.press(opened.page.locator(".speech [lang=en]"))
        assert opened.page.locator("input[name=muc]").first.is_checked(), "what was chosen comes along"
        opened.press(opened.page.locator("main button[value=mot-phan]"))
        assert "Granted" in opened.page.locator(".govuk-notification-banner").inner_text()
        opened.press(opened.page.locator(".consent-card form button").first)
        assert "Stopped" in opened.page.locator(".govuk-notification-banner").inner_text()
