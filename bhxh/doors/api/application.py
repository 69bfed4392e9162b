"""The REST API: OpenAPI 3.1, e-ID tokens, problem details. Default: every route needs a token; the open ones say `auth=None`."""

from ninja import NinjaAPI

from bhxh import __version__
from bhxh.doors.api import books, dossiers, employee_lists, office, open_data, portal_intake, problems
from bhxh.doors.api.authentication import EidToken

api = NinjaAPI(
    title="bhxh",
    version=__version__,
    description="Bảo hiểm xã hội điện tử · electronic social insurance (Decree 164/2025/ND-CP)",
    auth=EidToken(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/register-employees", employee_lists.router)
api.add_router("/dossiers", dossiers.router)
api.add_router("/office", office.router)
api.add_router("/me", books.router)
api.add_router("/npsp", portal_intake.router)
api.add_router("/open", open_data.router)
problems.register(api)

health_api = NinjaAPI(title="bhxh health", version=__version__, docs_url=None, openapi_url=None, urls_namespace="health")
health_api.add_router("", open_data.health)
problems.register(health_api)
