"""What a page may do in a browser: run and load only what is ours, be framed by nobody, send forms where it says."""

from collections.abc import Sequence
from typing import Final, TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase

_Response = TypeVar("_Response", bound=HttpResponseBase)
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self';"
    " worker-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""WHY no package and no nonce: there is no inline script and no inline style to let in. A test opens every page and hears no complaint."""
_CAMERA = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


def guard(response: HttpResponse, *, form_origins: Sequence[str] = (), with_camera: bool = False) -> HttpResponse:
    """Lay the policy on a page. `form_origins`: where its forms may lead besides us (browsers check redirects too)."""
    forms = " ".join(("'self'", *form_origins))
    response["Content-Security-Policy"] = f"{_POLICY}; form-action {forms}"
    if with_camera:
        response["Permissions-Policy"] = _CAMERA
    return response


def private(response: _Response) -> _Response:
    """Not to be kept by anybody on the way, nor by the browser."""
    response["Cache-Control"] = "no-store"
    return response
