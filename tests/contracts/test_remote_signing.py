"""Two-phase signing with a service that keeps the key: prepared here, approved on the holder's device, completed and verified here."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bhxh.connectors.remote_signing import RemoteSigningClient
from bhxh.kernel.errors import BhxhError, Invalid, NotAllowed
from bhxh.signing.jws import complete_json, prepare_json, verify_json
from bhxh.signing.profiles import HOSO_UNIT, JSON_FILER
from bhxh.signing.remote import ask_to_sign
from bhxh.signing.trust import TrustList
from bhxh.signing.xades import PreparedSignature, complete_signature, prepare_signature, verify_xades
from sandbox.pki.authority import issue_employer_certificate
from sandbox.pki.remote_signing import TOKEN
from sandbox.pki.service import RunningPki
from tests.sandbox_fixtures import pki

__all__ = ["pki"]

TAX_CODE, SHOWN = "0100109106", "Danh sách D02-TS tháng 11/2026, 32 lao động"
DOCUMENT = "<Hoso><Ten>Nguyễn Thị Hương</Ten></Hoso>".encode()


@pytest.fixture
def service(pki: RunningPki) -> Iterator[RemoteSigningClient]:
    issue_employer_certificate(pki.authority.folder, TAX_CODE, "CÔNG TY TNHH VÍ DỤ")
    client = RemoteSigningClient(pki.address, token=TOKEN, timeout_s=5.0)
    yield client
    client.close()
    pki.application.misbehave()


def say(pki: RunningPki, request_id: str, answer: str) -> int:
    """On the holder's device."""
    reply = httpx.post(f"{pki.address}/sandbox/approvals", json={"responseID": request_id, "answer": answer}, trust_env=False)
    return reply.status_code


def prepared(service: RemoteSigningClient, document: bytes = DOCUMENT) -> tuple[PreparedSignature, str]:
    found = service.find_credential(f"MST:{TAX_CODE}")
    assert found is not None
    credential, certificate = found
    made = prepare_signature(document, profile=HOSO_UNIT, certificate=certificate, at=datetime.now(UTC))
    return made, ask_to_sign(made.to_sign, credential=credential, certificate=certificate, shown=SHOWN, signer=service)


def test_a_list_signed_by_the_service_is_verified_at_once(pki: RunningPki, service: RemoteSigningClient) -> None:
    made, request_id = prepared(service)
    assert service.collect(request_id) is None
    assert pki.application.remote.shown(request_id) == SHOWN
    assert say(pki, request_id, "approve") == 200
    value = service.collect(request_id)
    assert value is not None
    signed = complete_signature(made, value)
    anchors = TrustList.load(pki.authority.trust_folder).anchors
    found = verify_xades(signed, profile=HOSO_UNIT, anchors=anchors, at=datetime.now(UTC) + timedelta(seconds=1))
    assert found.signer.tax_code == TAX_CODE and "Hương".encode() in found.signed_xml


def test_signed_json_the_same_way(pki: RunningPki, service: RemoteSigningClient) -> None:
    found = service.find_credential(f"MST:{TAX_CODE}")
    assert found is not None
    credential, certificate = found
    made = prepare_json(b'{"a":1}', certificate=certificate, at=datetime.now(UTC))
    request_id = ask_to_sign(made.to_sign, credential=credential, certificate=certificate, shown=SHOWN, signer=service)
    say(pki, request_id, "approve")
    value = service.collect(request_id)
    assert value is not None
    assert verify_json(complete_json(made, value, profile=JSON_FILER), profile=JSON_FILER).signer.tax_code == TAX_CODE


def test_a_holder_may_decline(pki: RunningPki, service: RemoteSigningClient) -> None:
    _, request_id = prepared(service)
    say(pki, request_id, "refuse")
    with pytest.raises(NotAllowed) as caught:
        service.collect(request_id)
    assert caught.value.code == "CON-104"


def test_the_value_of_another_request_signs_nothing(pki: RunningPki, service: RemoteSigningClient) -> None:
    made, _ = prepared(service)
    _, other = prepared(service, DOCUMENT.replace(b"Hoso>", b"Hoso>", 1).replace("Hương".encode(), "Huệ".encode()))
    say(pki, other, "approve")
    value = service.collect(other)
    assert value is not None
    with pytest.raises(Invalid) as caught:
        complete_signature(made, value)
    assert caught.value.code == "SIG-031"


def test_whom_the_service_does_not_know(pki: RunningPki, service: RemoteSigningClient) -> None:
    assert service.find_credential("MST:0999999999") is None
    for call in (
        lambda: service.collect("nothing"),
        lambda: service.ask(credential="nobody", digest=b"x" * 32, digest_name="sha256", shown=""),
        lambda: service.ask(credential=f"employer-{TAX_CODE}", digest=b"short", digest_name="sha256", shown=""),
        lambda: RemoteSigningClient(pki.address, token="stranger").find_credential("MST:1"),
    ):
        with pytest.raises(BhxhError) as caught:
            call()
        assert caught.value.code == "CON-102"
    assert say(pki, "nothing", "approve") == 404


@pytest.mark.parametrize(
    ("mode", "code"),
    [("down", "CON-101"), ("error", "CON-101"), ("refuse", "CON-102"), ("nonsense", "CON-103"), ("endless", "CON-103")],
)
def test_bad_days_of_the_service(pki: RunningPki, service: RemoteSigningClient, mode: str, code: str) -> None:
    pki.application.misbehave(csc=mode)
    with pytest.raises(BhxhError) as caught:
        service.find_credential(f"MST:{TAX_CODE}")
    assert caught.value.code == code
