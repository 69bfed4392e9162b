"""Time stamps from the sandbox's RFC 3161 service, over sockets."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bhxh.connectors.timestamping import HttpTimeStamper
from bhxh.kernel.errors import Invalid, Nonsense, Rejected, Unavailable
from bhxh.signing.timestamps import request_timestamp, verify_timestamp
from bhxh.signing.trust import TrustList
from sandbox.pki.authority import open_authority
from sandbox.pki.service import RunningPki
from tests.sandbox_fixtures import pki

__all__ = ["pki"]

DIGEST = hashlib.sha256("Sổ bảo hiểm xã hội".encode()).digest()


@pytest.fixture
def stamper(pki: RunningPki) -> Iterator[HttpTimeStamper]:
    made = HttpTimeStamper(pki.tsa_address)
    yield made
    made.close()
    pki.application.misbehave()


@pytest.fixture
def trust(pki: RunningPki) -> TrustList:
    return TrustList.load(pki.authority.trust_folder)


def test_a_stamp_holds(stamper: HttpTimeStamper, trust: TrustList) -> None:
    now = datetime.now(UTC)
    token, found = request_timestamp(DIGEST, stamper=stamper, trust=trust, at=now)
    assert abs(found.stamped_at - now) < timedelta(minutes=1) and found.authority == "Dấu thời gian thử nghiệm"
    assert found.token_sha256 == hashlib.sha256(token).hexdigest()


def test_what_does_not_hold(stamper: HttpTimeStamper, trust: TrustList, tmp_path_factory: pytest.TempPathFactory) -> None:
    now = datetime.now(UTC)
    token = stamper.stamp(DIGEST)
    strangers = TrustList.load(open_authority(tmp_path_factory.mktemp("stranger")).trust_folder)
    cases = {
        "imprint": (token, b"x" * 32, trust, now),
        "signature": (token[:-1] + bytes([token[-1] ^ 1]), DIGEST, trust, now),
        "authority": (token, DIGEST, strangers, now),
        "form": (b"\x30\x03abc", DIGEST, trust, now),
        "size": (b"x" * 100_000, DIGEST, trust, now),
    }
    for reason, (data, digest, list_, at) in cases.items():
        with pytest.raises(Invalid) as caught:
            verify_timestamp(data, sha256=digest, trust=list_, at=at)
        assert (caught.value.code, caught.value.parameters["reason"]) == ("SIG-050", reason)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [("down", Unavailable), ("error", Unavailable), ("endless", Nonsense), ("refuse", Rejected), ("nonsense", Nonsense)],
)
def test_answers_are_classified(pki: RunningPki, stamper: HttpTimeStamper, behaviour: str, error: type[Exception]) -> None:
    pki.application.misbehave(tsa=behaviour)
    with pytest.raises(error):
        stamper.stamp(DIGEST)


def test_nobody_there() -> None:
    stamper = HttpTimeStamper("http://127.0.0.1:9", timeout_s=0.5)
    with pytest.raises(Unavailable):
        stamper.stamp(DIGEST)
    stamper.close()
