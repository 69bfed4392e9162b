"""A rule with a bug: the dossier stays in one place, is asked for again later and later, and the operator is told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bhxh.doors.jobs import tasks
from bhxh.dossiers import catalogue, queries
from bhxh.dossiers.failure_commands import LONGEST_PAUSE
from bhxh.dossiers.models import Dossier
from bhxh.dossiers.procedure import Case
from bhxh.dossiers.queries import STUCK_AFTER, list_stuck
from bhxh.dossiers.states import State
from bhxh.kernel.decisions import Decision
from bhxh.kernel.errors import Unavailable
from tests.component.dossiers.test_every_job_twice import Outside, outside
from tests.dossier_kit import AT, PROCEDURE, UNKNOWN, World

__all__ = ["outside"]


def _buggy(case: Case) -> Mapping[int, Decision]:
    raise ZeroDivisionError("Nguyễn Thị Bí Mật 001190000001")


def test_a_rule_with_a_bug_is_counted_backed_off_and_shown(
    world: World,
    outside: Outside,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receipt = world.file("grant")
    catalogue.bind([replace(PROCEDURE, judge=_buggy)])
    at, pauses = AT + timedelta(minutes=2), []
    for number in range(1, 9):
        monkeypatch.setattr(tasks, "now", lambda at=at: at)
        tasks.gather(dossier_id=str(receipt.dossier_id))
        row = Dossier.objects.get(dossier_id=receipt.dossier_id)
        assert row.failed_runs == number and row.next_step_at is not None
        assert bool(list_stuck()) is (number >= STUCK_AFTER)
        pauses.append(row.next_step_at - at)
        at = row.next_step_at
    assert pauses == sorted(pauses) and pauses[0] == timedelta(minutes=2) and pauses[-1] == LONGEST_PAUSE
    (stuck,) = list_stuck()
    assert (stuck.code, stuck.state, stuck.failed_runs) == (receipt.code, "IN_PROCESS", 8)
    assert stuck.what.startswith("ZeroDivisionError") and "Bí Mật" not in stuck.what and "001190000001" not in stuck.what
    counted = queries.conservation(at)
    assert counted.holds and sum(counted.by_place.values()) == 1, "in exactly one place"

    catalogue.bind([PROCEDURE])
    tasks.gather(dossier_id=str(receipt.dossier_id))
    row = Dossier.objects.get(dossier_id=receipt.dossier_id)
    assert (row.failed_runs, row.last_failure, row.state) == (0, "", State.RESOLVED.value)
    assert list_stuck() == ()


def test_a_partner_in_trouble_is_no_error_of_ours(world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = world.file("grant")

    def unavailable(case: Case) -> Mapping[int, Decision]:
        raise Unavailable(UNKNOWN, pin="")

    catalogue.bind([replace(PROCEDURE, judge=unavailable)])
    with pytest.raises(Unavailable):
        tasks.gather(dossier_id=str(receipt.dossier_id))
    assert Dossier.objects.get(dossier_id=receipt.dossier_id).failed_runs == 0
