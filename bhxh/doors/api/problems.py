"""Errors as RFC 9457 problem details: one shape for every refusal, in both languages, with the stable code."""

from http import HTTPStatus
from typing import Any

import orjson
import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bhxh.access.errors import TooMany
from bhxh.doors.api.errors import (
    API_BAD_SHAPE,
    API_LATER,
    API_NO_ADDRESS,
    API_NO_METHOD,
    API_NOT_READABLE,
    API_NOT_SIGNED_IN,
    API_OUR_FAULT,
)
from bhxh.doors.errors import UPLOAD_TOO_LARGE, Busy
from bhxh.doors.partners import partners
from bhxh.kernel.errors import BhxhError, Defect, Sentence, Trouble

_log = structlog.get_logger()
_RETRY_AFTER_S = 5
PROBLEM = "application/problem+json"


def problem(request: HttpRequest, status: int, sentence: Sentence, parameters: dict[str, Any], **more: Any) -> HttpResponse:
    """One problem document. The sentence comes in Vietnamese and English; `detail` follows Accept-Language."""
    filled = {key: str(value) for key, value in parameters.items()}
    texts = {"vi": sentence.vi.format_map(filled), "en": sentence.en.format_map(filled)}
    body = {
        "type": f"/errors#{sentence.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": sentence.code,
        "detail": texts[_language(request.headers.get("Accept-Language", ""))],
        **texts,
        "instance": request.META.get("BHXH_REQUEST_ID", ""),
        **more,
    }
    response = HttpResponse(orjson.dumps(body), status=status, content_type=PROBLEM)
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
        response = problem(request, error.status, error.sentence, {"where": error.where, **error.parameters}, where=error.where)
        if isinstance(error, Busy | TooMany):
            response["Retry-After"] = str(error.retry_after_s)
        return response

    @api.exception_handler(ValidationError)
    def _shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
        places = [
            {"where": ".".join(str(part) for part in entry["loc"]), "reason": str(entry["type"])}
            for entry in error.errors
            if "loc" in entry
        ]
        return problem(request, 422, API_BAD_SHAPE, {"places": ", ".join(place["where"] for place in places)}, errors=places)

    @api.exception_handler(RequestDataTooBig)
    def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return too_large(request)

    def _unreadable(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return problem(request, 400, API_NOT_READABLE, {})

    for kind in (HttpError, BadRequest, MultiPartParserError, SuspiciousOperation, UnicodeDecodeError):
        api.add_exception_handler(kind, _unreadable)

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(request, 401, API_NOT_SIGNED_IN, {})

    @api.exception_handler(InterfaceError)
    @api.exception_handler(OperationalError)
    def _later(request: HttpRequest, error: Exception) -> HttpResponse:
        # WHY not a defect: the database restarts or a lock took too long. Whether a commit arrived is told by sending again.
        _log.warning("api.request.database", kind=type(error).__name__, frames=_places(error))
        response = problem(request, 503, API_LATER, {"seconds": _RETRY_AFTER_S})
        response["Retry-After"] = str(_RETRY_AFTER_S)
        return response

    @api.exception_handler(Exception)
    def _defect(request: HttpRequest, error: Exception) -> HttpResponse:
        # WHY no exception text: it may hold what somebody typed. The type and the place are enough to find the bug.
        frames = _places(error)
        _log.error("api.request.crashed", kind=type(error).__name__, frames=frames)
        return problem(request, 500, API_OUR_FAULT, {"incident": request.META.get("BHXH_REQUEST_ID", "")[:8]})


def too_large(request: HttpRequest) -> HttpResponse:
    """413 with the limit."""
    return problem(request, 413, UPLOAD_TOO_LARGE, {"limit_mib": partners().maximum_upload_bytes // 1024 // 1024})


def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """429 with the seconds to wait."""
    response = problem(request, error.status, error.sentence, error.parameters)
    response["Retry-After"] = str(error.retry_after_s)
    return response


def of_framework(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What the framework refuses before a route is found, in our shape."""
    sentence = {404: API_NO_ADDRESS, 405: API_NO_METHOD, 500: API_OUR_FAULT}.get(response.status_code, API_NOT_READABLE)
    parameters = {"method": request.method or "", "incident": request.META.get("BHXH_REQUEST_ID", "")[:8]}
    shaped = problem(request, response.status_code, sentence, parameters)
    if "Allow" in response:
        shaped["Allow"] = response["Allow"]
    return shaped


def statuses_of(*, has_sign_in: bool) -> tuple[int, ...]:
    """With which statuses a route may refuse."""
    return (400, *((401,) if has_sign_in else ()), 403, 404, 409, 413, 422, 429, 500, 502, 503)


def describe(status: int) -> dict[str, Any]:
    """A refusal as the published description shows it."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": HTTPStatus(status).phrase, "content": {PROBLEM: {"schema": schema}}}


def _language(accepted: str) -> str:
    """`vi` or `en`, whichever the caller likes better; Vietnamese where both or neither."""
    liking = {"vi": 0.0, "en": 0.0}
    for part in accepted.split(",")[:20]:
        tag, _, weight = part.strip().lower().partition(";q=")
        language = tag.partition("-")[0]
        if language in liking:
            try:
                liking[language] = max(liking[language], float(weight or 1))
            except ValueError:
                continue
    return "en" if liking["en"] > liking["vi"] else "vi"


def _places(error: BaseException) -> list[str]:
    places, trace = [], error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('bhxh/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-6:]
