"""In which encoding a request says that it is written: texts are read as UTF-8, and a form in any other is refused in a sentence.

WHY before the framework: it decodes the address while it makes the request, in whatever encoding Python knows by that name, and where that
fails nobody answers. Some of them (`unicode_escape`) give text that no database keeps.
"""

import codecs
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_OTHER: Final = "BHXH_OTHER_ENCODING"


def in_utf8(application: Application) -> Application:
    """The same application, for requests that name any encoding. Bodies that a route reads itself stay as they are."""

    def answer(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        given = str(environment.get("CONTENT_TYPE") or "")
        if ";" in given and not _is_in_utf8(environment):
            environment = {**environment, "CONTENT_TYPE": given.partition(";")[0].strip(), _OTHER: True}
        return application(environment, start_response)

    return answer


def is_unreadable_form(request: HttpRequest) -> bool:
    """Whether it brings a form in another encoding."""
    return bool(request.META.get(_OTHER)) and request.content_type in FORMS


def _is_in_utf8(environment: dict[str, Any]) -> bool:
    try:
        named = WSGIRequest(environment).encoding
        return named is None or codecs.lookup(named).name == "utf-8"
    except (LookupError, ValueError, SuspiciousOperation):
        return False
