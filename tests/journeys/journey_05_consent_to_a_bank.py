"""5. A bank asks to see somebody's months and wages. They leave the wages out, the bank reads the rest, and one press later it reads nothing."""

from datetime import timedelta

import pytest

from bhxh.kernel.clock import day_in_vietnam, now
from tests.journeys.stage import ALL_WAYS, Stage, Way

_FULL_NAME, _MONTHS, _WAGES = "basic.full_name", "social_insurance.months_total", "social_insurance.contribution_bases"


@pytest.mark.parametrize(("number", "way"), list(enumerate(ALL_WAYS)), ids=str)
def test_a_person_gives_a_bank_less_than_it_asked_for_and_takes_it_back(stage: Stage, number: int, way: Way) -> None:
    somebody, bank = stage.grounds.workers[number], stage.grounds.sign_in_bank()
    until = (day_in_vietnam(now()) + timedelta(days=30)).isoformat()
    asked = {"personal_number": somebody.pin, "fields": [_FULL_NAME, _MONTHS, _WAGES], "purpose": "CREDIT", "reason": "Vay mua nhà"}
    bank.post("/sharing/requests", {**asked, "until": until})
    with stage.visit(way) as visit:
        visit.sign_in(somebody.pin)
        visit.go("/chia-se")
        visit.is_sound()
        visit.follow("Ngân hàng Mẫu xin xem dữ liệu")
        visit.reads("Vay mua nhà")
        visit.is_sound()
        assert not visit.page.locator(f"input[value='{_WAGES}']").is_checked(), "nothing is ticked for anybody"
        for field in (_FULL_NAME, _MONTHS):
            visit.page.locator(f"input[value='{field}']").check()
        visit.press("Đồng ý các mục đã chọn")
        visit.reads("Đang chia sẻ")
        visit.is_sound()
        visit.go("/chia-se")
        visit.follow("Ngân hàng Mẫu")
        consent_id = visit.page.url.rsplit("/", 1)[1]
        read = bank.post(f"/sharing/consents/{consent_id}/reads", {})
        assert set(read["data"]) == {_FULL_NAME, _MONTHS}
        visit.go("/ai-da-xem")
        visit.reads("Ngân hàng Mẫu")
        visit.go(f"/chia-se/dong-y/{consent_id}")
        visit.press("Dừng chia sẻ ngay")
        visit.is_sound()
        assert "ACC-149" in bank.request("POST", f"/sharing/consents/{consent_id}/reads", json={}).text
