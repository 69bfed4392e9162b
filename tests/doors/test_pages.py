"""Pages that need no sign-in, and what is answered where there is nothing: ours, in the language chosen, with nothing of our insides."""

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
    assert parsed(reply).languages[0] == "vi" and "en" in parsed(reply).languages
    assert parsed(page(f"{path}?lang=en")).languages[0] == "en"
    assert reply["Content-Security-Policy"].startswith("default-src 'none'")
    assert reply["X-Request-Id"]
    assert not re.search(rb"django|python|traceback|not found on this server", reply.content, re.IGNORECASE)


def test_the_links_of_the_first_page_lead_somewhere(api: World) -> None:
    links = parsed(page("/")).links
    assert len(links) >= 12
    for link in links:
        assert link == "#main" or page(link).status_code == (303 if link.startswith("/dang-nhap") or link == "/so" else 200), link


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
    for path in ("/ho-so/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/ho-so/%3Cscript%3Ealert(1)"):
        reply = page(path)
        assert b"<script>" not in reply.content
    assert b"&lt;script&gt;alert(1)" in reply.content


def test_the_choice_of_language_keeps_the_address_and_is_remembered(api: World) -> None:
    from django.test import Client

    client = Client(headers={"Host": "localhost"})
    shown = client.get("/tra-cuu-ho-so?ma=&lang=en")
    assert shown.status_code == 422 and b"Enter the dossier" in shown.content
    assert "/tra-cuu-ho-so?ma=&amp;lang=vi" in shown.content.decode()
    kept = client.cookies["bhxh-lang"]
    assert (kept.value, kept["httponly"], kept["samesite"]) == ("en", True, "Lax")
    assert b'<html lang="en">' in client.get("/").content
    assert b'<html lang="en">' in client.get("/?lang=xx").content


def test_a_dossier_code_is_looked_up_without_a_script(api: World) -> None:
    assert page(f"/tra-cuu-ho-so?ma=%20{api.code}%20")["Location"] == f"/ho-so/{api.code}"
    assert page("/tra-cuu-ho-so?ma=a/b%3Fc")["Location"] == "/ho-so/A%2FB%3FC"


def test_a_built_file_is_kept_for_ever_under_its_own_digest_only(api: World) -> None:
    from bhxh.web.assets import all_assets

    style = all_assets()["app.css"]
    reply = page(style.address, **{"Accept-Encoding": "gzip"})
    assert (reply["Content-Type"], reply["Content-Encoding"]) == ("text/css; charset=utf-8", "gzip")
    assert "immutable" in reply["Cache-Control"] and reply["X-Content-Type-Options"] == "nosniff"
    assert page(style.address)["ETag"] == reply["ETag"] and "Content-Encoding" not in page(style.address)
    assert page(style.address, **{"If-None-Match": reply["ETag"]}).status_code == 304
    assert "immutable" not in page("/tinh/0/app.css")["Cache-Control"]
    assert page("/tinh/0/../../etc/passwd").status_code == page("/tinh/0/nothing.css").status_code == 404
    assert page("/sw.js")["Cache-Control"] == "no-cache"


def test_every_file_a_style_or_the_service_worker_names_is_served_under_its_digest(api: World) -> None:
    from bhxh.web.assets import all_assets

    named = [
        *re.findall(r"url\((/[^)]+)\)", all_assets()["app.css"].content.decode()),
        *re.findall(r'"(/[^"]+)"', all_assets()["sw.js"].content.decode().partition("const PARTS")[2].partition(";")[0]),
    ]
    assert len(named) > 8
    for path in named:
        assert page(path).status_code == 200, path
        assert not path.startswith("/tinh/") or "immutable" in page(path)["Cache-Control"], path
    assert len(all_assets()["sw.js"].content.splitlines()) < 60
