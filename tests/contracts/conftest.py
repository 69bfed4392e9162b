"""The sandbox, started once for each worker, healthy again before every test; and our side of the wire."""

import os
import random
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey

from bhxh.connectors.http_client.assertion import publish_keys
from bhxh.connectors.http_client.client import Identity, PartnerClient
from sandbox.holdings import Holdings, load_holdings
from sandbox.supervisor import Ports, Sandbox

CITIZENS, EMPLOYERS, SEED = 600, 12, 164


class TestKey:
    """A machine key in memory."""

    __test__ = False

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._jwk = ECKey.import_key(self._private.public_key())
        self.kid = self._jwk.thumbprint()

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self._private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def public_jwk(self) -> dict[str, Any]:
        return {**self._jwk.as_dict(private=False), "kid": self.kid}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _free_base() -> int:
    source = random.SystemRandom()
    while True:
        base = source.randrange(20000, 31000, 20)
        if all(_is_free(base + step) for step in (0, 1, 2, 3, 4, 5, 14)):
            return base


@pytest.fixture(scope="session")
def machine_key() -> TestKey:
    return TestKey()


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory, machine_key: TestKey) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp(f"sandbox-{os.getpid()}")
    sandbox = Sandbox(folder, Ports.from_base(_free_base()), seed=SEED, citizens=CITIZENS, employers=EMPLOYERS)
    publish_keys([machine_key], sandbox.client_keys_file)
    with sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    yield running_sandbox
    for name in running_sandbox.names:
        running_sandbox.set_fault(name, "ok")


@pytest.fixture(scope="session")
def holdings() -> Holdings:
    return load_holdings(seed=SEED, citizens=CITIZENS, employers=EMPLOYERS)


@pytest.fixture
def client_to(sandbox: Sandbox, machine_key: TestKey) -> Iterator[Callable[..., PartnerClient]]:
    """Makes clients to one partner: `client_to("population", timeout_s=1)`."""
    made: list[PartnerClient] = []

    def make(partner: str, **options: Any) -> PartnerClient:
        settings: dict[str, Any] = {
            "base_url": sandbox.url(partner),
            "timeout_s": 5.0,
            "clock": lambda: datetime.now(UTC),
            "identity": Identity(client_id="bhxh-mof", key=machine_key),
            **options,
        }
        made.append(PartnerClient(partner=partner, **settings))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def other_key() -> TestKey:
    """A key nobody published."""
    return TestKey()


@pytest.fixture
def free_base() -> int:
    """A base from which on all ports of a sandbox are free."""
    return _free_base()
