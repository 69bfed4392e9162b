"""Read what was issued. Whoever shows one writes down the look first."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import orjson

from bhxh.book.queries import get_payload_and_sealed, list_present
from bhxh.book.states import NAMES
from bhxh.credentials.contents import ISSUED_IN, Content, Kind, card_of, summary_of
from bhxh.credentials.errors import CRD_NOT_ACTIVE
from bhxh.credentials.models import Credential, Share, Withdrawal
from bhxh.credentials.shares import MOST_AT_ONCE, MOST_VIEWS, Part
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict
from bhxh.signing import cbor


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCredential:
    """One card or summary as it was issued."""

    kind: Kind
    text: str
    """What the QR code holds."""
    issued_at: datetime
    expires_at: datetime
    list_number: int
    list_index: int
    withdrawn_at: datetime | None = None
    """When its holder took it back, where somebody asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingShare:
    """Something its holder shows by a link now."""

    reference: str
    """Digest of the secret: names it to its holder, and opens nothing."""
    kind: Kind
    parts: tuple[Part, ...]
    made_at: datetime
    expires_at: datetime
    views: int
    """How often it was opened."""


def list_shares(person_id: int, *, at: datetime) -> tuple[StandingShare, ...]:
    """What a person shares now, that of last first; not what was opened as often as it may be."""
    rows = Share.objects.filter(person_id=person_id, expires_at__gt=at, views__lt=MOST_VIEWS).order_by("-made_at", "secret_sha256")
    return tuple(
        StandingShare(
            reference=row.secret_sha256,
            kind=Kind(row.kind),
            parts=tuple(part for part in Part if part.value in row.parts.split(",")),
            made_at=row.made_at,
            expires_at=row.expires_at,
            views=row.views,
        )
        for row in rows[:MOST_AT_ONCE]
    )


def as_view(row: Credential) -> IssuedCredential:
    """A row as other rooms may see it."""
    return IssuedCredential(
        kind=Kind(row.kind),
        text=row.text,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        list_number=row.list_number,
        list_index=row.list_index,
    )


def list_issued(person_id: int) -> tuple[IssuedCredential, ...]:
    """Everything ever issued of a person, the oldest first: for the person's own copy."""
    taken_back = dict(Withdrawal.objects.filter(person_id=person_id).values_list("n", "withdrawn_at"))
    rows = Credential.objects.filter(person_id=person_id).order_by("n")
    return tuple(replace(as_view(row), withdrawn_at=taken_back.get(row.n)) for row in rows)


def content_now(person_id: int, kind: Kind, at: datetime) -> tuple[Content, bytes]:
    """What a card or a summary says now, and its digest. Raises NotFound BOK-003, REG-001, REG-002; Conflict CRD-001, CRD-002."""
    payload, _ = get_payload_and_sealed(person_id)
    state = list_present([person_id])[person_id].state
    if state not in ISSUED_IN[kind]:
        raise Conflict(CRD_NOT_ACTIVE, state=NAMES[state][0], state_en=NAMES[state][1])
    book = orjson.loads(payload)
    is_card = kind is Kind.HEALTH_CARD
    content = card_of(book, day_in_vietnam(at)) if is_card else summary_of(book, sha256=sha256(payload).digest())
    return content, sha256(cbor.encode(content)).digest()
