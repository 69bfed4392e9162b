"""Whether the seal on a page of ours holds: pyHanko's bottom line over what is shown, and a certificate whose key we published.

WHY the key set decides whose seal it is: a verifier has it anyway, and no other licensed certificate makes a page ours. The trust list, where
there is one, says besides that an authority stood behind the certificate and the time; without it the page's time is only a claim.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from bhxh.kernel.errors import Invalid
from bhxh.signing.asn1_in_threads import set_up_every_class
from bhxh.signing.certificates import authorities, run
from bhxh.signing.errors import SIG_ARCHIVE_NOT_HOLDING, SIG_NOT_SEALED, SIG_PAGE_CHANGED, SIG_PAGE_NOT_OURS
from bhxh.signing.keysets import KeySet, PublishedKey
from bhxh.signing.pdf_archiving import check_archive
from bhxh.signing.trust import AuthorityKind, TrustList

set_up_every_class()

_SIGNED: Final = b"/ByteRange"
"""Stands outside of every compressed part: it says which bytes are digested, and its own value must lie between them."""
PURPOSE: Final = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedPage:
    """A page whose seal holds."""

    kid: str
    claimed_at: datetime | None
    """When the seal says it was made."""
    stamped_at: datetime | None
    """When a trusted authority saw it. None without a time stamp, and without a trust list to judge it by."""
    lasts_until: datetime | None
    """Of a copy for decades: when its newest stamp ends."""


def verify_page(pdf: bytes, *, keys: KeySet, trust: TrustList | None, at: datetime) -> VerifiedPage | None:
    """The seal on a page, None where it carries none: such a page proves nothing beyond the original inside. Offline.

    Shape:   with a trust list the path to a root is judged for the stamp's time where there is a stamp, else for `at`; a copy for decades
             by what lies in it. Without one the seal is judged for the time that it claims.
    Raises:  Invalid SIG-114 (no PDF that can be read, or several seals), SIG-116, SIG-117 (changed), SIG-118 (not by a key of ours).
    """
    if _SIGNED not in pdf:
        return None
    try:
        return _verify(pdf, keys, trust, at)
    except (Invalid, SignatureValidationError) as error:
        raise error if isinstance(error, Invalid) else Invalid(SIG_PAGE_CHANGED, reason=type(error).__name__) from None
    except Exception as error:  # noqa: BLE001  # border to a parser fed with anything: it has no error class of its own for all of it
        raise Invalid(SIG_NOT_SEALED, reason=type(error).__name__) from None


def _verify(pdf: bytes, keys: KeySet, trust: TrustList | None, at: datetime) -> VerifiedPage:
    reader = PdfFileReader(BytesIO(pdf))
    embedded, seals = reader.embedded_signatures, reader.embedded_regular_signatures
    if len(seals) != 1:
        raise Invalid(SIG_NOT_SEALED, reason=str(len(seals)))
    [seal] = seals
    claimed_at = seal.self_reported_timestamp
    key = _key_of(seal, keys)
    if not key.is_in_force(claimed_at or at):
        raise Invalid(SIG_PAGE_NOT_OURS)
    embedded[-1].compute_integrity_info(skip_diff=True)
    if embedded[-1].coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise Invalid(SIG_PAGE_CHANGED, reason="bytes behind the end")
    stamped_at = lasts_until = None
    if trust is not None and len(embedded) > 1:
        archived = check_archive(pdf, trust=trust, at=at)
        if not archived.holds:
            raise Invalid(SIG_ARCHIVE_NOT_HOLDING, reason=archived.reason)
        lasts_until = archived.lasts_until
    elif trust is not None:
        stamped_at = _check_by_authorities(seal, trust, at)
    else:
        own, stamping = _context([seal.signer_cert], claimed_at or at), _context(_stamping_certificates(seal), claimed_at or at)
        _check(_judged(seal, own, stamping))
    return VerifiedPage(kid=key.kid, claimed_at=claimed_at, stamped_at=stamped_at, lasts_until=lasts_until)


def _key_of(seal: EmbeddedPdfSignature, keys: KeySet) -> PublishedKey:
    """The published key whose certificate it is. Raises Invalid SIG-118."""
    public = seal.signer_cert.public_key.dump()
    for key in keys:
        if key.purpose == PURPOSE and key.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == public:
            return key
    raise Invalid(SIG_PAGE_NOT_OURS)


def _check_by_authorities(seal: EmbeddedPdfSignature, trust: TrustList, at: datetime) -> datetime | None:
    """The path to a listed root; returns the time of a stamp that holds."""
    roots, between = authorities(trust, AuthorityKind.ROOT), authorities(trust, AuthorityKind.INTERMEDIATE)
    first = _judged(seal, _context(roots, at, between), _context(roots, at, between))
    stamp = first.timestamp_validity
    if stamp is None or not (stamp.valid and stamp.intact and stamp.trusted and stamp.timestamp <= at):
        _check(first)
        return None
    _check(_judged(seal, _context(roots, stamp.timestamp, between), _context(roots, at, between)))
    stamped_at: datetime = stamp.timestamp
    return stamped_at


def _check(status: PdfSignatureStatus) -> None:
    """Raise Invalid SIG-117 where the library's bottom line is against it."""
    if not status.bottom_line:
        raise Invalid(SIG_PAGE_CHANGED, reason=status.summary())


def _judged(seal: EmbeddedPdfSignature, own: ValidationContext, stamping: ValidationContext) -> PdfSignatureStatus:
    status: PdfSignatureStatus = run(async_validate_pdf_signature(seal, signer_validation_context=own, ts_validation_context=stamping))
    return status


def _context(roots: Iterable[asn1.Certificate], moment: datetime, between: Iterable[asn1.Certificate] = ()) -> ValidationContext:
    # WHY a new one each time: the validator adds the file's own certificates to it.
    return ValidationContext(
        trust_roots=list(roots),
        other_certs=list(between),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
        retroactive_revinfo=True,
    )


def _stamping_certificates(seal: EmbeddedPdfSignature) -> Iterator[asn1.Certificate]:
    """What the time stamp brings with it: without a trust list it is taken as it is, and its time is not told."""
    for token in extract_tst_data_iter(seal.signer_info, signed=False):
        for choice in token["certificates"]:
            yield choice.chosen
