"""Sentences of the warehouse."""

from bhxh.kernel.errors import define

WAR_DAMAGED = define(
    "WAR-001",
    "Tệp {sha256} trong kho không còn đúng với mã băm của nó. Khôi phục tệp này từ bản sao lưu.",
    "File {sha256} in the warehouse no longer matches its digest. Restore it from a backup.",
)
WAR_NO_BLOB = define(
    "WAR-002",
    "Kho không có tệp {sha256}.",
    "The warehouse has no file {sha256}.",
)
WAR_NOT_BOUND = define(
    "WAR-003",
    "Chưa nối kho tệp khi khởi động.",
    "The file store was not bound at start-up.",
)
WAR_TOO_LARGE = define(
    "WAR-004",
    "Tệp nặng {size_bytes} byte, tối đa {maximum_bytes} byte. Tách tệp hoặc giảm độ phân giải ảnh rồi gửi lại.",
    "The file has {size_bytes} bytes, the limit is {maximum_bytes}. Split it or lower the resolution of its pictures and send it again.",
)
WAR_NO_ITEM = define(
    "WAR-005",
    "Không có tài liệu này trong kho của bạn.",
    "There is no such document in your warehouse.",
)
WAR_BAD_DIGEST = define(
    "WAR-006",
    "“{sha256}” không phải là mã băm SHA-256.",
    "“{sha256}” is not a SHA-256 digest.",
)
WAR_NOT_WRITABLE = define(
    "WAR-007",
    "Kho tệp lúc này không ghi được ({reason}), nên chưa nhận gì và chưa lưu gì. Giữ nguyên nội dung, gửi lại sau ít phút với cùng khóa;"
    " nếu còn lỗi, báo đơn vị vận hành kiểm tra dung lượng ổ đĩa.",
    "The file store cannot be written now ({reason}), so nothing was taken and nothing was kept. Keep what you have and send it again in a"
    " few minutes with the same key; if it fails again, ask the operator to look at the disk's free space.",
)
WAR_NO_MASTER_KEY = define(
    "WAR-010",
    "Kho có tệp đã mã hóa nhưng thư mục khóa “{folder}” không còn khóa gốc, nên chưa ghi gì. Khôi phục thư mục khóa từ bản sao riêng của nó.",
    "The warehouse holds encrypted files, but the key folder “{folder}” has no master key, so nothing was written. Restore the key folder from"
    " its own copy.",
)
WAR_KEY_GONE = define(
    "WAR-011",
    "Thiếu khóa gốc thế hệ {generation} của kho tệp. Khôi phục thư mục khóa từ bản sao riêng của nó.",
    "Generation {generation} of the warehouse's master key is missing. Restore the key folder from its own copy.",
)
