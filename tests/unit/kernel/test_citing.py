"""How a source of law reads."""

import pytest

from bhxh.kernel.citing import cited_en, cited_vi, is_legal


@pytest.mark.parametrize(
    ("source", "vi", "en"),
    [
        ("Law 41/2024/QH15, Art. 28 and 31", "Luật số 41/2024/QH15, Điều 28 và 31", "Law 41/2024/QH15, Art. 28 and 31"),
        ("Decree 164/2025/ND-CP (R-135 to R-138)", "Nghị định số 164/2025/NĐ-CP", "Decree 164/2025/ND-CP"),
        (
            "Decision 595/QD-BHXH (2017), form D02-TS (assumed)",
            "Quyết định số 595/QĐ-BHXH (2017), mẫu D02-TS (chưa xác nhận)",
            "Decision 595/QD-BHXH (2017), form D02-TS (to be confirmed)",
        ),
        ("R-081 (assumed)", "Quy tắc xử lý của thủ tục", "Rule of the procedure"),
        ("Test", "Test", "Test"),
        (
            "House rule: months that have begun (assumed)",
            "Quy tắc xử lý của thủ tục",
            "House rule: months that have begun (to be confirmed)",
        ),
    ],
)
def test_how_a_source_reads(source: str, vi: str, en: str) -> None:
    assert (cited_vi(source), cited_en(source)) == (vi, en)


def test_only_laws_are_legal_grounds() -> None:
    assert is_legal("Decree 164/2025/ND-CP")
    assert not is_legal("Own data open to its owner (R-170 and following) (assumed)")
