"""The running count of dossiers: exact whether added up or not, brought up to date by the step itself, checked by a count of everything."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bhxh.dossiers import queries, tally
from bhxh.dossiers.models import Dossier, Move, Tally
from bhxh.dossiers.states import Place
from tests.dossier_kit import AT, World


def both(world: World) -> tuple[int, dict[Place, int]]:
    told, whole = tally.counted(AT, tally.last_recount()), queries.conservation(AT)
    assert (told.filed, dict(told.by_place)) == (whole.filed, dict(whole.by_place))
    return told.filed, dict(told.by_place)


def test_what_is_read_is_the_same_before_and_after_it_is_added_up(world: World) -> None:
    world.file("grant")
    before = both(world)
    assert before[0] == 1 and before[1][Place.IN_WORK] == 1 and Move.objects.exists()
    assert tally.fold() >= 2 and not Move.objects.exists()
    assert both(world) == before
    assert tally.fold() == 0 and both(world) == before
    world.file("grant", "grant")
    assert both(world)[0] == 2
    with CaptureQueriesContext(connection) as captured:
        tally.counted(AT, None)
    assert len(captured.captured_queries) == 1


def test_a_step_that_is_taken_back_was_never_counted(world: World) -> None:
    world.file("grant")
    before = both(world)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        world.file("grant", "grant")
        raise ZeroDivisionError
    assert both(world) == before


def test_a_recount_says_what_differs_and_from_what(world: World) -> None:
    dossier_id = world.file("grant").dossier_id
    assert tally.last_recount() is None
    found = tally.recount(AT)
    assert found.agrees and found.filed == 1 and tally.last_recount() == found and tally.counted(AT, tally.last_recount()).holds
    Dossier.objects.filter(dossier_id=dossier_id).update(state="WITHDRAWN")
    spoiled = tally.recount(AT + timedelta(hours=1))
    assert (spoiled.disagreeing, spoiled.off_by) == (1, 2) and not tally.counted(AT, tally.last_recount()).holds
    Tally.objects.create(state="STOPPED", dossiers=5)
    assert tally.recount(AT + timedelta(hours=2)).off_by == 7


def test_an_installation_that_was_there_before_begins_with_what_it_holds(world: World) -> None:
    world.file("grant")
    before = both(world)
    Move.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("bhxh.dossiers.migrations.0008_tally")._FILL)
    assert both(world) == before and tally.recount(AT).agrees
