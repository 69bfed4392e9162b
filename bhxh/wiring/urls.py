"""All addresses. Doors bring their own lists; this only mounts them."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
