"""Whom a person represents, derived from facts and households as they stand on a day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from bhxh.kernel.actor import system_actor
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.identifiers import Pin
from bhxh.law.representation import Relation
from bhxh.registry.commands import record_facts, register_households, register_persons
from bhxh.registry.facts import HouseholdRow, IdentityFacts, PersonEntry, Provenance
from bhxh.registry.representation import list_represented

ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ON = date(2026, 11, 22)
SOURCE = Provenance(source_kind="NATIONAL_DB", source_system="population")
MOTHER, FATHER, AUNT, CHILD, BABY = "001188000001", "001088000002", "001180000003", "001210000005", "001226000006"
BORN = {MOTHER: date(1988, 5, 2), FATHER: date(1988, 7, 7), AUNT: date(1980, 1, 9), CHILD: date(2010, 5, 20), BABY: date(2026, 3, 1)}


@pytest.fixture
def ids(db: None) -> dict[str, int]:
    entries = [
        PersonEntry(identity=IdentityFacts(full_name=f"Người Mẫu {n}", birth_on=born, sex="FEMALE"), pin=Pin(pin))
        for n, (pin, born) in enumerate(BORN.items())
    ]
    return register_persons(actor=ACTOR, at=AT, entries=entries, provenance=SOURCE)


def state(person_id: int, valid_from: date = date(2010, 5, 20), valid_until: date | None = None, **facts: object) -> None:
    record_facts(actor=ACTOR, at=AT, person_id=person_id, facts=facts, valid_from=valid_from, valid_until=valid_until, provenance=SOURCE)  # type: ignore[arg-type]


def named(pin: str) -> dict[str, str]:
    return {"full_name": "Người Mẫu", "pin": pin}


def represented(representative_id: int, on: date = ON) -> dict[int, Relation]:
    return {one.person_id: one.representation.relation for one in list_represented(representative_id, on=on)}


def household(ids: Mapping[str, int], *members: tuple[str, str]) -> None:
    row = HouseholdRow(code="", ward="00004", street="", members=tuple((ids[pin], relation) for pin, relation in members), from_on=ON)
    register_households(actor=ACTOR, at=AT, rows=[row], provenance=SOURCE)


def test_parents_by_fact(ids: dict[str, int]) -> None:
    state(ids[CHILD], mother=named(MOTHER), father=named(FATHER))
    state(ids[BABY], date(2026, 3, 1), mother=named(MOTHER))
    assert represented(ids[MOTHER]) == {ids[CHILD]: Relation.MOTHER, ids[BABY]: Relation.MOTHER}
    assert represented(ids[FATHER]) == {ids[CHILD]: Relation.FATHER}
    assert represented(ids[AUNT]) == represented(ids[CHILD]) == {}
    [first, _] = list_represented(ids[MOTHER], on=ON)
    assert (first.full_name, first.birth_on, first.representation.until_on) == ("Người Mẫu 3", BORN[CHILD], date(2028, 5, 20))
    assert represented(ids[MOTHER], date(2028, 5, 20)) == {ids[BABY]: Relation.MOTHER}


def test_a_change_of_guardian_moves_the_right_on_its_day(ids: dict[str, int]) -> None:
    state(ids[CHILD], mother=named(MOTHER))
    state(ids[CHILD], date(2026, 12, 1), legal_representative=named(AUNT))
    assert (represented(ids[MOTHER]), represented(ids[AUNT])) == ({ids[CHILD]: Relation.MOTHER}, {})
    later = date(2026, 12, 1)
    assert (represented(ids[MOTHER], later), represented(ids[AUNT], later)) == ({}, {ids[CHILD]: Relation.GUARDIAN})
    state(ids[CHILD], date(2027, 1, 1), legal_representative=named(FATHER))
    assert represented(ids[AUNT], date(2027, 1, 1)) == {}
    assert represented(ids[FATHER], date(2027, 1, 1)) == {ids[CHILD]: Relation.GUARDIAN}


def test_a_fact_taken_back_or_ended_gives_no_right(ids: dict[str, int]) -> None:
    state(ids[CHILD], mother=named(MOTHER), father=named(FATHER))
    state(ids[CHILD], ON, mother=None)
    assert represented(ids[MOTHER]) == {}
    state(ids[BABY], date(2026, 3, 1), date(2026, 6, 1), mother=named(MOTHER))
    assert represented(ids[MOTHER]) == {}
    assert represented(ids[MOTHER], date(2026, 5, 31))[ids[BABY]] is Relation.MOTHER


def test_death_ends_it_on_either_side(ids: dict[str, int]) -> None:
    state(ids[CHILD], mother=named(MOTHER), father=named(FATHER))
    state(ids[FATHER], ON, vital_status="DECEASED", died_on="2026-11-01")
    assert represented(ids[FATHER]) == {}
    assert represented(ids[MOTHER]) == {ids[CHILD]: Relation.MOTHER}
    state(ids[CHILD], ON, vital_status="DECEASED", died_on="2026-11-20")
    assert represented(ids[MOTHER]) == {}


def test_the_head_of_a_household_for_an_own_child_whom_no_register_gives_a_parent(ids: dict[str, int]) -> None:
    household(ids, (FATHER, "00"), (MOTHER, "01"), (CHILD, "08"), (BABY, "08"), (AUNT, "22"))
    assert represented(ids[FATHER]) == {ids[CHILD]: Relation.HEAD_OF_HOUSEHOLD, ids[BABY]: Relation.HEAD_OF_HOUSEHOLD}
    assert represented(ids[MOTHER]) == represented(ids[AUNT]) == {}
    state(ids[CHILD], mother=named(MOTHER))
    assert represented(ids[FATHER]) == {ids[BABY]: Relation.HEAD_OF_HOUSEHOLD}, "a register names the mother, and no father"
    assert represented(ids[MOTHER]) == {ids[CHILD]: Relation.MOTHER}


def test_a_child_that_moved_is_not_represented_by_the_former_head(ids: dict[str, int]) -> None:
    household(ids, (FATHER, "00"), (CHILD, "08"))
    household(ids, (AUNT, "00"), (CHILD, "22"))
    assert represented(ids[FATHER]) == represented(ids[AUNT]) == {}


def test_whom_another_custodian_keeps_is_neither_shown_nor_represents(ids: dict[str, int]) -> None:
    [soldier] = register_persons(
        actor=ACTOR,
        at=AT,
        entries=[
            PersonEntry(
                identity=IdentityFacts(full_name="Người Lính", birth_on=date(1985, 1, 1), sex="MALE"),
                pin=Pin("001085000009"),
                managed_by=Custodian.MND,
            )
        ],
        provenance=SOURCE,
    ).values()
    state(ids[CHILD], father=named("001085000009"))
    assert represented(soldier) == {}


def test_what_is_no_name_gives_no_right(ids: dict[str, int]) -> None:
    for value in ("text", 7, [], {"full_name": "Không số"}, {"pin": None}):
        state(ids[CHILD], mother=value)
        assert represented(ids[MOTHER]) == {}
