"""6. Somebody finds in the list of looks one they did not expect: by whom, when, at what and why stands there."""

import pytest

from tests.journeys.stage import ALL_WAYS, Stage, Way


@pytest.mark.parametrize("way", ALL_WAYS, ids=str)
def test_a_look_that_surprises_is_found(stage: Stage, way: Way) -> None:
    somebody = stage.grounds.workers[-2]
    officer = stage.grounds.officer("hoa", 1, "RECEPTION")
    reason = "Trả lời đơn hỏi về thời gian đóng"
    officer.post("/office/persons/readings", {"number": somebody.pin, "groups": ["basic"], "purpose": "at_counter", "words": reason})
    with stage.visit(way) as visit:
        visit.sign_in(somebody.pin)
        visit.go("/ai-da-xem")
        visit.reads(reason)
        visit.is_sound()
