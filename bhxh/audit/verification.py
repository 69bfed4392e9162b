"""Recompute the log from its tables and say whether it is whole; name the first leaf that is not.

Everything is computed anew: the digest of each row from its columns, its leaf, the tree, the roots. Nothing kept is believed
but the sealed heads, and those only when `open_seal` could open them. Whoever owns the database could rewrite these too: a head that was
kept elsewhere (`KeptHead`) convicts them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any

import orjson
from django.db import connection
from django.db.models import Max

from bhxh.audit.digests import ENTRY_COLUMNS, LATER_ENTRY_COLUMNS, LATER_LOOK_COLUMNS, LOOK_COLUMNS, digest, entry_leaf, look_leaf
from bhxh.audit.errors import AUD_NO_HEAD
from bhxh.audit.models import Epoch, Head, SealedHead
from bhxh.audit.proofs import has_grown
from bhxh.audit.tree import HASH_BYTES, CompactRange
from bhxh.kernel.errors import BhxhError, Invalid

_PAGE = 5000


class Problem(StrEnum):
    """What can be wrong with a log."""

    NONE = ""
    LEAF_MISSING = "leaf_missing"
    ROW_MISSING = "row_missing"
    ROW_CHANGED = "row_changed"
    LEAF_CHANGED = "leaf_changed"
    HEAD_DIFFERS = "head_differs"
    SEAL_DIFFERS = "seal_differs"
    SEAL_BROKEN = "seal_broken"
    ROW_SLIPPED_IN = "row_slipped_in"
    """A row older than the cursor without a leaf: it was written around the sequencer."""
    SHORTER_THAN_PUBLISHED = "shorter_than_published"
    """A head with more rows was published: this is an older state, or rows at the end are gone."""
    OTHER_THAN_PUBLISHED = "other_than_published"
    """The tree does not begin with a published one: something below it was changed, removed or moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReport:
    """The log's state. `first_bad_leaf` is the first that cannot be trusted, None where all can."""

    size: int
    root: bytes
    sealed_size: int
    seals_checked: int
    waiting: int
    """Rows not numbered yet; no fault."""
    problem: Problem
    first_bad_leaf: int | None

    @property
    def is_whole(self) -> bool:
        """No problem found."""
        return self.problem is Problem.NONE


@dataclass(frozen=True, slots=True)
class LeafRow:
    """One leaf as kept, beside what its row hashes to now."""

    leaf_number: int
    kept_hash: bytes
    row_digest: bytes | None
    """None where the row is gone."""
    digest_now: bytes
    hash_now: bytes


@dataclass(frozen=True, slots=True)
class KnownRoot:
    """A root written down earlier."""

    size: int
    root: bytes
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A sealed head as somebody kept it outside this database."""

    size: int
    root: bytes

    @classmethod
    def open(cls, sealed: bytes, open_seal: Callable[[bytes], bytes]) -> "KeptHead":
        """Read one whose seal holds. Raises Invalid AUD-017."""
        try:
            size, root = _said_by(open_seal(sealed))
            kept = cls(size, bytes.fromhex(root))
        except (BhxhError, ValueError, TypeError, AttributeError):
            raise Invalid(AUD_NO_HEAD) from None
        if kept.size < 1 or len(kept.root) != HASH_BYTES:
            raise Invalid(AUD_NO_HEAD)
        return kept


def verify_tables(open_seal: Callable[[bytes], bytes] | None = None, kept: KeptHead | None = None) -> LogReport:
    """Check the whole log of this database. `open_seal` verifies a seal and gives its payload; raises where it does not hold."""
    size, root, problem, bad = verify_rows(_read_leaves(), known=_read_roots())
    checked = 0
    if problem is Problem.NONE and open_seal is not None:
        checked, problem, bad = _check_seals(open_seal)
    waiting, slipped = _count_unnumbered()
    if problem is Problem.NONE and slipped:
        problem, bad = Problem.ROW_SLIPPED_IN, size
    if problem is Problem.NONE and kept is not None:
        problem, bad = _compare(kept, size, root)
    return LogReport(
        size=size,
        root=root,
        sealed_size=SealedHead.objects.aggregate(Max("size", default=0))["size__max"],
        seals_checked=checked,
        waiting=waiting,
        problem=problem,
        first_bad_leaf=bad,
    )


def verify_rows(rows: Iterator[LeafRow], *, known: Iterator[KnownRoot]) -> tuple[int, bytes, Problem, int | None]:
    """Grow the tree from the rows and compare it with every root known, in order of size.

    Shape: pure; both are read once and never held. Returns size, root, problem, first bad leaf.
    """
    tree, proved = CompactRange(), 0
    expected = next(known, None)
    for row in rows:
        problem = _problem_of(row, tree.size)
        if problem is not Problem.NONE:
            return tree.size, tree.root(), problem, tree.size
        tree.append(row.hash_now)
        while expected is not None and expected.size == tree.size:
            if expected.root != tree.root():
                return tree.size, tree.root(), Problem.SEAL_DIFFERS if expected.is_sealed else Problem.HEAD_DIFFERS, proved
            proved = tree.size if expected.is_sealed else proved
            expected = next(known, None)
    if expected is not None:
        return tree.size, tree.root(), Problem.LEAF_MISSING, tree.size
    return tree.size, tree.root(), Problem.NONE, None


def _problem_of(row: LeafRow, expected_number: int) -> Problem:
    if row.leaf_number != expected_number:
        return Problem.LEAF_MISSING
    if row.row_digest is None:
        return Problem.ROW_MISSING
    if row.row_digest != row.digest_now:
        return Problem.ROW_CHANGED
    return Problem.NONE if row.kept_hash == row.hash_now else Problem.LEAF_CHANGED


def _read_leaves() -> Iterator[LeafRow]:
    columns = ["leaf.leaf_number", "leaf.leaf_hash", "leaf.entry_id", "entry.digest", "look.digest", "leaf.person_id", "leaf.look_id"]
    columns += [f"entry.{name}" for name in (*ENTRY_COLUMNS, *LATER_ENTRY_COLUMNS)]
    columns += [f"look.{name}" for name in (*LOOK_COLUMNS, *LATER_LOOK_COLUMNS)]
    statement = (
        f"SELECT {', '.join(columns)} FROM audit_leaf AS leaf LEFT JOIN audit_entry AS entry ON entry.entry_id = leaf.entry_id"
        " LEFT JOIN audit_look AS look ON look.person_id = leaf.person_id AND look.look_id = leaf.look_id"
        " WHERE leaf.leaf_number > %s ORDER BY leaf.leaf_number LIMIT %s"
    )
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [last, _PAGE])
            rows = cursor.fetchall()
        for row in rows:
            yield _leaf_row(row)
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]


def _read_roots() -> Iterator[KnownRoot]:
    """Heads and sealed heads by size; of the same size the sealed one last, because it alone proves."""
    heads = ((head.size, 0, bytes(head.root)) for head in Head.objects.order_by("size").iterator())
    seals = ((seal.size, 1, bytes(seal.root)) for seal in SealedHead.objects.order_by("size", "sealed_id").iterator())
    for size, rank, root in merge(heads, seals):
        yield KnownRoot(size, root, is_sealed=rank == 1)


def _leaf_row(row: tuple[Any, ...]) -> LeafRow:
    number, kept, entry_id, entry_digest, look_digest, person_id, look_id = row[:7]
    rest = iter(row[7:])
    entry, entry_later = tuple(islice(rest, len(ENTRY_COLUMNS))), dict(zip(LATER_ENTRY_COLUMNS, rest, strict=False))
    look, look_later = tuple(islice(rest, len(LOOK_COLUMNS))), dict(zip(LATER_LOOK_COLUMNS, rest, strict=True))
    kept_digest = entry_digest if entry_id is not None else look_digest
    if kept_digest is None:
        return LeafRow(number, bytes(kept), None, b"", b"")
    if entry_id is None:
        now = digest(look, look_later)
        return LeafRow(number, bytes(kept), bytes(kept_digest), now, look_leaf(person_id, look_id, now))
    detail = orjson.loads(entry[-1]) if isinstance(entry[-1], str | bytes) else entry[-1]
    now = digest((*entry[:-1], detail), entry_later)
    return LeafRow(number, bytes(kept), bytes(kept_digest), now, entry_leaf(entry_id, now))


def _check_seals(open_seal: Callable[[bytes], bytes]) -> tuple[int, Problem, int | None]:
    """How many seals held, and the first that did not."""
    proved, checked = 0, 0
    for seal in SealedHead.objects.order_by("sealed_id").iterator():
        try:
            said = _said_by(open_seal(bytes(seal.sealed)))
        except Exception:  # noqa: BLE001 - whatever the opener raises, the seal did not hold
            return checked, Problem.SEAL_BROKEN, proved
        if said != (seal.size, bytes(seal.root).hex()):
            return checked, Problem.SEAL_DIFFERS, proved
        proved, checked = seal.size, checked + 1
    return checked, Problem.NONE, None


def _said_by(payload: bytes) -> tuple[Any, Any]:
    """Size and root of a head's payload."""
    said = orjson.loads(payload)
    return said.get("size"), said.get("root")


def _compare(kept: KeptHead, size: int, root: bytes) -> tuple[Problem, int | None]:
    """What was recomputed, held to what was published."""
    if size < kept.size:
        return Problem.SHORTER_THAN_PUBLISHED, size
    return (Problem.NONE, None) if has_grown(kept.size, kept.root, size, root) else (Problem.OTHER_THAN_PUBLISHED, 0)


def _count_unnumbered() -> tuple[int, int]:
    """Rows without a leaf: all of them, and those the sequencer has already passed."""
    epoch, head = Epoch.objects.order_by("-epoch").first(), Head.objects.order_by("-size").first()
    passed = str(head.cursor_txid if head and epoch and head.epoch == epoch.epoch else epoch.first_txid if epoch else 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE txid < %s::xid8) FROM ("
            " SELECT txid FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.entry_id = e.entry_id)"
            " UNION ALL"
            " SELECT txid FROM audit_look k WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.look_id = k.look_id)) AS unnumbered",
            [passed],
        )
        waiting, slipped = cursor.fetchone()
    return waiting, slipped
