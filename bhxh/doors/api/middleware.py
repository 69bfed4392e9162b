"""What every request carries: a request id, bound once for logs, audit entries and the answer's header; and what none may bring."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from django.core.exceptions import BadRequest, DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_resolver

from bhxh.access.errors import TooMany
from bhxh.access.sign_in_requests import place_of_ours
from bhxh.doors.api import problems
from bhxh.doors.api.errors import API_WRONG_HOST
from bhxh.doors.partners import partners
from bhxh.doors.sessions import address_of
from bhxh.web.encodings import is_unreadable_form
from bhxh.web.failures import failure

_FRAMING_BYTES = 1024 * 1024  # LIMIT: what multipart, a certificate and form fields may add to an upload
_OURS = ("/api/", "/health/")
_READ_AS_IT_COMES = re.compile(r"/api/v1/(warehouse|office/conversions/[0-9a-f-]{36})/uploads")
"""A document goes to the disk piece by piece, and its route knows how long it may be."""
_PERSONAL, _OPEN = "/api/", "/api/v1/open"
_GUARDS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
"""Beside what Django's own middleware sets: nosniff, Referrer-Policy, Cross-Origin-Opener-Policy."""
_TLS_ONLY = "max-age=31536000; includeSubDomains"


class BoundRequest:
    """Give each request an id of our own making, never one the caller chose: the audit log relies on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid4().hex
        request.META["BHXH_REQUEST_ID"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self._answer(request)
        is_plain = not response.get("Content-Type", "").endswith("json")
        if response.status_code >= 400 and is_plain and request.path.startswith(_OURS):
            response = problems.of_framework(request, response)
        response["X-Request-Id"] = request_id
        for name, value in _GUARDS.items():
            response.headers.setdefault(name, value)
        if partners().signing_in.is_https:
            response["Strict-Transport-Security"] = _TLS_ONLY
        if request.path.startswith(_PERSONAL) and not request.path.startswith(_OPEN):
            response["Cache-Control"] = "no-store"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            # WHY here: the framework looks at the name only where it builds an address, and nothing of ours does.
            return problems.problem(request, 400, API_WRONG_HOST, {})
        try:
            if not request.path.startswith("/health/"):  # who watches us asks often
                side = partners().signing_in
                side.limits.check_address(address_of(request, side))
        except TooMany as too_many:
            return _too_many(request, too_many)
        # WHY before anything is read: a body is else spooled to the disk as long as it comes.
        if not _READ_AS_IT_COMES.fullmatch(request.path) and _length(request) > partners().maximum_upload_bytes + _FRAMING_BYTES:
            return problems.too_large(request) if request.path.startswith(_OURS) else _too_large(request)
        if is_unreadable_form(request):
            return HttpResponse(status=400) if request.path.startswith(_OURS) else _refused(request, 400, BadRequest())
        # WHY: no name of ours holds this character, and the database refuses it with an error of its own.
        if "\x00" in request.path:
            return HttpResponse(status=404) if request.path.startswith(_OURS) else _refused(request, 404, Http404())
        return self._get_response(request)


def _refused(request: HttpRequest, status: int, why: Exception) -> HttpResponse:
    page: HttpResponse = get_resolver().resolve_error_handler(status)(request, why)  # type: ignore[call-arg]
    return page


def _too_large(request: HttpRequest) -> HttpResponse:
    """WHY back to where it came from: what else stood on that page is kept there, and another file can be chosen."""
    size, most = (count // 1024 // 1024 for count in (_length(request), partners().maximum_upload_bytes))
    came_from = urlsplit(request.headers.get("Referer", ""))
    links = (
        [(place_of_ours(came_from.path), ("Quay lại trang trước", "Back to the page before"))]
        if came_from.netloc == request.get_host()
        else []
    )
    said = (f"Bạn gửi {size} MB, tối đa {most} MB.", f"You sent {size} MB; the limit is {most} MB.")
    return failure(request, 413, said=said, links=(*links, ("/", ("Trang đầu", "Start page"))))


def _too_many(request: HttpRequest, refused: TooMany) -> HttpResponse:
    if request.path.startswith(_OURS):
        return problems.too_many(request, refused)
    return failure(request, refused.status, error=refused, retry_after_s=refused.retry_after_s)


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isascii() and text.isdigit() else 0
