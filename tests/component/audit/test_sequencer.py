import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from bhxh.audit.commands import command, record_looks, record_many
from bhxh.audit.digests import ENTRY_COLUMNS, digest
from bhxh.audit.flows import seal_head, sequence, sequence_to_end
from bhxh.audit.models import Entry, Epoch, Head, InnerNode, Leaf, Look, SealedHead
from bhxh.audit.proofs import prove_entry, prove_growth, prove_look
from bhxh.audit.queries import list_entries, list_looks
from bhxh.audit.tree import is_consistent, is_included
from bhxh.audit.verification import Problem, verify_tables
from bhxh.kernel.actor import Actor, ActorKind, system_actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import NotFound, Unavailable
from bhxh.kernel.who import SYSTEM

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
DOSSIER = UUID(int=7)
PATIENCE_S = 60  # other workers of the test run hold transactions open in the same cluster


class Sealer:
    """A seal that is only a wrapper: a small implementation of the port."""

    def seal(self, payload: bytes) -> bytes:
        return b"sealed:" + payload


def opened(sealed: bytes) -> bytes:
    assert sealed.startswith(b"sealed:")
    return sealed.removeprefix(b"sealed:")


def write(count: int, at: datetime = AT, dossier_id: UUID | None = DOSSIER) -> None:
    _write(actor=ACTOR, at=at, count=count, dossier_id=dossier_id)


@command(by=SYSTEM)
def _write(*, actor: Actor, at: datetime, count: int, dossier_id: UUID | None) -> None:
    subjects: list[tuple[int | None, dict[str, Json]]] = [(n, {"n": n}) for n in range(count)]
    record_many(actor=actor, at=at, verb="audit.test.write", subjects=subjects, dossier_id=dossier_id)


def numbered() -> int:
    return sequence_to_end(AT, patience_s=PATIENCE_S)


def in_threads(count: int, work: Callable[[int], None]) -> None:
    def run(n: int) -> None:
        try:
            work(n)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def as_owner() -> Iterator[None]:
    """Somebody with the owner's rights at the table itself."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        yield
        cursor.execute("SET ROLE bhxh_app")


def execute(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_committed_rows_get_their_leaves_in_order(database: None) -> None:
    write(3)
    record_looks(actor=ACTOR, at=AT, person_ids=[1, 2], what="book")
    assert numbered() == 5
    assert numbered() == 0
    assert list(Leaf.objects.order_by("leaf_number").values_list("leaf_number", flat=True)) == [0, 1, 2, 3, 4]
    report = verify_tables()
    assert report.is_whole and report.size == 5 and report.waiting == 0
    assert bytes(Head.objects.get(size=5).root) == report.root


def test_a_row_of_an_open_transaction_waits_and_is_not_lost(database: None) -> None:
    started, may_end = threading.Event(), threading.Event()

    def slow(_: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")
        with transaction.atomic():
            write(1)
            started.set()
            may_end.wait(120)

    thread = threading.Thread(target=lambda: in_threads(1, slow))
    thread.start()
    assert started.wait(120)
    write(1)  # commits first, with the higher transaction id
    try:
        assert sequence(AT) == 0, "nothing above the horizon is numbered"
        with pytest.raises(Unavailable):
            sequence_to_end(AT, patience_s=0.2)
    finally:
        may_end.set()
        thread.join()
    assert numbered() == 2
    assert list(Leaf.objects.order_by("leaf_number").values_list("entry_id", flat=True)) == sorted(
        Entry.objects.values_list("entry_id", flat=True)
    )


def test_many_writers_and_two_sequencers_neither_skip_nor_double(database: None) -> None:
    running = threading.Event()
    running.set()

    def work(n: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")
        if n < 2:
            while running.is_set():
                sequence(AT)
            return
        for round_number in range(15):
            write(1 + round_number % 4)
            record_looks(actor=ACTOR, at=AT, person_ids=[n, n + 1], what="book")
        if n == 2:
            running.clear()

    in_threads(6, work)
    numbered()
    rows = Entry.objects.count() + Look.objects.count()
    assert rows == 4 * (15 * 2 + sum(1 + r % 4 for r in range(15)))
    assert list(Leaf.objects.order_by("leaf_number").values_list("leaf_number", flat=True)) == list(range(rows))
    assert verify_tables().is_whole


@pytest.mark.parametrize(
    ("statement", "problem", "leaf"),
    [
        ("UPDATE audit_entry SET verb = 'audit.test.other' WHERE person_id = 2", Problem.ROW_CHANGED, 2),
        ("UPDATE audit_entry SET at = at + interval '1 second' WHERE person_id = 3", Problem.ROW_CHANGED, 3),
        ("UPDATE audit_entry SET detail = '{\"n\": 9}' WHERE person_id = 4", Problem.ROW_CHANGED, 4),
        ("DELETE FROM audit_entry WHERE person_id = 1", Problem.ROW_MISSING, 1),
        ("UPDATE audit_look SET account = 'x' WHERE person_id = 51", Problem.ROW_CHANGED, None),
        ("DELETE FROM audit_leaf WHERE leaf_number = 3", Problem.LEAF_MISSING, 3),
        ("DELETE FROM audit_leaf WHERE leaf_number = 6", Problem.LEAF_MISSING, 6),
        ("UPDATE audit_leaf SET leaf_hash = sha256('x') WHERE leaf_number = 0", Problem.LEAF_CHANGED, 0),
        ("UPDATE audit_head SET root = sha256('x')", Problem.HEAD_DIFFERS, 0),
        ("UPDATE audit_sealed_head SET root = sha256('x')", Problem.SEAL_DIFFERS, 0),
        ("UPDATE audit_sealed_head SET sealed = 'x'", Problem.SEAL_BROKEN, 0),
    ],
)
def test_an_edit_by_the_owner_is_found_and_the_first_bad_leaf_named(
    database: None, statement: str, problem: Problem, leaf: int | None
) -> None:
    write(5)
    record_looks(actor=ACTOR, at=AT, person_ids=[50, 51], what="book")
    numbered()
    seal_head(AT, Sealer())
    assert verify_tables(opened).is_whole
    with as_owner():
        execute(statement)
    if leaf is None:
        leaf = Leaf.objects.get(person_id=51).leaf_number  # looks of one instant lie in the order of their random ids
    report = verify_tables(opened)
    assert (report.is_whole, report.problem, report.first_bad_leaf) == (False, problem, leaf)


AUTHORISED = replace(
    ACTOR, on_behalf_of_person_id=9, consent_id=UUID(int=1), mandate_id=UUID(int=2), roles=frozenset({"APPRAISER", "APPROVER"})
)


@pytest.mark.parametrize("actor", [ACTOR, AUTHORISED], ids=["nothing later", "everything later"])
@pytest.mark.parametrize(
    "edit",
    [
        *(f"audit_look SET {name} = " + value for name in ("consent_id", "mandate_id") for value in ("NULL", "gen_random_uuid()")),
        *("audit_look SET on_behalf_of_person_id = 3", "audit_look SET roles = 'AUDITOR'", "audit_look SET groups = 'contact'"),
        *("audit_look SET reason = 'x'", "audit_look SET reason = NULL", "audit_look SET reason = ''"),
        *(f"audit_entry SET {name} = " + value for name in ("consent_id", "mandate_id") for value in ("NULL", "gen_random_uuid()")),
    ],
)
def test_under_which_right_somebody_acted_cannot_be_changed_filled_or_emptied(database: None, actor: Actor, edit: str) -> None:
    _write(actor=actor, at=AT, count=1, dossier_id=None)
    is_plain = actor is ACTOR
    record_looks(
        actor=actor, at=AT, person_ids=[1], what="book", groups=() if is_plain else ("basic",), reason="" if is_plain else "Vì sao"
    )
    numbered()
    assert verify_tables().is_whole, "whole before the edit"
    with as_owner():
        execute(f"UPDATE {edit}")
    is_changed = not (is_plain and edit.endswith("NULL"))
    assert (verify_tables().problem is Problem.ROW_CHANGED) is is_changed


def test_many_entries_are_digested_like_one(database: None) -> None:
    for count in (1, 3):
        _write(actor=AUTHORISED, at=AT, count=count, dossier_id=None)
    record_looks(actor=AUTHORISED, at=AT, person_ids=[7, 8], what="consented", groups=("basic.full_name", "contact"), reason=" Vay \n vốn ")
    numbered()
    assert verify_tables().is_whole
    [look] = list_looks(7)
    assert (look.consent_id, look.mandate_id, look.on_behalf_of_person_id) == (UUID(int=1), UUID(int=2), 9)
    assert (look.roles, look.groups, look.reason) == (("APPRAISER", "APPROVER"), ("basic.full_name", "contact"), "Vay vốn")


def test_looks_are_read_page_by_page_and_without_ones_own(database: None) -> None:
    own = replace(ACTOR, kind=ActorKind.PERSON, account="eid:x:1", person_id=9)
    for minute in range(5):
        actor = own if minute % 2 else ACTOR
        record_looks(actor=actor, at=AT + timedelta(minutes=minute), person_ids=[9], what="book")
    paged: list[UUID] = []
    while page := list_looks(9, before=paged[-1] if paged else None, limit=2):
        paged += [look.look_id for look in page]
    assert paged == [look.look_id for look in list_looks(9)] and len(set(paged)) == 5
    assert [look.actor_kind for look in list_looks(9, except_by_person_id=9)] == ["system"] * 3


def test_a_careful_edit_that_fixes_the_digests_is_still_found_by_the_seal(database: None) -> None:
    write(4)
    numbered()
    seal_head(AT, Sealer())
    entry = Entry.objects.get(person_id=2)
    entry.account = "officer:somebody-else"
    forged = digest([getattr(entry, name) for name in ENTRY_COLUMNS])
    from bhxh.audit.digests import entry_leaf

    with as_owner():
        execute("UPDATE audit_entry SET account = %s, digest = %s WHERE entry_id = %s", entry.account, forged, entry.entry_id)
        execute("UPDATE audit_leaf SET leaf_hash = %s WHERE entry_id = %s", entry_leaf(entry.entry_id, forged), entry.entry_id)
        execute("DELETE FROM audit_head")
    report = verify_tables(opened)
    assert report.problem is Problem.SEAL_DIFFERS


def test_a_row_slipped_in_behind_the_sequencer_is_found(database: None) -> None:
    write(2)
    numbered()
    with as_owner():
        execute(
            "INSERT INTO audit_entry (at, verb, actor_kind, account, purpose, legal_basis, request_id, detail, digest, txid)"
            " SELECT at, verb, actor_kind, account, purpose, legal_basis, request_id, detail, digest, '5'::xid8 FROM audit_entry"
            " ORDER BY entry_id LIMIT 1"
        )
    assert numbered() == 0
    assert verify_tables().problem is Problem.ROW_SLIPPED_IN


def test_the_digest_does_not_depend_on_the_zone_the_instant_was_given_in(database: None) -> None:
    write(1, at=AT.astimezone(timezone(timedelta(hours=7))))
    numbered()
    assert verify_tables().is_whole


def test_a_seal_stands_until_something_is_added(database: None) -> None:
    assert seal_head(AT, Sealer()) is None
    write(1)
    numbered()
    first = seal_head(AT, Sealer())
    assert first == seal_head(AT + timedelta(minutes=1), Sealer())
    assert SealedHead.objects.count() == 1


def test_proofs_hold_under_the_sealed_root_over_kept_subtrees(database: None) -> None:
    for _ in range(3):
        write(300)
        numbered()
    earlier = Head.objects.get(size=900)
    record_looks(actor=ACTOR, at=AT, person_ids=[1], what="book")
    write(77)
    numbered()
    sealed = seal_head(AT, Sealer())
    assert InnerNode.objects.count() == 4, "256-leaf subtrees 0, 1, 2 and the 512 above"
    assert sealed is not None
    before_first = Entry.objects.order_by("entry_id")[0].entry_id - 1  # not 0 where a test before this one took its writes back
    for entry in (1, 256, 257, 700, 977):
        proof = prove_entry(before_first + entry)
        assert is_included(proof.leaf_hash, proof.leaf_number, proof.size, proof.path, sealed.root)
    look = prove_look(Look.objects.get().look_id)
    assert is_included(look.leaf_hash, look.leaf_number, look.size, look.path, sealed.root)
    assert is_consistent(earlier.size, sealed.size, bytes(earlier.root), sealed.root, prove_growth(earlier.size, sealed.size))
    write(1)
    numbered()
    later = seal_head(AT, Sealer())
    assert look.sealed_head == sealed.sealed, "a proof carries the seal over its own root, whatever is sealed meanwhile"
    assert later is not None and prove_look(Look.objects.get().look_id).sealed_head == later.sealed != sealed.sealed
    write(1)
    with pytest.raises(NotFound):
        prove_entry(Entry.objects.order_by("-entry_id")[0].entry_id)


def test_after_a_restore_into_another_cluster_the_log_goes_on(database: None) -> None:
    write(3)
    numbered()
    seal_head(AT, Sealer())
    write(2)  # committed, not numbered when the copy was taken
    with as_owner():
        execute("UPDATE audit_epoch SET cluster = 'the old one'")
        execute("UPDATE audit_entry SET txid = (txid::text::bigint + 1000000000)::text::xid8")  # ids of a busier cluster
        execute("UPDATE audit_head SET cursor_txid = (cursor_txid::text::bigint + 1000000000)::text::xid8")
    write(4)
    numbered()
    assert (Leaf.objects.count(), Epoch.objects.count()) == (9, 2)
    write(1)
    assert numbered() == 1
    report = verify_tables(opened)
    assert report.is_whole and report.size == 10 and report.waiting == 0
    assert Head.objects.order_by("-size")[0].epoch == 2


def test_reading_back(database: None) -> None:
    write(2)
    record_looks(actor=ACTOR, at=AT, person_ids=[9], what="book")
    record_looks(actor=ACTOR, at=AT + timedelta(minutes=1), person_ids=[9, 10], what="identity", dossier_id=DOSSIER)
    assert [look.what for look in list_looks(9)] == ["identity", "book"]
    assert len(list_looks(9, limit=1)) == 1
    assert [entry.person_id for entry in list_entries(DOSSIER)] == [0, 1]


@pytest.mark.parametrize("table", ["audit_leaf", "audit_head", "audit_sealed_head", "audit_stamp", "audit_epoch", "audit_inner_node"])
def test_the_tree_cannot_be_edited_by_the_application(db: None, table: str) -> None:
    with pytest.raises(Exception) as caught, transaction.atomic():
        execute(f"DELETE FROM {table}")
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)
