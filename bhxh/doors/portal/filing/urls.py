"""Addresses of filing."""

from django.urls import path

from bhxh.doors.portal.filing import after_pages, catalogue_pages, check_pages, question_pages, start_pages

urlpatterns = [
    path("thu-tuc", catalogue_pages.procedures),
    path("thu-tuc/<str:slug>", catalogue_pages.procedure),
    path("ho-so/moi/<str:slug>", start_pages.start),
    path("ho-so/nhap/<uuid:draft_id>", question_pages.draft),
    path("ho-so/nhap/<uuid:draft_id>/xoa", question_pages.delete),
    path("ho-so/nhap/<uuid:draft_id>/kiem-tra", check_pages.check),
    path("ho-so/nhap/<uuid:draft_id>/bo-tep", question_pages.remove),
    path("ho-so/nhap/<uuid:draft_id>/<str:part>", question_pages.questions),
    path("ho-so/nhap/<uuid:draft_id>/<str:part>/tep", question_pages.upload),
    path("ho-so/<str:code>/da-nop", check_pages.done),
    path("ho-so/<str:code>/bo-sung", after_pages.supplement),
    path("ho-so/<str:code>/bo-sung/tep", after_pages.supplement_file),
    path("ho-so/<str:code>/bo-sung/bo-tep", after_pages.supplement_remove),
    path("ho-so/<str:code>/rut", after_pages.take_back),
]
