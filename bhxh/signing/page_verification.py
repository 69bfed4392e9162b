"""Whether the seal on a page of ours holds: pyHanko's bottom line over what is shown, and a certificate whose key we published.

WHY the key set decides whose seal it is: a verifier has it anyway, and no other licensed certificate makes a page ours. The trust list, where
there is one, says besides that an authority stood behind the certificate and the time; without it the page's time is only a claim.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from itertools import islice
from typing import Final

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
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

_SIGNED: Final = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
"""Stands outside of every compressed part: it says which bytes are digested, and its own value must lie between them."""
_MOST_SIGNED: Final = 60  # LIMIT: a copy for decades gets one more with each renewal
_MOST_CONTENT: Final = 256 * 1024  # LIMIT: hexadecimal digits of a seal with certificates and time stamp; ours has some 40,000
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
    ranges = [_Range(*map(int, found.groups())) for found in islice(_SIGNED.finditer(pdf), _MOST_SIGNED)]
    if not ranges:
        return None
    # WHY before a reader of PDFs sees it: a reader follows whatever a stranger's file says, and these bytes are ours.
    key = next((key for one in ranges if (key := _find_signer(pdf, one, keys)) is not None), None)
    if key is None:
        raise Invalid(SIG_PAGE_NOT_OURS)
    try:
        return _verify(pdf, key, trust, at)
    except (Invalid, SignatureValidationError) as error:
        raise error if isinstance(error, Invalid) else Invalid(SIG_PAGE_CHANGED, reason=type(error).__name__) from None
    except Exception as error:  # noqa: BLE001  # border to a parser fed with anything: it has no error class of its own for all of it
        raise Invalid(SIG_NOT_SEALED, reason=type(error).__name__) from None


def may_be_sealed(pdf: bytes) -> bool:
    """Whether it says that some of it is signed."""
    return _SIGNED.search(pdf) is not None


def is_sealed_to_its_end(pdf: bytes) -> bool:
    """Whether nothing stands behind what the newest seal or stamp says it covers: a page as it left us. Proves nothing by itself."""
    ends = [_Range(*map(int, found.groups())).end for found in islice(_SIGNED.finditer(pdf), _MOST_SIGNED)]
    return len(ends) == 1 and ends[0] == len(pdf)


@dataclass(frozen=True, slots=True)
class _Range:
    """Which bytes are signed: from the beginning to `gap`, and `length` from `behind` on. The signature lies between."""

    gap: int
    behind: int
    length: int

    @property
    def end(self) -> int:
        return self.behind + self.length


def _find_signer(pdf: bytes, signed: _Range, keys: KeySet) -> PublishedKey | None:
    """The published key for pages that signed these bytes; None where it was none of them, or the bytes are others now."""
    if not (signed.gap < signed.behind <= signed.end <= len(pdf) and signed.behind - signed.gap <= _MOST_CONTENT):
        return None
    digest = sha256(pdf[: signed.gap])
    digest.update(memoryview(pdf)[signed.behind : signed.end])
    try:
        content = bytes.fromhex(pdf[signed.gap + 1 : signed.behind - 1].decode("ascii"))
        [signer] = cms.ContentInfo.load(content)["content"]["signer_infos"]
        said = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
        attributes, signature = signer["signed_attrs"].untag().dump(), signer["signature"].native
        if said["message_digest"].native != digest.digest():
            return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    for key in keys:
        with suppress(InvalidSignature):
            if key.purpose == PURPOSE:
                key.public.verify(signature, attributes, ec.ECDSA(hashes.SHA256()))
                return key
    return None


def _verify(pdf: bytes, key: PublishedKey, trust: TrustList | None, at: datetime) -> VerifiedPage:
    reader = PdfFileReader(BytesIO(pdf))
    embedded, seals = reader.embedded_signatures, reader.embedded_regular_signatures
    if len(seals) != 1:
        raise Invalid(SIG_NOT_SEALED, reason=str(len(seals)))
    [seal] = seals
    claimed_at = seal.self_reported_timestamp
    if not (_is_of(seal, key) and key.is_in_force(claimed_at or at)):
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


def _is_of(seal: EmbeddedPdfSignature, key: PublishedKey) -> bool:
    """Whether the certificate of the seal that a reader finds is that key's."""
    own: bytes = seal.signer_cert.public_key.dump()
    return key.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == own


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
