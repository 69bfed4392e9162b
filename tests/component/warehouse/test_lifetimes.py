"""How long papers are kept: shown from the first day, carried out in two steps, never past what rests on them."""

import os
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction

from bhxh.audit.models import Entry
from bhxh.kernel.errors import Conflict, NotFound
from bhxh.law import retention
from bhxh.warehouse.commands import put
from bhxh.warehouse.errors import WAR_TO_BE_KEPT, WAR_TOO_MANY_WAITING
from bhxh.warehouse.expiring import Expired, expire
from bhxh.warehouse.lifetime_commands import begin_anew, remove_own
from bhxh.warehouse.models import Lifetime
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import StoredItem, get_item, list_items, read_item
from bhxh.warehouse.store import bound_store
from bhxh.warehouse.uploads import UploadView
from tests.component.warehouse.test_encryption import ACTOR
from tests.component.warehouse.test_uploads import AT, BINH, CITIZEN, HANH, PDF, _examine, _receive, deferred
from tests.locks import wait_until_somebody_waits_for_us

__all__ = ["deferred"]

TEN_YEARS_LATER = datetime(2036, 11, 20, 20, 0, tzinfo=UTC)  # in Vietnam the day ten years after


def nothing_rests(contents: Collection[str]) -> frozenset[str]:
    return frozenset()


def everything_rests(contents: Collection[str]) -> frozenset[str]:
    return frozenset(contents)


@pytest.fixture
def paper(db: None) -> UploadView:
    return _examine(_receive())


def _files(tmp_path: Path) -> list[Path]:
    return [file for file in (tmp_path / "files" / "sealed").rglob("*") if file.is_file()]


def _verbs() -> set[str]:
    return {entry.verb for entry in Entry.objects.filter(verb__startswith="warehouse.item.")}


def test_its_owner_is_told_from_the_first_day(paper: UploadView) -> None:
    [item] = list_items(HANH)
    assert item.keep_until_on == date(2036, 11, 21)
    assert expire(TEN_YEARS_LATER - timedelta(days=1), rests_on=nothing_rests) == Expired(0, 0, 0)


def test_what_was_decided_is_kept_for_ever(db: None) -> None:
    about = {"media_type": "text/plain", "title_vi": "Quyết định", "title_en": "Decision", "provenance": {}}
    put(actor=ACTOR, at=AT, owner=HANH, content=b"giay", kind="decision", **about)  # type: ignore[arg-type]
    assert list_items(HANH)[0].keep_until_on is None
    assert expire(datetime(2126, 1, 1, tzinfo=UTC), rests_on=nothing_rests) == Expired(0, 0, 0)


def test_it_ends_and_a_day_later_its_file_goes(paper: UploadView, tmp_path: Path) -> None:
    assert expire(TEN_YEARS_LATER, rests_on=nothing_rests) == Expired(1, 0, 0)
    assert list_items(HANH) == ()
    with pytest.raises(NotFound):
        get_item(paper.item_id, owner=HANH)  # type: ignore[arg-type]
    assert len(_files(tmp_path)) == 1
    assert expire(TEN_YEARS_LATER + timedelta(hours=23), rests_on=nothing_rests) == Expired(0, 0, 0), "it may have been chosen just before"
    assert expire(TEN_YEARS_LATER + timedelta(hours=25), rests_on=nothing_rests) == Expired(0, 0, 1)
    assert _files(tmp_path) == []
    assert expire(TEN_YEARS_LATER + timedelta(days=9), rests_on=nothing_rests) == Expired(0, 0, 0)
    assert {"warehouse.item.end", "warehouse.item.settle"} <= _verbs(), "both steps are in the log"


def test_what_a_dossier_rests_on_stays(paper: UploadView) -> None:
    assert expire(TEN_YEARS_LATER, rests_on=everything_rests) == Expired(0, 1, 0)
    [item] = list_items(HANH)
    assert item.keep_until_on == date(2037, 11, 21), "looked at again in a year"
    assert read_item(item.item_id, owner=HANH) == PDF
    assert expire(TEN_YEARS_LATER, rests_on=nothing_rests) == Expired(0, 0, 0)
    assert expire(TEN_YEARS_LATER + timedelta(days=366), rests_on=nothing_rests).ended == 1


def test_a_dossier_that_was_under_way_brings_it_back(paper: UploadView) -> None:
    assert expire(TEN_YEARS_LATER, rests_on=nothing_rests).ended == 1
    assert expire(TEN_YEARS_LATER + timedelta(days=2), rests_on=everything_rests) == Expired(0, 0, 0)
    [item] = list_items(HANH)
    assert read_item(item.item_id, owner=HANH) == PDF
    assert "warehouse.item.keep_longer" in _verbs()


def test_another_owners_same_paper_stays_readable(paper: UploadView) -> None:
    about = {"media_type": "application/pdf", "title_vi": "Sổ", "title_en": "Book", "provenance": {}}
    put(actor=ACTOR, at=AT, owner=BINH, content=PDF, kind="decision", **about)  # type: ignore[arg-type]
    assert expire(TEN_YEARS_LATER, rests_on=nothing_rests).ended == 1
    assert expire(TEN_YEARS_LATER + timedelta(days=2), rests_on=nothing_rests).files_removed == 0
    assert Lifetime.objects.get().settled_at is not None
    assert read_item(list_items(BINH)[0].item_id, owner=BINH) == PDF


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=2)], ids=["its file still there", "its file gone"])
def test_what_is_sent_in_again_begins_anew(paper: UploadView, monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    from tests.component.warehouse import test_uploads

    expire(TEN_YEARS_LATER, rests_on=nothing_rests)
    expire(TEN_YEARS_LATER + later, rests_on=nothing_rests)
    monkeypatch.setattr(test_uploads, "AT", TEN_YEARS_LATER + later)
    again = _examine(_receive())
    [item] = list_items(HANH)
    assert (item.item_id, item.keep_until_on) == (
        again.item_id,
        retention._years_later((TEN_YEARS_LATER + later + timedelta(hours=7)).date(), 10),
    )
    assert item.item_id == paper.item_id
    assert read_item(item.item_id, owner=HANH) == PDF
    assert expire(TEN_YEARS_LATER + timedelta(days=5), rests_on=nothing_rests) == Expired(0, 0, 0)


def free(_: StoredItem) -> None:
    """Nothing above holds it."""


def _remove(owner: Owner, item_id: UUID | None, at: datetime = AT + timedelta(hours=1)) -> None:
    assert item_id is not None
    remove_own(actor=CITIZEN, at=at, owner=owner, item_id=item_id, check_free=free)


def _removals() -> list[str]:
    return sorted(entry.verb for entry in Entry.objects.filter(verb__startswith="warehouse.item.remove"))


def test_its_owner_removes_it_and_a_day_later_its_file_goes(paper: UploadView, tmp_path: Path) -> None:
    _remove(HANH, paper.item_id)
    assert list_items(HANH) == ()
    [file] = _files(tmp_path)
    os.utime(file, (0, 0))
    assert expire(AT + timedelta(hours=2), rests_on=nothing_rests) == Expired(0, 0, 0)
    assert expire(AT + timedelta(hours=26), rests_on=nothing_rests) == Expired(0, 0, 1)
    assert _files(tmp_path) == []
    _remove(HANH, paper.item_id)
    assert _removals() == ["warehouse.item.remove", "warehouse.item.remove_again"]


@pytest.mark.parametrize("at", [AT, TEN_YEARS_LATER + timedelta(days=3)], ids=["ahead of its time", "due, and not ended yet"])
def test_what_its_owner_removed_does_not_come_back_and_a_dossier_keeps_its_file(paper: UploadView, tmp_path: Path, at: datetime) -> None:
    """A dossier that was under way, or a stranger's with the same bytes, has the file; the warehouse shows it no more."""
    _remove(HANH, paper.item_id, at)
    assert expire(at + timedelta(days=2), rests_on=everything_rests) == Expired(0, 0, 0)
    assert list_items(HANH) == () and len(_files(tmp_path)) == 1
    assert Lifetime.objects.get().settled_at is not None


def test_what_was_removed_is_there_again_when_it_is_sent_again(paper: UploadView, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.component.warehouse import test_uploads

    _remove(HANH, paper.item_id)
    monkeypatch.setattr(test_uploads, "AT", AT + timedelta(days=3))
    again = _examine(_receive())
    assert again.item_id == paper.item_id
    assert read_item(list_items(HANH)[0].item_id, owner=HANH) == PDF


def test_what_its_owner_removes_while_the_run_looks_at_it_stays_removed(paper: UploadView, tmp_path: Path) -> None:
    def removed_meanwhile(contents: Collection[str]) -> frozenset[str]:
        _remove(HANH, paper.item_id, TEN_YEARS_LATER)
        return frozenset(contents)

    expire(TEN_YEARS_LATER, rests_on=removed_meanwhile)
    assert list_items(HANH) == () and Lifetime.objects.get().is_removed
    assert _removals() == ["warehouse.item.remove"] and "warehouse.item.keep_longer" in _verbs(), "the run says that it kept none"


def _sent_in_again(item_id: UUID) -> None:
    begin_anew(HANH, item_id, at=AT + timedelta(days=1), kind="own_contract")


@pytest.mark.parametrize(
    ("meanwhile", "written"),
    [
        (_sent_in_again, ["warehouse.item.remove"]),
        (lambda item_id: _remove(HANH, item_id), ["warehouse.item.remove", "warehouse.item.remove_again"]),
    ],
    ids=["sent in again", "removed"],
)
def test_what_becomes_of_it_at_the_same_moment_comes_first(
    database: None, tmp_path: Path, meanwhile: Callable[[UUID], None], written: list[str]
) -> None:
    """What is told as removed is gone, and is written down as removed once."""
    item_id = _examine(_receive()).item_id
    assert item_id is not None

    def elsewhere() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE bhxh_app")
            _remove(HANH, item_id, AT + timedelta(days=2))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            meanwhile(item_id)
            removal = pool.submit(elsewhere)
            wait_until_somebody_waits_for_us()
            assert not removal.done()
        removal.result(20)
    assert list_items(HANH) == () and _removals() == written


def test_only_a_paper_of_ones_own_that_nothing_holds_is_removed(paper: UploadView) -> None:
    about = {"media_type": "application/pdf", "title_vi": "Sổ", "title_en": "Book", "provenance": {}}
    decision = put(actor=ACTOR, at=AT, owner=HANH, content=PDF, kind="decision", **about)  # type: ignore[arg-type]
    with pytest.raises(Conflict) as kept:
        _remove(HANH, decision)
    assert kept.value.sentence is WAR_TO_BE_KEPT
    with pytest.raises(NotFound):
        _remove(BINH, paper.item_id)

    def held(item: StoredItem) -> None:
        raise Conflict(WAR_TOO_MANY_WAITING, count=item.size_bytes)

    assert paper.item_id is not None
    with pytest.raises(Conflict):
        remove_own(actor=CITIZEN, at=AT, owner=HANH, item_id=paper.item_id, check_free=held)
    assert len(list_items(HANH)) == 2 and _removals() == []


def test_a_rule_that_became_longer_holds(paper: UploadView, monkeypatch: pytest.MonkeyPatch) -> None:
    longer = retention.Retention(date(2046, 11, 21), retention.retention_of("own_contract", kept_on=date(2026, 11, 21)).ground)
    monkeypatch.setattr("bhxh.warehouse.expiring.retention_of", lambda kind, kept_on: longer)
    assert expire(TEN_YEARS_LATER, rests_on=nothing_rests) == Expired(0, 1, 0)
    assert list_items(HANH)[0].keep_until_on == date(2046, 11, 21)


@pytest.fixture
def kept_again(tmp_path: Path, paper: UploadView) -> Iterator[str]:
    [file] = _files(tmp_path)
    os.utime(file, (0, 0))
    yield file.name


def test_a_file_that_was_kept_again_meanwhile_is_not_removed(kept_again: str) -> None:
    """Between the question who names a content and its removal somebody keeps it again."""
    a_day_ago = datetime.now(UTC) - timedelta(days=1)
    assert bound_store().write(PDF, owner=Owner("person", 3)) == kept_again
    assert not bound_store().remove(kept_again, untouched_since=a_day_ago)
    assert bound_store().read(kept_again) == PDF
    assert bound_store().remove(kept_again, untouched_since=datetime.now(UTC) + timedelta(days=1))
    assert bound_store().remove(kept_again, untouched_since=a_day_ago), "it is gone already"
