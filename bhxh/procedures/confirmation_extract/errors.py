"""Sentences of this procedure: CFX-00x of the request, CFX-10x findings."""

from bhxh.kernel.errors import define

CFX_NOT_READABLE = define(
    "CFX-001",
    "Không đọc được yêu cầu: {reason}. Gửi lại yêu cầu từ cổng dịch vụ.",
    "The request cannot be read: {reason}. Send it again from the portal.",
)
CFX_NO_PERSON = define(
    "CFX-101",
    "Chưa có quá trình tham gia nào mang số định danh này. Kiểm tra số định danh, hoặc hỏi đơn vị đang làm việc đã khai báo chưa.",
    "Nobody with this personal number takes part so far. Check the number, or ask your employer whether you were declared.",
)
CFX_PERSON_KNOWN = define(
    "CFX-102",
    "Người yêu cầu có trong cơ sở dữ liệu; không phải nộp giấy tờ nào.",
    "The person is in the database; no document has to be supplied.",
)
CFX_PERIOD_SOUND = define(
    "CFX-103",
    "Thời gian trích: {period}.",
    "Period of the extract: {period}.",
)
CFX_PERIOD_REVERSED = define(
    "CFX-104",
    "Tháng cuối {until} đứng trước tháng đầu {first}. Chọn lại thời gian.",
    "The last month {until} comes before the first month {first}. Choose the period again.",
)
CFX_PERIOD_FUTURE = define(
    "CFX-105",
    "Tháng đầu {first} chưa đến. Chọn thời gian đã qua.",
    "The first month {first} has not come yet. Choose a time that has passed.",
)
