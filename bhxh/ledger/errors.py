"""Sentences of the ledger. Positions are those of the caller's list, counted from 1; never a name or a number of a person."""

from bhxh.kernel.errors import define

LED_MONTH_COUNTED = define(
    "LED-001",
    "Dòng {position}: tháng {month} của người này đã được tính đóng. Muốn thay đổi, phải hủy dòng cũ trước.",
    "Line {position}: {month} is already counted for this person. To change it, take the old line back first.",
)
LED_NOTHING_TO_REVERSE = define(
    "LED-002",
    "Dòng {position}: không có dòng đóng đang hiệu lực của tháng {month} tại đơn vị này để hủy.",
    "Line {position}: there is no contribution line in effect for {month} at this unit to take back.",
)
LED_UNCOUNTED_TWICE = define(
    "LED-003",
    "Dòng {position}: tháng {month} đã có dòng không tính của đơn vị này.",
    "Line {position}: this unit already has a line that does not count for {month}.",
)
LED_PRESERVED_WITH_MONEY = define(
    "LED-004",
    "Dòng {position}: dòng bảo lưu tháng {month} không được có số tiền.",
    "Line {position}: the line of {month} that only keeps time may not carry an amount.",
)
LED_NO_REASON = define(
    "LED-005",
    "Hủy dòng đóng phải ghi lý do. Nhập lý do rồi gửi lại.",
    "Taking contribution lines back needs a reason. Enter the reason and send again.",
)
