"""All addresses. Doors bring their own; this only mounts them."""

from django.urls import path

from bhxh.doors.api.application import api_urls, health_api, hot_own_book
from bhxh.doors.portal import public_pages

handler400, handler404, handler500 = public_pages.refused, public_pages.not_found, public_pages.our_fault
urlpatterns = [
    path("", public_pages.start),
    path("errors", public_pages.sentences),
    path("api/v1/me/book", hot_own_book),
    path("api/v1/", api_urls),
    path("health/", health_api.urls),
    path("ho-so/<str:code>", public_pages.completion),
    path("xac-minh/<str:sha256>", public_pages.verification),
]
