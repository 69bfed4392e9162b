"""A person's own pages by HTTP: who gets in, what is written down, what a page costs. How they look: `test_pages_in_a_browser.py`."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.doors.browser import Browser
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World

PAGES = ("/so", "/so/lich-su", "/the", "/the/trinh", "/chia-se", "/thong-bao", "/kho", "/toi", "/dai-dien", "/ho-so", "/ai-da-xem")


@pytest.fixture
def signed_in(api: World) -> Callable[..., Browser]:
    def sign_in(role: str, **more: Any) -> Browser:
        browser = Browser(api)
        assert browser.sign_in(role, **more).status_code == 303
        return browser

    return sign_in


@pytest.mark.parametrize("path", [*PAGES, "/ho-so/G12/theo-doi"])
def test_who_is_not_signed_in_goes_there_first_and_comes_back(api: World, path: str) -> None:
    browser = Browser(api)
    reply = browser.get(f"{path}?a=1")
    assert (reply.status_code, reply["Cache-Control"]) == (303, "no-store")
    assert browser.leave(reply["Location"].removeprefix("/dang-nhap")).startswith(api.sandbox.url("eid"))
    back = browser.get(browser.choose(browser.leave(reply["Location"].removeprefix("/dang-nhap"))))
    assert back["Location"] == f"{path}?a=1"
    browser.client.cookies["bhxh-session"] = "of-nobody"
    assert browser.get(path)["Location"].startswith("/dang-nhap?tiep=%2F")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_ones_own_and_kept_by_nobody(signed_in: Callable[..., Browser], path: str) -> None:
    reply = signed_in("citizen").get(path)
    assert (reply.status_code, reply["Cache-Control"]) == (200, "no-store")
    assert "'unsafe" not in reply["Content-Security-Policy"]
    assert signed_in("citizen").client.post(path).status_code == (403 if path in {"/kho", "/dai-dien"} else 405), (
        "a form without our mark, or none at all"
    )


@pytest.mark.parametrize(
    ("role", "status", "words"),
    [
        ("clerk", 403, "ACC-"),
        ("soldier", 403, "Bộ Quốc phòng hoặc Bộ Công an quản lý</h1>"),
        ("unregistered", 403, "ACC-011"),
        ("officer", 200, "Bạn chưa có sổ"),
    ],
)
def test_who_has_no_book_here_is_told_why(api: World, signed_in: Callable[..., Browser], role: str, status: int, words: str) -> None:
    more = {"org_id": api.population.demo_employer.tax_code} if role == "clerk" else {}
    reply = signed_in(role, **more).get("/so")
    assert reply.status_code == status
    assert words in reply.content.decode()


def test_somebody_elses_dossier_is_not_there(api: World, signed_in: Callable[..., Browser]) -> None:
    browser = signed_in("other citizen")
    theirs = api.post("/confirmation-extract/requests", {"purpose": "Vay"}, "citizen").json()["code"]
    existing, invented = (browser.get(f"/ho-so/{code}/theo-doi") for code in (theirs, "G12.99.01-261122-9999"))
    assert existing.status_code == invented.status_code == 404
    assert existing.content.replace(theirs.encode(), b"") == invented.content.replace(b"G12.99.01-261122-9999", b"")


def test_the_book_shows_what_is_sealed_and_how_each_row_is_known(api: World, signed_in: Callable[..., Browser]) -> None:
    browser = signed_in("other citizen")
    reply = browser.get("/so")
    text = reply.content.decode()
    assert looks("book", reply["X-Request-Id"]) == {person_of(api, "other citizen")}
    citizen = api.population.by_pin()[api.people["other citizen"]]
    assert citizen.full_name in text
    assert api.code in text, "the dossier by which the latest row came"
    report = re.findall(r'href="(/ho-so/moi/report_mistake\?q-group=social_insurance&amp;q-about=[^"]+)"', text)[0]
    assert 'name="q-about" value="' in browser.get(html.unescape(report)).content.decode(), "a report begins with the row it is about"
    assert "Chuyển từ hệ thống trước đây" in text and "Luật số 41/2024" in text
    assert text.count('<rect class="chart__bar') == 2 * text.count('<th scope="row" class="govuk-table__header number">'), (
        "each year, drawn twice and in the table"
    )


def test_how_many_statements_a_page_costs(signed_in: Callable[..., Browser]) -> None:
    """A snapshot. What it costs in time: `python -m bench pages`."""
    browser = signed_in("citizen")
    counted = {}
    for path in PAGES:
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        counted[path] = len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]])
    assert counted == {
        "/so": 5,
        "/so/lich-su": 6,
        "/the": 14,
        "/the/trinh": 14,
        "/chia-se": 7,
        "/thong-bao": 6,
        "/kho": 7,
        "/toi": 6,
        "/dai-dien": 12,
        "/ho-so": 7,
        "/ai-da-xem": 7,
    }
