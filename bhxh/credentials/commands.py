"""Issue cards and summaries."""

from datetime import datetime
from typing import Final

from bhxh.audit.commands import command, record
from bhxh.credentials.contents import Content, Kind, claims_of, expiry_of, subject_of
from bhxh.credentials.issuing import Issuer
from bhxh.credentials.models import Credential
from bhxh.credentials.queries import IssuedCredential, as_view, content_now
from bhxh.credentials.status_commands import publish_list
from bhxh.credentials.status_lists import LIST_SIZE
from bhxh.credentials.status_queries import has_list
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.who import PERSON, REPRESENTATIVE, SYSTEM
from bhxh.registry.appending import next_ids
from bhxh.registry.commands import lock_persons
from bhxh.signing.cose_seals import seal_claims
from bhxh.signing.ports import SealKey

_STRIDE: Final = 78_989
"""Odd, so that the places of a list are all met once: neighbours in time do not stand beside each other."""
MOST_CHARACTERS: Final = 600  # LIMIT: what phones and photocopies still read at error level M


@command(by=PERSON | REPRESENTATIVE | SYSTEM)
def issue(*, actor: Actor, at: datetime, person_id: int, kind: Kind, issuer: Issuer, key: SealKey) -> IssuedCredential:
    """The person's health card or book summary as the text of a QR code. Asked again it gives the same until half its time is over.

    Shape:  what it says is what the latest sealed book says. A new one replaces the one before, which the status list says within the hour.
    Raises: NotFound BOK-003, REG-001, REG-002; Conflict CRD-001, CRD-002.
    """
    lock_persons([person_id])
    content, digest = content_now(person_id, kind, at)
    earlier = Credential.objects.filter(person_id=person_id).order_by("-n")
    standing = earlier.filter(kind=kind.value).first()
    is_new = standing is None or bytes(standing.content_digest) != digest or at >= _half_time(standing)
    if is_new or standing is None:
        latest = earlier.values_list("n", flat=True).first() or 0
        standing = _issued(person_id, latest + 1, kind, content, digest, at=at, issuer=issuer, key=key)
        standing.save(force_insert=True)
        if not has_list(standing.list_number):
            publish_list(actor=actor, at=at, list_number=standing.list_number, issuer=issuer, key=key)
    detail: dict[str, Json] = {"kind": kind.value, "n": standing.n, "is_new": is_new, "kid": standing.kid}
    record(actor=actor, at=at, verb="credentials.credential.issue", person_id=person_id, detail=detail)
    return as_view(standing)


def _half_time(standing: Credential) -> datetime:
    half: datetime = standing.issued_at + (standing.expires_at - standing.issued_at) / 2
    return half


def _issued(
    person_id: int, n: int, kind: Kind, content: Content, digest: bytes, *, at: datetime, issuer: Issuer, key: SealKey
) -> Credential:
    [drawn] = next_ids("credentials_place_number", 1)
    number, position = divmod(drawn, LIST_SIZE)
    index = position * _STRIDE % LIST_SIZE
    at = at.replace(microsecond=0)
    expires_at = expiry_of(content, at)
    text = _fitted(content, issuer=issuer, at=at, expires_at=expires_at, place=(number, index), key=key)
    return Credential(
        person_id=person_id,
        n=n,
        kind=kind.value,
        subject=subject_of(content),
        content_digest=digest,
        list_number=number,
        list_index=index,
        issued_at=at,
        expires_at=expires_at,
        text=text,
        kid=key.kid,
    )


def _fitted(content: Content, *, issuer: Issuer, at: datetime, expires_at: datetime, place: tuple[int, int], key: SealKey) -> str:
    """Sealed; where the text would grow too long for a photocopy, workplaces are left out, the oldest first."""
    while True:
        claims = claims_of(
            content,
            issued_at=at,
            expires_at=expires_at,
            status_address=issuer.status_address(place[0]),
            status_index=place[1],
        )
        text = seal_claims(claims, key=key)
        work = content.get("work")
        if len(text) <= MOST_CHARACTERS or not isinstance(work, list) or not work:
            return text
        content = {**content, "work": work[:-1]}
