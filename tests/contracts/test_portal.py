"""National portal."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bhxh.connectors.http_client.client import PartnerClient
from bhxh.connectors.npsp.intake import PortalIntake, read_intake
from bhxh.connectors.npsp.status import PortalStatusClient
from bhxh.kernel.clock import VIETNAM
from bhxh.kernel.errors import Invalid, Rejected
from sandbox.holdings import Holdings
from sandbox.supervisor import Sandbox

ClientTo = Callable[..., PartnerClient]
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def _intake(sandbox: Sandbox, pin: str, **options: Any) -> dict[str, Any]:
    wanted = {"procedure": "confirmation_extract", "pin": pin, "form": {"purpose": "loan"}, **options}
    reply = httpx.post(f"{sandbox.url('npsp')}/sandbox/intakes", json=wanted, trust_env=False)
    assert reply.status_code == 200, reply.text
    content: dict[str, Any] = reply.json()
    return content


def _read(sandbox: Sandbox, message: str, *, audience: str = "bhxh", at: datetime | None = None) -> PortalIntake:
    keys = httpx.get(f"{sandbox.url('npsp')}/.well-known/jwks.json", trust_env=False).json()
    return read_intake(message.encode(), keys=keys, audience=audience, at=at or datetime.now(UTC))


def test_an_intake_is_read_in_our_words(sandbox: Sandbox, holdings: Holdings) -> None:
    person = next(iter(holdings.persons.values()))
    made = _intake(sandbox, person.pin, email="dan@example.vn")
    intake = _read(sandbox, made["message"])
    assert (intake.pin, intake.full_name, intake.assurance_level) == (person.pin, person.full_name, 2)
    assert (intake.portal_reference, intake.procedure_code) == (made["reference"], "confirmation_extract")
    assert (intake.form, intake.email) == ({"purpose": "loan"}, "dan@example.vn")
    assert intake.document == made["message"].encode()
    assert made["reference"].split("-")[1] == f"{intake.sent_at.astimezone(VIETNAM):%y%m%d}", "the portal's day is the Vietnamese one"


def test_what_is_handed_over_once_more_was_confirmed_once(sandbox: Sandbox, holdings: Holdings) -> None:
    """Else the same dossier would be another one after midnight, because the day it was asked on is part of it."""
    pin = next(iter(holdings.persons))
    first, again = (_read(sandbox, _intake(sandbox, pin, reference="DVCQG-TWICE-1")["message"]) for _ in range(2))
    assert again.confirmed_at == first.confirmed_at and again.sent_at > first.sent_at


def test_a_changed_intake_is_refused(sandbox: Sandbox, holdings: Holdings) -> None:
    head, body, tail = _intake(sandbox, next(iter(holdings.persons)))["message"].split(".")
    content = json.loads(base64.urlsafe_b64decode(body + "=="))
    content["nguoiNop"]["mucDo"] = 1
    forged = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    with pytest.raises(Invalid) as caught:
        _read(sandbox, f"{head}.{forged}.{tail}")
    assert caught.value.parameters == {"reason": "signature"}


@pytest.mark.parametrize(("options", "reason"), [({"audience": "other"}, "addressee"), ({"at": AT - timedelta(days=400)}, "time")])
def test_an_intake_for_somebody_else_or_another_time_is_refused(
    sandbox: Sandbox, holdings: Holdings, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Invalid) as caught:
        _read(sandbox, _intake(sandbox, next(iter(holdings.persons)))["message"], **options)
    assert caught.value.parameters == {"reason": reason}


@pytest.mark.parametrize("message", ["", "a.b", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_rubbish_is_no_intake(sandbox: Sandbox, message: str) -> None:
    with pytest.raises(Invalid):
        _read(sandbox, message)


def test_statuses_are_idempotent_and_shown(sandbox: Sandbox, client_to: ClientTo, holdings: Holdings) -> None:
    reference = _intake(sandbox, next(iter(holdings.persons)))["reference"]
    sink = PortalStatusClient(client_to("npsp"))
    for status in (2, 9, 9, 2):
        sink.send_status(portal_reference=reference, dossier_code="G12.99.01-261121-0001", npsp_status=status, at=AT, result_sha256="")
    shown = httpx.get(f"{sandbox.url('npsp')}/dossiers/{reference}", trust_env=False).json()
    assert [entry["trangThai"] for entry in shown["trangThai"]] == [2, 9]


def test_the_same_status_with_another_result_is_refused(sandbox: Sandbox, client_to: ClientTo, holdings: Holdings) -> None:
    reference = _intake(sandbox, next(iter(holdings.persons)))["reference"]
    sink = PortalStatusClient(client_to("npsp"))
    sink.send_status(portal_reference=reference, dossier_code="G12.99.01-261121-0001", npsp_status=9, at=AT, result_sha256="aa")
    with pytest.raises(Rejected):
        sink.send_status(portal_reference=reference, dossier_code="G12.99.01-261121-0001", npsp_status=9, at=AT, result_sha256="bb")


def test_a_status_of_an_unknown_dossier_is_refused(client_to: ClientTo) -> None:
    with pytest.raises(Rejected):
        PortalStatusClient(client_to("npsp")).send_status(
            portal_reference="DVCQG-000000-000000", dossier_code="x", npsp_status=2, at=AT, result_sha256=""
        )


def test_the_portal_remembers_after_a_restart(sandbox: Sandbox, client_to: ClientTo, holdings: Holdings) -> None:
    reference = _intake(sandbox, next(iter(holdings.persons)))["reference"]
    sink = PortalStatusClient(client_to("npsp"))
    sink.send_status(portal_reference=reference, dossier_code="x", npsp_status=2, at=AT, result_sha256="")
    sandbox.stop_one("npsp")
    sandbox.start_one("npsp")
    shown = httpx.get(f"{sandbox.url('npsp')}/dossiers/{reference}", trust_env=False).json()
    assert [entry["trangThai"] for entry in shown["trangThai"]] == [2]
