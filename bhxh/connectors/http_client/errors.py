"""Sentences of the connectors: what the outside did to us."""

from bhxh.kernel.errors import define

CON_UNAVAILABLE = define(
    "CON-001",
    "Hệ thống {partner} chưa trả lời ({reason}). Việc này sẽ được thử lại, không cần gửi lại hồ sơ.",
    "System {partner} did not answer ({reason}). This will be tried again; nothing need be sent again.",
)
CON_REJECTED = define(
    "CON-002",
    "Hệ thống {partner} từ chối yêu cầu (mã {status}). Cần người vận hành kiểm tra quyền kết nối.",
    "System {partner} refused the request (status {status}). An operator must check our right to connect.",
)
CON_NONSENSE = define(
    "CON-003",
    "Hệ thống {partner} trả lời không đúng quy ước ({reason}). Nội dung đó không được dùng.",
    "System {partner} answered outside the agreed form ({reason}). The content is not used.",
)
CON_RESTING = define(
    "CON-004",
    "Hệ thống {partner} đang lỗi liên tiếp nên tạm ngừng gọi trong ít giây.",
    "System {partner} keeps failing, so it is left alone for some seconds.",
)
CON_INTAKE_BROKEN = define(
    "CON-005",
    "Không đọc được hồ sơ chuyển từ Cổng Dịch vụ công quốc gia: {reason}.",
    "The dossier handed over by the national portal cannot be read: {reason}.",
)
CON_MAIL_REFUSED = define(
    "CON-006",
    "Máy chủ thư từ chối thư này (mã {status}). Cần kiểm tra địa chỉ thư của người nhận.",
    "The mail server refused this message (status {status}). The recipient's address must be checked.",
)
CON_MAIL_NOT_NOW = define(
    "CON-007",
    "Máy chủ thư yêu cầu gửi lại thư này sau (mã {status}). Hệ thống tự gửi lại.",
    "The mail server asked for this message to be sent again later (status {status}). It will be tried again by itself.",
)
CON_MAIL_NEEDS_UTF8 = define(
    "CON-008",
    "Địa chỉ thư có chữ có dấu trước dấu @, máy chủ thư chưa hỗ trợ. Cần một địa chỉ khác của người nhận.",
    "The address has letters before the @ that the mail server cannot carry. Another address of the recipient is needed.",
)
