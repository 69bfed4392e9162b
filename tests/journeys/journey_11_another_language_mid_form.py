"""11. Somebody who works here from abroad changes the language in the middle of a form: the page stays, and so does what they typed."""

import pytest

from tests.journeys.stage import ALL_WAYS, Stage, Way

_WORDS = "The book leaves out my allowance of March."


@pytest.mark.parametrize(("number", "way"), list(enumerate(ALL_WAYS)), ids=str)
def test_the_language_changes_and_nothing_typed_is_lost(stage: Stage, number: int, way: Way) -> None:
    with stage.visit(way) as visit:
        visit.sign_in(stage.grounds.others[6 + number].pin)
        visit.go("/ho-so/moi/report_mistake")
        visit.press("Bắt đầu")
        visit.choose("main a[href*='/noi-dung']")
        visit.page.locator("input[name=q-group][value=social_insurance]").check()
        visit.page.locator("textarea[name=q-words]").fill(_WORDS)
        address = visit.page.url
        visit.choose(".speech [lang=en]")
        assert visit.page.get_attribute("html", "lang") == "en"
        assert visit.page.url.split("?")[0] == address
        assert visit.page.locator("textarea[name=q-words]").input_value() == _WORDS
        assert visit.page.locator("input[name=q-group][value=social_insurance]").is_checked()
        visit.is_sound()
        visit.press("Continue")
        visit.go("/ho-so")
        assert visit.head == "My dossiers"
        visit.is_sound()
