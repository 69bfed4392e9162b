"""The state table is complete, and says what decree-164 section 6 says."""

import pytest

from bhxh.dossiers.states import (
    FACTS,
    LINE_TRANSITIONS,
    TERMINAL,
    TRANSITIONS,
    Clock,
    LineState,
    Place,
    State,
    diagram,
    is_allowed,
    states_with,
    successors,
)


def test_every_state_has_facts_and_every_line_state_its_successors() -> None:
    assert set(State) - set(FACTS) == set()
    assert set(LineState) - set(LINE_TRANSITIONS) == set()


def test_the_portals_codes_are_one_to_ten_once_each() -> None:
    codes = [facts.npsp_code for facts in FACTS.values() if facts.npsp_code is not None]
    assert sorted(codes) == list(range(1, 11))


def test_nothing_leaves_a_terminal_state_and_everything_else_can_go_on() -> None:
    for state in State:
        assert bool(successors(state)) == (state not in TERMINAL)
        assert (FACTS[state].clock is Clock.ENDED) == (state in TERMINAL or state is State.RESOLVED)


def test_every_state_is_reached_from_the_draft() -> None:
    reached, todo = {State.DRAFT}, [State.DRAFT]
    while todo:
        for state in successors(todo.pop()) - reached:
            reached.add(state)
            todo.append(state)
    assert reached == set(State)


def test_each_step_stands_once_and_has_a_guard() -> None:
    steps = [(step.from_state, step.to_state) for step in TRANSITIONS]
    assert len(steps) == len(set(steps))
    assert all(step.guard for step in TRANSITIONS)


@pytest.mark.parametrize("state", [State.RESOLVED, State.RETURNED, State.STOPPED, State.NOT_ACCEPTED])
def test_no_withdrawal_after_the_end(state: State) -> None:
    assert not is_allowed(state, State.WITHDRAWN)


def test_every_filed_state_counts_as_exactly_one_place() -> None:
    assert {state for state, facts in FACTS.items() if facts.place is None} == {State.DRAFT}
    assert {facts.place for facts in FACTS.values()} == {*Place, None}


def test_the_clock_stands_still_only_while_the_filer_owes_something() -> None:
    assert states_with(Clock.STOPPED) == {State.SUPPLEMENT_REQUIRED, State.FEE_REQUIRED}


def test_the_diagram_names_every_state_and_step() -> None:
    drawn = diagram()
    assert all(state.value in drawn for state in State)
    assert drawn.count("-->") == len(TRANSITIONS) + 1 + len(TERMINAL)
