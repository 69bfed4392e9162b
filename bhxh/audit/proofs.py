"""That a row is in the log and that the log only grew, proved from the stored tree. RFC 9162, section 2.1.

A proof first notes which subtrees it needs and then reads them in two statements: wide ones are kept, narrow ones are made from their
leaves. No proof leaves here that does not hold: where rows were removed, changed or moved, the sealed root is not met again.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bhxh.audit.digests import ENTRY_COLUMNS, LATER_ENTRY_COLUMNS, row_content
from bhxh.audit.errors import AUD_NO_ENTRY_TO_PROVE, AUD_NOT_IN_TREE, AUD_NOT_STAMPED, AUD_TREE_BROKEN
from bhxh.audit.models import Entry, Leaf
from bhxh.audit.queries import SealedHeadSeen, StampSeen, find_sealed_head, find_stamp_over
from bhxh.audit.tree import CompactRange, Subtree, is_consistent, is_included, prove_consistency, prove_inclusion
from bhxh.kernel.actor import ActorKind
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Defect, NotFound

KEPT_LEVEL: Final = 8
"""WHY: subtrees of 256 leaves and wider are kept; narrower ones are made again from at most 256 leaves."""

_WIDE = (
    'SELECT level, "index", hash FROM audit_inner_node JOIN unnest(%s::smallint[], %s::bigint[]) AS wanted (level, "index")'
    ' USING (level, "index")'
)
_NARROW = (
    "SELECT leaf_number, leaf_hash FROM unnest(%s::bigint[], %s::bigint[]) AS wanted (first, past)"
    " JOIN audit_leaf ON leaf_number >= first AND leaf_number < past ORDER BY leaf_number"
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LogProof:
    """That an entry was in the log before a time stamp, and that the latest sealed log still begins with the log of then."""

    entry_id: int
    shown: Json
    """The row's columns where they may be shown, else its digest."""
    leaf_number: int
    inclusion: tuple[bytes, ...]
    """In the stamped head's tree."""
    stamp: StampSeen
    consistency: tuple[bytes, ...]
    """From the stamped head's tree to the latest one's."""
    latest: SealedHeadSeen


def prove_entry(entry_id: int) -> InclusionProof:
    """That an entry is in the log, under the latest sealed head. Raises NotFound AUD-004 where it is not there yet; Defect AUD-014."""
    return _prove(Leaf.objects.filter(entry_id=entry_id).first())


def prove_look(look_id: UUID) -> InclusionProof:
    """The same for a look."""
    return _prove(Leaf.objects.filter(look_id=look_id).first())


def prove_growth(first_size: int, size: int) -> tuple[bytes, ...]:
    """Proof that the log of `size` begins with the log of `first_size`: nothing before was changed. See `tree.is_consistent`."""
    return _read_for(lambda subtree: prove_consistency(subtree, first_size, size), size)


def has_grown(first_size: int, first_root: bytes, size: int, root: bytes) -> bool:
    """Whether the tree of a root begins with the tree of an earlier one, by what is stored here."""
    try:
        return is_consistent(first_size, size, first_root, root, prove_growth(first_size, size))
    except Defect:
        return False


def prove_in_time(entry_id: int) -> LogProof:
    """That an entry was there by a time that somebody else attests, and still is.

    Raises: NotFound AUD-016 (no such entry), AUD-004 (not in a sealed tree yet), AUD-012 (not time-stamped yet); Defect AUD-014.
    """
    entry = Entry.objects.filter(entry_id=entry_id).first()
    if entry is None:
        raise NotFound(AUD_NO_ENTRY_TO_PROVE)
    leaf, latest = Leaf.objects.filter(entry_id=entry_id).first(), find_sealed_head()
    if leaf is None or latest is None or leaf.leaf_number >= latest.size:
        raise NotFound(AUD_NOT_IN_TREE)
    stamp = find_stamp_over(leaf.leaf_number)
    if stamp is None:
        raise NotFound(AUD_NOT_STAMPED)
    head = stamp.head
    consistency = prove_growth(head.size, latest.size)
    if not is_consistent(head.size, latest.size, head.root, latest.root, consistency):
        raise Defect(AUD_TREE_BROKEN, size=head.size)
    return LogProof(
        entry_id=entry_id,
        shown=_content(entry) if _may_be_shown(entry) else bytes(entry.digest).hex(),
        leaf_number=leaf.leaf_number,
        inclusion=_path(leaf, head),
        stamp=stamp,
        consistency=consistency,
        latest=latest,
    )


def _may_be_shown(entry: Entry) -> bool:
    """Whether a row names nobody, not even by a number of ours: what the installation itself did, about no single person."""
    persons = (entry.person_id, entry.acting_person_id, entry.on_behalf_of_person_id)
    return entry.actor_kind == ActorKind.SYSTEM.value and all(person is None for person in persons)


def _content(entry: Entry) -> list[Json]:
    later = {name: getattr(entry, name) for name in LATER_ENTRY_COLUMNS}
    return row_content([getattr(entry, name) for name in ENTRY_COLUMNS], later)


def _prove(leaf: Leaf | None) -> InclusionProof:
    sealed = find_sealed_head()
    if leaf is None or sealed is None or leaf.leaf_number >= sealed.size:
        raise NotFound(AUD_NOT_IN_TREE)
    return InclusionProof(
        leaf_number=leaf.leaf_number,
        leaf_hash=bytes(leaf.leaf_hash),
        size=sealed.size,
        path=_path(leaf, sealed),
        root=sealed.root,
        sealed_head=sealed.sealed,
    )


def _path(leaf: Leaf, head: SealedHeadSeen) -> tuple[bytes, ...]:
    number, size = leaf.leaf_number, head.size
    path = _read_for(lambda subtree: prove_inclusion(subtree, number, size), size)
    if not is_included(bytes(leaf.leaf_hash), number, size, path, head.root):
        raise Defect(AUD_TREE_BROKEN, size=size)
    return path


def _read_for(prove: Callable[[Subtree], tuple[bytes, ...]], size: int) -> tuple[bytes, ...]:
    """Prove with the stored hashes: asked once for which they are, then with them."""
    wanted: set[tuple[int, int]] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return b""

    prove(note)
    known = _read(wanted)
    if known.keys() != wanted:
        raise Defect(AUD_TREE_BROKEN, size=size)
    return prove(lambda level, index: known[level, index])


def _read(wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Hashes over complete subtrees: kept where they are wide, made from their leaves where they are narrow."""
    wide = [one for one in wanted if one[0] >= KEPT_LEVEL]
    narrow = [one for one in wanted if one[0] < KEPT_LEVEL]
    known: dict[tuple[int, int], bytes] = {}
    if wide:
        for level, index, hashed in _rows(_WIDE, [level for level, _ in wide], [index for _, index in wide]):
            known[level, index] = bytes(hashed)
    if narrow:
        firsts, pasts = [index << level for level, index in narrow], [(index + 1) << level for level, index in narrow]
        leaves = {number: bytes(hashed) for number, hashed in _rows(_NARROW, firsts, pasts)}
        for (level, index), first, past in zip(narrow, firsts, pasts, strict=True):
            if all(number in leaves for number in range(first, past)):
                known[level, index] = _root_of([leaves[number] for number in range(first, past)])
    return known


def _root_of(leaves: list[bytes]) -> bytes:
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def _rows(statement: str, *columns: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, columns)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
