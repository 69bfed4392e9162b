"""X.509 certificates of the sandbox: EC keys, Vietnamese subject layout."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypedDict, Unpack

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID, ObjectIdentifier

UID = NameOID.USER_ID
"""0.9.2342.19200300.100.1.1, in which Vietnamese authorities write MST: and CCCD:."""


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """The certificate as DER."""
        return self.certificate.public_bytes(Encoding.DER)

    def save(self, folder: Path, name: str) -> None:
        """`<name>.pem` and `<name>.key`, the key 0600."""
        (folder / f"{name}.pem").write_bytes(self.certificate.public_bytes(Encoding.PEM))
        key = folder / f"{name}.key"
        key.touch(mode=0o600)
        key.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    @classmethod
    def load(cls, folder: Path, name: str) -> "Issued":
        """What `save` wrote."""
        key = load_pem_private_key((folder / f"{name}.key").read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()), key)


def subject(common_name: str, *, organisation: str = "", uids: tuple[str, ...] = ()) -> x509.Name:
    """A name in the layout of Vietnamese certificates."""
    attributes = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]))
    attributes += [x509.NameAttribute(UID, uid) for uid in uids]
    return x509.Name(attributes)


class Kind(TypedDict, total=False):
    """What a certificate is for and where its state is told."""

    is_authority: bool
    is_signer: bool
    usage: ObjectIdentifier | None
    ocsp_url: str
    crl_url: str
    without_check: bool


def issue(
    name: x509.Name,
    *,
    issuer: Issued | None,
    from_at: datetime,
    days: int,
    key: ec.EllipticCurvePrivateKey | None = None,
    **kind: Unpack[Kind],
) -> Issued:
    """One certificate with its key; self-signed where there is no issuer."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    certificate = issue_for(key.public_key(), name, issuer=issuer, self_signed_with=key, from_at=from_at, days=days, **kind)
    return Issued(certificate, key)


def issue_for(
    public: ec.EllipticCurvePublicKey,
    name: x509.Name,
    *,
    issuer: Issued | None,
    from_at: datetime,
    days: int,
    self_signed_with: ec.EllipticCurvePrivateKey | None = None,
    is_authority: bool = False,
    is_signer: bool = False,
    usage: ObjectIdentifier | None = None,
    ocsp_url: str = "",
    crl_url: str = "",
    without_check: bool = False,
) -> x509.Certificate:
    """A certificate for somebody's public key."""
    signing = issuer.key if issuer else self_signed_with
    assert signing is not None, "somebody signs it"
    authority_key = signing.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(from_at)
        .not_valid_after(from_at + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_authority,
                content_commitment=is_signer,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key), critical=False)
    )
    if usage is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=usage == ExtendedKeyUsageOID.TIME_STAMPING)
    if without_check:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    if ocsp_url:
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp_url))
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    if crl_url:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(signing, hashes.SHA256())
