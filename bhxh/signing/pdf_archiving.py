"""Archive copies of sealed pages (PAdES B-LTA): what proves the seal lies in the file, under a time stamp that is renewed in time.

A seal is proven by certificates and by what authorities say of them; both end. The copy keeps them from the day they were good, and a
document time stamp says that they were there then. Before that stamp's own certificate ends, the next stamp takes over. The file only
grows: every earlier state is its beginning.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

from asn1crypto import cms, crl
from asn1crypto import x509 as asn1
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import DocumentTimestampStatus, SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from bhxh.kernel.errors import Invalid
from bhxh.signing.asn1_in_threads import set_up_every_class
from bhxh.signing.certificates import authorities, run
from bhxh.signing.errors import SIG_ARCHIVE_NO_PROOF, SIG_ARCHIVE_NOT_HOLDING, SIG_NOT_SEALED
from bhxh.signing.found_before import load_ocsp
from bhxh.signing.pdf_seals import STAMP_ROOM, AsItIs
from bhxh.signing.ports import RevocationKind, RevocationSource, TimeStamper
from bhxh.signing.timestamps import verify_timestamp
from bhxh.signing.trust import AuthorityKind, TrustList

set_up_every_class()

# WHY: it writes whole object graphs into the log where a file does not hold, and those hold people's data.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_BUDGET_S: Final = 10.0
_AHEAD: Final = timedelta(days=400)
"""A copy is due so long before its stamp ends: a yearly round that is missed once is no loss."""
_STAMP_FIELD: Final = "DauThoiGian"
_STAMP_SHOWN: Final = "Dấu thời gian lưu trữ · Archive time stamp"
_SOONER: Final = hashlib.sha256(b"bhxh: whose certificate stamps").digest()


@dataclass(frozen=True, slots=True)
class ArchiveCheck:
    """How an archive copy stands at an instant."""

    holds: bool
    stamps: int
    """Document time stamps, the first and its renewals."""
    stamped_at: datetime | None
    """The newest of them."""
    lasts_until: datetime | None
    """When the newest ends: its certificate, or one of its algorithms by the trust list. Renew before."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Proof:
    """A path, and what its authorities say of each certificate on it."""

    path: ValidationPath
    ocsps: tuple[Any, ...]
    crls: tuple[Any, ...]


@dataclass(frozen=True)
class Archivist:
    """Makes archive copies and renews them."""

    stamper: TimeStamper
    revocation: RevocationSource
    trust: Callable[[], TrustList]

    def archive(self, sealed: bytes, *, at: datetime) -> bytes:
        """The archive copy of a sealed page.

        Raises:  Invalid SIG-114 (no seal), SIG-115 (not to be proven now), SIG-116; the authorities' Trouble.
        """
        seal = _seal_of(sealed)
        proofs = [self._prove(seal.signer_cert, seal.other_embedded_certs, at, "non_repudiation")]
        stamped = next(extract_tst_data_iter(seal.signer_info, signed=False), None)
        if stamped is not None:
            proofs.append(self._prove_stamp(stamped, at))
        copy = self._stamp(sealed, proofs, at)
        self._check(copy, at)
        return copy

    def renew(self, copy: bytes, *, at: datetime) -> bytes:
        """The same copy under one more stamp. Raises Invalid SIG-116 where it does not hold any more: no stamp can mend that."""
        self._check(copy, at)
        newest = _stamps_of(copy)[-1]
        renewed = self._stamp(copy, [self._prove_stamp(newest.signed_data, at)], at)
        self._check(renewed, at)
        return renewed

    def _check(self, copy: bytes, at: datetime) -> None:
        found = check_archive(copy, trust=self.trust(), at=at)
        if not found.holds:
            raise Invalid(SIG_ARCHIVE_NOT_HOLDING, reason=found.reason)

    def _stamp(self, pdf: bytes, proofs: Sequence[_Proof], at: datetime) -> bytes:
        """Proofs first, then the stamp over them and over everything before. The stamp's own proof lies below it too."""
        first = self._token(_SOONER, at)
        proofs = [*proofs, self._prove_stamp(first, at)]
        buffer = BytesIO()
        buffer.write(pdf)
        writer = AsItIs(buffer)
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            paths=[proof.path for proof in proofs],
            ocsps=[one for proof in proofs for one in proof.ocsps],
            crls=[one for proof in proofs for one in proof.crls],
        )
        name = f"{_STAMP_FIELD}{len(_stamps_of(pdf)) + 1}"
        field = SigFieldSpec(name, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True), readable_field_name=_STAMP_SHOWN)
        steps: Any = PdfCMSEmbedder(new_field_spec=field).write_cms(name, writer)
        next(steps)
        steps.send(SigObjSetup(sig_placeholder=DocumentTimestamp(bytes_reserved=2 * STAMP_ROOM)))
        prepared, _ = steps.send(SigIOSetup(md_algorithm="sha256", in_place=True))
        steps.send(self._token_content(prepared.document_digest, at))
        return buffer.getvalue()

    def _token(self, sha256: bytes, at: datetime) -> cms.SignedData:
        signed: cms.SignedData = self._token_content(sha256, at)["content"]
        return signed

    def _token_content(self, sha256: bytes, at: datetime) -> cms.ContentInfo:
        token = self.stamper.stamp(sha256)
        verify_timestamp(token, sha256=sha256, trust=self.trust(), at=at)
        content: cms.ContentInfo = cms.ContentInfo.load(token)
        return content

    def _prove_stamp(self, token: cms.SignedData, at: datetime) -> _Proof:
        certificates = [choice.chosen for choice in token["certificates"]]
        named = token["signer_infos"][0]["sid"].chosen
        [own] = [one for one in certificates if (one.issuer, one.serial_number) == (named["issuer"], named["serial_number"].native)]
        return self._prove(own, certificates, at, "time_stamping")

    def _prove(self, certificate: asn1.Certificate, others: Iterable[asn1.Certificate], at: datetime, usage: str) -> _Proof:
        """Path and answers for one certificate, good as of now. Raises Invalid SIG-115."""
        others = list(others)
        try:
            path = _validated(certificate, self._context(others, at), usage)
            chain = list(reversed(list(path.iter_certs(include_root=True))))
            answers = [self.revocation.fetch(one.dump(), issuer.dump(), _BUDGET_S) for one, issuer in pairwise(chain)]
            ocsps = tuple(load_ocsp(answer.content) for answer in answers if answer.kind is RevocationKind.OCSP)
            crls = tuple(crl.CertificateList.load(answer.content) for answer in answers if answer.kind is RevocationKind.CRL)
            path = _validated(certificate, self._context(others, at, ocsps, crls), usage)
        except (PathBuildingError, ValidationError, ValueError) as error:
            raise Invalid(SIG_ARCHIVE_NO_PROOF, reason=type(error).__name__) from None
        return _Proof(path, ocsps, crls)

    def _context(self, others: list[Any], at: datetime, ocsps: Sequence[Any] = (), crls: Sequence[Any] = ()) -> ValidationContext:
        trust = self.trust()
        return ValidationContext(
            trust_roots=authorities(trust, AuthorityKind.ROOT),
            other_certs=[*authorities(trust, AuthorityKind.INTERMEDIATE), *others],
            moment=at,
            allow_fetching=False,
            ocsps=list(ocsps),
            crls=list(crls),
            revocation_mode="require" if ocsps or crls else "soft-fail",
            retroactive_revinfo=True,
        )


def check_archive(copy: bytes, *, trust: TrustList, at: datetime) -> ArchiveCheck:
    """Whether an archive copy proves its seal at an instant, by what lies in it and the roots alone: no network.

    Shape:   each layer is judged for the time at which the next one was put over it, with what the authorities said then: the seal for
             the first stamp, a stamp for its renewal. The newest stamp holds until the first certificate above it ends.
    Raises:  Invalid SIG-114 where there is no seal of ours.
    """
    seal, stamps = _seal_of(copy), _stamps_of(copy)
    if not stamps:
        return ArchiveCheck(holds=False, stamps=0, stamped_at=None, lasts_until=None, reason="no time stamp")
    try:
        evidence = DocumentSecurityStore.read_dss(seal.reader)
    except ValidationInfoReadingError:
        return ArchiveCheck(holds=False, stamps=len(stamps), stamped_at=None, lasts_until=None, reason="no evidence")
    times = [_time_of(stamp.signed_data) for stamp in stamps]

    def known_at(moment: datetime) -> ValidationContext:
        return evidence.as_validation_context(
            {
                "trust_roots": authorities(trust, AuthorityKind.ROOT),
                "moment": moment,
                "allow_fetching": False,
                "revocation_mode": "require",
                # WHY: an answer is asked for a moment before the stamp, whose clock is another's.
                "retroactive_revinfo": True,
            }
        )

    try:
        sealed = validate_pdf_signature(seal, known_at(times[0]), known_at(times[0]))
        stamped = [
            validate_pdf_timestamp(stamp, known_at(moment), skip_diff=True)
            for stamp, moment in zip(stamps, [*times[1:], times[-1]], strict=True)
        ]
    except SignatureValidationError as error:
        return ArchiveCheck(holds=False, stamps=len(stamps), stamped_at=times[-1], lasts_until=None, reason=type(error).__name__)
    ends = [_algorithms_end(layer, trust) for layer in (seal, *stamps)]
    lasts_until = min((end for end in (_end_of(stamped[-1]), ends[-1]) if end is not None), default=None)
    reasons = {
        "the seal": sealed.bottom_line,
        **{f"time stamp {n}": one.intact and one.valid and one.trusted for n, one in enumerate(stamped, start=1)},
        "something after the newest time stamp": stamped[-1].coverage is SignatureCoverageLevel.ENTIRE_FILE,
        "the order of the time stamps": times == sorted(times),
        "an algorithm that had ended": all(end is None or moment < end for moment, end in zip([*times, times[-1]], ends, strict=True)),
        "the newest time stamp has ended": lasts_until is not None and at <= lasts_until,
    }
    failed = [reason for reason, holds in reasons.items() if not holds]
    return ArchiveCheck(not failed, len(stamps), times[-1], lasts_until, "; ".join(failed))


def renew_at(stamped_at: datetime, lasts_until: datetime) -> datetime:
    """When a copy is due for its next stamp: well before its end; where its stamp is short-lived, half way."""
    return lasts_until - min(_AHEAD, (lasts_until - stamped_at) / 2)


def _algorithms_end(layer: EmbeddedPdfSignature, trust: TrustList) -> datetime | None:
    """When the first algorithm of a seal or stamp ends, as the trust list has it."""
    try:
        of_method = str(layer.signer_info["signature_algorithm"].hash_algo)
    except ValueError:
        of_method = str(layer.md_algorithm)  # plain RSA and plain ECDSA name none of their own
    certificate = x509.load_der_x509_certificate(layer.signer_cert.dump())
    return trust.policy.ends_at(certificate, {str(layer.md_algorithm), of_method})


def _end_of(stamp: DocumentTimestampStatus) -> datetime | None:
    """When the first certificate on the path of a stamp ends."""
    if stamp.validation_path is None:
        return None
    return min((one.not_valid_after for one in stamp.validation_path.iter_certs(include_root=True)), default=None)


def _validated(certificate: asn1.Certificate, context: ValidationContext, usage: str) -> ValidationPath:
    validator = CertificateValidator(certificate, validation_context=context)
    usages: tuple[set[str], set[str]] = (set(), {usage}) if usage == "time_stamping" else ({usage}, set())
    path: ValidationPath = run(validator.async_validate_usage(*usages))
    return path


def _seal_of(pdf: bytes) -> EmbeddedPdfSignature:
    try:
        seals = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    except Exception as error:  # noqa: BLE001  # border to a parser fed with anything: it has no error class of its own for all of it
        raise Invalid(SIG_NOT_SEALED, reason=type(error).__name__) from None
    if len(seals) != 1:
        raise Invalid(SIG_NOT_SEALED, reason=str(len(seals)))
    seal: EmbeddedPdfSignature = seals[0]
    return seal


def _stamps_of(pdf: bytes) -> list[EmbeddedPdfSignature]:
    return list(PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures)


def _time_of(token: cms.SignedData) -> datetime:
    at: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return at
