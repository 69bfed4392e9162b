"""What a letter is called on a page: its own heading in the language that is spoken. The subject of the mail repeats the dossier's code."""

from bhxh.notices.layout import half_of
from bhxh.notices.queries import MessageSeen
from bhxh.web.languages import spoken


def half_in_words(message: MessageSeen) -> tuple[str, str, str]:
    """(heading, its language, HTML below it); in Vietnamese where it has no such half, and the bare subject where it has none at all."""
    for language in (spoken(), "vi"):
        heading, body = half_of(message.html, language)
        if heading:
            return heading, language, body
    return message.subject, "vi", ""


def heading_of(message: MessageSeen) -> str:
    """The heading alone."""
    return half_in_words(message)[0]
