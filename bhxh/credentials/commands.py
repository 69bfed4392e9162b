"""Issue cards and summaries, and take them back for their holder."""

from datetime import datetime, timedelta
from typing import Final

from bhxh.audit.commands import command, record
from bhxh.credentials.contents import Content, Kind, claims_of, expiry_of, subject_of
from bhxh.credentials.errors import CRD_WITHDRAWN_TOO_OFTEN
from bhxh.credentials.issuing import Issuer
from bhxh.credentials.models import Credential, Withdrawal
from bhxh.credentials.queries import IssuedCredential, as_view, content_now
from bhxh.credentials.status_commands import publish_list, publish_lists_of
from bhxh.credentials.status_lists import LIST_SIZE
from bhxh.credentials.status_queries import has_list
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Conflict
from bhxh.kernel.who import PERSON, REPRESENTATIVE, SYSTEM
from bhxh.registry.appending import next_ids
from bhxh.registry.commands import lock_persons
from bhxh.signing.cose_seals import seal_claims
from bhxh.signing.ports import SealKey

_STRIDE: Final = 78_989
"""Odd, so that the places of a list are all met once: neighbours in time do not stand beside each other."""
_DAY: Final = timedelta(days=1)
MOST_WITHDRAWALS: Final = 5  # LIMIT: times a day; each makes lists anew and the next code takes another place
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
    is_new = standing is None or bytes(standing.content_digest) != digest or at >= _half_time(standing) or _is_withdrawn(standing)
    if is_new or standing is None:
        latest = earlier.values_list("n", flat=True).first() or 0
        standing = _issued(person_id, latest + 1, kind, content, digest, at=at, issuer=issuer, key=key)
        standing.save(force_insert=True)
        if not has_list(standing.list_number):
            publish_list(actor=actor, at=at, list_number=standing.list_number, issuer=issuer, key=key)
    detail: dict[str, Json] = {"kind": kind.value, "n": standing.n, "is_new": is_new, "kid": standing.kid}
    record(actor=actor, at=at, verb="credentials.credential.issue", person_id=person_id, detail=detail)
    return as_view(standing)


@command(by=PERSON | REPRESENTATIVE)
def withdraw(*, actor: Actor, at: datetime, person_id: int, kind: Kind, issuer: Issuer, key: SealKey) -> int:
    """Take back every code of the kind that has not expired. Returns how many. Status lists say it at once; asked for again, a new one is issued.

    Raises: Conflict CRD-007.
    """
    lock_persons([person_id])
    taken_back = Withdrawal.objects.filter(person_id=person_id)
    # WHY counted by instants: codes taken back together are one time.
    if taken_back.filter(withdrawn_at__gt=at - _DAY).values("withdrawn_at").distinct().count() >= MOST_WITHDRAWALS:
        raise Conflict(CRD_WITHDRAWN_TOO_OFTEN, most=MOST_WITHDRAWALS)
    holding = Credential.objects.filter(person_id=person_id, kind=kind.value, expires_at__gt=at)
    numbers = sorted({*holding.values_list("n", flat=True)} - {*taken_back.values_list("n", flat=True)})
    Withdrawal.objects.bulk_create(Withdrawal(person_id=person_id, n=n, withdrawn_at=at) for n in numbers)
    if numbers:
        publish_lists_of(person_id, actor=actor, at=at, issuer=issuer, key=key)
    record(
        actor=actor, at=at, verb="credentials.credential.withdraw", person_id=person_id, detail={"kind": kind.value, "codes": len(numbers)}
    )
    return len(numbers)


def _is_withdrawn(standing: Credential) -> bool:
    return Withdrawal.objects.filter(person_id=standing.person_id, n=standing.n).exists()


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
