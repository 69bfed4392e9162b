"""Who signed: the certificate's facts, and the tax code and personal number that Vietnamese authorities write into it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import CertificateSerial, Pin, TaxCode
from bhxh.signing.errors import SIG_UNREADABLE_CERTIFICATE

_CARRIERS = (
    ObjectIdentifier("0.9.2342.19200300.100.1.1"),  # UID, what Vietnamese authorities use
    ObjectIdentifier("2.5.4.97"),  # organizationIdentifier, the European habit
    NameOID.SERIAL_NUMBER,
)
_TAX_MARKS = ("MST", "VATVN", "TAXVN", "NTRVN")
_PERSON_MARKS = ("CCCD", "CMND", "SDDCN", "PNOVN", "IDCVN")
"""LEGACY: CMND is also written before twelve-digit numbers; a nine-digit one is not a personal number and is left out."""


@dataclass(frozen=True, slots=True)
class SignerCertificate:
    """A signer's certificate as later rooms need it."""

    serial: str
    subject_name: str
    tax_code: str
    """Of the organisation, empty where the certificate names none."""
    pin: str
    """Personal number, empty where the certificate names none."""
    issuer_name: str
    not_before: datetime
    not_after: datetime
    sha256: str
    der: bytes


def read_certificate(data: bytes) -> x509.Certificate:
    """A certificate from DER or PEM. Raises Invalid SIG-027."""
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except ValueError:
        raise Invalid(SIG_UNREADABLE_CERTIFICATE) from None


@lru_cache(maxsize=512)
def signer_of(certificate: x509.Certificate) -> SignerCertificate:
    """The facts of a certificate. Raises Invalid SIG-027 where its names cannot be read."""
    try:
        subject, issuer = certificate.subject, certificate.issuer
        tax_code, pin = _identities(subject)
        return SignerCertificate(
            serial=CertificateSerial(f"{certificate.serial_number:x}"),
            subject_name=_shown(subject),
            tax_code=tax_code,
            pin=pin,
            issuer_name=_shown(issuer),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            sha256=certificate.fingerprint(hashes.SHA256()).hex(),
            der=certificate.public_bytes(Encoding.DER),
        )
    except ValueError:
        raise Invalid(SIG_UNREADABLE_CERTIFICATE) from None


def _shown(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(oid)
        if found:
            return str(found[0].value)
    return name.rfc4514_string()


def _identities(subject: x509.Name) -> tuple[str, str]:
    """(tax code, personal number), each where the subject names exactly one.

    WHY: an ill-formed number is left out rather than passed on: it is compared with the filer's, and empty never equals.
    Two different ones name nobody: which of them the authority checked is not ours to guess.
    """
    tax_codes: set[str] = set()
    pins: set[str] = set()
    for oid in _CARRIERS:
        for attribute in subject.get_attributes_for_oid(oid):
            mark, value = _split(str(attribute.value))
            if mark in _TAX_MARKS and (tax_code := TaxCode.try_parse(value)) is not None:
                tax_codes.add(str(tax_code))
            elif mark in _PERSON_MARKS and len(value) == 12 and (pin := Pin.try_parse(value)) is not None:
                pins.add(str(pin))
    return _only(tax_codes), _only(pins)


def _only(found: set[str]) -> str:
    return found.pop() if len(found) == 1 else ""


def _split(text: str) -> tuple[str, str]:
    """`MST:0101234567`, `VATVN-0101234567` or `MST 0101234567` as mark and value.

    WHY only ASCII: other scripts have letters that look like these marks, some become them in upper case, and what is typed is
    forgiven unseen characters that a certificate is not.
    """
    for separator in (":", "-", " "):
        mark, found, value = text.strip().partition(separator)
        if found and text.isascii() and mark.strip().upper() in _TAX_MARKS + _PERSON_MARKS:
            return mark.strip().upper(), value.strip()
    return "", text.strip()
