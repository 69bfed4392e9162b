"""Addresses of officers' and operators' pages."""

from django.urls import path
from django.urls.resolvers import URLPattern

from bhxh.doors.office import (
    book_pages,
    bulk_pages,
    counter_filing_pages,
    counter_pages,
    counter_refused_pages,
    desk_pages,
    dossier_pages,
    entry_pages,
    key_pages,
    operator_pages,
    person_pages,
    queue_pages,
)

urlpatterns: list[URLPattern] = [
    path("can-bo/khoa", key_pages.key),
    path("can-bo/viec", queue_pages.queue),
    path("can-bo/viec/hang-loat", bulk_pages.bulk),
    path("can-bo/viec/tiep", queue_pages.next_dossier),
    path("can-bo/bao-sai", queue_pages.mistakes),
    path("can-bo/so", book_pages.books),
    path("can-bo/so-hoa", desk_pages.counter),
    path("can-bo/so-hoa/<uuid:case_id>", desk_pages.case),
    path("can-bo/so-hoa/<uuid:case_id>/tep/<uuid:item_id>", desk_pages.scan),
    path("can-bo/so-hoa/<uuid:case_id>/tep/<uuid:item_id>/trang/<int:number>", desk_pages.sheet),
    path("can-bo/so-hoa/ban-in/<uuid:print_id>", desk_pages.printed),
    path("can-bo/tra-cuu", person_pages.look_up),
    path("can-bo/ho-so/<code>", dossier_pages.dossier),
    path("can-bo/ho-so/<code>/giay-to/<sha256>", dossier_pages.document),
    path("can-bo/ho-so/<code>/giay-to/<sha256>/trang/<int:number>", dossier_pages.sheet),
    path("van-hanh", operator_pages.board),
    path("van-hanh/csv/phieu-tiep-nhan", operator_pages.receipts_csv),
    path("van-hanh/csv/hang-doi", operator_pages.queue_csv),
    path("van-hanh/phieu-cham", operator_pages.late_receipts),
    path("van-hanh/thu-tra-lai", operator_pages.returned_letters),
    path("van-hanh/ho-so-dung", operator_pages.stuck_dossiers),
    path("van-hanh/cho-lau", operator_pages.waiting_longest),
    path("van-hanh/thu-cho", operator_pages.unsent_letters),
    path("van-hanh/ho-so", operator_pages.in_place),
]
urlpatterns += [
    path("can-bo/nhap-so", entry_pages.books),
    path("can-bo/nhap-so/<code>", entry_pages.book),
    path("can-bo/nhap-so/<code>/nhap", entry_pages.grid),
    path("can-bo/nhap-so/<code>/so-sanh", entry_pages.comparison),
    path("can-bo/nhap-so/<code>/trang/<uuid:item_id>", entry_pages.file),
    path("can-bo/nhap-so/<code>/trang/<uuid:item_id>/trang/<int:number>", entry_pages.sheet),
]
"""Where old books are typed."""
urlpatterns += [
    path("can-bo/tai-quay", counter_pages.counter),
    path("can-bo/tai-quay/tu-choi", counter_refused_pages.refused),
    path("can-bo/tai-quay/da-nop/<code>", counter_filing_pages.filed),
    path("can-bo/tai-quay/da-nop/<code>/phieu.pdf", counter_filing_pages.receipt),
    path("can-bo/tai-quay/nhap/<uuid:draft_id>", counter_pages.draft),
    path("can-bo/tai-quay/nhap/<uuid:draft_id>/xoa", counter_pages.delete),
    path("can-bo/tai-quay/nhap/<uuid:draft_id>/kiem-tra", counter_filing_pages.check),
    path("can-bo/tai-quay/nhap/<uuid:draft_id>/bo-tep", counter_pages.remove),
    path("can-bo/tai-quay/nhap/<uuid:draft_id>/<str:part>", counter_pages.questions),
    path("can-bo/tai-quay/nhap/<uuid:draft_id>/<str:part>/tep", counter_pages.upload),
]
"""Where an officer files for whoever came to the counter."""
