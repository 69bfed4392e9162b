"""Every page in a real browser: nothing loaded from elsewhere, nothing the policy forbids, no barrier axe can find, no sideways scrolling.

With BHXH_SCREENS set to a folder (`make screens`) each page is also kept there as a picture, as a phone and as a desktop show it.
"""

import pytest
from playwright.sync_api import Browser

from tests.doors.chromium import window
from tests.doors.live import Live
from tests.doors.seen import AT_WORK, PAGES, Seen
from tests.doors.seen.employer_lists import plant_lists

_SOUGHT = {"q-address": "12 phố Mẫu", "q-ward-tim": "truc bach", "q-facility-tim": "da khoa", "tim": "q-ward"}
_FIRST_VIEW_BYTES = 130 * 1024
_SCAN = "/trang/"
"""A page of a paper book that an officer types from: what a page is about weighs what it weighs, and is not part of its dress."""


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
        "shared": live.share("citizen"),
    }


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_page_is_sound(live: Live, browser: Browser, sessions: dict[str, str], planted: dict[str, str], page: Seen) -> None:
    cookies = {"bhxh-session": sessions[page.role]} if page.role else {}
    path = page.path.format(**planted)
    with window(browser, live.address, cookies=cookies) as opened:
        assert opened.go(path).status == page.status
        assert opened.page.get_attribute("html", "lang") == "vi"
        assert opened.page.locator("h1").count() == 1
        assert opened.moved() == []
        assert sum(size for address, size in opened.weight.items() if _SCAN not in address) <= _FIRST_VIEW_BYTES, opened.weight
        opened.fits(page.name)
        assert opened.barriers() == []
        opened.resize(390)
        assert opened.barriers() == []
        opened.page.locator(".speech [lang=en]").click()
        opened.page.wait_for_selector("html[lang=en]")
        opened.fits(f"{page.name}-en", kept=(390,))
        assert opened.strayed == []
        assert opened.complaints == []


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
            opened.page.locator(".speech [lang=en]").click()
            assert opened.page.locator("textarea").input_value() == text
            assert opened.page.locator("h1").inner_text().startswith("Verify")
            opened.page.locator("main button[type=submit]").click()
            assert "Valid" in opened.page.locator(".result--yes").inner_text()
            opened.page.locator(".speech [lang=vi]").click()
            assert "Còn giá trị" in opened.page.locator(".result--yes").inner_text()
            opened.fits("xac-minh-dung")
            if has_scripts:
                assert opened.barriers() == []
            assert opened.complaints == opened.strayed == []


def test_a_book_that_is_withdrawn_is_said_so_to_a_stranger(live: Live, browser: Browser, planted: dict[str, str]) -> None:
    with window(browser, live.address, has_scripts=False) as opened:
        opened.go("/xac-minh")
        opened.page.locator("textarea").fill(planted["withdrawn_code"])
        opened.page.locator("main button[type=submit]").click()
        assert "thu hồi" in opened.page.locator(".result").inner_text()
        assert opened.page.locator(".result--yes").count() == 0
        opened.fits("xac-minh-tam-thu-hoi")


def test_without_scripts_a_page_is_the_same_page(live: Live, browser: Browser, sessions: dict[str, str]) -> None:
    with window(browser, live.address, cookies={"bhxh-session": sessions["citizen"]}, has_scripts=False) as opened:
        opened.go("/so")
        assert opened.page.locator(".book__name").is_visible() and opened.page.locator(".qr svg").is_visible()
        assert not opened.page.locator("[data-keep-offline], [data-print]").first.is_visible()
        opened.page.locator(".why summary").first.click()
        assert opened.page.locator(".why li").first.is_visible()
        opened.page.locator(".places a[href='/ho-so']").click()
        assert opened.page.locator("h1").inner_text() == "Hồ sơ của tôi"
        opened.page.locator(".speech [lang=en]").click()
        assert opened.page.locator("h1").inner_text() == "My dossiers"


def test_the_keyboard_reaches_everything_and_sees_where_it_is(live: Live, browser: Browser, sessions: dict[str, str]) -> None:
    with window(browser, live.address, cookies={"bhxh-session": sessions["citizen"]}) as opened:
        opened.go("/so")
        opened.page.keyboard.press("Tab")
        assert opened.page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
        opened.page.keyboard.press("Enter")
        assert opened.page.evaluate("location.hash") == "#main"
        opened.go("/so")
        bar = opened.page.locator(".places ul").bounding_box()
        for _ in range(40):
            opened.page.keyboard.press("Tab")
            seen = opened.page.evaluate(_WHERE)
            if seen is None:
                break
            assert seen["isMarked"], seen
            assert seen["isInBar"] or seen["bottom"] <= bar["y"] + 1, (seen, "hidden behind the bar")


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
        opened.page.context.set_offline(False)
        opened.go("/dang-xuat")
        opened.page.locator("main button").first.click()
        opened.page.wait_for_load_state()
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
        opened.page.locator("a[href='/the/trinh']").click()
        assert opened.page.locator(".show-card .qr svg").is_visible() and opened.page.locator("[data-kept-copy]").is_visible()
        opened.page.goto(f"{live.address}/the")
        opened.page.locator("[data-drop]").click()
        opened.page.locator("[data-keep]").wait_for()
        opened.page.goto(f"{live.address}/the")
        assert opened.page.locator("h1").inner_text() == "Không có mạng"
        opened.page.goto(f"{live.address}/so")
        assert opened.page.locator(".book__name").is_visible(), "the book was not dropped with it"


def test_consent_is_granted_and_stopped_without_scripts(live: Live, browser: Browser, planted: dict[str, str]) -> None:
    assert planted, "the bank is registered"
    person = "level 1"  # WHY not the citizen: whose request waits is looked at by another test
    with window(browser, live.address, cookies={"bhxh-session": live.cookie(person)}, has_scripts=False) as opened:
        opened.go(f"/chia-se/yeu-cau/{live.ask(person)}")
        opened.page.locator("main button[value=mot-phan]").click()
        assert opened.page.locator(".govuk-error-summary").is_visible() and opened.page.title().startswith("Lỗi:")
        opened.page.locator("input[name=muc]").first.check()
        opened.page.locator(".speech [lang=en]").click()
        assert opened.page.locator("input[name=muc]").first.is_checked(), "what was chosen comes along"
        opened.page.locator("main button[value=mot-phan]").click()
        assert "Granted" in opened.page.locator(".govuk-notification-banner").inner_text()
        opened.page.locator(".consent-card form button").first.click()
        assert "Stopped" in opened.page.locator(".govuk-notification-banner").inner_text()


_WHERE = """() => { const one = document.activeElement; if (!one || one === document.body) return null;
  const [box, style] = [one.getBoundingClientRect(), getComputedStyle(one)];
  return {name: one.textContent.trim().slice(0, 40), bottom: box.bottom, isInBar: Boolean(one.closest(".places")),
    isMarked: style.backgroundColor === "rgb(255, 208, 67)" || style.outlineStyle !== "none" || style.boxShadow !== "none"}; }"""
