"""Addresses of a person's own pages."""

from django.urls import path

from bhxh.doors.portal.citizen import (
    account_pages,
    book_pages,
    card_pages,
    code_pages,
    counter_pages,
    dossier_pages,
    inbox_pages,
    own_pages,
    paper_pages,
    sharing_pages,
)

urlpatterns = [
    path("so", book_pages.book),
    path("so/lich-su", book_pages.history),
    path("so/ma", code_pages.codes),
    path("the", card_pages.card),
    path("the/trinh", card_pages.show),
    path("chia-se", sharing_pages.sharing),
    path("chia-se/yeu-cau/<uuid:request_id>", sharing_pages.request_for_data),
    path("chia-se/dong-y/<uuid:consent_id>", sharing_pages.consent),
    path("kho", paper_pages.papers),
    path("kho/<uuid:item_id>/xoa", paper_pages.remove),
    path("toi", account_pages.account),
    path("dai-dien", account_pages.represented),
    path("thong-bao", inbox_pages.inbox),
    path("thong-bao/<uuid:message_id>", inbox_pages.letter),
    path("ai-da-xem", own_pages.looks),
    path("ho-so", dossier_pages.dossiers),
    path("ho-so/<str:code>/theo-doi", dossier_pages.tracking),
    path("ho-so/<str:code>/nop-thay", counter_pages.answer),
]
