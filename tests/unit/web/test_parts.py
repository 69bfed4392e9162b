"""Places, charts, codes and languages by themselves."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import resolve

import bhxh
from bhxh.web.charts import months_chart
from bhxh.web.icons import ICONS
from bhxh.web.languages import address_in, chosen, in_words, speaking
from bhxh.web.places import BARS
from bhxh.web.qr import qr_of


@pytest.mark.parametrize("bar", BARS)
def test_a_bar_holds_at_most_five_places_that_exist(bar: str) -> None:
    places = BARS[bar]
    assert len(places) <= 5
    for place in places:
        resolve(place.path)
        assert place.icon in ICONS
        assert all((*place.long, *place.short)) and max(map(len, place.short)) <= 10


def test_every_component_and_icon_stands_on_a_page() -> None:
    """Shown in the manual alone, one is dead, or a page draws the same thing in a way of its own."""
    package = Path(bhxh.__file__).parent
    sources = {path: path.read_text() for pattern in ("*.html", "*.py") for path in package.rglob(pattern) if path.name != "examples.py"}
    for component in (package / "web/templates/web/components").glob("*.html"):
        named = re.compile(rf'components/{component.name}"|return "{component.stem}", ')
        assert any(named.search(text) for path, text in sources.items() if path != component), component.name
    told = "".join(
        text for path, text in sources.items() if (path.name != "icons.py" and "ICON" in text.upper()) or path.name == "places.py"
    )
    assert [name for name in ICONS if f'"{name}"' not in told] == []


def test_the_address_in_another_language_keeps_what_it_asks_for() -> None:
    request = RequestFactory().get("/tra-cuu-ho-so?ma=G12%20a&lang=vi")
    path, _, query = address_in(request, "en").partition("?")
    assert (path, QueryDict(query).dict()) == ("/tra-cuu-ho-so", {"ma": "G12 a", "lang": "en"})


@pytest.mark.parametrize(
    ("query", "cookie", "language"),
    [("", "", "vi"), ("?lang=en", "", "en"), ("", "en", "en"), ("?lang=vi", "en", "vi"), ("?lang=x", "y", "vi")],
)
def test_who_chose_nothing_is_spoken_to_in_vietnamese(query: str, cookie: str, language: str) -> None:
    request = RequestFactory().get(f"/{query}", headers={"Accept-Language": "en"})
    request.COOKIES["bhxh-lang"] = cookie
    assert chosen(request) == language
    with speaking(language):
        assert in_words(("có", "yes")) == ("yes" if language == "en" else "có")


def test_a_chart_draws_each_year_in_its_height_and_names_the_latest() -> None:
    chart = months_chart({year: 12 if year % 2 else 6 for year in range(1996, 2027)})
    for drawing in chart.drawings:
        assert len(drawing.bars) == 31
        assert {bar.height for bar in drawing.bars} == {75.0, 150.0}
        assert all(bar.x >= 26 and bar.x + bar.width <= drawing.width for bar in drawing.bars)
        named = [bar for bar in drawing.bars if bar.name]
        assert named[-1].name == "2026"
        gaps = [later.middle - earlier.middle for earlier, later in pairwise(named)]
        assert min(gaps) >= 30
    assert months_chart({}).drawings[0].bars == ()


def test_a_code_is_one_path_with_a_rim_of_four_modules() -> None:
    code = qr_of("https://bhxh.example/xac-minh/0123456789abcdef")
    assert code.side == 33 + 8 and code.path.startswith("M4 4h7v1h-7z")
