"""Was this certificate good at that time? Path, licence, key usage and revocation, with the evidence to prove it later.

The one place that answers. A clear "no" is raised; "could not find out in time" is the state `pending`, and the dossier is
received all the same: a slow authority must not make an employer late.
"""

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from time import monotonic
from typing import Any, Literal, NamedTuple, TypeVar

from asn1crypto import crl
from asn1crypto import x509 as asn1
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.registry import CertificateRegistry, SimpleTrustManager

from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import shown
from bhxh.kernel.errors import Invalid, Trouble
from bhxh.signing.asn1_in_threads import set_up_every_class
from bhxh.signing.errors import (
    SIG_CA_OUT_OF_WINDOW,
    SIG_EXPIRED,
    SIG_NOT_YET_VALID,
    SIG_REVOKED,
    SIG_UNKNOWN_CA,
    SIG_UNREADABLE_CERTIFICATE,
    SIG_WRONG_USAGE,
)
from bhxh.signing.found_before import GOOD_KEPT_S, PATH_KEPT_S, FoundBefore, Window, last_good_until, load_ocsp, window_of
from bhxh.signing.ports import RevocationAnswer, RevocationKind, RevocationSource
from bhxh.signing.signers import SignerCertificate, read_certificate
from bhxh.signing.trust import AuthorityKind, TrustedAuthority, TrustList
from bhxh.signing.usage import check_key, has_usages, may_sign_documents

__all__ = ["AuthorityKind", "CertificateCheck", "RevocationEvidence", "TrustList", "TrustedAuthority", "check_certificate"]

set_up_every_class()

_T = TypeVar("_T")

_REASONS = {
    "key_compromise": ("lộ khóa", "key compromise"),
    "ca_compromise": ("lộ khóa của tổ chức cấp", "authority compromised"),
    "affiliation_changed": ("thay đổi thông tin", "affiliation changed"),
    "superseded": ("đã được thay thế", "superseded"),
    "cessation_of_operation": ("ngừng hoạt động", "operation ceased"),
    "certificate_hold": ("tạm dừng", "on hold"),
    "privilege_withdrawn": ("bị rút quyền", "privilege withdrawn"),
}


class _Link(NamedTuple):
    """One certificate of a path. WHY its bytes beside it: asn1crypto looks through the whole of it before it gives them."""

    certificate: asn1.Certificate
    der: bytes
    sha256: str

    @classmethod
    def of(cls, certificate: asn1.Certificate) -> "_Link":
        der = certificate.dump()
        return cls(certificate, der, sha256_hex(der))


_PATHS: FoundBefore[tuple[str, str], tuple[_Link, ...]] = FoundBefore(kept_s=PATH_KEPT_S)
"""By certificate and trust list: the path up to the root."""
_GOOD: FoundBefore[tuple[str, ...], bool] = FoundBefore(kept_s=GOOD_KEPT_S)
"""By certificate, trust list and the answers: that they suffice."""

_STOLEN = frozenset({"key_compromise", "ca_compromise", "certificate_hold"})
"""Reasons under which even an earlier signature needs a person's eye."""


@dataclass(frozen=True, slots=True)
class RevocationEvidence:
    """One authority's signed answer, to be kept beside the dossier."""

    kind: RevocationKind
    serial: str
    """Of the certificate it was asked for, hexadecimal."""
    content: bytes
    sha256: str
    produced_at: datetime
    """When the authority says that it knew this."""
    source: str


@dataclass(frozen=True, slots=True)
class CertificateCheck:
    """The result at one time: good, or pending because revocation data could not be had."""

    state: Literal["good", "pending"]
    evidence: tuple[RevocationEvidence, ...]
    checked_for: datetime
    """The instant that was judged (our arrival time)."""
    path: tuple[str, ...] = ()
    """SHA-256 of the certificates from the signer's up to the root."""
    gaps: tuple[str, ...] = ()
    """Why it is pending: error codes of what could not be fetched, `insufficient`, `untrusted`, `unreadable`, `too-old` or `stale-list`."""
    certificates: tuple[bytes, ...] = ()
    """DER of the path, the signer's first: with the answers, all that is needed to judge it again without us."""


def check_certificate(
    *, signer: SignerCertificate, trust: TrustList, at: datetime, revocation: RevocationSource, budget_s: float
) -> CertificateCheck:
    """Judge a signer's certificate for the instant `at`: our arrival time or a verified time stamp, never the signer's claim.

    Shape:   may be repeated later for the same `at`; revocation data made after `at` are welcome then.
    Raises:  Invalid SIG-020 to SIG-027, SIG-032 and SIG-033: a clear no.
    """
    leaf = _load(signer.der)
    _check_window(signer, at)
    certificate = read_certificate(signer.der)
    check_key(certificate)
    trust.policy.check_key(certificate, at=at)
    if not may_sign_documents(certificate) or not has_usages(certificate, trust.policy.required_usages):
        raise Invalid(SIG_WRONG_USAGE)
    path = _path(leaf, signer.sha256, trust, at)
    for authority in path[1:]:
        trust.check_authority(authority.der, at=at)
    evidence, gaps = _gather(path, revocation, budget_s)
    gaps += _judge(path, trust, at, evidence, is_complete=not gaps)
    gaps += _out_of_date(trust, at, evidence)
    return CertificateCheck(
        state="pending" if gaps else "good",
        evidence=evidence,
        checked_for=at,
        path=tuple(link.sha256 for link in path),
        gaps=gaps,
        certificates=tuple(link.der for link in path),
    )


def _out_of_date(trust: TrustList, at: datetime, evidence: Sequence[RevocationEvidence]) -> tuple[str, ...]:
    """What the policy calls too old to lean on: an answer, or the list itself. Neither is a "no": a newer one may come."""
    longest = trust.policy.longest_age
    is_old = longest is not None and any(found.produced_at < at - longest for found in evidence)
    return (*(("too-old",) if is_old else ()), *(("stale-list",) if trust.is_stale(at) else ()))


@lru_cache(maxsize=512)
def _load(der: bytes) -> asn1.Certificate:
    try:
        certificate: asn1.Certificate = asn1.Certificate.load(der, strict=True)
        certificate.native  # noqa: B018 - WHY: asn1crypto reads lazily; read it all here, where the error is caught
    except (ValueError, TypeError):
        raise Invalid(SIG_UNREADABLE_CERTIFICATE) from None
    return certificate


def authorities(trust: TrustList, kind: AuthorityKind) -> list[asn1.Certificate]:
    """The listed certificates of one kind, read once."""
    return [_load(der) for der in trust.ders(kind)]


def _check_window(signer: SignerCertificate, at: datetime) -> None:
    if at > signer.not_after:
        raise Invalid(SIG_EXPIRED, not_after=shown(signer.not_after))
    if at < signer.not_before:
        raise Invalid(SIG_NOT_YET_VALID, not_before=shown(signer.not_before))


def _context(
    trust: TrustList, at: datetime, evidence: Sequence[RevocationEvidence], *, anchor: asn1.Certificate | None = None
) -> ValidationContext:
    """The validator's view: every certificate below the root (or below `anchor`) needs an answer."""
    # WHY retroactive: `at` is the arrival time, and the data are fetched a moment (or, when pending, hours) after it.
    return ValidationContext(
        trust_roots=[anchor] if anchor is not None else authorities(trust, AuthorityKind.ROOT),
        other_certs=authorities(trust, AuthorityKind.INTERMEDIATE),
        moment=at,
        allow_fetching=False,
        ocsps=[load_ocsp(found.content) for found in evidence if found.kind is RevocationKind.OCSP],
        crls=[found.content for found in evidence if found.kind is RevocationKind.CRL],
        revocation_mode="require",
        retroactive_revinfo=True,
    )


def _context_without_answers(trust: TrustList, at: datetime) -> ValidationContext:
    """For names, signatures and windows only. Nothing is added to the registry, so all share one."""
    roots, registry = _registry(trust)
    return ValidationContext(
        trust_manager=roots,
        certificate_registry=registry,
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
        retroactive_revinfo=True,
    )


@lru_cache(maxsize=8)
def _registry(trust: TrustList) -> tuple[SimpleTrustManager, CertificateRegistry]:
    roots = authorities(trust, AuthorityKind.ROOT)
    return SimpleTrustManager.build(trust_roots=roots), CertificateRegistry.build([*authorities(trust, AuthorityKind.INTERMEDIATE), *roots])


def _path(leaf: asn1.Certificate, sha256: str, trust: TrustList, at: datetime) -> tuple[_Link, ...]:
    key = (sha256, trust.version)
    path = _PATHS.find(key, at)
    if path is None:
        found = _find_path(leaf, trust, at)
        path = tuple(map(_Link.of, found))
        _PATHS.keep(key, window_of(found), path)
    return path


def _find_path(leaf: asn1.Certificate, trust: TrustList, at: datetime) -> list[asn1.Certificate]:
    """The path from the leaf up to its root, by names, signatures and windows only."""
    validator = CertificateValidator(leaf, validation_context=_context_without_answers(trust, at))
    try:
        path = run(validator.async_validate_usage({"non_repudiation"}))
    except (ExpiredError, NotYetValidError):
        raise Invalid(SIG_CA_OUT_OF_WINDOW, authority=str(leaf.issuer.native.get("common_name", ""))) from None
    except InvalidCertificateError as error:
        raise Invalid(SIG_UNKNOWN_CA if "self-signed" in error.failure_msg else SIG_WRONG_USAGE) from None
    except (PathBuildingError, DisallowedAlgorithmError, ValidationError):
        raise Invalid(SIG_UNKNOWN_CA) from None
    return list(reversed(list(path.iter_certs(include_root=True))))


def _gather(path: Sequence[_Link], revocation: RevocationSource, budget_s: float) -> tuple[tuple[RevocationEvidence, ...], tuple[str, ...]]:
    """Ask for each certificate below the root, signer first, until the budget is spent."""
    deadline = monotonic() + budget_s
    evidence: list[RevocationEvidence] = []
    gaps: list[str] = []
    for link, issuer in pairwise(path):
        try:
            answer = revocation.fetch(link.der, issuer.der, max(0.0, deadline - monotonic()))
            evidence.append(_evidence(answer, f"{link.certificate.serial_number:x}"))
        except Trouble as trouble:
            gaps.append(trouble.code)
        except (ValueError, TypeError, KeyError):
            gaps.append("unreadable")
    return tuple(evidence), tuple(gaps)


def _evidence(answer: RevocationAnswer, serial: str) -> RevocationEvidence:
    # WHY not remembered for lists: they may have megabytes.
    return _read_ocsp(answer, serial) if answer.kind is RevocationKind.OCSP else _read_evidence(answer, serial)


def _read_evidence(answer: RevocationAnswer, serial: str) -> RevocationEvidence:
    produced_at = _produced_at(answer.kind, answer.content)
    return RevocationEvidence(answer.kind, serial, answer.content, sha256_hex(answer.content), produced_at, answer.source)


_read_ocsp = lru_cache(maxsize=1024)(_read_evidence)
"""The answer about an authority is the same for everybody below it."""


def _produced_at(kind: RevocationKind, content: bytes) -> datetime:
    """WHY asn1crypto: some responders write fractions of a second, which strict readers refuse."""
    if kind is RevocationKind.OCSP:
        at: datetime = load_ocsp(content).basic_ocsp_response["tbs_response_data"]["produced_at"].native
    else:
        at = crl.CertificateList.load(content)["tbs_cert_list"]["this_update"].native
    return at


def _judge(
    path: Sequence[_Link], trust: TrustList, at: datetime, evidence: Sequence[RevocationEvidence], *, is_complete: bool
) -> tuple[str, ...]:
    """Weigh the answers, whose own signatures are checked here. Empty, or why they do not suffice."""
    if is_complete and _is_known_good(path, trust, at, evidence):
        return ()
    found = _weigh(path[0].certificate, _context(trust, at, evidence)) if is_complete else "incomplete"
    if not found:
        _keep_good(path, trust, at, evidence)
        _keep_good(path[1:], trust, at, evidence[1:])
    if found == "insufficient" and _was_revoked_only_later(path[0].certificate, trust, at, evidence):
        return ()
    if found:
        # WHY once more, from the issuer down: a poor answer about an authority must not hide a clear "revoked" about the signer.
        _weigh(path[0].certificate, _context(trust, at, evidence, anchor=path[1].certificate))
    return (found,) if found and is_complete else ()


def _is_known_good(path: Sequence[_Link], trust: TrustList, at: datetime, evidence: Sequence[RevocationEvidence]) -> bool:
    """Whether it was found a moment ago, of all of them; or of the authorities, and the signer's own answer says the same now."""
    if _GOOD.find(_question(path, trust, evidence), at):
        return True
    if not _GOOD.find(_question(path[1:], trust, evidence[1:]), at):
        return False
    if _weigh(path[0].certificate, _context(trust, at, evidence[:1], anchor=path[1].certificate)):
        return False
    _keep_good(path, trust, at, evidence)
    return True


def _question(path: Sequence[_Link], trust: TrustList, evidence: Sequence[RevocationEvidence]) -> tuple[str, ...]:
    return (trust.version, *(link.sha256 for link in path), *(found.sha256 for found in evidence))


def _keep_good(path: Sequence[_Link], trust: TrustList, at: datetime, evidence: Sequence[RevocationEvidence]) -> None:
    if evidence and all(found.kind is RevocationKind.OCSP for found in evidence):
        until_at = last_good_until([found.content for found in evidence])
        if until_at is not None:
            _GOOD.keep(
                _question(path, trust, evidence), Window(at, min(until_at, window_of([link.certificate for link in path]).until_at)), True
            )


def _weigh(leaf: asn1.Certificate, context: ValidationContext) -> str:
    """Empty, `insufficient` or `untrusted`. Raises Invalid SIG-022 where an answer that counts says "revoked"."""
    try:
        run(CertificateValidator(leaf, validation_context=context).async_validate_usage({"non_repudiation"}))
    except RevokedError as revoked:
        vi, en = _REASONS.get(revoked.reason.native, ("không nêu lý do", "no reason given"))
        raise Invalid(SIG_REVOKED, revoked_on=shown(revoked.revocation_dt), reason=vi, reason_en=en) from None
    except InsufficientRevinfoError:
        return "insufficient"
    except (PathBuildingError, ValidationError):
        # The path itself was found good before: what fails now is an answer signed by nobody who may.
        return "untrusted"
    return ""


def _was_revoked_only_later(leaf: asn1.Certificate, trust: TrustList, at: datetime, evidence: Sequence[RevocationEvidence]) -> bool:
    """Whether the answers prove that the signer's certificate was taken back after `at`, and not for a stolen key.

    WHY: the validator calls an OCSP answer "revoked, but later" insufficient. Judged for the time of the answer it says
    plainly "revoked, then", with the answer's signature checked and the authorities above found good first.
    """
    if not evidence:
        return False
    known_at = max(found.produced_at for found in evidence)
    context = _context(trust, known_at, evidence)
    try:
        run(CertificateValidator(leaf, validation_context=context).async_validate_usage({"non_repudiation"}))
    except RevokedError as revoked:
        return revoked.is_ee_cert and not revoked.is_side_validation and revoked.revocation_dt > at and revoked.reason.native not in _STOLEN
    except (PathBuildingError, ValidationError):
        return False
    return False


def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """The validator is written for async callers; nothing in it waits when fetching is off, so no event loop is needed."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        value: _T = done.value
        return value
    coroutine.close()
    raise AssertionError("the validator waited for something, though fetching is off")
