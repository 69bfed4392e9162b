"""What templates can say besides Django's own words: `{% icon "book" %}`, `{% asset "app.css" %}`, `{{ pair|spoken }}`."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import template
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bhxh.web.assets import all_assets
from bhxh.web.icons import ICONS
from bhxh.web.languages import in_words
from bhxh.web.languages import spoken as spoken_language

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """Address of a built file."""
    return all_assets()[name].address


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """One of our drawings. Said to nobody: the words stand beside it."""
    return format_html(
        '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        ' aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308  # our own constants
    )


class Fixed(Node):
    """What looks the same on whichever page, for whomever."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.made: dict[str, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Made once for each language."""
        language = spoken_language()
        if language not in self.made:
            assert context.template is not None, "a template is drawn"
            alone = Context()
            with alone.bind_template(context.template):
                self.made[language] = self.nodelist.render(alone)
        return self.made[language]


@register.tag
def fixed(parser: Parser, token: Token) -> Fixed:
    """`{% fixed %}...{% endfixed %}`: words, icons and addresses of our own, drawn once for each language. No variable is seen inside."""
    inside = parser.parse(("endfixed",))
    parser.delete_first_token()
    return Fixed(inside)


@register.simple_tag
def component(name: str, given: Mapping[str, Any]) -> SafeString:
    """A component by its name, where only the view knows which one it is."""
    return render_to_string(f"web/components/{name}.html", dict(given))


@register.filter
def spoken(pair: tuple[str, str]) -> str:
    """Of (Vietnamese, English) the one that is spoken."""
    return in_words(pair)


@register.filter
def of(mapping: Mapping[str, int] | None, key: str) -> int | None:
    """What stands under this key."""
    return mapping.get(key) if mapping else None


@register.filter
def beside(row: Iterable[object], heads: Iterable[object]) -> list[tuple[object, object]]:
    """Each cell with the head of its column."""
    return list(zip(heads, row, strict=True))
