"""All addresses. Doors bring their own; this only mounts them."""

from django.urls import path

from bhxh.doors.api.application import api, health_api

urlpatterns = [path("api/v1/", api.urls), path("health/", health_api.urls)]
