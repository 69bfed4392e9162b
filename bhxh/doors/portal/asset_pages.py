"""The built files of all pages, the service worker and what it shows without a network."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from bhxh.doors.admission import lets_in
from bhxh.kernel.who import ANYBODY
from bhxh.web.assets import Asset, all_assets
from bhxh.web.failures import failure

_FOR_EVER, _SHORTLY = "public, max-age=31536000, immutable", "public, max-age=300"


@lets_in(ANYBODY)
def asset(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """A style sheet, script, font or picture. Under its own digest it may be kept for ever; under an older one it is what it is now."""
    found = all_assets().get(name)
    if found is None:
        return failure(request, 404)
    response = _answer(request, found)
    response["Cache-Control"] = _FOR_EVER if digest == found.digest else _SHORTLY
    return response


@lets_in(ANYBODY)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the top, because it may only serve what lies below it."""
    response = _answer(request, all_assets()["sw.js"])
    response["Cache-Control"] = "no-cache"
    return response


def _answer(request: HttpRequest, found: Asset) -> HttpResponse:
    tag = f'"{found.digest}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    is_squeezed = found.squeezed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.squeezed if is_squeezed else found.content, content_type=found.content_type)
    response["ETag"] = tag
    if found.squeezed is not None:
        response["Vary"] = "Accept-Encoding"
    if is_squeezed:
        response["Content-Encoding"] = "gzip"
    return response
