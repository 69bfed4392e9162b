"""Sentences of the audit room."""

from bhxh.kernel.errors import define

AUD_NO_ENTRY = define(
    "AUD-001",
    "Lệnh {command} không ghi nhật ký nên không được lưu.",
    "Command {command} wrote no audit entry, so nothing was saved.",
)
AUD_OUTSIDE_COMMAND = define(
    "AUD-002",
    "Ghi nhật ký {verb} ngoài một lệnh.",
    "Audit entry {verb} written outside a command.",
)
AUD_KEY_REUSED = define(
    "AUD-003",
    "Khóa chống gửi trùng này đã dùng cho một nội dung khác. Dùng khóa mới cho nội dung mới.",
    "This idempotency key was used for different content. Use a new key for new content.",
)
AUD_NOT_IN_TREE = define(
    "AUD-004",
    "Dòng nhật ký này chưa có trong cây đã đóng dấu. Thử lại sau một phút.",
    "This log row is not in the sealed tree yet. Try again in a minute.",
)
AUD_HORIZON_HELD = define(
    "AUD-006",
    "Một giao dịch cũ vẫn mở nên chưa đánh số hết nhật ký sau {waited_s} giây. Tìm và kết thúc giao dịch đó rồi chạy lại.",
    "An old transaction is still open, so the log could not be numbered to its end within {waited_s} seconds. "
    "Find and end that transaction, then run this again.",
)
AUD_NOT_ALLOWED = define(
    "AUD-010",
    "Tài khoản này không được thực hiện việc này ({command}). Đăng nhập bằng tài khoản có quyền, hoặc hỏi cơ quan bảo hiểm xã hội.",
    "This account may not do this ({command}). Sign in with an account that may, or ask the social insurance office.",
)
AUD_SPAN_TOO_LONG = define(
    "AUD-011",
    "Khoảng thời gian phải có điểm cuối sau điểm đầu và không dài quá {days} ngày. Chia thành nhiều khoảng rồi hỏi lại.",
    "The span must end after it begins and be no longer than {days} days. Ask in several parts.",
)
