"""The sandbox as an operator starts it, and what becomes of the partners when their supervisor dies."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bhxh.connectors.eid.publication import EidPublicationClient
from bhxh.connectors.http_client.client import PartnerClient
from bhxh.signing.key_files import FileKeys
from bhxh.signing.seals import as_flattened, seal
from sandbox.holdings import Holdings, account_subject
from sandbox.supervisor import Ports, Sandbox

ROOT = Path(__file__).resolve().parents[2]


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(("ending", "code"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_all_partners_end_with_their_supervisor(tmp_path: Path, free_base: int, ending: signal.Signals, code: int) -> None:
    command = [
        sys.executable,
        "-m",
        "sandbox",
        "--folder",
        str(tmp_path),
        "--base-port",
        str(free_base),
        "--citizens",
        "40",
        "--employers",
        "2",
    ]
    supervisor = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert supervisor.stdout is not None
    ports = Ports.from_base(free_base)
    try:
        lines = [supervisor.stdout.readline().decode().split()[0] for _ in range(7)]
        assert lines == ["population", "business", "eid", "npsp", "mail", "pki", "smtp"]
        assert all(_is_listening(getattr(ports, name)) for name in lines)
    finally:
        supervisor.send_signal(ending)
        assert supervisor.wait(60) == code
        supervisor.stdout.close()
    deadline = time.monotonic() + 30
    while any(_is_listening(getattr(ports, name)) for name in lines):
        assert time.monotonic() < deadline, "a partner outlived its supervisor"
        time.sleep(0.05)


def test_a_taken_port_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="population"):
        Sandbox(tmp_path, sandbox.ports, citizens=40, employers=2).start()
    assert httpx.get(f"{sandbox.url('population')}/health", trust_env=False).status_code == 200


def test_our_own_seal_is_accepted_at_the_publication_point(
    sandbox: Sandbox, client_to: Callable[..., PartnerClient], holdings: Holdings, tmp_path: Path
) -> None:
    key = FileKeys(tmp_path, "mof").seal_key("book")
    sandbox.book_keys_file.write_text(json.dumps({"keys": [key.public_jwk()]}))
    payload = b'{"version":1}'
    sealed = as_flattened(payload, seal(payload, key=key, type_name="bhxh-book"))
    subject = account_subject(list(holdings.persons)[5])
    EidPublicationClient(client_to("eid")).publish(subject=subject, version=1, sealed=sealed, at=datetime.now(UTC))


def test_a_portal_delivers_what_it_signed(sandbox: Sandbox, holdings: Holdings) -> None:
    address = f"{sandbox.url('npsp')}/status"  # any address that answers; ours is the API's
    wanted = {"procedure": "x", "pin": next(iter(holdings.persons)), "form": {}, "deliver_to": address}
    made = httpx.post(f"{sandbox.url('npsp')}/sandbox/intakes", json=wanted, trust_env=False).json()
    assert made["delivery"]["status"] == 401
    nobody = {**wanted, "deliver_to": "http://127.0.0.1:9/"}
    assert httpx.post(f"{sandbox.url('npsp')}/sandbox/intakes", json=nobody, trust_env=False).json()["delivery"]["status"] == 0


def test_the_authority_has_bad_days_too(sandbox: Sandbox) -> None:
    address = f"{sandbox.url('pki')}/crls/issuing.crl"
    assert httpx.get(address, trust_env=False).status_code == 200
    sandbox.set_fault("pki", "down")
    with pytest.raises(httpx.TransportError):
        httpx.get(address, trust_env=False)
    sandbox.set_fault("pki", "ok")
    assert httpx.get(address, trust_env=False).status_code == 200
