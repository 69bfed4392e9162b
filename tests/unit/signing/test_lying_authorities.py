"""What OCSP responders and lists say that proves nothing, and who may not say it: each row a lie and what comes of it.

`pending` is no acceptance: nothing is decided until the question is answered. A lie never refuses anybody either.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from bhxh.kernel.errors import Invalid, Unavailable
from bhxh.signing.certificates import CertificateCheck, check_certificate
from bhxh.signing.errors import SIG_TIMESTAMP
from bhxh.signing.ports import RevocationAnswer, RevocationKind
from bhxh.signing.signers import signer_of
from sandbox.pki.certificates import Issued, issue
from sandbox.pki.service import PkiApplication
from tests.unit.signing.conftest import TAX_CODE, Desk

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """An employer's certificate, its authority, and who answers about it."""

    desk: Desk
    leaf: Issued
    at: datetime

    @property
    def issuer(self) -> Issued:
        return self.desk.authority.ca("issuing")

    @property
    def responder(self) -> Issued:
        return self.desk.authority.ca("ocsp-issuing")

    def responder_like(self, *, by: Issued | None, from_at: datetime | None = None, days: int = 30, **more: Any) -> Issued:
        """A certificate with the name and usage of the responder, by whoever."""
        named = {"usage": ExtendedKeyUsageOID.OCSP_SIGNING, "without_check": True, **more}
        return issue(self.responder.certificate.subject, issuer=by, from_at=from_at or self.at - _DAY, days=days, **named)

    def ocsp(self, **wishes: Any) -> RevocationAnswer:
        """A signed OCSP answer; honest where nothing is wished."""
        by: Issued = wishes.get("by", self.responder)
        is_revoked = wishes.get("status") is ocsp.OCSPCertStatus.REVOKED
        built = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=wishes.get("about", self.leaf).certificate,
                issuer=wishes.get("issuer", self.issuer).certificate,
                algorithm=hashes.SHA1(),  # names the issuer, protects nothing
                cert_status=wishes.get("status", ocsp.OCSPCertStatus.GOOD),
                this_update=wishes.get("this_update", self.at - timedelta(minutes=1)),
                next_update=wishes.get("next_update", self.at + timedelta(hours=1)),
                revocation_time=self.at - timedelta(hours=1) if is_revoked else None,
                revocation_reason=x509.ReasonFlags.superseded if is_revoked else None,
            )
            .responder_id(wishes.get("named", ocsp.OCSPResponderEncoding.HASH), by.certificate)
            .certificates([wishes.get("shown", by).certificate])
        )
        for extension in wishes.get("extensions", ()):
            built = built.add_extension(extension, critical=False)
        content = built.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)
        return RevocationAnswer(RevocationKind.OCSP, content, "http://127.0.0.1/ocsp")

    def crl(self, **wishes: Any) -> RevocationAnswer:
        """A signed list; honest and empty where nothing is wished."""
        by: Issued = wishes.get("by", self.issuer)
        built = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(wishes.get("name", by.certificate.subject))
            .last_update(wishes.get("this_update", self.at - timedelta(minutes=1)))
            .next_update(wishes.get("next_update", self.at + timedelta(hours=1)))
        )
        if wishes.get("revokes"):
            entry = x509.RevokedCertificateBuilder().serial_number(self.leaf.certificate.serial_number)
            built = built.add_revoked_certificate(entry.revocation_date(self.at - timedelta(hours=1)).build())
        content = built.sign(wishes.get("key", by.key), hashes.SHA256()).public_bytes(Encoding.DER)
        return RevocationAnswer(RevocationKind.CRL, content, "http://127.0.0.1/crl")

    def check(self, answer: RevocationAnswer | None) -> CertificateCheck:
        """Judge with this answer about the signer, and the truth about the authority above."""
        desk, leaf = self.desk, self.leaf.der

        class Source:
            def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
                if certificate_der == leaf:
                    if answer is None:
                        raise Unavailable(SIG_TIMESTAMP, reason="silent")
                    return answer
                asked = (x509.load_der_x509_certificate(der) for der in (certificate_der, issuer_der))
                request = ocsp.OCSPRequestBuilder().add_certificate(*asked, hashes.SHA1()).build()
                content = PkiApplication(desk.authority).ocsp("root", request.public_bytes(Encoding.DER))
                return RevocationAnswer(RevocationKind.OCSP, content, "http://127.0.0.1/ocsp/root")

        signer = signer_of(self.leaf.certificate)
        return check_certificate(signer=signer, trust=desk.trust, at=self.at, revocation=Source(), budget_s=5.0)


def _changed(answer: RevocationAnswer) -> RevocationAnswer:
    return replace(answer, content=answer.content[:-1] + bytes([answer.content[-1] ^ 1]))


def _says(case: Case, status: str) -> RevocationAnswer:
    return RevocationAnswer(RevocationKind.OCSP, asn1_ocsp.OCSPResponse({"response_status": status}).dump(), "http://127.0.0.1/ocsp")


_REVOKED = ocsp.OCSPCertStatus.REVOKED
_Lie = Callable[[Case], RevocationAnswer | None]

LIES: dict[str, _Lie] = {
    "silent": lambda case: None,
    "about another certificate": lambda case: case.ocsp(about=case.desk.employer),
    "about a certificate of another issuer": lambda case: case.ocsp(issuer=case.desk.authority.ca("root")),
    "signature changed": lambda case: _changed(case.ocsp()),
    "in the responder's name and with its certificate, by another key": lambda case: case.ocsp(
        by=case.responder_like(by=None), named=ocsp.OCSPResponderEncoding.NAME, shown=case.responder
    ),
    "by an employer of the same authority": lambda case: case.ocsp(by=case.desk.employer),
    "by the signer": lambda case: case.ocsp(by=case.leaf),
    "by the time-stamping authority": lambda case: case.ocsp(by=case.desk.authority.ca("tsa")),
    "by a responder without the usage": lambda case: case.ocsp(by=case.responder_like(by=case.issuer, usage=None)),
    "by the responder of the authority above": lambda case: case.ocsp(by=case.desk.authority.ca("ocsp-root")),
    "by a self-signed look-alike of the responder": lambda case: case.ocsp(by=case.responder_like(by=None)),
    "by a responder that a leaf issued": lambda case: case.ocsp(by=case.responder_like(by=case.desk.employer)),
    "by a responder that has expired": lambda case: case.ocsp(by=case.responder_like(by=case.issuer, from_at=case.at - 9 * _DAY, days=2)),
    "by a responder not yet valid": lambda case: case.ocsp(by=case.responder_like(by=case.issuer, from_at=case.at + _DAY)),
    "stale": lambda case: case.ocsp(this_update=case.at - 2 * _DAY, next_update=case.at - _DAY),
    "stale and without an end": lambda case: case.ocsp(this_update=case.at - 30 * _DAY, next_update=None),
    "unknown": lambda case: case.ocsp(status=ocsp.OCSPCertStatus.UNKNOWN),
    "try later": lambda case: _says(case, "try_later"),
    "unauthorised": lambda case: _says(case, "unauthorized"),
    "garbage": lambda case: RevocationAnswer(RevocationKind.OCSP, b"\x30\x03xyz", "http://127.0.0.1/ocsp"),
    "revoked, says an employer": lambda case: case.ocsp(status=_REVOKED, by=case.desk.employer),
    "revoked, says a look-alike": lambda case: case.ocsp(status=_REVOKED, by=case.responder_like(by=None)),
    "revoked is another one": lambda case: case.ocsp(status=_REVOKED, about=case.desk.employer),
    "list of another authority": lambda case: case.crl(by=case.desk.authority.ca("root")),
    "list with a changed signature": lambda case: _changed(case.crl()),
    "list signed by another key": lambda case: case.crl(key=case.desk.employer.key),
    "list by an employer in the authority's name": lambda case: case.crl(by=case.desk.employer, name=case.issuer.certificate.subject),
    "stale list": lambda case: case.crl(this_update=case.at - 3 * _DAY, next_update=case.at - 2 * _DAY),
    "garbage as a list": lambda case: RevocationAnswer(RevocationKind.CRL, b"\x30\x03xyz", "http://127.0.0.1/crl"),
    "revoked, says a stranger's list": lambda case: case.crl(revokes=True, by=case.desk.employer, name=case.issuer.certificate.subject),
}

TRUTHS: dict[str, tuple[Callable[[Case], RevocationAnswer], str]] = {
    "good": (lambda case: case.ocsp(), "good"),
    "good, by the authority's own key": (lambda case: case.ocsp(by=case.issuer), "good"),
    "good, with a nonce that nobody asked for": (lambda case: case.ocsp(extensions=[x509.OCSPNonce(b"8 octets")]), "good"),
    "revoked": (lambda case: case.ocsp(status=_REVOKED), "SIG-022"),
    "a list without it": (lambda case: case.crl(), "good"),
    "a list with it": (lambda case: case.crl(revokes=True), "SIG-022"),
}
"""WHY the nonce is not compared: none is sent, because public responders answer from a store (RFC 5019); age is what is judged."""


@pytest.fixture
def case(desk: Desk) -> Case:
    leaf = desk.authority.issue_leaf("lied-about", name="CÔNG TY BỊ NÓI SAI", uids=(f"MST:{TAX_CODE}",), from_at=desk.at - 60 * _DAY)
    return Case(desk, leaf, desk.at)


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_lie_neither_accepts_nor_refuses_and_is_forgotten(case: Case, lie: _Lie) -> None:
    found = case.check(lie(case))
    assert found.state == "pending" and found.gaps
    assert case.check(case.ocsp()).state == "good", "the truth, for the same instant"
    assert case.check(lie(case)).state == "pending", "a good answer does not make the lie good"


@pytest.mark.parametrize(("truth", "expected"), TRUTHS.values(), ids=TRUTHS.keys())
def test_the_truth_is_believed(case: Case, truth: Callable[[Case], RevocationAnswer], expected: str) -> None:
    """WHY: a verifier that believes nobody would pass the test above."""
    try:
        assert case.check(truth(case)).state == expected
    except Invalid as refused:
        assert refused.code == expected
