"""Every state says what may follow it, and is called something."""

from bhxh.conversion.originals import ORIGINALS, Original, Paper
from bhxh.conversion.states import NAMES, STEPS, ConversionState, Step, state_after


def test_the_tables_are_complete() -> None:
    assert set(STEPS) == set(NAMES) == set(ConversionState)
    assert set(ORIGINALS) == set(Original)
    assert {step.value for step in Step} == {state.value for state in ConversionState} - {"OPEN"}
    assert all(paper.long_inches > 3 for paper in Paper)


def test_where_it_stands_is_what_was_done_last() -> None:
    assert state_after([]) is ConversionState.OPEN
    assert state_after([Step.PROPOSED, Step.DECLINED, Step.PROPOSED, Step.CERTIFIED]) is ConversionState.CERTIFIED


def test_nothing_follows_a_withdrawal_and_every_state_is_reached() -> None:
    assert not STEPS[ConversionState.WITHDRAWN]
    reached = {ConversionState(step.value) for steps in STEPS.values() for step in steps}
    assert reached | {ConversionState.OPEN} == set(ConversionState)
