"""What a person's copy of everything holds of dossiers, and what it costs."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bhxh.dossiers.copying import copy_of
from bhxh.dossiers.queries import list_all_lines
from tests.dossier_kit import World, document


def test_a_worker_of_many_lists_costs_no_more_statements_than_one_of_few(world: World) -> None:
    receipts = [world.file(document=document("grant", "officer", period=f"2026-{month:02d}")) for month in range(7, 12)]
    named = [receipt.dossier_id for receipt in receipts]
    for dossier_id in named:
        world.gather(dossier_id)
    line, colleague = list_all_lines(named[0])
    assert line.person_id is not None
    with CaptureQueriesContext(connection) as of_one:
        copy_of(line.person_id, pin=line.pin, named_in=named[:1])
    with CaptureQueriesContext(connection) as of_five:
        told = copy_of(line.person_id, pin=line.pin, named_in=named)
    assert len(of_five) == len(of_one)
    assert {one["code"] for one in told} == {receipt.code for receipt in receipts} and len(told) == len(receipts)
    for one in told:
        assert [(kept["number"], kept["pin"]) for kept in one["lines"]] == [(1, line.pin)]
        assert [answer["register"] for answer in one["register_answers"]] == ["population"]
        assert (one["steps"], one["decisions"], one["at_counter"], one["is_filed_by_the_person"]) == ([], [], None, False)
        assert "filer_email" not in one and colleague.pin not in str(one), "nothing of the filer's address, nothing of colleagues"
