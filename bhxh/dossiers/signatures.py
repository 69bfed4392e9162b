"""The signatures of a filing and of what is attached to it: judged for the instant of arrival, each answer kept with what it rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Protocol

from bhxh.dossiers.confirmations import Opened
from bhxh.dossiers.errors import DOS_NO_SUBMISSION_PROOF
from bhxh.dossiers.facts import Attachment, Proof
from bhxh.dossiers.procedure import Procedure
from bhxh.kernel.canonical import Json, sha256_hex
from bhxh.kernel.errors import Invalid
from bhxh.signing.certificates import TrustList
from bhxh.signing.filed_xml import verify_filed
from bhxh.signing.jws import VerifiedJson, verify_json
from bhxh.signing.pdf_signatures import check_not_changed, verify_pdf
from bhxh.signing.ports import RevocationSource
from bhxh.signing.profiles import SeveralSigners
from bhxh.signing.several import as_signed_by_one, is_signed_by_several, verify_several
from bhxh.signing.signers import SignerCertificate
from bhxh.signing.status import Answer, Conclusion, Seen, SignatureStatus, judge
from bhxh.signing.xades import VerifiedXml
from bhxh.warehouse.store import store_blob


class Checks(Protocol):
    """What judging a signature needs of the outside."""

    @property
    def trust(self) -> TrustList:
        """The authorities believed."""

    @property
    def revocation(self) -> RevocationSource:
        """Where revocation data come from."""

    @property
    def revocation_budget_s(self) -> float:
        """How long they may be waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFiling:
    """A signed filing whose signature is good, or about which something could not be found out yet."""

    signed_content: bytes
    signer: SignerCertificate
    status: SignatureStatus
    """Of the filer's own signature."""
    others: Mapping[str, SignatureStatus] = field(default_factory=dict)
    """By role: of whoever else signed the same content."""

    @property
    def statuses(self) -> tuple[SignatureStatus, ...]:
        """All of them, the filer's first."""
        return (self.status, *self.others.values())

    @property
    def is_pending(self) -> bool:
        """Whether it has to be judged again."""
        return any(status.conclusion is Conclusion.INDETERMINATE for status in self.statuses)


def judge_filed(procedure: Procedure, document: bytes, *, at: datetime, checks: Checks) -> JudgedFiling:
    """Open a signed document and judge its signature for the instant of arrival. Raises Invalid SIG: a clear no."""
    if procedure.several_profile is not None and is_signed_by_several(document, profile=procedure.several_profile):
        return _judge_several(procedure, procedure.several_profile, document, at=at, checks=checks)
    verified: VerifiedXml | VerifiedJson
    if procedure.json_profile is not None:
        verified = verify_json(document, profile=procedure.json_profile)
        content = verified.payload
    elif procedure.signature_profile is not None:
        profiles = (procedure.signature_profile, *procedure.foreign_profiles)
        verified = verify_filed(document, profiles=profiles, anchors=checks.trust.anchors, at=at)
        content = verified.signed_xml
    else:
        raise Invalid(DOS_NO_SUBMISSION_PROOF)
    status = _judge_one(verified, at=at, checks=checks, budget_s=checks.revocation_budget_s)
    return JudgedFiling(signed_content=content, signer=verified.signer, status=status)


def _judge_several(procedure: Procedure, profile: SeveralSigners, document: bytes, *, at: datetime, checks: Checks) -> JudgedFiling:
    """Everybody who signed, within one budget. One clear no refuses the document."""
    assert procedure.signature_profile is not None, "whoever may have others sign has a place for the filer's signature"
    verified, deadline = (
        verify_several(document, profile=profile, anchors=checks.trust.anchors, at=at),
        monotonic() + checks.revocation_budget_s,
    )
    statuses = {
        role: _judge_one(one, at=at, checks=checks, budget_s=max(0.0, deadline - monotonic())) for role, one in verified.by_role.items()
    }
    filers = profile.places[0].role
    return JudgedFiling(
        signed_content=as_signed_by_one(verified.signed_xml, profile=profile, location=procedure.signature_profile.location),
        signer=verified.by_role[filers].signer,
        status=statuses.pop(filers),
        others=statuses,
    )


def _judge_one(verified: VerifiedXml | VerifiedJson, *, at: datetime, checks: Checks, budget_s: float) -> SignatureStatus:
    seen = Seen(
        form=verified.form,
        profile=verified.profile_name,
        intact=Answer.YES,
        signer=verified.signer,
        digests=verified.digests,
        claimed_signed_at=verified.claimed_signed_at,
    )
    status = judge(seen, trust=checks.trust, at=at, revocation=checks.revocation, budget_s=budget_s)
    if status.refusal is not None:
        raise status.refusal
    return status


def open_signed(procedure: Procedure, document: bytes, *, at: datetime, checks: Checks) -> Opened:
    """A signed filing with the proof that is kept beside it. Raises what `judge_filed` raises."""
    judged = judge_filed(procedure, document, at=at, checks=checks)
    status, signer = judged.status, judged.signer
    facts: dict[str, Json] = {
        "serial": signer.serial,
        "subject_name": signer.subject_name,
        "issuer_name": signer.issuer_name,
        "not_before": signer.not_before.isoformat(),
        "not_after": signer.not_after.isoformat(),
        "certificate_sha256": signer.sha256,
        "profile": status.profile,
        "claimed_signed_at": status.claimed_signed_at.isoformat() if status.claimed_signed_at else "",
        "checked_for": status.judged_for.isoformat(),
        "path": [sha256_hex(der) for der in status.certificates],
        "gaps": [reason for one in judged.statuses for reason in one.reasons],
        "evidence": keep_evidence(judged),
        "status": status.as_json(store_blob),
    }
    others = {role: one.signer for role, one in judged.others.items() if one.signer is not None}
    if others:
        facts["others"] = {role: _named(one) for role, one in others.items()}
        facts["other_statuses"] = kept_others(judged)
    proof = Proof(kind="certificate", is_pending=judged.is_pending, facts=facts)
    return Opened(signed_content=judged.signed_content, proof=proof, signer=signer, others=others)


def _named(signer: SignerCertificate) -> dict[str, Json]:
    return {"serial": signer.serial, "issuer_name": signer.issuer_name, "certificate_sha256": signer.sha256}


def kept_others(judged: JudgedFiling) -> dict[str, Json]:
    """What the proof says of the others' signatures, by role, the evidence kept by hash."""
    return {role: one.as_json(store_blob) for role, one in judged.others.items()}


def keep_evidence(judged: JudgedFiling) -> list[Json]:
    """The authorities' signed answers, kept by hash; returns what the proof says of them."""
    return [
        {
            "kind": item.kind.value,
            "serial": item.serial,
            "sha256": store_blob(item.content),
            "produced_at": item.produced_at.isoformat(),
            "source": item.source,
        }
        for status in judged.statuses
        for item in status.answers
    ]


def judge_attached(
    attachments: Iterable[Attachment], *, at: datetime, checks: Checks
) -> dict[str, tuple[str, tuple[SignatureStatus, ...]]]:
    """The signatures in attached PDFs: digest of the file -> its component and their statuses; only files that are signed.

    Raises: Invalid SIG-081 where a signature shows that the file was changed after signing.
    """
    deadline, found = monotonic() + checks.revocation_budget_s, {}
    for attachment in attachments:
        statuses = verify_pdf(
            attachment.content, trust=checks.trust, at=at, revocation=checks.revocation, budget_s=max(0.0, deadline - monotonic())
        )
        check_not_changed(statuses, where=attachment.code)
        if statuses:
            found[sha256_hex(attachment.content)] = (attachment.code, statuses)
    return found


def kept_attached(judged: dict[str, tuple[str, tuple[SignatureStatus, ...]]]) -> dict[str, Json]:
    """What the proof says of them, the evidence kept by hash."""
    return {
        sha256: {"component": code, "signatures": [status.as_json(store_blob) for status in statuses]}
        for sha256, (code, statuses) in judged.items()
    }
