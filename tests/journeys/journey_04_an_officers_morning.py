"""4. An officer's morning: the nearest deadline first; one dossier lacks something, one is refused with its clause, one is granted by a second officer."""

import pytest

from tests.journeys.stage import ALL_WAYS, Stage, Visit, Way
from tools.people import Client

_MISTAKE = {"group": "social_insurance", "about": "2025-03", "words": "Lương tháng này ghi thiếu phụ cấp.", "right": "9.500.000"}
_REASON = "Đơn vị đã xác nhận phụ cấp của tháng này."


@pytest.mark.parametrize(("number", "way"), list(enumerate(ALL_WAYS)), ids=str)
def test_an_officer_works_through_the_queue(stage: Stage, number: int, way: Way) -> None:
    grounds = stage.grounds
    first, second = grounds.officer("lan", 0), grounds.officer("minh", 2)
    lacking, refused, granted = (_report(stage, 3 * number + one) for one in range(3))
    with stage.visit(way) as visit:
        visit.sign_in_as(first)
        visit.go("/can-bo/viec")
        for code in (lacking, refused, granted):
            visit.awaits(code, is_live=False)
        visit.is_sound()
        _ask_for_what_is_missing(visit, lacking)
        _propose(visit, refused, "Từ chối", law=True)
        visit.reads("Xem thư trước khi gửi")
        visit.is_sound()
        visit.press("Đề xuất từ chối")
        _propose(visit, granted, "Chấp nhận")
        visit.go(f"/can-bo/ho-so/{granted}")
        visit.reads("nguyên tắc bốn mắt")
        visit.is_sound()
    with stage.visit(way) as visit:
        visit.sign_in_as(second)
        for code in (refused, granted):
            visit.go(f"/can-bo/ho-so/{code}")
            visit.reads(_REASON)
            visit.press("Phê duyệt 1 dòng")
    with stage.visit(way) as visit:
        visit.sign_in(grounds.workers[3 * number].pin)
        visit.go(f"/ho-so/{lacking}/theo-doi")
        visit.reads("bổ sung")
        visit.is_sound()
    with stage.visit(way) as visit:
        visit.sign_in(grounds.workers[3 * number + 2].pin)
        visit.go(f"/ho-so/{granted}/theo-doi")
        visit.awaits("Kết quả đã ở trong kho giấy tờ và thư của bạn", is_live=False)
        visit.is_sound()


def _report(stage: Stage, number: int) -> str:
    """Code of a report that somebody made of a mistake in their book; officers answer it."""
    somebody = Client.with_token(stage.grounds.stack, stage.grounds.workers[number].pin)
    return str(somebody.post("/me/mistakes", _MISTAKE)["code"])


def _ask_for_what_is_missing(visit: Visit, code: str) -> None:
    visit.go(f"/can-bo/ho-so/{code}")
    visit.is_sound()
    visit.page.get_by_text("Yêu cầu bổ sung, một lần cho mọi điều còn thiếu").click()
    visit.page.locator("[name='thieu-1']").fill("Ảnh phiếu lương tháng 3 năm 2025")
    visit.fill("Số ngày người nộp có để bổ sung", "10")
    visit.press("Xem thư yêu cầu")
    visit.reads("Ảnh phiếu lương tháng 3 năm 2025")
    visit.is_sound()
    visit.press("Gửi yêu cầu bổ sung")


def _propose(visit: Visit, code: str, what: str, *, law: bool = False) -> None:
    visit.go(f"/can-bo/ho-so/{code}")
    visit.awaits(what, is_live=False)  # as soon as all is gathered
    visit.page.get_by_label(what, exact=True).check()
    visit.fill("Lý do", _REASON)
    if law:
        visit.page.locator("select[name='can-cu']").select_option(index=1)
    visit.press("Đề xuất")
