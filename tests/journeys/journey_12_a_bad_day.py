"""12. Everything goes wrong on the last page: pressed twice, gone back, a second tab, the session over. One dossier comes of it and nothing is lost."""

import pytest

from tests.journeys.stage import ALL_WAYS, Stage, Way

_WORDS = "Sổ thiếu tháng 7 năm 2024."


@pytest.mark.parametrize(("number", "way"), list(enumerate(ALL_WAYS)), ids=str)
def test_one_dossier_comes_of_it(stage: Stage, number: int, way: Way) -> None:
    somebody = stage.grounds.others[12 + number]
    with stage.visit(way) as visit:
        visit.sign_in(somebody.pin)
        visit.go("/ho-so/moi/report_mistake")
        visit.press("Bắt đầu")
        visit.choose("main a[href*='/noi-dung']")
        question = visit.page.url
        visit.page.locator("input[name=q-group][value=social_insurance]").check()
        visit.fill("Sai thế nào?", _WORDS)
        # The session ends while somebody types; what they typed comes along when they are back.
        visit.page.context.clear_cookies(name="bhxh-session")
        visit.press("Tiếp tục")
        visit.reads("Phiên đã hết, những gì bạn nhập vẫn còn ở đây")
        visit.is_sound()
        visit.sign_in(somebody.pin)
        visit.press("Tôi đã đăng nhập, đi tiếp")
        visit.press("Gửi tiếp")
        visit.page.goto(question)
        assert visit.page.locator("textarea[name=q-words]").input_value() == _WORDS
        visit.press("Tiếp tục")
        visit.press("Tiếp tục")
        last = visit.page.url
        visit.press("Xác nhận và gửi")
        visit.reads("Mã hồ sơ")
        code = visit.page.url.split("/")[-2]
        visit.page.go_back()
        visit.page.goto(last)
        visit.reads(code)  # what was filed stands there, and no button that would file it again
        assert visit.page.get_by_role("button", name="Xác nhận và gửi").count() == 0
        visit.go("/ho-so")
        assert visit.words.count(code) == 1
        assert visit.page.locator("article.dossier").count() == 1, visit.words
        visit.is_sound()
