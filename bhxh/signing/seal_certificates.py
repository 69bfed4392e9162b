"""Certificates for seal keys of ours: the request that goes to an authority, and the chain that comes back.

A reader of PDFs knows certificates, not our key set; so the key that seals pages has one. The key never moves for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import csr, keys, pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import SIG_CERTIFICATE_OF_OTHER_KEY, SIG_UNREADABLE_CERTIFICATE, SIG_WRONG_USAGE
from bhxh.signing.keysets import PublishedKey
from bhxh.signing.ports import SealKey
from bhxh.signing.usage import may_sign_documents

_LONGEST_CHAIN = 6  # LIMIT: the seal's own and what stands above it


@dataclass(frozen=True, slots=True)
class SealCertificate:
    """A seal's certificate and the authorities above it, the seal's own first; a root may be left out."""

    chain: tuple[x509.Certificate, ...]

    @property
    def own(self) -> x509.Certificate:
        """The seal's own."""
        return self.chain[0]

    @property
    def ders(self) -> tuple[bytes, ...]:
        """The chain as DER."""
        return tuple(one.public_bytes(Encoding.DER) for one in self.chain)

    def is_in_force(self, at: datetime) -> bool:
        """Whether a seal made at that instant may rest on it."""
        return self.own.not_valid_before_utc <= at <= self.own.not_valid_after_utc

    def find_key(self, candidates: Iterable[PublishedKey]) -> PublishedKey:
        """The key it was made for. Raises Invalid SIG-111 where it is none of these."""
        public = self.own.public_key()
        for key in candidates:
            if isinstance(public, ec.EllipticCurvePublicKey) and public.public_numbers() == key.public.public_numbers():
                return key
        raise Invalid(SIG_CERTIFICATE_OF_OTHER_KEY)

    def to_pem(self) -> bytes:
        """As it is kept."""
        return b"".join(one.public_bytes(Encoding.PEM) for one in self.chain)

    @classmethod
    def read(cls, data: bytes) -> "SealCertificate":
        """From PEM, the seal's own first. Raises Invalid SIG-027; SIG-023 where it is not one that signs documents."""
        try:
            chain = x509.load_pem_x509_certificates(data)
        except ValueError:
            raise Invalid(SIG_UNREADABLE_CERTIFICATE) from None
        if len(chain) > _LONGEST_CHAIN:
            raise Invalid(SIG_UNREADABLE_CERTIFICATE)
        if not may_sign_documents(chain[0]):
            raise Invalid(SIG_WRONG_USAGE)
        return cls(tuple(chain))


def certificate_request(*, key: SealKey, public: ec.EllipticCurvePublicKey, common_name: str, organisation: str) -> bytes:
    """A PKCS#10 request (PEM) for a seal key, signed by it. WHY asn1crypto: a key in a module can be handed to nothing else."""
    name = {"country_name": "VN", "organization_name": organisation[:64], "common_name": common_name[:64]}
    information = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": asn1.Name.build(name),
            "subject_pk_info": keys.PublicKeyInfo.load(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
            "attributes": [],
        }
    )
    request = csr.CertificationRequest(
        {
            "certification_request_info": information,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": sign_as_der(key, information.dump()),
        }
    )
    armoured: bytes = pem.armor("CERTIFICATE REQUEST", request.dump())
    return armoured


def sign_as_der(key: SealKey, data: bytes) -> bytes:
    """A seal key's signature as X.509 and CMS write it."""
    raw = key.sign(data)
    return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
