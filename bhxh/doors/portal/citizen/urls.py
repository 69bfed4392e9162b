"""Addresses of a person's own pages."""

from django.urls import path

from bhxh.doors.portal.citizen import own_pages

urlpatterns = [
    path("so", own_pages.book),
    path("ai-da-xem", own_pages.looks),
    path("ho-so", own_pages.dossiers),
    path("ho-so/<str:code>/theo-doi", own_pages.tracking),
]
