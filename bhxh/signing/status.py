"""What is known of one signature, each question by itself: is it intact, is its signer trusted, was the certificate revoked.

A single yes or no would hide which of them nobody could answer. What was found out is kept with what it was found out from:
the certificates of the path, the authorities' signed answers, the time stamp, and the trust list that was in force.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Invalid
from bhxh.signing.certificates import CertificateCheck, RevocationEvidence, check_certificate
from bhxh.signing.errors import SIG_BROKEN, SIG_REVOKED
from bhxh.signing.ports import RevocationSource
from bhxh.signing.signers import SignerCertificate
from bhxh.signing.trust import TrustList

ARRIVAL: Final = "arrival"
TIME_STAMP: Final = "time_stamp"


class Answer(StrEnum):
    """An answer to one question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Conclusion(StrEnum):
    """What follows from all of them together."""

    GOOD = "good"
    BAD = "bad"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureStatus:
    """One signature at one instant."""

    form: str
    """`xades`, `xmldsig`, `pades` or `jws`."""
    profile: str
    intact: Answer
    """Whether what is read is what was signed, by the key of this certificate."""
    trusted: Answer
    """Whether a licensed authority issued the certificate for signing documents, and all was in force."""
    revoked: Answer
    """Whether the certificate had been taken back by then."""
    judged_for: datetime
    judged_by: str = ARRIVAL
    """Whose clock: our arrival time, or a verified time stamp. Never the signer's."""
    claimed_signed_at: datetime | None = None
    signer: SignerCertificate | None = None
    digests: frozenset[str] = frozenset()
    certificates: tuple[bytes, ...] = ()
    answers: tuple[RevocationEvidence, ...] = ()
    time_stamp: bytes = b""
    """The token (DER) that `judged_for` rests on."""
    reasons: tuple[str, ...] = ()
    """Codes: of the refusal, or of what could not be found out."""
    trust_list: str = ""
    """Version of the list that was asked."""
    trust_list_number: int | None = None
    refusal: Invalid | None = None
    """The sentence for the signer where the answer is a clear no."""

    @property
    def conclusion(self) -> Conclusion:
        """Good only where all three are; bad where one of them is a clear no."""
        if Answer.NO in (self.intact, self.trusted) or self.revoked is Answer.YES:
            return Conclusion.BAD
        if Answer.UNKNOWN in (self.intact, self.trusted, self.revoked):
            return Conclusion.INDETERMINATE
        return Conclusion.GOOD

    def as_json(self, keep: Callable[[bytes], str]) -> dict[str, Json]:
        """For the file beside the dossier; `keep` stores bytes and gives their digest. Names and numbers of the signer stay in the certificate."""
        return {
            "form": self.form,
            "profile": self.profile,
            "intact": self.intact.value,
            "trusted": self.trusted.value,
            "revoked": self.revoked.value,
            "conclusion": self.conclusion.value,
            "judged_for": self.judged_for.isoformat(),
            "judged_by": self.judged_by,
            "claimed_signed_at": self.claimed_signed_at.isoformat() if self.claimed_signed_at else "",
            "digests": sorted(self.digests),
            "certificates": [keep(der) for der in self.certificates],
            "answers": [keep(answer.content) for answer in self.answers],
            "time_stamp": keep(self.time_stamp) if self.time_stamp else "",
            "reasons": list(self.reasons),
            "trust_list": self.trust_list,
            "trust_list_number": self.trust_list_number,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the cryptography of one signature showed; nothing of it says whether the signer may be believed."""

    form: str
    profile: str
    intact: Answer
    signer: SignerCertificate
    digests: frozenset[str]
    claimed_signed_at: datetime | None = None
    reasons: tuple[str, ...] = ()


def judge(
    seen: Seen,
    *,
    trust: TrustList,
    at: datetime,
    revocation: RevocationSource,
    budget_s: float,
    judged_by: str = ARRIVAL,
    time_stamp: bytes = b"",
) -> SignatureStatus:
    """Answer what is still open, for the instant `at`. Raises nothing: a refusal is an answer, and stands in `refusal`."""
    check: CertificateCheck | None = None
    refusal: Invalid | None = None
    try:
        trust.policy.check_digests(seen.digests, at=at)
        check = check_certificate(signer=seen.signer, trust=trust, at=at, revocation=revocation, budget_s=budget_s)
    except Invalid as no:
        refusal = no
    trusted, revoked = _answers(check, refusal)
    if refusal is None and seen.intact is Answer.NO:
        refusal = Invalid(SIG_BROKEN)
    gaps = check.gaps if check is not None else ()
    return SignatureStatus(
        form=seen.form,
        profile=seen.profile,
        intact=seen.intact,
        trusted=trusted,
        revoked=revoked,
        judged_for=at,
        judged_by=judged_by,
        claimed_signed_at=seen.claimed_signed_at,
        signer=seen.signer,
        digests=seen.digests,
        certificates=check.certificates if check is not None else (seen.signer.der,),
        answers=check.evidence if check is not None else (),
        time_stamp=time_stamp,
        reasons=(*seen.reasons, *((refusal.code,) if refusal is not None else ()), *gaps),
        trust_list=trust.version,
        trust_list_number=trust.issue.number if trust.issue is not None else None,
        refusal=refusal,
    )


def _answers(check: CertificateCheck | None, refusal: Invalid | None) -> tuple[Answer, Answer]:
    """(trusted, revoked). A list that is out of date leaves open whether the authority is still licensed."""
    if check is None:
        if refusal is not None and refusal.sentence is SIG_REVOKED:
            return Answer.YES, Answer.YES
        return Answer.NO, Answer.UNKNOWN
    trusted = Answer.UNKNOWN if "stale-list" in check.gaps else Answer.YES
    return trusted, Answer.NO if set(check.gaps) <= {"stale-list"} else Answer.UNKNOWN
