"""Read the log: who looked, what was done, its sealed heads and their time stamps. Proofs are in `proofs.py`."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from bhxh.audit.errors import AUD_NO_SUCH_HEAD
from bhxh.audit.models import Entry, Head, Look, SealedHead, Stamp
from bhxh.kernel.actor import ActorKind
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import NotFound

STAMPED_EVERY: Final = timedelta(hours=1)
_LONGEST_PAGE = 1000
_STAMPS_PAGE = 100
_E_ID = "eid:"
"""How the account of somebody begins who signed in themselves; at the counter an officer types for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSeen:
    """One disclosure, as the person it concerns sees it."""

    at: datetime
    what: str
    actor_kind: str
    account: str
    acting_person_id: int | None
    employer_id: int | None
    purpose: str
    legal_basis: str
    dossier_id: UUID | None
    roles: tuple[str, ...]
    """An officer's roles or a program's grants at that time."""
    on_behalf_of_person_id: int | None
    consent_id: UUID | None
    mandate_id: UUID | None
    groups: tuple[str, ...]
    """What was shown, where fewer groups than `what` says."""
    reason: str
    look_id: UUID


_LOOK_SEEN = tuple(LookSeen.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySeen:
    """One change, as a dossier's history and the auditor see it."""

    entry_id: int
    at: datetime
    verb: str
    actor_kind: str
    account: str
    purpose: str
    legal_basis: str
    person_id: int | None
    dossier_id: UUID | None
    consent_id: UUID | None
    mandate_id: UUID | None
    detail: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedHeadSeen:
    """A head with the seal over it."""

    size: int
    root: bytes
    at: datetime
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StampSeen:
    """A sealed head with what the time-stamping authority said about it."""

    head: SealedHeadSeen
    stamped_at: datetime
    authority: str
    token: bytes
    certificates: tuple[bytes, ...]
    """DER, from the one that stamped up to the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """How far the log is numbered, sealed and stamped; the last row of three keys."""

    size: int
    numbered_at: datetime | None
    sealed_size: int
    sealed_at: datetime | None
    stamped_size: int
    stamped_at: datetime | None


def log_state() -> LogState:
    """Whether it goes on. Whether it is whole says `audit.verification`, which reads all of it."""
    head = Head.objects.order_by("-size").first()
    sealed = SealedHead.objects.order_by("-sealed_id").first()
    stamp = Stamp.objects.order_by("-size").first()
    return LogState(
        size=head.size if head else 0,
        numbered_at=head.at if head else None,
        sealed_size=sealed.size if sealed else 0,
        sealed_at=sealed.at if sealed else None,
        stamped_size=stamp.size if stamp else 0,
        stamped_at=stamp.stamped_at if stamp else None,
    )


def list_looks(
    person_id: int, *, before: UUID | None = None, except_by_person_id: int | None = None, limit: int = 100
) -> tuple[LookSeen, ...]:
    """Who saw this person's data, latest first.

    Shape:  a page; `before` is the last look of the page before. `except_by_person_id` leaves out what that person did for themselves.
    """
    rows = Look.objects.filter(person_id=person_id)
    if before is not None:
        rows = rows.filter(look_id__lt=before)
    if except_by_person_id is not None:
        rows = rows.exclude(
            actor_kind=ActorKind.PERSON.value, acting_person_id=except_by_person_id, employer_id__isnull=True, account__startswith=_E_ID
        )
    # WHY by id: they are made of the instant, and the table is keyed by them; a page costs the same however many looks there are.
    return tuple(seen_look(row) for row in rows.order_by("-look_id").values(*_LOOK_SEEN)[: min(limit, _LONGEST_PAGE)])


def seen_look(row: Mapping[str, Any]) -> LookSeen:
    """A row as callers see it."""
    listed = {name: tuple(row[name].split(",")) if row[name] else () for name in ("roles", "groups")}
    return LookSeen(**{**row, **listed, "reason": row["reason"] or ""})


def list_entries(dossier_id: UUID, limit: int = 500) -> tuple[EntrySeen, ...]:
    """What was done in one dossier, in the order it was written."""
    fields = tuple(EntrySeen.__dataclass_fields__)
    rows = Entry.objects.filter(dossier_id=dossier_id).order_by("entry_id").values(*fields)
    return tuple(EntrySeen(**row) for row in rows[: min(limit, _LONGEST_PAGE)])


def find_sealed_head() -> SealedHeadSeen | None:
    """The latest sealed head."""
    sealed = SealedHead.objects.order_by("-sealed_id").first()
    return None if sealed is None else seen_sealed_head(sealed)


def get_sealed_head(size: int) -> SealedHeadSeen:
    """The first head sealed at that size. Raises NotFound AUD-013."""
    sealed = SealedHead.objects.filter(size=size).order_by("sealed_id").first()
    if sealed is None:
        raise NotFound(AUD_NO_SUCH_HEAD, size=size)
    return seen_sealed_head(sealed)


def is_head_sealed(*, size: int, root: bytes) -> bool:
    """Whether a head of that size was sealed over this root."""
    return SealedHead.objects.filter(size=size, root=root).exists()


def is_stamp_due(at: datetime) -> bool:
    """Whether no stamp was asked for within the hour before."""
    last = Stamp.objects.order_by("-size").first()
    return last is None or not at - STAMPED_EVERY < last.asked_at


def list_stamps(*, before: int | None = None) -> tuple[StampSeen, ...]:
    """Stamped heads, latest first: a page; `before` is the last size of the page before."""
    rows = Stamp.objects.all() if before is None else Stamp.objects.filter(size__lt=before)
    return _seen_stamps(list(rows.order_by("-size")[:_STAMPS_PAGE]))


def find_stamp(size: int) -> StampSeen | None:
    """The stamp of the head of that size."""
    return next(iter(_seen_stamps(list(Stamp.objects.filter(size=size)))), None)


def find_stamp_over(leaf_number: int) -> StampSeen | None:
    """The earliest stamped head that a leaf is under."""
    return next(iter(_seen_stamps(list(Stamp.objects.filter(size__gt=leaf_number).order_by("size")[:1]))), None)


def seen_sealed_head(sealed: SealedHead) -> SealedHeadSeen:
    """A row as callers see it."""
    return SealedHeadSeen(size=sealed.size, root=bytes(sealed.root), at=sealed.at, sealed=bytes(sealed.sealed))


def _seen_stamps(rows: list[Stamp]) -> tuple[StampSeen, ...]:
    heads = SealedHead.objects.in_bulk([row.sealed_id for row in rows])
    return tuple(
        StampSeen(
            head=seen_sealed_head(heads[row.sealed_id]),
            stamped_at=row.stamped_at,
            authority=row.authority,
            token=bytes(row.token),
            certificates=tuple(b64decode(one) for one in row.certificates),
        )
        for row in rows
    )
