"""In which language a page speaks: Vietnamese, or English where somebody chose it. The address stays the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

LANGUAGES: Final = {"vi": "Tiếng Việt", "en": "English"}
"""The first one is spoken where nobody chose."""
FIELD: Final = "lang"
"""In an address, or as a form's button: the same page again with what was typed, in the other language."""
PARTS: Final = ("web", "doors/portal", "doors/portal/citizen", "doors/portal/filing", "doors/portal/employer", "doors/office")
"""Folders with templates of pages, each with the English of its sentences in `locale/` beside them."""
_COOKIE, _COOKIE_AGE_S = "bhxh-lang", 365 * 86_400
_PAIR = 2


def chosen(request: HttpRequest) -> str:
    """WHY not Accept-Language: many phones here speak English to people who do not; and one address gives everybody the same page."""
    for wish in (_asked(request).get(FIELD), request.COOKIES.get(_COOKIE)):
        if wish in LANGUAGES:
            return wish
    return next(iter(LANGUAGES))


def keep_choice(request: HttpRequest, response: HttpResponse, *, is_secure: bool) -> None:
    """Remember what the address said. The cookie names a language and nobody."""
    wish = _asked(request).get(FIELD)
    if wish in LANGUAGES:
        response.set_cookie(_COOKIE, wish, max_age=_COOKIE_AGE_S, secure=is_secure, httponly=True, samesite="Lax")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Fixed sentences come in this language inside."""
    with translation.override(language):
        yield


def spoken() -> str:
    """The language of the page that is being made."""
    return translation.get_language() or next(iter(LANGUAGES))


def in_words(pair: tuple[str, str]) -> str:
    """Of (Vietnamese, English) the one that is spoken."""
    assert len(pair) == _PAIR
    return pair[1] if spoken() == "en" else pair[0]


def of_both(text: str) -> str:
    """Of `Vietnamese · English`, as printed documents write it, the one that is spoken; a text without the dot as it is."""
    vi, _, en = text.partition(" · ")
    return en if en and spoken() == "en" else vi


def address_in(request: HttpRequest, language: str) -> str:
    """This very address in another language, with everything else it asks for."""
    asked = _asked(request).copy()
    asked[FIELD] = language
    return f"{path_of(request)}?{asked.urlencode()}"


def path_of(request: HttpRequest) -> str:
    """Its path as a link of ours may hold it. WHY not as it was asked for: `//other.example` leads away from here, with a backslash too."""
    return escape_leading_slashes(escape_uri_path(request.path))


def is_switch(request: HttpRequest) -> bool:
    """Whether a form was sent only to change the language: show it again with what was typed, and judge nothing."""
    return request.method == "POST" and FIELD in request.GET


def _asked(request: HttpRequest) -> QueryDict:
    """WHY nothing where there are more fields than are read: every page speaks some language, the one that refuses the address too."""
    try:
        return request.GET
    except TooManyFieldsSent:
        return QueryDict()
