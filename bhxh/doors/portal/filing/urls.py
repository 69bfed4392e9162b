"""Addresses of filing."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
