"""Until when papers are kept, by kind and day; and that every kind an owner may send in has its own rule."""

from datetime import date

import pytest

from bhxh.law.retention import retention_of


@pytest.mark.parametrize(
    ("kind", "kept_on", "until_on"),
    [
        ("own_contract", date(2026, 11, 21), date(2036, 11, 21)),
        ("own_medical", date(2028, 2, 29), date(2033, 3, 1)),
        ("own_other", date(2026, 1, 1), date(2031, 1, 1)),
        ("decision", date(2026, 1, 1), None),
        ("book_reference", date(1993, 4, 1), None),
        ("a kind nobody thought of", date(2026, 1, 1), None),
    ],
)
def test_until_when(kind: str, kept_on: date, until_on: date | None) -> None:
    assert retention_of(kind, kept_on=kept_on).until_on == until_on


def test_years_that_no_law_gives_are_called_assumed() -> None:
    assert retention_of("own_medical", kept_on=date(2026, 1, 1)).ground.is_assumed


def test_every_kind_that_may_be_sent_in_has_a_rule_of_its_own() -> None:
    from bhxh.warehouse.uploads import OWN_KINDS

    assert all(retention_of(f"own_{kind}", kept_on=date(2026, 1, 1)).until_on is not None for kind in OWN_KINDS)
