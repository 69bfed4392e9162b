"""2. Somebody finds a mistake in their book, reports it with a photo of the contract, follows the dossier, and takes it back."""

import pytest

from tests.component.warehouse.test_uploads import PDF
from tests.journeys.stage import ALL_WAYS, Stage, Way

_PAPER = {"name": "hop-dong.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.mark.parametrize("way", ALL_WAYS, ids=str)
def test_somebody_files_and_follows_a_dossier(stage: Stage, way: Way) -> None:
    somebody = stage.grounds.workers[-3]
    with stage.visit(way) as visit:
        visit.go("/thu-tuc")
        visit.fill("Tìm thủ tục", "sai muc luong")
        visit.press("Tìm")
        visit.follow("Báo sai sót trong dữ liệu của mình")
        visit.page.get_by_role("button", name="Bắt đầu").click()
        visit.sign_in_by_hand(somebody.pin)
        # What the State knows stands first; nobody is asked for it.
        visit.reads(somebody.full_name)
        visit.page.locator("main form button[type=submit]").click()
        visit.follow("Điều bạn thấy sai")
        visit.press("Tiếp tục")
        visit.reads("Có 2 chỗ cần sửa")
        visit.is_sound()
        visit.page.get_by_label("Bảo hiểm xã hội: quá trình đóng").check()
        visit.page.locator("textarea").fill(f"Lương tháng 3/2025 ghi thiếu phụ cấp ({way}).")
        visit.press("Tiếp tục")
        visit.page.locator("input[type=file]").set_input_files(_PAPER)
        if not way.has_scripts:
            visit.press("Tải lên")
        visit.awaits("Đã nhận")
        visit.is_sound()
        visit.press("Tiếp tục")
        assert visit.head == "Kiểm tra lại trước khi nộp"
        visit.reads("hop-dong.pdf")
        visit.is_sound()
        visit.press("Xác nhận và gửi")
        visit.reads("Đã nhận hồ sơ")
        visit.is_sound()
        visit.page.get_by_role("button", name="Theo dõi hồ sơ này").click()
        visit.awaits("Đang xử lý")
        visit.is_sound()
        visit.page.get_by_role("button", name="Rút hồ sơ").click()
        visit.press("Rút hồ sơ")
        visit.reads("Bạn đã rút hồ sơ này")
