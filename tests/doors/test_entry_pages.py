"""Officers' pages where old books are typed, by HTTP: who gets in, what is kept, what is told. How they look: `test_pages_in_a_browser.py`."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.doors.browser import Browser
from tests.doors.test_conversions import CONVERTER, SECOND, make_second
from tests.doors.test_filing import looks, person_of
from tests.doors.test_transcripts import LINE, book_begun, book_filed
from tests.doors.world import World

DESK = "/can-bo/nhap-so"
GRID = {f"d1-{name}": value for name, value in LINE.items()}
At = Callable[..., Browser]


@pytest.fixture
def at_work(api: World) -> At:
    """An officer's browser, in their role, with the key shown."""
    return lambda role, **more: Browser(api).go_to_work(role, **more)


def submit(browser: Browser, path: str, act: str = "", **fields: str) -> Any:
    return browser.submit(path, csrf=browser.csrf, **({"viec": act} if act else {}), **fields)


def test_who_converts_nothing_is_not_let_in(api: World, at_work: At) -> None:
    code = book_filed(api)
    for path in (DESK, f"{DESK}/{code}", f"{DESK}/{code}/nhap", f"{DESK}/{code}/so-sanh"):
        assert at_work("officer SUPERVISOR").get(path).status_code == 403
    assert at_work(CONVERTER).get(f"{DESK}/{api.code}").status_code == 404, "no book is typed for that one"
    assert at_work(CONVERTER, has_shown=False).get(DESK)["Location"].startswith("/can-bo/khoa")


def test_from_the_photos_to_what_both_agree_on_by_pages_alone(api: World, at_work: At) -> None:
    make_second(api)
    code = book_filed(api)
    here, lan, minh = f"{DESK}/{code}", at_work(CONVERTER), at_work(SECOND)
    assert code in lan.get(DESK).content.decode()
    shown = lan.get(here)
    assert looks("transcript", shown["X-Request-Id"]) == {person_of(api, "citizen")}
    scan = shown.content.decode().split('<img src="')[1].split('"')[0]
    assert lan.get(scan)["Content-Type"] == lan.get(f"{scan}/trang/1")["Content-Type"] == "image/jpeg"
    assert lan.get(f"{scan}/trang/2").status_code == 404
    refused = submit(lan, here, "chuyen-doi", **{"so-trang": "1", "co-giay": "A5"})
    assert refused.status_code == 422 and "Chưa xác nhận đã đối chiếu" in refused.content.decode()
    switched = submit(lan, f"{here}?lang=en", "chuyen-doi", **{"so-trang": "7", "co-giay": "A5", "doi-chieu": "1"}).content.decode()
    assert 'value="7"' in switched and 'value="1" checked' in switched, "the language changes, nothing is converted"
    lan.get("/?lang=vi")
    assert submit(lan, here, "chuyen-doi", **{"so-trang": "1", "co-giay": "A5", "doi-chieu": "1"}).status_code == 303
    assert "Một cán bộ khác đối chiếu lần thứ hai" in lan.get(here).content.decode()
    assert submit(minh, here, "chung-nhan", **{"doi-chieu": "1"}).status_code == 303
    for browser, wage in ((lan, "2,34"), (minh, "2,67")):
        assert submit(browser, here, "nhap")["Location"] == f"{here}/nhap"
        assert submit(browser, f"{here}/nhap", "xong", **{**GRID, "d1-wage": wage})["Location"] == here
    assert "chỉ xem" in lan.get(f"{here}/so-sanh").content.decode()
    assert submit(minh, f"{here}/so-sanh").status_code == 422
    assert submit(minh, f"{here}/so-sanh", **{"c-1.wage": "other", "o-1.wage": "2,76"})["Location"] == here
    settled = minh.get(here)
    assert settled.status_code == 200 and "2,76" in settled.content.decode()


def test_what_was_typed_comes_back_whatever_happens(api: World, at_work: At) -> None:
    code = book_begun(api)
    path, browser = f"{DESK}/{code}/nhap", at_work(CONVERTER)
    unreadable = submit(browser, path, "xong", **{**GRID, "d1-wage": "hai triệu", "d1-from_month": "3/200"})
    page = unreadable.content.decode()
    assert unreadable.status_code == 422 and "Có 2 chỗ cần sửa" in page
    assert 'href="#d1-wage"' in page and 'value="hai triệu"' in page
    assert 'value="hai triệu"' in browser.get(path).content.decode(), "kept, though it cannot be read"
    switched = submit(browser, f"{path}?lang=en", "xong", **{**GRID, "d1-wage": "chưa lưu"}).content.decode()
    assert 'value="chưa lưu"' in switched and 'lang="en"' in switched
    after = page.split('name="sau" value="')[1].split('"')[0]
    more = submit(browser, path, "them", **GRID, sau=after)
    assert more["Location"].endswith("them=1")
    assert "d14-wage" in browser.get(more["Location"]).content.decode()


def test_another_windows_save_is_told_and_saving_once_more_keeps_this_one(api: World, at_work: At) -> None:
    code = book_begun(api)
    path, browser = f"{DESK}/{code}/nhap", at_work(CONVERTER)
    assert submit(browser, path, "luu", **GRID, sau="0").status_code == 303
    stale = submit(browser, path, "luu", **{**GRID, "d1-wage": "3,00"}, sau="0")
    page = stale.content.decode()
    assert stale.status_code == 409 and "Cửa sổ khác đã lưu" in page and 'value="3,00"' in page
    after = page.split('name="sau" value="')[1].split('"')[0]
    assert submit(browser, path, "luu", **{**GRID, "d1-wage": "3,00"}, sau=after).status_code == 303
    assert 'value="3,00"' in browser.get(path).content.decode()


def test_one_page_shows_nobody_what_another_typed(api: World, at_work: At) -> None:
    make_second(api)
    code = book_begun(api)
    submit(at_work(CONVERTER), f"{DESK}/{code}/nhap", "xong", **{**GRID, "d1-unit_name": "Nhà máy Bí Mật"})
    minh = at_work(SECOND)
    for path in (f"{DESK}/{code}", f"{DESK}/{code}/nhap", f"{DESK}/{code}/so-sanh"):
        assert "Bí Mật" not in minh.get(path).content.decode()
    assert at_work(CONVERTER).get(f"{DESK}/{code}/nhap").status_code == 303, "entered once"


def test_a_picture_of_another_dossier_is_not_there(api: World, at_work: At) -> None:
    code = book_filed(api)
    reply = at_work(CONVERTER).get(f"{DESK}/{code}/trang/01930000-0000-7000-8000-000000000000")
    assert reply.status_code == 404


def test_how_many_statements_a_page_costs(api: World, at_work: At) -> None:
    """A snapshot. What it costs in time: `python -m bench pages`."""
    code = book_begun(api)
    browser, counted = at_work(CONVERTER), {}
    submit(browser, f"{DESK}/{code}/nhap", "luu", **GRID)
    for path in (DESK, f"{DESK}/{code}", f"{DESK}/{code}/nhap"):
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        counted[path.replace(code, "code")] = len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]])
    assert counted == {DESK: 5, f"{DESK}/code": 11, f"{DESK}/code/nhap": 8}
