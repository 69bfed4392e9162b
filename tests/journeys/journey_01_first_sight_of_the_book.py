"""1. Somebody hears that there is an electronic book, signs in with the e-ID, and sees it for the first time."""

import pytest

from tests.journeys.stage import ALL_WAYS, Stage, Way


@pytest.mark.parametrize("way", ALL_WAYS, ids=str)
def test_somebody_sees_their_book_for_the_first_time(stage: Stage, way: Way) -> None:
    somebody = stage.grounds.workers[-1]
    with stage.visit(way) as visit:
        visit.go("/")
        visit.is_sound()
        visit.follow("Xem sổ của tôi")
        visit.sign_in_by_hand(somebody.pin)
        assert visit.head == "Sổ bảo hiểm xã hội của tôi", visit.page.url
        visit.reads(somebody.full_name)
        visit.reads("Đã ký số, có giá trị như sổ giấy")
        visit.reads("Quá trình đóng")
        visit.is_sound()
        # Why is this line there? Every period says from which dossier it comes.
        visit.page.locator(".why summary").first.click()
        assert visit.page.locator(".why li").first.is_visible()
