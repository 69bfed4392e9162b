"""Keys turn over and old documents hold for ever: windows, overlap, the set that the root signs, a root that is away."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.signing.base64url import decode, encode
from bhxh.signing.key_files import PURPOSES, FileKeys, Purpose
from bhxh.signing.keysets import KeySet
from bhxh.signing.seals import as_flattened, seal, verify_flattened
from bhxh.signing.signed_keysets import TYPE_NAME, Root, is_signed, verify_key_set

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TYPE = "bhxh-decision+json"


class Clock:
    """Time as the test says."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(tmp_path: Path, clock: Clock) -> FileKeys:
    return FileKeys(tmp_path / "keys", "mof", clock=clock)


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path / "root", "mof")


def sealed_at(keys: FileKeys, at: datetime, purpose: Purpose = "decision") -> bytes:
    payload = canonical_bytes({"at": at.isoformat()})
    return as_flattened(payload, seal(payload, key=keys.seal_key(purpose), type_name=TYPE))


def check(document: bytes, published: KeySet, at: datetime) -> str:
    return verify_flattened(document, keys=published, type_name=TYPE, purpose="decision", sealed_at=at).kid


def test_a_new_key_begins_when_it_was_said_and_the_old_one_ends_an_overlap_later(keys: FileKeys, clock: Clock) -> None:
    old = keys.seal_key("decision")
    fresh = keys.rotate("decision", at=AT + 10 * DAY, overlap=7 * DAY)
    kids = []
    for days in (0, 9, 10, 16, 17, 30):
        clock.at = AT + days * DAY
        kids.append(keys.seal_key("decision").kid)
    assert kids == [old.kid, old.kid, fresh.kid, fresh.kid, fresh.kid, fresh.kid]
    windows = {key.kid: (key.not_before, key.not_after) for key in keys.key_set()}
    assert windows == {old.kid: (None, AT + 17 * DAY), fresh.kid: (AT + 10 * DAY, None)}


def test_during_the_overlap_both_seals_hold_and_after_it_only_the_new(keys: FileKeys, clock: Clock, refused: Callable[..., str]) -> None:
    old = keys.seal_key("decision")  # as a process keeps it that was started before
    keys.rotate("decision", at=AT, overlap=7 * DAY)
    published = KeySet.from_json(keys.key_set().to_json())
    payload = canonical_bytes({"n": 1})
    by_old = as_flattened(payload, seal(payload, key=old, type_name=TYPE))
    assert check(by_old, published, AT + 6 * DAY) == old.kid
    assert refused(lambda: check(by_old, published, AT + 7 * DAY)) == "SIG-046"
    assert check(sealed_at(keys, AT + DAY), published, AT + DAY) != old.kid


def test_documents_of_ten_years_of_rotations_hold(keys: FileKeys, root: Root, clock: Clock) -> None:
    documents = []
    for year in range(10):
        clock.at = AT + year * 365 * DAY
        documents.append((sealed_at(keys, clock.at), clock.at))
        keys.rotate("decision", at=clock.at + 30 * DAY, overlap=7 * DAY)
        signed = root.sign(keys, at=clock.at)
    opened = verify_key_set(signed, root=root.public_set())
    assert (opened.number, len(opened.keys)) == (10, 11)
    assert len({check(document, opened.keys, at) for document, at in documents}) == 10


def test_a_rotation_by_another_process_is_seen_at_once(keys: FileKeys, tmp_path: Path, clock: Clock) -> None:
    before = keys.seal_key("receipt").kid
    elsewhere = FileKeys(tmp_path / "keys", "mof", clock=clock)
    fresh = elsewhere.rotate("receipt", at=AT)
    assert keys.seal_key("receipt").kid == fresh.kid != before
    assert {key.kid for key in keys.key_set()} == {before, fresh.kid}


def test_a_second_rotation_before_the_first_took_effect_leaves_no_gap(keys: FileKeys, clock: Clock) -> None:
    keys.seal_key("book")
    keys.rotate("book", at=AT + 10 * DAY, overlap=DAY)
    keys.rotate("book", at=AT + 5 * DAY, overlap=DAY)
    for hours in range(0, 24 * 20, 6):
        clock.at = AT + timedelta(hours=hours)
        kid = keys.seal_key("book").kid
        assert keys.key_set().get(kid).is_in_force(clock.at), clock.at


def test_the_root_signs_the_set_once_for_each_change(keys: FileKeys, root: Root) -> None:
    keys.seal_key("book")
    first = root.sign(keys, at=AT)
    assert is_signed(first) and not is_signed(keys.key_set().to_json())
    assert root.sign(keys, at=AT + DAY) == first, "nothing changed"
    keys.seal_key("receipt")
    second = root.sign(keys, at=AT + DAY)
    opened = [verify_key_set(data, root=root.public_set()) for data in (first, second)]
    assert [(one.number, one.signed_at, len(one.keys)) for one in opened] == [(1, AT, 1), (2, AT + DAY, 2)]
    assert opened[1].keys.to_json() == keys.key_set().to_json()


def test_while_the_root_is_away_the_last_set_is_served_and_no_other_root_is_made(keys: FileKeys, root: Root) -> None:
    keys.seal_key("book")
    signed, known = root.sign(keys, at=AT), root.public_set()
    shutil.rmtree(root.folder)
    assert root.sign(keys, at=AT + DAY) == signed, "nothing to sign"
    keys.rotate("book", at=AT + DAY)
    with pytest.raises(NotFound) as away:
        root.sign(keys, at=AT + DAY)
    assert away.value.code == "SIG-113"
    assert root.latest(keys, at=AT + DAY) == signed
    assert not any(root.folder.glob("*.pem"))
    assert verify_key_set(signed, root=known).number == 1


@pytest.mark.parametrize("what", ["another root", "bare", "changed", "other type", "root inside", "other custodian", "no number"])
def test_a_set_that_the_known_root_did_not_sign_is_refused(
    what: str, keys: FileKeys, root: Root, tmp_path: Path, refused: Callable[..., str]
) -> None:
    keys.seal_key("book")
    signed, known = root.sign(keys, at=AT), root.public_set()
    own = FileKeys(root.folder, "mof").seal_key("root")
    said = orjson.loads(decode(orjson.loads(signed)["payload"]))

    def by_root(content: dict[str, object], type_name: str = TYPE_NAME) -> bytes:
        payload = canonical_bytes(content)  # type: ignore[arg-type]
        return as_flattened(payload, seal(payload, key=own, type_name=type_name))

    rogue = [*said["keys"], own.public_jwk()]
    foreign = FileKeys(tmp_path / "mnd", "mnd").seal_key("book").public_jwk()
    made: dict[str, tuple[bytes, str]] = {
        "another root": (Root(tmp_path / "other", "mof").sign(FileKeys(tmp_path / "their", "mof"), at=AT), "SIG-042"),
        "bare": (keys.key_set().to_json(), "SIG-040"),
        "changed": (
            signed.replace(encode(canonical_bytes(said)).encode(), encode(canonical_bytes({**said, "number": 2})).encode()),
            "SIG-044",
        ),
        "other type": (by_root(said, "bhxh-book+json"), "SIG-043"),
        "root inside": (by_root({**said, "keys": rogue}), "SIG-112"),
        "other custodian": (by_root({**said, "keys": [foreign]}), "SIG-112"),
        "no number": (by_root({name: value for name, value in said.items() if name != "number"}), "SIG-112"),
    }
    data, code = made[what]
    assert refused(lambda: verify_key_set(data, root=known)) == code


def test_a_key_of_another_purpose_signs_no_set(keys: FileKeys, root: Root, refused: Callable[..., str]) -> None:
    said = orjson.loads(decode(orjson.loads(root.sign(keys, at=AT))["payload"]))
    payload = canonical_bytes(said)
    by_book = as_flattened(payload, seal(payload, key=keys.seal_key("book"), type_name=TYPE_NAME))
    assert refused(lambda: verify_key_set(by_book, root=keys.key_set())) == "SIG-043"


def test_every_purpose_but_the_roots_can_be_rotated(keys: FileKeys) -> None:
    assert "root" not in PURPOSES and len(PURPOSES) == len(set(PURPOSES)) > 8
    for purpose in PURPOSES:
        assert keys.rotate(purpose, at=AT).kid == keys.seal_key(purpose).kid


def test_nothing_of_a_private_key_is_in_what_is_published(keys: FileKeys, root: Root) -> None:
    keys.seal_key("book")
    signed = root.sign(keys, at=AT)
    for document in (signed, decode(orjson.loads(signed)["payload"]), root.public_set().to_json()):
        assert b"PRIVATE" not in document and b'"d"' not in document


def test_an_unreadable_set_is_refused(root: Root, keys: FileKeys) -> None:
    root.sign(keys, at=AT)
    for data in (b"", b"{}", b'{"payload":', b"[]"):
        with pytest.raises(Invalid):
            verify_key_set(data, root=root.public_set())


# -- the root is replaced ---------------------------------------------------------------------------------------------


def test_whoever_knows_any_earlier_root_takes_the_sets_of_all_later_ones(keys: FileKeys, root: Root) -> None:
    keys.seal_key("book")
    first_set, roots = root.sign(keys, at=AT), [root.public_set()]
    for year in (1, 2, 3):
        root.renew(keys, at=AT + 365 * year * DAY)
        roots.append(root.public_set())
    present = root.sign(keys, at=AT + 1200 * DAY)
    assert len({one.kid for known in roots for one in known}) == 4
    for known in roots:
        opened = verify_key_set(present, root=known)
        assert (opened.number, opened.keys.to_json()) == (4, keys.key_set().to_json())
        assert [opened.root_kid] == [one.kid for one in roots[-1]]
    assert verify_key_set(first_set, root=roots[0]).number == 1


def test_an_older_set_is_not_one_of_a_later_root(keys: FileKeys, root: Root, refused: Callable[..., str]) -> None:
    keys.seal_key("book")
    before = root.sign(keys, at=AT)
    root.renew(keys, at=AT + DAY)
    assert refused(lambda: verify_key_set(before, root=root.public_set())) == "SIG-042", "nobody hands over backwards"


def test_nobody_else_hands_over(keys: FileKeys, root: Root, tmp_path: Path, refused: Callable[..., str]) -> None:
    """A stranger's set with a hand-over of their own making, and one that our key of another purpose signed."""
    keys.seal_key("book")
    root.sign(keys, at=AT)
    known, stranger = root.public_set(), Root(tmp_path / "stranger", "mof")
    theirs = FileKeys(tmp_path / "their-keys", "mof")
    theirs.seal_key("book")
    stranger.sign(theirs, at=AT)
    stranger.renew(theirs, at=AT + DAY)
    assert refused(lambda: verify_key_set(stranger.sign(theirs, at=AT + DAY), root=known)) == "SIG-042"
    [their_root] = stranger.public_set()
    for signer, type_name in ((keys.seal_key("book"), TYPE_NAME), (keys.seal_key("book"), TYPE)):
        said = {"format": "bhxh-root/1", "custodian": "mof", "signed_at": AT.isoformat(), "root": their_root.as_jwk()}
        payload = canonical_bytes(said)
        forged = as_flattened(payload, seal(payload, key=signer, type_name=type_name)).decode()
        content = orjson.loads(decode(orjson.loads(stranger.sign(theirs, at=AT + DAY))["payload"]))
        changed = canonical_bytes({**content, "handovers": [forged]})
        made = as_flattened(changed, seal(changed, key=FileKeys(tmp_path / "stranger", "mof").seal_key("root"), type_name=TYPE_NAME))
        assert refused(lambda made=made: verify_key_set(made, root=known)) == "SIG-042"


def test_the_old_roots_private_half_may_be_destroyed_afterwards(keys: FileKeys, root: Root) -> None:
    keys.seal_key("book")
    root.sign(keys, at=AT)
    known = root.public_set()
    [old] = known
    root.renew(keys, at=AT + DAY)
    (root.folder / f"{old.kid}.pem").unlink()
    keys.seal_key("receipt")
    assert verify_key_set(root.sign(keys, at=AT + 2 * DAY), root=known).number == 3


def test_killed_between_the_new_root_and_the_hand_over_is_made_good_by_the_next_set(keys: FileKeys, root: Root) -> None:
    keys.seal_key("book")
    root.sign(keys, at=AT)
    known = root.public_set()
    FileKeys(root.folder, "mof").rotate("root", at=AT + DAY)
    opened = verify_key_set(root.sign(keys, at=AT + DAY), root=known)
    assert (opened.number, [opened.root_kid]) == (2, [one.kid for one in root.public_set()])


def test_a_root_that_is_away_is_not_replaced(keys: FileKeys, root: Root) -> None:
    keys.seal_key("book")
    root.sign(keys, at=AT)
    shutil.move(root.folder, root.folder.with_name("taken-away"))
    with pytest.raises(NotFound) as refused:
        root.renew(keys, at=AT)
    assert refused.value.code == "SIG-113" and root.latest(keys, at=AT)
