"""The sandbox's authorities at another instant, without a socket: for copies that have to last for decades."""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import tsp
from certomancer.services import TimeStamper
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from bhxh.signing.ports import RevocationAnswer, RevocationKind
from sandbox.pki.authority import SERVICES, Authority, Status
from sandbox.pki.certificates import Issued, issue, subject
from sandbox.pki.service import PkiApplication, certificate_of, key_of


@dataclass
class StamperAt:
    """A time-stamping authority at a given instant."""

    authority: Authority
    at: datetime
    name: str = "tsa"

    def stamp(self, sha256: bytes) -> bytes:
        """The token, DER."""
        own = self.authority.ca(self.name)
        root = certificate_of(self.authority.ca("root"))
        made = TimeStamper(certificate_of(own), key_of(own), certs_to_embed=[root], fixed_dt=self.at)
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": sha256}
        response = made.request_tsa_response(tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True}))
        return bytes(response["time_stamp_token"].dump())


@dataclass
class AnswersAt:
    """OCSP answers as the authorities give them at a given instant."""

    authority: Authority
    at: datetime

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        """As a client would get it."""
        certificate, issuer = x509.load_der_x509_certificate(certificate_der), x509.load_der_x509_certificate(issuer_der)
        asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build().public_bytes(Encoding.DER)
        [name] = [name for name in SERVICES if self.authority.ca(name).certificate == issuer]
        return RevocationAnswer(RevocationKind.OCSP, PkiApplication(self.authority).ocsp(name, asked, at=self.at), "sandbox")


def next_time_stamper(authority: Authority, *, name: str, from_at: datetime) -> Issued:
    """One more time-stamping authority, kept under this name: its certificate begins when the first is about to end."""
    made = issue(
        subject("Dấu thời gian thử nghiệm, thế hệ sau"),
        issuer=authority.ca("root"),
        from_at=from_at,
        days=4000,
        usage=ExtendedKeyUsageOID.TIME_STAMPING,
        ocsp_url=f"{authority.address}/ocsp/root",
    )
    authority.note(Status(made.certificate.serial_number, "root"))
    made.save(authority.folder / "ca", name)
    return made
