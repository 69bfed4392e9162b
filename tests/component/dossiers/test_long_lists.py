"""A long list is decided in parts, each in a transaction of its own: nobody can tell from the lines, and a death between two loses nothing."""

from itertools import cycle, islice
from typing import Any
from uuid import UUID

import orjson
import pytest

from bhxh.dossiers import gathering, line_commands, queries
from bhxh.dossiers.states import State
from bhxh.kernel.errors import Invalid
from tests.dossier_kit import AT, UNWANTED, World, document

_WISHES = list(islice(cycle(("grant", "grant", "refuse", "grant", "officer", "grant", "grant")), 2_300))


def lines_of(dossier_id: UUID) -> list[tuple[int, str, str, Any]]:
    return [(line.number, line.state.value, line.proposal, line.findings) for line in queries.list_all_lines(dossier_id)]


def decided_in(dossier_id: UUID) -> list[tuple[int, ...]]:
    return [tuple(sorted((*one.granted_lines, *one.refused_lines))) for one in queries.get_decisions(dossier_id)]


def test_a_list_decided_in_parts_ends_as_one_decided_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    in_parts = world.file(*_WISHES).dossier_id
    assert world.gather(in_parts).decided == len(_WISHES)
    monkeypatch.setattr(gathering, "LINES_PER_DECISION", 10_000)
    at_once = world.file(document=document(*_WISHES, period="2026-12")).dossier_id
    assert world.gather(at_once).decided == len(_WISHES)
    assert lines_of(in_parts) == lines_of(at_once)
    first, second = decided_in(in_parts)
    [whole] = decided_in(at_once)
    assert (*first, *second) == whole
    assert max(first) <= 2_000 < min(second)
    assert world.see(in_parts).lines == world.see(at_once).lines
    assert {job["lines"] for job in world.jobs("book.books.seal")} == {len(_WISHES)}
    assert [orjson.loads(one.payload)["lines"][0]["number"] for one in queries.get_decisions(in_parts)] == [first[0], second[0]]


def test_a_run_that_dies_between_two_parts_is_taken_up_where_it_stood(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "LINES_PER_DECISION", 3)
    dossier_id = world.file("grant", "refuse", "grant", "grant", "officer", "grant", "refuse").dossier_id
    record_verdicts = line_commands.record_verdicts
    calls: list[int] = []

    def dies_at_the_second(**given: Any) -> int:
        calls.append(len(given["verdicts"]))
        if len(calls) == 2:
            raise Invalid(UNWANTED)
        return record_verdicts(**given)

    monkeypatch.setattr(line_commands, "record_verdicts", dies_at_the_second)
    with pytest.raises(Invalid):
        world.gather(dossier_id)
    assert decided_in(dossier_id) == [(1, 2, 3)]
    assert world.see(dossier_id).state is State.IN_PROCESS
    assert world.gather(dossier_id, AT).decided == 4
    assert decided_in(dossier_id) == [(1, 2, 3), (4, 6), (7,)]
    assert world.gather(dossier_id, AT).decided == 0
