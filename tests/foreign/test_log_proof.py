"""`tools/verify_log.py`, a program that knows nothing of us, and everything that could be changed in a proof from the log."""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bhxh.audit.digests import entry_leaf
from bhxh.audit.proofs import LogProof
from bhxh.audit.queries import SealedHeadSeen, StampSeen
from bhxh.audit.tree import CompactRange, leaf_hash, prove_consistency, prove_inclusion
from bhxh.connectors.timestamping import HttpTimeStamper
from bhxh.doors.log_proofs import compose
from bhxh.doors.root_sealing import KeySealer, TrustedStamper
from bhxh.kernel.canonical import canonical_bytes
from bhxh.signing.key_files import FileKeys
from bhxh.signing.trust import TrustList
from sandbox.pki.service import RunningPki
from tests.other_programs import needs
from tests.sandbox_fixtures import pki
from tools import verify_log
from tools.foreign import node_scripts
from tools.foreign.programs import Said

__all__ = ["pki"]

ROOT = Path(__file__).resolve().parents[2]
REFUSALS = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
ROW = ["2026-11-21T09:00:00+00:00", "dossiers.lines.judge", "system", "system:gathering", *[None] * 3, "gathering", "LEGAL_DUTY", "r1"]
ROW += [None, "01919ff0-0000-7000-8000-000000000001", {"clean": 28, "name": "tên đ\n\u0001"}]
NUMBER, STAMPED, ALL = 3, 6, 11


@pytest.fixture(autouse=True, scope="module")
def openssl_is_here() -> None:
    needs("openssl")


@dataclass
class Log:
    """A log in memory, its keys, and an authority that stamps its heads."""

    keys: FileKeys
    stamper: TrustedStamper
    leaves: list[bytes]
    at: datetime

    def head(self, leaves: list[bytes], at: datetime) -> SealedHeadSeen:
        tree = grown(leaves)
        payload = {"at": at.isoformat(), "root": tree.root().hex(), "size": tree.size, "type": "bhxh-audit-head"}
        sealed = KeySealer(self.keys.seal_key("audit")).seal(canonical_bytes(payload))
        return SealedHeadSeen(size=tree.size, root=tree.root(), at=at, sealed=sealed)

    def stamped(self, head: SealedHeadSeen) -> StampSeen:
        made = self.stamper.stamp(sha256(head.sealed).digest(), datetime.now(UTC))
        return StampSeen(head=head, stamped_at=made.stamped_at, authority=made.authority, token=made.token, certificates=made.certificates)

    def proof(self, then: list[bytes], now: list[bytes]) -> LogProof:
        """As the log gives it: `then` was stamped, `now` is the latest; paths by the rule, whatever the leaves are."""
        first, latest = self.head(then, self.at), self.head(now, self.at + timedelta(seconds=1))
        return LogProof(
            entry_id=NUMBER + 1,
            shown=ROW,
            leaf_number=NUMBER,
            inclusion=prove_inclusion(subtrees(then), NUMBER, len(then)),
            stamp=self.stamped(first),
            consistency=prove_consistency(subtrees(now), min(len(then), len(now)), len(now)),
            latest=latest,
        )

    def bundle(self, proof: LogProof) -> bytes:
        return compose(proof, keys=self.keys.key_set())


def grown(leaves: list[bytes]) -> CompactRange:
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    return tree


def subtrees(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    return lambda level, index: grown(leaves[index << level : (index + 1) << level]).root()


@pytest.fixture(scope="module")
def log(pki: RunningPki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    client = HttpTimeStamper(pki.tsa_address)
    leaves = [entry_leaf(n + 1, sha256(canonical_bytes(ROW) if n == NUMBER else b"%d" % n).digest()) for n in range(ALL)]
    keys = FileKeys(tmp_path_factory.mktemp("keys"), "mof")
    stamper = TrustedStamper(client, TrustList.load(pki.authority.trust_folder))
    yield Log(keys, stamper, leaves, datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=30))
    client.close()


@pytest.fixture(scope="module")
def bundle(log: Log) -> bytes:
    return log.bundle(log.proof(log.leaves[:STAMPED], log.leaves))


def refused(data: bytes, **given: bytes) -> str:
    with pytest.raises(REFUSALS) as caught:
        verify_log.check(data, **given)
    return str(caught.value)


def spelled(value: Any) -> bytes:
    return canonical_bytes(value) if not isinstance(value, bytes) else value


# -- it holds ---------------------------------------------------------------------------------------------------------


def test_it_holds_by_itself_and_under_what_was_published(log: Log, bundle: bytes, pki: RunningPki, tmp_path: Path) -> None:
    proof, keys = tmp_path / "proof.json", tmp_path / "keys.json"
    proof.write_bytes(bundle)
    keys.write_bytes(log.keys.key_set().to_json())
    root = pki.authority.trust_folder / "sandbox-root.pem"
    for given in ([], ["--keys", str(keys), "--root", str(root)]):
        # WHY -I -S: no package of ours, or of anybody's, can be imported.
        command = [sys.executable, "-I", "-S", "tools/verify_log.py", str(proof), *given]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert "holds" in done.stdout and "dossiers.lines.judge" in done.stdout and f"row {NUMBER} of {STAMPED}" in done.stdout
        assert ("compare" in done.stdout) is not bool(given)
    proof.write_bytes(bundle.replace(b'"leaf_number":3', b'"leaf_number":2'))
    done = subprocess.run([sys.executable, "tools/verify_log.py", str(proof)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "inclusion" in done.stdout) == (1, True), done.stdout


@pytest.mark.parametrize(("then", "now"), [(4, 4), (4, 5), (4, 8), (5, 11), (8, 11), (11, 11), (7, 8), (10, 11)])
def test_it_holds_at_every_size(log: Log, then: int, now: int) -> None:
    assert len(verify_log.check(log.bundle(log.proof(log.leaves[:then], log.leaves[:now])))) == 5


def test_a_leaf_whose_row_is_not_shown(log: Log) -> None:
    proof = replace(log.proof(log.leaves[:STAMPED], log.leaves), shown=sha256(canonical_bytes(ROW)).hexdigest())
    assert verify_log.check(log.bundle(proof))[0] == f"entry #{NUMBER + 1}"


def test_the_key_may_have_been_turned_in_between(log: Log, bundle: bytes, tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys", "mof")
    turning = replace(log, keys=keys)
    proof = turning.proof(log.leaves[:STAMPED], log.leaves)
    keys.rotate("audit", at=log.at + timedelta(milliseconds=500))
    proof = replace(proof, latest=turning.head(log.leaves, log.at + timedelta(seconds=1)))
    made, published = turning.bundle(proof), keys.key_set().to_json()
    assert len(json.loads(made)["keys"]) == 2
    assert "published" in verify_log.check(made, keys=published)[3]
    assert refused(bundle, keys=published) == "keys: not published"
    keys.rotate("audit", at=log.at)
    assert refused(turning.bundle(proof), keys=keys.key_set().to_json()) == "keys: not in force"


# -- whatever is changed is refused -----------------------------------------------------------------------------------


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in the file, inner ones after outer ones."""
    if way:
        yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from places(one, (*way, name))


def others(value: Any) -> Iterator[Any]:
    """What could stand in a value's place."""
    match value:
        case str():
            for at in sorted({0, len(value) // 3, len(value) // 2, len(value) - 1}):
                yield value[:at] + ("A" if value[at] not in "Aa" else "b") + value[at + 1 :]
            yield from ("", value + "A", value[:-1], None, value.upper() if value.islower() else value.lower())
        case bool() | None:
            yield from ("x", 0)
        case int():
            yield from (value + 1, value - 1, -value, str(value), True, float(value), 10**30)
        case list():
            yield from ([*value, value[-1] if value else "00"], value[::-1], value[1:], value[:-1], {}, None)
        case dict():
            yield from ({**value, "more": 1}, {}, None, *({k: v for k, v in value.items() if k != name} for name in value))


def test_every_value_in_the_file_is_proved(bundle: bytes) -> None:
    whole, tried, believed = json.loads(bundle), 0, []
    assert len(verify_log.check(bundle)) == 5
    for way in places(whole):
        changed = deepcopy(whole)
        holder = changed
        for name in way[:-1]:
            holder = holder[name]
        value = holder[way[-1]]
        for other in others(value):
            if other == value and type(other) is type(value):
                continue
            holder[way[-1]] = other
            tried += 1
            try:
                verify_log.check(verify_log.canonical(changed))
                believed.append((way, other))
            except REFUSALS:
                pass
    assert believed == []
    assert tried > 350, "every value was tried"


def test_the_file_has_one_spelling(bundle: bytes) -> None:
    text = bundle.decode()
    for other in (
        *(json.dumps(json.loads(bundle), indent=1), text + "\n", " " + text, text.replace('"leaf":', '"leaf": ')),
        *(text.replace('{"consistency"', '{"type":"x","consistency"'), text[:-1], "", "[]", "{}", "[" * 100_000, "\ud800"),
        text.replace("bhxh-log-proof/1", "bhxh-log\\u002dproof/1"),
    ):
        refused(other.encode(errors="surrogatepass"))
    assert refused(b" " * (verify_log.LONGEST + 1)) == "file: too long"


def test_every_byte_of_the_time_stamp_is_proved(bundle: bytes, tmp_path: Path) -> None:
    """The token's frame by the program itself, what is signed by openssl (of that every seventh byte), and the certificates beside it."""
    whole = json.loads(bundle)
    stamp, head = whole["stamp"], canonical_bytes(whole["heads"][0])
    token, frame, asked = b64decode(stamp["token"]), 0, 0
    for at in range(len(token)):
        changed = bytearray(token)
        changed[at] ^= 1 << at % 8
        try:
            verify_log.read_token(bytes(changed))
        except REFUSALS:
            frame += 1
            continue
        if at % 7 == 0:
            asked += 1
            with pytest.raises(REFUSALS):
                verify_log.check_stamp(tmp_path, {**stamp, "token": b64encode(changed).decode()}, head)
    assert frame > 50 and asked > 40
    for place, text in enumerate(stamp["certificates"]):
        certificate = b64decode(text)
        for at in [*range(0, len(certificate), 23), len(certificate) - 1]:
            changed = bytearray(certificate)
            changed[at] ^= 1 << at % 8
            listed = [b64encode(changed).decode() if n == place else one for n, one in enumerate(stamp["certificates"])]
            with pytest.raises(REFUSALS):
                verify_log.check_stamp(tmp_path, {**stamp, "certificates": listed}, head)


def test_certificates_that_nobody_needs_are_refused(bundle: bytes, tmp_path: Path, pki: RunningPki) -> None:
    whole = json.loads(bundle)
    stamp, head = whole["stamp"], canonical_bytes(whole["heads"][0])
    leaf, root = stamp["certificates"]
    more = b64encode(pki.authority.ca("issuing").der).decode()
    for listed in ([leaf, more, root], [leaf, root, root], [leaf, leaf, root], [leaf, root, more], [more, leaf, root], [leaf], [root], []):
        with pytest.raises(REFUSALS):
            verify_log.check_stamp(tmp_path, {**stamp, "certificates": listed}, head)


# -- a log that was rewritten -----------------------------------------------------------------------------------------


def rewritten(leaves: list[bytes], how: str) -> list[bytes]:
    first, *rest = leaves
    return {
        "removed": [first, *rest[1:]],
        "reordered": [rest[0], first, *rest[1:]],
        "changed": [leaf_hash(b"another"), *rest],
        "slipped in": [first, leaf_hash(b"more"), *rest],
        "the last before the stamp removed": leaves[: STAMPED - 1] + leaves[STAMPED:],
        "two across the stamp reordered": [*leaves[: STAMPED - 1], leaves[STAMPED], leaves[STAMPED - 1], *leaves[STAMPED + 1 :]],
        "cut off": leaves[: STAMPED - 1],
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        *("removed", "reordered", "changed", "slipped in", "cut off"),
        *("the last before the stamp removed", "two across the stamp reordered"),
    ],
)
def test_a_rewritten_log_is_found_whoever_sealed_it(log: Log, how: str) -> None:
    """All is done by the rule, with the installation's own key: only the stamped head from before does not agree."""
    assert refused(log.bundle(log.proof(log.leaves[:STAMPED], rewritten(log.leaves, how)))).startswith("consistency")


def test_a_rewritten_log_has_no_proof_of_the_row_either(log: Log) -> None:
    for how in ("removed", "reordered", "changed", "slipped in"):
        leaves = rewritten(log.leaves, how)
        leaves = leaves if how != "reordered" else [*leaves[:NUMBER], leaves[NUMBER + 1], leaves[NUMBER], *leaves[NUMBER + 2 :]]
        if leaves[NUMBER] != log.leaves[NUMBER]:
            assert refused(log.bundle(log.proof(leaves[:STAMPED], leaves))) == "inclusion: another root"


# -- the tree once more, by a program of another language ---------------------------------------------------------------


def by_node(log: Log, made: bytes) -> Said:
    needs("node")
    return node_scripts.log_proof(made, log.keys.key_set().to_json())


@pytest.mark.parametrize(("then", "now"), [(4, 4), (4, 5), (4, 8), (5, 11), (8, 11), (11, 11), (7, 8), (10, 11)])
def test_node_holds_at_every_size(log: Log, then: int, now: int) -> None:
    assert by_node(log, log.bundle(log.proof(log.leaves[:then], log.leaves[:now]))).holds


def test_node_refuses_every_changed_digest_leaf_and_signature(log: Log, bundle: bytes) -> None:
    whole, tried = json.loads(bundle), 0
    for way in places(whole):
        if way[0] in ("keys", "stamp", "type") or isinstance(at_place(whole, way), dict | list | int | None):
            continue  # keys are the published ones there; type and stamp are for openssl and tools/verify_log.py
        changed = deepcopy(whole)
        holder, value = at_place(changed, way[:-1]), at_place(whole, way)
        holder[way[-1]] = next(others(value))
        tried += 1
        assert not by_node(log, verify_log.canonical(changed)).holds, way
    assert tried > 15


@pytest.mark.parametrize("how", ["removed", "reordered", "changed", "slipped in", "cut off"])
def test_node_finds_a_rewritten_log(log: Log, how: str) -> None:
    assert not by_node(log, log.bundle(log.proof(log.leaves[:STAMPED], rewritten(log.leaves, how)))).holds


def at_place(value: Any, way: tuple[Any, ...]) -> Any:
    for name in way:
        value = value[name]
    return value


# -- who says so ------------------------------------------------------------------------------------------------------


def test_a_stamp_over_another_head_or_from_before_the_seal(log: Log) -> None:
    proof = log.proof(log.leaves[:STAMPED], log.leaves)
    other = log.stamped(log.head(log.leaves[:STAMPED], log.at + timedelta(milliseconds=1)))
    assert refused(log.bundle(replace(proof, stamp=replace(other, head=proof.stamp.head)))) == "stamp: signature"
    ahead = replace(log, at=datetime.now(UTC) + timedelta(hours=1))
    assert refused(log.bundle(ahead.proof(log.leaves[:STAMPED], log.leaves))) == "heads: order of time"


def test_heads_in_the_wrong_order(log: Log) -> None:
    proof = log.proof(log.leaves[:STAMPED], log.leaves)
    early = log.head(log.leaves, log.at - timedelta(seconds=1))
    assert refused(log.bundle(replace(proof, latest=early))) == "heads: order of time"


def test_strangers_are_told_from_us_by_what_was_published(log: Log, bundle: bytes, pki: RunningPki, tmp_path: Path) -> None:
    """By itself a stranger's file is as good as ours; under our keys and our authority's root it is not."""
    strangers = replace(log, keys=FileKeys(tmp_path / "keys", "mof"))
    made = strangers.bundle(strangers.proof(log.leaves[:STAMPED], log.leaves))
    assert "compare" in verify_log.check(made)[3]
    assert refused(made, keys=log.keys.key_set().to_json()) == "keys: not published"
    assert refused(bundle, root=(pki.authority.trust_folder / "sandbox-issuing.pem").read_bytes()) == "stamp: another root"
