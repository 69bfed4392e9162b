"""Two-phase signing over HTTP and by command: a token at the filer's machine, or a service that keeps the key and asks the holder.

Whatever goes wrong on the way, what was prepared is still there.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bhxh.kernel.clock import now
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.certificates import Issued
from sandbox.pki.token import sign_with
from tests.doors.cli_runs import Run, a_signed_list, said
from tests.doors.test_answers import check_problem
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World


class Device:
    """The device of whoever holds the certificate."""

    def __init__(self, world: World) -> None:
        self._address = f"{world.sandbox.url('pki')}/sandbox/approvals"

    def waiting(self, shown: str = "") -> list[str]:
        """Questions that wait, all or those that show this."""
        listed = httpx.get(self._address, timeout=60, trust_env=False).raise_for_status().json()["waiting"]
        return [one["responseID"] for one in listed if not shown or one["shown"] == shown]

    def say(self, answer: str, shown: str) -> None:
        [request_id] = self.waiting(shown)
        self.answer(request_id, answer)

    def answer(self, request_id: str, answer: str) -> None:
        httpx.post(self._address, json={"responseID": request_id, "answer": answer}, timeout=60, trust_env=False).raise_for_status()


@pytest.fixture
def device(world: World) -> Iterator[Device]:
    made = Device(world)
    yield made
    for left in made.waiting():
        made.answer(left, "refuse")


@pytest.fixture
def authority(world: World) -> Authority:
    return open_authority(world.sandbox.folder / "pki")


def prepare(api: World, batch: int, role: str = "clerk", headers: dict[str, str] | None = None) -> Any:
    files = {"workbook": ("d02.xlsx", api.workbook)}
    return api.upload("/register-employees/remote-preparations", files, role, headers=headers, period=api.period, batch=str(batch))


def draft_of(api: World, batch: int) -> str:
    reply = prepare(api, batch)
    assert reply.status_code == 200, reply.content
    return str(reply.json()["draft_id"])


def ask(api: World, draft: str, status: int = 201, role: str = "clerk") -> Any:
    reply = api.post(f"/signing/{draft}/question", {}, role)
    assert reply.status_code == status, reply.content
    return reply.json()


def collect(api: World, draft: str, role: str = "clerk") -> Any:
    return api.post(f"/signing/{draft}/collection", {}, role)


def change(draft: str, **values: Any) -> None:
    from bhxh.dossiers.models import Draft

    assert Draft.objects.filter(draft_id=draft).update(**values) == 1


def draft_row(draft: str) -> Any:
    from bhxh.dossiers.models import Draft

    return Draft.objects.get(draft_id=draft)


def test_a_list_is_prepared_approved_on_the_device_completed_and_verified_at_once(api: World, device: Device) -> None:
    draft = draft_of(api, 21)
    asked = ask(api, draft)
    assert device.waiting(asked["shown"]), "the device shows what the screen shows"
    waiting = collect(api, draft)
    assert (waiting.status_code, waiting.json()["state"]) == (202, "waiting")
    device.say("approve", asked["shown"])
    first, again = collect(api, draft), collect(api, draft)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json()["receipt"] == again.json()["receipt"]
    shown = api.get(f"/dossiers/{first.json()['code']}", "clerk").json()
    assert (shown["proof"], [said["conclusion"] for said in shown["signatures"]]) == ("certificate", ["good"])
    assert first.json()["signature_pending"] is False


def test_a_question_is_asked_once(api: World, device: Device) -> None:
    draft = draft_of(api, 22)
    first, second = ask(api, draft), ask(api, draft, 200)
    assert (first["is_repeat"], second["is_repeat"]) == (False, True)
    assert {**first, "is_repeat": True} == second
    assert len(device.waiting(first["shown"])) == 1


def test_a_holder_who_declined_is_asked_anew(api: World, device: Device) -> None:
    draft = draft_of(api, 23)
    shown = ask(api, draft)["shown"]
    device.say("refuse", shown)
    check_problem(collect(api, draft), 403, "CON-104")
    check_problem(collect(api, draft), 409, "DOS-050")
    ask(api, draft)
    device.say("approve", shown)
    assert collect(api, draft).status_code == 201


def test_a_holder_who_was_silent_for_a_quarter_of_an_hour_is_asked_anew(api: World, device: Device) -> None:
    draft = draft_of(api, 24)
    shown = ask(api, draft)["shown"]
    change(draft, remote_asked_at=now() - timedelta(minutes=16))
    check_problem(collect(api, draft), 409, "DOS-050")
    ask(api, draft)
    assert len(device.waiting(shown)) == 2, "the first question is over; its answer would sign nothing here"
    for request_id in device.waiting(shown):
        device.answer(request_id, "approve")
    assert collect(api, draft).status_code == 201


def test_with_the_service_down_the_draft_waits(api: World, device: Device) -> None:
    draft = draft_of(api, 25)
    api.misbehave("pki", "down")
    check_problem(api.post(f"/signing/{draft}/question", {}, "clerk"), 503, "CON-101")
    check_problem(prepare(api, 26), 503, "CON-101")
    api.sandbox.set_fault("pki", "ok")
    shown = ask(api, draft)["shown"]
    api.misbehave("pki", "down")
    check_problem(collect(api, draft), 503, "CON-101")
    api.sandbox.set_fault("pki", "ok")
    device.say("approve", shown)
    assert collect(api, draft).status_code == 201


def test_another_filer_finds_nothing_there(api: World, device: Device) -> None:
    draft = draft_of(api, 27)
    for role in ("other clerk", "citizen"):
        for path, body in (("question", {}), ("collection", {}), ("renewal", {}), ("filing", {"signature": "AA=="})):
            check_problem(api.post(f"/signing/{draft}/{path}", body, role), 404, "DOS-019")


def test_who_has_no_certificate_there_is_told_what_else_to_do(api: World) -> None:
    from bhxh.doors import partners

    unheld = api.population.employers[-1]  # other tests give the second one a certificate
    bearer = {"Authorization": f"Bearer {api.sign_in(unheld.legal_representative_pin, org_id=unheld.tax_code)}"}
    check_problem(prepare(api, 28, "stranger", headers=bearer), 409, "DOS-048")
    draft = draft_of(api, 28)
    partners.bind(replace(partners.partners(), remote_signer=None))
    check_problem(prepare(api, 28), 409, "DOS-047")
    for path in ("question", "collection"):
        check_problem(api.post(f"/signing/{draft}/{path}", {}, "clerk"), 409, "DOS-047")


def sign(api: World, draft: str, to_sign: bytes) -> Any:
    assert api.signer is not None
    return api.post(f"/signing/{draft}/filing", {"signature": b64encode(api.signer.sign(to_sign)).decode()}, "clerk")


def test_what_came_too_late_is_prepared_anew_with_nothing_filled_in_again(api: World) -> None:
    draft, to_sign = api.prepare_list(batch=29)
    change(draft, expires_at=now() - timedelta(days=1))
    for reply in (sign(api, draft, to_sign), collect(api, draft), api.post(f"/signing/{draft}/question", {}, "clerk")):
        check_problem(reply, 409, "DOS-046")
    renewed = api.post(f"/signing/{draft}/renewal", {}, "clerk")
    assert renewed.status_code == 201, renewed.content
    again = renewed.json()
    assert again["draft_id"] != draft
    filed = sign(api, again["draft_id"], b64decode(again["to_sign"]))
    assert filed.status_code == 201, filed.content
    before, after = draft_row(draft), draft_row(again["draft_id"])
    assert (before.source_sha256, before.source_name) == (after.source_sha256, after.source_name)
    change(draft, expires_at=now() - timedelta(days=24))
    check_problem(api.post(f"/signing/{draft}/renewal", {}, "clerk"), 404, "DOS-019")


def test_a_changed_preparation_files_nothing(api: World) -> None:
    """In the database, by whoever could: the value is another document's, or the document is another value's."""
    draft, to_sign = api.prepare_list(batch=31)
    other, other_to_sign = api.prepare_list(batch=32)
    check_problem(sign(api, draft, other_to_sign), 422, "SIG-031")
    kept = bytes(draft_row(draft).prepared)
    change(draft, prepared=kept.replace(b"<SoDot>31<", b"<SoDot>33<"))
    check_problem(sign(api, draft, to_sign), 422, "SIG-010")
    change(draft, prepared=bytes(draft_row(other).prepared))
    check_problem(sign(api, draft, to_sign), 422, "SIG-010")
    change(draft, prepared=kept, to_sign=other_to_sign)
    check_problem(sign(api, draft, to_sign), 422, "SIG-031")
    change(draft, to_sign=to_sign)
    assert sign(api, draft, to_sign).status_code == 201, "nothing was lost by it"


def person(authority: Authority, api: World, label: str = "person-signs") -> Issued:
    return authority.issue_leaf(label, name="NGƯỜI DÂN", uids=(f"CCCD:{api.people['citizen']}",))


def test_a_person_signs_a_request_with_a_token(api: World, authority: Authority) -> None:
    by = person(authority, api)
    body = {"purpose": "Ký hai bước", "certificate": b64encode(by.der).decode()}
    reply = api.post("/confirmation-extract/signing-preparations", body, "citizen")
    assert reply.status_code == 201, reply.content
    draft, to_sign = reply.json()["draft_id"], b64decode(reply.json()["to_sign"])

    def file(value: bytes) -> Any:
        return api.post(f"/signing/{draft}/filing", {"signature": b64encode(value).decode()}, "citizen")

    check_problem(file(sign_with(by.key, to_sign + b" ")), 422, "SIG-031")
    filed = file(sign_with(by.key, to_sign))
    assert filed.status_code == 201, filed.content
    assert looks("receipt", filed["X-Request-Id"]) == {person_of(api, "citizen")}
    assert api.get(f"/dossiers/{filed.json()['code']}", "citizen").json()["signatures"][0]["form"] == "jws"
    renewed = api.post(f"/signing/{draft}/renewal", {}, "citizen").json()
    repeated = api.post(
        f"/signing/{renewed['draft_id']}/filing",
        {"signature": b64encode(sign_with(by.key, b64decode(renewed["to_sign"]))).decode()},
        "citizen",
    )
    assert repeated.status_code in {200, 201}, repeated.content


def test_a_person_signs_a_request_by_the_service_also_after_the_certificate_was_replaced(
    api: World, authority: Authority, device: Device
) -> None:
    old = person(authority, api, "zz-old")
    body = {"purpose": "Ký từ xa", "certificate": b64encode(old.der).decode()}
    person(authority, api, "a-new")
    draft = api.post("/confirmation-extract/signing-preparations", body, "citizen").json()["draft_id"]
    check_problem(api.post(f"/signing/{draft}/question", {}, "citizen"), 409, "DOS-049")
    renewed = api.post(f"/signing/{draft}/renewal", {"is_for_service": True}, "citizen").json()["draft_id"]
    device.say("approve", ask(api, renewed, role="citizen")["shown"])
    assert collect(api, renewed, "citizen").status_code == 201


def test_by_command(bhxh: Run, world: World, device: Device, tmp_path: Path) -> None:
    common, _ = a_signed_list(world, tmp_path)
    began = said(bhxh(*common, "--remote", "--wait", "0"))
    assert (began["filed"], began["counts"]["clean"] > 0) == (False, True)
    as_unit = ("--as", world.population.demo_employer.tax_code, "--json")
    assert said(bhxh("sign", "ask", began["draft"], *as_unit))["is_repeat"] is True
    assert said(bhxh("sign", "collect", began["draft"], *as_unit))["filed"] is False
    device.say("refuse", began["shown"])
    assert said(bhxh("sign", "collect", began["draft"], *as_unit), 1)["error"]["code"] == "CON-104"
    renewed = said(bhxh("sign", "renew", began["draft"], *as_unit))["draft"]
    device.say("approve", said(bhxh("sign", "ask", renewed, *as_unit))["shown"])
    first, again = (said(bhxh("sign", "collect", renewed, *as_unit)) for _ in range(2))
    assert (first["filed"], first["code"], again["is_repeat"]) == (True, again["code"], True)
    assert said(bhxh("sign", "collect", "nothing", *as_unit), 1)["error"]["code"] == "DOS-019"
