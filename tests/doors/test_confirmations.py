"""Confirming instead of signing over HTTP: shown, confirmed, filed, verified with nothing but the published keys; and every way to cheat."""

from base64 import b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from bhxh.kernel.canonical import sha256_hex
from bhxh.signing.confirmations import PartyKind, SignerKind, verify_confirmation
from bhxh.signing.keysets import KeySet
from tests.doors.test_answers import check_problem
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World

WISH = {"from_month": "01/2025", "purpose": "Vay mua nhà"}


def keys(world: World) -> KeySet:
    return KeySet.from_json(world.get("/open/keys").content)


def prepared(world: World, role: str = "citizen") -> dict[str, Any]:
    reply = world.post("/confirmation-extract/preparations", WISH, role)
    assert reply.status_code == 201, reply.content
    shown: dict[str, Any] = reply.json()
    return shown


def confirm(world: World, shown: dict[str, Any], role: str = "citizen", **other: str) -> Any:
    return world.post(f"/confirmations/{shown['draft_id']}", {"content_sha256": shown["content_sha256"], **other}, role)


def as_role(world: World, role: str, **more: Any) -> str:
    """The same person, signed in otherwise."""
    name = f"{role} {sorted(more)}"
    world.people[name] = world.people[role]
    world.tokens[name] = world.sign_in(world.people[role], **more)
    return name


def test_what_was_shown_is_confirmed_and_verified_by_whoever_has_the_keys(api: World, tmp_path: Path) -> None:
    shown = prepared(api)
    content = b64decode(shown["content"])
    assert sha256_hex(content) == shown["content_sha256"]
    assert orjson.loads(content)["pin"] == api.people["citizen"]
    assert api.get(f"/confirmations/{shown['draft_id']}", "citizen").json() == shown
    reply = confirm(api, shown)
    assert reply.status_code == 201, reply.content
    code = reply.json()["code"]
    sealed, document = (api.get(f"/dossiers/{code}/{what}", "citizen") for what in ("confirmation", "document"))
    assert document.content == content
    confirmed = verify_confirmation(sealed.content, keys=keys(api), content=document.content).confirmed
    assert (confirmed.signer.pin, confirmed.party.kind, confirmed.signer.kind) == (
        api.people["citizen"],
        PartyKind.SELF,
        SignerKind.PERSON,
    )
    assert confirmed.act == "file:confirmation_extract"
    assert looks("confirmation", sealed["X-Request-Id"]) == looks("document", document["X-Request-Id"]) == {person_of(api, "citizen")}
    for path in ("confirmation", "document"):
        check_problem(api.get(f"/dossiers/{code}/{path}", "other citizen"), 404)


def test_the_command_line_says_who_confirmed_and_whether_the_content_was_compared(api: World, tmp_path: Path) -> None:
    from argparse import Namespace

    from bhxh.doors.cli import verify

    code = confirm(api, prepared(api)).json()["code"]
    for what in ("confirmation", "document"):
        (tmp_path / what).write_bytes(api.get(f"/dossiers/{code}/{what}", "citizen").content)
    (tmp_path / "keys").write_bytes(api.get("/open/keys").content)
    (tmp_path / "other").write_bytes(b"{}")

    def run(content: str = "") -> dict[str, Any]:
        asked = Namespace(keys=str(tmp_path / "keys"), files=[str(tmp_path / "confirmation")], content=content and str(tmp_path / content))
        return verify.run(asked)

    alone, compared, other = run(), run("document"), run("other")
    assert [alone["files"][0]["is_content_compared"], compared["files"][0]["is_content_compared"]] == [False, True]
    assert (alone["holds"], compared["holds"], other["holds"], other["files"][0]["code"]) == (True, True, False, "SIG-073")
    assert "chưa so với nội dung" in alone["text"]
    assert compared["files"][0]["kind"] == "confirmation"


def test_in_one_step_it_is_the_same_signature(api: World) -> None:
    code = api.post("/confirmation-extract/requests", WISH, "citizen").json()["code"]
    sealed, document = (api.get(f"/dossiers/{code}/{what}", "citizen").content for what in ("confirmation", "document"))
    assert verify_confirmation(sealed, keys=keys(api), content=document).confirmed.signer.pin == api.people["citizen"]


@pytest.mark.parametrize("age_s", [301, 86_400])
@pytest.mark.parametrize("path", ["/confirmations/", "/confirmation-extract/requests"])
def test_a_stale_login_confirms_nothing(api: World, age_s: int, path: str) -> None:
    shown = prepared(api)
    stale = as_role(api, "citizen", auth_age_s=age_s)
    reply = confirm(api, shown, stale) if path == "/confirmations/" else api.post(path, WISH, stale)
    check_problem(reply, 403, "ACC-030")
    assert confirm(api, shown).status_code == 201, "what was prepared is kept"


def test_level_1_confirms_nothing(api: World) -> None:
    check_problem(confirm(api, prepared(api), as_role(api, "citizen", assurance_level=1)), 403, "ACC-010")


def test_other_content_than_was_shown_is_not_confirmed(api: World) -> None:
    shown = prepared(api)
    check_problem(confirm(api, shown, content_sha256="0" * 64), 422, "SIG-073")
    check_problem(confirm(api, shown, content_sha256="x"), 422, "API-001")


def test_another_person_cannot_confirm_it(api: World) -> None:
    shown = prepared(api)
    check_problem(confirm(api, shown, "other citizen"), 404, "DOS-019")
    check_problem(api.get(f"/confirmations/{shown['draft_id']}", "other citizen"), 404, "DOS-019")
    check_problem(confirm(api, shown, "clerk"), 404, "DOS-019")


def test_a_replay_files_nothing_again_not_even_what_was_withdrawn(api: World) -> None:
    shown = prepared(api)
    first = confirm(api, shown)
    code = first.json()["code"]
    again = confirm(api, shown)
    assert (again.status_code, again.json()["receipt"]) == (200, first.json()["receipt"])
    version = api.get(f"/dossiers/{code}", "citizen").json()["row_version"]
    assert api.post(f"/dossiers/{code}/withdrawal", {"row_version": version}, "citizen").status_code == 200
    assert confirm(api, shown).json()["code"] == code
    assert api.get(f"/dossiers/{code}", "citizen").json()["state"] == "WITHDRAWN"


def test_a_browsers_session_confirms_while_fresh_and_is_named_by_its_digest(api: World) -> None:
    from datetime import timedelta
    from hashlib import sha256

    from bhxh.access.models import Session
    from tests.doors.browser import Browser

    browser = Browser(api, **{"User-Agent": "Mozilla/5.0 (Linux; Android 14) Firefox/140"})
    browser.sign_in()
    shown = browser.post("/api/v1/confirmation-extract/preparations", WISH).json()
    row = Session.objects.latest("begun_at")
    Session.objects.filter(session_id=row.session_id).update(signed_in_at=row.signed_in_at - timedelta(minutes=10))
    path, body = f"/api/v1/confirmations/{shown['draft_id']}", {"content_sha256": shown["content_sha256"]}
    check_problem(browser.post(path, body), 403, "ACC-030")
    browser.get(browser.choose(browser.leave("?moi=1")))
    assert browser.client.post(path, orjson.dumps(body), content_type="application/json").status_code == 403, "not without its token"
    reply = browser.post(path, body)
    assert reply.status_code == 201, reply.content
    sealed = browser.get(f"/api/v1/dossiers/{reply.json()['code']}/confirmation").content
    login = verify_confirmation(sealed, keys=keys(api)).confirmed.login
    assert (login.session_sha256, login.device) == (sha256(browser.cookie.encode()).hexdigest(), "Firefox, Android")


# -- a list of workers ---------------------------------------------------------------------------------------------


def list_to_confirm(world: World, role: str = "clerk", batch: int = 2) -> dict[str, Any]:
    files = {"workbook": ("d02.xlsx", world.workbook)}
    reply = world.upload("/register-employees/confirmation-preparations", files, role, period=world.period, batch=str(batch))
    assert reply.status_code == 200, reply.content
    shown: dict[str, Any] = reply.json()
    return shown


def test_a_clerk_prepares_a_list_and_the_representative_confirms_it(api: World) -> None:
    shown = list_to_confirm(api, "mandated clerk")
    reply = confirm(api, shown, "clerk")
    assert reply.status_code == 201, reply.content
    code = reply.json()["code"]
    sealed, document = (api.get(f"/dossiers/{code}/{what}", "clerk").content for what in ("confirmation", "document"))
    confirmed = verify_confirmation(sealed, keys=keys(api), content=document).confirmed
    assert (confirmed.signer.pin, confirmed.party.kind) == (api.people["clerk"], PartyKind.ORGANISATION)
    assert (confirmed.party.identifier, confirmed.party.right) == (api.population.employers[0].tax_code, "LEGAL_REPRESENTATIVE")
    assert document == b64decode(shown["content"])
    assert b"<Dong" in document


def test_the_same_list_signed_with_a_certificate_is_the_same_filing(api: World) -> None:
    code = confirm(api, list_to_confirm(api), "clerk").json()["code"]
    signed = api.file_draft(*api.prepare_list(batch=2), key="signed")
    assert (signed.status_code, signed.json()["code"]) == (200, code)
    check_problem(api.get(f"/dossiers/{api.code}/confirmation", "clerk"), 404, "API-031")


def test_a_stale_clerk_and_another_unit_confirm_no_list(api: World) -> None:
    shown = list_to_confirm(api)
    stale = as_role(api, "clerk", org_id=api.population.employers[0].tax_code, auth_age_s=600)
    check_problem(confirm(api, shown, stale), 403, "ACC-030")
    check_problem(confirm(api, shown, "other clerk"), 404, "DOS-019")


def test_a_mandate_that_ends_between_form_and_signature_leaves_the_draft_to_whoever_may(api: World) -> None:
    from bhxh.access.models import Mandate
    from bhxh.access.roles import person_reference
    from bhxh.kernel.clock import day_in_vietnam, now

    shown, today = list_to_confirm(api, "mandated clerk"), day_in_vietnam(now())
    held = Mandate.objects.filter(account=person_reference(person_of(api, "mandated clerk")))
    assert held.update(from_on=today - timedelta(days=2), until_on=today) == 1
    reply = confirm(api, shown, "mandated clerk")
    assert (reply.status_code, reply.json()["code"][:4]) == (403, "ACC-"), reply.content
    assert confirm(api, shown, "clerk").status_code == 201


def test_when_the_rule_ends_only_a_certificate_will_do(api: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from bhxh.dossiers import catalogue
    from bhxh.dossiers.confirmations import file_act
    from bhxh.kernel.clock import day_in_vietnam, now

    shown = list_to_confirm(api)
    procedure = catalogue.get("register_employees")
    ended = replace(procedure.signature_rules[-1], in_force_from=day_in_vietnam(now()) - timedelta(days=1))
    rules = (*(rule for rule in procedure.signature_rules if not rule.needs_certificate), ended)
    monkeypatch.setitem(catalogue._bound, "register_employees", replace(procedure, signature_rules=rules))
    assert file_act("register_employees") == "file:register_employees"
    check_problem(confirm(api, shown, "clerk"), 422, "DOS-005")
