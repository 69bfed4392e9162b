"""The busiest read takes one statement once a token was seen; it forgets nothing that the long way checks."""

from base64 import urlsafe_b64decode
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.doors.test_answers import check_problem
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World


def _ask(api: World, role: str = "citizen") -> tuple[Any, int]:
    """(answer, statements of the framework); the hot statement is the driver's and not among them."""
    with CaptureQueriesContext(connection) as captured:
        reply = api.get("/me/book", role)
    return reply, len(captured)


def _holder(reply: Any) -> str:
    payload = reply.json()["payload"]
    return str(orjson.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["person"]["pin"])


@pytest.fixture
def known(api: World) -> World:
    """The citizen's token was used before."""
    assert api.get("/me/book", "citizen").status_code == 200
    return api


def test_the_same_bytes_come_by_the_short_and_by_the_long_way(known: World) -> None:
    short, statements = _ask(known)
    assert statements == 0
    long_way = known.get("/me/book?version=1", "citizen")
    assert short.content == long_way.content
    assert short["Content-Type"] == long_way["Content-Type"] == "application/jose+json"
    assert set(short.headers) == set(long_way.headers)


def test_each_short_answer_is_a_look(known: World) -> None:
    for _ in range(3):
        reply, statements = _ask(known)
        assert (reply.status_code, statements) == (200, 0)
        assert looks("book", reply["X-Request-Id"]) == {person_of(known, "citizen")}
    [_, latest, *_] = known.get("/me/looks", "citizen").json()  # looking at the list is the last look
    assert (latest["what"], latest["purpose"], latest["legal_basis"]) == ("book", "own_book", "OWN_DATA")


def test_looks_of_the_short_way_can_be_proved_like_all_others(known: World) -> None:
    from bhxh.audit.digests import LOOK_COLUMNS, digest

    reply, _ = _ask(known)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(LOOK_COLUMNS)}, digest FROM audit_look WHERE request_id = %s", [reply["X-Request-Id"]])
        [(*columns, kept)] = cursor.fetchall()
    assert digest(columns) == bytes(kept)


def test_who_is_taken_over_by_another_custodian_is_refused_at_once(known: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_person SET managed_by = 'mnd' WHERE person_id = %s", [person_of(known, "citizen")])
    reply, _ = _ask(known)
    check_problem(reply, 403, "ACC-202")


def test_an_account_that_belongs_to_somebody_else_now_shows_nothing_of_the_first(known: World) -> None:
    from bhxh.access.models import Account

    mine, other = person_of(known, "citizen"), person_of(known, "other citizen")
    assert Account.objects.filter(person_id=mine).update(person_id=other) == 1
    reply, _ = _ask(known)
    assert _holder(reply) == known.people["other citizen"]
    assert looks("book", reply["X-Request-Id"]) == {other}


def test_a_key_the_issuer_took_back_lets_nobody_in_on_an_old_token(known: World) -> None:
    from bhxh.doors import partners

    class _NoKeys:
        def get(self, *, is_refresh_wanted: bool = False) -> dict[str, Any]:
            return {"keys": []}

    from dataclasses import replace

    partners.bind(replace(partners.partners(), eid_keys=_NoKeys()))
    check_problem(known.get("/me/book", "citizen"), 401, "ACC-003")


def test_a_remembered_clerk_or_stranger_gets_no_book(api: World) -> None:
    for role in ("clerk", "officer", "level 1", "soldier"):
        first, again = api.get("/me/book", role), api.get("/me/book", role)
        assert (first.status_code, first.json()["code"]) == (again.status_code, again.json()["code"])
        assert again.status_code in {403, 404}
        assert looks("book", again["X-Request-Id"]) == (looks("book", first["X-Request-Id"]))


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "DELETE"])
def test_other_methods_are_answered_by_the_route(known: World, method: str) -> None:
    reply = known.call(method, "/me/book", "citizen")
    assert reply.status_code == 405
    assert reply["Allow"] == "GET"


@pytest.mark.parametrize("header", ["", "Basic x", "bearer", "Bearer", "Bearer ", "Bearer x y"])
def test_a_header_that_is_no_token_is_refused_by_the_route(known: World, header: str) -> None:
    check_problem(known.get("/me/book", headers={"Authorization": header}), 401)


def test_a_person_without_a_book_is_told_so_again_and_again(api: World) -> None:
    for _ in range(2):
        check_problem(api.get("/me/book", "operator"), 404, "BOK-003")
