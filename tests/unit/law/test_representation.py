"""Who acts for whom: parents until eighteen, a guardian at any age, nobody for the dead."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bhxh.law.representation import Named, RegisterFacts, Relation, of_age_on, representation_by

MOTHER, FATHER, AUNT, HEAD = "001188000001", "001088000002", "001180000003", "001075000004"
BIRTHDAY = date(2010, 5, 20)
OF_AGE = date(2028, 5, 20)
CHILD = RegisterFacts(birth_on=BIRTHDAY, is_alive=True, mother=Named(pin=MOTHER), father=Named(pin=FATHER))


def relation(pin: str, facts: RegisterFacts, on: date = date(2026, 11, 22)) -> Relation | None:
    found = representation_by(pin, facts, on)
    return found.relation if found else None


def test_both_parents_act_for_a_child_and_nobody_else_does() -> None:
    assert [relation(pin, CHILD) for pin in (MOTHER, FATHER, AUNT, "")] == [Relation.MOTHER, Relation.FATHER, None, None]


def test_it_ends_on_the_eighteenth_birthday_by_itself() -> None:
    assert relation(MOTHER, CHILD, OF_AGE - timedelta(days=1)) is Relation.MOTHER
    assert relation(MOTHER, CHILD, OF_AGE) is None
    right = representation_by(MOTHER, CHILD, date(2026, 11, 22))
    assert right is not None and right.until_on == OF_AGE


@pytest.mark.parametrize(("born", "of_age"), [(date(2008, 2, 29), date(2026, 3, 1)), (date(2008, 12, 31), date(2026, 12, 31))])
def test_the_day_somebody_is_of_age(born: date, of_age: date) -> None:
    assert of_age_on(born) == of_age


def test_nobody_acts_for_the_dead() -> None:
    assert relation(MOTHER, replace(CHILD, is_alive=False)) is None


def test_a_guardian_takes_the_place_of_both_parents() -> None:
    ward = replace(CHILD, legal_representative=Named(pin=AUNT, until_on=date(2027, 1, 1)))
    assert [relation(pin, ward) for pin in (MOTHER, FATHER, AUNT)] == [None, None, Relation.GUARDIAN]
    right = representation_by(AUNT, ward, date(2026, 11, 22))
    assert right is not None and right.until_on == date(2027, 1, 1)


def test_a_parent_named_as_representative_does_not_shut_the_other_out() -> None:
    named = replace(CHILD, legal_representative=Named(pin=MOTHER))
    assert [relation(pin, named) for pin in (MOTHER, FATHER)] == [Relation.MOTHER, Relation.FATHER]


def test_an_adult_is_represented_only_by_whom_the_register_names() -> None:
    adult = replace(CHILD, birth_on=date(1990, 1, 1))
    assert relation(MOTHER, adult) is None
    assert relation(AUNT, replace(adult, legal_representative=Named(pin=AUNT))) is Relation.GUARDIAN
    by_mother = replace(adult, legal_representative=Named(pin=MOTHER))
    assert [relation(pin, by_mother) for pin in (MOTHER, FATHER)] == [Relation.GUARDIAN, None]


def test_the_head_of_the_household_acts_only_where_no_register_names_anybody() -> None:
    alone = RegisterFacts(birth_on=BIRTHDAY, is_alive=True, head_of_household=Named(pin=HEAD, until_on=date(2027, 1, 1)))
    assert relation(HEAD, alone) is Relation.HEAD_OF_HOUSEHOLD
    assert relation(HEAD, alone, OF_AGE) is None
    for other in (
        replace(alone, mother=Named(pin=MOTHER)),
        replace(alone, father=Named(pin="")),
        replace(alone, legal_representative=Named(pin=AUNT)),
    ):
        assert relation(HEAD, other) is None
    right = representation_by(HEAD, alone, date(2026, 11, 22))
    assert right is not None and right.until_on == date(2027, 1, 1) and right.basis.is_assumed


def test_what_a_register_ends_ends() -> None:
    adopted = replace(CHILD, mother=Named(pin=MOTHER, until_on=date(2027, 1, 1)))
    right = representation_by(MOTHER, adopted, date(2026, 11, 22))
    assert right is not None and right.until_on == date(2027, 1, 1)
