"""What a certificate may be used for: documents are signed with non-repudiation, not by authorities and not by services."""

from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy

from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import SIG_KEY_KIND, SIG_UNREADABLE_CERTIFICATE

_SERVICE_USAGES = frozenset({ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING})

CURVES = frozenset({"secp256r1", "secp384r1"})
RSA_BITS = range(2048, 8192 + 1)
"""LIMIT: above, a check costs more than it proves."""


def check_key(certificate: x509.Certificate) -> None:
    """Raise Invalid SIG-032 unless the certificate's key is EC P-256, P-384 or RSA of 2048 to 8192 bits; SIG-027 where it cannot be read.

    WHY here: neither signxml nor the path validators look at the size or the curve of the signer's own key.
    """
    try:
        key = certificate.public_key()
    except UnsupportedAlgorithm:
        raise Invalid(SIG_KEY_KIND) from None
    except ValueError:
        raise Invalid(SIG_UNREADABLE_CERTIFICATE) from None
    is_known_curve = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES
    if not is_known_curve and not (isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS):
        raise Invalid(SIG_KEY_KIND)


@lru_cache(maxsize=512)
def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Whether a certificate was issued to sign documents: non-repudiation, not an authority, not a service."""
    try:
        extensions = {type(extension.value): extension.value for extension in certificate.extensions}
        usage, constraints, service = (extensions.get(kind) for kind in (x509.KeyUsage, x509.BasicConstraints, x509.ExtendedKeyUsage))
        _check_key_usage(None, certificate, usage if isinstance(usage, x509.KeyUsage) else None)
        _check_not_authority(None, certificate, constraints if isinstance(constraints, x509.BasicConstraints) else None)
        _check_not_service(None, certificate, service if isinstance(service, x509.ExtendedKeyUsage) else None)
    except ValueError:
        return False
    return True


def has_usages(certificate: x509.Certificate, names: frozenset[str]) -> bool:
    """Whether a certificate has every one of these key usages, named as RFC 5280 does, with underscores."""
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    has = {"non_repudiation": usage.content_commitment, "digital_signature": usage.digital_signature}
    return all(has[name] for name in names)


def _check_key_usage(policy: Policy | None, certificate: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is None or not usage.content_commitment:
        raise ValueError("no non-repudiation")


def _check_not_authority(policy: Policy | None, certificate: x509.Certificate, constraints: x509.BasicConstraints | None) -> None:
    if constraints is not None and constraints.ca:
        raise ValueError("an authority does not sign documents")


def _check_authority(policy: Policy | None, certificate: x509.Certificate, constraints: x509.BasicConstraints | None) -> None:
    if constraints is None or not constraints.ca:
        raise ValueError("not an authority")


def _check_not_service(policy: Policy | None, certificate: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
    if usage is not None and _SERVICE_USAGES & set(usage):
        raise ValueError("a service does not sign documents")


SIGNER_POLICY = (
    ExtensionPolicy.permit_all()
    .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _check_key_usage)
    .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _check_not_authority)
    .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _check_not_service)
)
AUTHORITY_POLICY = ExtensionPolicy.permit_all().require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _check_authority)
