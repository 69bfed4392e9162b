"""Number committed rows as leaves of the tree, seal the tree's head, have it time-stamped: each second, each minute, each hour.

A writer never waits for the tree: it writes its row with the id of its transaction and is done. The sequencer takes the
rows of transactions below the *horizon*, the oldest transaction still open: nothing with a lower id can appear any more,
so an order by transaction id is final and no row is overlooked, however long its transaction took to commit.

WHY no `@command` here: these functions are the journal. An entry about each batch would itself be a row to number, for ever.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic, sleep
from typing import Any

from django.db import connection, transaction

from bhxh.audit.digests import entry_leaf, look_leaf
from bhxh.audit.errors import AUD_HORIZON_HELD, AUD_STAMP_TOO_EARLY
from bhxh.audit.models import Epoch, Head, InnerNode, SealedHead, Stamp
from bhxh.audit.ports import HeadStamper, RootSealer
from bhxh.audit.proofs import KEPT_LEVEL
from bhxh.audit.queries import SealedHeadSeen, StampSeen, find_stamp, seen_sealed_head
from bhxh.audit.tree import CompactRange
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Nonsense, Unavailable

_BATCH = 5000  # LIMIT: a transaction of about a tenth of a second
_CLOCKS_DIFFER = timedelta(minutes=5)  # LIMIT: how far the authority's clock may be behind ours
_ONE_SEQUENCER = 742_010  # advisory lock; the key of audit_head refuses a second sequencer even without it

_UNNUMBERED = """
    SELECT txid, 0 AS kind, entry_id, NULL::bigint AS person_id, NULL::uuid AS look_id, digest FROM audit_entry AS row
     WHERE {range} AND NOT EXISTS (SELECT 1 FROM audit_leaf WHERE audit_leaf.entry_id = row.entry_id)
    UNION ALL
    SELECT txid, 1, NULL, person_id, look_id, digest FROM audit_look AS row
     WHERE {range} AND NOT EXISTS (SELECT 1 FROM audit_leaf WHERE audit_leaf.look_id = row.look_id)
     ORDER BY txid, kind, entry_id, look_id LIMIT {limit}
"""
_BELOW_HORIZON = _UNNUMBERED.format(range="txid >= %(cursor)s::xid8 AND txid < pg_snapshot_xmin(pg_current_snapshot())", limit=_BATCH)
_LEFT_OVER = _UNNUMBERED.format(range="TRUE", limit="ALL")


def sequence(at: datetime) -> int:
    """Number everything committed below the horizon, in batches. Returns how many rows got their leaf."""
    numbered = 0
    while True:
        batch = _sequence_batch(at)
        numbered += batch
        if batch < _BATCH:
            return numbered


def sequence_to_end(at: datetime, *, patience_s: float) -> int:
    """Number everything that was committed when this was called, waiting for transactions still open then.

    Raises: Unavailable AUD-006 where one of them stays open longer than the patience.
    """
    started, numbered = monotonic(), 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        target = cursor.fetchone()[0]
    while True:
        numbered += sequence(at)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            horizon = cursor.fetchone()[0]
        if horizon >= target:
            return numbered + sequence(at)
        if monotonic() - started > patience_s:
            raise Unavailable(AUD_HORIZON_HELD, waited_s=int(patience_s))
        sleep(0.05)


def seal_head(at: datetime, sealer: RootSealer) -> SealedHeadSeen | None:
    """Sign the present head. Where nothing was added since the last seal, that one stands; None for an empty log."""
    head, last = Head.objects.order_by("-size").first(), SealedHead.objects.order_by("-sealed_id").first()
    if head is None:
        return None
    if last is not None and last.size == head.size:
        return seen_sealed_head(last)
    payload = canonical_bytes({"at": at.isoformat(), "root": bytes(head.root).hex(), "size": head.size, "type": "bhxh-audit-head"})
    return seen_sealed_head(SealedHead.objects.create(size=head.size, root=head.root, at=at, sealed=sealer.seal(payload)))


def stamp_head(at: datetime, stamper: HeadStamper) -> StampSeen | None:
    """Have the latest sealed head time-stamped. The stamp it has already stands; None where nothing is sealed.

    The time is the authority's: a head that could not be stamped is stamped later, or the next one is, and nothing is backdated.
    Raises: the stamper's Trouble and Invalid; Nonsense AUD-015 for a time before the seal's own.
    """
    sealed = SealedHead.objects.order_by("-sealed_id").first()
    if sealed is None:
        return None
    if kept := find_stamp(sealed.size):
        return kept
    made = stamper.stamp(sha256(bytes(sealed.sealed)).digest(), at)
    if made.stamped_at < sealed.at - _CLOCKS_DIFFER:
        raise Nonsense(AUD_STAMP_TOO_EARLY, stamped_at=made.stamped_at.isoformat(), sealed_at=sealed.at.isoformat())
    row = Stamp(
        size=sealed.size,
        sealed_id=sealed.sealed_id,
        asked_at=at,
        stamped_at=made.stamped_at,
        authority=made.authority,
        token=made.token,
        certificates=[b64encode(one).decode() for one in made.certificates],
    )
    Stamp.objects.bulk_create([row], ignore_conflicts=True)  # WHY: two may have asked at once; the first one's stamp stands
    return find_stamp(sealed.size)


def _sequence_batch(at: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_SEQUENCER])
        epoch = _present_epoch(cursor, at)
        head = Head.objects.order_by("-size").first()
        in_this_epoch = head is not None and head.epoch == epoch.epoch
        cursor.execute(_BELOW_HORIZON, {"cursor": str(head.cursor_txid if head and in_this_epoch else epoch.first_txid)})
        return _append(cursor.fetchall(), at, head, epoch.epoch)


def _present_epoch(cursor: Any, at: datetime) -> Epoch:
    """The epoch of this cluster, opened now where the log comes from another one.

    WHY: transaction ids are a cluster's own. After a restore they start lower than the rows' and would order nothing.
    Leftovers of the old cluster are numbered first, found by what has no leaf yet; from then on the new ids count.
    """
    cursor.execute("SELECT system_identifier::text, pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM pg_control_system()")
    cluster, horizon = cursor.fetchone()
    last = Epoch.objects.order_by("-epoch").first()
    if last is not None and last.cluster == cluster:
        return last
    head = Head.objects.order_by("-size").first()
    number, size = (last.epoch if last else 0), (head.size if head else 0)
    if last is not None:
        # WHY the horizon was read before: what commits between the two statements has an id from it on and is met again.
        cursor.execute(_LEFT_OVER)
        size += _append(cursor.fetchall(), at, head, number)
    return Epoch.objects.create(epoch=number + 1, opened_at=at, cluster=cluster, first_txid=horizon if last else 0, first_leaf=size)


def _append(rows: Sequence[tuple[Any, ...]], at: datetime, head: Head | None, epoch: int) -> int:
    if not rows:
        return 0
    tree = CompactRange.from_bytes(head.size, bytes(head.peaks)) if head else CompactRange()
    leaves, nodes = [], []
    for _, kind, entry_id, person_id, look_id, digest in rows:
        hashed = entry_leaf(entry_id, bytes(digest)) if kind == 0 else look_leaf(person_id, look_id, bytes(digest))
        leaves.append((tree.size, entry_id, person_id, look_id, hashed))
        nodes += [InnerNode(level=n.level, index=n.index, hash=n.hash) for n in tree.append(hashed) if n.level >= KEPT_LEVEL]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_leaf (leaf_number, entry_id, person_id, look_id, leaf_hash)"
            " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::uuid[], %s::bytea[])",
            [list(column) for column in zip(*leaves, strict=True)],
        )
    InnerNode.objects.bulk_create(nodes, batch_size=1000)
    Head.objects.create(size=tree.size, at=at, epoch=epoch, cursor_txid=int(rows[-1][0]), peaks=tree.to_bytes(), root=tree.root())
    return len(rows)
