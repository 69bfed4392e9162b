"""What we answer to other people's signed PDFs, their own authorities trusted and their own signing time taken."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from bhxh.kernel.errors import Unavailable
from bhxh.signing.certificates import AuthorityKind, TrustedAuthority, TrustList
from bhxh.signing.errors import SIG_TRUST_LIST
from bhxh.signing.pdf_signatures import _UNREADABLE, verify_pdf
from bhxh.signing.ports import RevocationAnswer
from bhxh.signing.status import Answer, SignatureStatus

_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
_LATE = datetime(2026, 1, 1, tzinfo=UTC)
ACCEPTED = "accepted"
_SAID = {
    "changed": "the signed bytes do not match",
    "covers-a-part": "the signature does not cover its whole revision",
    "changed-after-signing": "what was appended is neither signing nor its upkeep",
    "filled-in-later": "a form was filled in after signing: people decide",
    "bytes-behind-the-end": "bytes that no revision explains stand behind the end: people decide",
    "weak-digest": "SHA-1 is not taken",
    "SIG-080": "not read to its end: nothing is known of it",
}


class _Silent:
    """Revocation is not what the table is about."""

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        raise Unavailable(SIG_TRUST_LIST, reason="not asked")


def answer(data: bytes) -> tuple[str, list[str]]:
    """(`accepted` where every signature is intact by an accepted digest, else what is wrong; sentences)."""
    found = statuses(data)
    sentences = [_SAID[reason] for reason in dict.fromkeys(reason for one in found for reason in one.reasons) if reason in _SAID]
    if not found:
        return "not signed", ["no signature with a value stands in it"]
    ours = "; ".join(f"intact {one.intact.value}" for one in found)
    if all(one.intact is Answer.YES for one in found):
        return ACCEPTED, ["every signature is intact, and what was appended is signing or its upkeep"]
    return ours, sentences


def statuses(data: bytes) -> tuple[SignatureStatus, ...]:
    """The statuses at the signing time of the first signature."""
    carried, at = _circumstances(data)
    roots = [one for one in carried if one.issuer == one.subject] or carried[-1:]
    listed = [_authority(one, AuthorityKind.ROOT) for one in roots]
    listed += [_authority(one, AuthorityKind.INTERMEDIATE) for one in carried if one not in roots]
    return verify_pdf(data, trust=TrustList(tuple(listed)), at=at, revocation=_Silent(), budget_s=1.0)


def _authority(certificate: x509.Certificate, kind: AuthorityKind) -> TrustedAuthority:
    from cryptography.hazmat.primitives.serialization import Encoding

    return TrustedAuthority("own", kind, certificate.public_bytes(Encoding.DER), _LONG_AGO)


def _circumstances(data: bytes) -> tuple[list[x509.Certificate], datetime]:
    """The authorities that a file carries, and the time it claims."""
    try:
        signatures = PdfFileReader(BytesIO(data)).embedded_regular_signatures
        carried = [one for signature in signatures for one in _carried(signature.other_embedded_certs)]
        claimed = signatures[0].self_reported_timestamp or _LATE
    except (*_UNREADABLE, IndexError):
        return [], _LATE
    return carried, (claimed if claimed.tzinfo else claimed.replace(tzinfo=UTC)) + timedelta(minutes=1)


def _carried(certificates: list) -> Iterator[x509.Certificate]:  # type: ignore[type-arg]
    for one in certificates:
        yield x509.load_der_x509_certificate(one.dump())
