"""No page is forgotten: each address of the portal and the office is looked at in a browser, or stands here with the reason why not."""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, resolve

from bhxh.wiring.urls import urlpatterns
from tests.doors.seen import PAGES

NOT_LOOKED_AT: Final = {
    "can-bo/ho-so/<code>/giay-to/<sha256>": "a file",
    "can-bo/ho-so/<code>/giay-to/<sha256>/trang/<int:number>": "a picture, looked at beside the case",
    "can-bo/nhap-so/<code>/trang/<uuid:item_id>": "a picture, looked at on the page of the grid",
    "can-bo/nhap-so/<code>/trang/<uuid:item_id>/trang/<int:number>": "a picture, looked at on the page of the grid",
    "can-bo/so-hoa/<uuid:case_id>/tep/<uuid:item_id>": "a file",
    "can-bo/so-hoa/<uuid:case_id>/tep/<uuid:item_id>/trang/<int:number>": "a picture, looked at at the desk",
    "can-bo/tai-quay/da-nop/<code>/phieu.pdf": "a file",
    "can-bo/tai-quay/nhap/<uuid:draft_id>/<str:part>/tep": "takes a form, shows nothing",
    "can-bo/tai-quay/nhap/<uuid:draft_id>/bo-tep": "takes a form, shows nothing",
    "can-bo/viec/tiep": "leads on to a dossier",
    "dang-nhap": "leads on to the e-ID; away, it is among the bad days",
    "dang-nhap/khoa.json": "keys for the e-ID",
    "dang-nhap/phien": "a number for a script",
    "dang-nhap/tiep": "leads on to one's own pages",
    "dang-nhap/ve": "leads on; gone wrong, it is looked at",
    "dang-xuat/e-id": "the e-ID's own word that somebody left",
    "don-vi/ho-so/<str:code>/dong-sai.xlsx": "a file",
    "don-vi/khai-bao/<uuid:check_id>/tep-danh-dau": "a file",
    "don-vi/khai-bao/<uuid:check_id>/xac-nhan": "takes a form, shows nothing",
    "don-vi/khai-bao/mau.xlsx": "a file",
    "don-vi/ky/<uuid:draft_id>/noi-dung": "a file",
    "don-vi/ky/<uuid:draft_id>/tai-lieu": "a file",
    "ho-so/<str:code>/bo-sung/bo-tep": "takes a form, shows nothing",
    "ho-so/<str:code>/bo-sung/tep": "takes a form, shows nothing",
    "ho-so/nhap/<uuid:draft_id>/<str:part>/tep": "takes a form, shows nothing",
    "ho-so/nhap/<uuid:draft_id>/bo-tep": "takes a form, shows nothing",
    "sw.js": "a script",
    "tinh/<str:digest>/<str:name>": "styles, scripts, fonts",
    "tt/<int:number>": "a status list for machines",
    "van-hanh/csv/hang-doi": "a file",
    "van-hanh/csv/phieu-tiep-nhan": "a file",
}
"""Address -> what it is instead of a page."""
_ANYTHING: Final = str(UUID(int=0))
"""What every kind of name in an address may be."""


def _of_pages(table: Sequence[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in table:
        if isinstance(one, URLResolver):
            yield from _of_pages(one.url_patterns, f"{before}{one.pattern}")
        elif one.callback.__module__.startswith(("bhxh.doors.portal.", "bhxh.doors.office.")):
            yield f"{before}{one.pattern}"


_ADDRESSES: Final = sorted(_of_pages(urlpatterns))


@pytest.fixture(scope="module")
def shown() -> set[str]:
    """The addresses of which a page is looked at that is not a refusal."""
    return {_pattern_of(page.path) for page in PAGES if page.status == 200}


def _pattern_of(path: str) -> str:
    return resolve(re.sub(r"{\w+}", _ANYTHING, path.partition("?")[0])).route


def test_there_are_addresses() -> None:
    assert len(_ADDRESSES) > 90 and len(set(_ADDRESSES)) == len(_ADDRESSES)


@pytest.mark.parametrize("address", [one for one in _ADDRESSES if one not in NOT_LOOKED_AT])
def test_a_page_is_looked_at(address: str, shown: set[str]) -> None:
    assert address in shown, "add a line to tests/doors/seen, or say in NOT_LOOKED_AT why there is nothing to look at"


def test_what_is_left_out_is_there_and_is_left_out(shown: set[str]) -> None:
    assert [one for one in NOT_LOOKED_AT if one not in _ADDRESSES] == [], "these are gone"
    assert [one for one in NOT_LOOKED_AT if one in shown] == [], "these are looked at"


def test_pictures_have_names_of_their_own() -> None:
    names = [page.name for page in PAGES]
    assert len(set(names)) == len(names)
