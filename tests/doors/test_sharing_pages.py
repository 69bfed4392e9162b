"""A person's consent on pages: what a bank asks, granting a part, refusing, stopping; and what they hand over by a code or a link."""

import re
from typing import Any

import pytest

from bhxh.access.consents import ConsentStatus, RequestState
from bhxh.kernel.clock import now
from tests.doors.browser import Browser
from tests.doors.test_consents import asked, bank
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World

__all__ = ["bank"]
_NAME, _WAGES = "basic.full_name", "social_insurance.contribution_bases"


def _citizen(world: World, role: str = "citizen", **more: Any) -> Browser:
    browser = Browser(world)
    assert browser.sign_in(role, **more).status_code == 303
    return browser


def _send(browser: Browser, path: str, **fields: Any) -> Any:
    return browser.client.post(path, {"csrf": browser.csrf, **fields})


def _day(shown: str) -> dict[str, str]:
    return dict(zip(("den-ngay-ngay", "den-ngay-thang", "den-ngay-nam"), shown.split("/"), strict=True))


def _until(page: str) -> dict[str, str]:
    found = re.search(r"Muộn nhất (\d\d/\d\d/\d{4})", page)
    assert found
    return _day(found[1])


def test_a_part_is_granted_told_and_stopped(bank: World) -> None:
    from bhxh.access.consent_queries import list_consents

    browser, request_id = _citizen(bank), asked(bank)
    path = f"/chia-se/yeu-cau/{request_id}"
    assert path in browser.get("/chia-se").content.decode()
    page = browser.get(path).content.decode()
    assert "Vay mua nhà" in page and "Xét cho bạn vay" in page and " checked" not in page
    granted = _send(browser, path, viec="mot-phan", muc=[_NAME], **_until(page))
    assert (granted.status_code, granted["Location"]) == (303, "/chia-se?xong=dong-y")
    [consent] = list_consents(person_of(bank, "citizen"))
    assert consent.fields == (_NAME,)
    shown = browser.get("/chia-se?xong=dong-y").content.decode()
    assert "Dừng chia sẻ với Ngân hàng Mẫu" in shown and "data-done" in shown
    again = _send(browser, path, viec="tat-ca", **_until(page))
    assert again.status_code == 409, "answered is answered, in a second tab too"
    stopped = _send(browser, f"/chia-se/dong-y/{consent.consent_id}")
    assert stopped["Location"] == "/chia-se?xong=dung"
    assert list_consents(person_of(bank, "citizen"))[0].status(now()) is ConsentStatus.WITHDRAWN
    assert "Bạn đã dừng" in browser.get(f"/chia-se/dong-y/{consent.consent_id}").content.decode()


def test_refusing_needs_neither_a_reason_nor_a_fresh_sign_in(bank: World) -> None:
    from bhxh.access.consent_queries import list_requests

    browser, request_id = _citizen(bank), asked(bank)
    assert _send(browser, f"/chia-se/yeu-cau/{request_id}", viec="tu-choi")["Location"] == "/chia-se?xong=tu-choi"
    assert list_requests(person_of(bank, "citizen"), at=now())[0].state is RequestState.REFUSED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Chọn ít nhất một mục"),
        ({"muc": [_WAGES], "den-ngay-ngay": "31", "den-ngay-thang": "2", "den-ngay-nam": "2027"}, "Nhập ngày cuối được xem"),
        ({"muc": [_WAGES], "den-ngay-ngay": "1", "den-ngay-thang": "1", "den-ngay-nam": "2090"}, "Ngày cuối phải từ hôm nay đến"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_chosen_stays(bank: World, fields: dict[str, Any], words: str) -> None:
    browser, request_id = _citizen(bank), asked(bank)
    path = f"/chia-se/yeu-cau/{request_id}"
    given = fields if "den-ngay-ngay" in fields else {**_until(browser.get(path).content.decode()), **fields}
    reply = _send(browser, path, viec="mot-phan", **given)
    page = reply.content.decode()
    assert reply.status_code == 422 and page.count(words) == 2 and "<title>Lỗi:" in page
    assert page.count(" checked") == len(fields.get("muc", ()))
    assert f'value="{given["den-ngay-nam"]}"' in page
    switched = browser.client.post(f"{path}?lang=en", {"csrf": browser.csrf, "viec": "mot-phan", "muc": [_WAGES], **given})
    assert switched.status_code == 200 and switched.content.decode().count(" checked") == 1


def test_somebody_elses_request_and_consent_are_not_there(bank: World) -> None:
    browser, request_id = _citizen(bank, "other citizen"), asked(bank)
    for path in (f"/chia-se/yeu-cau/{request_id}", f"/chia-se/dong-y/{request_id}"):
        assert browser.get(path).status_code == 404
        assert _send(browser, path, viec="tat-ca").status_code == 404


def test_an_old_sign_in_may_refuse_but_not_grant(bank: World) -> None:
    from django.db import connection

    browser, request_id = _citizen(bank), asked(bank)
    path = f"/chia-se/yeu-cau/{request_id}"
    until = _until(browser.get(path).content.decode())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET signed_in_at = signed_in_at - interval '1 hour'")
    page = browser.get(path).content.decode()
    assert "Đăng nhập lại để đồng ý" in page and "Đồng ý tất cả" not in page and "tu-choi" in page
    refused = _send(browser, path, viec="tat-ca", **until)
    assert refused.status_code == 403 and "/dang-nhap?moi=1&amp;tiep=" in refused.content.decode()


def test_chosen_parts_are_shown_once_and_end(api: World) -> None:
    browser = _citizen(api)
    nothing = _send(browser, "/so/ma", viec="chia-se", loai="BOOK_SUMMARY", phut="10")
    assert nothing.status_code == 422 and "Chọn ít nhất một mục để chia sẻ" in nothing.content.decode()
    page = _send(browser, "/so/ma", viec="chia-se", loai="BOOK_SUMMARY", muc=["MONTHS"], phut="10").content.decode()
    found = re.search(r"/chia-se/[\w-]{20,}", page)
    assert found
    opened = Browser(api).get(found[0]).content.decode()
    name = api.population.by_pin()[api.people["citizen"]].full_name
    assert "Số tháng đóng BHXH" in opened and name not in opened
    assert found[0] not in browser.get("/so/ma").content.decode(), "kept nowhere"
    assert _send(browser, "/so/ma", viec="dung")["Location"] == "/so/ma?xong=dung"
    assert Browser(api).get(found[0]).status_code == 404


def test_links_are_listed_and_ended_one_by_one_by_whom_they_belong_to(api: World) -> None:
    browser, stranger = _citizen(api), Browser(api)
    opened = []
    for part in ("MONTHS", "IDENTITY"):
        page = _send(browser, "/so/ma", viec="chia-se", loai="BOOK_SUMMARY", muc=[part], phut="10").content.decode()
        found = re.search(r"/chia-se/[\w-]{20,}", page)
        assert found
        opened.append(found[0])
    stranger.get(opened[0])
    page = browser.get("/so/ma").content.decode()
    identity, months = re.findall(r'name="lien-ket" value="([0-9a-f]{64})"', page)
    assert "chưa ai mở" in page and "đã mở 1 lần" in page and "Dừng mọi liên kết" in page
    other = Browser(api)
    other.sign_in("other citizen")
    for reference in (months, "0" * 64, "x"):
        assert _send(other, "/so/ma", viec="dung", **{"lien-ket": reference}).status_code == 404
    assert stranger.get(opened[0]).status_code == 200, "nobody else ends it"
    for _ in range(2):
        assert _send(browser, "/so/ma", viec="dung", **{"lien-ket": months})["Location"] == "/so/ma?xong=dung-mot"
    assert (stranger.get(opened[0]).status_code, stranger.get(opened[1]).status_code) == (404, 200)
    page = browser.get("/so/ma?xong=dung-mot").content.decode()
    assert months not in page and identity in page and "Dừng mọi liên kết" not in page


def test_a_link_that_was_just_made_stays_on_the_page_when_the_language_changes(api: World) -> None:
    browser, other = _citizen(api), _citizen(api, "other citizen")
    page = _send(browser, "/so/ma", viec="chia-se", loai="BOOK_SUMMARY", muc=["MONTHS"], phut="10").content.decode()
    found = re.search(r"/chia-se/([\w-]{20,})", page)
    assert found and f'name="vua-tao" value="{found[1]}"' in page
    again = _send(browser, "/so/ma?lang=en", viec="chia-se", loai="HEALTH_CARD", muc=["VALIDITY"], phut="30", **{"vua-tao": found[1]})
    text = again.content.decode()
    assert found[0] in text and text.count('name="lien-ket"') == 1, "shown again, and nothing new is shared"
    assert 'value="VALIDITY" checked' in text and 'value="30" checked' in text
    assert found[0] not in _send(other, "/so/ma?lang=en", viec="chia-se", **{"vua-tao": found[1]}).content.decode()


def test_a_code_is_given_and_taken_back(api: World) -> None:
    browser = _citizen(api)
    first = browser.get("/the")
    assert looks("credential", first["X-Request-Id"]) == {person_of(api, "citizen")}
    assert "hi-card__qr" in first.content.decode()
    assert _send(browser, "/so/ma", viec="thu-hoi", loai="HEALTH_CARD")["Location"] == "/so/ma?xong=thu-hoi"
    assert "Đã thu hồi" in browser.get("/so/ma").content.decode()
    assert _codes(browser.get("/the")) != _codes(first), "the next one is new"


def _codes(reply: Any) -> list[str]:
    return re.findall(r'<path d="(M4 4h7[^"]+)"', reply.content.decode())


def test_a_card_that_ended_is_shown_without_a_code(api: World) -> None:
    browser = _citizen(api, "officer")
    assert "Bạn chưa có thẻ bảo hiểm y tế ở đây" in browser.get("/the").content.decode()
    assert browser.get("/the/trinh")["Location"] == "/the"
