"""Signatures in PDFs of others (PAdES): decided on the validator's bottom line, which weighs what was changed after signing too.

A PDF grows by appending, so a signature may be intact while the page that is shown says something else. Programs that print
"valid" for the signed bytes are fooled by that; what counts here is whether everything appended is signing or its upkeep.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from time import monotonic
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from bhxh.kernel.errors import Invalid
from bhxh.signing.asn1_in_threads import set_up_every_class
from bhxh.signing.certificates import authorities, run
from bhxh.signing.errors import SIG_EXPIRED, SIG_PDF_CHANGED, SIG_PDF_UNREADABLE
from bhxh.signing.policy import DIGESTS
from bhxh.signing.ports import RevocationSource
from bhxh.signing.signers import signer_of
from bhxh.signing.status import ARRIVAL, TIME_STAMP, Answer, Seen, SignatureStatus, judge
from bhxh.signing.trust import AuthorityKind, TrustList

set_up_every_class()

BEGINNING: Final = b"%PDF"
_SIGNED: Final = b"/ByteRange"
"""Stands outside of every compressed part: it says which bytes are digested, and its own value must lie between them."""
MAXIMUM_SIGNATURES: Final = 10
MAXIMUM_REVISIONS: Final = 50
MAXIMUM_CERTIFICATES: Final = 24
"""LIMIT: each of these buys whoever sends a file some of our time."""
_FORM = "pades"
_UNREADABLE = (
    PdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    UnsupportedAlgorithm,
    struct.error,
    zlib.error,
)
"""What the reader lets through where a file is malformed."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """One signature as the validator saw it at an instant."""

    status: PdfSignatureStatus
    intact: Answer
    reasons: tuple[str, ...]


def is_signed(data: bytes) -> bool:
    """Whether a file is a PDF that says that it is signed. Cheap: an unsigned one is not read at all."""
    return data.startswith(BEGINNING) and _SIGNED in data


def verify_pdf(
    data: bytes, *, trust: TrustList, at: datetime, revocation: RevocationSource, budget_s: float
) -> tuple[SignatureStatus, ...]:
    """The status of every signature in a PDF, the oldest first; empty where there is none. Document time stamps are no signatures.

    Shape:  raises nothing: a file that cannot be read to its end has one status in which nothing is known. A signature with a
            time stamp of a listed authority is judged for that instant, else for `at`, our arrival time.
    """
    if not is_signed(data):
        return ()
    deadline = monotonic() + budget_s
    try:
        reader = PdfFileReader(BytesIO(data))
        if reader.xrefs.total_revisions > MAXIMUM_REVISIONS:
            return (_unread(trust, at),)
        embedded = list(reader.embedded_signatures)
        if len(embedded) > MAXIMUM_SIGNATURES:
            return (_unread(trust, at),)
        names = frozenset(str(one.fq_name) for one in embedded)
        regular = [one for one in embedded if one.sig_object_type == "/Sig"]
    except _UNREADABLE:
        return (_unread(trust, at),)
    return tuple(_verify_one(one, names, trust, at, revocation, max(0.0, deadline - monotonic())) for one in regular)


def check_not_changed(statuses: Sequence[SignatureStatus], *, where: str) -> None:
    """Refuse a PDF in which a signature shows that it was changed. Raises Invalid SIG-081.

    WHY only that: whose certificate it is, and whether anybody asked for a signature, is for people to weigh.
    """
    if any(status.intact is Answer.NO for status in statuses):
        raise Invalid(SIG_PDF_CHANGED, where=where, component=where)


def _verify_one(
    one: EmbeddedPdfSignature, names: frozenset[str], trust: TrustList, at: datetime, revocation: RevocationSource, budget_s: float
) -> SignatureStatus:
    try:
        if len(one.signed_data["certificates"]) > MAXIMUM_CERTIFICATES:
            return _unread(trust, at)
        looked, judged_at, judged_by, token = _look(one, names, trust, at), at, ARRIVAL, b""
        stamp = looked.status.timestamp_validity
        if stamp is not None and stamp.valid and stamp.intact and stamp.trusted and stamp.timestamp <= at:
            judged_at, judged_by, token = stamp.timestamp, TIME_STAMP, _token(one)
            looked = _look(one, names, trust, judged_at)
        seen = Seen(
            form=_FORM,
            profile=str(one.sig_object.get("/SubFilter", "")).lstrip("/"),
            intact=looked.intact,
            signer=signer_of(x509.load_der_x509_certificate(one.signer_cert.dump())),
            digests=_digests(one),
            claimed_signed_at=_aware(looked.status.signer_reported_dt),
            reasons=looked.reasons,
        )
    except Invalid as no:
        return replace(_unread(trust, at), reasons=(no.code,))
    except _UNREADABLE:
        return _unread(trust, at)
    found = judge(seen, trust=trust, at=judged_at, revocation=revocation, budget_s=budget_s, judged_by=judged_by, time_stamp=token)
    return _by_bottom_line(found, looked)


def _by_bottom_line(found: SignatureStatus, looked: _Looked) -> SignatureStatus:
    """Nothing is good that the validator's own bottom line does not call so."""
    if found.refusal is not None and found.refusal.sentence is SIG_EXPIRED and found.judged_by == ARRIVAL:
        # WHY: a document may rightly be older than the filing it comes with; without a time stamp nobody can say how old.
        return replace(found, trusted=Answer.UNKNOWN)
    if found.trusted is Answer.YES and found.intact is Answer.YES and not looked.status.bottom_line:
        return replace(found, trusted=Answer.UNKNOWN, reasons=(*found.reasons, "bottom-line"))
    return found


def _look(one: EmbeddedPdfSignature, names: frozenset[str], trust: TrustList, at: datetime) -> _Looked:
    # WHY a new one each time: the validator adds the file's own certificates to it.
    context = ValidationContext(
        trust_roots=authorities(trust, AuthorityKind.ROOT),
        other_certs=authorities(trust, AuthorityKind.INTERMEDIATE),
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
        retroactive_revinfo=True,
    )
    status: PdfSignatureStatus = run(async_validate_pdf_signature(one, signer_validation_context=context))
    return _Looked(status, *_intact(one, status, names))


def _intact(one: EmbeddedPdfSignature, status: PdfSignatureStatus, names: frozenset[str]) -> tuple[Answer, tuple[str, ...]]:
    """Whether what is shown is what was signed: the bytes, what they cover, and what was appended later."""
    if not (status.intact and status.valid):
        return Answer.NO, ("changed",)
    if status.coverage is None or status.coverage.value < SignatureCoverageLevel.ENTIRE_REVISION.value:
        return Answer.NO, ("covers-a-part",)
    if not status.docmdp_ok or not status.seed_value_ok:
        return Answer.NO, ("changed-after-signing",)
    is_last = one.signed_revision >= one.reader.xrefs.total_revisions - 1
    if is_last and status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        # WHY: what no revision explains is not read here, and may be by others.
        return Answer.UNKNOWN, ("bytes-behind-the-end",)
    difference = one.diff_result
    is_upkeep = status.modification_level is None or status.modification_level.value <= ModificationLevel.LTA_UPDATES.value
    if not is_upkeep and not (isinstance(difference, DiffResult) and difference.changed_form_fields <= names):
        return Answer.UNKNOWN, ("filled-in-later",)
    if not _digests(one) <= frozenset(DIGESTS):
        return Answer.UNKNOWN, ("weak-digest",)
    return Answer.YES, ()


def _digests(one: EmbeddedPdfSignature) -> frozenset[str]:
    method = one.signer_info["signature_algorithm"]
    try:
        of_method = str(method.hash_algo)
    except ValueError:
        of_method = str(one.md_algorithm)  # plain RSA and plain ECDSA name none of their own
    return frozenset({str(one.md_algorithm), of_method})


def _token(one: EmbeddedPdfSignature) -> bytes:
    """The time-stamp token beside the signature, as it came."""
    for attribute in one.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            token: bytes = attribute["values"][0].dump()
            return token
    return b""


def _aware(told: Any) -> datetime | None:
    return told if isinstance(told, datetime) and told.tzinfo is not None else None


def _unread(trust: TrustList, at: datetime) -> SignatureStatus:
    """A signature, or a file, of which nothing is known."""
    return SignatureStatus(
        form=_FORM,
        profile="",
        intact=Answer.UNKNOWN,
        trusted=Answer.UNKNOWN,
        revoked=Answer.UNKNOWN,
        judged_for=at,
        reasons=(SIG_PDF_UNREADABLE.code,),
        trust_list=trust.version,
        trust_list_number=trust.issue.number if trust.issue is not None else None,
    )
