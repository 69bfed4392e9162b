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
AUD_NOT_STAMPED = define(
    "AUD-012",
    "Chưa có dấu thời gian nào cho gốc nhật ký chứa dòng này. Dấu được xin mỗi giờ; chạy bhxh audit stamp để xin ngay.",
    "No head of the log with this row has a time stamp yet. One is asked for each hour; bhxh audit stamp asks now.",
)
AUD_NO_SUCH_HEAD = define(
    "AUD-013",
    "Nhật ký chưa từng được đóng dấu ở {size} dòng. Xem các cỡ đã đóng dấu tại /api/v1/open/log/stamps.",
    "The log was never sealed at {size} rows. /api/v1/open/log/stamps lists sizes that were.",
)
AUD_TREE_BROKEN = define(
    "AUD-014",
    "Cây nhật ký không cho lại gốc đã đóng dấu ở {size} dòng: có dòng bị xóa, sửa hoặc đổi chỗ. Chạy bhxh audit verify.",
    "The log's tree does not give the root that was sealed at {size} rows: something was removed, changed or moved. Run bhxh audit verify.",
)
AUD_STAMP_TOO_EARLY = define(
    "AUD-015",
    "Dấu thời gian ghi {stamped_at}, sớm hơn lúc đóng dấu gốc nhật ký ({sealed_at}), nên không được giữ. Kiểm tra đồng hồ máy chủ.",
    "The time stamp says {stamped_at}, before the head was sealed ({sealed_at}), so it is not kept. Check the server's clock.",
)
AUD_NO_ENTRY_TO_PROVE = define(
    "AUD-016",
    "Nhật ký không có dòng nào như vậy. Kiểm tra mã hồ sơ, tên việc hoặc số dòng.",
    "The log has no such entry. Check the dossier's code, the verb or the number.",
)
AUD_NO_HEAD = define(
    "AUD-017",
    "Đây không phải là gốc nhật ký do hệ thống này đóng dấu. Dùng nội dung đã lưu từ /api/v1/open/log/head.",
    "This is not a head of the log sealed by this installation. Use what was kept from /api/v1/open/log/head.",
)
