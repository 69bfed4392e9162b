"""A real browser: the system's Chromium, driven by Playwright. What it sees is measured; what it asks for elsewhere is a failure."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
WIDTHS = (320, 390, 1280)
_SCREENS = os.environ.get("BHXH_SCREENS", "")
_AXE = files("axe_playwright_python") / "axe.min.js"  # the package carries axe-core as its makers built it
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    " --font-render-hinting=none --force-color-profile=srgb"
)
_WHO_IS_TO_BLAME = """async () => {
  const {Color, flattenColors, getContrast, getOwnBackgroundColor} = axe.commons.color;
  const [wrong, back] = [[], []];
  const read = (words) => { const color = new Color(); color.parseString(words); return color; };
  const below = (ground, one, ratio) => getContrast(ground, read(getComputedStyle(one).fill)) < ratio;
  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const dress = (one, name, value) => { one.style[name] = value; back.push(() => { one.style[name] = ""; }); };
  const takeAway = (one) => { const mark = document.createComment(""); one.replaceWith(mark); back.push(() => mark.replaceWith(one)); };

  for (const chart of document.querySelectorAll(".chart")) {
    const ground = getOwnBackgroundColor(getComputedStyle(chart));
    if (ground.alpha < 1) wrong.push("drawn on no colour of its own");
    const [words, bars] = ["svg text", "svg rect"].map((name) => [...chart.querySelectorAll(name)].filter((one) => one.getClientRects().length));
    const boxes = bars.map((bar) => bar.getBoundingClientRect());
    for (const one of words)
      if (below(ground, one, 4.5) || boxes.some((box) => overlap(box, one.getBoundingClientRect()))) wrong.push(`drawn word: ${one.textContent}`);
    for (const bar of bars) if (below(ground, bar, 3)) wrong.push(`drawn bar: ${bar.outerHTML}`);
    chart.querySelectorAll("svg").forEach(takeAway);
  }
  for (const drum of document.querySelectorAll(".book__drum")) {
    const [white, ground] = [new Color(255, 255, 255, Number(getComputedStyle(drum).opacity)), getOwnBackgroundColor(getComputedStyle(drum.parentElement))];
    dress(drum.parentElement, "background", flattenColors(white, ground).toHexString());
    takeAway(drum);
  }
  for (const bar of document.querySelectorAll(".places")) dress(bar, "position", "static");
  const wait = (event) => event.preventDefault();
  for (const name of ["htmx:beforeRequest", "htmx:beforeSwap"]) {
    document.addEventListener(name, wait);
    back.push(() => document.removeEventListener(name, wait));
  }

  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations", "incomplete"]});
  // The base marks the file button's words with a comma only readers hear; known, and its own pattern.
  const isKnown = (id, node) => id === "label-content-name-mismatch" && document.querySelector(node.target[0]).matches(".govuk-file-upload-button");
  const told = (kind) => found[kind].flatMap(({id, nodes}) => nodes.filter((node) => !isKnown(id, node)).map((node) => `${id}: ${node.target.join(" ")}`));
  const all = [...wrong, ...told("violations"), ...told("incomplete").map((one) => `unsure ${one}`)];
  back.reverse().forEach((act) => act());
  return all;
}"""
"""What axe finds, and what it cannot judge by itself judged here or laid out so that it can. Words and bars of charts: by their own colours
against their card, and no word stands on a bar. Words over the drum: as if all of the cover were as bright as the drum's brightest line. The
bar at the bottom of a phone: out of the way of what it happens to cover (that nothing stays covered, the keyboard's path shows). What renews
itself waits until it was judged: a page that changes meanwhile is one that axe is unsure of."""
_TOO_WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.clientWidth > 1)
  .slice(-3).map((one) => `${one.tagName}.${one.className}`)"""
_MOVED = """() => new Promise((done) => { const moved = [];
  const what = ({node, previousRect: from, currentRect: to}) => `${node?.nodeName}.${node?.className ?? ""} ${from.y}+${from.height} -> ${to.y}+${to.height}`;
  const take = (entries) => { for (const entry of entries) if (!entry.hadRecentInput) moved.push([entry.value, ...entry.sources.map(what)]); };
  const watch = new PerformanceObserver((list) => take(list.getEntries()));
  watch.observe({type: "layout-shift", buffered: true});
  const drawn = (act) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(act)));
  drawn(() => { take(watch.takeRecords()); done(moved); }); })"""
_MOST_MOVED = 0.02
_UNCOVERED = """(one) => { one.scrollIntoView({block: "nearest"}); const {left, top, width, height} = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(left + width / 2, top + height / 2)); }"""
_PATIENCE_MS = 60_000
"""Longer than anything takes on a slow machine that does something else: who waits for something that comes loses nothing by it."""


def demand_chromium(undone: str) -> None:
    """Skip what cannot be done without a browser, and say loudly what it takes."""
    if CHROMIUM is None:
        pytest.skip(f"{undone}: chromium is not installed. ./bootstrap.sh dev installs it as root")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for many contexts."""
    assert CHROMIUM, "chromium is not installed; ./bootstrap.sh dev installs it where it may"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS.split())
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Window:
    """One person's window: their session and what went on in it."""

    page: Page
    address: str
    strayed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _came: list[Any] = field(default_factory=list)

    def begin_anew(self, session: str | None) -> None:
        """As a window that was just opened by whoever this session belongs to: nothing is kept of those before. Cheaper than another window."""
        self.page.goto("about:blank")  # WHY first: what brings itself up to date on the page before would speak into what comes
        context = self.page.context
        inside = context.new_cdp_session(self.page)
        inside.send("Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": "all"})
        inside.send("Network.setCacheDisabled", {"cacheDisabled": True})
        context.clear_cookies()
        self.be(session)
        self.resize(WIDTHS[1])
        self.strayed.clear()
        self.complaints.clear()
        self._came.clear()

    def weigh(self) -> dict[str, int]:
        """Address -> bytes on the wire, of all that came since the page was opened."""
        sizes = {request.url: request.sizes() for request in self._came}
        return {url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in sizes.items()}

    def go(self, path: str) -> Any:
        """Open a page of ours and wait until it stands."""
        self._came.clear()
        reply = self.page.goto(f"{self.address}{path}", wait_until="load")
        self.stands()
        return reply

    def stands(self) -> None:
        """Wait until all of the page has come, its letters too: before that nothing can be said about it."""
        self.page.wait_for_load_state("load")
        self.page.evaluate("document.fonts.ready")

    def press(self, what: Locator) -> Any:
        """Press what leads to another page, also in another tab, and wait until that page stands. How it was answered."""
        with what.page.expect_navigation(wait_until="load") as going:
            what.click()
        what.page.evaluate("document.fonts.ready")
        return going.value

    def press_with_the_keyboard(self, what: Locator) -> Any:
        """The same, which somebody with a mouse could do as well: nothing lies over it."""
        assert what.evaluate(_UNCOVERED), "covered"
        with what.page.expect_navigation(wait_until="load") as going:
            what.press("Enter")
        what.page.evaluate("document.fonts.ready")
        return going.value

    def stop_the_clock(self) -> None:
        """The clock of the pages that are opened from now on stands; `page.clock` moves it. Its timers are the page's, requests take their time."""
        self.page.clock.install()
        self.page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))

    def let_a_second_pass(self) -> None:
        """Buttons take no second press within a second. It goes by on the page's own clock, installed before the page was opened."""
        self.page.clock.fast_forward(1_100)

    def be(self, session: str | None) -> None:
        """From now on whoever this session belongs to; nobody, as when it ended."""
        self.page.context.clear_cookies(name="bhxh-session")
        if session:
            self.page.context.add_cookies([{"name": "bhxh-session", "value": session, "url": self.address}])

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 844 if width < 1000 else 900})

    def too_wide(self) -> list[str]:
        """What stands out to the right; nothing where the page fits."""
        return list(self.page.evaluate(_TOO_WIDE))

    def keep(self, name: str) -> None:
        """A picture of the page as it stands, where `make screens` asks for pictures."""
        if _SCREENS:
            Path(_SCREENS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{_SCREENS}/{name}.png", full_page=True)

    def fits(self, name: str, *, kept: tuple[int, ...] = WIDTHS) -> None:
        """Nothing stands out at any width; a picture of each in `kept`."""
        self.stands()
        for width in WIDTHS:
            self.resize(width)
            assert self.too_wide() == [], (name, width)
            if width in kept:
                self.keep(f"{name}-{width}")

    def moved(self) -> list[list[Any]]:
        """What moved since the page was opened, (share of the screen, what), where together that is more than anybody should see."""
        found: list[list[Any]] = self.page.evaluate(_MOVED)
        return found if sum(one[0] for one in found) >= _MOST_MOVED else []

    def barriers(self) -> list[str]:
        """What stands in somebody's way, and all that axe is not sure of."""
        self.stands()
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE.read_text())
        return list(self.page.evaluate(_WHO_IS_TO_BLAME))


@contextmanager
def window(
    browser: Browser,
    address: str,
    *,
    cookies: dict[str, str] | None = None,
    has_scripts: bool = True,
    width: int = 390,
    service_workers: str = "block",
) -> Iterator[Window]:
    """A fresh window with these cookies."""
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        java_script_enabled=has_scripts,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        reduced_motion="reduce",
        service_workers=service_workers,
    )
    context.set_default_timeout(_PATIENCE_MS)
    if cookies:
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    opened = Window(context.new_page(), address)
    home = urlsplit(address).netloc

    def asked(request: Any) -> None:
        if urlsplit(request.url).netloc != home:
            opened.strayed.append(request.url)

    def came(request: Any) -> None:
        opened._came.append(request)

    def said(message: Any) -> None:
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            opened.complaints.append(message.text)

    opened.page.on("request", asked)
    opened.page.on("requestfinished", came)
    opened.page.on("console", said)
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    try:
        yield opened
    finally:
        context.close()
