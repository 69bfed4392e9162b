"""Where a stranger begins at `make serve`: one button on the e-ID's page, one page with everything else they need."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from werkzeug.test import Client

from sandbox.eid.identities import PEOPLE
from tests.doors.browser import Browser
from tests.doors.world import World
from tools.cast import roles_of
from tools.reception import Reception
from tools.stack import Stack


@pytest.fixture
def shown(world: World) -> Iterator[tuple[Any, ...]]:
    """Whom the e-ID's page shows first."""
    cast = roles_of(world.population)
    file = world.sandbox.folder / "eid" / PEOPLE
    people = [{"value": f"{one.pin} {one.org_id}".strip(), "name": one.name, "vi": one.vi, "en": one.en} for one in cast]
    file.write_text(json.dumps(people))
    yield cast
    file.unlink()


def test_one_button_signs_in(api: World, shown: tuple[Any, ...]) -> None:
    employer, worker, *_ = shown
    for role, words in ((employer, "EMPLOYER"), (worker, "SELF")):
        browser = Browser(api)
        address, _, query = browser.leave().partition("?")
        page = httpx.get(f"{address}?{query}", trust_env=False, timeout=60)
        value = f"{role.pin} {role.org_id}".strip()
        assert f'name="one_click" value="{value}"' in page.text and role.name in page.text and "<script" not in page.text
        form = {**dict(httpx.QueryParams(query)), "one_click": value}
        back = httpx.post(address, data=form, trust_env=False, timeout=60).headers["Location"]
        assert browser.get(httpx.URL(back).raw_path.decode()).status_code == 303
        assert browser.get("/api/v1/session").json()["acting_as"] == words


def test_everybody_of_the_cast_is_somebody_else(api: World) -> None:
    cast = roles_of(api.population)
    assert len({one.pin for one in cast}) == len(cast)
    assert [one.login for one in cast if one.is_officer] == ["lan", "minh", "hoa"]


@pytest.fixture
def reception(tmp_path: Any, api: World) -> Client:
    stack = Stack(tmp_path, database="not_used", base_port=9, host="localhost")
    return Client(Reception(stack, roles_of(api.population), {"mau.xlsx": b"PK"}, "12/2026"))


def test_the_reception_hands_out_lists_and_names_who_is_who(api: World, reception: Client) -> None:
    page = reception.get("/")
    for one in roles_of(api.population):
        assert one.pin in page.text and one.en in page.text
    assert "<script" not in page.text and "Không có yêu cầu ký nào" in page.text
    assert ">mau.xlsx</a>: mọi dòng đều nộp được" in page.text
    assert reception.get("/mau/mau.xlsx").data == b"PK"
    assert reception.get("/mau/khac.xlsx").status_code == 404


@pytest.mark.parametrize("origin", ["", "https://evil.example", "null", "http://localhost:9"])
def test_nobody_elses_page_acts_there(reception: Client, origin: str) -> None:
    headers = {"Origin": origin} if origin else {}
    for path in ("/can-bo/lan", "/ky"):
        assert reception.post(path, headers=headers).status_code == 404
    assert reception.get("/can-bo/lan").status_code == 404
