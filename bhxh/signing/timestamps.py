"""RFC 3161 time stamps: proof that a digest existed at an instant that somebody else attests."""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Invalid
from bhxh.signing.asn1_in_threads import set_up_every_class
from bhxh.signing.certificates import authorities, run
from bhxh.signing.errors import SIG_TIMESTAMP
from bhxh.signing.ports import TimeStamper
from bhxh.signing.trust import AuthorityKind, TrustList

set_up_every_class()

__all__ = ["VerifiedTimestamp", "bare_token", "request_timestamp", "verify_timestamp"]

MAXIMUM_TOKEN_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class VerifiedTimestamp:
    """A token that holds."""

    stamped_at: datetime
    serial: str
    authority: str
    token_sha256: str
    chain: tuple[bytes, ...]
    """Certificates (DER) from the one that stamped up to the root: what a verifier needs beside the token."""


def verify_timestamp(token: bytes, *, sha256: bytes, trust: TrustList, at: datetime) -> VerifiedTimestamp:
    """Check a token (DER) over a SHA-256 digest: signature, imprint, authority and its usage, as seen at `at`.

    Raises: Invalid SIG-050.
    """
    if len(token) > MAXIMUM_TOKEN_BYTES:
        raise Invalid(SIG_TIMESTAMP, reason="size")
    context = ValidationContext(
        trust_roots=authorities(trust, AuthorityKind.ROOT),
        other_certs=authorities(trust, AuthorityKind.INTERMEDIATE),
        moment=at,
        allow_fetching=False,
    )
    try:
        content = cms.ContentInfo.load(token, strict=True)
        if content["content_type"].native != "signed_data":
            raise Invalid(SIG_TIMESTAMP, reason="content type")
        signed = content["content"]
        found = run(validate_tst_signed_data(signed, context, lambda name: sha256 if name == "sha256" else b""))
        status = TimestampSignatureStatus(**found)
        serial = signed["encap_content_info"]["content"].parsed["serial_number"].native
    except SignatureValidationError:
        raise Invalid(SIG_TIMESTAMP, reason="signature") from None
    except (ValueError, TypeError, KeyError):
        raise Invalid(SIG_TIMESTAMP, reason="form") from None
    if not status.intact:
        raise Invalid(SIG_TIMESTAMP, reason="imprint")
    if not status.valid:
        raise Invalid(SIG_TIMESTAMP, reason="signature")
    if not status.trusted:
        raise Invalid(SIG_TIMESTAMP, reason="authority")
    name = status.signing_cert.subject.native.get("common_name", "")
    assert status.validation_path is not None, "a trusted stamp has a path"
    chain = tuple(certificate.dump() for certificate in status.validation_path.iter_certs(include_root=True))[::-1]
    return VerifiedTimestamp(status.timestamp, f"{serial:x}", str(name), sha256_hex(token), chain)


def bare_token(token: bytes) -> bytes:
    """A token without what its signature does not speak of: certificates, revocation data, unsigned attributes."""
    signed = cms.ContentInfo.load(token, strict=True)["content"]
    [signer] = signed["signer_infos"]
    kept = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
    content = {
        "version": signed["version"],
        "digest_algorithms": [signer["digest_algorithm"]],
        "encap_content_info": signed["encap_content_info"],
        "signer_infos": [cms.SignerInfo({name: signer[name] for name in kept})],
    }
    bare: bytes = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}).dump()
    return bare


def request_timestamp(sha256: bytes, *, stamper: TimeStamper, trust: TrustList, at: datetime) -> tuple[bytes, VerifiedTimestamp]:
    """Ask for a token and keep it only if it holds. Raises the stamper's Trouble, or Invalid SIG-050."""
    token = stamper.stamp(sha256)
    return token, verify_timestamp(token, sha256=sha256, trust=trust, at=at)
