"""The certificate authority's services stopped: dossiers are received, wait, and are judged later for their arrival. Nothing is backdated."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from time import sleep
from typing import Any

import pytest

from bhxh.kernel.clock import now
from sandbox.pki.authority import open_authority
from tests.doors.test_answers import check_problem
from tests.doors.test_signed_requests import file as file_request
from tests.doors.test_signed_requests import signed_request
from tests.doors.world import World, ask_anew


class Outage:
    """OCSP, revocation lists and time stamps are gone: their sockets refuse."""

    def __init__(self, world: World) -> None:
        self._sandbox = world.sandbox
        self._is_over = False
        self._sandbox.stop_one("pki")

    def end(self) -> None:
        if not self._is_over:
            self._sandbox.start_one("pki")
            self._is_over = True
        ask_anew()


@pytest.fixture
def outage(api: World) -> Iterator[Outage]:
    # WHY before: what was asked a moment ago would be at hand.
    ask_anew()
    made = Outage(api)
    yield made
    made.end()


def seen(api: World, code: str, role: str = "clerk") -> Any:
    return api.get(f"/dossiers/{code}", role).json()


def sweep(code: str, *, minutes: int) -> bool:
    """What the clockwork does each minute, and the job it wakes. Whether it woke anybody."""
    from bhxh.doors.jobs import tasks
    from bhxh.doors.partners import partners
    from bhxh.dossiers import flows
    from bhxh.dossiers.queries import get_dossier

    woken = flows.sweep(now() + timedelta(minutes=minutes), sender=partners().sender)
    tasks.gather(dossier_id=str(get_dossier(code).dossier_id))
    return woken > 0


def file_list(api: World, batch: int) -> str:
    draft, to_sign = api.prepare_list(batch=batch)
    filed = api.file_draft(draft, to_sign, key=f"outage-{batch}")
    assert (filed.status_code, filed.json()["signature_pending"]) == (201, True), filed.content
    assert b64decode(filed.json()["receipt"]), "the receipt is given at once"
    return str(filed.json()["code"])


def test_a_list_is_received_waits_and_is_completed_by_the_clockwork_for_its_arrival(api: World, outage: Outage) -> None:
    code = file_list(api, 61)
    [said] = seen(api, code)["signatures"]
    assert (said["intact"], said["trusted"], said["revoked"], said["conclusion"]) == ("yes", "yes", "unknown", "indeterminate")
    assert code in [one["code"] for one in api.get("/office/signatures", "officer").json()], "officers see what waits"
    arrived = said["judged_for"]
    for minutes in (1, 5):
        sweep(code, minutes=minutes)
        assert seen(api, code)["signature_pending"] is True, "nobody can tell yet, so nothing is decided"
        assert seen(api, code)["state"] == "RECEIVED"
    began = now()
    outage.end()
    assert sweep(code, minutes=60), "the clockwork comes back by itself"
    after = seen(api, code)
    [good] = after["signatures"]
    assert (after["signature_pending"], good["conclusion"], good["judged_for"]) == (False, "good", arrived)
    assert after["state"] != "RECEIVED"
    proof = _proof(code)
    assert proof["status"]["conclusion"] == "indeterminate", "what was known at the arrival stays"
    assert proof["completed_at"] >= began.isoformat(), "found out now, and said so"
    assert proof["completed_evidence"] and min(one["produced_at"] for one in proof["completed_evidence"]) > arrived


def _proof(code: str) -> Any:
    from bhxh.dossiers.queries import get_dossier

    return get_dossier(code).proof


def test_a_persons_signed_request_the_same_way(api: World, outage: Outage) -> None:
    filed = file_request(api, signed_request(api, "citizen", purpose="Không có OCSP"))
    assert (filed.status_code, filed.json()["signature_pending"]) == (201, True), filed.content
    code = filed.json()["code"]
    outage.end()
    sweep(code, minutes=1)
    [said] = seen(api, code, "citizen")["signatures"]
    assert (said["form"], said["conclusion"]) == ("jws", "good")


@pytest.mark.parametrize("is_before", [True, False])
def test_a_certificate_taken_back_meanwhile_counts_by_the_instant_of_arrival(api: World, outage: Outage, is_before: bool) -> None:
    """Before the arrival: stopped when it is found out. After it: good, for it was good when it came."""
    code = file_request(api, signed_request(api, "citizen", purpose=f"Thu hồi {is_before}")).json()["code"]
    authority = open_authority(api.sandbox.folder / "pki")
    sleep(1.1)  # WHY: days of revocation are told in whole seconds
    at = now() - timedelta(hours=1) if is_before else now()
    authority.revoke(authority.leaf("person-citizen").certificate.serial_number, at=at, reason="superseded")
    outage.end()
    sweep(code, minutes=1)
    shown = seen(api, code, "citizen")
    assert (shown["signatures"][0]["conclusion"], shown["state"] == "STOPPED", shown["signature_pending"]) == (
        ("bad", True, False) if is_before else ("good", False, False)
    )


def test_what_needs_no_authority_goes_on(api: World, outage: Outage) -> None:
    """Confirmations, and the same list again."""
    assert api.post("/confirmation-extract/requests", {"purpose": "Không ký"}, "citizen").status_code == 201
    code = file_list(api, 62)
    draft, to_sign = api.prepare_list(batch=62)
    again = api.file_draft(draft, to_sign, key="outage again")
    assert (again.status_code, again.json()["code"]) == (200, code)


def test_an_officer_cannot_decide_what_waits(api: World, outage: Outage) -> None:
    code = file_list(api, 63)
    version = seen(api, code)["row_version"]
    reply = api.post(
        f"/office/dossiers/{code}/appraisals", {"lines": [1], "proposal": "grant", "reason": "Đã xem.", "row_version": version}, "officer"
    )
    check_problem(reply, 409)
