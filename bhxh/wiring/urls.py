"""All addresses. Doors bring their own; this only mounts them."""

from django.urls import path

from bhxh.doors.api.application import api_urls, health_api, hot_own_book
from bhxh.doors.portal import public_pages, share_pages, sign_in_pages, verification_pages

handler400, handler404, handler500 = public_pages.refused, public_pages.not_found, public_pages.our_fault
urlpatterns = [
    path("", public_pages.start),
    path("errors", public_pages.sentences),
    path("api/v1/me/book", hot_own_book),
    path("api/v1/", api_urls),
    path("health/", health_api.urls),
    path("dang-nhap", sign_in_pages.begin),
    path("dang-nhap/ve", sign_in_pages.come_back),
    path("dang-nhap/vai-tro", sign_in_pages.roles),
    path("dang-nhap/khoa.json", sign_in_pages.client_keys),
    path("dang-xuat", sign_in_pages.sign_out),
    path("dang-xuat/xong", sign_in_pages.signed_out),
    path("dang-xuat/e-id", sign_in_pages.notice),
    path("ho-so/<str:code>", public_pages.completion),
    path("chia-se/<str:secret>", share_pages.shared),
    path("tt/<int:number>", verification_pages.status_list),
    path("xac-minh", verification_pages.verify),
    path("xac-minh/<str:sha256>", public_pages.verification),
]
