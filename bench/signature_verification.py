"""XAdES verification with certificate path and revocation, beside the bare cryptography over the same bytes. CPU time of one core.

Bare: the document read and canonicalised once, its digest, and one check by the signer's key held ready; no path, no revocation, no
look at the signature's form. Answers are held by the client, as within a burst of one employer's filings; *first sight* is a
certificate not met before, its answers at hand.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from bench.measuring import Row
from bhxh.connectors.revocation import HttpRevocationSource
from bhxh.procedures.register_employees.canonical_xml import as_filed, write
from bhxh.procedures.register_employees.form import Header, Line
from bhxh.signing.certificates import check_certificate
from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.signers import read_certificate
from bhxh.signing.trust import TrustList
from bhxh.signing.xades import complete_signature, prepare_signature, verify_xades
from sandbox.pki.authority import Authority, issue_employer_certificate
from sandbox.pki.service import running
from sandbox.pki.token import sign_with

_AT = datetime.now(UTC)
_TAX_CODE = "0100109106"
_WANTED = {32: 300.0, 624: 50.0}
_ROUNDS = 5
_STRANGERS = 24


@dataclass(frozen=True)
class _Signed:
    """A signed list, and its bare parts."""

    xml: bytes
    document: bytes
    to_sign: bytes
    value: bytes
    certificate: x509.Certificate

    @classmethod
    def of(cls, lines: int, der: bytes, key: Any) -> "_Signed":
        document = _document(lines)
        prepared = prepare_signature(document, profile=HOSO_UNIT, certificate=der, at=_AT)
        value = sign_with(key, prepared.to_sign)
        return cls(complete_signature(prepared, value), document, prepared.to_sign, value, read_certificate(der))

    def check_bare(self) -> None:
        """The digest of the canonical content, and the key's check over the signed information."""
        hashlib.sha256(etree.tostring(etree.fromstring(self.document), method="c14n")).digest()
        key = self.certificate.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(self.value, self.to_sign, ec.ECDSA(hashes.SHA256()))
        else:
            assert isinstance(key, rsa.RSAPublicKey)
            key.verify(self.value, self.to_sign, padding.PKCS1v15(), hashes.SHA256())


def run() -> list[Row]:
    """Lists of 32 and of 624 lines by an EC key, of 32 by an RSA key, and of 32 by keys not met before."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "pki") as pki:
        office = _Office(pki.authority)
        ec_der, ec_key = issue_employer_certificate(pki.authority.folder, _TAX_CODE, "CÔNG TY TNHH VÍ DỤ")
        rsa_der, rsa_key = office.issue_rsa()
        rows = [_row(office, lines, ec_der, ec_key, "EC P-256") for lines in _WANTED]
        rows.append(_row(office, 32, rsa_der, rsa_key, "RSA-2048"))
        rows.append(_first_sight(office, rows[0].value))
    return rows


class _Office:
    """What verifies."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.trust = TrustList.load(authority.trust_folder)
        self.source = HttpRevocationSource(timeout_s=5.0)

    def verify(self, data: bytes) -> None:
        """As a filing does it."""
        at = datetime.now(UTC)
        found = verify_xades(data, profile=HOSO_UNIT, anchors=self.trust.anchors, at=at)
        check = check_certificate(signer=found.signer, trust=self.trust, at=at, revocation=self.source, budget_s=5.0)
        assert check.state == "good", check.gaps

    def issue_rsa(self) -> tuple[bytes, Any]:
        """An employer's certificate with the kind of key that older tokens hold: a sandbox certificate made anew around it."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        issuer, like = self.authority.ca("issuing"), self.authority.issue_leaf("bench", name="CÔNG TY").certificate
        builder = x509.CertificateBuilder(like.issuer, like.subject, key.public_key(), like.serial_number)
        builder = builder.not_valid_before(like.not_valid_before_utc).not_valid_after(like.not_valid_after_utc)
        for extension in like.extensions:
            if not isinstance(extension.value, x509.SubjectKeyIdentifier):
                builder = builder.add_extension(extension.value, extension.critical)
        return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER), key


def _row(office: _Office, lines: int, der: bytes, key: Any, kind: str) -> Row:
    signed = _Signed.of(lines, der, key)
    times = 60 if lines < 100 else 15
    return Row(
        what=f"XAdES verified with path and revocation, {lines} lines, {kind}",
        value=_per_second(lambda: office.verify(signed.xml), times),
        unit="per s and core",
        beside="bare: canonical form, digest, key's check",
        beside_value=_per_second(signed.check_bare, times * 5),
        note=f"{len(signed.xml) / 1000:.0f} kB; wanted {_WANTED[lines]:.0f}; answers at hand",
    )


def _first_sight(office: _Office, met_before: float) -> Row:
    """The same for certificates that were never judged: their answers are fetched before, the rest is new."""
    taken = []
    for number in range(_STRANGERS):
        der, key = issue_employer_certificate(office.authority.folder, f"01{number:08d}", f"CÔNG TY {number}")
        signed = _Signed.of(32, der, key)
        office.source.fetch(der, office.authority.ca("issuing").der, 5.0)
        started = time.process_time()
        office.verify(signed.xml)
        taken.append(time.process_time() - started)
    return Row(
        what="XAdES verified with path and revocation, 32 lines, certificate at first sight",
        value=1 / median(taken),
        unit="per s and core",
        beside="the same certificate again",
        beside_value=met_before,
        note="its OCSP answer at hand",
    )


def _per_second(call: Callable[[], object], times: int) -> float:
    call()
    rates = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        for _ in range(times):
            call()
        rates.append(times / (time.process_time() - started))
    return median(rates)


def _document(lines: int) -> bytes:
    header = Header(tax_code=_TAX_CODE, unit_name="CÔNG TY TNHH VÍ DỤ", period="2026-11", batch=1, made_on=date(2026, 11, 3))
    hire = {"full_name": "Nguyễn Thị Hương", "declaration_type": "1", "change_code": "TM", "from_month": "2026-11", "nationality": "VN"}
    work = {"job_title": "Công nhân may", "workplace": "Xưởng 2", "wage_vnd": 9_800_000}
    people = [Line.model_validate({**hire, **work, "worker_reference": str(n), "si_code": f"001190{n:06d}"}) for n in range(1, lines + 1)]
    return write(header, [as_filed(number, person) for number, person in enumerate(people, start=1)])
