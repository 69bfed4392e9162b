"""Addresses of officers' and operators' pages."""

from django.urls import path
from django.urls.resolvers import URLPattern

from bhxh.doors.office import dossier_pages, key_pages, queue_pages

urlpatterns: list[URLPattern] = [
    path("can-bo/khoa", key_pages.key),
    path("can-bo/viec", queue_pages.queue),
    path("can-bo/viec/tiep", queue_pages.next_dossier),
    path("can-bo/ho-so/<code>", dossier_pages.dossier),
    path("can-bo/ho-so/<code>/giay-to/<sha256>", dossier_pages.document),
]
