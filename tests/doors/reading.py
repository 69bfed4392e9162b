"""How a page is read by somebody who does not see it as it was drawn: with the keyboard alone, larger, spaced out, or read aloud."""

from typing import Any

from tests.doors.chromium import Window

_WATCH = """() => {
  const look = (one) => [one, one.nextElementSibling, one.closest("label")].filter(Boolean)
    .flatMap((part) => [null, "::before", "::after"].map((piece) => getComputedStyle(part, piece)))
    .map((style) => [style.backgroundColor, style.outline, style.boxShadow, style.border, style.opacity].join()).join("|");
  const stops = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const all = [...document.querySelectorAll(stops)].filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}));
  const atRest = new Map(all.map((one) => [one, look(one)]));
  const reached = new Set();
  const told = (one) => `${one.tagName.toLowerCase()} ${one.id || one.name || ""} ${one.textContent.trim().slice(0, 40)}`;
  window.__step = () => {
    const one = document.activeElement;
    if (!one || one === document.body || reached.has(one)) return null;
    reached.add(one);
    const [box, bar] = [one.getBoundingClientRect(), document.querySelector(".places ul")?.getBoundingClientRect()];
    const isUnder = bar && !one.closest(".places") && getComputedStyle(document.querySelector(".places")).position === "fixed" && box.bottom > bar.top + 1;
    const isAway = box.bottom < 0 || box.top > innerHeight || box.width === 0;
    const wrong = [isUnder && "under the bar", isAway && "out of sight", look(one) === atRest.get(one) && "not marked"].filter(Boolean);
    return wrong.map((what) => `${told(one)}: ${what}`);
  };
  const groups = (ones) => new Set([...ones].filter((one) => one.type === "radio").map((one) => `${one.form?.id} ${one.name}`));
  window.__left = () => all.filter((one) => one.isConnected && !reached.has(one) && !(one.type === "radio" && groups(reached).has(`${one.form?.id} ${one.name}`))).map(told);
}"""
_MOST_STOPS = 400
_SPACED = """(rules) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rules); document.adoptedStyleSheets = [sheet]; }"""
_SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"
_TWICE = "html { font-size: 200% !important; }"
_WITHOUT_ART = ".book__drum { display: none; }"
_CUT = """() => [...document.querySelectorAll("main *, header *, .places *")].filter((one) => {
    const style = getComputedStyle(one);
    return one.checkVisibility() && one.clientWidth > 1 && one.textContent.trim() && ["hidden", "clip"].includes(style.overflowX)
      && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
  }).map((one) => `${one.tagName}.${one.className}`)"""
_MOVES = """() => [...document.querySelectorAll("*")].flatMap((one) => { const style = getComputedStyle(one);
    return [style.transitionDuration, style.animationDuration].some((said) => said.split(", ").some((one) => parseFloat(one) > 0.001))
      ? [`${one.tagName}.${one.className}`] : []; })"""
_LANDMARKS = ("banner", "main", "contentinfo")
_NAMED = (
    "link",
    "button",
    "textbox",
    "checkbox",
    "radio",
    "combobox",
    "spinbutton",
    "navigation",
    "searchbox",
    "progressbar",
    "table",
    "region",
)


def walk(opened: Window) -> list[str]:
    """What is wrong with the keyboard's path over the whole page: stops that are not marked, hidden, or never reached."""
    opened.page.evaluate(_WATCH)
    wrong: list[str] = []
    for _ in range(_MOST_STOPS):
        opened.page.keyboard.press("Tab")
        step: list[str] | None = opened.page.evaluate("window.__step()")
        if step is None:
            break
        wrong += step
    else:
        wrong.append("the path has no end")
    return [*wrong, *(f"{one}: not reached" for one in opened.page.evaluate("window.__left()"))]


def enlarge(opened: Window) -> list[str]:
    """What sticks out or is cut at 200 % (half the width), with letters twice as large, and with the spacing WCAG 1.4.12 names."""
    wrong: list[str] = []
    for name, width, rules in (
        ("200 %", 640, ""),
        ("letters of 200 %", 640, _TWICE),
        ("spaced", 390, _SPACING),
        ("spaced", 1280, _SPACING),
    ):
        opened.resize(width)
        opened.page.evaluate(_SPACED, f"{_WITHOUT_ART} {rules}")
        wrong += [f"{name} at {width}: {one}" for one in (*opened.too_wide(), *opened.page.evaluate(_CUT))]
    opened.page.evaluate(_SPACED, "")
    return wrong


def moving(opened: Window) -> list[str]:
    """What still moves for somebody who asked for less motion."""
    return list(opened.page.evaluate(_MOVES))


def read_aloud(opened: Window) -> list[str]:
    """What a screen reader is told wrongly: landmarks that are missing or twice there, and things to use or to go to without a name."""
    tree = [line.strip().removeprefix("- ") for line in opened.page.locator("body").aria_snapshot().splitlines()]
    kinds = [line.partition(" ")[0].rstrip(":") for line in tree]
    wrong: list[Any] = [f"{kinds.count(one)} times {one}" for one in _LANDMARKS if kinds.count(one) != 1]
    wrong += [f"no name: {line}" for line, kind in zip(tree, kinds, strict=True) if kind in _NAMED and f'{kind} "' not in line]
    return wrong
