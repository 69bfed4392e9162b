"""The templates of all pages: complete in both languages, nothing inline, every component shown."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.utils.html import escape

from bhxh.web.examples import all_examples
from bhxh.web.languages import LANGUAGES, PARTS, speaking
from tools.translations import find_problems

_ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted(file for part in PARTS for file in (_ROOT / "bhxh" / part / "templates").rglob("*.html"))


def test_every_sentence_of_the_templates_is_there_in_both_languages() -> None:
    assert find_problems() == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_a_template_has_nothing_inline_and_no_words_outside_of_translation(file: Path) -> None:
    text = file.read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|hx-on|<script(?! type=\"module\" src=)", text)
    assert not re.search(r"https?://(?!www\.w3\.org/)", text), "nothing is loaded from elsewhere"
    bare = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}|<[^>]*>", " ", text, flags=re.DOTALL)
    assert set(re.findall(r"[^\W\d_]{2,}", bare)) <= {"html"}, "put it into {% translate %}"


def test_every_component_is_shown_on_the_live_page() -> None:
    drawn = {file.stem for file in (_ROOT / "bhxh/web/templates/web/components").glob("*.html")}
    shown = {example.name for example in all_examples()}
    around_or_inside = {"language_switch", "places", "protected", "qr"}
    assert drawn - shown == around_or_inside, "show it in bhxh/web/examples.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_in_the_language_that_is_spoken(language: str) -> None:
    with speaking(language):
        for example in all_examples():
            assert example.shown.strip(), example.name


def test_a_sentence_is_remembered_in_each_language_and_words_that_vary_are_not() -> None:
    sentence = engines["django"].from_string(
        '{% load i18n %}{% translate "Trợ giúp" %}{% translate "Trợ giúp" as words %}<{{ words }}>{% translate given %}'
    )
    for language, said in (("vi", "Trợ giúp"), ("en", "Help"), ("vi", "Trợ giúp")):
        with speaking(language):
            for given in ("<b>", "x"):
                assert sentence.render({"given": given}) == f"{said}<{said}>{escape(given)}"


def test_what_is_fixed_is_drawn_once_for_each_language_and_sees_nothing_of_the_page() -> None:
    fixed = engines["django"].from_string(
        '{% load i18n web %}{% fixed %}{% translate "Trợ giúp" %}{{ name }}{% icon "book" %}{% endfixed %}'
    )
    drawn = []
    for language in ("vi", "en", "vi"):
        with speaking(language):
            drawn.append(fixed.render({"name": "Nguyễn Văn A"}))
    assert drawn[0] == drawn[2] and drawn[0].startswith("Trợ giúp<svg") and drawn[1].startswith("Help<svg")
