"""Around every page, and around nothing of the API: its language, its headers, its gzip."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.text import compress_string

from bhxh.web.headers import guard
from bhxh.web.languages import chosen, keep_choice, speaking

_NOT_PAGES = ("/api/", "/health/", "/tinh/")
_SMALL = 1400  # what fits into one packet anyway


class Pages:
    """Outermost but for the framework's own: pages that refuse a request early speak the chosen language too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_NOT_PAGES):
            return self._get_response(request)
        with speaking(chosen(request)):
            response = self._get_response(request)
        keep_choice(request, response, is_secure="Strict-Transport-Security" in response)
        if response.get("Content-Type", "").startswith("text/html"):
            if "Content-Security-Policy" not in response:
                guard(response)
            _squeeze(request, response)
        return response


def _squeeze(request: HttpRequest, response: HttpResponse) -> None:
    """WHY random bytes: a page holds a protection token and may repeat part of its address; the length must not tell one from the other."""
    response["Vary"] = "Accept-Encoding, Cookie"
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(response.content) > _SMALL:
        response.content = compress_string(response.content, max_random_bytes=100)
        response["Content-Encoding"] = "gzip"
