"""The registers we ask, in people's words, and what one that is silent means for whoever files."""

from collections.abc import Iterable
from typing import Final

from bhxh.doors.system_state import silent_registers
from bhxh.web.languages import in_words

REGISTERS: Final = {
    "population": ("Đối chiếu với Cơ sở dữ liệu quốc gia về dân cư", "Comparison with the population register"),
    "business": ("Đối chiếu với cơ sở dữ liệu đăng ký doanh nghiệp", "Comparison with the business register"),
}
SLOW: Final = (
    "Đang chậm trả lời. Bạn cứ nộp: chúng tôi kiểm tra sau và báo bạn, thời điểm nộp không đổi.",
    "Slow to answer. You can still file: we check later and tell you, and the time of filing stays.",
)


def slow_words(asked: Iterable[str]) -> list[str]:
    """What to know before filing of those registers that a procedure asks and that are silent now; one statement twice a minute."""
    registers = dict.fromkeys(asked)
    silent = silent_registers() if registers else ()
    return [f"{in_words(REGISTERS[one])}: {in_words(SLOW)}" for one in registers if one in silent]
