"""Sentences of this procedure: RPM-00x of the report, RPM-10x findings."""

from bhxh.kernel.errors import define

RPM_NOT_READABLE = define(
    "RPM-001",
    "Không đọc được nội dung báo sai sót: {reason}. Ghi lại rồi gửi lại.",
    "The report cannot be read: {reason}. Write it again and send it.",
)
RPM_NO_PERSON = define(
    "RPM-101",
    "Chưa có dữ liệu nào mang số định danh này, nên không có gì để sửa. Hỏi đơn vị đang làm việc đã khai báo chưa.",
    "Nothing is held under this personal number, so there is nothing to correct. Ask your employer whether you were declared.",
)
RPM_REPORTED = define(
    "RPM-102",
    "Người có dữ liệu báo sai: {group_vi}{about_vi}. Nội dung: “{words}”{right_vi}. Cán bộ đối chiếu rồi trả lời; dữ liệu chưa thay đổi.",
    "The person reports a mistake: {group_en}{about_en}. In their words: “{words}”{right_en}. Officers look into it; nothing is changed yet.",
)
