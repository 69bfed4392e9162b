"""Tokens that prove nothing, and what signing in for the first time does. Who gets in where: `test_matrix.py`."""

import pytest

from tests.doors.world import World


@pytest.mark.parametrize("path", ["/dossiers/{code}", "/dossiers/{code}/lines", "/dossiers/{code}/results"])
def test_whether_somebody_elses_dossier_exists_is_not_told(api: World, path: str) -> None:
    existing = api.get(path.format(code=api.code), "other clerk").json()
    invented = api.get(path.format(code="G12.99.01-261122-9999"), "other clerk").json()
    assert {**existing, "instance": ""} == {**invented, "instance": ""}


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b.c", "Bearer", "ey" * 5000, "eyJhbGciOiJub25lIn0.e30.", "\u00e9.\u00e9.\u00e9", "A" * 3000 + "." + "B" * 3000 + ".C"],
    ids=range(8),
)
def test_a_token_of_garbage_is_refused_in_our_shape(api: World, token: str) -> None:
    reply = api.get("/me/looks", headers={"Authorization": f"Bearer {token}"})
    assert reply.status_code == 401
    assert reply.json()["code"] in {"ACC-001", "ACC-003", "API-002"}
    assert reply["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("flaw", ["wrong_key", "alg_none"])
def test_a_forged_token_is_refused(api: World, flaw: str) -> None:
    forged = api.sign_in(api.people["citizen"], flaw=flaw)
    assert api.get("/me/book", headers={"Authorization": f"Bearer {forged}"}).status_code == 401


def test_an_expired_token_says_so(api: World) -> None:
    expired = api.sign_in(api.people["citizen"], lifetime_s=-120)
    assert api.get("/me/book", headers={"Authorization": f"Bearer {expired}"}).json()["code"] == "ACC-002"


def test_while_the_issuer_is_down_its_kept_keys_still_serve(api: World) -> None:
    assert api.get("/me/looks", "citizen").status_code == 200
    api.misbehave("eid", "error")
    assert api.get("/me/looks", "citizen").status_code == 200


def test_a_level_1_account_is_not_even_linked(api: World) -> None:
    from bhxh.access.models import Account

    before = Account.objects.count()
    assert api.get("/me/book", "level 1").status_code == 403
    assert Account.objects.count() == before


def test_a_new_citizens_account_is_linked_on_first_sight_once(api: World) -> None:
    from bhxh.access.models import Account

    api.get("/me/looks", "other citizen")
    linked = Account.objects.count()
    api.get("/me/looks", "other citizen")
    assert Account.objects.count() == linked
