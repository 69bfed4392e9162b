"""`python -m bench log_proof`: a proof that one of ten million rows is in the log, and that the log grew from an earlier head.

The tree is built by set-based SQL as the sequencer keeps it (leaves, subtrees from 256 leaves on, the head); the entries' own rows, which no
inclusion proof reads, are not. Some minutes and 3 GB while it runs, so it is run by name only. Beside: the bare statements of one proof.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg

from bench.measuring import Row

_ROWS, _SAMPLES = 10_000_000, 500
_TARGET_MS = 5.0
_AT = datetime(2026, 11, 22, tzinfo=UTC)

_LEAVES = """
    INSERT INTO audit_leaf (leaf_number, entry_id, leaf_hash)
    SELECT n, n + 1, sha256('\\x00'::bytea || convert_to('["entry",' || (n + 1) || ',"' || encode(sha256(int8send(n)), 'hex') || '"]', 'UTF8'))
      FROM generate_series(0, %s::bigint - 1) AS n"""
_FIRST_LEVEL = "CREATE TEMP TABLE level_0 ON COMMIT DROP AS SELECT leaf_number AS i, leaf_hash AS h FROM audit_leaf ORDER BY leaf_number"
_NEXT_LEVEL = """
    CREATE TEMP TABLE level_{level} ON COMMIT DROP AS
    SELECT i / 2 AS i, sha256('\\x01'::bytea || h || after) AS h
      FROM (SELECT i, h, lead(h) OVER (ORDER BY i) AS after FROM level_{below}) AS pairs WHERE i % 2 = 0 AND after IS NOT NULL"""


def run() -> list[Row]:
    """Build, seal, prove."""
    from bhxh.audit.flows import seal_head
    from bhxh.audit.proofs import prove_entry, prove_growth
    from bhxh.audit.tree import is_included

    began = time.perf_counter()
    head_row = _build()
    built_s = time.perf_counter() - began

    class Wrapper:
        def seal(self, payload: bytes) -> bytes:
            return payload

    head = seal_head(_AT, Wrapper())
    assert head is not None and (head.size, head.root) == head_row
    draw = random.Random(164)
    numbers = [draw.randrange(_ROWS) for _ in range(_SAMPLES)]

    def prove(number: int) -> None:
        proof = prove_entry(number + 1)
        assert proof.leaf_number == number and is_included(proof.leaf_hash, number, proof.size, proof.path, head.root)

    prove(0)
    taken = _taken_ms(prove, numbers)
    bare = statistics.median(_taken_ms(_bare, numbers))
    growth = _taken_ms(lambda number: prove_growth(number + 1, _ROWS), numbers)
    what = f"log: inclusion proof of one of {_ROWS / 1e6:.0f} million rows"
    note = f"{len(taken)} drawn; path of 23 or 24; tree built in {built_s:.0f} s"
    return [
        Row(what=f"{what}, p50", value=statistics.median(taken), unit="ms", beside="target", beside_value=_TARGET_MS, note=note),
        Row(what=f"{what}, p50", value=statistics.median(taken), unit="ms", beside="leaf and head read by key", beside_value=bare),
        Row(what=f"{what}, p99", value=sorted(taken)[len(taken) * 99 // 100], unit="ms", beside="target", beside_value=_TARGET_MS),
        Row(what="log: consistency proof from any size to it, p50", value=statistics.median(growth), unit="ms"),
    ]


def _bare(number: int) -> None:
    from bhxh.audit.models import Leaf, SealedHead

    Leaf.objects.filter(entry_id=number + 1).first()
    SealedHead.objects.order_by("-sealed_id").first()


def _taken_ms(work: Callable[[int], object], numbers: list[int]) -> list[float]:
    taken = []
    for number in numbers:
        started = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _build() -> tuple[int, bytes]:
    """The tree of so many rows. Returns its size and root."""
    from bhxh.audit.models import Head
    from bhxh.audit.proofs import KEPT_LEVEL
    from bhxh.audit.tree import CompactRange

    levels = _ROWS.bit_length()
    with _as_owner() as execute:
        execute(_LEAVES, [_ROWS])
        execute(_FIRST_LEVEL)
        peaks: dict[int, bytes] = {}
        for level in range(levels):
            if level:
                execute(_NEXT_LEVEL.format(level=level, below=level - 1))
                execute(f"DROP TABLE level_{level - 1}")
            if level >= KEPT_LEVEL:
                execute(f'INSERT INTO audit_inner_node (level, "index", hash) SELECT {level}, i, h FROM level_{level}')
            if _ROWS >> level & 1:
                [(hashed,)] = execute(f"SELECT h FROM level_{level} WHERE i = %s", [(_ROWS >> level) - 1])
                peaks[level] = bytes(hashed)
        execute("ANALYZE audit_leaf, audit_inner_node")
    tree = CompactRange(_ROWS, tuple(peaks[level] for level in sorted(peaks, reverse=True)))
    Head.objects.create(size=_ROWS, at=_AT, epoch=1, cursor_txid=1, peaks=tree.to_bytes(), root=tree.root())
    return tree.size, tree.root()


@contextmanager
def _as_owner() -> Iterator[Callable[..., list[tuple[bytes]]]]:
    """One transaction as the owner of the tables, in which a statement may take its time."""
    from bhxh.wiring.configuration import configuration

    with psycopg.connect(configuration().address_of_database("bhxh_owner")) as owner:
        for setting in ("statement_timeout = 0", "idle_in_transaction_session_timeout = 0", "work_mem = '256MB'"):
            owner.execute(f"SET LOCAL {setting}".encode())

        def execute(statement: str, parameters: list[int] | None = None) -> list[tuple[bytes]]:
            cursor = owner.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

        yield execute
