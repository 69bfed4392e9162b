"""Certificates judged with revocation data from the sandbox's OCSP and CRL services, over sockets."""

import hashlib
import http.server
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from bhxh.connectors.revocation import HttpRevocationSource
from bhxh.connectors.revocation.errors import CON_REVOCATION_UNAVAILABLE
from bhxh.kernel.errors import Invalid, Trouble, Unavailable
from bhxh.signing.certificates import CertificateCheck, TrustList, check_certificate
from bhxh.signing.ports import RevocationAnswer, RevocationKind
from bhxh.signing.signers import read_certificate, signer_of
from sandbox.pki.authority import issue_employer_certificate, open_authority
from sandbox.pki.service import RunningPki
from tests.sandbox_fixtures import pki

__all__ = ["pki"]

Check = Callable[..., CertificateCheck]


@pytest.fixture
def source(pki: RunningPki) -> Iterator[HttpRevocationSource]:
    """A client with an empty cache; the sandbox behaves again afterwards."""
    made = HttpRevocationSource(timeout_s=5.0)
    yield made
    made.close()
    pki.application.misbehave()


@pytest.fixture
def check(pki: RunningPki, source: HttpRevocationSource) -> Check:
    trust = TrustList.load(pki.authority.trust_folder)

    def judge(der: bytes, *, at: datetime | None = None, budget_s: float = 10.0, using: object = None) -> CertificateCheck:
        return check_certificate(
            signer=signer_of(read_certificate(der)),
            trust=trust,
            at=at or datetime.now(UTC),
            revocation=using or source,  # type: ignore[arg-type]
            budget_s=budget_s,
        )

    return judge


@pytest.fixture
def employer(pki: RunningPki) -> bytes:
    return issue_employer_certificate(pki.authority.folder, "0100109106", "CÔNG TY TNHH VÍ DỤ", "001190000001")[0]


def test_good_with_evidence(check: Check, employer: bytes) -> None:
    found = check(employer)
    assert found.state == "good" and found.gaps == () and len(found.path) == 3
    assert [evidence.kind for evidence in found.evidence] == [RevocationKind.OCSP, RevocationKind.OCSP]
    for evidence in found.evidence:
        assert evidence.sha256 == hashlib.sha256(evidence.content).hexdigest()
        assert abs(evidence.produced_at - found.checked_for) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("expired", "SIG-020"),
        ("not-yet-valid", "SIG-021"),
        ("revoked-key-compromise", "SIG-022"),
        ("revoked-superseded", "SIG-022"),
        ("wrong-usage", "SIG-023"),
        ("unknown-ca", "SIG-024"),
        ("suspended-ca", "SIG-025"),
    ],
)
def test_bad_states(pki: RunningPki, check: Check, label: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        check(pki.authority.leaf(label).der)
    assert caught.value.code == code


@pytest.mark.parametrize("service", ["ocsp-issuing", "tsa", "issuing", "root"])
def test_services_do_not_sign_documents(pki: RunningPki, check: Check, service: str) -> None:
    with pytest.raises(Invalid) as caught:
        check(pki.authority.ca(service).der)
    assert caught.value.code == "SIG-023"


def test_reason_and_day_of_revocation_are_told(pki: RunningPki, check: Check) -> None:
    with pytest.raises(Invalid) as caught:
        check(pki.authority.leaf("revoked-key-compromise").der)
    assert caught.value.parameters["reason"] == "lộ khóa" and "key compromise" in caught.value.text("en")


def test_revoked_after_the_filing_was_good_at_the_filing(pki: RunningPki, check: Check) -> None:
    made = pki.authority.issue_leaf("later-revoked", name="CÔNG TY", uids=("MST:0100109106",))
    filed_at = datetime.now(UTC) - timedelta(hours=2)
    pki.authority.revoke(made.certificate.serial_number, at=filed_at + timedelta(hours=1), reason="superseded")
    assert check(made.der, at=filed_at).state == "good"
    with pytest.raises(Invalid):
        check(made.der)


def test_stolen_later_needs_a_person(pki: RunningPki, check: Check) -> None:
    made = pki.authority.issue_leaf("later-stolen", name="CÔNG TY", uids=("MST:0100109106",))
    filed_at = datetime.now(UTC) - timedelta(hours=2)
    pki.authority.revoke(made.certificate.serial_number, at=filed_at + timedelta(hours=1), reason="key_compromise")
    assert check(made.der, at=filed_at).state == "pending"


@pytest.mark.parametrize("behaviour", ["down", "error", "refuse", "nonsense"])
def test_the_crl_steps_in_for_ocsp(pki: RunningPki, check: Check, employer: bytes, behaviour: str) -> None:
    pki.application.misbehave(ocsp=behaviour)
    found = check(employer)
    assert found.state == "good" and {evidence.kind for evidence in found.evidence} == {RevocationKind.CRL}
    with pytest.raises(Invalid) as caught:
        check(pki.authority.leaf("revoked-superseded").der)
    assert caught.value.code == "SIG-022"


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [("down", "CON-071"), ("error", "CON-071"), ("endless", "CON-073"), ("refuse", "CON-072"), ("nonsense", "CON-073")],
)
def test_pending_where_nothing_answers(pki: RunningPki, check: Check, employer: bytes, behaviour: str, code: str) -> None:
    pki.application.misbehave(ocsp=behaviour, crls=behaviour)
    found = check(employer)
    assert found.state == "pending" and found.gaps[0] == code and found.evidence == ()


def test_pending_becomes_good_later_for_the_same_instant(pki: RunningPki, check: Check, employer: bytes) -> None:
    at = datetime.now(UTC)
    pki.application.misbehave(ocsp="refuse", crls="refuse")
    assert check(employer, at=at).state == "pending"
    pki.application.misbehave()
    assert check(employer, at=at).state == "good"


def test_no_budget_is_pending_not_waiting(check: Check, employer: bytes) -> None:
    start = time.monotonic()
    assert check(employer, budget_s=0.0).state == "pending"
    assert time.monotonic() - start < 2.0


def test_a_hanging_authority_costs_the_budget_only(employer: bytes, check: Check) -> None:
    release = threading.Event()

    class Hanging(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            release.wait(20)

        do_GET = do_POST  # noqa: N815

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hanging)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = HttpRevocationSource(base_address=f"http://127.0.0.1:{server.server_port}", timeout_s=5.0)
    try:
        start = time.monotonic()
        assert check(employer, budget_s=0.4, using=client).state == "pending"
        assert time.monotonic() - start < 3.0
    finally:
        release.set()
        client.close()
        server.shutdown()
        server.server_close()


def test_breaker_leaves_a_dead_host_alone(pki: RunningPki, source: HttpRevocationSource, employer: bytes) -> None:
    pki.application.misbehave(ocsp="down", crls="down")
    issuer = pki.authority.ca("issuing").der
    for _ in range(4):
        with pytest.raises(Trouble):
            source.fetch(employer, issuer, 5.0)
    asked = dict(pki.application.asked)
    with pytest.raises(Trouble):
        source.fetch(employer, issuer, 5.0)
    assert pki.application.asked == asked, "the breaker is open: nobody is asked"


def test_answers_are_cached(pki: RunningPki, source: HttpRevocationSource, employer: bytes) -> None:
    issuer = pki.authority.ca("issuing").der
    first = source.fetch(employer, issuer, 5.0)
    asked = dict(pki.application.asked)
    assert source.fetch(employer, issuer, 5.0) == first and pki.application.asked == asked


def test_what_was_found_good_is_not_found_good_by_another_answer(pki: RunningPki, source: HttpRevocationSource, check: Check) -> None:
    made = pki.authority.issue_leaf("good-then-revoked", name="CÔNG TY", uids=("MST:0100109106",))
    assert check(made.der).state == "good" == check(made.der).state
    pki.authority.revoke(made.certificate.serial_number, at=datetime.now(UTC) - timedelta(minutes=1), reason="superseded")
    fresh = HttpRevocationSource(timeout_s=5.0)
    with pytest.raises(Invalid) as caught:
        check(made.der, using=fresh)
    fresh.close()
    assert caught.value.code == "SIG-022"


def test_what_was_found_good_ends_with_the_answers(pki: RunningPki, source: HttpRevocationSource, check: Check) -> None:
    made = pki.authority.issue_leaf("good-then-stale", name="CÔNG TY", uids=("MST:0100109106",))
    now = datetime.now(UTC)
    assert check(made.der, at=now).state == "good"
    assert check(made.der, at=now + timedelta(days=2)).state == "pending", "the same answers, long past their end"
    assert check(made.der, at=now).state == "good"


def test_an_authority_suspended_meanwhile_is_refused_at_once(
    pki: RunningPki, source: HttpRevocationSource, check: Check, employer: bytes
) -> None:
    assert check(employer).state == "good"
    trust = TrustList.load(pki.authority.trust_folder)
    issuing = pki.authority.ca("issuing").der
    now = datetime.now(UTC)
    suspended = TrustList(tuple(replace(one, suspended_from=now) if one.der == issuing else one for one in trust.authorities))
    assert suspended.version != trust.version
    with pytest.raises(Invalid) as caught:
        check_certificate(signer=signer_of(read_certificate(employer)), trust=suspended, at=now, revocation=source, budget_s=5.0)
    assert caught.value.code == "SIG-025"
    without = TrustList(tuple(one for one in trust.authorities if one.der != issuing))
    with pytest.raises(Invalid) as caught:
        check_certificate(signer=signer_of(read_certificate(employer)), trust=without, at=now, revocation=source, budget_s=5.0)
    assert caught.value.code == "SIG-024"


class _Says:
    """A revocation source that gives prepared answers, whoever asks."""

    def __init__(self, answer: RevocationAnswer) -> None:
        self._answer = answer

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        return self._answer


def test_an_answer_about_another_certificate_proves_nothing(
    pki: RunningPki, source: HttpRevocationSource, check: Check, employer: bytes
) -> None:
    other = pki.authority.issue_leaf("other", name="CÔNG TY KHÁC")
    answer = source.fetch(other.der, pki.authority.ca("issuing").der, 5.0)
    assert check(employer, using=_Says(answer)).state == "pending"


def test_an_answer_of_a_stranger_proves_nothing(
    pki: RunningPki, source: HttpRevocationSource, check: Check, employer: bytes, tmp_path: Path
) -> None:
    from sandbox.pki.service import PkiApplication

    stranger = PkiApplication(open_authority(tmp_path / "stranger"))
    answer = RevocationAnswer(RevocationKind.CRL, stranger.crl("issuing"), "http://127.0.0.1/crl")
    assert check(employer, using=_Says(answer)).state == "pending"
    real = source.fetch(employer, pki.authority.ca("issuing").der, 5.0)
    tampered = replace(real, content=real.content[:-1] + bytes([real.content[-1] ^ 1]))
    assert check(employer, using=_Says(tampered)).state == "pending"


def test_an_old_good_answer_cannot_be_replayed(pki: RunningPki, check: Check) -> None:
    made = pki.authority.issue_leaf("replayed", name="CÔNG TY", uids=("MST:0100109106",), from_at=datetime.now(UTC) - timedelta(days=10))
    issuer = pki.authority.ca("issuing")
    request = ocsp.OCSPRequestBuilder().add_certificate(made.certificate, issuer.certificate, hashes.SHA1()).build()
    data = request.public_bytes(serialization.Encoding.DER)
    old = pki.application.ocsp("issuing", data, at=datetime.now(UTC) - timedelta(days=1))
    pki.authority.revoke(made.certificate.serial_number, at=datetime.now(UTC) - timedelta(hours=1), reason="key_compromise")
    found = check(made.der, using=_Says(RevocationAnswer(RevocationKind.OCSP, old, "http://127.0.0.1/ocsp")))
    assert found.state == "pending"
    fresh = pki.application.ocsp("issuing", data)
    with pytest.raises(Invalid):
        check(made.der, using=_Says(RevocationAnswer(RevocationKind.OCSP, fresh, "http://127.0.0.1/ocsp")))


def test_a_silent_authority_above_does_not_hide_a_revoked_signer(pki: RunningPki, source: HttpRevocationSource, check: Check) -> None:
    revoked = pki.authority.leaf("revoked-superseded").der

    class OnlyAboutSigners:
        def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
            if certificate_der != revoked:
                raise Unavailable(CON_REVOCATION_UNAVAILABLE)
            return source.fetch(certificate_der, issuer_der, budget_s)

    with pytest.raises(Invalid) as caught:
        check(revoked, using=OnlyAboutSigners())
    assert caught.value.code == "SIG-022"


def test_the_sandbox_runs_as_a_program(tmp_path: Path) -> None:
    employers = tmp_path / "employers.json"
    employers.write_text('[{"tax_code": "0100109106", "name": "CÔNG TY", "pin": ""}]')
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = subprocess.Popen(
        [sys.executable, "-m", "sandbox.pki", "--folder", str(tmp_path / "pki"), "--port", "0", "--employers", str(employers)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert program.stdout is not None
        line = program.stdout.readline()
        address = line.split()[2]
        assert httpx.get(f"{address}/health", trust_env=False).json() == {"partner": "pki"}
        trust = TrustList.load(tmp_path / "pki" / "trust")
        # Issued by another process while the program runs: OCSP answers for it at once.
        der, _ = issue_employer_certificate(tmp_path / "pki", "0300588569", "CÔNG TY HAI")
        client = HttpRevocationSource(timeout_s=5.0)
        found = check_certificate(
            signer=signer_of(read_certificate(der)), trust=trust, at=datetime.now(UTC), revocation=client, budget_s=10.0
        )
        client.close()
        assert found.state == "good" and found.evidence[0].kind is RevocationKind.OCSP
    finally:
        program.terminate()
        program.wait(60)
        program.stdout.close()  # type: ignore[union-attr]
    # WHY by processor time: how long it took by the clock says how many others work on the machine.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before.ru_utime < 8.0, "meant to be under 2 s on an idle machine"


def test_whoever_asks_in_the_same_moment_gets_the_same_certificate_and_its_own_key(pki: RunningPki) -> None:
    def ask(tax_code: str) -> tuple[bytes, bytes]:
        der, key = issue_employer_certificate(pki.authority.folder, tax_code, "CÔNG TY")
        return der, _written(key.public_key())

    with ThreadPoolExecutor(6) as threads:
        for number in range(20):
            [(der, public)] = set(threads.map(ask, [f"05000000{number:02}"] * 6))
            assert _written(read_certificate(der).public_key()) == public


def _written(key: Any) -> bytes:
    return bytes(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
