"""Addresses of an organisation's pages."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
