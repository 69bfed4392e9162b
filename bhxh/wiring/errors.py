"""Sentences of start-up (WIR)."""

from bhxh.kernel.errors import define

WIR_BAD_SETTING = define(
    "WIR-001",
    "Không đọc được cấu hình. {problems_vi} Sửa biến môi trường rồi khởi động lại; xem docs/configuration.md.",
    "The configuration cannot be read. {problems_en} Correct the environment and start again; see docs/configuration.md.",
)
WIR_NOT_FOR_PRODUCTION = define(
    "WIR-002",
    "Không khởi động ở chế độ vận hành chính thức. {problems_vi} Sửa rồi khởi động lại; xem docs/configuration.md.",
    "Not started in production mode. {problems_en} Correct this and start again; see docs/configuration.md.",
)
WIR_SANDBOX_PARTNER = define(
    "WIR-003",
    "{variable} chỉ tới hệ thống thử nghiệm ({host}); cần địa chỉ thật của đối tác.",
    "{variable} points to a sandbox ({host}); the partner's real address is needed.",
)
WIR_WEAK_SECRET = define(
    "WIR-004",
    "BHXH_SECRET_KEY trống hoặc quá yếu; cần ít nhất 50 ký tự ngẫu nhiên.",
    "BHXH_SECRET_KEY is empty or too weak; at least 50 random characters are needed.",
)
WIR_OPEN_HOSTS = define(
    "WIR-005",
    "BHXH_ALLOWED_HOSTS để mở cho mọi tên máy chủ; ghi rõ từng tên.",
    "BHXH_ALLOWED_HOSTS is open to any host name; list each one.",
)
WIR_SANDBOX_TRUST = define(
    "WIR-006",
    "BHXH_TRUST_FOLDER tin một tổ chức chứng thực thử nghiệm ({file}); gỡ tệp này.",
    "BHXH_TRUST_FOLDER trusts a sandbox authority ({file}); take it out.",
)
WIR_UNSIGNED_TRUST = define(
    "WIR-011",
    "BHXH_TRUST_LIST_KEYS chưa đặt: danh sách tổ chức chứng thực phải được ký và có khóa công khai để kiểm tra.",
    "BHXH_TRUST_LIST_KEYS is not set: the list of certificate authorities must be signed, with public keys to check it by.",
)
WIR_MISSING_MIGRATIONS = define(
    "WIR-007",
    "Cơ sở dữ liệu thiếu {count} bước nâng cấp của phiên bản này, bắt đầu từ {first}. Chạy bhxh migrate trước.",
    "The database lacks {count} migrations of this release, beginning with {first}. Run bhxh migrate first.",
)
WIR_SYNTHETIC_DATA = define(
    "WIR-008",
    "Lệnh generate tạo người hư cấu nên không chạy ở chế độ vận hành chính thức.",
    "The command generate makes fictitious people and does not run in production mode.",
)
WIR_NOT_TLS = define(
    "WIR-009",
    "BHXH_PUBLIC_URL không phải https; phiên đăng nhập chỉ an toàn qua TLS.",
    "BHXH_PUBLIC_URL is not https; sessions are safe over TLS only.",
)
WIR_NO_LIMIT = define(
    "WIR-010",
    "{variable} bằng 0: không giới hạn số yêu cầu. Đặt một giới hạn.",
    "{variable} is 0: requests are not limited. Set a limit.",
)
WIR_NO_PIN_FILE = define(
    "WIR-021",
    "Đã đặt BHXH_KEY_MODULE nhưng thiếu BHXH_KEY_MODULE_PIN_FILE: tệp chứa mã PIN của thiết bị giữ khóa.",
    "BHXH_KEY_MODULE is set, but BHXH_KEY_MODULE_PIN_FILE is missing: the file that holds the key module's PIN.",
)
