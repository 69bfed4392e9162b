"""Path validation judged by the NIST PKITS suite (a subset), through `check_certificate`."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bhxh.kernel.errors import Invalid, Unavailable
from bhxh.signing.certificates import AuthorityKind, TrustedAuthority, TrustList, check_certificate
from bhxh.signing.errors import SIG_TRUST_LIST
from bhxh.signing.ports import RevocationAnswer, RevocationKind
from bhxh.signing.signers import read_certificate, signer_of

FOLDER = next(
    (up / "shared/data/signatures/pkits" for up in Path(__file__).parents if (up / "shared/data/signatures/pkits").is_dir()), None
)
AT = datetime(2020, 6, 1, tzinfo=UTC)

CASES = {
    "ValidCertificatePathTest1EE": "good",
    "ValidpathLenConstraintTest7EE": "good",
    "InvalidEESignatureTest3EE": "SIG-024",
    "InvalidEEnotBeforeDateTest2EE": "SIG-021",
    "InvalidEEnotAfterDateTest6EE": "SIG-020",
    "InvalidRevokedCATest2EE": "SIG-022",
    "InvalidRevokedEETest3EE": "SIG-022",
    "InvalidMissingbasicConstraintsTest1EE": "SIG-024",
    "InvalidpathLenConstraintTest5EE": "SIG-024",
    "InvalidWrongCRLTest6EE": "pending",
    "InvalidBadCRLSignatureTest4EE": "pending",
}


class _Lists:
    """The suite's CRLs by issuer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        issuer = x509.load_der_x509_certificate(issuer_der)
        for file in sorted(self._folder.glob("*Cert*.pem")):
            if read_certificate(file.read_bytes()).fingerprint(issuer.signature_hash_algorithm) != issuer.fingerprint(
                issuer.signature_hash_algorithm
            ):  # type: ignore[arg-type]
                continue
            name = file.stem.removesuffix("Certificate").removesuffix("Cert") + "CRL.pem"
            if (self._folder / name).exists():
                crl = x509.load_pem_x509_crl((self._folder / name).read_bytes())
                return RevocationAnswer(RevocationKind.CRL, crl.public_bytes(Encoding.DER), name)
        raise Unavailable(SIG_TRUST_LIST, reason="no CRL")


@pytest.mark.skipif(FOLDER is None, reason="shared/data is not beside this checkout: the PKITS subset was NOT run")
@pytest.mark.parametrize(("name", "expected"), CASES.items(), ids=CASES.keys())
def test_pkits(name: str, expected: str) -> None:
    assert FOLDER is not None
    authorities = []
    for file in sorted([*FOLDER.glob("*CACert.pem"), FOLDER / "TrustAnchorRootCertificate.pem"]):
        certificate = read_certificate(file.read_bytes())
        kind = AuthorityKind.ROOT if file.stem.startswith("TrustAnchor") else AuthorityKind.INTERMEDIATE
        der = certificate.public_bytes(Encoding.DER)
        authorities.append(TrustedAuthority(file.stem, kind, der, datetime(2000, 1, 1, tzinfo=UTC)))
    signer = signer_of(read_certificate((FOLDER / f"{name}.pem").read_bytes()))
    try:
        found = check_certificate(signer=signer, trust=TrustList(tuple(authorities)), at=AT, revocation=_Lists(FOLDER), budget_s=10.0)
    except Invalid as refusal:
        assert refusal.code == expected
    else:
        assert found.state == expected
