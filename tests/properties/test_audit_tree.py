"""The audit tree against a naive reading of RFC 9162, 2.1.1, and against changed proofs."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from bhxh.audit.tree import CompactRange, is_consistent, is_included, leaf_hash, prove_consistency, prove_inclusion

LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of the RFC, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def grown(leaves: list[bytes]) -> CompactRange:
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf_hash(leaf))
    return tree


def subtree_of(leaves: list[bytes]):
    return lambda level, index: naive_root(leaves[index << level : (index + 1) << level])


def test_the_root_of_nothing_and_known_vectors() -> None:
    """Roots of the certificate transparency test data (leaves of growing length)."""
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [bytes.fromhex(one) for one in data]
    assert CompactRange().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert grown(leaves[:1]).root().hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert grown(leaves).root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(LEAVES)
def test_the_growing_tree_has_the_naive_root_at_every_size(leaves: list[bytes]) -> None:
    tree = CompactRange()
    for size, leaf in enumerate(leaves, start=1):
        for node in tree.append(leaf_hash(leaf)):
            assert node.hash == subtree_of(leaves)(node.level, node.index)
        assert tree.root() == naive_root(leaves[:size])
        assert CompactRange.from_bytes(tree.size, tree.to_bytes()) == tree


@given(LEAVES, st.data())
def test_an_inclusion_proof_holds_for_its_leaf_and_for_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves) - 1))
    path, root, size = prove_inclusion(subtree_of(leaves), number, len(leaves)), naive_root(leaves), len(leaves)
    assert is_included(leaf_hash(leaves[number]), number, size, path, root)
    assert not is_included(leaf_hash(leaves[number] + b"!"), number, size, path, root)
    assert not is_included(leaf_hash(leaves[number]), number, size, (*path, root), root)
    assert not is_included(leaf_hash(leaves[number]), size, size, path, root)
    if path:
        assert not is_included(leaf_hash(leaves[number]), number, size, path[:-1], root)
    if leaves[other] != leaves[number]:
        assert not is_included(leaf_hash(leaves[other]), number, size, path, root)


@given(LEAVES, st.data())
def test_a_consistency_proof_holds_and_a_rewritten_past_has_none(leaves: list[bytes], data: st.DataObject) -> None:
    first, size = data.draw(st.integers(1, len(leaves))), len(leaves)
    proof = prove_consistency(subtree_of(leaves), first, size)
    old, new = naive_root(leaves[:first]), naive_root(leaves)
    assert is_consistent(first, size, old, new, proof)
    changed = data.draw(st.integers(0, first - 1))
    rewritten = [*leaves[:changed], leaves[changed] + b"!", *leaves[changed + 1 :]]
    assert not is_consistent(first, size, old, naive_root(rewritten), prove_consistency(subtree_of(rewritten), first, size))
    assert not is_consistent(first, size, old, new, (*proof, new))
    if proof:
        assert not is_consistent(first, size, old, new, proof[1:])
