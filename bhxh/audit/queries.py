"""Read the log: earlier answers, who looked, what was done, and proofs that a row is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from bhxh.audit.errors import AUD_KEY_REUSED, AUD_NOT_IN_TREE
from bhxh.audit.models import Entry, Head, IdempotencyKey, InnerNode, Leaf, Look, SealedHead
from bhxh.audit.tree import CompactRange, prove_consistency, prove_inclusion
from bhxh.kernel.actor import ActorKind
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Conflict, NotFound

_KEPT_LEVEL = 8
_LONGEST_PAGE = 1000
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
class HeadSeen:
    """The tree's size and root."""

    size: int
    root: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedHeadSeen:
    """A head with the seal over it."""

    size: int
    root: bytes
    at: datetime
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """What an outsider needs to check, with `tree.is_included`, that one row is in the log under a sealed root."""

    leaf_number: int
    leaf_hash: bytes
    size: int
    path: tuple[bytes, ...]
    root: bytes
    sealed_head: bytes
    """The seal over this very size and root; asked for afterwards, it may be a later one."""


def find_answer(scope: str, key: str, content_sha256: str) -> Json | None:
    """The answer first given to an idempotency key. Raises Conflict AUD-003 where the key was used for other content."""
    kept = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if kept is None:
        return None
    if kept.content_sha256 != content_sha256:
        raise Conflict(AUD_KEY_REUSED)
    return cast("Json", kept.answer)


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


def get_head() -> HeadSeen | None:
    """The tree as it stands; None for an empty log."""
    head = Head.objects.order_by("-size").first()
    return None if head is None else HeadSeen(size=head.size, root=bytes(head.root), at=head.at)


def find_sealed_head() -> SealedHeadSeen | None:
    """The latest sealed head."""
    sealed = SealedHead.objects.order_by("-sealed_id").first()
    return None if sealed is None else seen_sealed_head(sealed)


def prove_entry(entry_id: int) -> InclusionProof:
    """That an entry is in the log, under the latest sealed head. Raises NotFound AUD-004 where it is not there yet."""
    return _prove(Leaf.objects.filter(entry_id=entry_id).first())


def prove_look(look_id: UUID) -> InclusionProof:
    """The same for a look."""
    return _prove(Leaf.objects.filter(look_id=look_id).first())


def prove_growth(first_size: int, size: int) -> tuple[bytes, ...]:
    """Proof that the log of `size` begins with the log of `first_size`: nothing before was changed. See `tree.is_consistent`."""
    return prove_consistency(_subtree, first_size, size)


def seen_sealed_head(sealed: SealedHead) -> SealedHeadSeen:
    """A row as callers see it."""
    return SealedHeadSeen(size=sealed.size, root=bytes(sealed.root), at=sealed.at, sealed=bytes(sealed.sealed))


def _prove(leaf: Leaf | None) -> InclusionProof:
    sealed = find_sealed_head()
    if leaf is None or sealed is None or leaf.leaf_number >= sealed.size:
        raise NotFound(AUD_NOT_IN_TREE)
    path = prove_inclusion(_subtree, leaf.leaf_number, sealed.size)
    return InclusionProof(
        leaf_number=leaf.leaf_number,
        leaf_hash=bytes(leaf.leaf_hash),
        size=sealed.size,
        path=path,
        root=sealed.root,
        sealed_head=sealed.sealed,
    )


def _subtree(level: int, index: int) -> bytes:
    """Hash over the complete subtree: kept where it is wide, made from its leaves where it is narrow."""
    if level >= _KEPT_LEVEL:
        return bytes(InnerNode.objects.values_list("hash", flat=True).get(level=level, index=index))
    tree = CompactRange()
    run = Leaf.objects.filter(leaf_number__gte=index << level, leaf_number__lt=(index + 1) << level).order_by("leaf_number")
    for hashed in run.values_list("leaf_hash", flat=True):
        tree.append(bytes(hashed))
    return tree.root()
