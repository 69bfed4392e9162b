"""Django's `{% load i18n %}` with one difference: a sentence that stands in a template as it is, is looked up once for each language.

WHY: a page has a hundred of them, and looking one up costs eight times as much as remembering it.
"""

from django.template import Context, Library
from django.template.base import Parser, Token, Variable
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
"""Nothing of our own: that it is a library lets the settings name it, and so have it read before any template is."""


class Sentence(i18n.TranslateNode):
    """A sentence of the template's own, in the language that is spoken."""

    def __init__(self, whole: i18n.TranslateNode) -> None:
        super().__init__(whole.filter_expression, noop=False)
        self.name = whole.asvar
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """The sentence; nothing, where it goes into a variable."""
        language = get_language()
        words = self.said.get(language)
        if words is None:
            words = self.said[language] = super().render(context)
        if self.name:
            context[self.name] = words
            return ""
        return words


def translate(parser: Parser, token: Token) -> i18n.TranslateNode:
    """As Django's."""
    whole: i18n.TranslateNode = i18n.do_translate(parser, token)
    said, is_plain = whole.filter_expression.var, not (whole.noop or whole.message_context or whole.filter_expression.filters)
    return Sentence(whole) if is_plain and isinstance(said, Variable) and isinstance(said.literal, str) else whole


# WHY over Django's own: `{% load i18n %}` stays what it is everywhere, and of two libraries of one name Django warns.
i18n.register.tag("translate", translate)
i18n.register.tag("trans", translate)
