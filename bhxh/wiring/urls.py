"""All addresses. Doors bring their own; this only mounts them."""

from django.urls import path

from bhxh.doors.api.application import api, health_api
from bhxh.doors.portal import public_pages

urlpatterns = [
    path("api/v1/", api.urls),
    path("health/", health_api.urls),
    path("ho-so/<str:code>", public_pages.completion),
    path("xac-minh/<str:sha256>", public_pages.verification),
]
