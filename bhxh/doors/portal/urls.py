"""Addresses of the public pages and of signing in."""

from django.urls import path

from bhxh.doors.portal import (
    asset_pages,
    public_pages,
    reference_pages,
    session_pages,
    share_pages,
    sign_in_pages,
    state_pages,
    still_pages,
    verification_pages,
)

urlpatterns = [
    path("", public_pages.start),
    path("errors", public_pages.sentences),
    path("tra-cuu-ho-so", public_pages.dossier_search),
    path("tra-cuu", reference_pages.reference),
    path("tinh-trang", state_pages.state),
    path("tro-giup", still_pages.help_page),
    path("tiep-can", still_pages.accessibility),
    path("quyen-rieng-tu", still_pages.privacy),
    path("ngoai-tuyen", still_pages.offline),
    path("he-thong-giao-dien", still_pages.components),
    path("tinh/<str:digest>/<str:name>", asset_pages.asset),
    path("sw.js", asset_pages.service_worker),
    path("dang-nhap", sign_in_pages.begin),
    path("dang-nhap/ve", sign_in_pages.come_back),
    path("dang-nhap/vai-tro", sign_in_pages.roles),
    path("dang-nhap/tiep", sign_in_pages.go_on),
    path("dang-nhap/khoa.json", sign_in_pages.client_keys),
    path("dang-nhap/phien", session_pages.still_here),
    path("dang-nhap/xong", session_pages.signed_in_here),
    path("dang-xuat", sign_in_pages.sign_out),
    path("dang-xuat/xong", sign_in_pages.signed_out),
    path("dang-xuat/e-id", sign_in_pages.notice),
    path("ho-so/<str:code>", public_pages.completion),
    path("chia-se/<str:secret>", share_pages.shared),
    path("tt/<int:number>", verification_pages.status_list),
    path("xac-minh", verification_pages.verify),
    path("xac-minh/<str:sha256>", public_pages.verification),
]
