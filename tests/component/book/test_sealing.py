"""Books sealed from a real ledger and registry."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bhxh.audit.models import Entry
from bhxh.book.commands import change_state, seal_books
from bhxh.book.composing import book_number
from bhxh.book.issuing import Issuer, bind_issuer
from bhxh.book.models import State, Version
from bhxh.book.queries import compose, compose_as_of, find_by_digest, get_payload_and_sealed, get_sealed, list_stale, list_versions
from bhxh.book.states import FOLLOWING, BookState
from bhxh.book.verification import verify, verify_chain
from bhxh.kernel.actor import system_actor
from bhxh.kernel.canonical import canonical_bytes, sha256_hex
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Conflict, Defect, NotFound
from bhxh.kernel.months import Month
from bhxh.ledger.commands import reverse_months
from bhxh.ledger.fragments import written_out
from bhxh.registry.commands import record_benefit_events, record_facts
from bhxh.registry.facts import BenefitEventRow, Provenance

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(days=3)
ON = day_in_vietnam(AT)
ACTOR = system_actor(name="test", request_id="r1", purpose="sealing")
SOURCE = Provenance(source_kind="OFFICER", source_system="office")

Register, Post = Callable[..., list[int]], Callable[..., None]


def _seal(person_ids: list[int], key: Any, at: datetime = AT) -> Any:
    return seal_books(actor=ACTOR, at=at, person_ids=person_ids, key=key)


def _book(person_id: int) -> Any:
    return json.loads(get_payload_and_sealed(person_id)[0])


def _benefit(person_id: int, at: datetime) -> None:
    row = BenefitEventRow(
        person_id=person_id,
        scheme="MATERNITY",
        decision_number="12/QĐ",
        decided_on=date(2026, 11, 22),
        from_on=date(2026, 11, 1),
        until_on=None,
        amount_vnd=5_000_000,
        paying_office="00101",
        status="AWARDED",
    )
    record_benefit_events(actor=ACTOR, at=at, rows=[row], provenance=SOURCE)


def test_a_sealed_book_holds_all_blocks_and_verifies(db: None, register: Register, post: Post, key: Any, file_keys: Any) -> None:
    [person_id] = register()
    post([person_id], "2026-09", "2026-10")
    [sealed] = _seal([person_id], key)
    book = verify(get_sealed(person_id), file_keys.key_set())
    assert (sealed.version, sealed.is_new, sealed.digest) == (1, True, book.sha256)
    assert canonical_bytes(json.loads(book.payload)) == book.payload
    assert [line["from_month"] for line in book.book["contributions"]] == ["2026-09", "2026-10"]
    totals = book.book["totals"]
    assert totals["si_months"] == 2
    assert totals["worker_vnd"] == sum(line["worker_vnd"] for line in written_out(book.book["contributions"]))
    assert book.book["person"]["full_name"] == "Nguyễn Thị Mẫu"
    header = book.book["header"]
    assert (header["issuer"], header["state"], header["previous_sha256"]) == ("MOF", "ACTIVE", "")
    assert header["book_id"] == book_number(Custodian.MOF, person_id), "our own number is never shown"


def test_a_person_without_contributions_has_a_book_too(db: None, register: Register, key: Any, file_keys: Any) -> None:
    [person_id] = register()
    _seal([person_id], key)
    assert verify(get_sealed(person_id), file_keys.key_set()).book["contributions"] == []


def test_sealing_again_makes_no_new_version_and_gives_the_same_answer(db: None, register: Register, post: Post, key: Any) -> None:
    [person_id] = register()
    post([person_id], "2026-10")
    [first] = _seal([person_id], key)
    [again] = _seal([person_id], key, LATER)
    assert (again.version, again.digest, again.is_new) == (1, first.digest, False)
    assert Version.objects.count() == 1


def test_the_book_equals_the_database_until_something_happens(db: None, register: Register, post: Post, key: Any) -> None:
    """R-127."""
    [person_id] = register()
    post([person_id], "2026-09")
    _seal([person_id], key)
    sealed = get_payload_and_sealed(person_id)[0]
    assert compose_as_of(person_id, day_in_vietnam(LATER), LATER) == sealed
    assert list_stale([person_id], valid_on=day_in_vietnam(LATER), known_at=LATER) == ()
    post([person_id], "2026-10", at=AT + timedelta(hours=1))
    composed = compose_as_of(person_id, day_in_vietnam(LATER), LATER)
    assert composed != sealed
    assert list_stale([person_id], valid_on=day_in_vietnam(LATER), known_at=LATER) == (person_id,)
    _seal([person_id], key, LATER)
    assert get_payload_and_sealed(person_id)[0] == composed, "what was composed is what is sealed"


@pytest.mark.parametrize("change", ["fact", "benefit", "reversal", "state"])
def test_every_kind_of_change_makes_a_new_version(db: None, register: Register, post: Post, key: Any, change: str) -> None:
    [person_id] = register()
    post([person_id], "2026-10")
    _seal([person_id], key)
    at = AT + timedelta(days=2)
    match change:
        case "fact":
            facts = {"full_name": "Nguyễn Thị Mẫu Mới"}
            record_facts(actor=ACTOR, at=at, person_id=person_id, facts=facts, valid_from=date(2026, 11, 1), provenance=SOURCE)
        case "benefit":
            _benefit(person_id, at)
        case "reversal":
            month = (person_id, Month.parse("2026-10"), 7)
            reverse_months(actor=ACTOR, at=at, months=[month], reason="Khai nhầm", dossier_id=None)
        case "state":
            change_state(actor=ACTOR, at=at, person_id=person_id, state=BookState.SUSPENDED, reason="nghi giả mạo")
    [second] = _seal([person_id], key, LATER)
    assert (second.version, second.is_new) == (2, True)


def test_versions_are_chained_and_old_ones_verify_for_ever(db: None, register: Register, post: Post, key: Any, file_keys: Any) -> None:
    [person_id] = register()
    for step, month in enumerate(("2026-08", "2026-09", "2026-10")):
        post([person_id], month, at=AT + timedelta(days=step))
        _seal([person_id], key, AT + timedelta(days=step, hours=1))
    files = [get_sealed(person_id, version) for version in (1, 2, 3)]
    chain = verify_chain(files, file_keys.key_set())
    assert [len(book.book["contributions"]) for book in chain] == [1, 2, 3]
    assert [version.version for version in list_versions(person_id)] == [3, 2, 1]


def test_any_past_version_is_composed_again_byte_for_byte(db: None, register: Register, post: Post, key: Any) -> None:
    """R-134: what did the book say then, as we knew it then."""
    [person_id] = register()
    moments = [AT + timedelta(days=step) for step in range(3)]
    for at, month in zip(moments, ("2026-08", "2026-09", "2026-10"), strict=True):
        post([person_id], month, at=at - timedelta(hours=1))
        _seal([person_id], key, at)
    _benefit(person_id, LATER)
    for version, at in enumerate(moments, start=1):
        assert compose_as_of(person_id, day_in_vietnam(at), at) == get_payload_and_sealed(person_id, version)[0]
    before_all = json.loads(compose_as_of(person_id, ON, AT - timedelta(hours=2)))
    assert before_all["contributions"] == []


def test_another_custodians_person_is_listed_and_the_others_are_sealed(db: None, register: Register, post: Post, key: Any) -> None:
    mine, soldier = register(), register(1, first=500, managed_by=Custodian.MND)
    post(mine, "2026-10")
    sealing = _seal([*mine, *soldier, 987_654_321], key)
    assert [book.person_id for book in sealing] == mine
    assert {(refused.person_id, refused.refusal.code) for refused in sealing.refused} == {(soldier[0], "BOK-001"), (987_654_321, "BOK-002")}
    assert not Version.objects.filter(person_id=soldier[0]).exists()
    assert not Entry.objects.filter(verb__startswith="book.", person_id=soldier[0]).exists()
    for ask in (get_sealed, list_versions, lambda person_id: compose([person_id], valid_on=ON, known_at=AT)):
        with pytest.raises(NotFound):
            ask(soldier[0])


def test_another_custodians_key_seals_nothing(db: None, register: Register, key: Any, issuer: Issuer) -> None:
    people = register()
    bind_issuer(Issuer(custodian=Custodian.MPS, office_code="x", office_name="x", public_url="x"))
    with pytest.raises(Defect) as caught:
        _seal(people, key)
    assert caught.value.code == "BOK-006"


def test_a_thousand_books_take_as_many_statements_as_ten(db: None, register: Register, post: Post, key: Any, file_keys: Any) -> None:
    ten, thousand = register(10), register(1000, first=10)
    post([*ten, *thousand], "2026-09", "2026-10")
    statements = []
    for people in (ten, thousand):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert len(_seal(people, key)) == len(people)
        statements.append(len(seen))
    assert statements[0] == statements[1], statements
    keys = file_keys.key_set()
    assert all(verify(get_sealed(person_id), keys).version == 1 for person_id in thousand[::100])


def test_each_book_is_journalled_and_the_run_once(db: None, register: Register, key: Any) -> None:
    people = register(3)
    _seal(people, key)
    assert Entry.objects.filter(verb="book.version.seal").count() == 3
    assert Entry.objects.get(verb="book.books.seal").detail == {"asked": 3, "sealed": 3, "unchanged": 0, "refused": 0}


def test_more_than_the_limit_is_refused(db: None, key: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bhxh.book.commands.MAXIMUM_AT_ONCE", 2)
    with pytest.raises(Conflict) as caught:
        _seal([1, 2, 3], key)
    assert caught.value.code == "BOK-010"


def test_a_digest_tells_a_verifier_only_what_it_needs(db: None, register: Register, post: Post, key: Any) -> None:
    [person_id] = register()
    [first] = _seal([person_id], key)
    assert first.digest == sha256_hex(get_payload_and_sealed(person_id)[0])
    seen = find_by_digest(first.digest)
    assert seen is not None and seen.is_latest and seen.state is BookState.ACTIVE
    post([person_id], "2026-10", at=AT + timedelta(hours=1))
    _seal([person_id], key, LATER)
    change_state(actor=ACTOR, at=LATER, person_id=person_id, state=BookState.SUSPENDED, reason="x")
    seen = find_by_digest(first.digest)
    assert seen is not None and not seen.is_latest and seen.state is BookState.SUSPENDED
    assert find_by_digest("0" * 64) is None
    assert find_by_digest("no digest") is None


def test_state_goes_only_where_the_table_says(db: None, register: Register, key: Any) -> None:
    assert set(FOLLOWING) == set(BookState)
    [person_id] = register()
    with pytest.raises(NotFound):
        change_state(actor=ACTOR, at=AT, person_id=person_id, state=BookState.SUSPENDED, reason="x")
    _seal([person_id], key)
    change_state(actor=ACTOR, at=AT, person_id=person_id, state=BookState.CLOSED_DECEASED, reason="x")
    with pytest.raises(Conflict):
        change_state(actor=ACTOR, at=AT, person_id=person_id, state=BookState.ACTIVE, reason="x")


@pytest.mark.parametrize("table", ["book_version", "book_publication"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET n = 9", "DELETE FROM {}", "TRUNCATE {}"])
def test_sealed_versions_cannot_be_edited(db: None, table: str, verb: str) -> None:
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_state_and_versions_agree(db: None, register: Register, key: Any) -> None:
    people = register(3)
    _seal(people, key)
    for row in State.objects.all():
        version = Version.objects.get(person_id=row.person_id, n=row.latest_n)
        assert bytes(version.digest) == bytes(row.latest_digest)
        assert bytes(version.content_digest) == bytes(row.latest_content_digest)
