"""All addresses. Doors bring their own; this only mounts them."""

from django.urls import path

from bhxh.doors.api.application import api_urls, health_api, hot_own_book
from bhxh.doors.office import urls as office
from bhxh.doors.portal import public_pages
from bhxh.doors.portal import urls as portal
from bhxh.doors.portal.citizen import urls as citizen
from bhxh.doors.portal.employer import urls as employer
from bhxh.doors.portal.filing import urls as filing
from bhxh.web import failures

handler400, handler404, handler500 = public_pages.refused, public_pages.not_found, failures.our_fault
urlpatterns = [
    path("api/v1/me/book", hot_own_book),
    path("api/v1/", api_urls),
    path("health/", health_api.urls),
    # WHY filing and a person's own first: a public page stands at `ho-so/<code>`.
    *filing.urlpatterns,
    *citizen.urlpatterns,
    *employer.urlpatterns,
    *office.urlpatterns,
    *portal.urlpatterns,
]
