"""Addresses of an organisation's pages."""

from django.urls import path

from bhxh.doors.portal.employer import (
    declaring_pages,
    filing_pages,
    overview_pages,
    program_pages,
    right_pages,
    signing_pages,
    worker_pages,
)

urlpatterns = [
    path("don-vi", overview_pages.overview),
    path("don-vi/lao-dong", worker_pages.workers),
    path("don-vi/lao-dong/<str:reference>", worker_pages.worker),
    path("don-vi/khai-bao", declaring_pages.declare),
    path("don-vi/khai-bao/mau.xlsx", declaring_pages.template),
    path("don-vi/khai-bao/tep-da-ky", signing_pages.signed_elsewhere),
    path("don-vi/khai-bao/<uuid:check_id>", declaring_pages.check),
    path("don-vi/khai-bao/<uuid:check_id>/xac-nhan", declaring_pages.confirm_repairs),
    path("don-vi/khai-bao/<uuid:check_id>/tep-danh-dau", declaring_pages.marked),
    path("don-vi/khai-bao/<uuid:check_id>/ky", signing_pages.choose_key),
    path("don-vi/ky/<uuid:draft_id>", signing_pages.sign),
    path("don-vi/ky/<uuid:draft_id>/noi-dung", signing_pages.to_sign),
    path("don-vi/ky/<uuid:draft_id>/tai-lieu", signing_pages.document),
    path("don-vi/ky/<uuid:draft_id>/cho", signing_pages.waiting),
    path("don-vi/ho-so", filing_pages.filings),
    path("don-vi/ho-so/<str:code>", filing_pages.filing),
    path("don-vi/ho-so/<str:code>/da-nop", signing_pages.filed),
    path("don-vi/ho-so/<str:code>/dong-sai.xlsx", filing_pages.wrong_lines),
    path("don-vi/ho-so/<str:code>/rut", filing_pages.taking_back),
    path("don-vi/ho-so/<str:code>/bo-sung", filing_pages.supplement),
    path("don-vi/quyen", right_pages.rights),
    path("don-vi/quyen/moi", right_pages.give),
    path("don-vi/quyen/phan-mem/moi", program_pages.register),
    path("don-vi/quyen/phan-mem/<str:client_id>", program_pages.program),
    path("don-vi/quyen/<uuid:mandate_id>", right_pages.end),
]
