"""What every request carries: a request id, bound once for logs, audit entries and the answer's header; and what none may bring."""

from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from bhxh.doors.api import problems
from bhxh.doors.partners import partners

_FRAMING_BYTES = 1024 * 1024  # LIMIT: what multipart, a certificate and form fields may add to an upload
_OURS = ("/api/", "/health/")


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
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        # WHY before anything is read: a body is else spooled to the disk as long as it comes.
        if _length(request) > partners().maximum_upload_bytes + _FRAMING_BYTES:
            return problems.too_large(request)
        # WHY: no name of ours holds this character, and the database refuses it with an error of its own.
        if "\x00" in request.path:
            return HttpResponseNotFound()
        return self._get_response(request)


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isascii() and text.isdigit() else 0
