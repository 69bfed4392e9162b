"""9. The head of an organisation lets a clerk file for it, by name and for some months; the clerk works; one press later the clerk is out."""

from datetime import timedelta

import pytest

from bhxh.kernel.clock import day_in_vietnam, now
from tests.journeys.stage import ALL_WAYS, Stage, Visit, Way


@pytest.mark.parametrize(("number", "way"), list(enumerate(ALL_WAYS)), ids=str)
def test_a_clerk_is_let_in_and_out_again(stage: Stage, number: int, way: Way) -> None:
    grounds, employer = stage.grounds, stage.grounds.population.demo_employer
    clerk = grounds.others[20 + number]
    with stage.visit(way) as visit:
        visit.sign_in(clerk.pin, org_id=employer.tax_code)
        visit.go("/don-vi", status=403)
        visit.is_sound()
    with stage.visit(way) as head:
        head.sign_in(employer.legal_representative_pin, org_id=employer.tax_code)
        head.go("/don-vi/quyen")
        head.is_sound()
        head.press("Cấp quyền")
        _fill(head, clerk.pin, clerk.full_name)
        head.press("Đọc lại nội dung")
        head.reads(clerk.full_name)
        head.is_sound()
        head.press("Tôi đã đọc, cấp quyền")
        with stage.visit(way) as visit:
            visit.sign_in(clerk.pin, org_id=employer.tax_code)
            visit.go("/don-vi")
            visit.reads(employer.name)
            visit.follow("Khai báo lao động")
            visit.reads("Chưa có gì được nộp cho đến khi đơn vị ký")
            visit.is_sound()
            head.go("/don-vi/quyen")
            head.window.press(head.page.get_by_role("link", name=clerk.full_name).first)
            head.press("Thu hồi quyền này")
            head.is_sound()
            visit.go("/don-vi", status=403)
            visit.is_sound()


def _fill(head: Visit, pin: str, full_name: str) -> None:
    today = day_in_vietnam(now())
    head.fill("Số định danh, mã số thuế hoặc mã phần mềm", pin)
    head.page.locator("input[name=ten]").fill(full_name)
    for act in ("FILE", "FOLLOW"):
        head.page.locator(f"input[name=viec][value={act}]").check()
    head.page.locator("input[name=tu]").fill(f"{today:%d/%m/%Y}")
    head.page.locator("input[name=den]").fill(f"{today + timedelta(days=90):%d/%m/%Y}")
