"""Time stamps of sealed heads, proofs under them, and what convicts whoever rewrites the whole log."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import connection, transaction

from bhxh.audit.commands import command, record, record_looks
from bhxh.audit.flows import seal_head, sequence_to_end, stamp_head
from bhxh.audit.models import Entry, Leaf, SealedHead, Stamp
from bhxh.audit.ports import MadeStamp
from bhxh.audit.proofs import has_grown, prove_entry, prove_growth, prove_in_time
from bhxh.audit.queries import SealedHeadSeen, find_stamp, get_sealed_head, is_stamp_due, list_stamps
from bhxh.audit.tree import is_consistent, is_included
from bhxh.audit.verification import KeptHead, Problem, verify_tables
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.errors import BhxhError, Defect, Invalid, Nonsense, NotFound, Unavailable
from bhxh.kernel.who import SYSTEM
from bhxh.signing.errors import SIG_SEAL_FORM

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")


class Sealer:
    """A seal that is only a wrapper: a small implementation of the port."""

    def seal(self, payload: bytes) -> bytes:
        return b"sealed:" + payload


def opened(sealed: bytes) -> bytes:
    if not sealed.startswith(b"sealed:"):
        raise Invalid(SIG_SEAL_FORM, reason="test")
    return sealed.removeprefix(b"sealed:")


class Stamper:
    """An authority with a clock of its own; `error` is its bad day."""

    def __init__(self, clock: datetime, error: BhxhError | None = None) -> None:
        self.clock, self.error, self.asked = clock, error, 0

    def stamp(self, sha256: bytes, at: datetime) -> MadeStamp:
        self.asked += 1
        if self.error:
            raise self.error
        return MadeStamp(token=b"token " + sha256, certificates=(b"leaf", b"root"), stamped_at=self.clock, authority="TSA")


@command(by=SYSTEM)
def _write(*, actor: Actor, at: datetime, persons: list[int | None]) -> None:
    for person_id in persons:
        record(actor=actor, at=at, verb="audit.test.write", person_id=person_id, detail={"n": 1})


def write(count: int, person_id: int | None = None, actor: Actor = ACTOR) -> None:
    _write(actor=actor, at=AT, persons=[person_id] * count)


def sealed(at: datetime = AT) -> SealedHeadSeen:
    sequence_to_end(at, patience_s=60)
    head = seal_head(at, Sealer())
    assert head is not None
    return head


@contextmanager
def as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        yield
        cursor.execute("SET ROLE bhxh_app")


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# -- time stamps ------------------------------------------------------------------------------------------------------


def test_a_head_is_stamped_once_and_the_next_when_it_is_due(database: None) -> None:
    assert is_stamp_due(AT)
    authority = Stamper(AT + timedelta(seconds=2))
    assert stamp_head(AT, authority) is None and authority.asked == 0, "nothing is sealed yet"
    write(3)
    head = sealed()
    made = stamp_head(AT, authority)
    assert made is not None and made.head == head and made.stamped_at == authority.clock
    assert (made.token, made.certificates) == (b"token " + sha256(head.sealed).digest(), (b"leaf", b"root"))
    assert not is_stamp_due(AT + timedelta(minutes=59)) and is_stamp_due(AT + HOUR)
    assert stamp_head(AT + HOUR, Stamper(AT + HOUR)) == made, "nothing was added: its stamp stands"
    write(1)
    sealed(AT + HOUR)
    stamp_head(AT + HOUR, Stamper(AT + HOUR))
    assert [one.head.size for one in list_stamps()] == [4, 3]
    assert [one.head.size for one in list_stamps(before=4)] == [3]
    assert find_stamp(3) == made and find_stamp(2) is None


def test_an_authority_that_is_down_is_asked_later_and_nothing_is_backdated(database: None) -> None:
    write(2)
    sealed()
    with pytest.raises(Unavailable):
        stamp_head(AT, Stamper(AT, Unavailable(SIG_SEAL_FORM, reason="down")))
    assert Stamp.objects.count() == 0 and is_stamp_due(AT)
    later = AT + 3 * HOUR
    made = stamp_head(later, Stamper(later))
    assert made is not None and (made.stamped_at, made.head.at) == (later, AT), "stamped when it was, not when it should have been"


def test_a_stamp_from_before_the_seal_is_not_kept(database: None) -> None:
    write(1)
    sealed()
    with pytest.raises(Nonsense) as caught:
        stamp_head(AT, Stamper(AT - timedelta(minutes=6)))
    assert caught.value.code == "AUD-015" and Stamp.objects.count() == 0
    assert stamp_head(AT, Stamper(AT - timedelta(minutes=4))) is not None, "clocks differ a little"


def test_of_two_that_asked_at_once_the_first_stands(database: None) -> None:
    write(1)
    head = sealed()

    class Slow(Stamper):
        def stamp(self, sha256: bytes, at: datetime) -> MadeStamp:
            stamp_head(at, Stamper(AT + timedelta(seconds=1)))
            return super().stamp(sha256, at)

    made = stamp_head(AT, Slow(AT + timedelta(seconds=9)))
    assert made is not None and made.stamped_at == AT + timedelta(seconds=1) and made.head == head
    assert Stamp.objects.count() == 1


@pytest.mark.parametrize("moment", ["while the authority answers", "before the commit"])
def test_killed_while_stamping_leaves_nothing_half_done(database: None, moment: str) -> None:
    write(2)
    sealed()

    class Killed(Stamper):
        def stamp(self, sha256: bytes, at: datetime) -> MadeStamp:
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError

    connection.close()  # WHY: the child must not end this process's own connection
    child = os.fork()
    if child == 0:
        try:
            with transaction.atomic():
                stamp_head(AT, Killed(AT) if moment.startswith("while") else Stamper(AT))
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    execute("SET ROLE bhxh_app")
    assert Stamp.objects.count() == 0 and is_stamp_due(AT)
    made = stamp_head(AT + HOUR, Stamper(AT + HOUR))
    assert made is not None and made.stamped_at == AT + HOUR


# -- proofs -----------------------------------------------------------------------------------------------------------


def test_an_entry_is_proved_under_the_first_stamped_head_and_the_latest(database: None) -> None:
    write(300)
    first = sealed()
    with pytest.raises(NotFound) as caught:
        prove_in_time(_entry(7))
    assert caught.value.code == "AUD-012"
    stamp_head(AT, Stamper(AT))
    record_looks(actor=ACTOR, at=AT, person_ids=[1, 2], what="book")
    write(250)
    stamp_head(AT, Stamper(AT))
    latest = sealed()
    proof = prove_in_time(_entry(7))
    assert (proof.stamp.head, proof.latest, proof.leaf_number) == (first, latest, 6)
    [leaf] = Leaf.objects.filter(leaf_number=6).values_list("leaf_hash", flat=True)
    assert is_included(bytes(leaf), 6, first.size, proof.inclusion, first.root)
    assert is_consistent(first.size, latest.size, first.root, latest.root, proof.consistency)
    with pytest.raises(NotFound) as caught:
        prove_in_time(_entry(400))
    assert caught.value.code == "AUD-012", "sealed, not stamped yet"
    write(1)
    with pytest.raises(NotFound) as caught:
        prove_in_time(_entry(551))
    assert caught.value.code == "AUD-004"
    with pytest.raises(NotFound) as caught:
        prove_in_time(2**40)
    assert caught.value.code == "AUD-016"


def _entry(n: int) -> int:
    return Entry.objects.order_by("entry_id")[n - 1].entry_id


@pytest.mark.parametrize(
    ("actor", "person_id", "is_shown"),
    [
        (ACTOR, None, True),
        (ACTOR, 5, False),
        (replace(ACTOR, on_behalf_of_person_id=9), None, False),
        (replace(ACTOR, person_id=9), None, False),
    ],
)
def test_a_row_that_names_somebody_shows_its_digest_only(database: None, actor: Actor, person_id: int | None, is_shown: bool) -> None:
    write(1, person_id, actor)
    sealed()
    stamp_head(AT, Stamper(AT))
    shown, entry = prove_in_time(_entry(1)).shown, Entry.objects.get()
    if is_shown:
        assert isinstance(shown, list) and shown[1] == "audit.test.write" and shown[12] == {"n": 1}
        from bhxh.kernel.canonical import canonical_bytes

        assert sha256(canonical_bytes(shown)).digest() == bytes(entry.digest)
    else:
        assert shown == bytes(entry.digest).hex()


def test_every_sealed_head_grows_from_every_earlier_one(database: None) -> None:
    sizes = []
    for count in (1, 1, 5, 249, 1, 300, 77):
        write(count)
        sizes.append(sealed().size)
    for place, first in enumerate(sizes):
        for size in sizes[place:]:
            old, new = get_sealed_head(first), get_sealed_head(size)
            assert is_consistent(first, size, old.root, new.root, prove_growth(first, size))
            assert has_grown(first, old.root, size, new.root)
            assert not has_grown(first, new.root, size, old.root) or first == size
    with pytest.raises(NotFound) as caught:
        get_sealed_head(4)
    assert caught.value.code == "AUD-013"


_MOVED = (
    "UPDATE audit_leaf SET leaf_hash = (SELECT leaf_hash FROM audit_leaf o WHERE o.leaf_number = 563 - audit_leaf.leaf_number)"
    " WHERE leaf_number IN (281, 282)"
)


@pytest.mark.parametrize(
    "edit",
    [
        "DELETE FROM audit_leaf WHERE leaf_number = 290",
        "UPDATE audit_leaf SET leaf_hash = sha256('x') WHERE leaf_number = 280",
        "UPDATE audit_inner_node SET hash = sha256('x')",
        "DELETE FROM audit_inner_node",
        _MOVED,
    ],
    ids=["a leaf removed", "a leaf changed", "a subtree changed", "subtrees removed", "two leaves moved"],
)
def test_no_proof_leaves_that_does_not_hold(database: None, edit: str) -> None:
    write(300)
    sealed()
    assert prove_entry(_entry(290)).size == 300
    with as_owner():
        execute(edit)
    with pytest.raises(Defect) as caught:
        prove_entry(_entry(290))
    assert caught.value.code == "AUD-014"


# -- a head kept elsewhere --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [
        "DELETE FROM audit_entry WHERE person_id = 1",
        "UPDATE audit_entry SET txid = CASE person_id WHEN 1 THEN '4'::xid8 ELSE '3'::xid8 END WHERE person_id IN (1, 2)",
    ],
    ids=["an entry removed", "two entries moved"],
)
def test_whoever_rewrites_everything_is_convicted_by_a_head_that_was_kept(database: None, edit: str) -> None:
    write(1, 1)
    write(1, 2)
    write(3, 3)
    kept = KeptHead.open(sealed().sealed, opened)
    assert verify_tables(opened, kept).is_whole
    with as_owner():
        execute("TRUNCATE audit_leaf, audit_inner_node, audit_head, audit_sealed_head, audit_epoch")
        execute(edit)
    write(4)
    sealed()
    assert verify_tables(opened).is_whole, "by itself the new log agrees with itself"
    report = verify_tables(opened, kept)
    assert (report.is_whole, report.problem, report.first_bad_leaf) == (False, Problem.OTHER_THAN_PUBLISHED, 0)


def test_rows_missing_at_the_end_are_seen_too(database: None) -> None:
    write(5)
    kept = KeptHead.open(sealed().sealed, opened)
    write(2)
    assert verify_tables(opened, kept).is_whole, "it may have grown"
    with as_owner():
        execute("TRUNCATE audit_leaf, audit_inner_node, audit_head, audit_sealed_head, audit_epoch")
        execute("DELETE FROM audit_entry WHERE entry_id > (SELECT min(entry_id) + 2 FROM audit_entry)")
    sealed()
    assert verify_tables(opened, kept).problem is Problem.SHORTER_THAN_PUBLISHED


@pytest.mark.parametrize("content", [b"", b"{}", b"sealed:", b"sealed:{}", b"sealed:[]", b'sealed:{"size":3,"root":"00"}'])
def test_what_is_no_head_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        KeptHead.open(content, opened)
    assert caught.value.code == "AUD-017"


def test_a_head_is_kept_whole(database: None) -> None:
    write(1)
    head = sealed()
    assert KeptHead.open(head.sealed, opened) == KeptHead(head.size, head.root)
    assert get_sealed_head(1) == head and SealedHead.objects.count() == 1
