"""A session that ends while somebody types: what was typed comes back, for them and for nobody else, and is done once by their own press."""

import re
from html import unescape
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from bhxh.doors.admission import lets_in
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import frame_of_role, see_other, signed_in_page
from bhxh.kernel.who import PERSON
from bhxh.web.pages import page
from bhxh.wiring.urls import handler400, handler404, handler500
from bhxh.wiring.urls import urlpatterns as ours
from tests.doors.browser import Browser
from tests.doors.world import World

__all__ = ["handler400", "handler404", "handler500"]

OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"noi-dung": 'Lương tháng 3 là "9.000.000"\r\n<b>không</b> phải 8', "ngay": "05", "lan": "khoa-mot-lan"}
ADDRESS = "/thu-phien?buoc=2"
DONE: list[dict[str, str]] = []


@signed_in_page("GET", "POST")
@lets_in(PERSON)
def form(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """A page with a form, as the parts of the portal have them."""
    signed_in.actor("own_book")
    if request.method == "POST":
        if request.POST.get("lan") == "can-moi":
            signed_in.check_fresh()
        DONE.append(dict(request.POST.items()))
        return see_other("/xong")
    return page(request, "web/failure.html", {}, title="Biểu mẫu", frame=frame_of_role(request, signed_in, ""))


urlpatterns = [path("thu-phien", form), *ours]


@pytest.fixture
def browser(api: World) -> Any:
    DONE.clear()
    with override_settings(ROOT_URLCONF=__name__):
        signed_in = Browser(api)
        assert signed_in.sign_in("citizen").status_code == 303
        yield signed_in


def token(reply: Any) -> str:
    [found] = re.findall(r'name="csrf" value="([^"]+)"', reply.content.decode())
    return str(found)


def carried(reply: Any) -> dict[str, str]:
    """The hidden fields of the form, as a browser sends them on: an attribute's line ends become those of a form."""
    form_part = reply.content.decode().partition('id="form"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form_part)
    return {unescape(name): re.sub(r"\r?\n", "\r\n", unescape(value)) for name, value in found}


def end_session(browser: Browser) -> None:
    browser.client.cookies["bhxh-session"] = "one-that-is-over"


def send(browser: Browser, fields: dict[str, str], **headers: str) -> Any:
    return browser.client.post(ADDRESS, fields, headers={**OURS, **headers})


def test_what_was_typed_is_carried_over_the_end_and_sent_on_by_their_own_press(browser: Browser) -> None:
    fields = {**TYPED, "csrf": browser.csrf}
    end_session(browser)
    over = send(browser, fields)
    assert (over.status_code, over["Cache-Control"]) == (401, "no-store")
    assert "Phiên đã hết, những gì bạn nhập vẫn còn ở đây" in over.content.decode()
    assert carried(over) == TYPED and 'action="/thu-phien?buoc=2"' in over.content.decode()
    again = send(browser, carried(over))
    assert again.status_code == 401 and carried(again) == TYPED, "still not signed in: nothing is lost by pressing"
    browser.sign_in("citizen", query="?tiep=%2Fdang-nhap%2Fxong")
    assert "quay lại thẻ trước" in browser.get("/dang-nhap/xong").content.decode()
    ready = send(browser, carried(again))
    assert "Gửi tiếp" in ready.content.decode() and DONE == [], "signing in sends nothing by itself"
    assert carried(ready) == {**TYPED, "csrf": browser.csrf}
    assert send(browser, carried(ready)).status_code == 303
    assert [{name: done[name] for name in TYPED} for done in DONE] == [TYPED], "with the key under which it is done once"


def test_without_a_cookie_too(browser: Browser) -> None:
    del browser.client.cookies["bhxh-session"]
    assert carried(send(browser, TYPED)) == TYPED


def test_the_language_can_be_changed_on_the_way_and_the_form_is_still_sent(browser: Browser) -> None:
    end_session(browser)
    english = browser.client.post(f"{ADDRESS}&lang=en", TYPED, headers=OURS)
    assert "what you entered is still here" in english.content.decode()
    assert carried(english) == TYPED and 'action="/thu-phien?buoc=2"' in english.content.decode(), "not as a change of language"


def test_a_form_of_another_role_is_carried_until_the_role_is_back(api: World, browser: Browser) -> None:
    other = Browser(api)
    assert other.sign_in("clerk", org_id=api.population.demo_employer.tax_code).status_code == 303
    kept = send(other, {**TYPED, "csrf": other.csrf})
    assert kept.status_code == 403 and "Vai trò khác" in kept.content.decode()
    assert carried(kept) == {**TYPED, "csrf": other.csrf}


def test_what_needs_a_fresh_sign_in_is_carried_over_it(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SignedIn, "is_fresh", lambda *_: False)
    kept = send(browser, {**TYPED, "lan": "can-moi", "csrf": browser.csrf})
    assert kept.status_code == 403 and "Cần đăng nhập lại" in kept.content.decode()
    assert 'href="/dang-nhap?moi=1&amp;tiep=%2Fdang-nhap%2Fxong"' in kept.content.decode()
    assert carried(kept)["noi-dung"] == TYPED["noi-dung"] and DONE == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost"},
        {"Referer": "https://evil.example/?http://localhost/"},
        {"Origin": "https://evil.example", "Referer": "http://localhost/so"},
        {},
    ],
    ids=str,
)
def test_what_another_site_sends_is_carried_nowhere(browser: Browser, headers: dict[str, str]) -> None:
    stale = browser.client.post(ADDRESS, {**TYPED, "csrf": "stale"}, headers=headers)
    assert stale.status_code == 403 and "Lương tháng 3" not in stale.content.decode()
    end_session(browser)
    over = browser.client.post(ADDRESS, TYPED, headers=headers)
    assert over.status_code == 303 and over["Location"].startswith("/dang-nhap?tiep=")
    assert "Luong" not in over["Location"] and b"9.000.000" not in over.content
    assert DONE == []


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost"}, {"Referer": "http://localhost/thu-phien?buoc=2"}], ids=str)
def test_a_browser_that_says_less_is_believed_what_it_says(browser: Browser, headers: dict[str, str]) -> None:
    end_session(browser)
    assert carried(browser.client.post(ADDRESS, TYPED, headers=headers)) == TYPED


def test_files_are_named_and_have_to_be_chosen_again(browser: Browser) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    end_session(browser)
    file = SimpleUploadedFile("giay-<ra>-vien.jpg", b"\xff\xd8 a secret picture")
    kept = browser.client.post(ADDRESS, {**TYPED, "tep": file}, headers=OURS)
    text = kept.content.decode()
    assert carried(kept) == TYPED
    assert "Tệp không giữ được ở đây" in text and "giay-&lt;ra&gt;-vien.jpg" in text and "secret picture" not in text


@pytest.mark.parametrize(
    "fields",
    [{"x": "y" * 400_001}, {f"f{number}": "1" for number in range(901)}, {f"f{number}": "1" for number in range(1_100)}],
    ids=["too long", "too many", "more than a request may hold"],
)
def test_more_than_a_form_of_ours_holds_is_not_carried(browser: Browser, fields: dict[str, str]) -> None:
    end_session(browser)
    assert send(browser, fields).status_code == 303


def test_no_other_kind_of_body_is_carried(browser: Browser) -> None:
    end_session(browser)
    assert browser.client.post(ADDRESS, '{"a": 1}', content_type="application/json", headers=OURS).status_code == 303
    broken = browser.client.post(ADDRESS, b"no boundary", content_type="multipart/form-data", headers=OURS)
    assert broken.status_code == 303


def test_a_part_of_a_page_is_answered_so_that_the_script_takes_it_in(browser: Browser) -> None:
    end_session(browser)
    kept = send(browser, TYPED, **{"HX-Request": "true"})
    assert (kept.status_code, kept["HX-Retarget"], kept["HX-Reselect"]) == (422, "main", "main")
    assert carried(kept) == TYPED
    asked = browser.get("/so", headers={"HX-Request": "true"})
    assert (asked.status_code, asked.content, asked["Cache-Control"]) == (401, b"", "no-store"), "no redirect that a script cannot follow"


def test_a_page_says_until_when_the_session_is_open_and_asking_keeps_it_open(api: World, browser: Browser) -> None:
    text = browser.get("/so").content.decode()
    assert 'data-open-s="1740"' in text and "phiên làm việc mở đến" in text
    assert "data-open-s" not in browser.get("/").content.decode()
    asked = browser.get("/dang-nhap/phien")
    assert (asked.status_code, asked["Cache-Control"]) == (200, "no-store")
    assert asked.json()["open_s"] == 1740 and re.fullmatch(r"\d\d:\d\d", asked.json()["open_until"])
    assert browser.client.post("/dang-nhap/phien").status_code == 405
    end_session(browser)
    assert browser.get("/dang-nhap/phien").json() == Browser(api).get("/dang-nhap/phien").json() == {"open_s": 0, "open_until": ""}


def test_the_last_minutes_of_a_working_day_cannot_be_extended(browser: Browser) -> None:
    from datetime import timedelta

    from bhxh.access.models import Session
    from bhxh.access.sessions import digest_of
    from bhxh.kernel.clock import now

    Session.objects.filter(secret_sha256=digest_of(browser.cookie)).update(ends_at=now() + timedelta(minutes=4))
    assert 230 <= browser.get("/dang-nhap/phien").json()["open_s"] <= 240


def test_what_one_account_left_open_is_not_sent_on_for_another(browser: Browser) -> None:
    shown = browser.get("/kho").content.decode()
    [marks] = set(re.findall(r'name="cua" value="([^"]+)"', shown))
    fields = {**TYPED, "cua": marks}
    end_session(browser)
    assert carried(send(browser, fields)) == fields
    browser.sign_in("other citizen")
    for more in ({}, {"csrf": browser.csrf}):
        reply = send(browser, {**fields, **more})
        assert reply.status_code == 403 and "API-022" in reply.content.decode()
        assert "9.000.000" not in reply.content.decode() and DONE == []
    browser.sign_in("citizen")
    assert "Gửi tiếp" in send(browser, fields).content.decode()
    assert send(browser, {**fields, "csrf": browser.csrf}).status_code == 303 and len(DONE) == 1


def test_what_was_typed_for_one_organisation_is_not_sent_for_another(api: World) -> None:
    clerk = Browser(api)
    clerk.sign_in("mandated clerk")
    own = next(one for one in clerk.get("/api/v1/session").json()["roles"] if one["acting_as"] == "EMPLOYER")
    clerk._done("/session/role", {"acting_as": "EMPLOYER", "employer_id": own["employer_id"]})
    [marks] = set(re.findall(r'name="cua" value="([^"]+)"', clerk.get("/don-vi/khai-bao").content.decode()))
    clerk._done("/session/role", {"acting_as": "SELF"})
    kept = clerk.client.post("/kho", {"csrf": clerk.csrf, "cua": marks, "loai": "other"}, headers=OURS)
    assert kept.status_code == 403 and "Vai trò khác" in kept.content.decode()
