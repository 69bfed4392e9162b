"""The Merkle tree of RFC 9162, section 2.1: hashes, a tree that grows at its right edge, proofs and their checks. Pure.

A proof needs the hashes of complete subtrees only; `Subtree(level, index)` gives the one over the leaves
`[index * 2**level, (index + 1) * 2**level)`, from wherever they are kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()
Subtree = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Node:
    """A subtree that became complete."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf; the first byte keeps leaves and inner nodes apart."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class CompactRange:
    """The right edge of a growing tree: one hash for each bit set in its size, the widest subtree first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> "CompactRange":
        """Read back what `to_bytes` wrote."""
        peaks = tuple(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))
        assert len(peaks) == size.bit_count(), "a compact range holds one hash for each bit of its size"
        return cls(size, peaks)

    def to_bytes(self) -> bytes:
        """The hashes one after the other."""
        return b"".join(self.peaks)

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf's hash at the right. Returns the inner nodes that became complete, lowest first."""
        made, peaks, level, index, hashed = [], list(self.peaks), 0, self.size, leaf
        while index % 2:
            hashed, level, index = node_hash(peaks.pop(), hashed), level + 1, index // 2
            made.append(Node(level, index, hashed))
        self.size, self.peaks = self.size + 1, (*peaks, hashed)
        return made

    def root(self) -> bytes:
        """The tree's root: the peaks joined from the right."""
        if not self.peaks:
            return EMPTY_ROOT
        *others, root = self.peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root


def prove_inclusion(subtree: Subtree, leaf_number: int, size: int) -> tuple[bytes, ...]:
    """The audit path of a leaf in the tree of that size, from the leaf upwards."""
    assert 0 <= leaf_number < size, "the leaf lies in the tree"

    def path(start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if leaf_number < middle:
            return [*path(start, middle), _hash_of(subtree, middle, end)]
        return [*path(middle, end), _hash_of(subtree, start, middle)]

    return tuple(path(0, size))


def prove_consistency(subtree: Subtree, first_size: int, size: int) -> tuple[bytes, ...]:
    """Proof that the tree of `size` begins with the tree of `first_size`."""
    assert 0 < first_size <= size, "the earlier tree is not empty and not larger"

    def proof(start: int, end: int, m: int, is_whole: bool) -> list[bytes]:
        if m == end:
            return [] if is_whole else [_hash_of(subtree, start, end)]
        middle = start + _split(end - start)
        if m <= middle:
            return [*proof(start, middle, m, is_whole), _hash_of(subtree, middle, end)]
        return [*proof(middle, end, m, False), _hash_of(subtree, start, middle)]

    return tuple(proof(0, size, first_size, True))


def is_included(leaf: bytes, leaf_number: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Check an audit path. Law of the algorithm: RFC 9162, 2.1.3.2."""
    if not 0 <= leaf_number < size:
        return False
    fn, sn, hashed = leaf_number, size - 1, leaf
    for step in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            hashed = node_hash(step, hashed)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            hashed = node_hash(hashed, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and hashed == root


def is_consistent(first_size: int, size: int, first_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Check a consistency proof. Law of the algorithm: RFC 9162, 2.1.4.2."""
    if not 0 < first_size <= size:
        return False
    if first_size == size:
        return not proof and first_root == root
    steps = list(proof) if first_size & (first_size - 1) else [first_root, *proof]
    if not steps:
        return False
    fn, sn = first_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node_hash(step, old), node_hash(step, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == first_root and new == root


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def _hash_of(subtree: Subtree, start: int, end: int) -> bytes:
    """Hash over a run of leaves that RFC 9162 treats as one tree; `start` is aligned to it."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return subtree(level, start >> level)
    middle = start + _split(width)
    return node_hash(_hash_of(subtree, start, middle), _hash_of(subtree, middle, end))
