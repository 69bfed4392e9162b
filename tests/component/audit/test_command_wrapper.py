from datetime import UTC, datetime

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from bhxh.audit.commands import command, record, record_looks
from bhxh.audit.models import Entry, Look
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.errors import Defect
from bhxh.kernel.who import SYSTEM

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")


@command(by=SYSTEM)
def _journalled(*, actor: Actor) -> int:
    record(actor=ACTOR, at=AT, verb="audit.test.write", person_id=7, detail={"count": 1})
    return 5


@command(by=SYSTEM)
def _silent(*, actor: Actor) -> int:
    return 5


@command(by=SYSTEM)
def _outer(*, actor: Actor) -> int:
    _silent(actor=actor)
    return _journalled(actor=actor)


def test_a_command_without_an_entry_is_rolled_back(database: None) -> None:
    with pytest.raises(Defect) as caught:
        _silent(actor=ACTOR)
    assert caught.value.code == "AUD-001"


def test_a_nested_command_joins_the_outer_transaction(database: None) -> None:
    assert _outer(actor=ACTOR) == 5
    assert Entry.objects.get().person_id == 7


def test_an_entry_outside_a_command_is_a_defect(db: None) -> None:
    with pytest.raises(Defect):
        record(actor=ACTOR, at=AT, verb="audit.test.write")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET verb = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"])
def test_the_log_cannot_be_edited(db: None, statement: str) -> None:
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_looks_are_one_row_per_person(db: None) -> None:
    assert record_looks(actor=ACTOR, at=AT, person_ids=[1, 2, 3], what="book") == 3
    assert sorted(Look.objects.values_list("person_id", flat=True)) == [1, 2, 3]
