"""7. A stranger is handed a code, reads it with a scanner, and finds out whether it is true, without an account."""

import pytest

from tests.journeys.stage import ALL_WAYS, Stage, Way
from tools.people import Client


@pytest.mark.parametrize("way", ALL_WAYS, ids=str)
def test_a_stranger_verifies_a_book(stage: Stage, way: Way) -> None:
    holder = Client.with_token(stage.grounds.stack, stage.grounds.workers[-1].pin)
    text = holder.post("/me/credentials", {"kind": "BOOK_SUMMARY"})["text"]
    with stage.visit(way) as visit:
        visit.go("/xac-minh")
        visit.page.locator("textarea").fill(text)
        visit.press("Xác minh")
        visit.page.locator(".result--yes").wait_for()
        visit.is_sound()
        visit.page.locator("textarea").fill(text[:-8] + "AAAAAAAA")
        visit.press("Xác minh")
        visit.page.locator(".result--no").wait_for()
        visit.is_sound()
