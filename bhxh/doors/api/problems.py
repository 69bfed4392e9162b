"""Errors as RFC 9457 problem details: one shape for every refusal, in both languages, with the stable code."""

from http import HTTPStatus
from typing import Any

import orjson
import structlog
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from bhxh.doors.api.errors import API_BAD_SHAPE, API_NOT_SIGNED_IN, API_OUR_FAULT
from bhxh.kernel.errors import BhxhError, Defect, Sentence, Trouble

_log = structlog.get_logger()
_PROBLEM = "application/problem+json"


def problem(request: HttpRequest, status: int, sentence: Sentence, parameters: dict[str, Any], **more: Any) -> HttpResponse:
    """One problem document. The sentence comes in Vietnamese and English; `detail` follows Accept-Language."""
    filled = {key: str(value) for key, value in parameters.items()}
    texts = {"vi": sentence.vi.format_map(filled), "en": sentence.en.format_map(filled)}
    wants_english = request.headers.get("Accept-Language", "vi").strip().lower().startswith("en")
    body = {
        "type": f"/errors#{sentence.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": sentence.code,
        "detail": texts["en" if wants_english else "vi"],
        **texts,
        "instance": request.META.get("BHXH_REQUEST_ID", ""),
        **more,
    }
    response = HttpResponse(orjson.dumps(body), status=status, content_type=_PROBLEM)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="bhxh"'
    return response


def register(api: NinjaAPI) -> None:
    """Turn every error into a problem document; only the unexpected ones are logged as errors."""

    @api.exception_handler(BhxhError)
    def _known(request: HttpRequest, error: BhxhError) -> HttpResponse:
        if isinstance(error, Defect):
            _log.error("api.request.defect", code=error.code)
        elif isinstance(error, Trouble):
            _log.warning("api.request.trouble", code=error.code)
        return problem(request, error.status, error.sentence, dict(error.parameters), where=error.where)

    @api.exception_handler(ValidationError)
    def _shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
        places = [
            {"where": ".".join(str(part) for part in entry["loc"]), "reason": str(entry["type"])}
            for entry in error.errors
            if "loc" in entry
        ]
        return problem(request, 422, API_BAD_SHAPE, {"places": ", ".join(place["where"] for place in places)}, errors=places)

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(request, 401, API_NOT_SIGNED_IN, {})

    @api.exception_handler(Exception)
    def _defect(request: HttpRequest, error: Exception) -> HttpResponse:
        # WHY no exception text: it may hold what somebody typed. The type and the place are enough to find the bug.
        frames = _places(error)
        _log.error("api.request.crashed", kind=type(error).__name__, frames=frames)
        return problem(request, 500, API_OUR_FAULT, {"incident": request.META.get("BHXH_REQUEST_ID", "")[:8]})


def _places(error: BaseException) -> list[str]:
    places, trace = [], error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('bhxh/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-6:]
