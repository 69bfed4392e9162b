"""Three of the journeys: two as a phone with scripts and as an old one without, the officer's at a desk. `make journeys` walks all in every way."""

import pytest

from tests.journeys import journey_01_first_sight_of_the_book as first_sight
from tests.journeys import journey_04_an_officers_morning as morning
from tests.journeys import journey_07_a_stranger_verifies_a_book as stranger
from tests.journeys.stage import DESK, OLD_PHONE, PHONE, Stage, Way

both_ways = pytest.mark.parametrize("way", (PHONE, OLD_PHONE), ids=str)


@both_ways
def test_first_sight_of_the_book(stage: Stage, way: Way) -> None:
    first_sight.test_somebody_sees_their_book_for_the_first_time(stage, way)


def test_an_officers_morning(stage: Stage) -> None:
    morning.test_an_officer_works_through_the_queue(stage, 0, DESK)


@both_ways
def test_a_stranger_verifies_a_book(stage: Stage, way: Way) -> None:
    stranger.test_a_stranger_verifies_a_book(stage, way)
