"""Who may act for an organisation, and its programs, on its pages: read, given, ended; only by its representative, freshly signed in."""

import re
from typing import Any

import orjson
from joserfc.jwk import ECKey

from tests.doors.browser import Browser
from tests.doors.test_employer_pages import Opened, opened, text_of
from tests.doors.test_filing import looks, person_of
from tests.doors.test_programs import public
from tests.doors.world import World

__all__ = ["opened"]


def wish(api: World, **more: Any) -> dict[str, Any]:
    holder = api.population.by_pin()[api.people["clerk without mandate"]]
    return {
        "loai": "person",
        "so": holder.pin,
        "ten": holder.full_name,
        "viec": ["FILE", "FOLLOW"],
        "thu-tuc": "register_employees",
        **more,
    }


def read(browser: Browser, api: World, **more: Any) -> Any:
    days = {"tu": today(), "den": today(years=1)}
    return browser.client.post("/don-vi/quyen/moi", {"csrf": browser.csrf, **days, **wish(api, **more)})


def today(*, years: int = 0) -> str:
    from bhxh.kernel.clock import day_in_vietnam, now

    on = day_in_vietnam(now())
    return on.replace(year=on.year + years).strftime("%d/%m/%Y")


def given(browser: Browser, api: World) -> str:
    """The address of a mandate that was read and given."""
    words = read(browser, api)
    digest = re.findall(r'name="ma-bam" value="([0-9a-f]{64})"', text_of(words))[0]
    assert read(browser, api, **{"ma-bam": digest})["Location"] == "/don-vi/quyen"
    name = api.population.by_pin()[api.people["clerk without mandate"]].full_name
    return str(re.findall(rf'href="(/don-vi/quyen/[0-9a-f-]{{36}})">{name}<', text_of(browser.get("/don-vi/quyen")))[0])


def test_a_mandate_is_read_given_seen_and_ended_once(api: World, opened: Opened) -> None:
    from bhxh.access.models import Mandate

    browser = opened()
    before = Mandate.objects.count()
    address = given(browser, api)
    assert Mandate.objects.count() == before + 1
    listed = browser.get("/don-vi/quyen")
    assert person_of(api, "clerk without mandate") in looks("mandate", listed["X-Request-Id"])
    for _ in range(2):
        assert browser.submit(address, csrf=browser.csrf)["Location"] == "/don-vi/quyen"
    page = text_of(browser.get(address))
    assert "Văn bản thu hồi" in page and "Thu hồi quyền này" not in page
    assert Mandate.objects.count() == before + 1


def test_other_words_than_those_read_are_not_given(api: World, opened: Opened) -> None:
    from bhxh.access.models import Mandate

    browser = opened()
    digest = re.findall(r'name="ma-bam" value="([0-9a-f]{64})"', text_of(read(browser, api)))[0]
    before = Mandate.objects.count()
    other = read(browser, api, viec=["FILE", "FOLLOW", "WITHDRAW"], **{"ma-bam": digest})
    assert other.status_code == 422 and "khác nội dung đã được hiển thị" in text_of(other)
    assert Mandate.objects.count() == before


def test_what_is_missing_stands_at_its_field_and_what_was_typed_stays(api: World, opened: Opened) -> None:
    browser = opened()
    for wrong, place in ({"viec": []}, "viec"), ({"tu": "31/02/2026"}, "tu"), ({"ten": "Người Khác"}, "so"):
        reply = read(browser, api, **wrong)
        assert reply.status_code == 422 and f'href="#{place}"' in text_of(reply), wrong
        assert wish(api)["so"] in text_of(reply)
    switched = browser.client.post("/don-vi/quyen/moi?lang=en", {"csrf": browser.csrf, **wish(api)})
    assert switched.status_code == 200 and wish(api)["so"] in text_of(switched)


def test_who_is_not_the_representative_sees_their_own_rights_only(api: World, opened: Opened) -> None:
    browser = Browser(api)
    assert browser.sign_in("mandated clerk", org_id=api.population.employers[0].tax_code).status_code == 303
    reply = browser.get("/don-vi/quyen")
    assert reply.status_code == 200 and "Chỉ người đại diện" in text_of(reply) and "/don-vi/quyen/moi" not in text_of(reply)
    for path in ("/don-vi/quyen/moi", "/don-vi/quyen/phan-mem/moi", "/don-vi/quyen/phan-mem/any"):
        assert browser.get(path).status_code == 403, path


def test_another_organisations_mandate_and_program_are_not_there(api: World, opened: Opened) -> None:
    browser, other = opened(), opened("other clerk")
    address = given(browser, api)
    assert (browser.get(address).status_code, other.get(address).status_code) == (200, 404)
    program = _registered(browser)
    assert (browser.get(program).status_code, other.get(program).status_code) == (200, 404)
    assert other.submit(program, csrf=other.csrf, viec="ngung").status_code == 404


def test_a_program_is_registered_by_its_public_key_turned_and_shut_out(api: World, opened: Opened) -> None:
    browser = opened()
    program = _registered(browser)
    page = text_of(browser.get(program))
    first = re.findall(r'name="kid" value="([^"]+)"', page)
    assert len(first) == 1
    assert browser.submit(program, csrf=browser.csrf, viec="them-khoa", khoa=_key("second")).status_code == 303
    assert browser.submit(program, csrf=browser.csrf, viec="ngung-khoa", kid=first[0]).status_code == 303
    assert re.findall(r'name="kid" value="([^"]+)"', text_of(browser.get(program))) == ["second"]
    assert browser.submit(program, csrf=browser.csrf, viec="ngung").status_code == 303
    assert "Ngừng phần mềm này" not in text_of(browser.get(program))


def test_a_key_that_is_none_or_a_secret_one_is_refused_at_its_field(api: World, opened: Opened) -> None:
    browser = opened()
    for key in ("", "no json", "[]", orjson.dumps({**orjson.loads(_key("k")), "d": "secret"}).decode()):
        reply = browser.submit("/don-vi/quyen/phan-mem/moi", csrf=browser.csrf, ten="Nhân sự", ma="nhan-su-1", khoa=key)
        assert reply.status_code == 422 and 'href="#khoa"' in text_of(reply), key
    taken = _registered(browser).rpartition("/")[2]
    reply = browser.submit("/don-vi/quyen/phan-mem/moi", csrf=browser.csrf, ten="Nhân sự", ma=taken, khoa=_key("k"))
    assert reply.status_code == 409 and 'href="#ma"' in text_of(reply)


def _key(kid: str) -> str:
    return orjson.dumps({**public(ECKey.generate_key("P-256", auto_kid=True)), "kid": kid}).decode()


def _registered(browser: Browser, client_id: str = "nhan-su-may-mac") -> str:
    reply = browser.submit("/don-vi/quyen/phan-mem/moi", csrf=browser.csrf, ten="Phần mềm nhân sự", ma=client_id, khoa=_key("first"))
    assert reply.status_code == 303, text_of(reply)
    return str(reply["Location"])
