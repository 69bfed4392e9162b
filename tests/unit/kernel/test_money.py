"""Whole dong: shares rounded once, half up."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel.decisions import Citation, Finding, Outcome
from bhxh.kernel.errors import Invalid, Sentence
from bhxh.kernel.money import BasisPoints, Vnd, format_vnd, share_of


@pytest.mark.parametrize(
    ("base", "rate", "share"),
    [
        (0, 800, 0),
        (5_310_000, 0, 0),
        (1, 5_000, 1),  # 0.5 goes up
        (3, 5_000, 2),  # 1.5 goes up, where half to even would also say 2
        (5, 5_000, 3),  # 2.5 goes up, where half to even would say 2
        (1, 4_999, 0),
        (5_310_001, 150, 79_650),
        (46_800_000, 800, 3_744_000),
        (10**18, 10_000, 10**18),
        (10**18 + 1, 1, 10**14),  # beyond what a float can tell apart
        (10**18 + 5_000, 1, 10**14 + 1),
    ],
)
def test_a_share_is_rounded_half_up(base: int, rate: int, share: int) -> None:
    assert share_of(Vnd(base), BasisPoints(rate)) == share


@given(st.integers(0, 10**15), st.integers(0, 10_000))
def test_a_share_is_what_decimal_arithmetic_says(base: int, rate: int) -> None:
    exact = Decimal(base) * rate / 10_000
    assert share_of(Vnd(base), BasisPoints(rate)) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(("amount", "shown"), [(0, "0"), (999, "999"), (14_500_000, "14.500.000"), (-1_000, "-1.000")])
def test_an_amount_reads_as_people_write_it(amount: int, shown: str) -> None:
    assert format_vnd(amount) == shown


def test_a_sentence_groups_an_amount_as_its_language_does_and_leaves_other_words_alone() -> None:
    sentence = Sentence("TST-001", "{wage} đồng, mã {code}", "{wage} VND, code {code}")
    filled = {"wage": format_vnd(2_530_000), "code": "G12.99.01"}
    for said in (Invalid(sentence, **filled).text, Finding(sentence, Outcome.NOT_MET, Citation("Law"), parameters=filled).text):
        assert (said("vi"), said("en")) == ("2.530.000 đồng, mã G12.99.01", "2,530,000 VND, code G12.99.01")
