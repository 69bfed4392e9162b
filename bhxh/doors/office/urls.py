"""Addresses of officers' and operators' pages."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
