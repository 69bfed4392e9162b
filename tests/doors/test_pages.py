"""The few pages that need no sign-in, and what is answered where there is nothing: ours, in both languages, with nothing of our insides."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.doors.world import World


def page(path: str, **headers: str) -> Any:
    from django.test import Client

    return Client(raise_request_exception=False, headers={"Host": "localhost", **headers}).get(path)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.languages: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            {"href": self.links, "id": self.ids, "lang": self.languages}.get(name, []).append(value or "")


def parsed(reply: Any) -> _Text:
    text = _Text()
    text.feed(reply.content.decode())
    return text


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/errors", 200), ("/nowhere", 404), ("/favicon.ico", 404), ("/api", 404), ("/x\x00", 404)]
)
def test_a_page_is_ours_in_both_languages(api: World, path: str, status: int) -> None:
    reply = page(path)
    assert (reply.status_code, reply["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert {"vi", "en"} <= set(parsed(reply).languages)
    assert reply["Content-Security-Policy"].startswith("default-src 'none'")
    assert reply["X-Request-Id"]
    assert not re.search(rb"django|python|traceback|not found on this server", reply.content, re.IGNORECASE)


def test_the_links_of_the_first_page_lead_somewhere(api: World) -> None:
    links = parsed(page("/")).links
    assert len(links) >= 4
    for link in links:
        assert page(link).status_code == (303 if link == "/dang-nhap" else 200), link


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/", "/api/v2/open/keys", "/health/nothing", "/api/v1/\x00"])
def test_the_api_answers_with_a_problem_document(api: World, path: str) -> None:
    reply = page(path, Accept="text/html")
    assert (reply.status_code, reply["Content-Type"]) == (404, "application/problem+json")
    assert reply.json()["code"] == "API-012"


def test_a_problem_names_a_place_that_exists(api: World) -> None:
    address, _, anchor = page("/api/v1/nothing").json()["type"].partition("#")
    assert anchor in parsed(page(address)).ids


def test_a_name_that_is_not_ours_is_not_answered(api: World) -> None:
    for path in ("/", "/api/v1/open/procedures", "/health/live"):
        reply = page(path, Host="evil.example")
        assert (reply.status_code, reply.json()["code"]) == (400, "API-015"), path


def test_a_crash_of_a_page_says_an_incident_and_nothing_else(api: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from bhxh.doors.portal import public_pages

    def crash(code: str) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(public_pages, "get_dossier", crash)
    reply = page("/ho-so/G12")
    assert reply.status_code == 500
    assert reply["X-Request-Id"][:8].encode() in reply.content
    assert b"secret" not in reply.content and b"ZeroDivision" not in reply.content


def test_what_somebody_typed_is_text(api: World) -> None:
    reply = page("/ho-so/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert b"<script" not in reply.content
