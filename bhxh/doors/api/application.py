"""The REST API: OpenAPI 3.1, e-ID tokens, problem details. Default: every route needs a token; the open ones say `auth=None`."""

from typing import Any

from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from bhxh import __version__
from bhxh.doors.api import (
    book_states,
    books,
    confirmations,
    consents,
    conversions,
    counter,
    credentials,
    data_requests,
    dossier_acts,
    dossiers,
    employee_lists,
    extract_requests,
    log_reading,
    mandates,
    office,
    officer_keys,
    open_data,
    open_log,
    own_data,
    own_requests,
    person_readings,
    portal_intake,
    problems,
    programs,
    sessions,
    signing,
    subject_requests,
    transcripts,
    verifications,
    warehouse,
    workers,
)
from bhxh.doors.api.authentication import EidToken, SessionCookie
from bhxh.doors.api.shapes import Problem


class DescribedAPI(NinjaAPI):
    """The published description says of every route how it refuses: nobody has to find out by trying."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """With the problem document of every status a route can answer with."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"]["schemas"]["Problem"] = Problem.json_schema()
        for path in schema["paths"].values():
            for operation in path.values():
                for status in problems.statuses_of(has_sign_in="security" in operation):
                    operation["responses"].setdefault(status, problems.describe(status))
        return schema


api = DescribedAPI(
    title="bhxh",
    version=__version__,
    description="Bảo hiểm xã hội điện tử · electronic social insurance (Decree 164/2025/ND-CP)",
    auth=[EidToken(), SessionCookie()],
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/register-employees", employee_lists.router)
api.add_router("/confirmation-extract", extract_requests.router)
api.add_router("/confirmations", confirmations.router)
api.add_router("/signing", signing.router)
api.add_router("/dossiers", dossiers.router)
api.add_router("/dossiers", dossier_acts.router)
api.add_router("/office", office.router)
api.add_router("/office", counter.router)
api.add_router("/office", person_readings.router)
api.add_router("/office", conversions.router)
api.add_router("/office", transcripts.router)
api.add_router("/officers", officer_keys.router)
api.add_router("/log", log_reading.router)
api.add_router("/data-requests", subject_requests.router)
api.add_router("/workers", workers.router)
api.add_router("/me", books.router)
api.add_router("/me", credentials.router)
api.add_router("/me", book_states.own)
api.add_router("/office", book_states.router)
api.add_router("/me", counter.own)
api.add_router("/me", consents.router)
api.add_router("/sharing", data_requests.router)
api.add_router("/me", own_data.router)
api.add_router("/me", own_requests.router)
api.add_router("/warehouse", warehouse.router)
api.add_router("/npsp", portal_intake.router)
api.add_router("/open", open_data.router)
api.add_router("/open/log", open_log.router)
api.add_router("/open", verifications.router)
api.add_router("/session", sessions.router)
api.add_router("/mandates", mandates.router)
api.add_router("/office/mandates", mandates.office)
api.add_router("/programs", programs.router)
api.add_router("/oauth", programs.tokens)
problems.register(api)

api_urls = api.urls
[_own_book] = [pattern.callback for pattern in api_urls[0] if isinstance(pattern, URLPattern) and pattern.name == "own_book"]
assert _own_book is not None, "a route has a view"
hot_own_book = books.hot_own_book(_own_book)
"""To be mounted at the address of `own_book`, before the routes."""

health_api = NinjaAPI(title="bhxh health", version=__version__, docs_url=None, openapi_url=None, urls_namespace="health")
health_api.add_router("", open_data.health)
problems.register(health_api)
