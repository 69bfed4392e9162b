"""What nobody types by hand is answered in a sentence: characters no database keeps, numbers without end, fields by the thousand, odd encodings."""

import io
import re
from urllib.parse import unquote, urlencode

import pytest

from tests.doors.browser import Browser
from tests.doors.test_employer_pages import Opened, opened
from tests.doors.test_filing_pages import Filer, asked_to_supply
from tests.doors.world import World

__all__ = ["opened"]

NUL = "Nguy\u1ec5n\x00 \u202eAn"
FIELDS = urlencode([(f"a{number}", "1") for number in range(1_500)])


def test_a_name_with_characters_no_database_keeps_is_looked_for_without_them(opened: Opened) -> None:
    browser = opened()
    reply = browser.submit("/don-vi/lao-dong", csrf=browser.csrf, ten=NUL)
    assert reply.status_code == 200 and 'value="Nguyễn An"' in reply.content.decode()


@pytest.mark.parametrize("once", [NUL, "x" * 5_000], ids=("nul", "long"))
def test_a_key_of_once_that_is_none_of_ours_breaks_no_form(api: World, once: str) -> None:
    me = Filer(api)
    me.sign_in()
    draft = me.begin("report_mistake")
    shown = me.page(f"{draft}/noi-dung")
    sent = {"csrf": me.field(shown, "csrf"), "ban": me.field(shown, "ban"), "lan": once}
    assert me.client.post(f"{draft}/noi-dung", {**sent, "q-group": "basic", "q-words": "Sai"}).status_code == 303
    assert me.client.post("/ho-so/moi/report_mistake", sent).status_code == 303


def test_a_last_day_without_end_is_said_at_its_field(api: World) -> None:
    from tests.doors.test_consents import asked, register_bank

    register_bank(api)
    browser = Browser(api)
    browser.sign_in()
    typed = {"den-ngay-ngay": "1", "den-ngay-thang": "9" * 30, "den-ngay-nam": "2026"}
    reply = browser.submit(f"/chia-se/yeu-cau/{asked(api)}", csrf=browser.csrf, viec="tat-ca", **typed)
    assert reply.status_code == 422 and "Nhập ngày cuối được xem" in reply.content.decode()


@pytest.mark.parametrize("path", ["/", "/thu-tuc", "/xac-minh", "/so", "/don-vi", "/can-bo/viec"])
def test_an_address_of_thousands_of_fields_breaks_no_page(api: World, path: str) -> None:
    browser = Browser(api)
    browser.sign_in()
    reply = browser.get(f"{path}?{FIELDS}")
    assert reply.status_code in {200, 303, 400, 403}
    assert reply.status_code != 400 or "Không đọc được yêu cầu" in reply.content.decode()


@pytest.mark.parametrize("path", ["/xac-minh", "/so/ma", "/dang-xuat"])
def test_a_form_of_thousands_of_fields_is_refused_in_a_sentence(api: World, path: str) -> None:
    browser = Browser(api)
    browser.sign_in()
    for content_type, body in (("application/x-www-form-urlencoded", FIELDS.encode()), ("multipart/form-data", b"--x")):
        reply = browser.client.generic("POST", path, body, content_type=content_type)
        assert reply.status_code == 400 and "Không đọc được yêu cầu" in reply.content.decode(), (path, content_type)


ENCODINGS = ("base64", "idna", "punycode", "undefined", "unicode_escape", "utf-16", "latin-1")


def raw(path: str, content_type: str, body: bytes = b"") -> tuple[int, str]:
    """Status and text of the whole application's answer, as a server calls it."""
    from django.core.wsgi import get_wsgi_application

    from bhxh.web.encodings import in_utf8

    told: list[str] = []
    environment = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "tim=%5Cud800%FF",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    answered = in_utf8(get_wsgi_application())(environment, lambda status, headers: told.append(status))
    return int(told[0][:3]), b"".join(answered).decode()


@pytest.mark.parametrize("named", [f"charset={one}" for one in ENCODINGS])
def test_a_form_in_another_encoding_is_refused_in_a_sentence(api: World, named: str) -> None:
    for form in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        status, text = raw("/xac-minh", f"{form}; {named}", b"ma=abcdefgh")
        assert status == 400 and "Không đọc được yêu cầu" in text, (form, status)
    status, text = raw("/api/v1/oauth/token", f"application/x-www-form-urlencoded; {named}", b"a=1")
    assert status == 400 and '"code"' in text
    assert raw("/thu-tuc", f"text/plain; {named}")[0] < 500
    assert raw("/api/v1/npsp/intakes", f"application/jose; {named}", b"x.y.z")[0] in {400, 401, 403, 422}


def test_a_form_in_utf8_is_read(api: World) -> None:
    for named in ("", "; charset=UTF-8", "; charset=utf-8"):
        assert raw("/xac-minh", f"application/x-www-form-urlencoded{named}", b"ma=abcdefgh")[0] == 303


# -- links ------------------------------------------------------------------------------------------------------------


def test_a_link_does_nothing_that_a_form_does(api: World, opened: Opened) -> None:
    from bhxh.audit.models import Entry
    from tests.doors.test_employer_declaring import checked

    clerk = opened()
    address = checked(clerk, api.workbook)
    me = Filer(api)
    me.sign_in()
    draft, code = me.begin("report_mistake"), asked_to_supply(api, me)
    before = Entry.objects.count()
    for browser, path in (
        (clerk, f"{address}/xac-nhan"),
        (me, f"{draft}/giay-to/tep"),
        (me, f"{draft}/bo-tep"),
        (me, f"/ho-so/{code}/bo-sung/tep"),
        (me, f"/ho-so/{code}/bo-sung/bo-tep"),
    ):
        reply = browser.get(f"{path}?lang=en")
        assert (reply.status_code, reply["Location"]) == (303, path.rpartition("/")[0]), path
        assert browser.client.put(path).status_code == 405
    assert Entry.objects.count() == before


def test_the_language_is_switched_where_a_file_was_refused_and_what_was_typed_stays(api: World) -> None:
    me = Filer(api)
    me.sign_in()
    draft = me.begin("report_mistake")
    refused = me.send_file(draft, "a.exe", b"MZ")
    assert refused.status_code == 422
    page = re.findall(r'formaction="([^"]*lang=en)"', refused.content.decode())[0]
    switched = me.press(page.replace("&amp;", "&"), shown=refused.content.decode())
    assert switched.status_code == 200 and 'lang="en"' in switched.content.decode()


@pytest.mark.parametrize("path", ["//evil.example/x", "///evil.example", "/\\evil.example", "/%5Cevil.example", "/%2Fevil.example"])
def test_no_address_makes_a_link_of_ours_lead_away(path: str) -> None:
    from django.test import RequestFactory

    from bhxh.web.languages import address_in

    request = RequestFactory().get("/")
    request.path = request.path_info = unquote(path)
    link = address_in(request, "en")
    assert link.startswith("/") and link[1] not in "/\\", link


def test_another_site_signs_nobody_out(api: World) -> None:
    browser = Browser(api)
    browser.sign_in()
    secret = browser.client.cookies.pop("bhxh-session").value  # with what another site sends it stays at home
    for method in (browser.client.get, browser.client.post):
        reply = method("/dang-xuat", headers={"Sec-Fetch-Site": "cross-site"})
        assert reply.status_code == 303 and "Clear-Site-Data" not in reply and not reply.cookies
    browser.client.cookies["bhxh-session"] = secret
    assert browser.client.post("/dang-xuat", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.get("/so").status_code == 200
