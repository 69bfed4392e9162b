"""Signing in at the real application against the sandbox's e-ID: the good day, and every bad one with a clear sentence."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from django.http import HttpRequest

from tests.doors.browser import Browser
from tests.doors.test_answers import check_problem
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World

Open = Callable[..., Browser]


@pytest.fixture
def open_browser(api: World) -> Iterator[Open]:
    """New browsers."""
    yield lambda **headers: Browser(api, **headers)


@pytest.fixture
def browser(open_browser: Open) -> Browser:
    return open_browser()


def said(reply: Any, status: int, code: str) -> str:
    """A page that names the code, offers the other language and shows nothing of our insides."""
    text = str(reply.content.decode())
    assert reply.status_code == status, text
    assert f'href="/errors#{code}">{code}<' in text and 'hreflang="en"' in text
    assert reply["Cache-Control"] == "no-store"
    assert not re.search(r"traceback|django|python", text, re.IGNORECASE)
    return text


def test_a_citizen_signs_in_and_reads_their_book(api: World, browser: Browser) -> None:
    reply = browser.sign_in(query="?tiep=/ho-so/x")
    assert (reply.status_code, reply["Location"]) == (303, "/ho-so/x")
    for _ in range(3):  # the long way, then twice the short one
        book = browser.get("/api/v1/me/book")
        assert book.status_code == 200
        assert looks("book", book["X-Request-Id"]) == {person_of(api, "citizen")}
    state = browser.get("/api/v1/session").json()
    assert (state["acting_as"], state["assurance_level"], state["is_fresh"], state["e_id_answers"]) == ("SELF", 2, True, True)


def test_a_clerk_signs_in_for_their_organisation(api: World, browser: Browser) -> None:
    browser.sign_in("clerk", org_id=api.population.demo_employer.tax_code)
    assert browser.get("/api/v1/session").json()["acting_as"] == "EMPLOYER"
    assert browser.get(f"/api/v1/dossiers/{api.code}").status_code == 200
    check_problem(browser.get("/api/v1/me/book"), 403)


def test_the_cookie_is_as_it_should_be_without_tls(browser: Browser) -> None:
    reply = browser.sign_in()
    made = reply.cookies["bhxh-session"]
    assert (made["httponly"], made["samesite"], made["path"], made["secure"], made["domain"], made["max-age"]) == (
        True,
        "Lax",
        "/",
        "",
        "",
        "",
    )
    assert len(made.value) >= 43
    assert reply.cookies["bhxh-sign-in"]["max-age"] == 0


def test_with_tls_the_cookie_can_be_planted_by_nobody_beside_us(api: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from bhxh.doors import partners

    known = partners.partners()
    partners.bind(replace(known, signing_in=replace(known.signing_in, is_https=True)))
    browser = Browser(api)
    reply = browser.sign_in()
    made = reply.cookies["__Host-bhxh-session"]
    assert (made["secure"], made["path"], made["domain"]) == (True, "/", "")
    assert reply["Strict-Transport-Security"].startswith("max-age=31536000")
    assert browser.get("/api/v1/session").status_code == 200
    browser.client.cookies["bhxh-session"] = made.value
    del browser.client.cookies["__Host-bhxh-session"]
    check_problem(browser.get("/api/v1/session"), 401, "API-002")


# -- bad days of coming back ----------------------------------------------------------------------------------------


FLAWS = {
    **dict.fromkeys(("wrong_aud", "wrong_iss", "wrong_nonce", "alg_none", "wrong_key", "no_acr"), (401, "ACC-001")),
    "expired": (401, "ACC-002"),
    "redirect_other_iss": (401, "ACC-009"),
    "redirect_no_iss": (401, "ACC-009"),
    "redirect_other_state": (401, "ACC-005"),
    "level_1": (403, "ACC-010"),
}


def test_a_sign_in_with_a_flaw_signs_nobody_in(browser: Browser) -> None:
    for flaw, (status, code) in FLAWS.items():
        said(browser.sign_in(flaw=flaw), status, code)
        assert "bhxh-session" not in browser.client.cookies, flaw
    check_problem(browser.get("/api/v1/me/book"), 401, "API-002")


def test_a_level_1_account_is_told_what_to_do(browser: Browser) -> None:
    reply = browser.sign_in(level=1)
    assert "mức độ 2" in said(reply, 403, "ACC-010")
    assert b'href="/dang-nhap?moi=1"' in reply.content  # else the e-ID, which remembers the account, sends it back at once
    check_problem(browser.get("/api/v1/session"), 401, "API-002")


def test_a_code_is_good_once_even_in_its_own_browser(browser: Browser) -> None:
    back = browser.choose(browser.leave())
    name = browser.client.cookies["bhxh-sign-in"].value
    assert browser.get(back).status_code == 303
    said(browser.get(back), 401, "ACC-005")  # the browser's name went with the sign-in
    browser.client.cookies["bhxh-sign-in"] = name
    said(browser.get(back), 401, "ACC-007")


def test_a_stolen_answer_opens_nothing_in_another_browser(open_browser: Open) -> None:
    victim, thief = open_browser(), open_browser()
    back = victim.choose(victim.leave())
    said(thief.get(back), 401, "ACC-005")
    # With the thief's own state in it, the code still was made for the victim's challenge.
    mine = dict(parse_qsl(thief.choose(thief.leave(), "other citizen").partition("?")[2]))
    stolen = dict(parse_qsl(back.partition("?")[2]))
    said(thief.get(f"/dang-nhap/ve?{urlencode({**mine, 'code': stolen['code']})}"), 401, "ACC-007")
    assert "bhxh-session" not in thief.client.cookies


def test_nobody_can_be_signed_in_as_somebody_else_by_a_link(open_browser: Open) -> None:
    attacker, victim = open_browser(), open_browser()
    link = attacker.choose(attacker.leave(), "other citizen")
    victim.leave()
    said(victim.get(link), 401, "ACC-005")


def test_a_session_planted_before_is_not_the_one_that_is_signed_in(open_browser: Open) -> None:
    attacker, victim = open_browser(), open_browser()
    attacker.sign_in("other citizen")
    victim.client.cookies["bhxh-session"] = planted = attacker.cookie
    victim.sign_in("citizen")
    assert victim.cookie != planted
    check_problem(attacker.get("/api/v1/session"), 401, "ACC-031")


def test_a_made_up_session_is_none(browser: Browser) -> None:
    for value in ("x", "A" * 43, "A" * 5000):
        browser.client.cookies["bhxh-session"] = value
        check_problem(browser.get("/api/v1/session"), 401, "ACC-031")


NOWHERE = (
    "",
    "?code=x",
    "?state=x",
    "?code=x&state=y",
    "?state=a.b&code=" + "c" * 2000,
    "?error=access_denied",
    "?code=a&code=b&state=c",
    "?state=%00&code=%ff",
)


def test_coming_back_from_nowhere_is_told_so(browser: Browser) -> None:
    browser.leave()
    for query in NOWHERE:
        said(browser.get(f"/dang-nhap/ve{query}"), 401, "ACC-005")


def test_two_answers_in_one_are_none(browser: Browser) -> None:
    back = browser.choose(browser.leave())
    said(browser.get(f"{back}&code=another"), 401, "ACC-005")


def test_who_changed_their_mind_is_told_that_nothing_happened(api: World, browser: Browser) -> None:
    address = browser.leave()
    form = {**dict(parse_qsl(address.partition("?")[2])), "action": "refuse"}
    back = httpx.post(address.partition("?")[0], data=form, timeout=60, trust_env=False).headers["Location"]
    assert "access_denied" in said(browser.get(back[back.index("/dang-nhap") :]), 401, "ACC-008")


def test_words_of_the_answer_are_not_repeated(browser: Browser) -> None:
    state = dict(parse_qsl(browser.leave().partition("?")[2]))["state"]
    text = said(browser.get(f"/dang-nhap/ve?{urlencode({'state': state, 'error': '<script>alert(1)</script>'})}"), 401, "ACC-008")
    assert "<script>" not in text and "alert(" not in text


def test_nobody_is_sent_elsewhere_after_signing_in(browser: Browser) -> None:
    assert browser.sign_in(query="?tiep=//evil.example/")["Location"] == "/dang-nhap/tiep"
    assert browser.get("/dang-nhap/tiep")["Location"] == "/so", "where a person begins"


def test_who_signs_in_again_begins_where_the_role_of_the_session_does(browser: Browser, api: World) -> None:
    browser.sign_in("clerk", org_id=api.population.employers[0].tax_code)
    back = browser.sign_in("clerk", org_id=api.population.employers[0].tax_code)
    assert browser.get(back["Location"])["Location"] == "/don-vi"


# -- the e-ID's bad days --------------------------------------------------------------------------------------------


def test_while_the_e_id_is_down_who_is_signed_in_works_on_and_nobody_else_gets_in(api: World, open_browser: Open) -> None:
    inside, coming, new = open_browser(), open_browser(), open_browser()
    inside.sign_in()
    back = coming.choose(coming.leave(), "other citizen")
    api.misbehave("eid", "error")
    for _ in range(6):
        text = said(coming.get(back), 503, "CON-001") if _ < 5 else coming.get(back).content.decode()
        assert "vẫn làm việc bình thường" in text
    down = new.get("/dang-nhap")
    assert down.status_code == 503 and "Chưa" not in down.content.decode() and down["Retry-After"]
    assert "đừng đăng xuất" in down.content.decode()
    assert inside.get("/api/v1/me/book").status_code == 200
    assert inside.get("/api/v1/session").json()["e_id_answers"] is False


# -- fresh, roles, protection ---------------------------------------------------------------------------------------


def test_a_fresh_sign_in_renews_the_session_under_another_secret(browser: Browser) -> None:
    from bhxh.access.models import Session

    browser.sign_in()
    before, row = browser.cookie, Session.objects.latest("begun_at")
    from datetime import timedelta

    Session.objects.filter(session_id=row.session_id).update(signed_in_at=row.signed_in_at - timedelta(minutes=10))
    assert browser.get("/api/v1/session").json()["is_fresh"] is False
    address = browser.leave("?moi=1&tiep=/ho-so/x")
    assert dict(parse_qsl(address.partition("?")[2]))["prompt"] == "login"
    assert browser.get(browser.choose(address))["Location"] == "/ho-so/x"
    assert browser.cookie != before
    assert browser.get("/api/v1/session").json()["is_fresh"] is True
    assert Session.objects.filter(account=row.account).count() == 1


def test_an_e_id_that_did_not_ask_anew_confirms_nothing(browser: Browser) -> None:
    browser.sign_in()
    for flaw in ("old_auth_time", "no_auth_time"):
        said(browser.sign_in(query="?moi=1", flaw=flaw), 401, "ACC-036")
    assert browser.get("/api/v1/session").status_code == 200  # the session of before is untouched


def test_what_demands_a_fresh_sign_in_says_so(api: World, browser: Browser) -> None:
    """By cookie and by token alike."""
    from datetime import timedelta

    from bhxh.access.models import Session
    from bhxh.doors.signed_in import sign_in
    from bhxh.kernel.errors import NotAllowed

    request = HttpRequest()
    request.META["BHXH_REQUEST_ID"] = "r"
    old = sign_in(request, api.sign_in(api.people["citizen"], auth_age_s=600))
    silent = sign_in(request, api.sign_in(api.people["citizen"], auth_age_s=None))
    for signed_in in (old, silent):
        with pytest.raises(NotAllowed, match="ACC-030"):
            signed_in.check_fresh()
    old.check_fresh(timedelta(minutes=11))
    sign_in(request, api.sign_in(api.people["citizen"])).check_fresh()
    assert Session.objects.count() == 0


def test_a_change_by_cookie_needs_the_protection_token(browser: Browser, open_browser: Open) -> None:
    browser.sign_in()
    other = open_browser()
    other.sign_in("other citizen")
    wish = {"wanted": "all"}
    for csrf in ("", "x", other.csrf, browser.cookie):
        check_problem(browser.post("/api/v1/session/all/ending", wish, csrf=csrf), 403, "ACC-032")
    for site in ("cross-site", "same-site"):
        check_problem(browser.post("/api/v1/session/all/ending", wish, **{"Sec-Fetch-Site": site}), 403, "ACC-032")
    assert browser.get("/api/v1/session").status_code == 200
    assert browser.post("/api/v1/session/all/ending", wish, **{"Sec-Fetch-Site": "same-origin"}).status_code == 204


def test_a_token_needs_no_protection_token_and_goes_before_a_cookie(api: World, browser: Browser) -> None:
    browser.sign_in()
    headers = {"Authorization": f"Bearer {api.token('other citizen')}"}
    state = browser.get("/api/v1/session", headers=headers).json()
    assert (state["acting_as"], state["csrf"]) == (None, "")
    check_problem(browser.get("/api/v1/session", headers={"Authorization": "Bearer x"}), 401, "ACC-001")


def test_two_roles_in_one_person_are_worked_in_one_at_a_time(api: World, browser: Browser) -> None:
    reply = browser.sign_in("officer", query="?tiep=/ho-so/x")
    assert reply["Location"] == "/dang-nhap/vai-tro?tiep=%2Fho-so%2Fx"
    assert browser.get("/api/v1/me/looks").status_code == 200
    check_problem(browser.get("/api/v1/office/queue"), 403, "ACC-038")
    page = browser.get(reply["Location"]).content.decode()
    [csrf] = set(re.findall(r'name="csrf" value="([^"]+)"', page))
    assert re.findall(r'name="vai-tro" value="([^"]+)"', page) == ["SELF", "OFFICER"]
    before = browser.cookie
    chosen = browser.submit("/dang-nhap/vai-tro", csrf=csrf, tiep="/ho-so/x", **{"vai-tro": "OFFICER"})
    assert (chosen.status_code, chosen["Location"]) == (303, "/ho-so/x")
    assert browser.cookie != before
    check_problem(browser.get("/api/v1/me/looks"), 403, "ACC-038")
    check_problem(browser.get("/api/v1/me/book"), 403, "ACC-038")


def test_a_role_that_is_not_ones_own_cannot_be_chosen(browser: Browser) -> None:
    browser.sign_in()
    fields = {"csrf": browser.csrf}
    for wanted in ("OFFICER", "EMPLOYER:1", "EMPLOYER", "SYSTEM", ""):
        said(browser.submit("/dang-nhap/vai-tro", **fields, **{"vai-tro": wanted}), 403, "ACC-035")
    said(browser.submit("/dang-nhap/vai-tro", csrf="x", **{"vai-tro": "SELF"}), 403, "ACC-032")
    check_problem(browser.post("/api/v1/session/role", {"acting_as": "OFFICER"}), 403, "ACC-035")
    assert browser.post("/api/v1/session/role", {"acting_as": "SELF"}).status_code == 204


def test_whoever_was_given_a_mandate_may_use_it_at_the_first_sign_in(api: World) -> None:
    browser = Browser(api)
    assert browser.sign_in("mandated clerk")["Location"] == "/dang-nhap/vai-tro?tiep=%2F"
    page = browser.get("/dang-nhap/vai-tro").content.decode()
    assert len(re.findall(r'name="vai-tro" value="EMPLOYER:\d+"', page)) == 1


# -- signing out ----------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_here_and_leads_to_the_e_id(api: World, browser: Browser) -> None:
    browser.sign_in()
    kept = browser.cookie
    page = browser.get("/dang-xuat")
    assert api.sandbox.url("eid") in page["Content-Security-Policy"].partition("form-action")[2]
    said(browser.submit("/dang-xuat", csrf="x"), 403, "ACC-032")
    reply = browser.submit("/dang-xuat", csrf=browser.csrf)
    assert reply.status_code == 303 and reply["Location"].startswith(f"{api.sandbox.url('eid')}/end-session?")
    assert reply["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.cookie == ""
    browser.client.cookies["bhxh-session"] = kept
    check_problem(browser.get("/api/v1/me/book"), 401, "ACC-031")
    assert browser.get("/dang-xuat")["Location"] == "/dang-xuat/xong"
    assert browser.get("/dang-xuat/xong").status_code == 200


def test_one_browser_can_end_another_of_the_same_person(open_browser: Open) -> None:
    phone, desk, other = open_browser(**{"User-Agent": "Phone"}), open_browser(**{"User-Agent": "Desk"}), open_browser()
    phone.sign_in()
    desk.sign_in()
    other.sign_in("other citizen")
    mine = desk.get("/api/v1/session/all").json()
    assert [(one["device"], one["is_this_one"]) for one in mine] == [("Desk", True), ("Phone", False)]
    theirs = other.get("/api/v1/session/all").json()[0]["session_id"]
    check_problem(desk.post(f"/api/v1/session/{theirs}/ending"), 404, "ACC-037")
    assert desk.post(f"/api/v1/session/{mine[1]['session_id']}/ending").status_code == 204
    check_problem(phone.get("/api/v1/session"), 401, "ACC-031")
    assert desk.get("/api/v1/session").status_code == 200
    assert other.get("/api/v1/session").status_code == 200


def test_signing_out_everywhere_stops_tokens_too(api: World, browser: Browser) -> None:
    browser.sign_in()
    token = {"Authorization": f"Bearer {api.sign_in(api.people['citizen'])}"}
    assert browser.get("/api/v1/me/book", headers=token).status_code == 200
    assert browser.submit("/dang-xuat", csrf=browser.csrf, **{"khap-noi": "1"}).status_code == 303
    for _ in range(2):
        check_problem(browser.get("/api/v1/me/book", headers=token), 401, "ACC-033")


def _notices(api: World, browser: Browser, **wanted: Any) -> list[str]:
    from bhxh.access.models import Session

    sid = Session.objects.latest("begun_at").sid
    address = f"{api.sandbox.url('eid')}/sandbox/sign-outs"
    reply = httpx.post(address, json={"sid": sid, "deliver": False, **wanted}, timeout=60, trust_env=False)
    return [one["logout_token"] for one in reply.raise_for_status().json()["notices"]]


def test_the_e_ids_notice_ends_the_session_at_once_and_is_good_once(api: World, browser: Browser, open_browser: Open) -> None:
    e_id = open_browser()
    browser.sign_in()
    assert browser.get("/api/v1/me/book").status_code == 200
    [token] = _notices(api, browser)
    reply = e_id.submit("/dang-xuat/e-id", logout_token=token)
    assert (reply.status_code, reply["Cache-Control"]) == (200, "no-store")
    check_problem(browser.get("/api/v1/me/book"), 401, "ACC-031")
    again = e_id.submit("/dang-xuat/e-id", logout_token=token)
    assert (again.status_code, again.json()["error_description"]) == (400, "ACC-004")


def test_a_notice_with_a_flaw_ends_nothing(api: World, browser: Browser) -> None:
    for flaw in ("wrong_aud", "wrong_iss", "with_nonce", "no_events", "no_jti", "wrong_typ", "wrong_key", "alg_none", "expired"):
        browser.sign_in()
        [token] = _notices(api, browser, flaw=flaw)
        reply = browser.submit("/dang-xuat/e-id", logout_token=token)
        assert (reply.status_code, reply.json()["error"]) == (400, "invalid_request"), flaw
        assert browser.get("/api/v1/session").status_code == 200


def test_rubbish_is_no_notice(browser: Browser) -> None:
    for token in ("", "x", "a.b.c", "é" * 50, "A" * 9000):
        assert browser.submit("/dang-xuat/e-id", logout_token=token).status_code == 400
    assert browser.get("/dang-xuat/e-id").status_code == 405


def test_a_token_of_a_sign_in_that_was_ended_opens_nothing(api: World, browser: Browser) -> None:
    browser.sign_in()
    from bhxh.access.models import Session

    sid = Session.objects.latest("begun_at").sid
    token = {"Authorization": f"Bearer {api.sign_in(api.people['citizen'], sid=sid)}"}
    assert browser.get("/api/v1/me/book", headers=token).status_code == 200
    [told] = _notices(api, browser)
    assert browser.submit("/dang-xuat/e-id", logout_token=told).status_code == 200
    check_problem(browser.get("/api/v1/me/book", headers=token), 401, "ACC-033")
    check_problem(browser.get("/api/v1/session", headers=token), 401, "ACC-033")


# -- what every answer carries --------------------------------------------------------------------------------------


def test_pages_run_nothing_and_are_framed_by_nobody(browser: Browser) -> None:
    for path in ("/", "/errors", "/dang-xuat/xong", "/nowhere"):
        reply = browser.get(path)
        policy = reply["Content-Security-Policy"]
        assert "unsafe-inline" not in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
        assert reply["X-Content-Type-Options"] == "nosniff"
        assert reply["Referrer-Policy"] == reply["Cross-Origin-Opener-Policy"] == reply["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in reply["Permissions-Policy"]
        assert "Strict-Transport-Security" not in reply  # only where browsers come by TLS


def test_what_a_page_runs_and_loads_is_ours_and_stands_in_files(browser: Browser) -> None:
    reply = browser.get("/")
    text, policy = reply.content.decode(), reply["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|<script(?! type=\"module\" src=\"/tinh/)|\son[a-z]+=", text)
    assert "unsafe" not in policy and "http" not in policy and policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")


def test_personal_answers_are_kept_by_nobody(browser: Browser) -> None:
    browser.sign_in()
    for path in ("/api/v1/me/book", "/api/v1/session", "/api/v1/me/looks", "/dang-xuat", "/dang-nhap/vai-tro"):
        assert browser.get(path)["Cache-Control"] == "no-store", path
    assert "Cache-Control" not in browser.get("/api/v1/open/procedures")


def test_the_first_page_offers_what_one_can_do(browser: Browser) -> None:
    stranger = browser.get("/")
    assert b'href="/dang-nhap"' in stranger.content and b"/dang-xuat" not in stranger.content
    browser.sign_in()
    known = browser.get("/")
    assert b'href="/dang-xuat"' in known.content and b'href="/dang-nhap"' not in known.content
    assert known["Cache-Control"] == "no-store"


def test_our_key_is_published_for_the_e_id_and_no_other_key_with_it(browser: Browser) -> None:
    listed = browser.get("/dang-nhap/khoa.json").json()["keys"]
    assert {key["purpose"] for key in listed} == {"sign-in"} and all("d" not in key for key in listed)


def test_other_methods_are_not_taken(browser: Browser) -> None:
    for path in ("/dang-nhap", "/dang-nhap/ve", "/dang-xuat/xong"):
        assert browser.submit(path).status_code == 405
