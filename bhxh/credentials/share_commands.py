"""Share a part of one's card or book for some minutes, end it, open it."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bhxh.audit.commands import command, record, record_look
from bhxh.credentials.contents import Kind
from bhxh.credentials.errors import CRD_NO_SHARE, CRD_SHARE_PARTS, CRD_SHARE_TIME
from bhxh.credentials.models import Share
from bhxh.credentials.queries import content_now
from bhxh.credentials.shares import LONGEST_MINUTES, MOST_AT_ONCE, MOST_VIEWS, PARTS, Part, SharedView, rows_of
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.who import PERSON, REPRESENTATIVE, SYSTEM
from bhxh.registry.commands import lock_persons

_SECRET_BYTES: Final = 16
_KEPT: Final = timedelta(days=1)  # WHY at all: an opening that comes too late is told so for a while, then nothing is left of it


@command(by=PERSON | REPRESENTATIVE)
def share(*, actor: Actor, at: datetime, person_id: int, kind: Kind, parts: Collection[Part], minutes: int) -> tuple[str, datetime]:
    """The secret that opens it, known to nobody else and kept nowhere, and until when.

    Raises: Invalid CRD-030, CRD-031; NotFound BOK-003, REG-001, REG-002; Conflict CRD-001, CRD-002.
    """
    if not parts or not set(parts) <= PARTS[kind]:
        raise Invalid(CRD_SHARE_PARTS, where="parts", parts=", ".join(sorted(PARTS[kind])))
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(CRD_SHARE_TIME, where="minutes", most=LONGEST_MINUTES)
    lock_persons([person_id])
    content_now(person_id, kind, at)
    Share.objects.filter(person_id=person_id, expires_at__lt=at - _KEPT).delete()
    standing = Share.objects.filter(person_id=person_id, expires_at__gt=at).order_by("-made_at", "secret_sha256")
    for old in standing[MOST_AT_ONCE - 1 :]:
        _end(old, at)
    secret, expires_at = secrets.token_urlsafe(_SECRET_BYTES), at + timedelta(minutes=minutes)
    Share.objects.create(
        secret_sha256=_digest(secret),
        person_id=person_id,
        kind=kind.value,
        parts=",".join(sorted(parts)),
        made_at=at,
        expires_at=expires_at,
        views=0,
    )
    detail: dict[str, Json] = {"kind": kind.value, "parts": sorted(parts), "minutes": minutes}
    record(actor=actor, at=at, verb="credentials.share.make", person_id=person_id, detail=detail)
    return secret, expires_at


@command(by=PERSON | REPRESENTATIVE)
def end_shares(*, actor: Actor, at: datetime, person_id: int) -> int:
    """End everything that is shared now. Returns how many."""
    standing = list(Share.objects.filter(person_id=person_id, expires_at__gt=at))
    for one in standing:
        _end(one, at)
    record(actor=actor, at=at, verb="credentials.share.end", person_id=person_id, detail={"shares": len(standing)})
    return len(standing)


@command(by=PERSON | REPRESENTATIVE)
def end_share(*, actor: Actor, at: datetime, person_id: int, reference: str) -> None:
    """End one of what is shared now; one that is over already stays so. Raises NotFound CRD-032, also for another person's."""
    found = Share.objects.select_for_update().filter(person_id=person_id, secret_sha256=reference).first()
    if found is None:
        raise NotFound(CRD_NO_SHARE)
    if found.expires_at > at:
        _end(found, at)
    detail: dict[str, Json] = {"kind": found.kind, "views": found.views}
    record(actor=actor, at=at, verb="credentials.share.end_one", person_id=person_id, detail=detail)


@command(by=SYSTEM)
def open_share(*, actor: Actor, at: datetime, secret: str) -> SharedView:
    """What was shared, as the book says it now; the holder sees that it was opened.

    WHY one answer to all that is not there: whether a secret was ever right is nobody's business.
    Raises: NotFound CRD-032; Conflict CRD-001, CRD-002 where the card or the book holds no longer.
    """
    found = Share.objects.select_for_update().filter(secret_sha256=_digest(secret)).first()
    if found is None or at >= found.expires_at or found.views >= MOST_VIEWS:
        raise NotFound(CRD_NO_SHARE)
    kind, parts = Kind(found.kind), [Part(part) for part in found.parts.split(",")]
    view = SharedView(kind=kind, rows=rows_of(content_now(found.person_id, kind, at)[0], parts), expires_at=found.expires_at)
    found.views += 1
    found.save(update_fields=["views"])
    record_look(actor=actor, at=at, person_id=found.person_id, what="shared")
    detail: dict[str, Json] = {"kind": kind.value, "views": found.views}
    record(actor=actor, at=at, verb="credentials.share.open", person_id=found.person_id, detail=detail)
    return view


def _end(one: Share, at: datetime) -> None:
    one.expires_at = at
    one.save(update_fields=["expires_at"])


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()
